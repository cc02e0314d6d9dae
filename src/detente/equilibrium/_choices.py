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
from scipy.sparse import csr_array

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
def _back(chance, worth, change, rate, precision, gain, mean, by_rate, by_precision, joint):  # type: ignore[no-untyped-def]
    """Turn slopes by a state's rates into those by scaled values, and add the others on the way."""
    mean[:] = 0.0
    for e in range(chance.size):
        share, row = chance[e], gain[e]
        for q in range(mean.size):
            mean[q] += share * row[q]
    for q in range(mean.size):
        by_rate[q] += mean[q]
    for e in range(chance.size):
        factor, steep, row, paid = rate * chance[e], worth[e], gain[e], joint[change[e]]
        for q in range(mean.size):
            slope = factor * (row[q] - mean[q])
            by_precision[q] += steep * slope
            paid[q] += precision * slope
            row[q] = precision * slope


@njit(cache=True, nogil=True, fastmath={"contract"})
def _from_rates(  # type: ignore[no-untyped-def]
    choices, change, start, column, slopes, gain, live, value, by_rate, by_precision, joint
):
    """Add what comes from slopes by the entries of a matrix, its columns rising in each row."""
    mean = np.empty(by_rate.size)
    for k in range(choices.begin.size - 1):
        low, high, at = choices.begin[k], choices.begin[k + 1], start[k]
        for e in range(low, high):
            while at < start[k + 1] and column[at] < choices.target[e]:
                at += 1
            if at < start[k + 1] and column[at] == choices.target[e]:
                gain[e - low] = slopes[at]
            else:
                gain[e - low] = 0.0
        _back(
            choices.chance[low:high], choices.worth[low:high], change[low:high], choices.rate,
            choices.precision, gain, mean, by_rate, by_precision, joint,
        )  # fmt: skip
        for e in range(low, high):
            row, out = gain[e - low], value[live[choices.target[e]]]
            for q in range(mean.size):
                out[q] += row[q]


@njit(cache=True, nogil=True, fastmath={"contract"})
def _from_values(choices, change, values, m, gain, by_rate, by_precision, joint):  # type: ignore[no-untyped-def]
    """Add what comes from -m . F, with ``values`` (states, actors)."""
    mean, actor = np.empty(by_rate.size), choices.actor
    for k in range(choices.begin.size - 1):
        low, high = choices.begin[k], choices.begin[k + 1]
        own = m[actor, k]
        for e in range(low, high):
            row, there, paid = gain[e - low], choices.target[e], joint[change[e]]
            brought = choices.rate * choices.chance[e]
            for q in range(mean.size):
                row[q] = -choices.cost[e] * own[q]
                paid[q] += brought * own[q]
            for i in range(m.shape[0]):
                better, pulled = values[there, i] - values[k, i], m[i, k]
                for q in range(mean.size):
                    row[q] += better * pulled[q]
        _back(
            choices.chance[low:high], choices.worth[low:high], change[low:high], choices.rate,
            choices.precision, gain, mean, by_rate, by_precision, joint,
        )  # fmt: skip


class ChoiceSlopes:
    """Slopes by the numbers of an actor's game, of what moves with its choices.

    Parameters
    ----------
    game : TimedGame
        On which the actor acts.
    choices : Choices
    quantities : int
    """

    def __init__(self, game: TimedGame, choices: Choices, quantities: int) -> None:
        self.game, self.choices = game, choices
        size = own_size(game, choices.actor)
        self._change = choices.here * size + choices.there
        self._gain = np.empty((size, quantities))
        self._sums = (
            np.zeros(quantities),
            np.zeros(quantities),
            np.zeros((size * size, quantities)),
        )

    def from_rates(self, step: csr_array, slopes: Floats, live: Ints, value: Floats) -> None:
        """Add to slopes by scaled values, (states of the tensor, quantities), those by rates.

        Parameters
        ----------
        step : scipy.sparse.csr_array
            Its entries say which changes of state there are.
        slopes : ndarray, (entries, quantities)
            By the rate of each, which leaves less for staying.
        live : ndarray of int
            Flat indices of its states.
        value : ndarray
        """
        rows = step.indptr, step.indices, slopes
        _from_rates(self.choices, self._change, *rows, self._gain, live, value, *self._sums)

    def from_values(self, values: Floats, m: Floats) -> None:
        """Add what moves by -m . F; ``m`` is (actors, states, quantities)."""
        _from_values(self.choices, self._change, values, m, self._gain, *self._sums)

    def add_to(self, own: ConflictGradient, rates: ConflictGradient, where: Ints | slice) -> None:
        """Add slopes by precision and costs to ``own``, by the rate to ``rates``, in some columns.

        Those by the costs of joint changes are summed up over the levels of other options.
        """
        game, actor = self.game, self.choices.actor
        by_rate, by_precision, joint = self._sums
        rates.rate[actor, where] += by_rate
        own.precision[actor, where] += game.span[actor] * by_precision
        axes = range(game.layout.first[actor], game.layout.stop[actor])
        levels = [int(game.layout.size[k]) for k in axes]
        table = joint.reshape(*levels, *levels, -1) / -game.span[actor]
        count = len(levels)
        for j, k in enumerate(axes):
            others = tuple(i for i in range(2 * count) if i not in {j, count + j})
            own.cost[k][..., where] += table.sum(axis=others)
