"""Scores and their intervals: definitions, propriety, coverage.

Catches: a score that is not the definition or rewards lying, at its floor too; a chance that is no
number, skipped; an interval of questions taken for independent, or that covers too seldom.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import AnalysisError, InputError
from detente.evidence._scoring_rules import (
    RESAMPLES,
    TwoWayBootstrap,
    brier,
    log_score,
    mean_scores,
    ranked_score,
)

PLACES = [("x", 1), ("x", 2)]
SHARES = st.integers(2, 5).flatmap(
    lambda n: st.tuples(*(st.lists(st.floats(0.01, 1.0), min_size=n, max_size=n) for _ in range(2)))
)


@settings(max_examples=200, deadline=None)
@given(SHARES)
def test_scores_are_the_definitions_and_proper(pair) -> None:
    forecast, truth = (np.array(p) / sum(p) for p in pair)
    size = forecast.size
    sure = np.eye(size)
    for j in range(size):
        assert brier(forecast, sure[j]) == pytest.approx(
            sum((forecast[k] - (k == j)) ** 2 for k in range(size))
        )
        assert ranked_score(forecast, sure[j]) == pytest.approx(
            sum((forecast[: k + 1].sum() - (j <= k)) ** 2 for k in range(size - 1)) / (size - 1)
        )
    for rule in (brier, log_score, ranked_score):
        assert rule(forecast, truth) == pytest.approx(
            sum(truth[j] * rule(forecast, sure[j]) for j in range(size))
        )
        # Nobody does better on average than by saying what is so.
        assert rule(truth, truth) <= rule(forecast, truth) + 1e-12


@pytest.mark.parametrize("floor", [0.01, 1e-3, 1e-6])
def test_no_lie_beats_the_truth_at_any_floor(floor) -> None:
    """On a grid from 0 up: whoever believes half of the floor does worse by saying 0."""
    grid = [0.0, floor / 4, floor / 2, floor, 3 * floor, 0.2, 0.5, 0.9, 1.0 - floor / 2, 1.0]
    for truth in grid:
        expected = [
            log_score(np.array([said, 1 - said]), np.array([truth, 1 - truth]), floor)
            for said in grid
        ]
        assert np.argmin(expected) == grid.index(truth)
    # The floored logarithm fails the same test, so the test can tell.
    held = [-truth * np.log(max(said, floor)) - (1 - truth) * np.log(max(1 - said, floor))
            for truth in [floor / 2] for said in (0.0, floor / 2)]  # fmt: skip
    assert held[0] < held[1]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 200])
def test_certainty_that_comes_true_has_zero_and_knowing_nothing_the_logarithm(size) -> None:
    sure, even = np.eye(size)[0], np.full(size, 1.0 / size)
    for floor in (0.01, 1e-3, 1e-6):
        assert log_score(sure, sure, floor) == pytest.approx(0.0, abs=1e-12)
        assert log_score(even, sure, floor) == pytest.approx(np.log(size))


def test_without_a_floor_it_is_the_logarithm() -> None:
    assert log_score(np.array([0.3, 0.7]), np.eye(2)[0], 1e-12) == pytest.approx(-np.log(0.3))


def test_what_was_all_but_excluded_is_counted() -> None:
    sure, other = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    table = mean_scores({"a": [sure, sure]}, [other, sure], [True, True], PLACES, "a")
    assert table[0].excluded == 1


@pytest.mark.parametrize(
    "given", [[np.nan, 0.5], [np.inf, 0.0], [0.7, 0.7], [-0.1, 1.1], [0.2, 0.3, 0.5]]
)
def test_what_is_no_forecast_is_refused_with_its_place(given) -> None:
    """A chance that is no number was skipped, and its model scored on the other questions."""
    right, places = np.array([0.5, 0.5]), [("moscow", 2022), ("rivalry", 2023)]
    with pytest.raises(InputError, match=r"forecast of chain for rivalry in 2023 is .*sum to 1"):
        mean_scores(
            {"own": [right, right], "chain": [right, np.array(given)]},
            [np.eye(2)[0]] * 2, [True] * 2, places, "own",
        )  # fmt: skip


def test_intervals_resample_whole_variables_and_years() -> None:
    """Against a plain loop over questions."""
    rng = np.random.default_rng(4)
    places = [(v, y) for v in "abcd" for y in (1, 2, 3) for _ in range(rng.integers(0, 5))]
    values = rng.normal(size=len(places))
    generator = np.random.default_rng(7)
    names = [list(dict.fromkeys(way)) for way in zip(*places, strict=True)]
    often = [generator.multinomial(len(n), np.full(len(n), 1.0 / len(n)), RESAMPLES) for n in names]
    means = []
    for first, second in zip(*often, strict=True):
        counts = [first[names[0].index(v)] * second[names[1].index(y)] for v, y in places]
        if sum(counts):
            means.append(np.repeat(values, counts).mean())
    assert TwoWayBootstrap(places, 7).interval(values) == pytest.approx(
        np.quantile(means, [0.025, 0.975])
    )


def correlated(rng, kind: str):
    """Return 20 quarters of eight variables, of mean 0."""
    noise = rng.normal(size=(8, 20))
    if kind == "variable effects":
        return noise + 0.5 * rng.normal(size=(8, 1))
    if kind == "year effects":
        return noise + 0.5 * np.repeat(rng.normal(size=(1, 5)), 4, axis=1)
    for t in range(1, 20):
        noise[:, t] = 0.75 * noise[:, t - 1] + np.sqrt(1 - 0.75**2) * noise[:, t]
    return noise


COVERED = {"autocorrelation": 0.9, "variable effects": 0.9, "year effects": 0.88}


@pytest.mark.parametrize("kind", COVERED)
def test_intervals_cover_the_truth_where_questions_hang_together(kind, monkeypatch) -> None:
    """Of nominally 95 % these shares at least; resampling variable-years covers 57 to 83 %."""
    monkeypatch.setattr("detente.evidence._scoring_rules.RESAMPLES", 400)
    rng = np.random.default_rng(3)
    places = [(v, y) for v in range(8) for y in range(5) for _ in range(4)]
    covered = 0
    for seed in range(300):
        low, high = TwoWayBootstrap(places, seed).interval(correlated(rng, kind).ravel())
        covered += low <= 0.0 <= high
    assert covered / 300 >= COVERED[kind]


def test_one_variable_in_one_year_has_no_interval() -> None:
    p = np.array([0.4, 0.6])
    row = mean_scores({"a": [p, p]}, [np.eye(2)[0]] * 2, [True] * 2, [("x", 1)] * 2, "a")[0]
    assert np.isnan(row.interval["brier"]).all()


def test_levels_without_an_order_have_no_ranked_score() -> None:
    p = np.array([0.2, 0.3, 0.5])
    row = mean_scores({"a": [p, p]}, [np.eye(3)[0], np.eye(3)[2]], [False, False], PLACES, "a")[0]
    assert np.isnan(row.mean["ranked"])
    assert row.to_dict()["mean"]["ranked"] is None
    with pytest.raises(AnalysisError, match="nothing to score"):
        mean_scores({"a": []}, [], [], [], "a")
