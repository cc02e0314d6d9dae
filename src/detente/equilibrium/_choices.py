"""What actors choose, choice by choice, and slopes taken back through the choices.

A quantity that moves with the rate of each change of state moves with the worth of each choice: a
choice is taken with ``p(a) = exp(b w(a)) / sum``, so with g(a) the slope by the rate of change to
a, that by the worth is ``b x rate x p(a) (g(a) - mean of g)``. Worth is the value of where it leads
less the cost. All quantities side by side; cost O(states x joint moves x quantities).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from detente.conflict import ConflictGradient
from detente.equilibrium._game import TimedGame
from detente.equilibrium._generator import own_size
from detente.equilibrium._moves import joint_matrices, sharp
from detente.values import Floats, Ints


class Choices(NamedTuple):
    """All choices of one actor from some states; those from state k are ``begin[k:k + 2]``.

    ``source`` and ``target`` are numbers among those states, ``here`` and ``there`` joint levels of
    the actor; to stay is a choice too.
    """

    actor: int
    rate: float
    precision: float
    begin: Ints
    source: Ints
    target: Ints
    here: Ints
    there: Ints
    chance: Floats
    cost: Floats
    worth: Floats


def list_choices(game: TimedGame, live: Ints, value: Floats, actor: int) -> Choices:
    """List an actor's choices from some states, which no choice may leave.

    Parameters
    ----------
    game : TimedGame
        Its rate, what is possible, and the precision and costs on which the actor acts.
    live : ndarray of int
        Flat indices, rising.
    value : ndarray, (states,)
        On which the actor acts.
    """
    value = np.ascontiguousarray(value)
    own = own_size(game, actor)
    number = np.full(value.size, -1, dtype=np.int64)
    number[live] = np.arange(live.size)
    counts = np.zeros(live.size + 1, dtype=np.int64)
    found = np.empty((4, live.size * own), dtype=np.int64)
    odds = np.empty((2, live.size * own))
    size = _list(game, live, number, value, actor, own, counts, found, odds)
    source, target, here, there = found[:, :size]
    chance, cost = odds[:, :size]
    return Choices(
        actor, float(game.rate[actor]), float(game.precision[actor]), np.cumsum(counts), source,
        target, here, there, chance, cost, value[live][target] - cost,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _list(game, live, number, value, actor, own, counts, found, odds):  # type: ignore[no-untyped-def]
    layout = game.layout
    after = layout.stride[layout.stop[actor] - 1]
    allowed, cost = np.empty((own, own)), np.empty((own, own))
    joint_matrices(game.allowed, layout, actor, allowed, False)
    joint_matrices(game.cost, layout, actor, cost, True)
    probability = np.empty(own)
    size = 0
    for k in range(live.size):
        here = (live[k] // after) % own
        base = live[k] - here * after
        sharp(
            game.precision[actor], allowed, cost, value, game.feasible, after, base,
            probability, here,
        )  # fmt: skip
        for m in range(own):
            if probability[m] > 0.0:
                found[0, size], found[1, size] = k, number[base + m * after]
                found[2, size], found[3, size] = here, m
                odds[0, size], odds[1, size] = probability[m], cost[here, m]
                size += 1
                counts[k + 1] += 1
    return size


@njit(cache=True, nogil=True, fastmath={"contract"})
def _go_back(begin, chance, worth, place, rate, precision, gain, by_rate, by_precision, joint):  # type: ignore[no-untyped-def]
    """Turn slopes by rates into those by scaled values, and add the others on the way."""
    mean, count = np.empty(gain.shape[1]), gain.shape[1]
    for k in range(begin.size - 1):
        mean[:] = 0.0
        for e in range(begin[k], begin[k + 1]):
            for q in range(count):
                mean[q] += chance[e] * gain[e, q]
        for q in range(count):
            by_rate[q] += mean[q]
        for e in range(begin[k], begin[k + 1]):
            factor, steep, row = rate * chance[e], worth[e], joint[place[e]]
            for q in range(count):
                slope = factor * (gain[e, q] - mean[q])
                by_precision[q] += steep * slope
                row[q] += precision * slope
                gain[e, q] = precision * slope


@njit(cache=True, nogil=True, fastmath={"contract"})
def add_rows(place, factor, source, rows, out):  # type: ignore[no-untyped-def]
    """Add to the rows of ``out`` at some places other rows, times factors."""
    for e in range(place.size):
        for q in range(rows.shape[1]):
            out[place[e], q] += factor[e] * rows[source[e], q]


def add_choice_slopes(
    game: TimedGame, choices: Choices, gain: Floats, own: ConflictGradient, rates: ConflictGradient
) -> Floats:
    """Add slopes by the numbers of an actor's game, from those by its rates of change.

    Parameters
    ----------
    game : TimedGame
        On which the actor acts.
    choices : Choices
    gain : ndarray, (choices, quantities)
        Slope by the rate of change of each choice, above that of staying. Spent on the result.
    own : ConflictGradient
        To which its precision and costs are added.
    rates : ConflictGradient
        To which its rate is added.

    Returns
    -------
    ndarray, (choices, quantities)
        Slopes by the scaled value of where each choice leads.
    """
    actor, span = choices.actor, game.span[choices.actor]
    size, count = own_size(game, actor), gain.shape[1]
    by_rate, by_precision = np.zeros(count), np.zeros(count)
    joint = np.zeros((size * size, count))
    _go_back(
        choices.begin, choices.chance, choices.worth, choices.here * size + choices.there,
        choices.rate, choices.precision, gain, by_rate, by_precision, joint,
    )  # fmt: skip
    rates.rate[actor] += by_rate
    own.precision[actor] += span * by_precision
    add_costs(game, actor, joint, -1.0 / span, own)
    return gain


def add_costs(
    game: TimedGame, actor: int, joint: Floats, factor: float, own: ConflictGradient
) -> None:
    """Add slopes by the costs of an actor's options, from those by the costs of joint changes.

    ``joint`` is (joint levels squared, quantities).
    """
    axes = range(game.layout.first[actor], game.layout.stop[actor])
    levels = [int(game.layout.size[k]) for k in axes]
    table = joint.reshape(*levels, *levels, -1)
    count = len(levels)
    for j, k in enumerate(axes):
        others = tuple(i for i in range(2 * count) if i not in {j, count + j})
        own.cost[k] += factor * table.sum(axis=others)
