"""Least value over a restricted actor's improvements: every move compared, many lines at once.

Where one-way options leave an actor few moves from each joint level, sorted lines are not worth
their trouble: the improvements are found by comparing ranks along the list of moves, which is the
same for all lines. Lines that have something to say are gathered `_LANES` at a time, so that a
step works on that many neighbouring numbers.

Cost: O(N P) for N states and P moves from a joint level on average, (3/2)^k for k one-way yes-no
options, divided by the width of the machine's vectors; nothing of the size of the tensor is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.stability._extremes import NEVER, Ranks
from detente.stability._moves import ActorMoves
from detente.values import Bools, Ints

_LANES = 32
_LONGEST_LINE = 1 << 10
_MOST_MOVES = 64


@dataclass(frozen=True, eq=False)
class Pairs:
    """The moves of one actor along any of its lines, and how it ranks states.

    Parameters
    ----------
    rank : ndarray of int32
        Flat, one per state, -1 where infeasible.
    starts, onward : ndarray of int32
        The joint levels that each joint level moves to, itself left out, as row starts and columns.
    """

    rank: Ranks
    starts: NDArray[np.int32]
    onward: NDArray[np.int32]

    @classmethod
    def of(cls, mover: ActorMoves, rank: Ranks) -> Pairs | None:
        """List the moves of an actor; None where sorted lines are the better way.

        Examples
        --------
        >>> from detente.conflict import Conflict
        >>> conflict = Conflict.build(
        ...     {"us": {"strike": 3}}, {"us": [0, 1, 2]}, moves={"us": {"strike": "up"}}
        ... )
        >>> pairs = Pairs.of(ActorMoves.of(conflict, "us"), conflict.rank["us"].reshape(-1))
        >>> pairs.starts.tolist(), pairs.onward.tolist()
        ([0, 2, 3, 3], [1, 2, 2])
        """
        own = mover.block[1]
        if own > _LONGEST_LINE or all(half.reach.size == 1 for half in mover.halves):
            return None
        reach = ~np.eye(own, dtype=bool)
        for half in mover.halves:
            reach &= half.reach[np.ix_(half.classes, half.classes)]
        if reach.sum() > _MOST_MOVES * own:
            return None
        starts = np.concatenate([[0], np.cumsum(reach.sum(axis=1))]).astype(np.int32)
        return cls(rank, starts, np.nonzero(reach)[1].astype(np.int32))


@njit(cache=True, nogil=True)
def sweep_pairs(
    source: Ranks,
    target: Ranks,
    rank: Ranks,
    starts: NDArray[np.int32],
    onward: NDArray[np.int32],
    blocks: Ints,
    due: Bools,
    me: int,
    few: bool,
) -> int:  # pragma: no cover
    """Sweep all due lines; return how many states became lower.

    Flat arrays. ``target`` may be ``source``: values that a batch has lowered are read by none of
    its lines, as lines of one actor have no state in common.
    """
    own, after = blocks[me, 1], blocks[me, 2]
    lines = blocks[me, 0] * after
    corner = np.empty(_LANES, dtype=np.int64)
    ranks = np.full((own, _LANES), np.int32(-1))
    values = np.full((own, _LANES), NEVER)
    results = np.full((own, _LANES), NEVER)
    lowered = 0
    line = 0
    while line < lines:
        count = 0
        while line < lines and count < _LANES:
            if due[me, line]:
                due[me, line] = False
                corner[count] = line // after * own * after + line % after
                count += 1
            line += 1
        for level in range(own):
            for k in range(count):
                state = corner[k] + level * after
                ranks[level, k] = rank[state]
                values[level, k] = source[state]
                results[level, k] = target[state]
        for level in range(own):
            for c in range(starts[level], starts[level + 1]):
                _take(ranks[level], ranks[onward[c]], values[onward[c]], results[level])
        for level in range(own):
            for k in range(count):
                state = corner[k] + level * after
                if ranks[level, k] >= 0 and results[level, k] < target[state]:
                    target[state] = results[level, k]
                    lowered += 1
                    if few:
                        put_on_agenda(state, blocks, due, me)
    return lowered


@njit(cache=True, nogil=True)
def _take(here: Ranks, there: Ranks, value: Ranks, result: Ranks) -> None:  # pragma: no cover
    """Lower results to the values there, in the lines where there is better than here."""
    for k in range(_LANES):
        found = value[k] if there[k] > here[k] else NEVER
        result[k] = min(result[k], found)


@njit(cache=True, nogil=True)
def put_on_agenda(state: int, blocks: Ints, due: Bools, me: int) -> None:  # pragma: no cover
    """Make the lines of the other movers through a state due."""
    for j in range(blocks.shape[0]):
        if j != me:
            after = blocks[j, 2]
            due[j, state // (blocks[j, 1] * after) * after + state % after] = True
