"""What a design lets one say: shares of draws from samples, indices and bars from the rest.

Catches: blocks, trajectories and single steps taken for draws (intervals of shares that hold a
third of what they say, boxes on inputs without effect), intervals too narrow for the designs that
are samples, "0 failed" beside answers that are missing, a case that changed unseen.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import detente
from detente.case import Parameter
from detente.claims._resampling import resampled_shares, share_ranges
from detente.errors import InputError
from detente.study import Study, describe_failures, make_design, open_study, run_study, study_place

SMALL = Path(__file__).parent / "small.yaml"
NO_SAMPLES = ["saltelli", "morris", "tornado"]


@pytest.fixture(scope="module")
def case():
    return detente.load(SMALL)


@pytest.fixture(scope="module")
def studies():
    chicken = detente.load("chicken")
    return {kind: run_study(chicken, 18, 1, design=kind) for kind in NO_SAMPLES}


def of_inputs(count):
    made = SimpleNamespace(name="made", correlations=(), variants=())
    made.parameters = {
        f"p{k}": Parameter(f"p{k}", 0.5, "uniform", 0.0, 1.0, 0.5, 0.1, (), "", "", "")
        for k in range(count)
    }
    made.variant = lambda: made
    return made


def steep(x):
    """Return whether a sum lies below its 0.3 quantile: what a design of slices evens out."""
    return x.sum(axis=1) < x.shape[1] / 2 - 0.524 * np.sqrt(x.shape[1] / 12)


def tangled(x):
    """Return whether one product is large: what slices of single inputs cannot even out."""
    return (2 * x[:, 0] - 1) * (2 * x[:, 1] - 1) > 0.2


@pytest.mark.parametrize("happens", [steep, tangled])
@pytest.mark.parametrize("inputs", [3, 45])
@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_intervals_of_shares_hold_the_share_as_often_as_they_say(kind, inputs, happens):
    """At the nominal 95 % or more: draws that even each other out make them wide, not narrow."""
    truth = happens(np.random.default_rng(1).random((400_000, inputs))).mean()
    made, inside = of_inputs(inputs), 0
    for seed in range(100):
        hits = int(happens(make_design(made, 200, seed, kind).values).sum())
        (low, high), _ = share_ranges(resampled_shares([hits, 200 - hits], seed))
        inside += low <= truth <= high
    assert inside >= 90


@pytest.mark.parametrize("kind", NO_SAMPLES)
def test_points_that_are_no_draws_give_no_verdicts_shares_drivers_or_boxes(studies, kind):
    study = studies[kind]
    for ask in (
        study.verdicts,
        lambda: study.verdict("K1"),
        lambda: study.drivers("K4"),
        lambda: study.convergence("K1"),
        lambda: study.unsettled,
        lambda: study.discover("K1"),
        lambda: study.tree("K4 > 0.98"),
    ):
        with pytest.raises(InputError, match=f"a {kind} design is for .* run --design lhs"):
            ask()


@pytest.mark.parametrize("kind", NO_SAMPLES)
def test_a_study_says_what_its_design_is_for(studies, kind):
    study = studies[kind]
    assert set(study.dependence) == {claim.id for claim in study.asked}
    text = str(study)
    assert f"a {kind} design is for" in text
    assert f"  K4 {study.sensitivity('K4').sentence}" in text
    assert "nerve" in study.dependence["K4"]
    told = json.loads(json.dumps(study.to_dict(), allow_nan=False))
    assert "verdicts" not in told
    assert told["sensitivity"]["K4"] == json.loads(json.dumps(study.sensitivity("K4").to_dict()))
    assert told["purpose"] == study.design.purpose


def test_never_changes_is_said_where_no_point_differs(studies):
    assert studies["saltelli"].dependence["K1"] == "the answer never changes"
    assert studies["morris"].dependence["K1"] == "no step moves the answer"
    assert studies["tornado"].dependence["K1"] == "as stated 1; no input alone moves it"


def test_an_index_that_cannot_be_had_says_why(studies):
    study = studies["tornado"]
    values = study.values.copy()
    values[0] = np.nan
    assert "no answer at the stated values" in replace(study, values=values).dependence["K4"]


def gaps(case):
    """Return a study, unsolved, whose first claim lacks its answers where worth is high."""
    design = make_design(case, 60, 2)
    values = np.tile(np.linspace(0.0, 1.0, 60)[:, None], 6)
    worth = design.values[:, design.names.index("worth")]
    values[worth > 1.5, 0] = np.nan
    nothing = np.zeros((60, 2, 0), dtype=np.float32)
    asked = tuple(claim for claim in case.claims if claim.ask is not None)
    study = Study(case, design, np.arange(60), asked, values, values, np.zeros(2), nothing, nothing,
                  np.zeros((60, 3)), ())  # fmt: skip
    return study, int((worth > 1.5).sum())


def test_missing_answers_are_counted_and_never_stand_beside_none_failed(case):
    study, count = gaps(case)
    assert study.missing == {"C1": count}
    assert study.lacking == f"{count} answers missing"
    assert str(study).splitlines()[0] == f"Study of small: 60 draws, {count} answers missing"
    assert study.to_dict()["missing"] == {"C1": count}
    told = describe_failures(study)
    assert told[0].startswith(f"{count} of 60 draws gave C1 no answer: ")
    assert any("C1 has no answer mostly where worth > 1.5" in words for words in told)
    assert "failed" not in " ".join(told)


def test_failed_draws_and_missing_answers_are_told_apart(tmp_path):
    text = SMALL.read_text().replace("dry -> wet: 0.5", 'dry -> wet: "(worth - 1) * (3 - worth)"')
    (tmp_path / "failing.yaml").write_text(text)
    study = run_study(detente.load(tmp_path / "failing.yaml"), 8, 2)
    values = study.values.copy()
    values[:3, 1] = np.nan
    study = replace(study, values=values)
    assert study.lacking == f"{len(study.failed)} draws failed, 3 answers missing"
    told = describe_failures(study)
    assert told[0] == f"{len(study.failed)} of 8 draws failed."
    missing = f"3 of {len(study.completed)} draws gave C2 no answer: "
    assert any(words.startswith(missing) for words in told)


def test_where_points_fail_that_are_no_draws_no_box_is_drawn(studies):
    study = studies["morris"]
    values = study.values.copy()
    nerve = study.design.values[study.completed, study.design.names.index("nerve")]
    values[nerve > 4, 3] = np.nan
    told = describe_failures(replace(study, values=values))
    assert any("gave K4 no answer: " in words for words in told)
    assert "mostly where" not in " ".join(told)


def test_a_case_that_changed_since_is_said_with_its_answers(tmp_path):
    path, store = tmp_path / "small.yaml", tmp_path / "s.sqlite"
    path.write_bytes(SMALL.read_bytes())
    made = run_study(detente.load(path), 2, 1, store=store)
    assert open_study(store).outdated == ""
    path.write_text(SMALL.read_text().replace("rate: habit", "rate: 2 * habit"))
    again = open_study(store)
    assert f"{path} has changed since this study was made" in again.outdated
    assert again.outdated in str(again)
    np.testing.assert_array_equal(again.values, made.values)
    path.write_text("title: no case any more\n")
    assert "has changed" in open_study(store).outdated
    path.unlink()
    assert open_study(store).outdated == ""


def test_a_new_edition_goes_beside_the_old_one_and_nothing_is_lost(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_bytes(SMALL.read_bytes())
    first, second, third = (tmp_path / f"study{end}.sqlite" for end in ("", "-2", "-3"))

    def place(draws=2, resume=False):
        return study_place(detente.load(path), draws, 1, "lhs", tmp_path, resume)

    assert place() == (first, "")
    run_study(detente.load(path), 2, 1, store=first)
    before = first.read_bytes()
    assert place() == place(resume=True) == (first, "")
    path.write_text(SMALL.read_text().replace("rate: habit", "rate: 2 * habit"))
    assert place() == (second, f"{first} is of another edition of the case")
    assert place(resume=True) == (first, "")
    run_study(detente.load(path), 2, 1, store=second)
    assert place(resume=True)[0] == second
    assert place(3)[0] == third
    path.write_bytes(SMALL.read_bytes())
    assert place(3) == (
        third,
        f"{first} is of another design, seed, number of draws, setting or variant",
    )
    assert place() == (first, "")
    assert first.read_bytes() == before
    first.write_bytes(b"no study")
    assert place() == (third, f"{first} cannot be read as a study")
    with pytest.raises(InputError, match="a study already, and not this one; delete it, or choose"):
        run_study(detente.load(path), 3, 1, store=second)
