"""Breadth-first search over (state, last mover), from some states or back to them.

How: in rounds; each actor's moves spread from the states that the others have just entered. On the
tensor they go along the actor's line of joint levels, and a line is scanned again only for a state
from which more can be entered than from those before it in its class (see
`detente.stability._moves`): for legal moves two scans a class are enough, for improvements a scan
each time a lower rank comes up. On an explicit graph they go along its arcs.

Cost: near O(N) for each actor on a tensor of N states, at worst O(N) times the joint levels; about
10 bytes for each state and actor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.stability._extremes import NEVER, Ranks
from detente.stability._game import RankedGame
from detente.stability._graph import RankedGraph
from detente.stability._joint import MoveList
from detente.values import Bools, Ints

Index = NDArray[Any]

NOBODY = -1


@dataclass(frozen=True, eq=False)
class SequenceSearch:
    """What a search has found.

    Parameters
    ----------
    depth : ndarray of int32
        Moves of a shortest sequence to each state, -1 where there is none.
    last : ndarray of int8
        Who moves last in one, by place among the actors; -1 where nobody moves.
    came : tuple of ndarray
        By actor, from where that actor enters each state.
    before : tuple of ndarray of int8
        By actor, who has moved before; -1 for nobody.
    """

    depth: NDArray[np.int32]
    last: NDArray[np.int8]
    came: tuple[Index, ...]
    before: tuple[NDArray[np.int8], ...]

    def trace(self, state: int) -> list[tuple[int, int]] | None:
        """Return who enters which state in turn, up to a state; None when it is out of reach."""
        if self.depth[state] < 0:
            return None
        steps, mover = [], int(self.last[state])
        while mover != NOBODY:
            steps.append((mover, state))
            state, mover = int(self.came[mover][state]), int(self.before[mover][state])
        return steps[::-1]


def search_sequences(
    game: RankedGame, sources: Iterable[int], *, improving: bool, back: bool = False
) -> SequenceSearch:
    """Search legal sequences from some states; with ``back``, those that lead to them.

    Parameters
    ----------
    sources : iterable of int
        Flat indices of feasible states.
    improving : bool
        Whether each step must be an improvement for its mover.
    back : bool
        Whether to follow moves from where they lead to where they start.
    """
    start = np.unique(np.fromiter(sources, dtype=np.int64))
    size, actors = game.feasible.size, game.conflict.actors
    kind: type[np.signedinteger[Any]] = np.int32 if size <= np.iinfo(np.int32).max else np.int64
    depth = np.full(size, -1, dtype=np.int32)
    last = np.full(size, NOBODY, dtype=np.int8)
    depth[start] = 0
    came = tuple(np.full(size, -1, dtype=kind) for _ in actors)
    before = tuple(np.full(size, NOBODY, dtype=np.int8) for _ in actors)
    entered = tuple(np.empty(size, dtype=kind) for _ in actors)
    spreads = [_spread_of(game, actor, improving=improving, back=back) for actor in actors]

    fresh: list[tuple[int, Index]] = [(NOBODY, start.astype(kind))]
    ends = [0] * len(actors)
    level = 0
    while fresh:
        level += 1
        onward: list[tuple[int, Index]] = []
        for mover, spread in enumerate(spreads):
            begin = ends[mover]
            for previous, states in fresh:
                if previous != mover:
                    ends[mover] = spread(
                        states, previous, came[mover], before[mover], entered[mover], ends[mover]
                    )
            if ends[mover] > begin:
                found = entered[mover][begin : ends[mover]]
                onward.append((mover, found))
                first = found[depth[found] < 0]
                depth[first] = level
                last[first] = mover
        fresh = onward
    return SequenceSearch(depth, last, came, before)


def _spread_of(
    game: RankedGame, actor: str, *, improving: bool, back: bool
) -> Callable[[Index, int, Index, NDArray[np.int8], Index, int], int]:
    """Return how one actor's moves spread: along the arcs of a graph, or the lines of the tensor.

    The function enters what can be entered from states, given who has moved there; it writes down
    from where, after whom, and which states in turn, and returns the new number of those entered.
    """
    if isinstance(game, RankedGraph):
        moves = MoveList.of(game, [actor], improving=improving, back=back)
        return partial(_along_arcs, moves.starts[0], moves.ends)
    mover = game.mover(actor)
    before, own, after = mover.block
    first, second = (
        (half.classes, np.ascontiguousarray(half.reach.T if back else half.reach))
        for half in mover.halves
    )
    slots = before * after * len(first[1]) * len(second[1])
    spent = np.full(slots, NEVER if improving else np.int32(2), dtype=np.int32)
    return partial(
        _along_lines, game.rank(actor), own, after, *first, *second, improving,
        -1 if back else 1, spent,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _along_lines(
    rank: Ranks,
    own: int,
    after: int,
    first: NDArray[np.int32],
    first_reach: Bools,
    second: NDArray[np.int32],
    second_reach: Bools,
    improving: bool,
    sign: int,
    spent: NDArray[np.int32],
    states: Index,
    previous: int,
    came: Index,
    before: NDArray[np.int8],
    entered: Index,
    end: int,
) -> int:  # pragma: no cover
    seconds = second_reach.shape[0]
    classes = first_reach.shape[0] * seconds
    for place in range(states.size):
        state = np.int64(states[place])
        level = (state // after) % own
        line = (state // (after * own)) * after + state % after
        slot = line * classes + first[level] * seconds + second[level]
        here = sign * rank[state]
        if improving:
            if here >= spent[slot]:
                continue
            spent[slot] = here
        else:
            if spent[slot] == 0:
                continue
            spent[slot] -= 1
        for other in range(own):
            target = state + (other - level) * after
            if (
                other != level
                and came[target] < 0
                and rank[target] >= 0
                and not (improving and sign * rank[target] <= here)
                and first_reach[first[level], first[other]]
                and second_reach[second[level], second[other]]
            ):
                came[target] = state
                before[target] = previous
                entered[end] = target
                end += 1
    return end


@njit(cache=True, nogil=True)
def _along_arcs(
    starts: Ints,
    ends: Ints,
    states: Index,
    previous: int,
    came: Index,
    before: NDArray[np.int8],
    entered: Index,
    end: int,
) -> int:  # pragma: no cover
    for place in range(states.size):
        state = states[place]
        for arc in range(starts[state], starts[state + 1]):
            target = ends[arc]
            if came[target] < 0:
                came[target] = state
                before[target] = previous
                entered[end] = target
                end += 1
    return end
