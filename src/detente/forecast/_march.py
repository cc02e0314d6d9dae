"""Many steps of a sparse matrix on a few vectors at once, mixed over weights.

From x_0 the march goes on with x_n = P x_{n-1} where a vector may walk, and holds elsewhere what it
had: a constant, or the value of another vector that marches beside it. The sum of w_n x_n is what
is wanted. Where P has rows that sum to at most one, differences of successive vectors cannot grow,
so after n steps the rest of the sum is within sum_k w_k (k - n) of |x_n - x_{n-1}| times itself:
once that is less than what is allowed, the march stops early (steady state). Cost: O(steps x
transitions); large matrices are shared out over the cores by rows, which changes no digit.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detente.engine import poll, stop_flag
from detente.values import Bools, Floats, Ints

SHARED = 400_000
"""Transitions from which on a step is shared out over the cores."""
MOST_WORKERS = 8


def march(
    step: csr_array,
    begin: Floats,
    first: int,
    weights: Floats,
    walk: Bools | None = None,
    lead: Ints | None = None,
    error: float = 0.0,
) -> tuple[Floats, float]:
    """Return the weighted sum of a march, and a bound on what stopping early left out.

    Parameters
    ----------
    step : scipy.sparse.csr_array
        Rows sum to at most one.
    begin : ndarray, (states, vectors)
    first : int
        The step of the first weight.
    weights : ndarray
    walk : ndarray of bool, (states, vectors), optional
        Where a vector goes on; everywhere by default.
    lead : ndarray of int, (vectors,), optional
        For each vector the one whose values it takes on where it does not walk and began with more
        than zero; -1 to keep what it had.
    error : float
        Allowed for stopping early.

    Returns
    -------
    total : ndarray, (states, vectors)
    left_out : float
        Zero where the march went all the way.

    Examples
    --------
    >>> step = csr_array([[0.5, 0.5], [0.0, 1.0]])
    >>> total, left_out = march(step, np.array([[0.0], [1.0]]), 2, np.ones(1))
    >>> total.ravel().tolist()
    [0.75, 1.0]
    """
    vectors = begin.shape[1]
    if walk is None:
        walk = np.ones((1, vectors), dtype=bool)
    if lead is None:
        lead = np.full(vectors, -1)
    begin = np.ascontiguousarray(begin)
    now = begin.copy()
    after = now.copy()
    total = np.zeros_like(now)
    if first == 0:
        total += weights[0] * now
    last = first + weights.size - 1
    remaining = _remaining(first, weights)
    arrays = step.indptr, step.indices, step.data
    cuts = _cuts(step)
    if cuts.size == 2:
        left_out = _all_steps(
            *arrays, now, after, walk, lead, begin, first, weights, remaining, error, total,
            stop_flag(),
        )  # fmt: skip
        poll()
        return total, left_out
    with ThreadPoolExecutor(max(1, cuts.size - 2)) as pool:
        for n in range(1, last + 1):
            poll()
            weight = weights[n - first] if n >= first else 0.0
            shared = (now, after, walk, lead, begin, weight, total)
            parts = [
                pool.submit(_rows, *arrays, low, high, *shared) for low, high in pairwise(cuts[1:])
            ]
            change = _rows(*arrays, cuts[0], cuts[1], *shared)
            change = max([change, *(part.result() for part in parts)])
            now, after = after, now
            if change * remaining[n, 1] <= error:
                total += remaining[n, 0] * now
                return total, change * remaining[n, 1]
    return total, 0.0


def distinct(sets: Bools) -> tuple[Bools, NDArray[np.intp]]:
    """Return the different rows of a table of truths, and for each row which of them it is.

    Examples
    --------
    >>> rows, place = distinct(np.array([[True, False], [True, True], [True, False]]))
    >>> len(rows), place.tolist()
    (2, [0, 1, 0])
    """
    numbers: dict[bytes, int] = {}
    place = np.array([numbers.setdefault(row.tobytes(), len(numbers)) for row in sets], np.intp)
    first = [int(np.flatnonzero(place == k)[0]) for k in range(len(numbers))]
    return sets[first], place


def multiplier(matrix: csr_array) -> Callable[[Floats], Floats]:
    """Return the product of a sparse matrix with vectors, shared out over the cores if it is large.

    Examples
    --------
    >>> multiplier(csr_array([[0.5, 0.5], [0.0, 1.0]]))(np.array([0.0, 1.0])).tolist()
    [0.5, 1.0]
    """
    arrays = matrix.indptr, matrix.indices, matrix.data
    cuts = _cuts(matrix)
    pool = ThreadPoolExecutor(max(1, cuts.size - 2))

    def product(vector: Floats) -> Floats:
        poll()
        out = np.empty(matrix.shape[0])
        parts = [
            pool.submit(_product, *arrays, low, high, vector, out)
            for low, high in pairwise(cuts[1:])
        ]
        _product(*arrays, cuts[0], cuts[1], vector, out)
        for part in parts:
            part.result()
        return out

    return product


def _remaining(first: int, weights: Floats) -> Floats:
    """Return for every step n the sums over k > n of w_k and of w_k (k - n)."""
    whole = np.concatenate([np.zeros(first), weights])
    mass = np.append(np.cumsum(whole[::-1])[::-1][1:], 0.0)
    drift = np.append(np.cumsum(mass[::-1])[::-1], 0.0)[: mass.size]
    return np.stack([mass, drift], axis=1)


def _cuts(step: csr_array) -> Ints:
    """Return the rows at which the work is cut into parts of like size."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS) if step.nnz >= SHARED else 1
    shares = np.linspace(0, step.nnz, workers + 1)[1:-1]
    inner = np.searchsorted(step.indptr, shares)
    return np.concatenate([[0], inner, [step.shape[0]]]).astype(np.int64)


