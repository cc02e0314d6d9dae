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
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from detente.engine import poll, side_by_side
from detente.equilibrium import LANES, product_of_rows, row_times_lanes
from detente.values import Floats, Ints

ROOM = 2**21
"""Numbers of a block that are stored rather than found again."""
_CHUNK = 32
"""Steps whose vectors are looked at together: few enough for a core's own cache."""


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
    """Slopes of the sum over vectors of seed . total.

    Attributes
    ----------
    step : ndarray, (entries of the matrix, vectors)
        By each entry of P, which leaves less for staying.
    begin, more : ndarray, (states, vectors)
        By ``begin``; and by ``held``, or by ``led`` for a vector that follows another.
    """

    step: Floats
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
    >>> there_and_back.backward(np.array([[1.0], [0.0]])).step.ravel().tolist()
    [0.0, 1.0, 0.0]
    """

    def __init__(self, step: csr_array, march: March, threads: bool = False) -> None:
        back = csr_array(step.T)
        self._threads, self._entries = threads, step.nnz
        self._count = march.lead.size
        self._blocks = [
            _Block(step, back, _of_block(march, columns)) for columns in _together(march.lead)
        ]
        self._columns = _together(march.lead)

    def forward(self) -> Floats:
        """March to the end and return the weighted sums, (states, vectors)."""
        return self._gathered(side_by_side([b.forward for b in self._blocks], self._threads))

    def backward(self, seed: Floats) -> MarchSlopes:
        """Return slopes by what the total of each vector is worth at each state."""
        works = [
            partial(block.backward, _in_block(seed, columns))
            for block, columns in zip(self._blocks, self._columns, strict=True)
        ]
        found = side_by_side(works, self._threads)
        return MarchSlopes(*(self._gathered(parts) for parts in zip(*found, strict=True)))

    def _gathered(self, parts: Sequence[Floats]) -> Floats:
        out = np.empty((parts[0].shape[0], self._count), order="F")
        for columns, part in zip(self._columns, parts, strict=True):
            out[:, columns] = part[:, : len(columns)]
        return out


def _together(lead: Ints) -> list[list[int]]:
    """Return vectors in blocks, each with the one that it follows."""
    blocks: list[list[int]] = [[]]
    followed = set(lead[lead >= 0].tolist())
    for k, first in enumerate(lead.tolist()):
        if k in followed:
            continue
        pair = [k] if first < 0 else [first, k]
        if len(blocks[-1]) + len(pair) > LANES:
            blocks.append([])
        blocks[-1] += pair
    return blocks


def _in_block(columns: Floats, numbers: Sequence[int]) -> Floats:
    block = np.zeros((columns.shape[0], LANES))
    block[:, : len(numbers)] = columns[:, numbers]
    return block


def _of_block(march: March, numbers: list[int]) -> March:
    lead = np.full(LANES, -1)
    for k, number in enumerate(numbers):
        if march.lead[number] >= 0:
            lead[k] = numbers.index(int(march.lead[number]))
    begin, walk, held, led = (_in_block(columns, numbers) for columns in march[:4])
    return March(begin, walk, held, led, lead, _in_block(march.weights, numbers))


class _Block:
    """Eight vectors on their way there and back."""

    def __init__(self, step: csr_array, back: csr_array, march: March) -> None:
        self.step = step.indptr, step.indices, step.data
        self.back = back.indptr, back.indices, back.data
        self.march, self.steps = march, march.weights.shape[0] - 1
        self.shape = march.begin.shape
        piece = max(ROOM // march.begin.size, math.isqrt(self.steps) + 1)
        self.piece = min(piece, self.steps + 1)
        self.stored: dict[int, Floats] = {}
        self.now: Floats = np.empty((0, *self.shape))

    def forward(self) -> Floats:
        """Return the weighted sums; the first vectors of each piece are stored."""
        march = self.march
        first = march.begin + march.held
        _follow(march.lead, march.led, first)
        total = march.weights[0] * first
        for begin in range(0, self.steps + 1, self.piece):
            poll()
            self.stored[begin] = first
            self.now = self._from_stored(begin)
            _sum_up(march.weights[begin : begin + self.now.shape[0]], self.now, total)
            first = self.now[-1]
        return np.asarray(total)

    def _from_stored(self, begin: int) -> Floats:
        """Return the vectors from a stored one to the first of the next piece."""
        end, march = min(begin + self.piece, self.steps), self.march
        found = np.empty((end - begin + 1, *self.shape))
        found[0] = self.stored[begin]
        _walk(*self.step, march.walk, march.held, march.lead, march.led, found)
        return found

    def backward(self, seed: Floats) -> MarchSlopes:
        march = self.march
        y = march.weights[self.steps] * seed
        slopes, more = np.zeros((self.step[1].size, LANES)), np.zeros_like(seed)
        for begin in reversed(range(0, self.steps, self.piece)):
            poll()
            x = self.now if begin + self.piece > self.steps else self._from_stored(begin)
            pulls = np.empty((x.shape[0] - 1, *self.shape))
            weights = march.weights[begin : begin + x.shape[0]]
            _back(*self.back, march.walk, march.lead, march.led, seed, weights, x, y, more, pulls)
            for n in range(0, pulls.shape[0], _CHUNK):
                _contract(*self.step[:2], _by_state(x[:-1], n), _by_state(pulls, n), slopes)
        _lead_back(march.lead, march.led, y)
        _add_more(march.lead, self.stored[0], y, more)
        return MarchSlopes(slopes, y, more)


def _by_state(vectors: Floats, first: int) -> Floats:
    """Return some vectors with all that belongs to a state side by side, (states x steps, 8)."""
    chunk = vectors[first : first + _CHUNK]
    return np.ascontiguousarray(chunk.transpose(1, 0, 2)).reshape(-1, LANES)


@njit(cache=True, nogil=True)
def _follow(lead, led, x):  # type: ignore[no-untyped-def]
    """Add to each vector what it takes from the one that it follows."""
    for v in range(lead.size):
        if lead[v] >= 0:
            for s in range(x.shape[0]):
                x[s, v] += led[s, v] * x[s, lead[v]]


@njit(cache=True, nogil=True)
def _lead_back(lead, led, y):  # type: ignore[no-untyped-def]
    """Add to the slope by each vector what those that follow it bring."""
    for v in range(lead.size):
        if lead[v] >= 0:
            for s in range(y.shape[0]):
                y[s, lead[v]] += led[s, v] * y[s, v]


@njit(cache=True, nogil=True)
def _add_more(lead, x, y, more):  # type: ignore[no-untyped-def]
    """Add the slope by what is held, or by the share of another vector that is taken."""
    for v in range(lead.size):
        for s in range(y.shape[0]):
            more[s, v] += y[s, v] * (x[s, lead[v]] if lead[v] >= 0 else 1.0)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _sum_up(weights, x, total):  # type: ignore[no-untyped-def]
    """Add the weighted vectors, all but the first."""
    for n in range(1, x.shape[0]):
        row = weights[n]
        if row.any():
            for s in range(total.shape[0]):
                for v in range(LANES):
                    total[s, v] += row[v] * x[n, s, v]


@njit(cache=True, nogil=True, fastmath={"contract"})
def _walk(start, column, factor, walk, held, lead, led, found):  # type: ignore[no-untyped-def]
    for n in range(1, found.shape[0]):
        before, after = found[n - 1], found[n]
        for s in range(walk.shape[0]):
            row_times_lanes(start[s], start[s + 1], factor, column, before, after[s])
            for v in range(LANES):
                after[s, v] = walk[s, v] * after[s, v] + held[s, v]
        _follow(lead, led, after)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _back(start, column, factor, walk, lead, led, seed, weights, x, y, more, pulls):  # type: ignore[no-untyped-def]
    """Take the slopes ``y`` back through a piece; note what each step pulls on."""
    for n in range(x.shape[0] - 1, 0, -1):
        _lead_back(lead, led, y)
        _add_more(lead, x[n], y, more)
        pull = pulls[n - 1]
        for s in range(y.shape[0]):
            for v in range(LANES):
                pull[s, v] = walk[s, v] * y[s, v]
        for s in range(y.shape[0]):
            row_times_lanes(start[s], start[s + 1], factor, column, pull, y[s])
            for v in range(LANES):
                y[s, v] += weights[n - 1, v] * seed[s, v]


@njit(cache=True, nogil=True)
def _contract(start, column, x, pulls, slopes):  # type: ignore[no-untyped-def]
    """Add to the slope by each entry the sum of what is pulled times the change that it brings."""
    steps = x.shape[0] // (start.size - 1)
    here, there = np.empty(LANES), np.empty(LANES)
    for s in range(start.size - 1):
        low, high = s * steps, (s + 1) * steps
        product_of_rows(low, high, 0, pulls, x, here)
        for e in range(start[s], start[s + 1]):
            product_of_rows(low, high, (column[e] - s) * steps, pulls, x, there)
            for v in range(LANES):
                slopes[e, v] += there[v] - here[v]
