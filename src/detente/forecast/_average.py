"""Time averages of numbers over a period, each within a scope that must hold throughout.

Given n ticks in the period the n + 1 stretches between them are alike in law, each a share
1 / (n + 1) of the period on average, so the average is a Poisson mixture of a_n / (n + 1) with

    a_n(s) = f(s) g_n(s) + (P a_{n-1})(s) in scope,  0 elsewhere;   g_n = scope x P g_{n-1}.

Numbers over the same period march side by side; a scope that several share is carried once. Cost:
O(rate x years x transitions x numbers).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.engine import poll, stop_flag
from detente.forecast._chain import Chain, ticks
from detente.forecast._march import distinct
from detente.values import Bools, Floats


def average(chain: Chain, values: Floats, years: float, scope: Bools) -> tuple[Floats, Floats]:
    """Return, for each start, time averages over the years, and the probability of their scopes.

    Returns
    -------
    average, scope : ndarray, (numbers, feasible states)
        The first joint with the scope holding from 0 to ``years``.
    """
    first, weights = ticks(chain.rate * years)
    scopes, place = distinct(scope)
    inside = np.concatenate([scopes, scope]).T.astype(np.float64)
    begin = np.concatenate([np.ones(scopes.shape), values]).T * inside
    total, held = mix_averages(
        chain.step.indptr, chain.step.indices, chain.step.data,
        begin, inside, place, first, weights, stop_flag(),
    )  # fmt: skip
    poll()
    return total.T, held.T[place]


@njit(cache=True, nogil=True)
def mix_averages(  # type: ignore[no-untyped-def]
    start, column, factor, begin, inside, place, first, weights, stop
):
    """Mix a_n / (n + 1) and g_n of the module's recursion over the Poisson weights.

    The first vectors of ``begin`` and ``inside``, (states, vectors), are the scopes', the others
    the numbers'; ``place`` names the scope of each number.
    """
    states, vectors = begin.shape
    numbers = place.size
    scopes = vectors - numbers
    now, after = begin.copy(), np.empty_like(begin)
    total, held = np.zeros((states, numbers)), np.zeros((states, scopes))
    for n in range(first + weights.size):
        if stop[0]:
            break
        if n > 0:
            for s in range(states):
                for k in range(vectors):
                    after[s, k] = 0.0
                for e in range(start[s], start[s + 1]):
                    share, there = factor[e], column[e]
                    for k in range(vectors):
                        after[s, k] += share * now[there, k]
                for k in range(vectors):
                    after[s, k] *= inside[s, k]
                for k in range(numbers):
                    after[s, scopes + k] += begin[s, scopes + k] * after[s, place[k]]
            now, after = after, now
        if n >= first:
            weight = weights[n - first]
            for s in range(states):
                for k in range(scopes):
                    held[s, k] += weight * now[s, k]
                for k in range(numbers):
                    total[s, k] += weight * now[s, scopes + k] / (n + 1.0)
    return total, held
