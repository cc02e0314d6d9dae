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
import warnings

import numpy as np
from numba import njit
from scipy.sparse import csr_array, diags_array, eye_array
from scipy.sparse.linalg import MatrixRankWarning, spsolve

from detente.errors import AnalysisError
from detente.forecast.chain import Chain, Floats, advance, advance_all, reachable, ticks

Truth = np.ndarray


def until(
    chain: Chain, left: Truth, right: Truth, low: float, high: float, scope: Truth
) -> tuple[Floats, Floats]:
    """Return, for each start, the probability of untils within scopes, and of the scopes.

    Parameters
    ----------
    chain : Chain
    left, right, scope : ndarray of bool, (questions, feasible states)
        Questions with the same period are answered in one pass, much faster than one by one.
    low, high : float
        Years; ``high`` may be infinite where every scope is everything.

    Returns
    -------
    until, scope : ndarray, (questions, feasible states)
        Both joint with the scope holding from 0 to ``high``.
    """
    if math.isinf(high):
        values = np.stack([eventually(chain, a, b) for a, b in zip(left, right, strict=True)])
        held = np.ones_like(values)
    else:
        first, weights = ticks(chain.rate * (high - low))
        scopes, keeper = np.unique(scope, axis=0, return_inverse=True)
        values, held = np.zeros(left.shape[::-1]), np.zeros(scopes.shape[::-1])
        until_steps(
            chain.step.indptr, chain.step.indices, chain.step.data,
            left.T.copy(), right.T.copy(), scopes.T.copy(), keeper.reshape(-1),
            first, weights, values, held,
        )  # fmt: skip
        values, held = values.T.copy(), held.T[keeper.reshape(-1)]
    if low > 0.0:
        for k, within in enumerate(scope):
            values[k] = stay(chain, left[k] & within, values[k], low)
            if not within.all():
                held[k] = stay(chain, within, held[k], low)
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
        leaving = chain.step.copy()
        leaving.setdiag(0.0)
        leaving = leaving[open_states]
        leaving = diags_array(1.0 / leaving.sum(axis=1)) @ leaving
        into = np.asarray(leaving @ right.astype(np.float64))
        system = eye_array(open_states.size, format="csr") - leaving[:, open_states]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MatrixRankWarning)
            values[open_states] = spsolve(system.tocsc(), into)
    if not np.isfinite(values).all():
        raise AnalysisError(
            "a question without an end depends on events too rare to be told from never; give it "
            "an end, such as F[0, 50]"
        )
    return np.clip(values, 0.0, 1.0)


def _can_reach(chain: Chain, middle: Truth, right: Truth) -> Truth:
    backwards = chain.back.tocoo()
    keep = middle[backwards.col]
    entries = (backwards.data[keep], (backwards.row[keep], backwards.col[keep]))
    reach = np.zeros(right.size, dtype=bool)
    reach[reachable(csr_array(entries, shape=chain.back.shape), np.flatnonzero(right))] = True
    return reach


@njit(cache=True, nogil=True)
def until_steps(  # type: ignore[no-untyped-def]
    start, column, factor, left, right, scopes, keeper, first, weights, values, held
):
    """Mix h_n and g_n of the module's recursion over the Poisson weights, (states, questions).

    ``keeper[k]`` is the column of ``scopes`` that question k must stay in.
    """
    size, count = values.shape
    keep = np.where(scopes, 1.0, 0.0)
    keep_next = np.empty_like(keep)
    hit, hit_next = np.empty_like(values), np.empty_like(values)
    bounded = not scopes.all()
    for s in range(size):
        for k in range(count):
            hit[s, k] = keep[s, keeper[k]] if right[s, k] else 0.0
    for n in range(first + weights.size):
        if n > 0:
            if bounded:
                advance_all(start, column, factor, keep, keep_next)
                for s in range(size):
                    for k in range(keep.shape[1]):
                        keep[s, k] = keep_next[s, k] if scopes[s, k] else 0.0
            advance_all(start, column, factor, hit, hit_next)
            for s in range(size):
                for k in range(count):
                    if right[s, k]:
                        hit[s, k] = keep[s, keeper[k]]
                    elif left[s, k] and scopes[s, keeper[k]]:
                        hit[s, k] = hit_next[s, k]
                    else:
                        hit[s, k] = 0.0
        if n >= first:
            weight = weights[n - first]
            values += weight * hit
            held += weight * keep


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
