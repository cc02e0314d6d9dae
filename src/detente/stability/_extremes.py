"""Least and greatest value over an actor's own moves, axis by axis.

``lowest(v)(s)`` is the least v over s and every state that the actor moves to from s. Because
options change independently, it is the composition of one pass for each option: a line minimum
where the option is unrestricted, a suffix or prefix minimum where it is one-way, else a small
table.
Infeasible states take part with whatever value they carry: give them one that never wins.

`lowest_after_moving` leaves out s itself. It is needed only where moves do not compose (see
`detente.stability._closure`): two tensors run through the same passes, one for "has changed nothing
yet", one for "has changed something".

Cost: a pass is O(states) for unrestricted and one-way options, O(states x levels) for a table.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.stability._moves import ANY, DOWN, TABLE, UP, ActorMoves
from detente.values import Bools

NEVER = np.int32(np.iinfo(np.int32).max)
"""Above every rank: the value of what cannot be reached."""

Ranks = NDArray[np.int32]


def lowest(mover: ActorMoves, values: Ranks) -> Ranks:
    """Return the least value over each state and the mover's moves from it.

    Parameters
    ----------
    values : ndarray of int32
        Flat, one per state; left as it is.

    Returns
    -------
    ndarray of int32
        Flat.
    """
    return _lowered(mover, values.copy())


def highest(mover: ActorMoves, values: Ranks) -> Ranks:
    """Return the greatest value over each state and the mover's moves from it; as `lowest`."""
    best = _lowered(mover, -values)
    return np.negative(best, out=best)


def _lowered(mover: ActorMoves, best: Ranks) -> Ranks:
    """Lower values to the least over the mover's moves, in place but for tables."""
    for segment in mover.segments:
        out = np.empty_like(best) if segment.kind == TABLE else best
        _pass(
            best.reshape(segment.block), segment.kind, segment.allowed, out.reshape(segment.block)
        )
        best = out
    return best


def lowest_after_moving(mover: ActorMoves, values: Ranks) -> Ranks:
    """Return the least value over the mover's moves from each state, the state itself left out.

    ``NEVER`` where the mover has no move.
    """
    moved = np.full_like(values, NEVER)
    for segment in mover.segments:
        out = np.empty_like(values)
        shape = segment.block
        _pass(moved.reshape(shape), segment.kind, segment.allowed, out.reshape(shape))
        _change(values.reshape(shape), segment.kind, segment.allowed, out.reshape(shape))
        moved = out
    return moved


@njit(cache=True, nogil=True)
def _pass(values: Ranks, kind: int, allowed: Bools, out: Ranks) -> None:  # pragma: no cover
    """Write to ``out`` the least of ``values`` over the changes of one segment and none.

    The two may be one array, but for a ``TABLE``.
    """
    before, levels, after = values.shape
    tile = 4096
    for b in range(before):
        for start in range(0, after, tile):
            stop = min(after, start + tile)
            if kind == ANY:
                for a in range(start, stop):
                    out[b, 0, a] = values[b, 0, a]
                for level in range(1, levels):
                    for a in range(start, stop):
                        out[b, 0, a] = min(out[b, 0, a], values[b, level, a])
                for level in range(1, levels):
                    for a in range(start, stop):
                        out[b, level, a] = out[b, 0, a]
            elif kind == UP:
                for a in range(start, stop):
                    out[b, levels - 1, a] = values[b, levels - 1, a]
                for level in range(levels - 2, -1, -1):
                    for a in range(start, stop):
                        out[b, level, a] = min(out[b, level + 1, a], values[b, level, a])
            elif kind == DOWN:
                for a in range(start, stop):
                    out[b, 0, a] = values[b, 0, a]
                for level in range(1, levels):
                    for a in range(start, stop):
                        out[b, level, a] = min(out[b, level - 1, a], values[b, level, a])
            else:
                for level in range(levels):
                    for a in range(start, stop):
                        out[b, level, a] = values[b, level, a]
                    for other in range(levels):
                        if allowed[level, other]:
                            for a in range(start, stop):
                                out[b, level, a] = min(out[b, level, a], values[b, other, a])


@njit(cache=True, nogil=True)
def _change(values: Ranks, kind: int, allowed: Bools, out: Ranks) -> None:  # pragma: no cover
    """Lower ``out`` to the least of ``values`` over the changes of one segment, never none."""
    before, levels, after = values.shape
    for b in range(before):
        for a in range(after):
            if kind == TABLE:
                for level in range(levels):
                    for other in range(levels):
                        if other != level and allowed[level, other]:
                            out[b, level, a] = min(out[b, level, a], values[b, other, a])
                continue
            if kind != UP:
                least = NEVER
                for level in range(levels):
                    out[b, level, a] = min(out[b, level, a], least)
                    least = min(least, values[b, level, a])
            if kind != DOWN:
                least = NEVER
                for level in range(levels - 1, -1, -1):
                    out[b, level, a] = min(out[b, level, a], least)
                    least = min(least, values[b, level, a])