@njit(cache=True, nogil=True)
def _rows(  # type: ignore[no-untyped-def]
    start, column, factor, low, high, now, after, walk, lead, begin, weight, total
):
    """Take a step on the rows from low to high; return the largest change."""
    vectors = now.shape[1]
    everywhere = walk.shape[0] == 1
    change = 0.0
    for s in range(low, high):
        row = 0 if everywhere else s
        walks = False
        for k in range(vectors):
            walks |= walk[row, k]
        if walks and vectors == 1:
            came = 0.0
            for e in range(start[s], start[s + 1]):
                came += factor[e] * now[column[e], 0]
            after[s, 0] = came
        elif walks:
            for k in range(vectors):
                after[s, k] = 0.0
            for e in range(start[s], start[s + 1]):
                share, there = factor[e], column[e]
                for k in range(vectors):
                    after[s, k] += share * now[there, k]
        for k in range(vectors):
            if not walk[row, k]:
                after[s, k] = now[s, k]
        for k in range(vectors):
            if lead[k] >= 0 and not walk[row, k] and begin[s, k] > 0.0:
                after[s, k] = after[s, lead[k]]
            change = max(change, abs(after[s, k] - now[s, k]))
            total[s, k] += weight * after[s, k]
    return change


@njit(cache=True, nogil=True)
def _all_steps(  # type: ignore[no-untyped-def]
    start,
    column,
    factor,
    now,
    after,
    walk,
    lead,
    begin,
    first,
    weights,
    remaining,
    error,
    total,
    stop,
):
    """Take all steps on all rows; return what stopping early left out."""
    for n in range(1, first + weights.size):
        if stop[0]:
            break
        weight = weights[n - first] if n >= first else 0.0
        change = _rows(
            start, column, factor, 0, now.shape[0], now, after, walk, lead, begin, weight, total
        )
        now, after = after, now
        if change * remaining[n, 1] <= error:
            for s in range(now.shape[0]):
                for k in range(now.shape[1]):
                    total[s, k] += remaining[n, 0] * now[s, k]
            return change * remaining[n, 1]
    return 0.0


@njit(cache=True, nogil=True)
def _product(start, column, factor, low, high, vector, out):  # type: ignore[no-untyped-def]
    for s in range(low, high):
        total = 0.0
        for e in range(start[s], start[s + 1]):
            total += factor[e] * vector[column[e]]
        out[s] = total
