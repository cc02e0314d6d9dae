"""Temporal probabilities by backward steps of the uniformized chain.

``left U[a, b] right`` within a scope that must hold throughout: with h_n(s) the probability that n
steps from s satisfy it and g_n(s) that n steps stay in scope,

    h_n(s) = g_n(s) at right,  (P h_{n-1})(s) at left,  0 elsewhere;   g_n = scope x P g_{n-1},

mixed over the Poisson number of ticks; a first stretch [0, a] on which only left must hold is a
killed chain. ``F`` is ``true U``, ``G`` the complement of ``F not``. An open end is a linear
system (Baier, Haverkort, Hermanns & Katoen 2003). Cost: O(rate x years x transitions).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from scipy.sparse import csr_array, eye_array
from scipy.sparse.csgraph import breadth_first_order
from scipy.sparse.linalg import spsolve

from detente.forecast.chain import Chain, Floats, advance, ticks

Truth = np.ndarray


def until(
    chain: Chain, left: Truth, right: Truth, low: float, high: float, scope: Truth
) -> tuple[Floats, Floats]:
    """Return, for each start, the probability of an until within the scope, and of the scope.

    Parameters
    ----------
    chain : Chain
    left, right, scope : ndarray of bool, (feasible states,)
    low, high : float
        Years; ``high`` may be infinite where the scope is everything.

    Returns
    -------
    until, scope : ndarray, (feasible states,)
        Both joint with the scope holding from 0 to ``high``.
    """
    if math.isinf(high):
        values, held = eventually(chain, left, right), np.ones(scope.size)
    else:
        first, weights = ticks(chain.rate * (high - low))
        values, held = np.zeros(scope.size), np.zeros(scope.size)
        until_steps(
            chain.step.indptr, chain.step.indices, chain.step.data,
            left, right, scope, first, weights, values, held,
        )  # fmt: skip
    if low > 0.0:
        values = stay(chain, left & scope, values, low)
        held = stay(chain, scope, held, low) if not scope.all() else held
    return values, held


def stay(chain: Chain, within: Truth, values: Floats, years: float) -> Floats:
    """Return the expected end value of paths that stay within a set for some years."""
    first, weights = ticks(chain.rate * years)
    out = np.zeros(values.size)
    stay_steps(
        chain.step.indptr, chain.step.indices, chain.step.data, within, values, first, weights, out
    )
    return out


def eventually(chain: Chain, left: Truth, right: Truth) -> Floats:
    """Return the probability of ``left U right`` without an end, for each start."""
    values = right.astype(np.float64)
    if not right.any():
        return values
    middle = left & ~right
    reach = _can_reach(chain, middle, right)
    open_states = np.flatnonzero(middle & reach)
    if open_states.size:
        inner = chain.step[open_states][:, open_states]
        into = np.asarray(chain.step[open_states] @ right.astype(np.float64))
        system = eye_array(open_states.size, format="csr") - inner
        values[open_states] = spsolve(system.tocsc(), into)
    return np.clip(values, 0.0, 1.0)


def _can_reach(chain: Chain, middle: Truth, right: Truth) -> Truth:
    size = right.size
    backwards = chain.back.tocoo()
    keep = middle[backwards.col]
    source = np.flatnonzero(right)
    row = np.concatenate([backwards.row[keep], np.full(source.size, size)])
    column = np.concatenate([backwards.col[keep], source])
    graph = csr_array((np.ones(row.size), (row, column)), shape=(size + 1, size + 1))
    found = breadth_first_order(graph, size, return_predecessors=False)
    reach = np.zeros(size + 1, dtype=bool)
    reach[found] = True
    return reach[:size]


@njit(cache=True, nogil=True)
def until_steps(start, column, factor, left, right, scope, first, weights, values, held):  # type: ignore[no-untyped-def]
    """Mix h_n and g_n of the module's recursion over the Poisson weights."""
    size = values.size
    bounded = not scope.all()
    hit, hit_next = np.empty(size), np.empty(size)
    keep, keep_next = np.empty(size), np.empty(size)
    for s in range(size):
        keep[s] = 1.0 if scope[s] else 0.0
        hit[s] = keep[s] if right[s] else 0.0
    for n in range(first + weights.size):
        if n > 0:
            if bounded:
                advance(start, column, factor, keep, keep_next)
                for s in range(size):
                    keep[s] = keep_next[s] if scope[s] else 0.0
            advance(start, column, factor, hit, hit_next)
            for s in range(size):
                if right[s]:
                    hit[s] = keep[s]
                elif left[s] and scope[s]:
                    hit[s] = hit_next[s]
                else:
                    hit[s] = 0.0
        if n >= first:
            weight = weights[n - first]
            for s in range(size):
                values[s] += weight * hit[s]
                held[s] += weight * keep[s]


@njit(cache=True, nogil=True)
def stay_steps(start, column, factor, within, values, first, weights, out):  # type: ignore[no-untyped-def]
    """Mix n killed steps of the values over the Poisson weights."""
    size = values.size
    now, following = np.empty(size), np.empty(size)
    for s in range(size):
        now[s] = values[s] if within[s] else 0.0
    for n in range(first + weights.size):
        if n > 0:
            advance(start, column, factor, now, following)
            for s in range(size):
                now[s] = following[s] if within[s] else 0.0
        if n >= first:
            weight = weights[n - first]
            for s in range(size):
                out[s] += weight * now[s]
