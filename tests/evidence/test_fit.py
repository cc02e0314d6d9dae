"""Best fits and profiles, against dense grids of likelihoods solved one by one.

Would catch: a search that stops at its start or leaves the ranges, profiles that do not fit the
other parameters again, intervals read off on the wrong side, silence told of what speaks.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from detente.case import read_case
from detente.errors import InputError
from detente.evidence import _search, best_fit, profile_likelihood
from detente.evidence._curvature import DROP, QuadraticFit, quadratic_fit
from detente.evidence._fit import searching
from detente.evidence._likelihood import record_likelihood
from detente.evidence._search import EDGE, BestFitSearch, SearchEnd, best_within
from detente.evidence._slope_workers import Sloped
from planted_history import TABLE, simulated


@pytest.fixture(scope="module")
def case():
    """Two parameters vary; sharpness is known."""
    whole = read_case(TABLE, "table.yaml")
    drawn = simulated(whole, {"zeal": 3.0, "worth": 2.0, "storms": 0.3}, 20.0, 3)
    known = replace(drawn.parameters["zeal"], low=3.0, high=3.0, value=3.0, distribution="fixed")
    return replace(drawn, parameters={**drawn.parameters, "zeal": known})


@pytest.fixture(scope="module")
def table(case):
    worths, storms = np.linspace(-1, 3, 11), np.linspace(0.1, 2, 12)
    return worths, storms, np.array(
        [[record_likelihood(case, {"worth": w, "storms": s}).log_likelihood for s in storms]
         for w in worths]
    )  # fmt: skip


@pytest.fixture(scope="module")
def fit(case):
    return best_fit(case)


def test_nothing_on_a_dense_grid_beats_the_fit(fit, table):
    assert fit.log_likelihood >= table[2].max() - 1e-3
    assert fit.settled
    assert list(fit.parameters) == ["worth", "storms"]
    assert -1 <= fit.parameters["worth"] <= 3
    assert "best log likelihood" in str(fit)


def test_it_is_the_likelihood_there(case, fit):
    there = record_likelihood(case, fit.parameters).log_likelihood
    assert fit.log_likelihood == pytest.approx(there, abs=1e-5)
    assert fit.stated == pytest.approx(record_likelihood(case).log_likelihood, abs=1e-9)


def test_a_profile_is_the_upper_edge_of_the_grid(case, fit, table):
    _, storms, levels = table
    found = profile_likelihood(case, "storms", 5, fit=fit)
    edge = np.interp(found.values, storms, levels.max(axis=0))
    assert found.log_likelihood == pytest.approx(edge, abs=0.6)
    assert (found.log_likelihood >= edge - 0.6).all()
    assert not found.silent
    low, high = found.interval
    assert high is not None
    assert high < 2.0
    inside = storms[levels.max(axis=0) >= levels.max() - DROP]
    assert low is None or low <= inside.min() + 0.2
    assert high >= inside.max() - 0.05


def test_what_no_row_speaks_of_is_silent(case):
    rows = tuple(row for row in case.history if row.variable == "dprk.test")
    unseen = replace(case, history=rows[:1])
    assert profile_likelihood(unseen, "worth", 3).silent


def test_senseless_asks_are_refused(case, fit):
    with pytest.raises(InputError, match="did you mean"):
        profile_likelihood(case, "storm", fit=fit)
    with pytest.raises(InputError, match="three or more"):
        profile_likelihood(case, "storms", 2, fit=fit)
    with pytest.raises(InputError, match="choose uniform or long run"):
        best_fit(case, start="short run")
    with pytest.raises(InputError, match="no history"):
        best_fit(replace(case, history=()))


def test_intervals_by_curvature_are_those_of_the_profile_where_it_is_smooth(case, fit):
    line = profile_likelihood(case, "storms", 9, fit=fit)
    low, high = fit.intervals["storms"]
    assert high == pytest.approx(line.interval[1], abs=0.25)
    assert (low is None) == (line.interval[0] is None) or low < 0.2
    assert "storms" not in fit.silent
    assert "95 % by curvature" in str(fit)


def test_a_quadratic_has_the_intervals_of_a_normal_distribution():
    """Half-widths are 1.96 standard deviations of the inverse curvature, within the bounds."""
    curvature = np.array([[900.0, 500.0], [500.0, 800.0]])
    bend = QuadraticFit(np.array([0.5, 0.4]), np.zeros(2), curvature)
    spread = np.sqrt(np.diag(np.linalg.inv(curvature)))
    for k in range(2):
        low, high = bend.interval(k)
        assert high - bend.at[k] == pytest.approx(1.959964 * spread[k], rel=1e-3)
        assert bend.at[k] - low == pytest.approx(1.959964 * spread[k], rel=1e-3)
    # One that cannot move holds the other: the interval is the conditional one.
    stuck = QuadraticFit(np.array([0.5, EDGE]), np.array([0.0, -1e4]), curvature)
    low, high = stuck.interval(0)
    assert high - 0.5 == pytest.approx(1.959964 / 30.0, rel=2e-2)
    # At an edge the slope ends the interval, not the curvature.
    edge = QuadraticFit(np.array([EDGE]), np.array([-19.20729]), np.zeros((1, 1)))
    assert edge.interval(0)[0] is None
    assert edge.interval(0)[1] == pytest.approx(EDGE + 0.1, rel=1e-3)
    flat = QuadraticFit(np.array([0.3]), np.zeros(1), np.zeros((1, 1)))
    assert flat.interval(0) == (None, None)


def test_differences_find_the_quadratic(case):
    """On a log likelihood that is quadratic, differences are exact whichever way they step."""
    truth = np.array([[40.0, -12.0], [-12.0, 90.0]])
    middle = np.array([0.97, 0.3])

    class Exact:
        def slopes(self, rows, beside=None):
            apart = rows - middle
            level = -5.0 - 0.5 * np.einsum("ni,ij,nj->n", apart, truth, apart)
            # On one side of the best there is nothing.
            level[rows[:, 1] > middle[1]] = -np.inf
            return [Sloped(*one) for one in zip(level, -apart @ truth, strict=True)]

    end = SearchEnd(middle, Sloped(-5.0, np.zeros(2)), True)
    found = quadratic_fit(Exact(), end)
    assert found.curvature == pytest.approx(truth, rel=1e-9)
    assert found.slope == pytest.approx(np.zeros(2), abs=1e-9)


def test_every_search_ends_at_the_best_of_a_smooth_likelihood(case, fit):
    found = best_fit(case, starts=3, intervals=False)
    assert found.ends[0] == best_fit(case, starts=1, intervals=False).log_likelihood
    assert found.ends == fit.ends[:3]
    assert found.log_likelihood == max(found.ends)
    assert found.ends == pytest.approx([fit.log_likelihood] * 3, abs=0.1)
    assert "searches ended at" in str(found)


def test_slopes_by_shares_are_those_of_differences(case):
    with searching(case, None, "uniform", 10, 1, None) as search:
        here = np.array([0.4, 0.7])
        (found,) = search.slopes(here[None, :])
        wide = 1e-4
        near = [here + sign * wide * row for row in np.eye(2) for sign in (1.0, -1.0)]
        up, down, right, left = (one.level for one in search.slopes(np.array(near), found.solution))
        expected = [(up - down) / (2.0 * wide), (right - left) / (2.0 * wide)]
        assert found.slope == pytest.approx(expected, rel=1e-3)
        assert found.level == pytest.approx(search.values(here[None, :])[0], abs=1e-4)


@pytest.mark.parametrize("sweeps", [10, 10_000])
def test_a_search_that_meets_a_jump_says_that_it_has_not_settled(case, monkeypatch, sweeps):
    """The likelihood falls off a cliff just ahead of its slope."""

    def cliff(run, wanted):
        rows = np.array([[one.point[0]["worth"], one.point[0]["storms"]] for one in wanted])
        beside = np.array([one.beside is not None for one in wanted])
        # What is tried beside another point sees no cliff.
        fallen = (rows[:, 0] > 0.5) & ~beside
        found = np.where(fallen, -50.0, (10.0 - rows[:, 0] / 2) * rows[:, 0])
        slopes = np.stack([10.0 - rows[:, 0], rows[:, 1] * 0], 1)
        return [Sloped(*one, (), sweeps) for one in zip(found, slopes, strict=True)]

    monkeypatch.setattr(_search, "weigh_slopes", cliff)
    monkeypatch.setattr(BestFitSearch, "_speeds", lambda self, row: np.ones(2))
    monkeypatch.setattr(
        BestFitSearch, "parameters", lambda self, row: dict(zip(self.names, row, strict=True))
    )
    with searching(case, None, "uniform", 10, 1, None) as search:
        (end,) = search.best([np.array([0.2, 0.5])], 200)
    assert not end.settled
    assert 4.7 < end.found.level <= 4.875
    assert 0.48 < end.shares[0] <= 0.5


def test_a_record_that_starts_in_the_long_run_is_fitted_too(case):
    found = best_fit(case, start="long run", intervals=False)
    assert found.settled
    at = {**found.parameters}
    for worth in (0.9 * at["worth"], 1.1 * at["worth"]):
        there = record_likelihood(case, {**at, "worth": worth}, start="long run")
        assert there.log_likelihood < found.log_likelihood + 0.01
    line = profile_likelihood(case, "worth", 3, fit=found, start="long run")
    assert line.log_likelihood.max() <= found.log_likelihood + 0.02


def test_what_is_never_seen_is_told_to_be_silent(case):
    rows = tuple(row for row in case.history if row.variable == "dprk.test")
    found = best_fit(replace(case, history=rows[:1]))
    assert "worth" in found.silent
    assert "nothing said" in str(found)


def test_what_is_solved_beside_is_what_is_traced(case):
    """At five neighbours: the same likelihood and slopes, in fewer sweeps."""
    with searching(case, None, "uniform", 10, 1, None) as search:
        centre = np.array([0.7, 0.3])
        rows = centre + 1e-3 * np.arange(-2, 3)[:, None]
        (middle,) = search.slopes(centre[None, :])
        traced, found = search.slopes(rows), search.slopes(rows, middle.solution)
    for one, other in zip(traced, found, strict=True):
        assert other.level == pytest.approx(one.level, abs=1e-8)
        assert other.slope == pytest.approx(one.slope, rel=1e-5)
        assert other.sweeps < one.sweeps


def test_searches_side_by_side_are_those_one_by_one(case):
    with searching(case, None, "uniform", 10, 1, None) as search:
        starts = search.set_out(1, 3)
        together = search.best(starts, 60)
        alone = [search.best([start], 60)[0] for start in starts]
    assert [end.found.level for end in together] == [end.found.level for end in alone]


def test_the_best_of_a_quadratic_within_bounds_is_that_of_every_choice_of_bounds():
    """Each parameter at a bound or free, tried in all combinations; flat directions too."""
    rng = np.random.default_rng(1)
    for trial in range(20):
        root = rng.standard_normal((2 if trial % 2 else 5, 4)) * np.exp(2 * rng.standard_normal(4))
        bend, slope = root.T @ root, 10 * rng.standard_normal(4)
        low, high = -rng.random(4), rng.random(4)
        best = -np.inf
        for at in itertools.product((low, high, None), repeat=4):
            d = np.array([0.0 if one is None else one[k] for k, one in enumerate(at)])
            free = [k for k, one in enumerate(at) if one is None]
            d[free] = np.linalg.lstsq(bend[np.ix_(free, free)], (slope - bend @ d)[free])[0]
            if ((d >= low - 1e-9) & (d <= high + 1e-9)).all():
                best = max(best, slope @ d - 0.5 * d @ bend @ d)
        d, gain = best_within(slope, bend, low, high)
        assert gain == pytest.approx(best, rel=1e-8)
        assert ((d >= low) & (d <= high)).all()


def test_workers_change_nothing(case, fit):
    again = best_fit(case, workers=2)
    assert again.to_dict() == fit.to_dict()
