"""Least value over an actor's improvements: one sweep along each of its sorted lines.

Going down a line from its best state, everything passed so far is strictly better (ties are taken
together), so for an unrestricted actor the least value over improvements is a running minimum. For
a restricted actor the sweep keeps a table of running minima: the classes of joint levels (see
`detente.stability.moves`) are pairs (p, q); a value met in (p', q') is entered at (p, q') for every
p that reaches p', and a state in (p, q) reads the entries (p, q') for every q' that q reaches. With
X classes, splitting the options in two halves makes that about the square root of X steps instead
of X.

Cost of a sweep: O(N) for N states, O(N sqrt X) for restricted movers. Lines are read a tile at a
time, so that the tensor passes through the cache once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.stability.extremes import NEVER, Ranks
from detente.stability.lines import Lines
from detente.stability.moves import Mover

_TILE_CELLS = 1 << 15


def lower_to_improvements(mover: Mover, lines: Lines, source: Ranks, target: Ranks) -> bool:
    """Lower ``target`` to the least of ``source`` over the mover's improvements from each state.

    Parameters
    ----------
    mover : Mover
    lines : Lines
        Of the same actor.
    source, target : ndarray of int32
        Flat, one a state. When they are the same array, the sweep goes on from what it has already
        lowered: chains of improvements by this mover in one go, right only where moves compose.

    Returns
    -------
    bool
        Whether anything became lower.
    """
    _, own, after = mover.block
    cells = max(1, min(after, max(8, _TILE_CELLS // own)))
    first, second = mover.halves
    return bool(
        _sweep(
            source.reshape(mover.block), target.reshape(mover.block), source is target,
            lines.order, lines.feasible, cells,
            first.classes, *first.back, second.classes, *second.onward,
        )
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _sweep(
    source: Ranks,
    target: Ranks,
    chained: bool,
    order: NDArray[Any],
    feasible: NDArray[np.int32],
    tile: int,
    first: NDArray[np.int32],
    first_start: NDArray[np.int32],
    first_back: NDArray[np.int32],
    second: NDArray[np.int32],
    second_start: NDArray[np.int32],
    second_onward: NDArray[np.int32],
) -> bool:  # pragma: no cover
    before, own, after = source.shape
    values = np.empty((tile, own), dtype=np.int32)
    lowered = np.empty((tile, own), dtype=np.int32)
    firsts, seconds = first_start.size - 1, second_start.size - 1
    least = np.empty((firsts, seconds), dtype=np.int32)
    anything = False
    for b in range(before):
        for start in range(0, after, tile):
            stop = min(after, start + tile)
            for level in range(own):
                for a in range(start, stop):
                    values[a - start, level] = source[b, level, a]
            if not chained:
                for level in range(own):
                    for a in range(start, stop):
                        lowered[a - start, level] = target[b, level, a]
            changed = False
            for a in range(start, stop):
                line = values[a - start]
                result = line if chained else lowered[a - start]
                if firsts * seconds == 1:
                    hit = _sweep_free(line, result, order[b, a], feasible[b, a])
                else:
                    hit = _sweep_restricted(
                        line, result, order[b, a], feasible[b, a], least,
                        first, first_start, first_back, second, second_start, second_onward,
                    )  # fmt: skip
                changed = changed or hit
            if changed:
                anything = True
                for level in range(own):
                    for a in range(start, stop):
                        target[b, level, a] = (
                            values[a - start, level] if chained else lowered[a - start, level]
                        )
    return anything


@njit(cache=True, nogil=True)
def _sweep_free(
    line: Ranks, result: Ranks, order: NDArray[Any], feasible: int
) -> bool:  # pragma: no cover
    """Sweep one line of an actor that may go from any level to any other."""
    better = NEVER
    so_far = NEVER
    changed = False
    for place in range(feasible):
        level = np.int64(order[place])
        if level < 0:
            level = ~level
            better = so_far
        if better < result[level]:
            result[level] = better
            changed = True
        so_far = min(so_far, line[level])
    return changed


@njit(cache=True, nogil=True)
def _sweep_restricted(
    line: Ranks,
    result: Ranks,
    order: NDArray[Any],
    feasible: int,
    least: Ranks,
    first: NDArray[np.int32],
    first_start: NDArray[np.int32],
    first_back: NDArray[np.int32],
    second: NDArray[np.int32],
    second_start: NDArray[np.int32],
    second_onward: NDArray[np.int32],
) -> bool:  # pragma: no cover
    """Sweep one line of an actor whose classes of levels do not all reach each other."""
    least[:] = NEVER
    changed = False
    place = 0
    while place < feasible:
        end = place + 1
        while end < feasible and order[end] >= 0:
            end += 1
        for k in range(place, end):
            level = np.int64(order[k])
            level = ~level if level < 0 else level
            row, column = first[level], second[level]
            better = NEVER
            for c in range(second_start[column], second_start[column + 1]):
                better = min(better, least[row, second_onward[c]])
            if better < result[level]:
                result[level] = better
                changed = True
        for k in range(place, end):
            level = np.int64(order[k])
            level = ~level if level < 0 else level
            row, column = first[level], second[level]
            for c in range(first_start[row], first_start[row + 1]):
                back = first_back[c]
                least[back, column] = min(least[back, column], line[level])
        place = end
    return changed
