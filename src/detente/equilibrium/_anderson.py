"""Anderson acceleration of the sweep, inside one compiled loop.

Plain sweeps shrink the error by about Lambda / (rho + Lambda) each and need thousands at low
discount rates. The slowest errors are those that no choice feels: each point is first rid of them
(`detente.equilibrium._levelling`). Anderson's method (Anderson 1965; Walker & Ni 2011, type II)
then combines the last few sweeps so that their differences cancel.

A combined step that makes the imbalance worse is not taken: what it showed is remembered and the
combination made anew from the same point; when that fails too, the plain sweep is taken and the
memory starts anew. Cost per iteration: one sweep and two passes over the memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.engine import stop_flag
from detente.equilibrium._game import TimedGame
from detente.equilibrium._levelling import answer_unfelt, level
from detente.values import Bools, Floats

MEMORY = 10
_REJECTED = 2
_PIECE = 512
_DEPENDENT = 1e-13


def workspace(
    game: TimedGame, stored: type[np.floating[Any]] = np.float64
) -> tuple[Floats, NDArray[Any], NDArray[Any], Bools, Floats]:
    """Return the arrays that `settle` works in, the flag that makes it leave off, and `unfelt`.

    What is remembered of past sweeps may be ``stored`` in single precision: it is differences only,
    and in a large game it is most of what passes through the memory.
    """
    states, actors = game.flow.shape
    points = np.empty((3, actors, states))
    steps = np.empty((MEMORY, actors * states), dtype=stored)
    return points, steps, np.empty_like(steps), stop_flag(), answer_unfelt(game)


@njit(cache=True, nogil=True)
def settle(game, precision, kernel, priced, values, tolerance, limit, work):  # type: ignore[no-untyped-def]
    """Improve ``values``, (actors, states), in place until the equations balance to ``tolerance``.

    Returns
    -------
    imbalance : float
        Largest difference between the sides of the equations, in spans of utility a year.
    sweeps, rejected : int
        Sweeps done, and accelerated steps among them that were not taken.
    """
    points, steps, changes, stop, unfelt = work
    image, trial, trial_image = points[0], points[1], points[2]
    gram, right = np.zeros((MEMORY, MEMORY)), np.zeros(MEMORY)
    used, place, rejected, in_a_row = 0, 0, 0, 0
    imbalance = level(game, precision, kernel, priced, values, image, unfelt)
    sweeps = 1
    while imbalance > tolerance and sweeps < limit and not stop[0]:
        weights = least(gram, right, used, place)
        combine(image.reshape(-1), steps, weights, used, trial.reshape(-1))
        reached = level(game, precision, kernel, priced, trial, trial_image, unfelt)
        sweeps += 1
        worse = used > 0 and not reached <= imbalance
        if worse and (in_a_row == _REJECTED or not np.isfinite(reached)):
            trial[:] = image
            reached = level(game, precision, kernel, priced, trial, trial_image, unfelt)
            sweeps += 1
            used, place, worse = 0, 0, False
            rejected += 1
        if not np.isfinite(reached):
            return reached, sweeps, rejected
        used = min(used + 1, MEMORY)
        remember(
            values.reshape(-1), image.reshape(-1), trial.reshape(-1), trial_image.reshape(-1),
            steps, changes, gram, right, used, place, worse,
        )  # fmt: skip
        place = (place + 1) % MEMORY
        if worse:
            rejected += 1
            in_a_row += 1
            continue
        in_a_row = 0
        values[:] = trial
        image, trial_image = trial_image, image
        imbalance = reached
    return imbalance, sweeps, rejected


@njit(cache=True, nogil=True)
def remember(  # type: ignore[no-untyped-def]
    values, image, trial, trial_image, steps, changes, gram, right, used, place, stay
):
    """Store the latest differences of images and of residuals, and their inner products.

    ``right`` becomes the inner products with the residual at the point that comes next: the one of
    ``values`` when they ``stay``, otherwise that of ``trial``.
    """
    products = np.zeros((2, used))
    compare(
        values, image, trial, trial_image, steps, changes, place, stay, products, 0, values.size
    )
    enter(products, gram, right, place)


@njit(cache=True, nogil=True)
def enter(products, gram, right, place):  # type: ignore[no-untyped-def]
    """Enter inner products where `least` finds them."""
    for row in range(products.shape[1]):
        gram[row, place] = products[0, row]
        gram[place, row] = products[0, row]
        right[row] = products[1, row]


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc", "nsz"})
def compare(  # type: ignore[no-untyped-def]
    values, image, trial, trial_image, steps, changes, place, stay, products, first, last
):
    """Store the latest differences between two places; add to their inner products, (2, used)."""
    residual, used = np.empty(_PIECE), products.shape[1]
    for begin in range(first, last, _PIECE):
        count = min(_PIECE, last - begin)
        step, change = steps[place, begin : begin + count], changes[place, begin : begin + count]
        for k in range(count):
            here = image[begin + k] - values[begin + k]
            there = trial_image[begin + k] - trial[begin + k]
            step[k] = trial_image[begin + k] - image[begin + k]
            change[k] = there - here
            residual[k] = here if stay else there
        for row in range(used):
            other = changes[row, begin : begin + count]
            product, along = 0.0, 0.0
            for k in range(count):
                product += other[k] * change[k]
                along += other[k] * residual[k]
            products[0, row] += product
            products[1, row] += along


@njit(cache=True, nogil=True)
def least(gram, right, used, place):  # type: ignore[no-untyped-def]
    """Return the weights of the remembered steps that leave the least residual.

    By Cholesky factors of the normal equations, the latest first; a step that the later ones
    already span gets weight zero.
    """
    order = np.empty(used, dtype=np.int64)
    factor, part = np.zeros((used, used)), np.zeros(used)
    weights = np.zeros(MEMORY)
    for i in range(used):
        order[i] = (place - 1 - i) % MEMORY if used == MEMORY else used - 1 - i
        pivot = gram[order[i], order[i]]
        total = right[order[i]]
        for j in range(i):
            if factor[j, j] > 0.0:
                entry = gram[order[i], order[j]]
                for k in range(j):
                    entry -= factor[i, k] * factor[j, k]
                factor[i, j] = entry / factor[j, j]
                pivot -= factor[i, j] ** 2
                total -= factor[i, j] * part[j]
        if pivot > _DEPENDENT * gram[order[i], order[i]]:
            factor[i, i] = np.sqrt(pivot)
            part[i] = total / factor[i, i]
    for i in range(used - 1, -1, -1):
        if factor[i, i] > 0.0:
            total = part[i]
            for j in range(i + 1, used):
                total -= factor[j, i] * weights[order[j]]
            weights[order[i]] = total / factor[i, i]
    return weights


@njit(cache=True, nogil=True)
def combine(image, steps, weights, used, trial):  # type: ignore[no-untyped-def]
    """Set ``trial`` to the image less the weighted steps."""
    step_back(image, steps, weights, used, trial, 0, trial.size)


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def step_back(image, steps, weights, used, trial, first, last):  # type: ignore[no-untyped-def]
    """Set ``trial`` to the image less the weighted steps, between two places."""
    for begin in range(first, last, _PIECE):
        end = min(begin + _PIECE, last)
        piece = trial[begin:end]
        piece[:] = image[begin:end]
        for row in range(used):
            factor = weights[row]
            if factor != 0.0:
                step = steps[row, begin:end]
                for k in range(piece.size):
                    piece[k] -= factor * step[k]
