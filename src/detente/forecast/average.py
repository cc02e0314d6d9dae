"""Time averages of a number over a period, within a scope that must hold throughout.

Given n ticks in the period the n + 1 stretches between them are alike in law, each a share
1 / (n + 1) of the period on average, so the average is a Poisson mixture of a_n / (n + 1) with

    a_n(s) = f(s) g_n(s) + (P a_{n-1})(s) in scope,  0 elsewhere;   g_n = scope x P g_{n-1}.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.forecast.chain import Chain, Floats, advance, ticks
from detente.forecast.march import Truth


def average(chain: Chain, values: Floats, years: float, scope: Truth) -> tuple[Floats, Floats]:
    """Return, for each start, the time average over the years, and the probability of the scope.

    Parameters
    ----------
    chain : Chain
    values : ndarray, (feasible states,)
    years : float
    scope : ndarray of bool, (feasible states,)

    Returns
    -------
    average, scope : ndarray, (feasible states,)
        The first joint with the scope holding from 0 to ``years``.
    """
    first, weights = ticks(chain.rate * years)
    out, held = np.zeros(values.size), np.zeros(values.size)
    average_steps(
        chain.step.indptr, chain.step.indices, chain.step.data,
        values, scope, first, weights, out, held,
    )  # fmt: skip
    return out, held


@njit(cache=True, nogil=True)
def average_steps(start, column, factor, values, scope, first, weights, out, held):  # type: ignore[no-untyped-def]
    """Mix a_n / (n + 1) and g_n of the module's recursion over the Poisson weights."""
    size = values.size
    bounded = not scope.all()
    total, total_next = np.zeros(size), np.empty(size)
    keep, keep_next = np.empty(size), np.empty(size)
    for s in range(size):
        keep[s] = 1.0 if scope[s] else 0.0
        total[s] = values[s] * keep[s]
    for n in range(first + weights.size):
        if n > 0:
            if bounded:
                advance(start, column, factor, keep, keep_next)
                for s in range(size):
                    keep[s] = keep_next[s] if scope[s] else 0.0
            advance(start, column, factor, total, total_next)
            for s in range(size):
                total[s] = values[s] * keep[s] + total_next[s] if scope[s] else 0.0
        if n >= first:
            weight = weights[n - first]
            for s in range(size):
                out[s] += weight * total[s] / (n + 1.0)
                held[s] += weight * keep[s]
