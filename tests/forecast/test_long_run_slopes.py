"""Slopes of long-run shares by the rates of a chain, against differences of dense projections.

Would catch: what the rates of states that are left for good do to where a chain ends, several
recurrent classes weighed wrongly, shares told apart wrongly by few or many states.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from detente import Conflict
from detente.forecast import long_run_slopes
from detente.forecast._chain import uniformized


def random_chain(sizes: list[int], passing: int, seed: int) -> np.ndarray:
    """Return rates of a chain with recurrent classes of some sizes, states mixed up."""
    rng = np.random.default_rng(seed)
    states = sum(sizes) + passing
    rates = np.zeros((states, states))
    first = 0
    for size in sizes:
        inside = slice(first, first + size)
        rates[inside, inside] = rng.exponential(size=(size, size)) * (
            rng.random((size, size)) < 0.6
        )
        ring = np.arange(size)
        rates[first + ring, first + (ring + 1) % size] += 0.3
        first += size
    rates[first:] = rng.exponential(size=(passing, states)) * (rng.random((passing, states)) < 0.5)
    rates[first:, :] += 0.01
    order = rng.permutation(states)
    rates = rates[np.ix_(order, order)]
    np.fill_diagonal(rates, 0.0)
    return rates


def settle(rates: np.ndarray) -> np.ndarray:
    """Return where a chain settles from each state: long powers of its uniformised steps."""
    states = len(rates)
    step = np.eye(states) + (rates - np.diag(rates.sum(axis=1))) / (2.0 * rates.sum(axis=1).max())
    for _ in range(60):
        step = step @ step
        step /= step.sum(axis=1, keepdims=True)
    return step


@pytest.mark.parametrize(("sizes", "passing"), [([6], 0), ([4], 3), ([3, 1, 5], 4), ([1, 2], 6)])
def test_slopes_are_those_of_differences(sizes: list[int], passing: int) -> None:
    rates = random_chain(sizes, passing, sum(sizes))
    states = len(rates)
    rng = np.random.default_rng(2)
    start, by_share = rng.dirichlet(np.ones(states)), rng.standard_normal(states)
    conflict = Conflict.build(
        {"a": {"x": [f"l{k}" for k in range(states)]}}, {"a": np.zeros(states)}
    )
    generator = csr_array(rates - np.diag(rates.sum(axis=1)))
    chain = uniformized(conflict, generator, np.arange(states))
    mean, slopes, shares = long_run_slopes(chain, by_share, start)
    assert shares == pytest.approx(start @ settle(rates), abs=1e-9)
    assert mean == pytest.approx(shares @ by_share)
    row = np.repeat(np.arange(states), np.diff(chain.step.indptr))
    for entry, (s, t) in enumerate(zip(row, chain.step.indices, strict=True)):
        if s == t:
            assert slopes[entry] == 0.0
            continue
        width = 1e-4 * rates[s, t]
        value = []
        for sign in (1.0, -1.0):
            moved = rates.copy()
            moved[s, t] += sign * width
            value.append(start @ settle(moved) @ by_share)
        assert slopes[entry] == pytest.approx((value[0] - value[1]) / (2 * width), abs=1e-6)
