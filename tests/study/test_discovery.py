"""Scenario discovery: planted boxes found, noise left alone, numbers that are those of the draws.

Catches: a restriction on an input that has nothing to do with it, planted bounds missed, counts of
another half than said, peels that take the wrong side, ties or levels torn apart.

The environment variable ``DETENTE_BATCHES`` multiplies the number of repetitions (1 without it).
"""

from __future__ import annotations

import json
import os
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detente.errors import AnalysisError, InputError
from detente.study.discovery import Restriction, decision_tree, discover
from detente.study.discovery._box import box_of, inside
from detente.study.discovery._paste import paste
from detente.study.discovery._peel import HIGH, LEVEL, LOW, peel
from detente.study.discovery._standing import quasi_p

BATCHES = int(os.environ.get("DETENTE_BATCHES", "1"))
AXES = 10
NAMES = [f"x{k}" for k in range(AXES)]


def planted(x):
    return (x[:, 0] > 0.5) & (x[:, 3] < 0.6) & (x[:, 6] > 0.2) & (x[:, 6] < 0.8)


@pytest.mark.parametrize("wrong", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("draws", [1000, 3000])
def test_planted_boxes_are_found_in_ten_dimensions_and_nothing_else(draws, wrong):
    repetitions = 10 * BATCHES
    spurious = found_all = 0
    for seed in range(repetitions):
        rng = np.random.default_rng([seed, draws])
        x = rng.random((draws, AXES))
        hits = planted(x) ^ (rng.random(draws) < wrong)
        found = discover(NAMES, x, hits, rng=seed, resamples=0)
        restricted = {r.name for r in found.box.restrictions}
        spurious += not restricted <= {"x0", "x3", "x6"}
        found_all += restricted == {"x0", "x3", "x6"}
        assert all(r.quasi_p < 0.05 for r in found.box.restrictions)
    assert spurious <= repetitions // 10
    assert found_all >= 0.9 * repetitions


def test_boxes_are_found_where_it_happens_in_most_draws_too():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        x = rng.random((1000, AXES))
        hits = rng.random(1000) < np.where(x[:, 2] < 0.7, 0.95, 0.4)
        found = discover(NAMES, x, hits, rng=seed, resamples=0)
        assert [r.name for r in found.box.restrictions] == ["x2"]
        assert found.box.restrictions[0].high == pytest.approx(0.7, abs=0.06)


def test_the_bounds_are_where_they_were_planted():
    x = np.random.default_rng(1).random((20_000, AXES))
    found = discover(NAMES, x, planted(x), resamples=0)
    bounds = {r.name: (r.low, r.high) for r in found.box.restrictions}
    assert bounds["x0"] == (pytest.approx(0.5, abs=0.005), np.inf)
    assert bounds["x3"] == (-np.inf, pytest.approx(0.6, abs=0.005))
    assert bounds["x6"] == (pytest.approx(0.2, abs=0.005), pytest.approx(0.8, abs=0.005))
    assert found.box.coverage > 0.99
    assert found.box.density > 0.99


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("draws", [150, 1000])
def test_pure_noise_has_no_box(draws, share):
    repetitions = 10 * BATCHES
    boxes = 0
    for seed in range(repetitions):
        rng = np.random.default_rng([seed, draws])
        x = rng.random((draws, AXES))
        x[:, 8:] = np.floor(4 * x[:, 8:])
        found = discover(
            NAMES, x, rng.random(draws) < share, {"x9": list("abcd")}, rng=seed, resamples=0
        )
        boxes += bool(found.box.restrictions)
    assert boxes <= repetitions // 10


def test_an_end_that_brings_nothing_is_left_off():
    """The search sees one half and may cut off a corner by chance; the other half must not mind."""
    rng = np.random.default_rng(3)
    x = rng.random((3000, 4))
    hits = rng.random(3000) < np.where(x[:, 1] > 0.6, 0.7, 0.1)
    [only] = discover("abcd", x, hits, resamples=0).box.restrictions
    assert only.name == "b"
    assert np.isinf(only.high)


def test_categories_and_choices_are_found_whole():
    rng = np.random.default_rng(5)
    x = np.column_stack([rng.random(4000), rng.integers(4, size=4000), rng.choice([1, 2, 5], 4000)])
    hits = np.isin(x[:, 1], [1, 3]) & (x[:, 2] >= 2)
    found = discover(
        ["noise", "who", "size"], x, hits, {"who": ["a", "b", "c", "d"]}, {"size": "per year"}
    )
    assert str(found.box) == "who is b or d and size > 1.5 (per year)"
    assert (found.box.coverage, found.box.density) == (1, 1)
    assert found.frequency == {"who": 1.0, "size": 1.0}


def test_counts_are_those_of_the_draws_and_the_sentence_tells_them():
    rng = np.random.default_rng(7)
    x = rng.random((2000, 3))
    hits = (x[:, 0] < 0.4) ^ (rng.random(2000) < 0.1)
    found = discover("abc", x, hits, units={"a": "dollars"}, what="C36 breaks", resamples=5)
    where = x[:, 0] < found.box.restrictions[0].high
    assert (found.box.inside, found.box.hits) == (where.sum(), hits.sum())
    assert found.box.hits_inside == (where & hits).sum()
    assert found.tested.draws in {999, 1000}
    assert found.tested.density == pytest.approx(found.box.density, abs=0.05)
    assert found.sentence.startswith("C36 breaks mostly where a < 0.")
    assert (
        f"(dollars): {(where & hits).sum()} of {hits.sum()} such draws lie there" in found.sentence
    )
    assert "restricted in 100\u202f% of 5 resamples" in str(found)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["chosen"] == found.chosen
    assert len(found.to_pandas()) == len(found.trajectory)


def test_the_trajectory_trades_coverage_for_density():
    rng = np.random.default_rng(8)
    x = rng.random((2000, 3))
    found = discover("abc", x, rng.random(2000) < x[:, 1], resamples=0)
    coverage, density, mass = found.to_pandas()[["coverage", "density", "mass"]].to_numpy().T
    assert (coverage[0], mass[0]) == (1, 1)
    assert (np.diff(coverage) <= 0).all()
    assert (np.diff(mass) < 0).all()
    assert density[-1] > 0.9
    assert density[0] < 0.6
    assert found.trajectory[0].restricted == ()


def test_frequencies_tell_inputs_that_matter_little_from_those_that_matter():
    rng = np.random.default_rng(9)
    x = rng.random((400, 4))
    chance = 0.05 + 0.6 * (x[:, 0] > 0.5) + 0.2 * (x[:, 1] > 0.5)
    found = discover("abcd", x, rng.random(400) < chance, resamples=20)
    assert found.frequency["a"] == 1.0
    assert found.frequency.get("b", 0.0) < 1.0
    assert max(found.frequency.get("c", 0.0), found.frequency.get("d", 0.0)) <= 0.2


@pytest.mark.parametrize("happens", [False, True])
def test_what_always_or_never_happens_has_no_box(happens):
    found = discover("ab", np.random.default_rng(1).random((50, 2)), np.full(50, happens))
    assert found.box.restrictions == ()
    assert f"in {'every' if happens else 'no'} draw of 50" in found.sentence
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_seed_decides_and_nothing_else():
    rng = np.random.default_rng(2)
    x = rng.random((300, 5))
    hits = (x[:, 0] > 0.7) ^ (rng.random(300) < 0.1)
    one, same = (discover("abcde", x, hits, rng=4, resamples=3).to_dict() for _ in range(2))
    assert one == same


cells = st.integers(0, 5).map(float)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(cells, cells, st.integers(0, 2), st.booleans()), min_size=4, max_size=40),
    st.sampled_from([0.05, 0.2, 0.4]),
)
def test_every_peel_is_the_best_slice_and_leaves_what_it_says(rows, alpha):
    """Against a slow reading of the definition, with many ties and a categorical input."""
    inputs = np.array([row[:3] for row in rows]).T.copy()
    hits = np.array([row[3] for row in rows])
    sizes = np.array([0, 0, 3])
    order = np.argsort(inputs, axis=1, kind="stable").astype(np.int32)
    columns, kinds, cuts, draws, kept = peel(inputs, order, hits, sizes, alpha, 2)
    left = np.ones(hits.size, dtype=bool)
    for column, kind, cut, count, found in zip(columns, kinds, cuts, draws, kept, strict=True):
        gains = {}
        for axis in range(3):
            for slab in slabs(inputs[axis], left, alpha, sizes[axis]):
                rest = left & ~slab
                if rest.sum() >= 2:
                    gain = (hits[rest].mean() - hits[left].mean()) / slab.sum()
                    gains[axis, tuple(slab)] = gain
        value = inputs[column]
        gone = {LOW: value < cut, HIGH: value > cut, LEVEL: value == cut}[kind] & left
        assert gains[column, tuple(gone)] == pytest.approx(max(gains.values()), abs=1e-12)
        left &= ~gone
        assert (left.sum(), (left & hits).sum()) == (count, found)
    assert hits[left].all() or not any(
        (left & ~slab).sum() >= 2
        for axis in range(3)
        for slab in slabs(inputs[axis], left, alpha, sizes[axis])
    )


