"""Round the folds of the branch: continuation by arc length.

Where the branch of equilibria turns back in precision, no small step in precision has a nearby
solution. Following it by arc length, precision is an unknown like the values: each point is
predicted along the tangent and corrected, at right angles to it, by Newton's method with GMRES
(Keller 1977; Allgower & Georg 1990; for this branch Turocy 2005). A correction that is not small
beside its step may have leapt to another branch: the step is halved. Cost: tens to hundreds of
sweeps per point; used only past where steps in precision fail.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from detente.engine import poll
from detente.equilibrium._game import TimedGame
from detente.equilibrium._moves import kernels
from detente.equilibrium._sweep import sweep
from detente.values import Floats

_NEWTON_STEPS = 8
_LOOSE = 1e-9
_SMALLEST = 1e-7
DIFFERENCE = 1e-7
_BEND = 0.3


class Curve:
    """The equations with the share of the stated precision as an unknown.

    A point is a vector: the values at feasible states, weighted so that its length is their root
    mean square, then the share.
    """

    def __init__(self, game: TimedGame) -> None:
        self.game = game
        self.live = np.tile(game.feasible, game.flow.shape[1])
        self.weight = 1.0 / np.sqrt(self.live.sum())
        self.sweeps = 0

    def point(self, values: Floats, share: float) -> Floats:
        """Return values and share as a point."""
        return np.append(values.reshape(-1)[self.live] * self.weight, share)

    def values(self, point: Floats) -> Floats:
        """Return the values of a point."""
        values = np.zeros(self.game.flow.size)
        values[self.live] = point[:-1] / self.weight
        return values.reshape(self.game.flow.shape[::-1])

    def residual(self, point: Floats) -> Floats:
        """Return how far one sweep moves the values of a point, weighted."""
        poll()
        game = self.game
        precision = game.precision * max(float(point[-1]), 0.0)
        kernel, priced = kernels(game.allowed, game.cost, game.layout, precision)
        values = self.values(point)
        image = np.empty_like(values)
        sweep(game, precision, kernel, priced, values, image)
        self.sweeps += 1
        moved: Floats = (image - values).reshape(-1)[self.live] * self.weight
        return moved

    def bordered(self, at: Floats, across: Floats, here: Floats) -> LinearOperator:
        """Return the derivative of the residual at a point, ``here`` there, with a row below it."""

        def derivative(direction: Floats) -> Floats:
            length = float(np.linalg.norm(direction))
            if length == 0.0:
                return np.zeros_like(direction)
            moved = self.residual(at + direction * (DIFFERENCE / length))
            return np.append((moved - here) * (length / DIFFERENCE), across @ direction)

        return LinearOperator((at.size, at.size), matvec=derivative, dtype=float)

    def tangent(self, point: Floats, along: Floats) -> Floats:
        """Return the direction of the curve at a point, of length one, on the side of ``along``."""
        wanted = np.zeros(point.size)
        wanted[-1] = 1.0
        operator = self.bordered(point, along, self.residual(point))
        found, _ = gmres(operator, wanted, x0=along, rtol=1e-4, restart=80, maxiter=2)
        return np.asarray(found / np.linalg.norm(found))

    def correct(self, predicted: Floats, tangent: Floats) -> tuple[Floats, bool]:
        """Move a predicted point onto the curve, at right angles to the tangent."""
        point = predicted.copy()
        residual = np.append(self.residual(point), 0.0)
        size = float(np.linalg.norm(residual))
        for _ in range(_NEWTON_STEPS):
            if size <= _LOOSE:
                break
            operator = self.bordered(point, tangent, residual[:-1])
            step, _ = gmres(operator, -residual, rtol=1e-2, restart=80, maxiter=2)
            point = point + step
            residual = np.append(self.residual(point), tangent @ (point - predicted))
            before, size = size, float(np.linalg.norm(residual))
            if not size < before:
                break
        return point, size <= _LOOSE


def follow(
    game: TimedGame, first: tuple[float, Floats], second: tuple[float, Floats], limit: int = 400
) -> tuple[Floats, int, int, tuple[float, ...]] | None:
    """Follow the branch by arc length from two of its points up to the stated precision.

    Parameters
    ----------
    first, second : (float, ndarray)
        Share of the stated precision and values, (actors, states), at two points, in order.
    limit : int
        Points at most.

    Returns
    -------
    values : ndarray
        Close to the branch at the stated precision.
    sweeps, points : int
    folds : tuple of float
        Shares of the stated precision at which the branch turned back, in order.
    None when the branch could not be followed that far.
    """
    curve = Curve(game)
    upward = np.append(np.zeros(int(curve.live.sum())), 1.0)
    before, now = curve.point(first[1], first[0]), curve.point(second[1], second[0])
    length = float(np.linalg.norm(now - before))
    along = (now - before) / length
    corrected, on_curve = curve.correct(now, upward)
    now = corrected if on_curve else before
    folds: list[float] = []
    for points in range(1, limit + 1):
        onward = curve.tangent(now, along)
        if onward[-1] < 0.0 < along[-1]:
            folds.append(float(now[-1]))
        along = onward
        while True:
            predicted = now + length * along
            found, on_curve = curve.correct(predicted, along)
            if on_curve and float(np.linalg.norm(found - predicted)) <= _BEND * length:
                break
            length /= 2.0
            if length < _SMALLEST:
                return None
        before, now = now, found
        if now[-1] >= 1.0:
            back = (now[-1] - 1.0) / (now[-1] - before[-1])
            return curve.values(now + back * (before - now)), curve.sweeps, points, tuple(folds)
        length *= 1.6
    return None
