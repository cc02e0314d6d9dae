"""The branch of a small game by arc length, from precision zero, with every derivative in full.

Where the branch is steep or folds again and again, points found before may lie on another branch,
and a step along it may turn round unseen. This starts anew where there is one equilibrium only, at
precision zero, where the equations are linear. Each point is predicted along the tangent and
corrected at right angles to it, both with one LU factorization of the full derivative; the sign of
its determinant says which way is onward (Allgower & Georg 1990, ch. 2 and 3). A step is halved
where corrections do not settle or move far, or where the tangent turns. Cost: two derivatives a
point, each a sweep for every actor and state, and their factorizations; hundreds of points. So it
is for games of at most `SMALL` equations.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import lu_factor, lu_solve

from detente.equilibrium._arclength import DIFFERENCE, Curve
from detente.equilibrium._game import TimedGame
from detente.values import Floats

SMALL = 600
"""Equations, one for each actor in each feasible state."""
_CORRECTIONS = 8
_SETTLED = 1e-9
_FIRST, _SMALLEST = 1e-3, 1e-8
_BEND = 0.2
"""Share of a step that its corrections may move."""
_TURN = 0.9
"""Cosine of the angle by which the tangent may turn in a step."""


def follow_from_zero(
    game: TimedGame, limit: int = 1000
) -> tuple[Floats, int, int, tuple[float, ...]] | None:
    """Follow the branch by arc length from precision zero up to the stated precision.

    Parameters
    ----------
    limit : int
        Points at most.

    Returns
    -------
    values : ndarray
        On the branch at the stated precision, (actors, states).
    sweeps, points : int
    folds : tuple of float
        Shares of the stated precision at which the branch turned back, in order.
    None when the branch could not be followed that far, or the game is not small.
    """
    curve = Curve(game)
    if curve.live.sum() > SMALL:
        return None
    now = _beginning(curve)
    upward = np.zeros(now.size)
    upward[-1] = 1.0
    along, onward = _tangent(curve, now, upward, 0.0)
    step, folds = _FIRST, list[float]()
    for points in range(1, limit + 1):
        while True:
            found = _corrected(curve, now + step * along, along, step)
            if found is not None and found[-1] >= 1.0:
                back = (found[-1] - 1.0) / (found[-1] - now[-1])
                found = _corrected(curve, found + back * (now - found), upward, step)
                if found is not None:
                    return curve.values(found), curve.sweeps, points, tuple(folds)
            if found is not None:
                turned, _ = _tangent(curve, found, along, onward)
                if turned @ along >= _TURN:
                    break
            step /= 2.0
            if step < _SMALLEST:
                return None
        if turned[-1] < 0.0 < along[-1]:
            folds.append(float(now[-1]))
        if found[-1] < 0.0:
            return None
        now, along, step = found, turned, step * 1.5
    return None


def _beginning(curve: Curve) -> Floats:
    """Return the point at precision zero."""
    point = np.zeros(int(curve.live.sum()) + 1)
    for _ in range(3):  # one step but for what differences round off
        residual = curve.residual(point)
        point[:-1] -= np.linalg.solve(_derivative(curve, point, residual)[:, :-1], residual)
    return point


def _derivative(curve: Curve, point: Floats, here: Floats) -> Floats:
    """Return how the residual, ``here`` at a point, moves with each number of the point."""
    found = np.empty((here.size, point.size))
    for column in range(point.size):
        size = DIFFERENCE * (curve.weight if column < here.size else 1.0)
        beside = point.copy()
        beside[column] += size
        found[:, column] = (curve.residual(beside) - here) / size
    return found


def _tangent(curve: Curve, point: Floats, along: Floats, onward: float) -> tuple[Floats, float]:
    """Return the direction onward at a point, of length one, and the sign of the determinant.

    With ``onward`` zero it is the side of ``along``.
    """
    bordered = np.vstack([_derivative(curve, point, curve.residual(point)), along])
    factors, pivots = lu_factor(bordered)
    swaps = np.count_nonzero(pivots != np.arange(pivots.size))
    sign = float(np.prod(np.sign(np.diag(factors)))) * (-1.0) ** swaps
    wanted = np.zeros(point.size)
    wanted[-1] = 1.0
    direction = lu_solve((factors, pivots), wanted)
    direction /= np.linalg.norm(direction)
    return (-direction if onward and sign != onward else direction), sign


def _corrected(curve: Curve, predicted: Floats, across: Floats, step: float) -> Floats | None:
    """Return the point of the curve at right angles to ``across``, or None where none is near."""
    point, residual = predicted.copy(), np.append(curve.residual(predicted), 0.0)
    factors = lu_factor(np.vstack([_derivative(curve, predicted, residual[:-1]), across]))
    size = float(np.linalg.norm(residual))
    for _ in range(_CORRECTIONS):
        if size <= _SETTLED:
            break
        point = point - lu_solve(factors, residual)
        residual = np.append(curve.residual(point), across @ (point - predicted))
        before, size = size, float(np.linalg.norm(residual))
        if not size < before:
            return None
    near = float(np.linalg.norm(point - predicted)) <= _BEND * step
    return point if near and size <= _SETTLED else None