def slabs(column, left, alpha, levels):
    """Yield the slices that a step may take off: ties together, less than all."""
    values = np.unique(column[left])
    if values.size < 2:
        return
    if levels:
        yield from (left & (column == value) for value in values)
        return
    wanted = max(1, int(np.ceil(alpha * left.sum())))
    for side in (1, -1):
        ranked = np.sort(side * column[left])
        edge = ranked[min(wanted, ranked.size - 1)]
        slab = left & (side * column < edge)
        yield slab if slab.any() else left & (side * column <= edge)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_pasting_never_loses_fit_and_leaves_no_better_end(seed):
    rng = np.random.default_rng(seed)
    inputs = rng.integers(6, size=(2, 60)).astype(float)
    hits = (inputs[0] > 2) & (rng.random(60) < 0.8)
    if not hits.any() or hits.all():
        return
    start = (Restriction("a", 0, low=3.5), Restriction("b", 1, low=0.5, high=4.5))
    made = paste(start, inputs, hits, ((), ()))

    def worth(box):
        mask = inside(box, inputs)
        return float(np.corrcoef(mask, hits)[0, 1]) if 0 < mask.sum() < 60 else 0.0

    assert worth(made) >= worth(start)
    for restriction in made:
        rest = tuple(r for r in made if r is not restriction)
        assert worth(made) > worth(rest)
        for low in (-np.inf, *(np.arange(6) - 0.5)):
            moved = Restriction(restriction.name, restriction.column, low, restriction.high)
            assert worth(made) >= worth((*rest, moved)) - 1e-9


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_quasi_p_is_the_binomial_tail(draws, more, data):
    hits = data.draw(st.integers(0, draws))
    all_hits = hits + data.draw(st.integers(0, more))
    found = quasi_p(draws, hits, draws + more, all_hits)
    wanted = stats.binom.sf(hits - 1, draws, all_hits / (draws + more))
    assert found == pytest.approx(1.0 if hits == 0 else wanted, rel=1e-9, abs=1e-15)


