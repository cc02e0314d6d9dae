"""Least value over an actor's moves to states that rank above a limit, which need not be its rank.

With an actor's own rank as limit these are its improvements. Where comparisons are unknown up to a
margin the limit lies below its rank, and moves to worse states may count; for what is better for
certain it lies above. The state that is left never counts.

How: lines of the tensor along the actor's own axes, sorted once by rank; the higher a state ranks,
the higher must its limit be, so that what counts grows along the line and the two least values met
so far are enough, one of which is not the state's own. A restricted actor compares along all of
its moves instead. Cost: O(N) for N states once lines are sorted, O(N P) for P moves from a joint
level; 12 bytes a state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.stability._extremes import NEVER, Ranks
from detente.stability._listing import list_moves
from detente.stability._moves import ActorMoves
from detente.values import Ints


@dataclass(frozen=True, eq=False)
class MovesBeyond:
    """The moves of one actor to states above a limit.

    Parameters
    ----------
    mover : ActorMoves
    rank, limit : ndarray of int32
        ``[line, joint level]``: the actor's ranks, and above which rank a move from there counts.
    order : ndarray of int32
        ``[line, place]``: joint levels, best first; empty for a restricted actor.
    starts, offsets : ndarray of int64
        For a restricted actor, where each joint level's moves begin, and how far each leads.
    """

    mover: ActorMoves
    rank: Ranks
    limit: Ranks
    order: NDArray[np.int32]
    starts: Ints
    offsets: Ints

    @classmethod
    def of(cls, mover: ActorMoves, rank: Ranks, limit: Ranks) -> MovesBeyond:
        """Sort an actor's lines, or list its moves.

        Parameters
        ----------
        rank : ndarray of int32
            Flat, -1 where infeasible.
        limit : ndarray of int32
            Flat, at least -1, and no higher at a state than at one that ranks higher.

        Examples
        --------
        >>> from detente.conflict import Conflict
        >>> conflict = Conflict.build({"us": {"strike": 3}}, {"us": [0, 1, 2]})
        >>> rank = conflict.rank["us"].reshape(-1)
        >>> beyond = MovesBeyond.of(ActorMoves.of(conflict, "us"), rank, rank - np.int32(1))
        >>> beyond.least(np.array([7, 8, 9], dtype=np.int32)).tolist()
        [8, 9, 2147483647]
        """
        lines = _lines(rank, mover.block)
        own = mover.block[1]
        order = np.empty((0, 0), dtype=np.int32)
        starts = offsets = np.empty(0, dtype=np.int64)
        if all(half.reach.size == 1 for half in mover.halves):
            order = np.argsort(-lines, axis=1, kind="stable").astype(np.int32)
        else:
            along, even = replace(mover, block=(1, own, 1)), np.zeros(own, dtype=np.int32)
            starts, offsets = list_moves(along, even, 0, own, improving=False)
        return cls(mover, lines, _lines(limit, mover.block), order, starts, offsets)

    def least(self, values: Ranks) -> Ranks:
        """Return the least of flat values over the moves from each state, `NEVER` for none."""
        before, own, after = self.mover.block
        found = np.full(self.rank.shape, NEVER, dtype=np.int32)
        lines = _lines(values, self.mover.block)
        if self.order.size:
            _sorted(self.rank, self.limit, self.order, lines, found)
        else:
            _compared(self.rank, self.limit, self.starts, self.offsets, lines, found)
        return np.ascontiguousarray(found.reshape(before, after, own).transpose(0, 2, 1)).ravel()


def _lines(values: Ranks, block: tuple[int, int, int]) -> Ranks:
    """Return flat values with a row for each line of an actor."""
    return np.ascontiguousarray(values.reshape(block).transpose(0, 2, 1)).reshape(-1, block[1])


@njit(cache=True, nogil=True)
def _sorted(  # type: ignore[no-untyped-def]
    rank, limit, order, values, found
):  # pragma: no cover
    lines, own = rank.shape
    for line in range(lines):
        met = 0
        least, second, place = NEVER, NEVER, -1
        for level in order[line]:
            if rank[line, level] < 0:
                break
            while met < own and rank[line, order[line, met]] > limit[line, level]:
                other = order[line, met]
                value = values[line, other]
                if value < least:
                    least, second, place = value, least, other
                elif value < second:
                    second = value
                met += 1
            found[line, level] = second if place == level else least


@njit(cache=True, nogil=True)
def _compared(  # type: ignore[no-untyped-def]
    rank, limit, starts, offsets, values, found
):  # pragma: no cover
    lines, own = rank.shape
    for line in range(lines):
        for level in range(own):
            if rank[line, level] < 0:
                continue
            least, floor = NEVER, limit[line, level]
            for k in range(starts[level], starts[level + 1]):
                other = level + offsets[k]
                if rank[line, other] > floor:
                    least = min(least, values[line, other])
            found[line, level] = least
