"""Temporal probabilities by backward steps of the uniformized chain.

``left U[a, b] right`` within a scope that must hold throughout: with h_n(s) the probability that n
steps from s satisfy it and g_n(s) that n steps stay in scope,

    h_n(s) = g_n(s) at right,  (P h_{n-1})(s) at left,  0 elsewhere;   g_n = scope x P g_{n-1},

mixed over the Poisson number of ticks; a first stretch [0, a] on which only left must hold is a
killed chain. ``F`` is ``true U``, ``G`` the complement of ``F not`` (Baier, Haverkort, Hermanns &
Katoen 2003). An open end is for `detente.forecast._reach`. Cost: O(rate x years x transitions).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detente.equilibrium import LANES
from detente.forecast._chain import TAIL, Chain, ticks_of_all
from detente.forecast._march import march
from detente.forecast._reach import ERROR, eventually
from detente.values import Bools, Floats, Ints

TOGETHER = 1e4
"""Ticks up to which unlike periods march side by side: the weights of all take room."""
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
    low: Sequence[float],
    high: Sequence[float],
    scope: Bools,
    error: float = TAIL,
) -> list[SolvedUntil]:
    """Return, for each start, the probability of untils within scopes, and of the scopes.

    Parameters
    ----------
    left, right, scope : ndarray of bool, (questions, feasible states)
        Questions are answered in one pass, much faster than one by one.
    low, high : sequence of float
        Years; ``high`` may be infinite where the scope is everything.
    error : float
        Allowed for what the clock leaves out.

    Returns
    -------
    list of SolvedUntil
        A question each; joint with the scope holding from 0 to ``high``.
    """
    ones = np.ones(chain.live.size)
    wanted = max(error, ERROR)
    spans = np.subtract(high, low)
    solved = [SolvedUntil(ones, ones, ones)] * len(spans)
    for k in np.flatnonzero(np.isinf(spans)).tolist():
        value, wrong = eventually(chain, left[k], right[k], wanted)
        solved[k] = SolvedUntil(value, ones, wrong)
    ends = np.flatnonzero(np.isfinite(spans))
    for like in _together(chain, spans[ends]):
        some = ends[like]
        found = _bounded(chain, left[some], right[some], spans[some], scope[some], error)
        for k, one in zip(some.tolist(), found, strict=True):
            solved[k] = one
    late = [k for k in range(len(spans)) if low[k] > 0.0]
    if late:
        scoped = [k for k in late if not scope[k].all()]
        within = np.stack([left[k] & scope[k] for k in late] + [scope[k] for k in scoped])
        values = np.stack([solved[k].value for k in late] + [solved[k].scope for k in scoped])
        years = np.array([low[k] for k in (*late, *scoped)])
        before, missed = stay_each(chain, within, values, years, error)
        for j, k in enumerate(late):
            held = before[len(late) + scoped.index(k)] if k in scoped else solved[k].scope
            wrong = solved[k].error.max(initial=0.0) + missed[j]
            if k in scoped:
                wrong = max(wrong, missed[len(late) + scoped.index(k)])
            solved[k] = SolvedUntil(before[j], held, np.full(ones.size, wrong))
    return solved


def _bounded(
    chain: Chain, left: Bools, right: Bools, years: Floats, scope: Bools, error: float
) -> list[SolvedUntil]:
    ones, solved = np.ones(chain.live.size), dict[int, SolvedUntil]()
    for block in _blocks(years, scope):
        numbers = list(block)
        scopes = [k for k in dict.fromkeys(block.values()) if k >= 0]
        place = {k: len(numbers) + j for j, k in enumerate(scopes)}
        begin = np.concatenate([right[numbers] & scope[numbers], scope[scopes]]).T
        walk = np.concatenate([(left & ~right & scope)[numbers], scope[scopes]]).T
        lead = np.array([place.get(k, -1) for k in block.values()] + [-1] * len(scopes))
        first, weights = ticks_of_all((chain.rate * years[numbers + scopes]).tolist(), error)
        total, missed = march(
            chain.step, begin.astype(np.float64), first, weights, walk, lead, error
        )
        wrong = np.full(ones.size, error + missed + ROUNDING * (10 + first + len(weights)))
        for j, k in enumerate(numbers):
            held = ones if lead[j] < 0 else total[:, lead[j]]
            solved[k] = SolvedUntil(total[:, j], held, wrong)
    return [solved[k] for k in range(len(years))]


def _blocks(years: Floats, scope: Bools) -> list[dict[int, int]]:
    """Return which questions march side by side, each with the one whose scope is its own, or -1.

    The longest come first, so that few go on beside longer ones, and those with a scope together:
    a block has room for `LANES` vectors, and scopes take part.
    """
    scopes: dict[tuple[float, bytes], int] = {}
    own = [-1] * len(years)
    for k in np.flatnonzero(~scope.all(axis=1)).tolist():
        own[k] = scopes.setdefault((float(years[k]), scope[k].tobytes()), k)
    blocks: list[dict[int, int]] = [{}]
    for k in sorted(range(len(years)), key=lambda k: (-years[k], own[k])):
        room = len({*blocks[-1].values(), own[k]} - {-1}) + len(blocks[-1]) + 1
        if room > LANES and blocks[-1]:
            blocks.append({})
        blocks[-1][k] = own[k]
    return blocks


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
    found, wrong = stay_each(chain, within[None], values[None], np.array([years]), error)
    return found[0], float(wrong[0])


def stay_each(
    chain: Chain, within: Bools, values: Floats, years: Floats, error: float = TAIL
) -> tuple[Floats, Floats]:
    """Return what `stay` does of several sets and values, a row each, marching side by side."""
    begin = np.where(within, values, 0.0)
    largest = np.abs(begin).max(axis=1, initial=0.0)
    begin /= np.where(largest > 0.0, largest, 1.0)[:, None]
    found, wrong = np.empty(begin.shape), np.empty(len(years))
    for some in _together(chain, years):
        order = some[np.argsort(-years[some], kind="stable")]
        first, weights = ticks_of_all((chain.rate * years[order]).tolist(), error)
        walk = within[order].T
        total, missed = march(chain.step, begin[order].T, first, weights, walk, error=error)
        found[order] = total.T
        wrong[order] = missed + error + ROUNDING * (10 + first + len(weights))
    return found * largest[:, None], wrong * largest


def _together(chain: Chain, years: Floats) -> list[Ints]:
    """Return which periods march side by side: all but the long ones, which do with their like."""
    numbers, far = np.arange(len(years)), chain.rate * years > TOGETHER
    groups = [numbers[~far], *(numbers[far & (years == span)] for span in set(years[far]))]
    return [some for some in groups if some.size]
