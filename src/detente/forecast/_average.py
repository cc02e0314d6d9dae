"""Time averages of numbers over a period, each within a scope that must hold throughout.

Given n ticks in the period the n + 1 stretches between them are alike in law, each a share
1 / (n + 1) of the period on average, so the average is a Poisson mixture of a_n / (n + 1) with

    a_n(s) = f(s) g_n(s) + (P a_{n-1})(s) in scope,  0 elsewhere;   g_n = scope x P g_{n-1}.

Numbers over the same period march side by side, each with its scope, eight to a block; see
`detente.equilibrium._lanes`. Cost: O(rate x years x transitions) for each eight numbers.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.engine import poll, stop_flag
from detente.equilibrium import in_lanes, out_of_lanes, row_times_lanes, row_times_one
from detente.forecast._chain import Chain, ticks
from detente.values import Bools, Floats


def average(chain: Chain, values: Floats, years: float, scope: Bools) -> tuple[Floats, Floats]:
    """Return, for each start, time averages over the years, and the probability of their scopes.

    Returns
    -------
    average, scope : ndarray, (numbers, feasible states)
        The first joint with the scope holding from 0 to ``years``.
    """
    first, weights = ticks(chain.rate * years)
    inside = scope.T.astype(np.float64)
    found = mix_averages(
        chain.step.indptr, chain.step.indices, chain.step.data,
        in_lanes(values.T * inside), in_lanes(inside), first, weights, stop_flag(),
    )  # fmt: skip
    poll()
    total, held = (out_of_lanes(blocks, values.shape[0]).T for blocks in found)
    return total, held


@njit(cache=True, nogil=True)
def mix_averages(start, column, factor, flow, inside, first, weights, stop):  # type: ignore[no-untyped-def]
    """Mix a_n / (n + 1) and g_n of the module's recursion over the Poisson weights.

    ``flow``, zero out of scope, and ``inside`` are (blocks, states, lanes), and so is what is
    returned.
    """
    blocks, states, lanes = flow.shape
    number, part = flow.copy(), np.zeros_like(flow)
    scope, rest = inside.copy(), np.zeros_like(flow)
    total, held = np.zeros_like(flow), np.zeros_like(flow)
    for n in range(first + weights.size):
        if stop[0]:
            break
        for b in range(blocks if n > 0 else 0):
            for s in range(states):
                low, high = start[s], start[s + 1]
                if lanes == 1:
                    row_times_one(low, high, factor, column, number[b], part[b, s])
                    row_times_one(low, high, factor, column, scope[b], rest[b, s])
                else:
                    row_times_lanes(low, high, factor, column, number[b], part[b, s])
                    row_times_lanes(low, high, factor, column, scope[b], rest[b, s])
        if n > 0:
            _within(part.reshape(-1), rest.reshape(-1), flow.reshape(-1), inside.reshape(-1))
            number, part = part, number
            scope, rest = rest, scope
        if n >= first:
            weight = weights[n - first]
            _add(weight / (n + 1.0), number.reshape(-1), total.reshape(-1))
            _add(weight, scope.reshape(-1), held.reshape(-1))
    return total, held


@njit(cache=True, nogil=True, fastmath={"contract"})
def _within(number, scope, flow, inside):  # type: ignore[no-untyped-def]
    """Take what a step brings to zero out of scope, and add the flow of this stretch."""
    for i in range(number.size):
        scope[i] *= inside[i]
        number[i] = number[i] * inside[i] + flow[i] * scope[i]


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add(weight, values, total):  # type: ignore[no-untyped-def]
    for i in range(values.size):
        total[i] += weight * values[i]
