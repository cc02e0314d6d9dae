"""Slopes of marches: how what they come to moves with every rate of the chain.

A march goes from x_0 = begin + more with

    x_n = walk P x_{n-1} + more,    more = held + led x_n of another vector,

and what is wanted is the sum over n of w_n (seed . x_n). Its slopes come in one backward sweep
(reverse differentiation: Griewank & Walther 2008, chapters 3 and 12): y_n, the slope by x_n, is
w_n seed + P' walk y_{n+1} and what those that follow it bring, and an entry of P has the slope
sum_n walk y_n(s) (x_{n-1}(s') - x_{n-1}(s)), as what goes from s to s' does not stay. The x_n are
stored as far as memory allows and else found again from every few, piece by piece (checkpoints).
Cost: three marches; memory O(sqrt(ticks) x states x vectors), or `ROOM` where that is more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from detente.engine import poll, side_by_side
from detente.equilibrium import LANES, add_changes, march_back, march_on
from detente.values import Floats, Ints

ROOM = 2**21
"""Numbers of a block that are stored rather than found again."""


class March(NamedTuple):
    """Vectors that march side by side; all but ``lead`` and ``weights`` are (states, vectors).

    ``lead`` is for each vector the one that it follows, or -1; ``weights`` are (ticks, vectors).
    """

    begin: Floats
    walk: Floats
    held: Floats
    led: Floats
    lead: Ints
    weights: Floats


class MarchSlopes(NamedTuple):
    """Slopes of seed . total of each vector, (states, vectors).

    They are by ``begin``; and by ``held``, or by ``led`` for a vector that follows another.
    """

    begin: Floats
    more: Floats


class MarchAndBack:
    """A march, and the way back.

    Parameters
    ----------
    step : scipy.sparse.csr_array
    march : March
    threads : bool
        Whether blocks of vectors march at the same moment. Changes no digit.

    Examples
    --------
    >>> step = csr_array([[0.5, 0.5], [0.0, 1.0]])
    >>> zero = np.zeros((2, 1))
    >>> march = March(np.array([[0.0], [1.0]]), zero + 1, zero, zero, np.array([-1]),
    ...     np.array([[0.0], [0.0], [1.0]]))
    >>> there_and_back = MarchAndBack(step, march)
    >>> there_and_back.forward().ravel().tolist()
    [0.75, 1.0]
    >>> by_step = np.zeros((3, 1))
    >>> slopes = there_and_back.backward(np.array([[1.0], [0.0]]), np.eye(1), by_step)
    >>> by_step.ravel().tolist()
    [0.0, 1.0, 0.0]
    """

    def __init__(self, step: csr_array, march: March, threads: bool = False) -> None:
        back = csr_array(step.T)
        self._threads, self._count = threads, march.lead.size
        last = march.weights.shape[0] - (march.weights[::-1] != 0.0).argmax(axis=0)
        self._columns = _together(march.lead, last)
        marches = [_of_block(march, c, int(last[c].max())) for c in self._columns]
        ends = list(accumulate(_room(each) for each in marches))
        # All at once: the allocator holds on to what was freed last, and its pages are costly.
        vectors = np.empty((ends[-1], *marches[0].begin.shape))
        rooms = np.split(vectors, ends[:-1])
        self._blocks = [_Block(step, back, *both) for both in zip(marches, rooms, strict=True)]

    def forward(self) -> Floats:
        """March to the end and return the weighted sums, (states, vectors)."""
        return self._gathered(side_by_side([b.forward for b in self._blocks], self._threads))

    def backward(self, seed: Floats, share: Floats, by_step: Floats) -> MarchSlopes:
        """Return slopes by what the total of each vector is worth at each state.

        Those by each entry of P, which leaves less for staying, are added to ``by_step``, (entries,
        sums), for sums of vectors in which each has a ``share``, (vectors, sums).
        """
        steps = np.zeros((len(self._blocks), by_step.shape[0], LANES))
        works = [
            partial(block.backward, _in_block(seed, columns), step)
            for block, columns, step in zip(self._blocks, self._columns, steps, strict=True)
        ]
        begins, mores = zip(*side_by_side(works, self._threads), strict=True)
        for columns, step in zip(self._columns, steps, strict=True):
            lane, number = np.nonzero(share[columns])
            _add_shares(step, lane, number, share[columns][lane, number], by_step)
        return MarchSlopes(self._gathered(begins), self._gathered(mores))

    def _gathered(self, parts: Sequence[Floats]) -> Floats:
        out = np.empty((parts[0].shape[0], self._count), order="F")
        for columns, part in zip(self._columns, parts, strict=True):
            out[:, columns] = part[:, : len(columns)]
        return out


def _together(lead: Ints, last: Ints) -> list[list[int]]:
    """Return vectors in blocks, those that march far first.

    One that follows another comes after it, in a lane with an odd number.
    """
    followed = set(lead[lead >= 0].tolist())
    far = [k for k in np.argsort(-last, kind="stable").tolist() if k not in followed]
    groups = [[int(lead[k]), k] if lead[k] >= 0 else [k] for k in far]
    blocks: list[list[list[int]]] = [[]]
    for group in groups:
        if sum(map(len, blocks[-1])) + len(group) > LANES:
            blocks.append([])
        blocks[-1].append(group)
    ordered = (sorted(block, key=len, reverse=True) for block in blocks)
    return [list(chain.from_iterable(groups)) for groups in ordered]


def _in_block(columns: Floats, numbers: Sequence[int]) -> Floats:
    block = np.zeros((columns.shape[0], LANES))
    block[:, : len(numbers)] = columns[:, numbers]
    return block


def _of_block(march: March, numbers: list[int], steps: int) -> March:
    lead = np.full(LANES, -1)
    for k, number in enumerate(numbers):
        if march.lead[number] >= 0:
            lead[k] = k - 1
    begin, walk, held, led = (_in_block(columns, numbers) for columns in march[:4])
    return March(begin, walk, held, led, lead, _in_block(march.weights[:steps], numbers))


def _piece(march: March) -> int:
    """Return the number of steps of a block that are stored rather than found again."""
    steps = int(march.weights.shape[0]) - 1
    return min(max(ROOM // march.begin.size, math.isqrt(steps) + 1), steps + 1)


def _room(march: March) -> int:
    """Return how many vectors of a block are stored at a time: full rounds of `_back`, and one."""
    steps = min(_piece(march), int(march.weights.shape[0]) - 1)
    return -(-steps // LANES) * LANES + 1


class _Block:
    """Eight vectors on their way there and back."""

    def __init__(self, step: csr_array, back: csr_array, march: March, room: Floats) -> None:
        self.step = step.indptr, step.indices, step.data
        self.back = back.indptr, back.indices, back.data
        self.march, self.steps, self.piece = march, march.weights.shape[0] - 1, _piece(march)
        self.stored: dict[int, Floats] = {}
        self.now = room

    def forward(self) -> Floats:
        """Return the weighted sums; the first vectors of each piece are stored."""
        march = self.march
        first = march.begin + march.held
        first[:, 1::2] += march.led[:, 1::2] * first[:, ::2]
        total = march.weights[0] * first
        for begin in range(0, self.steps + 1, self.piece):
            poll()
            self.stored[begin] = first
            weights = march.weights[begin : begin + self.piece + 1]
            self._from_stored(begin, weights, total)
            first = self.now[weights.shape[0] - 1].copy()
        return np.asarray(total)

    def _from_stored(self, begin: int, weights: Floats, total: Floats) -> None:
        """Find the vectors from a stored one to the first of the next piece; zeros follow.

        All but the first are weighted and added to a total.
        """
        steps, march = weights.shape[0] - 1, self.march
        self.now[0], self.now[steps + 1 :] = self.stored[begin], 0.0
        ways = march.walk, march.held, march.led
        _walk(*self.step, *ways, weights, self.now[: steps + 1], total)

    def backward(self, seed: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Add slopes by the entries of the matrix; return those by ``begin`` and the other."""
        march = self.march
        y, more, pull = (np.zeros_like(seed) for _ in range(3))
        pulls = np.empty((LANES, *seed.shape))
        follows = (march.lead >= 0).astype(np.float64)
        for begin in reversed(range(0, max(self.steps, 1), self.piece)):
            poll()
            late = begin + self.piece >= self.steps
            weights = march.weights[begin : begin + self.piece + 1]
            if begin + self.piece <= self.steps:
                self._from_stored(begin, np.zeros_like(weights), y)
            _back(
                *self.step[:2], *self.back, march.walk, march.led, follows, weights, seed, self.now,
                y, more, pull, pulls, slopes, late,
            )  # fmt: skip
        return y, more