def test_a_box_without_draws_counts_nothing():
    box = box_of((Restriction("a", 0, low=2.0),), np.zeros((1, 5)), np.ones(5, dtype=bool))
    assert (box.inside, box.coverage, box.density, box.mass) == (0, 0.0, 0.0, 0.0)
    assert quasi_p(0, 0, 5, 5) == 1.0


def test_a_tree_finds_the_same_box():
    rng = np.random.default_rng(4)
    x = np.column_stack([rng.random((3000, 3)), rng.integers(3, size=3000)])
    hits = (x[:, 0] > 0.5) & (x[:, 3] != 1)
    found = decision_tree("abcd", x, hits, {"d": ["p", "q", "r"]}, {"a": "shares"}, "C36 breaks")
    dense = found.leaves[0]
    assert (
        str(dense)
        == f"a > 0.5 (shares) and d is p or r: {dense.hits} of {dense.draws} draws (100\u202f%)"
    )
    assert sum(leaf.draws for leaf in found.leaves) == 3000
    assert sum(leaf.hits for leaf in found.leaves) == hits.sum()
    assert found.right > 0.98 > found.guess
    for leaf in found.leaves:
        assert leaf.draws == inside(leaf.restrictions, x.T).sum()
    json.dumps(found.to_dict(), allow_nan=False)
    assert str(found).startswith("C36 breaks (tree: ")
    assert len(found.to_pandas()) == len(found.leaves)


def test_a_tree_on_noise_tells_no_more_than_guessing():
    rng = np.random.default_rng(4)
    found = decision_tree("abc", rng.random((2000, 3)), rng.random(2000) < 0.3)
    assert found.right < found.guess + 0.02


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    with pytest.raises(AnalysisError, match="extra trees"):
        decision_tree("a", np.random.default_rng(1).random((50, 1)), np.arange(50) < 20)


@pytest.mark.parametrize("search", [discover, decision_tree])
@pytest.mark.parametrize(
    ("inputs", "hits", "message"),
    [
        (np.zeros((5, 2)), np.zeros(5, dtype=bool), "1 names, inputs of shape"),
        (np.zeros((5, 1)), np.zeros(4, dtype=bool), "do not fit"),
        (np.zeros((5, 1)), np.zeros(5), "hits must be true or false"),
        (np.full((5, 1), np.nan), np.zeros(5, dtype=bool), "an input is not a number"),
        (np.zeros((1, 1)), np.zeros(1, dtype=bool), "nothing to search"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(search, inputs, hits, message):
    with pytest.raises(InputError, match=message):
        search("a", inputs, hits)


def test_senseless_settings_are_refused():
    x, hits = np.random.default_rng(1).random((50, 1)), np.arange(50) < 20
    with pytest.raises(InputError, match=r"alpha is 0\.9"):
        discover("a", x, hits, alpha=0.9)
    with pytest.raises(InputError, match="resamples is -1"):
        discover("a", x, hits, resamples=-1)
    with pytest.raises(InputError, match="depth is 0"):
        decision_tree("a", x, hits, depth=0)
