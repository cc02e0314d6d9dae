"""Many steps of a sparse matrix on a few vectors at once, mixed over weights.

From x_0 the march goes on with x_n = P x_{n-1} where a vector may walk, and holds elsewhere what it
had: a constant, or the value of another vector that marches beside it. The sum of w_n x_n is what
is wanted. Where P has rows that sum to at most one, differences of successive vectors cannot grow,
so after n steps the rest of the sum is within sum_k w_k (k - n) of |x_n - x_{n-1}| times itself:
once that is less than what is allowed, eight vectors stop early (steady state). Each may have
weights of its own. Cost: O(steps x transitions) for each eight vectors, see
`detente.equilibrium._lanes`; large matrices are shared out over the cores by rows, which changes no
digit.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from detente.engine import poll, stop_flag
from detente.equilibrium import in_lanes, out_of_lanes, row_times_lanes, row_times_one
from detente.values import Bools, Floats, Ints


class Clock(NamedTuple):
    """When the vectors of blocks count.

    ``weights`` are those of each step from ``first`` on, (blocks, steps, lanes), ``sums`` their
    sums. At a step n, ``mass`` is the sum over k > n of w_k, and ``drift`` that of w_k (k - n), the
    largest of a block.
    """

    first: int
    weights: Floats
    sums: Floats
    mass: Floats
    drift: Floats


SHARED = 400_000
"""Transitions from which on a step is shared out over the cores."""
MOST_WORKERS = 8
TILE = 128
"""States of a block that are mixed at a time: their weights fit the fastest cache."""


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
    weights : ndarray, (steps,) or (steps, vectors)
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
    shares = np.broadcast_to(weights.reshape(len(weights), -1), (len(weights), vectors))
    now, total = in_lanes(begin), in_lanes(shares[0] * begin if first == 0 else 0.0 * begin)
    after, walks = now.copy(), in_lanes(walk)
    blocks = len(now)
    clock = _clock(first, in_lanes(shares))
    march_on = np.full(blocks, first + len(weights) > 1)
    shared = walks, walks.any(axis=2), _leads(begin, walk, lead, now.shape), total
    arrays = step.indptr, step.indices, step.data
    cuts = _cuts(step)
    if cuts.size == 2:
        left_out = _all_steps(*arrays, now, after, *shared, clock, error, march_on, stop_flag())
        poll()
        return out_of_lanes(total, vectors), left_out
    change, left_out = np.zeros((cuts.size - 1, blocks)), 0.0
    with ThreadPoolExecutor(max(1, cuts.size - 2)) as pool:
        for n in range(1, first + len(weights)):
            poll()
            parts = [
                pool.submit(_rows, *arrays, low, high, now, after, *shared, clock, n, march_on, own)
                for (low, high), own in zip(pairwise(cuts[1:]), change[1:], strict=True)
            ]
            _rows(*arrays, 0, cuts[1], now, after, *shared, clock, n, march_on, change[0])
            for part in parts:
                part.result()
            now, after = after, now
            left_out = max(
                left_out,
                _settle(change.max(axis=0), now, after, total, clock, n, error, march_on),
            )
            if not march_on.any():
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


def _clock(first: int, weights: Floats) -> Clock:
    upwards = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    mass = np.concatenate([upwards[:, 1:], np.zeros_like(upwards[:, :1])], axis=1)
    drift = np.cumsum(mass[:, ::-1], axis=1)[:, ::-1].max(axis=2)
    return Clock(first, weights, upwards[:, 0].copy(), mass, drift.copy())


def _cuts(step: csr_array) -> Ints:
    """Return the rows at which the work is cut into parts of like size."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS) if step.nnz >= SHARED else 1
    shares = np.linspace(0, step.nnz, workers + 1)[1:-1]
    inner = np.searchsorted(step.indptr, shares)
    return np.concatenate([[0], inner, [step.shape[0]]]).astype(np.int64)