@njit(cache=True, nogil=True)
def _add_shares(slopes, lane, number, share, by_step):  # type: ignore[no-untyped-def]
    """Add slopes of lanes to those of sums in which each has a share."""
    for e in range(slopes.shape[0]):
        row, out = slopes[e], by_step[e]
        for k in range(lane.size):
            out[number[k]] += share[k] * row[lane[k]]


@njit(cache=True, nogil=True, fastmath={"contract"})
def _walk(start, column, factor, walk, held, led, weights, found, total):  # type: ignore[no-untyped-def]
    for n in range(1, found.shape[0]):
        before, after, row = found[n - 1], found[n], weights[n]
        for s in range(walk.shape[0]):
            march_on(start[s], start[s + 1], s, factor, column, before, walk, held, led, after)
        if row.any():
            for s in range(total.shape[0]):
                for v in range(LANES):
                    total[s, v] += row[v] * after[s, v]


@njit(cache=True, nogil=True)
def _back(  # type: ignore[no-untyped-def]
    leave, to, start, column, factor, walk, led, follows, weights, seed, x, y, more, pull, pulls,
    slopes, late,
):  # fmt: skip
    """Take slopes back through a piece, and add those by the entries of the matrix.

    ``pull`` is what the first step of the piece that is ``late`` by one pulls on. Those by entries
    are sums of what is pulled times the change that the entry brings, added up in rounds of eight
    steps, for which ``pulls`` has room.
    """
    steps, states = weights.shape[0] - 1, y.shape[0]
    if late:
        for s in range(states):
            march_back(
                0, 0, s, factor, column, pull, walk, led, follows, weights[steps], seed,
                x[steps], y, more, pull,
            )  # fmt: skip
    pulls[:] = 0.0
    pulls[(steps - 1) % LANES] = pull
    for n in range(steps - 1, -1, -1):
        now = pulls[n % LANES]
        if n % LANES == 0:
            for s in range(states):
                add_changes(leave[s], leave[s + 1], s, states, to, pulls, x[n:], slopes)
        after = pulls[(n - 1) % LANES] if n > 0 else pull
        for s in range(states):
            march_back(
                start[s], start[s + 1], s, factor, column, now, walk, led, follows,
                weights[n], seed, x[n], y, more, after,
            )  # fmt: skip
