"""Designs: Latin hypercube, Sobol, Saltelli, Morris, one at a time, over parameters and variants.

Catches: a stratum used twice or left out, a distribution with the wrong quantiles, values outside
their range, a design that depends on anything but case, kind, seed and size, a block whose points
differ in more than one input, correlations lost or put between the wrong parameters, a variant's
share or ranges ignored.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

import detente
from detente.case import Parameter, read_case
from detente.errors import InputError
from detente.study import Design, latin_hypercube, make_design, quantile


def parameter(distribution: str, low=1.0, high=3.0, mode=1.5, sd=0.4, choices=()) -> Parameter:
    return Parameter("p", 1.5, distribution, low, high, mode, sd, choices, "", "", "")


SHARES = np.linspace(0.001, 0.999, 101)


@pytest.mark.parametrize(
    ("distribution", "law"),
    [
        ("uniform", stats.uniform(1, 2)),
        ("loguniform", stats.loguniform(1, 3)),
        ("triangular", stats.triang(0.25, 1, 2)),
        ("normal", stats.truncnorm(-0.5 / 0.4, 1.5 / 0.4, 1.5, 0.4)),
    ],
)
def test_quantiles_are_those_of_the_named_law(distribution, law):
    found = quantile(parameter(distribution), SHARES)
    np.testing.assert_allclose(law.cdf(found), SHARES, atol=1e-9)
    assert (found >= 1).all()
    assert (found <= 3).all()


def test_choices_share_the_draws_evenly():
    found = quantile(parameter("choices", choices=(1.0, 2.0, 5.0)), (np.arange(300) + 0.5) / 300)
    assert np.unique(found, return_counts=True)[1].tolist() == [100, 100, 100]


def case_of(count: int):
    names = [f"p{k}" for k in range(count)]
    made = SimpleNamespace(
        name="made",
        correlations=(),
        variants=(),
        parameters={n: replace(parameter("uniform", 0.0, 1.0), name=n) for n in names}
        | {"still": parameter("fixed")},
    )
    made.variant = lambda: made
    return made


def test_every_stratum_is_used_once_and_fixed_parameters_do_not_vary():
    design = latin_hypercube(case_of(5), 64, 7)
    assert design.names == ("p0", "p1", "p2", "p3", "p4")
    strata = np.sort((design.values * 64).astype(int), axis=0)
    assert (strata == np.arange(64)[:, None]).all()


def test_seed_alone_decides():
    one, same, other = (latin_hypercube(case_of(3), 16, seed).values for seed in (1, 1, 2))
    assert (one == same).all()
    assert not (one == other).all()


def test_a_drawn_seed_is_named_and_repeats_the_design():
    design = latin_hypercube(case_of(2), 8, np.random.default_rng(3))
    assert (latin_hypercube(case_of(2), 8, design.seed).values == design.values).all()


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (5, -1)])
def test_senseless_sizes_and_seeds_are_refused(draws, seed):
    with pytest.raises(InputError, match=r"draws is 0|the seed is -1"):
        latin_hypercube(case_of(1), draws, seed)


@pytest.fixture(scope="module")
def case():
    return detente.load(Path(__file__).parents[1] / "case" / "variants.yaml")


@pytest.fixture(scope="module")
def free(case):
    """Return the same case without correlations."""
    return replace(case, correlations=())


def test_sobol_points_fill_every_projection_evenly():
    design = make_design(case_of(3), 256, 3, "sobol")
    for pair in ((0, 1), (0, 2), (1, 2)):
        cells = (design.values[:, pair] * 16).astype(int) @ (16, 1)
        assert np.bincount(cells, minlength=256).tolist() == [1] * 256


def test_any_number_of_sobol_points_is_the_start_of_more():
    many, few = (make_design(case_of(2), count, 3, "sobol").values for count in (64, 50))
    assert (many[:50] == few).all()


def test_saltelli_blocks_change_one_input_at_a_time():
    design = make_design(case_of(4), 6005, 3, "saltelli")
    blocks = design.values.reshape(-1, 6, 4)
    assert len(design) == 6000
    a, mixed, b = blocks[:, 0], blocks[:, 1:-1], blocks[:, -1]
    for k in range(4):
        assert (mixed[:, k, k] == b[:, k]).all()
        others = [j for j in range(4) if j != k]
        assert (mixed[:, k, others] == a[:, others]).all()
    assert abs(np.corrcoef(np.hstack([a, b]).T) - np.eye(8)).max() < 0.15
    for points in (a, b):
        assert stats.kstest(points.reshape(-1), "uniform").pvalue > 0.01


def test_saltelli_blocks_take_turns_among_eight_scrambled_sequences():
    """Each fills its axes evenly by itself, and no two are the same."""
    points = make_design(case_of(2), 4 * 128, 3, "saltelli").values.reshape(128, 4, 2)
    both = np.hstack([points[:, 0], points[:, -1]])
    for k in range(8):
        strata = np.sort((both[k::8] * 16).astype(int), axis=0)
        assert (strata == np.arange(16)[:, None]).all()
    assert len({*map(tuple, both.tolist())}) == 128
    few = make_design(case_of(2), 4 * 30, 3, "saltelli").values
    assert (points.reshape(-1, 2)[:120] == few).all(), "first blocks are the same however many"


def test_designs_say_what_they_are_for():
    for kind, sample in [("lhs", True), ("sobol", True), ("saltelli", False), ("morris", False),
                         ("tornado", False)]:  # fmt: skip
        design = Design(("x",), np.zeros((4, 1)), 1, kind)
        assert design.is_sample is sample
        assert design.purpose.startswith(f"a {kind} design is for ")
        if sample:
            design.check_sample()
        else:
            with pytest.raises(InputError, match=r"no draws .* run --design lhs"):
                design.check_sample()
    assert Design(("x",), np.zeros((4, 1)), 1, "given").is_sample


def test_morris_trajectories_move_every_input_once_on_the_grid():
    design = make_design(case_of(5), 6 * 200, 3, "morris")
    steps = np.diff(design.shares.reshape(200, 6, 5), axis=1)
    assert ((steps != 0).sum(axis=1) == 1).all()
    assert ((steps != 0).sum(axis=2) == 1).all()
    np.testing.assert_allclose(np.abs(steps).sum(axis=1), 2 / 3)
    assert set((design.shares * 3).round(9).ravel()) == {0, 1, 2, 3}
    first = np.argmax(steps[:, 0] != 0, axis=1)
    assert np.bincount(first, minlength=5).min() > 20
    assert 400 < (steps > 0).sum() < 600


def test_first_trajectories_are_the_same_however_many():
    few, many = (make_design(case_of(3), n, 3, "morris").values for n in (12, 40))
    assert (many[:12] == few).all()


def test_tornado_moves_each_input_alone_to_either_end(free):
    design = make_design(free, 1, 1, "tornado")
    base = dict(zip(design.names, design.values[0], strict=True))
    stated = {n: p.value for n, p in free.parameters.items()}
    assert base == {**stated, "neighbour": 0, "climate": 0}
    parameters = design.values[:11, :5]
    assert ((parameters != parameters[0]).sum(axis=1) <= 1).all()
    assert (design.values[:11, 5:] == 0).all()
    drier = next(n for n in range(len(design)) if "climate.drier" in design.variant(n))
    assert design.draw(drier) == {
        n: p.value for n, p in free.variant("climate.drier").parameters.items()
    }
    ends = {
        (design.names[k], row[k])
        for row in design.values[1:]
        for k in range(len(base))
        if row[k] != design.values[0, k]
    }
    assert ("thirst", 0.1) in ends
    assert ("thirst", 10) in ends
    assert {value for name, value in ends if name == "climate"} == {1, 2}


def test_correlated_parameters_keep_their_strata_and_get_their_ranks(case):
    plain = replace(case, variants=(), correlations=())
    tied = replace(case, variants=())
    one, other = (make_design(c, 2000, 4, "lhs") for c in (plain, tied))
    assert (np.sort(one.values, axis=0) == np.sort(other.values, axis=0)).all()
    names = list(other.names)
    wanted = {("worth", "thirst"): 0.7, ("thirst", "zeal"): -0.4}
    found = stats.spearmanr(other.values).statistic
    for i, a in enumerate(names):
        for j, b in enumerate(names[:i]):
            rank = wanted.get((a, b), wanted.get((b, a), 0.0))
            assert abs(found[i, j] - rank) < (0.08 if "mood" in (a, b) else 0.02)
    mood = names.index("mood")
    assert (one.values[:, mood] == other.values[:, mood]).all()


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
@pytest.mark.parametrize("draws", [1, 2, 5])
def test_few_correlated_draws_are_made_too(case, kind, draws):
    assert len(make_design(case, draws, 1, kind)) == draws


@pytest.mark.parametrize("kind", ["saltelli", "morris"])
def test_indices_of_correlated_parameters_are_refused(case, kind):
    with pytest.raises(InputError, match="worth and thirst are correlated"):
        make_design(case, 1000, 1, kind)


def test_variants_are_drawn_by_their_shares_and_bring_their_ranges(case):
    design = make_design(case, 3000, 2)
    assert design.names == ("worth", "thirst", "zeal", "mood", "dry", "neighbour", "climate")
    assert design.levels == {"neighbour": ("free", "bound"), "climate": ("as_now", "drier", "gone")}
    column = dict(zip(design.names, design.values.T, strict=True))
    assert np.bincount(column["neighbour"].astype(int)).tolist() == [1800, 1200]
    assert np.bincount(column["climate"].astype(int)).tolist() == [1000, 1000, 1000]
    drier = column["climate"] == 1
    assert set(column["worth"][drier]) == {2.5}
    assert ((column["dry"][drier] >= 0.5) & (column["dry"][drier] <= 1)).all()
    assert set(column["dry"][~drier]) == {0.2}
    assert column["thirst"][drier].min() >= 5
    assert column["thirst"][~drier].min() < 0.2
    gone = column["climate"] == 2
    assert len(set(column["mood"][gone])) == 1000
    assert set(column["mood"][~gone]) == {1, 2, 3}


def test_a_draw_names_its_parameters_and_its_variants_apart(case):
    design = make_design(case, 30, 2)
    for number in range(30):
        assert set(design.draw(number)) == {"worth", "thirst", "zeal", "mood", "dry"}
        varied = case.variant(*design.variant(number))
        for name, value in design.draw(number).items():
            parameter = varied.parameters[name]
            assert parameter.low <= value <= parameter.high


@pytest.mark.parametrize("kind", ["lhs", "sobol", "saltelli", "morris", "tornado"])
def test_a_design_repeats_and_prints_itself(free, kind):
    one, same, other = (make_design(free, 60, seed, kind) for seed in (5, 5, 6))
    assert (one.values == same.values).all()
    assert kind == "tornado" or not (one.values == other.values).all()
    assert str(one) == f"{kind} design: {len(one)} draws of 7 inputs, seed 5"
    again = make_design(free, len(one), 5, kind)
    assert (again.values == one.values).all(), "the size that it has makes the same design"
    assert one.to_dict()["values"] == one.values.tolist()
    assert one.to_pandas()["climate"].isin(["as_now", "drier", "gone"]).all()
    assert not one.values.flags.writeable


@pytest.mark.parametrize("kind", ["lhs", "sobol", "saltelli", "morris", "tornado"])
def test_a_case_without_ranges_has_a_design_without_inputs(kind):
    design = make_design(case_of(0), 3, 1, kind)
    assert design.names == ()
    assert len(design) >= 1
    assert design.draw(0) == {}


@pytest.mark.parametrize(
    ("kind", "draws", "message"),
    [
        ("sobl", 10, "no design 'sobl'; did you mean 'sobol'"),
        ("saltelli", 13, "13 draws are too few .* give at least 14"),
        ("morris", 11, "11 draws are too few .* give at least 12"),
    ],
)
def test_unknown_kinds_and_too_few_draws_are_refused(kind, draws, message):
    with pytest.raises(InputError, match=message):
        make_design(case_of(5), draws, 1, kind)


def test_more_combinations_of_variants_than_can_be_solved_are_refused_at_once():
    """Each combination is a case of its own: 40 variants would take longer than anybody waits."""
    variants = "".join(
        f"  v{k}: {{levels: {{a: {{reason: r, source: judgement}}, "
        "b: {reason: r, source: judgement}}}\n"
        for k in range(40)
    )
    text = Path(detente.__file__).with_name("cases").joinpath("chicken.yaml").read_text("utf-8")
    case = read_case(f"{text}\nvariants:\n{variants}".encode(), "chicken.yaml")
    with pytest.raises(InputError, match="have more than 1,000 combinations of levels; choose"):
        make_design(case, 4, 1)
