"""Simultaneous stability of one actor against a single other who may go from any level to any.

From a state in row r, the other's improvements are the columns that it ranks higher in that row.
Going through a row from its best column down, they only become more, so one running least for each
row that the actor might move to says what they can make of it. Cost: O(N M) for N states and M
joint levels of the actor, along neighbouring numbers; the search of joint choices takes as many
times the other's joint levels at the worst.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.engine import poll
from detente.stability._extremes import NEVER
from detente.stability._game import RankedGame
from detente.values import Bools

MOST_LEVELS = 1 << 13
"""Of the actor's own joint levels."""


def fits(game: RankedGame, actor: str) -> bool:
    """Tell whether the actor has a single other, both unrestricted, and no line too long."""
    movers = [game.mover(name) for name in game.conflict.actors]
    free = all(half.reach.size == 1 for mover in movers for half in mover.halves)
    return len(movers) == 2 and free and game.mover(actor).block[1] <= MOST_LEVELS


def sim_against_one(game: RankedGame, actor: str) -> Bools:
    """Return where an actor is stable, flat; for conflicts that `fits`."""
    (other,) = (name for name in game.conflict.actors if name != actor)
    settings = game.mover(game.conflict.actors[-1]).block[2]
    shape = *(game.mover(name).block[1] for name in game.conflict.actors), settings
    ranks = [game.rank(name).reshape(shape) for name in (actor, other)]
    stable = np.zeros(shape, dtype=bool)
    first = actor == game.conflict.actors[0]
    for setting in range(settings):
        own, theirs = (rank[..., setting] if first else rank[..., setting].T for rank in ranks)
        target = stable[..., setting] if first else stable[..., setting].T
        columns = np.where(own < 0, NEVER, own).T
        columns = np.ascontiguousarray(columns)
        for row in range(len(own)):
            if row % 64 == 0:
                poll()
            order = np.argsort(-theirs[row], kind="stable")
            target[row] = _row(columns, row, np.ascontiguousarray(theirs[row]), order)
    return stable.reshape(-1)


@njit(cache=True, nogil=True)
def _row(columns, row, theirs, order):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Judge the states of one row; ``columns`` has the actor's ranks, a row for each column."""
    count, own = columns.shape
    stable = np.zeros(count, dtype=np.bool_)
    least = np.full(own, NEVER)
    place = 0
    while place < count and theirs[order[place]] >= 0:
        end = place + 1
        while end < count and theirs[order[end]] == theirs[order[place]]:
            end += 1
        for k in range(place, end):
            column = order[k]
            here = columns[column, row]
            open_moves = 0
            for other in range(own):
                value = columns[column, other]
                open_moves += (value > here) & (value < NEVER) & (least[other] > here)
            stable[column] = open_moves == 0
        for k in range(place, end):
            for other in range(own):
                least[other] = min(least[other], columns[order[k], other])
        place = end
    return stable
