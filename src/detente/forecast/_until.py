"""Temporal probabilities by backward steps of the uniformized chain.

``left U[a, b] right`` within a scope that must hold throughout: with h_n(s) the probability that n
steps from s satisfy it and g_n(s) that n steps stay in scope,

    h_n(s) = g_n(s) at right,  (P h_{n-1})(s) at left,  0 elsewhere;   g_n = scope x P g_{n-1},

mixed over the Poisson number of ticks; a first stretch [0, a] on which only left must hold is a
killed chain. ``F`` is ``true U``, ``G`` the complement of ``F not`` (Baier, Haverkort, Hermanns &
Katoen 2003). An open end is for `detente.forecast._reach`. Cost: O(rate x years x transitions).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from detente.forecast._chain import TAIL, Chain, ticks
from detente.forecast._march import distinct, march
from detente.forecast._reach import ERROR, eventually
from detente.values import Bools, Floats

ROUNDING = 1e-15
"""Error allowed for rounding, for each tick."""


class SolvedUntil(NamedTuple):
    """An until within a scope, from every start; all three are over the states of a chain.

    ``value`` is joint with the scope, ``scope`` the probability that the scope holds, ``error`` a
    bound on the error of each of the two.
    """

    value: Floats
    scope: Floats
    error: Floats


def until(
    chain: Chain,
    left: Bools,
    right: Bools,
    low: float,
    high: float,
    scope: Bools,
    error: float = TAIL,
) -> list[SolvedUntil]:
    """Return, for each start, the probability of untils within scopes, and of the scopes.

    Parameters
    ----------
    left, right, scope : ndarray of bool, (questions, feasible states)
        Questions with the same period are answered in one pass, much faster than one by one.
    low, high : float
        Years; ``high`` may be infinite where every scope is everything.
    error : float
        Allowed for what the clock leaves out.

    Returns
    -------
    list of SolvedUntil
        A question each; joint with the scope holding from 0 to ``high``.
    """
    ones = np.ones(chain.live.size)
    if math.isinf(high):
        wanted = max(error, ERROR)
        found = [eventually(chain, a, b, wanted) for a, b in zip(left, right, strict=True)]
        solved = [SolvedUntil(value, ones, wrong) for value, wrong in found]
    else:
        solved = _bounded(chain, left, right, high - low, scope, error)
    if low == 0.0:
        return solved
    before = []
    for a, within, later in zip(left, scope, solved, strict=True):
        value, missed = stay(chain, a & within, later.value, low, error)
        held = later.scope
        if not within.all():
            held, also = stay(chain, within, held, low, error)
            missed = max(missed, also)
        wrong = float(later.error.max(initial=0.0)) + missed
        before.append(SolvedUntil(value, held, np.full(value.size, wrong)))
    return before


def _bounded(
    chain: Chain, left: Bools, right: Bools, years: float, scope: Bools, error: float
) -> list[SolvedUntil]:
    questions = left.shape[0]
    everything = scope.all(axis=1)
    scopes, place = distinct(scope)
    kept = ~scopes.all(axis=1)
    column = questions + np.cumsum(kept) - 1
    lead = np.where(everything, -1, column[place])
    begin = np.concatenate([right & scope, scopes[kept]]).T.astype(np.float64)
    walk = np.concatenate([left & ~right & scope, scopes[kept]]).T.copy()
    first, weights = ticks(chain.rate * years, error)
    lead = np.append(lead, np.full(int(kept.sum()), -1))
    total, missed = march(chain.step, begin, first, weights, walk, lead, error)
    wrong = np.full(chain.live.size, error + missed + ROUNDING * (10 + first + weights.size))
    ones = np.ones(chain.live.size)
    return [
        SolvedUntil(total[:, k], ones if lead[k] < 0 else total[:, lead[k]], wrong)
        for k in range(questions)
    ]


def stay(
    chain: Chain, within: Bools, values: Floats, years: float, error: float = TAIL
) -> tuple[Floats, float]:
    """Return the expected end value of paths that stay within a set for some years.

    Parameters
    ----------
    within : ndarray of bool, (feasible states,)
    values : ndarray, (feasible states,)
        At the end; paths that leave the set count as zero.
    error : float
        Allowed for what the clock leaves out, as a share of the largest value.

    Returns
    -------
    values : ndarray, (feasible states,)
    bound : float
        On their error.
    """
    begin = np.where(within, values, 0.0)[:, None]
    largest = float(np.abs(begin).max(initial=0.0))
    first, weights = ticks(chain.rate * years, error)
    total, missed = march(
        chain.step, begin, first, weights, within[:, None], error=error * largest
    )  # fmt: skip
    return total[:, 0], missed + largest * (error + ROUNDING * (10 + first + weights.size))
