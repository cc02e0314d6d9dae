"""Moves listed one by one, for what cannot be had from extremes: joint choices and explanations.

A move is given as its offset in the flat tensor. Axes of different actors are different, so offsets
of simultaneous moves add up. Cost: O(joint levels) a state.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.stability._extremes import Ranks
from detente.stability._moves import ActorMoves
from detente.values import Bools, Ints


def count_moves(mover: ActorMoves, rank: Ranks, start: int, stop: int, *, improving: bool) -> Ints:
    """Return running counts of a mover's moves from some states.

    Parameters
    ----------
    rank : ndarray of int32
        The mover's ranks, flat, -1 where infeasible.
    start, stop : int
        Flat indices of the states.
    improving : bool
        Whether to count improvements only.

    Returns
    -------
    ndarray of int64
        ``stop - start + 1`` of them, from 0; an infeasible state has no moves.
    """
    counts = np.zeros(stop - start + 1, dtype=np.int64)
    _list(rank, *_rules(mover), start, improving, counts, np.empty(0, dtype=np.int64))
    return counts


def list_moves(
    mover: ActorMoves, rank: Ranks, start: int, stop: int, *, improving: bool
) -> tuple[Ints, Ints]:
    """Return running counts, as `count_moves`, and the offsets of all those moves in a row."""
    counts = count_moves(mover, rank, start, stop, improving=improving)
    offsets = np.empty(counts[-1], dtype=np.int64)
    if offsets.size:
        _list(rank, *_rules(mover), start, improving, counts, offsets)
    return counts, offsets


def _rules(
    mover: ActorMoves,
) -> tuple[int, int, NDArray[np.int32], Bools, NDArray[np.int32], Bools]:
    _, own, after = mover.block
    first, second = mover.halves
    return own, after, first.classes, first.reach, second.classes, second.reach


@njit(cache=True, nogil=True)
def _list(
    rank: Ranks,
    own: int,
    after: int,
    first: NDArray[np.int32],
    first_reach: Bools,
    second: NDArray[np.int32],
    second_reach: Bools,
    start: int,
    improving: bool,
    counts: Ints,
    offsets: Ints,
) -> None:  # pragma: no cover
    """Count the moves from each state, and write their offsets where there is room for them."""
    found = 0
    for k in range(counts.size - 1):
        state = start + k
        here = rank[state]
        if here >= 0:
            level = (state // after) % own
            floor = here if improving else np.int32(-1)
            for other in range(own):
                offset = (other - level) * after
                if (
                    other != level
                    and rank[state + offset] > floor
                    and first_reach[first[level], first[other]]
                    and second_reach[second[level], second[other]]
                ):
                    if offsets.size > 0:
                        offsets[found] = offset
                    found += 1
        counts[k + 1] = found
