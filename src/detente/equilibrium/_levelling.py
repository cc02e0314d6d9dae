"""Balancing at once what no choice feels: what values have in common under like conditions.

A choice leads from one state to others with the same levels of the conditions, and weighs their
values against one another. A shift of an actor's values that goes by the conditions alone is felt
by no choice: the equations are linear in it, with the rates of the jumps as coefficients. Such
shifts are what sweeps settle slowest, by about Lambda / (rho + Lambda) each. So at every point they
are solved for, such that imbalances are zero on average over the states of each setting of the
conditions (deflation: Nicolaides 1987). Where there are very many settings only the last conditions
are told apart. Cost: two passes over the states.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.equilibrium._game import TimedGame
from detente.equilibrium._sweep import demand
from detente.values import Floats

_SETTINGS = 64
"""Settings of conditions that are told apart, at most."""
_PIECE = 64


def answer_unfelt(game: TimedGame) -> Floats:
    """Return what turns sums of imbalances into shifts, (actors, settings, settings).

    Setting s % settings is that of state s: conditions are the last axes.
    """
    settings = 1
    for size in game.layout.size[game.layout.stop[-1] :][::-1]:
        if settings * size > _SETTINGS:
            break
        settings *= int(size)
    count = game.feasible.reshape(-1, settings).sum(axis=0)
    here = np.arange(settings)
    flows = np.zeros((settings, settings))
    for shift, rates in zip(game.layout.shift, game.jumps, strict=True):
        flows[here, (here + shift) % settings] += rates.reshape(-1, settings).sum(axis=0)
    staying = np.diag(flows.sum(axis=1) + (count == 0)) - flows
    equations = game.discount[:, None, None] * np.diag(count) + staying
    return np.asarray(np.linalg.inv(equations), dtype=np.float64)


@njit(cache=True, nogil=True)
def level(game, precision, kernel, priced, values, image, unfelt):  # type: ignore[no-untyped-def]
    """Shift each actor's values so that their mean imbalance is zero in each setting.

    ``unfelt`` is from `answer_unfelt`; ``image`` becomes that of the shifted values.

    Returns
    -------
    float
        The largest imbalance that is left.
    """
    demand(game, precision, kernel, priced, values, image)
    worst, states = 0.0, values.shape[1]
    for i in range(values.shape[0]):
        total = np.zeros(unfelt.shape[1])
        gaps(game, values, image, i, 0, states, total)
        worst = max(worst, shift(game, values, image, i, unfelt[i] @ total, 0, states))
    return worst


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc", "nsz"})
def gaps(game, values, image, i, first, last, total):  # type: ignore[no-untyped-def]
    """Add an actor's imbalances at some states to the total of each setting."""
    rate, settings = game.discount[i] + game.rate.sum(), total.size
    width = settings * max(1, _PIECE // settings)
    sums = np.zeros(width)
    feasible, leave = game.feasible[first:last], game.leave[first:last]
    value, right = values[i, first:last], image[i, first:last]
    for begin in range(0, value.size, width):
        for k in range(min(width, value.size - begin)):
            s = np.uintp(begin) + np.uintp(k)
            gap = right[s] - (rate + leave[s]) * value[s]
            sums[k] += gap if feasible[s] else 0.0
    for k in range(width):
        total[(first + k) % settings] += sums[k]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
def shift(game, values, image, i, by, first, last):  # type: ignore[no-untyped-def]
    """Shift an actor's values at some states; fill the image, return the largest imbalance."""
    if not np.isfinite(by).all():
        return np.inf
    settings, shifts = by.size, game.layout.shift
    width = settings * max(1, _PIECE // settings)
    own, across, worst = np.empty(width), np.empty(width), np.zeros(width)
    for k in range(width):
        own[k] = by[(first + k) % settings]
    feasible, leave = game.feasible[first:last], game.leave[first:last]
    value, right = values[i, first:last], image[i, first:last]
    for d in range(shifts.size):
        if shifts[d] % settings != 0:
            jump = game.jumps[d, first:last]
            for k in range(width):
                across[k] = by[(first + k + shifts[d]) % settings] - own[k]
            for begin in range(0, value.size, width):
                for k in range(min(width, value.size - begin)):
                    s = np.uintp(begin) + np.uintp(k)
                    right[s] += jump[s] * across[k]
    everyone, discount = game.rate.sum(), game.discount[i]
    for begin in range(0, value.size, width):
        for k in range(min(width, value.size - begin)):
            s = np.uintp(begin) + np.uintp(k)
            real, rate = feasible[s], everyone + leave[s]
            moved = value[s] + own[k] if real else 0.0
            wanted = right[s] + rate * own[k] if real else 0.0
            gap = abs(wanted - (discount + rate) * moved)
            worst[k] = gap if gap > worst[k] else worst[k]
            value[s] = moved
            right[s] = wanted / (discount + rate)
    return worst.max()
