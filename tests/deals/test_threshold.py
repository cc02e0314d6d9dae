"""Crossings against a dense grid, on curves that rise, fall, come back and barely touch.

Would catch: a first crossing passed off as the only one, ends that do not hold, monotone assumed,
windows between grid points overlooked.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.deals._threshold import overlap, threshold
from detente.errors import InputError

DENSE = np.linspace(0.0, 1.0, 2001)


def inside(intervals, x, slack=0.0):
    return any(low - slack <= x <= high + slack for low, high in intervals)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_all_intervals_equal_a_dense_grid(seed):
    """Cubics: at most two bends, caught by nine points and the search between them."""
    roots = np.random.default_rng(seed).uniform(-0.3, 1.3, 3)

    def margin(x):
        return float(np.prod(x - roots))

    found = threshold(margin, np.linspace(0.0, 1.0, 17), 1e-4)
    gaps = np.diff(np.sort(np.concatenate([roots, [0.0, 1.0]])))
    if np.abs(gaps).min() < 0.13:  # two roots in neighbouring cells: another test
        return
    for x in DENSE:
        near = min(abs(x - r) for r in roots) < 2e-4
        assert near or inside(found.intervals, x) == (margin(x) >= 0.0)
    for low, high in found.intervals:
        assert margin(low) >= 0.0
        assert margin(high) >= 0.0


@pytest.mark.parametrize("centre", [0.31, 0.5, 0.77])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_window_narrower_than_the_grid_is_found(centre, sign):
    found = threshold(lambda x: sign * (1e-4 - (x - centre) ** 2), np.linspace(0, 1, 8), 1e-6)
    edges = (centre - 0.01, centre + 0.01)
    if sign > 0:
        ((low, high),) = found.intervals
    else:
        (_, low), (high, _) = found.intervals
    assert (low, high) == pytest.approx(edges, abs=3e-6)
    assert not found.monotone


def test_never_always_and_the_best_that_was_reached():
    never = threshold(lambda x: x - 2.0, [0.0, 0.5, 1.0])
    assert never.least is None
    assert never.best == (1.0, -1.0)
    assert never.monotone
    always = threshold(lambda x: 1.0, [0.0, 0.5, 1.0])
    assert always.intervals == ((0.0, 1.0),)


def test_levels_have_nothing_between_them_and_gaps_do_not_hold():
    margins = {0.0: -1.0, 1.0: 2.0, 2.0: float("nan"), 3.0: 0.0}
    found = threshold(margins.__getitem__, [0.0, 1.0, 2.0, 3.0], between="nothing")
    assert found.intervals == ((1.0, 1.0), (3.0, 3.0))
    assert found.best == (1.0, 2.0)


def test_without_refining_only_the_grid_is_tried():
    tried = []

    def margin(x):
        tried.append(x)
        return x - 0.3

    found = threshold(margin, [0.0, 0.5, 1.0], refine=False)
    assert tried == [0.0, 0.5, 1.0]
    assert found.least == pytest.approx(0.3)
    step = threshold(lambda x: 1.0 if x > 0.3 else -1.0, [0.0, 0.5, 1.0], 1e-3, "step", False)
    assert step.least == 0.5


def test_overlaps():
    assert overlap([(0.0, 1.0)], [(1.0, 2.0)]) == ((1.0, 1.0),)
    assert overlap([(0.0, 1.0)], [(1.1, 2.0)]) == ()


@pytest.mark.parametrize(("grid", "tolerance"), [([1.0, 0.0], 1e-3), ([], 1e-3), ([0, 1], 0.0)])
def test_senseless_grids_are_refused(grid, tolerance):
    with pytest.raises(InputError):
        threshold(lambda x: x, grid, tolerance)
