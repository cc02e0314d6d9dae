"""Simultaneous stability: others improve at the same moment as the actor (Fraser & Hipel 1984).

Every other actor stays or takes one of its own improvements from the state that is left; the joint
choice deters an improvement of the actor when both together lead to a feasible state that is no
better for the actor.

How: the least that any moves of the others at once could make of each state is a floor, one pass
over the tensor for each of them; an improvement whose floor is too high is not deterred. For the
rest joint choices are tried, state by state, until one deters. Cost: for each state the actor's
improvements times the product over the others of one plus their improvements, so up to the square
of the number of states; where preferences are mixed, few are tried. Above `MOST_CHOICES` joint
choices the analysis is refused, with their number, before it starts. Two unrestricted actors have
a way of their own (`detente.stability._sim_pair`).
"""

from __future__ import annotations

from math import prod

import numpy as np
from numba import njit

from detente.engine import poll
from detente.errors import AnalysisError
from detente.stability._extremes import NEVER, Ranks, lowest
from detente.stability._game import RankedGame
from detente.stability._listing import count_moves, list_moves
from detente.stability._sim_pair import fits, sim_against_one
from detente.values import Bools, Ints

MOST_CHOICES = 2e12
"""Joint choices above which the analysis is refused: hours of work, if none deters early."""

_CHUNK = 1 << 16
_MOST_LISTED = 1 << 21


def sim(game: RankedGame, actor: str) -> Bools:
    """Return where every improvement of the actor is undone by some joint choice of the others.

    Raises
    ------
    AnalysisError
        When there are more than `MOST_CHOICES` joint choices to try.
    """
    if fits(game, actor):
        return sim_against_one(game, actor)
    names = [actor, *(other for other in game.conflict.actors if other != actor)]
    movers = [game.mover(name) for name in names]
    size, own = game.feasible.size, [mover.block[1] for mover in movers]
    if float(size) * prod(map(float, own)) > MOST_CHOICES:
        _refuse_too_many(game, names)
    rank = game.rank(actor)
    floor = np.where(game.feasible, rank, NEVER)
    for mover in movers[1:]:
        floor = lowest(mover, floor)
    stable = game.feasible.copy()
    chunk = max(1, min(_CHUNK, _MOST_LISTED // sum(own)))
    for start in range(0, size, chunk):
        poll()
        stop = min(size, start + chunk)
        lists = [
            list_moves(game.mover(name), game.rank(name), start, stop, improving=True)
            for name in names
        ]
        shift = np.cumsum([0, *(offsets.size for _, offsets in lists)])
        counts = np.array(
            [begin + past for (begin, _), past in zip(lists, shift[:-1], strict=True)]
        )
        offsets = np.concatenate([offsets for _, offsets in lists])
        _judge(rank, floor, start, counts, offsets, stable)
    return stable


def _refuse_too_many(game: RankedGame, names: list[str]) -> None:
    size, choices = game.feasible.size, 0.0
    for start in range(0, size, _CHUNK):
        stop = min(size, start + _CHUNK)
        joint = np.ones(stop - start)
        for k, name in enumerate(names):
            mover, rank = game.mover(name), game.rank(name)
            joint *= np.diff(count_moves(mover, rank, start, stop, improving=True)) + (k > 0)
        choices += float(joint.sum())
        if choices > MOST_CHOICES:
            raise AnalysisError(
                f"sim stability of {names[0]} would try more than {MOST_CHOICES:.1e} joint "
                f"choices on {size:,} states; use seq or sseq, whose cost is near linear, or "
                "leave options out"
            )


@njit(cache=True, nogil=True)
def _judge(
    rank: Ranks, floor: Ranks, start: int, counts: Ints, offsets: Ints, stable: Bools
) -> None:  # pragma: no cover
    """Clear ``stable`` where some improvement of the first actor meets no deterring joint choice.

    The second and later rows of ``counts`` are the others; an odometer runs over their choices,
    place 0 standing for staying.
    """
    others = counts.shape[0] - 1
    places = np.zeros(others, dtype=np.int64)
    for k in range(counts.shape[1] - 1):
        state = start + k
        for improvement in range(counts[0, k], counts[0, k + 1]):
            if floor[state + offsets[improvement]] > rank[state]:
                stable[state] = False
                break
        if not stable[state]:
            continue
        for improvement in range(counts[0, k], counts[0, k + 1]):
            target = state + offsets[improvement]
            places[:] = 0
            deterred = False
            running = True
            while running and not deterred:
                running = False
                for j in range(others):
                    if places[j] > 0:
                        target -= offsets[counts[j + 1, k] + places[j] - 1]
                    places[j] += 1
                    if places[j] <= counts[j + 1, k + 1] - counts[j + 1, k]:
                        target += offsets[counts[j + 1, k] + places[j] - 1]
                        running = True
                        break
                    places[j] = 0
                deterred = running and 0 <= rank[target] <= rank[state]
            if not deterred:
                stable[state] = False
                break
