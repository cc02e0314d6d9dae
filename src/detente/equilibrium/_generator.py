"""The equilibrium as a continuous-time Markov chain: its sparse generator, and single choices.

Row s holds ``rate x choice probability`` for every other state that some actor may choose, and the
conditions' jump rates; states are the feasible ones, in the order of the tensor. Cost and memory
O(states x joint moves of all actors), the only place where joint moves are listed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detente.equilibrium._game import TimedGame
from detente.equilibrium._moves import joint_matrices, sharp
from detente.values import Floats


def assemble(game: TimedGame, movers: Sequence[tuple[TimedGame, Floats]]) -> csr_array:
    """Return the generator when each actor acts on the solution of its own game.

    Parameters
    ----------
    game : TimedGame
        The true one: move rates, jumps and what is feasible and allowed.
    movers : sequence of (TimedGame, ndarray)
        For each actor the game it believes in and its scaled values there, (states,).

    Returns
    -------
    scipy.sparse.csr_array
        Square over the feasible states, a year; rows sum to zero.
    """
    number = np.cumsum(game.feasible) - 1
    live = np.flatnonzero(game.feasible)
    rows, columns, rates = [], [], []
    for actor, (believed, strided) in enumerate(movers):
        value = np.ascontiguousarray(strided)
        size = own_size(game, actor)
        row = np.empty(live.size * size, dtype=np.int64)
        column, rate = np.empty_like(row), np.empty(row.size)
        count = list_moves(
            possible(game, believed), game.feasible, value, actor, size, row, column, rate
        )
        rows.append(row[:count])
        columns.append(column[:count])
        rates.append(rate[:count])
    row, column, rate = list_jumps(game)
    rows.append(row)
    columns.append(column)
    rates.append(rate)
    changes = number[np.concatenate(rows)], number[np.concatenate(columns)], np.concatenate(rates)
    few = sum(map(len, rows)) + live.size < np.iinfo(np.int32).max
    start, column, rate = in_rows(live.size, *changes, np.empty(0, np.int32 if few else np.int64))
    return csr_array((rate, column, start), shape=(live.size, live.size))


@njit(cache=True, nogil=True)
def in_rows(states, source, target, rate, like):  # type: ignore[no-untyped-def]
    """Return a generator's rows, sorted by column, from its changes of state, none listed twice.

    Rates of zero are left out, and so is the diagonal of a state that is never left. Numbers of
    states are of the kind of ``like``.
    """
    count = np.zeros(states + 1, dtype=np.int64)
    for k in range(source.size):
        count[source[k] + 1] += rate[k] != 0.0
    place = np.cumsum(count)
    begin = place.copy()
    columns, rates = np.empty(begin[states], dtype=like.dtype), np.empty(begin[states])
    for k in range(source.size):
        if rate[k] == 0.0:
            continue
        at = place[source[k]]
        while at > begin[source[k]] and columns[at - 1] > target[k]:
            columns[at], rates[at] = columns[at - 1], rates[at - 1]
            at -= 1
        columns[at], rates[at] = target[k], rate[k]
        place[source[k]] += 1
    full = np.zeros(states + 1, dtype=like.dtype)
    column, found = np.empty(columns.size + states, dtype=like.dtype), np.empty(rates.size + states)
    size = 0
    for s in range(states):
        leave, own = 0.0, -1
        for k in range(begin[s], begin[s + 1]):
            if own < 0 and columns[k] > s:
                own, size = size, size + 1
            column[size], found[size] = columns[k], rates[k]
            leave += rates[k]
            size += 1
        if leave > 0.0:
            if own < 0:
                own, size = size, size + 1
            column[own], found[own] = s, -leave
        full[s + 1] = size
    return full, column[:size], found[:size]


def possible(game: TimedGame, believed: TimedGame) -> TimedGame:
    """Return the game that an actor believes in, with the moves that are possible in truth too.

    An actor that finds all its moves impossible, because it believes the state itself to be, stays.
    """
    return believed._replace(
        rate=game.rate,
        feasible=game.feasible & believed.feasible,
        allowed=game.allowed & believed.allowed,
    )


def choices(
    game: TimedGame, believed: TimedGame, value: Floats, actor: int, state: int
) -> tuple[NDArray[np.intp], Floats]:
    """Return the states that an actor chooses from a state, and their probabilities.

    Parameters
    ----------
    game, believed : TimedGame
        The true one, and the one that the actor believes in and ``value`` solves.
    value : ndarray, (states,)
    """
    value = np.ascontiguousarray(value)
    game = possible(game, believed)
    size = own_size(game, actor)
    after = int(game.layout.stride[game.layout.stop[actor] - 1])
    allowed, cost = np.empty((size, size)), np.empty((size, size))
    joint_matrices(game.allowed, game.layout, actor, allowed, False)
    joint_matrices(game.cost, game.layout, actor, cost, True)
    here = (state // after) % size
    base = state - here * after
    probability = np.empty(size)
    sharp(
        game.precision[actor], allowed, cost, value, game.feasible, after, base, probability, here
    )
    chosen = np.flatnonzero(probability > 0.0)
    return base + chosen * after, probability[chosen]


def own_size(game: TimedGame, actor: int) -> int:
    """Return the number of joint levels of an actor's options."""
    own = slice(game.layout.first[actor], game.layout.stop[actor])
    return int(np.prod(game.layout.size[own]))


@njit(cache=True, nogil=True)
def list_moves(game, states, value, actor, own, row, column, rate):  # type: ignore[no-untyped-def]
    """List (from, to, rate) of an actor's moves from some states; return how many there are."""
    layout = game.layout
    after = layout.stride[layout.stop[actor] - 1]
    allowed, cost = np.empty((own, own)), np.empty((own, own))
    joint_matrices(game.allowed, layout, actor, allowed, False)
    joint_matrices(game.cost, layout, actor, cost, True)
    probability = np.empty(own)
    count = 0
    for state in range(value.size):
        if states[state]:
            here = (state // after) % own
            base = state - here * after
            sharp(
                game.precision[actor], allowed, cost, value, game.feasible, after, base,
                probability, here,
            )  # fmt: skip
            for m in range(own):
                if m != here and probability[m] > 0.0:
                    row[count], column[count] = state, base + m * after
                    rate[count] = game.rate[actor] * probability[m]
                    count += 1
    return count


@njit(cache=True, nogil=True)
def list_jumps(game):  # type: ignore[no-untyped-def]
    """List (from, to, rate) of the conditions' jumps."""
    total = 0
    for d in range(game.jumps.shape[0]):
        for s in range(game.feasible.size):
            total += game.feasible[s] and game.jumps[d, s] > 0.0
    row, column = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int64)
    rate = np.empty(total)
    count = 0
    for d in range(game.jumps.shape[0]):
        for s in range(game.feasible.size):
            if game.feasible[s] and game.jumps[d, s] > 0.0:
                row[count], column[count] = s, s + game.layout.shift[d]
                rate[count] = game.jumps[d, s]
                count += 1
    return row, column, rate
