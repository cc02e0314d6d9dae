"""Correlations and variants: what the reader makes of them, and the case at a level.

Catches: a change that is lost or spills over to another level, a held level that can be left, a
range that lets its stated value lie outside, correlations whose normal scores are wrong.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal, spearmanr

import detente
from detente.case import score_correlation
from detente.case._correlation import impossible_groups
from detente.case._variants import Correlation
from detente.errors import InputError
from detente.evidence._prior import prior_of
from detente.study import make_design

FILE = Path(__file__).parent / "variants.yaml"


@pytest.fixture(scope="module")
def case():
    return detente.load(FILE)


def test_the_reader_keeps_what_is_written(case):
    assert [(c.between, c.rank) for c in case.correlations] == [
        (("worth", "thirst"), 0.7),
        (("thirst", "zeal"), -0.4),
    ]
    assert {v.name: [level.name for level in v.levels] for v in case.variants} == {
        "neighbour": ["free", "bound"],
        "climate": ["as_now", "drier", "gone"],
        "aim": ["power", "peace"],
    }
    assert [v.drawn for v in case.variants] == [True, True, False]
    assert [level.share for level in case.variants[0].levels] == [0.6, 0.4]
    assert [level.share for level in case.variants[1].levels] == [1 / 3] * 3
    assert case.variants[1].level("drier").set == {
        "dry": (0.5, 1.0), "worth": (2.5, 2.5), "thirst": (5.0, 10.0),
    }  # fmt: skip
    assert case.variants[0].levels[0].plain
    assert not case.variants[0].levels[1].plain


def test_a_level_without_changes_is_the_case_as_it_stands(case):
    same = case.variant("climate.as_now", "neighbour.free")
    assert same.parameters == case.parameters
    assert same.actors == case.actors
    assert same.infeasible == case.infeasible
    assert same.status_quo == case.status_quo


def test_settings_become_ranges_and_fixed_values(case):
    drier = case.variant("climate.drier").parameters
    assert (drier["dry"].distribution, drier["dry"].low, drier["dry"].high) == ("uniform", 0.5, 1)
    assert drier["dry"].value == 0.5
    assert (drier["worth"].distribution, drier["worth"].value) == ("fixed", 2.5)
    assert (drier["thirst"].distribution, drier["thirst"].value) == ("loguniform", 5)
    assert drier["zeal"] == case.parameters["zeal"]
    gone = case.variant("climate.gone").parameters["mood"]
    assert (gone.distribution, gone.choices, gone.value) == ("uniform", (), 2)


def test_what_is_held_stays_held(case):
    bound = case.variant("neighbour.bound")
    conflict = bound.conflict()
    axis = conflict.space.axis("lower.reply")
    assert not conflict.feasible.take(1, axis=axis).any()
    np.testing.assert_array_equal(
        conflict.feasible.take(0, axis=axis), case.conflict().feasible.take(0, axis=axis)
    )
    gone = case.variant("climate.gone")
    assert gone.status_quo["rain"] == 1
    assert not gone.conflict().feasible.take(0, axis=gone.conflict().space.axis("rain")).any()


def test_weights_replace_and_join(case):
    peace = case.variant("aim.peace").conflict()
    quiet = np.broadcast_to(peace.numbers["quiet"], peace.shape)
    np.testing.assert_allclose(peace.utility["upper"], 4.0 * quiet)
    np.testing.assert_array_equal(peace.rank["lower"], case.conflict().rank["lower"])


def test_levels_of_several_variants_add_up_and_name_the_case(case):
    both = case.variant("climate.drier", "aim.peace")
    assert both.name == "variants (climate.drier, aim.peace)"
    assert both.parameters["worth"].value == 2.5
    quiet = np.broadcast_to(both.conflict().numbers["quiet"], both.shape)
    np.testing.assert_allclose(both.conflict().utility["upper"], 5.0 * quiet)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["climate.dryer"], r"no variant 'climate.dryer'; did you mean 'climate.drier'\?"),
        (["climate"], "no variant 'climate'"),
        (["climate.drier", "climate.gone"], "climate is named twice"),
    ],
)
def test_unknown_levels_are_refused(case, names, message):
    with pytest.raises(InputError, match=message):
        case.variant(*names)


@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.0, 0.5, 0.95])
def test_normal_scores_get_the_rank_correlation_that_was_asked_for(rank):
    matrix = score_correlation(("a", "b"), [Correlation(("a", "b"), rank)])
    drawn = multivariate_normal(cov=matrix).rvs(40_000, random_state=1)
    assert abs(spearmanr(drawn[:, 0], drawn[:, 1]).statistic - rank) < 0.015


def test_only_the_group_that_cannot_be_is_named():
    fine = [Correlation(("p", "q"), 0.99)]
    bad = [
        Correlation(("a", "b"), 0.9),
        Correlation(("b", "c"), 0.9),
        Correlation(("a", "c"), -0.9),
    ]
    assert impossible_groups([*fine, *bad]) == [bad]
    assert impossible_groups([*fine, *bad[:1]]) == []


def test_a_chosen_level_is_not_drawn_again(case):
    """Or a study, a fit or a rival of one level would mix in all the others."""
    names = make_design(case, 8, rng=1).names
    assert "climate" in names
    chosen = case.variant("climate.drier")
    assert set(make_design(chosen, 8, rng=1).names) & {"climate", "neighbour"} == {"neighbour"}
    assert "climate" not in prior_of(chosen).names
