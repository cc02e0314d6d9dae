"""Many steps of a sparse matrix on a few vectors at once, mixed over weights.

From x_0 the march goes on with x_n = P x_{n-1} where a vector may walk, and holds elsewhere what it
had: a constant, or the value of another vector that marches beside it. The sum of w_n x_n is what
is wanted. Where P has rows that sum to at most one, differences of successive vectors cannot grow,
so after n steps the rest of the sum is within sum_k w_k (k - n) of |x_n - x_{n-1}| times itself:
once that is less than what is allowed, the march stops early (steady state). Cost: O(steps x
transitions) for each eight vectors, see `detente.equilibrium._lanes`; large matrices are shared out
over the cores by rows, which changes no digit.
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
from detente.equilibrium import in_lanes, out_of_lanes, row_times_lanes, row_times_one
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
    walk = np.broadcast_to(walk, begin.shape)
    now = in_lanes(begin)
    after, total = in_lanes(begin), in_lanes(weights[0] * begin if first == 0 else 0.0 * begin)
    walks = in_lanes(walk)
    led = _leads(begin, walk, lead, now.shape)
    shared = walks, walks.any(axis=2), led, total
    remaining = _remaining(first, weights)
    arrays = step.indptr, step.indices, step.data
    cuts = _cuts(step)
    left_out = 0.0
    if cuts.size == 2:
        left_out = _all_steps(
            *arrays, now, after, *shared, first, weights, remaining, error, stop_flag()
        )
        poll()
        return out_of_lanes(total, vectors), left_out
    with ThreadPoolExecutor(max(1, cuts.size - 2)) as pool:
        for n in range(1, first + weights.size):
            poll()
            weight = weights[n - first] if n >= first else 0.0
            here = (now, after, *shared, weight)
            parts = [
                pool.submit(_rows, *arrays, low, high, *here) for low, high in pairwise(cuts[1:])
            ]
            change = _rows(*arrays, cuts[0], cuts[1], *here)
            change = max([change, *(part.result() for part in parts)])
            now, after = after, now
            if change * remaining[n, 1] <= error:
                total += remaining[n, 0] * now
                left_out = change * remaining[n, 1]
                break
    return out_of_lanes(total, vectors), left_out


def _leads(begin: Floats, walk: Bools, lead: Ints | None, shape: tuple[int, ...]) -> Ints:
    """Return where a vector takes on another's value: state, and flat indices of both, in rows."""
    if lead is None:
        return np.zeros((3, 0), dtype=np.int64)
    state, vector = np.nonzero((lead >= 0) & ~walk & (begin > 0.0))
    _, states, lanes = shape

    def flat(k: Ints) -> Ints:
        return np.asarray(((k // lanes) * states + state) * lanes + k % lanes)

    return np.stack([state, flat(vector), flat(lead[vector])]).astype(np.int64)


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
    start, column, factor, low, high, now, after, walk, walks, led, total, weight
):
    """Take a step on the rows from low to high; return the largest change."""
    blocks, _, lanes = now.shape
    change = 0.0
    for b in range(blocks):
        before, into = now[b], after[b]
        for s in range(low, high):
            if walks[b, s]:
                if lanes == 1:
                    row_times_one(start[s], start[s + 1], factor, column, before, into[s])
                else:
                    row_times_lanes(start[s], start[s + 1], factor, column, before, into[s])
        moved = _mix(
            before[low:high].reshape(-1), into[low:high].reshape(-1),
            walk[b, low:high].reshape(-1), weight, total[b, low:high].reshape(-1),
        )  # fmt: skip
        change = max(change, moved)
    values, sums = after.reshape(-1), total.reshape(-1)
    for j in range(np.searchsorted(led[0], low), np.searchsorted(led[0], high)):
        to, new = led[1, j], values[led[2, j]]
        gap = new - values[to]
        change = max(change, abs(gap))
        sums[to] += weight * gap
        values[to] = new
    return change


@njit(cache=True, nogil=True, fastmath={"contract", "nnan", "nsz"})
def _mix(before, after, walk, weight, total):  # type: ignore[no-untyped-def]
    """Hold what does not walk and add to the total; return the largest change."""
    change = 0.0
    for i in range(before.size):
        new = after[i] if walk[i] else before[i]
        gap = abs(new - before[i])
        change = gap if gap > change else change
        after[i] = new
        total[i] += weight * new
    return change


@njit(cache=True, nogil=True)
def _all_steps(  # type: ignore[no-untyped-def]
    start, column, factor, now, after, walk, walks, led, total, first, weights, remaining, error,
    stop,
):  # fmt: skip
    """Take all steps on all rows; return what stopping early left out."""
    for n in range(1, first + weights.size):
        if stop[0]:
            break
        weight = weights[n - first] if n >= first else 0.0
        change = _rows(
            start, column, factor, 0, now.shape[1], now, after, walk, walks, led, total, weight
        )
        now, after = after, now
        if change * remaining[n, 1] <= error:
            total += remaining[n, 0] * now
            return change * remaining[n, 1]
    return 0.0


@njit(cache=True, nogil=True)
def _product(start, column, factor, low, high, vector, out):  # type: ignore[no-untyped-def]
    for s in range(low, high):
        total = 0.0
        for e in range(start[s], start[s + 1]):
            total += factor[e] * vector[column[e]]
        out[s] = total
