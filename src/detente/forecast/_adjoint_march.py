"""Slopes of marches: how what they come to moves with every rate of the chain.

A march goes from x_0 = begin + more with

    x_n = walk P x_{n-1} + more,    more = held + led x_n of another vector,

and what is wanted is the sum over n of w_n (seed . x_n). Its slopes come in one backward sweep
(reverse differentiation: Griewank & Walther 2008, chapters 3 and 12): y_n, the slope by x_n, is
w_n seed + P' walk y_{n+1} and what those that follow it bring, and an entry of P has the slope
sum_n walk y_n(s) (x_{n-1}(s') - x_{n-1}(s)), where what goes from s to s' does not stay. The x_n are
stored as far as memory allows and else found again from every few, piece by piece (checkpoints).
Cost: three marches; memory O(sqrt(ticks) x states x vectors), or `ROOM` where that is more.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from detente.engine import poll
from detente.values import Floats, Ints

ROOM = 2**23
"""Numbers that are stored rather than found again."""


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

    def __init__(self, step: csr_array, march: March) -> None:
        self.arrays = step.indptr, step.indices, step.data
        self.march, self.steps = march, march.weights.shape[0] - 1
        states, vectors = march.begin.shape
        piece = max(ROOM // (states * vectors), math.isqrt(self.steps) + 1)
        self.piece = min(piece, self.steps + 1)
        self.stored: dict[int, Floats] = {}
        self.now: Floats = np.empty((0, states, vectors))

    def forward(self) -> Floats:
        """March to the end and return the weighted sums; store the first vectors of each piece."""
        march = self.march
        first = march.begin + march.held
        _follow(march.lead, march.led, first)
        total = march.weights[0] * first
        for begin in range(0, self.steps + 1, self.piece):
            poll()
            self.stored[begin] = first
            self.now = self._from_stored(begin)
            count = self.now.shape[0]
            total += np.einsum("nsv,nv->sv", self.now[1:], march.weights[begin + 1 : begin + count])
            first = self.now[-1]
        return total

    def _from_stored(self, begin: int) -> Floats:
        """Return the vectors from a stored one to the first of the next piece."""
        end = min(begin + self.piece, self.steps)
        found = np.empty((end - begin + 1, *self.march.begin.shape))
        found[0] = self.stored[begin]
        _walk(
            *self.arrays, self.march.walk, self.march.held, self.march.lead, self.march.led, found
        )
        return found

    def backward(self, seed: Floats) -> MarchSlopes:
        """Return slopes by what the total of each vector is worth at each state."""
        march = self.march
        y = march.weights[self.steps] * seed
        slopes = np.zeros((self.arrays[1].size, seed.shape[1]))
        more = np.zeros_like(seed)
        for begin in reversed(range(0, self.steps, self.piece)):
            poll()
            x = self.now if begin + self.piece > self.steps else self._from_stored(begin)
            pulls = np.empty((x.shape[0] - 1, *seed.shape))
            weights = march.weights[begin : begin + x.shape[0]]
            _back(*self.arrays, march.walk, march.lead, march.led, seed, weights, x, y, more, pulls)
            _contract(*self.arrays[:2], x, pulls, slopes)
        _lead_back(march.lead, march.led, y)
        more += y * _led_values(march.lead, self.stored[0])
        return MarchSlopes(slopes, y, more)


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


def _led_values(lead: Ints, x: Floats) -> Floats:
    """Return the values of the vector that each one follows; 1 where it follows none."""
    return np.where(lead >= 0, x[..., lead], 1.0)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _walk(start, column, factor, walk, held, lead, led, found):  # type: ignore[no-untyped-def]
    for n in range(1, found.shape[0]):
        before, after = found[n - 1], found[n]
        for s in range(walk.shape[0]):
            row = after[s]
            row[:] = 0.0
            for e in range(start[s], start[s + 1]):
                share, there = factor[e], before[column[e]]
                for v in range(row.size):
                    row[v] += share * there[v]
            for v in range(row.size):
                row[v] = walk[s, v] * row[v] + held[s, v]
        _follow(lead, led, after)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _back(start, column, factor, walk, lead, led, seed, weights, x, y, more, pulls):  # type: ignore[no-untyped-def]
    """Take the slopes ``y`` back through a piece; note what each step pulls on."""
    states, vectors = y.shape
    for n in range(x.shape[0] - 1, 0, -1):
        _lead_back(lead, led, y)
        pull = pulls[n - 1]
        for s in range(states):
            for v in range(vectors):
                led_by = x[n, s, lead[v]] if lead[v] >= 0 else 1.0
                more[s, v] += y[s, v] * led_by
                pull[s, v] = walk[s, v] * y[s, v]
                y[s, v] = weights[n - 1, v] * seed[s, v]
        for s in range(states):
            for e in range(start[s], start[s + 1]):
                share, there = factor[e], y[column[e]]
                for v in range(vectors):
                    there[v] += share * pull[s, v]


@njit(cache=True, nogil=True, fastmath={"contract"})
def _contract(start, column, x, pulls, slopes):  # type: ignore[no-untyped-def]
    """Add to the slope by each entry the sum of what is pulled times the change that it brings."""
    steps, states, vectors = pulls.shape
    for s in range(states):
        for e in range(start[s], start[s + 1]):
            c, total = column[e], slopes[e]
            if c != s:
                for n in range(steps):
                    for v in range(vectors):
                        total[v] += pulls[n, s, v] * (x[n, c, v] - x[n, s, v])
