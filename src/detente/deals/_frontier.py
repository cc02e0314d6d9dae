"""The Pareto frontier: points that no other point betters for one party without loss to another.

Points are sorted by their first payoff, downwards, and each is kept unless a point kept before it
is at least as good for everybody: O(points x kept), O(points log points) for two parties. With
lotteries (``mixed``) a point is efficient when no convex combination betters it, one linear
programme per candidate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import InputError
from detente.values import Bools, Floats


def frontier(payoffs: ArrayLike, mixed: bool = False, tolerance: float = 1e-9) -> Bools:
    """Return which points are Pareto efficient.

    Parameters
    ----------
    payoffs : array_like, (points, parties)
        Higher is better.
    mixed : bool
        Whether lotteries over the points count as alternatives.
    tolerance : float
        Gains below this share of a party's range do not count, with ``mixed``.

    Returns
    -------
    ndarray of bool, (points,)
        Points with equal payoffs are efficient together.

    Raises
    ------
    InputError
        When the payoffs are not a table of finite numbers.

    Examples
    --------
    >>> points = [[0, 10], [10, 0], [4, 4], [4, 3]]
    >>> frontier(points).tolist()
    [True, True, True, False]
    >>> frontier(points, mixed=True).tolist()
    [True, True, False, False]
    """
    points = as_points(payoffs)
    efficient = _undominated(points)
    if mixed:
        for k in np.flatnonzero(efficient):
            efficient[k] = _room(points[efficient], points[k], tolerance)
    return efficient


def as_points(payoffs: ArrayLike) -> Floats:
    """Return payoffs as (points, parties), checked."""
    points = np.asarray(payoffs, dtype=np.float64)
    if points.ndim != 2 or 0 in points.shape or not np.isfinite(points).all():
        raise InputError(
            f"payoffs are of shape {points.shape}; give a table of finite numbers, a row for each "
            "point and a column for each party"
        )
    return points


def _undominated(points: Floats) -> Bools:
    values, back = np.unique(points, axis=0, return_inverse=True)
    kept: list[int] = []
    best = np.empty_like(values)
    for k in range(len(values) - 1, -1, -1):
        if not (best[: len(kept)] >= values[k]).all(axis=1).any():
            best[len(kept)] = values[k]
            kept.append(k)
    efficient = np.zeros(len(values), dtype=bool)
    efficient[kept] = True
    return np.asarray(efficient[back.reshape(-1)])


def _room(points: Floats, point: Floats, tolerance: float) -> bool:
    """Return whether no lottery over the points betters a point by more than the tolerance."""
    from scipy.optimize import linprog

    span = np.ptp(points, axis=0)
    span[span == 0.0] = 1.0
    gains = (points - point) / span
    found = linprog(
        -gains.sum(axis=1),
        A_ub=-gains.T,
        b_ub=np.zeros(points.shape[1]),
        A_eq=np.ones((1, len(points))),
        b_eq=[1.0],
        method="highs",
    )
    return bool(found.status != 0 or -found.fun <= tolerance * points.shape[1])