@njit(cache=True, nogil=True)
def _rows(  # type: ignore[no-untyped-def]
    start, column, factor, low, high, now, after, walk, walks, led, total, clock, n, marches, change
):
    """Take a step on the rows from low to high; note the largest change of each block."""
    blocks, states, lanes = now.shape
    weights = np.empty(TILE * lanes)
    for b in range(blocks):
        change[b] = 0.0
        if not marches[b]:
            continue
        before, into = now[b], after[b]
        for s in range(low, high):
            if walks[b, s]:
                if lanes == 1:
                    row_times_one(start[s], start[s + 1], factor, column, before, into[s])
                else:
                    row_times_lanes(start[s], start[s + 1], factor, column, before, into[s])
        for v in range(lanes):
            weight = clock.weights[b, n - clock.first, v] if n >= clock.first else 0.0
            weights[v::lanes] = weight
        for begin in range(low, high, TILE):
            end = min(begin + TILE, high)
            moved = _mix(
                before[begin:end].reshape(-1), into[begin:end].reshape(-1),
                walk[b, begin:end].reshape(-1), weights, total[b, begin:end].reshape(-1),
            )  # fmt: skip
            change[b] = max(change[b], moved)
    values, sums, block = after.reshape(-1), total.reshape(-1), states * lanes
    for j in range(np.searchsorted(led[0], low), np.searchsorted(led[0], high)):
        to, new = led[1, j], values[led[2, j]]
        b, gap = to // block, new - values[to]
        if marches[b]:
            change[b] = max(change[b], abs(gap))
            if n >= clock.first:
                sums[to] += clock.weights[b, n - clock.first, to % lanes] * gap
            values[to] = new


@njit(cache=True, nogil=True, fastmath={"contract", "nnan", "nsz"})
def _mix(before, after, walk, weights, total):  # type: ignore[no-untyped-def]
    """Hold what does not walk and add to the total; return the largest change."""
    change = 0.0
    for i in range(before.size):
        new = after[i] if walk[i] else before[i]
        gap = abs(new - before[i])
        change = gap if gap > change else change
        after[i] = new
        total[i] += weights[i] * new
    return change


@njit(cache=True, nogil=True)
def _settle(change, now, after, total, clock, n, error, marches):  # type: ignore[no-untyped-def]
    """End the blocks that move no more; return what stopping early left out."""
    left_out = 0.0
    for b in range(marches.size):
        ahead = n - clock.first
        mass, drift = clock.sums[b], clock.drift[b, max(ahead, 0)]
        if ahead >= 0:
            mass = clock.mass[b, ahead]
        else:
            drift -= ahead * mass.max()
        rest = change[b] * drift
        if marches[b] and rest <= error:
            marches[b] = False
            after[b] = now[b]
            total[b] += mass * now[b]
            left_out = max(left_out, rest)
    return left_out


@njit(cache=True, nogil=True)
def _all_steps(  # type: ignore[no-untyped-def]
    start, column, factor, now, after, walk, walks, led, total, clock, error, marches, stop
):
    """Take all steps on all rows; return what stopping early left out."""
    left_out, change = 0.0, np.zeros(marches.size)
    for n in range(1, clock.first + clock.weights.shape[1]):
        if stop[0] or not marches.any():
            break
        _rows(
            start, column, factor, 0, now.shape[1], now, after, walk, walks, led, total, clock, n,
            marches, change,
        )  # fmt: skip
        now, after = after, now
        left_out = max(left_out, _settle(change, now, after, total, clock, n, error, marches))
    return left_out


@njit(cache=True, nogil=True)
def _product(start, column, factor, low, high, vector, out):  # type: ignore[no-untyped-def]
    block, into = vector.reshape(-1, 1), out.reshape(-1, 1)
    for s in range(low, high):
        row_times_one(start[s], start[s + 1], factor, column, block, into[s])
