"""Peeling: slice after slice is taken off a box so that what happens gets denser inside.

Each step takes off, at one end of one input, the slice of about a share ``alpha`` of the draws (or
one level of a categorical input) whose loss raises the density most for each draw lost (Friedman &
Fisher 1999). The draws are sorted once along every input and the lists of those left shrink with
the box, so all steps together cost inputs * draws / alpha.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.values import Bools, Floats, Ints

LOW, HIGH, LEVEL = 0, 1, 2
"""What a step changes: the lower end, the upper end, or the levels kept."""


@njit(cache=True, nogil=True)
def peel(
    inputs: Floats,
    order: NDArray[np.int32],
    hits: Bools,
    levels: Ints,
    alpha: float,
    least: int,
) -> tuple[Ints, Ints, Floats, Ints, Ints]:
    """Peel until a box would hold too few draws or holds nothing but hits.

    Parameters
    ----------
    inputs : ndarray, (inputs, draws)
    order : ndarray, (inputs, some draws)
        The draws to use, sorted along each input; changed in place.
    hits : ndarray of bool, (draws,)
    levels : ndarray, (inputs,)
        Number of levels of a categorical input, 0 for a number.
    least : int
        The fewest draws in a box.

    Returns
    -------
    column, kind : ndarray of int, (steps,)
        Which input each step changes, and what of it.
    cut : ndarray, (steps,)
        The new end, or the level taken out.
    draws, hits : ndarray of int, (steps,)
        What is left inside.
    """
    axes, left = order.shape
    most = left + int(levels.sum()) + 1
    columns, kinds = np.empty(most, np.int64), np.empty(most, np.int64)
    cuts = np.empty(most)
    draws, kept = np.empty(most, np.int64), np.empty(most, np.int64)
    gone = np.zeros(hits.size, np.bool_)
    counts = np.zeros((2, max(1, int(levels.max()))), np.int64)
    inside = 0
    for place in range(left):
        inside += hits[order[0, place]]
    step = 0
    while inside < left:
        best, gain = -1, -np.inf
        kind, cut, lost, lost_hits = 0, 0.0, 0, 0
        slice_size = max(1, int(np.ceil(alpha * left)))
        for axis in range(axes):
            if levels[axis]:
                counts[:] = 0
                for place in range(left):
                    draw = order[axis, place]
                    level = int(inputs[axis, draw])
                    counts[0, level] += 1
                    counts[1, level] += hits[draw]
                for level in range(levels[axis]):
                    count = counts[0, level]
                    if count == 0 or left - count < least:
                        continue
                    found = _gain(left, inside, count, counts[1, level])
                    if found > gain:
                        best, gain, kind, cut = axis, found, LEVEL, float(level)
                        lost, lost_hits = count, counts[1, level]
                continue
            for side in range(2):
                count = _slice(inputs[axis], order[axis], left, slice_size, side)
                if count == 0 or left - count < least:
                    continue
                taken = 0
                for place in range(count):
                    at = place if side == LOW else left - 1 - place
                    taken += hits[order[axis, at]]
                found = _gain(left, inside, count, taken)
                if found > gain:
                    best, gain, kind = axis, found, side
                    lost, lost_hits = count, taken
                    edge = count if side == LOW else left - count
                    cut = 0.5 * (
                        inputs[axis, order[axis, edge - 1]] + inputs[axis, order[axis, edge]]
                    )
        if best < 0:
            break
        for place in range(left):
            draw = order[best, place]
            value = inputs[best, draw]
            if kind == LOW:
                gone[draw] = place < lost
            elif kind == HIGH:
                gone[draw] = place >= left - lost
            else:
                gone[draw] = value == cut
        for axis in range(axes):
            stay = 0
            for place in range(left):
                draw = order[axis, place]
                if not gone[draw]:
                    order[axis, stay] = draw
                    stay += 1
        left -= lost
        inside -= lost_hits
        columns[step], kinds[step], cuts[step] = best, kind, cut
        draws[step], kept[step] = left, inside
        step += 1
    return columns[:step], kinds[:step], cuts[:step], draws[:step], kept[:step]


@njit(cache=True, nogil=True)
def _gain(left: int, inside: int, lost: int, lost_hits: int) -> float:
    density = inside / left
    return ((inside - lost_hits) / (left - lost) - density) / lost


@njit(cache=True, nogil=True)
def _slice(values: Floats, order: NDArray[np.int32], left: int, wanted: int, side: int) -> int:
    """Return how many draws to take off an end: ties go together, all but one value may go."""
    if values[order[0]] == values[order[left - 1]]:
        return 0
    first, step = (0, 1) if side == LOW else (left - 1, -1)
    count = min(wanted, left - 1)
    edge = values[order[first + step * count]]
    while count > 0 and values[order[first + step * (count - 1)]] == edge:
        count -= 1
    if count == 0:
        while count < left and values[order[first + step * count]] == edge:
            count += 1
    return count if count < left else 0
