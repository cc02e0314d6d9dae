"""Least value over an actor's improvements: one sweep along each of its sorted lines.

Going down a line from its best state, everything passed so far is strictly better (ties are taken
together), so for an unrestricted actor the least value over improvements is a running minimum. For
a restricted actor the sweep keeps a table of running minima: the classes of joint levels (see
`detente.stability._moves`) are pairs (p, q); a value met in (p', q') is entered at (p, q') for
every p that reaches p', and a state in (p, q) reads the entries (p, q') for every q' that q
reaches. With X classes, splitting the options in two halves makes that about the square root of X
steps instead of X. Where an actor has few moves from each joint level, comparing along all of them
is quicker yet (see `detente.stability._pairs`).

Cost of a sweep: O(N) for N states, O(N sqrt X) for restricted movers. Lines are read a tile at a
time, so that the tensor passes through the cache once, and a line in which nothing has become lower
since its mover last swept it is passed over: late rounds touch few lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.stability._extremes import NEVER, Ranks
from detente.stability._lines import Lines
from detente.stability._moves import ActorMoves
from detente.stability._pairs import Pairs, put_on_agenda, sweep_pairs
from detente.values import Bools, Ints

_TILE_CELLS = 1 << 15
_FEW = 8


class Agenda:
    """Which lines of which mover may have something new to say.

    While sweeps lower many states, a sweep puts all lines of the other movers on the agenda; once
    they lower few, only the lines through the states that it lowers.

    Parameters
    ----------
    movers : sequence of ActorMoves
        Who take turns to sweep; all their lines are due at first.
    """

    def __init__(self, movers: Sequence[ActorMoves]) -> None:
        self.blocks = np.array([mover.block for mover in movers], dtype=np.int64).reshape(-1, 3)
        lines = int((self.blocks[:, 0] * self.blocks[:, 2]).max(initial=0))
        self.due = np.ones((len(movers), lines), dtype=bool)
        self.few = False

    def sweep_done(self, me: int, lowered: int, states: int) -> None:
        """Take note of how many states one mover's sweep has lowered."""
        if lowered and not self.few:
            self.due[np.arange(len(self.due)) != me] = True
        self.few = _FEW * lowered < states


def lower_to_improvements(
    mover: ActorMoves, better: Lines | Pairs, source: Ranks, target: Ranks, agenda: Agenda, me: int
) -> bool:
    """Lower ``target`` to the least of ``source`` over the mover's improvements from each state.

    Parameters
    ----------
    better : Lines or Pairs
        Of the same actor: how its improvements are found.
    source, target : ndarray of int32
        Flat, one per state. When they are the same array, the sweep goes on from what it has
        already lowered: chains of improvements by this mover in one go, right where moves compose.
    me : int
        The mover's place on it.

    Returns
    -------
    bool
        Whether anything became lower.
    """
    if isinstance(better, Pairs):
        lowered = sweep_pairs(
            source, target, better.rank, better.starts, better.onward,
            agenda.blocks, agenda.due, me, agenda.few,
        )  # fmt: skip
        agenda.sweep_done(me, int(lowered), source.size)
        return bool(lowered)
    _, own, after = mover.block
    cells = max(1, min(after, max(8, _TILE_CELLS // own)))
    first, second = mover.halves
    lowered = _sweep(
        source.reshape(mover.block), target.reshape(mover.block), source is target,
        better.order, better.feasible, cells, agenda.blocks, agenda.due, me, agenda.few,
        first.classes, *first.back, second.classes, *second.onward,
    )  # fmt: skip
    agenda.sweep_done(me, int(lowered), source.size)
    return bool(lowered)


@njit(cache=True, nogil=True)
def _sweep(
    source: Ranks,
    target: Ranks,
    chained: bool,
    order: NDArray[Any],
    feasible: NDArray[np.int32],
    tile: int,
    blocks: Ints,
    due: Bools,
    me: int,
    few: bool,
    first: NDArray[np.int32],
    first_start: NDArray[np.int32],
    first_back: NDArray[np.int32],
    second: NDArray[np.int32],
    second_start: NDArray[np.int32],
    second_onward: NDArray[np.int32],
) -> int:  # pragma: no cover
    """Sweep all due lines; return how many states became lower."""
    before, own, after = source.shape
    values = np.empty((tile, own), dtype=np.int32)
    results = np.empty((tile, own), dtype=np.int32)
    free = first_start.size == 2 and second_start.size == 2
    least = np.empty((first_start.size - 1, second_start.size - 1), dtype=np.int32)
    lowered = 0
    for b in range(before):
        for start in range(0, after, tile):
            stop = min(after, start + tile)
            if not due[me, b * after + start : b * after + stop].any():
                continue
            for level in range(own):
                for a in range(start, stop):
                    values[a - start, level] = source[b, level, a]
            if not chained:
                for level in range(own):
                    for a in range(start, stop):
                        results[a - start, level] = target[b, level, a]
            earlier = lowered
            for a in range(start, stop):
                if not due[me, b * after + a]:
                    continue
                due[me, b * after + a] = False
                corner = b * own * after + a
                line = values[a - start]
                result = line if chained else results[a - start]
                if free:
                    lowered += _sweep_free(
                        line, result, order[b, a], feasible[b, a],
                        corner, blocks, due, me, few,
                    )  # fmt: skip
                else:
                    lowered += _sweep_restricted(
                        line, result, order[b, a], feasible[b, a],
                        corner, blocks, due, me, few, least,
                        first, first_start, first_back, second, second_start, second_onward,
                    )  # fmt: skip
            if lowered > earlier:
                for level in range(own):
                    for a in range(start, stop):
                        target[b, level, a] = (
                            values[a - start, level] if chained else results[a - start, level]
                        )
    return lowered


@njit(cache=True, nogil=True)
def _sweep_free(
    line: Ranks,
    result: Ranks,
    order: NDArray[Any],
    feasible: int,
    corner: int,
    blocks: Ints,
    due: Bools,
    me: int,
    few: bool,
) -> int:  # pragma: no cover
    """Sweep one line of an actor that may go from any level to any other."""
    better = NEVER
    so_far = NEVER
    lowered = 0
    for place in range(feasible):
        level = np.int64(order[place])
        if level < 0:
            level = ~level
            better = so_far
        if better < result[level]:
            result[level] = better
            if few:
                put_on_agenda(corner + level * blocks[me, 2], blocks, due, me)
            lowered += 1
        so_far = min(so_far, line[level])
    return lowered


@njit(cache=True, nogil=True)
def _sweep_restricted(
    line: Ranks,
    result: Ranks,
    order: NDArray[Any],
    feasible: int,
    corner: int,
    blocks: Ints,
    due: Bools,
    me: int,
    few: bool,
    least: Ranks,
    first: NDArray[np.int32],
    first_start: NDArray[np.int32],
    first_back: NDArray[np.int32],
    second: NDArray[np.int32],
    second_start: NDArray[np.int32],
    second_onward: NDArray[np.int32],
) -> int:  # pragma: no cover
    """Sweep one line of an actor whose classes of levels do not all reach each other."""
    least[:] = NEVER
    lowered = 0
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
                if few:
                    put_on_agenda(corner + level * blocks[me, 2], blocks, due, me)
                lowered += 1
        for k in range(place, end):
            level = np.int64(order[k])
            level = ~level if level < 0 else level
            row, column = first[level], second[level]
            for c in range(first_start[row], first_start[row + 1]):
                back = first_back[c]
                least[back, column] = min(least[back, column], line[level])
        place = end
    return lowered
