"""Each line of the tensor along an actor's own axes, sorted by the actor's preference.

A line holds the states that differ in the actor's own options only. It is sorted once, best first,
ties marked; closures of improvements then sweep it as often as they need.

How: rank and position in the line are packed into one 64-bit key, so that a plain sort of keys is a
stable sort of ranks, done for a few lines at a time. Cost: O(N log M) time for N states in lines of
M; 2 bytes per state (4 where a line is longer than 32,768).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.values import Ints

_CHUNK = 1 << 19
_SHORT = 1 << 15
_BEST = np.int64(np.iinfo(np.int32).max - 1)


@dataclass(frozen=True, eq=False)
class Lines:
    """The sorted lines of one actor.

    Parameters
    ----------
    order : ndarray of int16 or int32
        ``[before, after, place]``: joint levels, best state first, infeasible states last. A level
        whose state is strictly worse than the one before it stands as its complement ``~level``.
    feasible : ndarray of int32
        ``[before, after]``: how many states of the line are feasible.
    """

    order: NDArray[Any]
    feasible: NDArray[np.int32]


def sort_lines(rank: NDArray[np.int32], block: tuple[int, int, int]) -> Lines:
    """Sort all lines of an actor.

    Parameters
    ----------
    rank : ndarray of int32
        Flat, one per state, -1 where infeasible.
    block : tuple of int
        Extents of the tensor before the actor's own axes, of its joint levels, after them.

    Examples
    --------
    >>> lines = sort_lines(np.array([0, 2, 2, -1], dtype=np.int32), (1, 4, 1))
    >>> lines.order.tolist(), lines.feasible.tolist()
    ([[[1, 2, -1, 3]]], [[3]])
    """
    before, own, after = block
    ranks = rank.reshape(block)
    order = np.empty((before, after, own), dtype=np.int16 if own <= _SHORT else np.int32)
    feasible = np.empty((before, after), dtype=np.int32)
    lines = before * after
    chunk = max(1, min(lines, _CHUNK // own))
    keys = np.empty((chunk, own), dtype=np.int64)
    for first in range(0, lines, chunk):
        part = keys[: min(chunk, lines - first)]
        _pack(ranks, first, part)
        part.sort(axis=1)
        _unpack(part, first, order.reshape(lines, own), feasible.reshape(lines))
    return Lines(order, feasible)


@njit(cache=True, nogil=True)
def _pack(ranks: NDArray[np.int32], first: int, keys: Ints) -> None:  # pragma: no cover
    """Fill one row of keys per line: rank falling, then joint level rising, infeasible last."""
    _, own, after = ranks.shape
    count = keys.shape[0]
    tile = 16
    for start in range(0, count, tile):
        stop = min(count, start + tile)
        for level in range(own):
            for row in range(start, stop):
                line = first + row
                rank = np.int64(ranks[line // after, level, line % after])
                keys[row, level] = ((_BEST - rank) << 32) | level


@njit(cache=True, nogil=True)
def _unpack(
    keys: Ints, first: int, order: NDArray[Any], feasible: NDArray[np.int32]
) -> None:  # pragma: no cover
    """Write the order, ties and feasible counts of sorted keys."""
    count, own = keys.shape
    for row in range(count):
        last = np.int64(-1)
        possible = 0
        for place in range(own):
            rank = keys[row, place] >> 32
            level = keys[row, place] & np.int64(0xFFFFFFFF)
            if rank > _BEST:
                order[first + row, place] = level
                continue
            possible += 1
            order[first + row, place] = ~level if last >= 0 and rank != last else level
            last = rank
        feasible[first + row] = possible
