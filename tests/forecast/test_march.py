"""Stopping early and sharing work out: what is said of the error must hold, and no digit change.

Would catch: a bound on what an early stop leaves out that is too small, a stop that never comes,
rows lost or done twice where the work is cut.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.expression import compile_query
from detente.forecast import _march as march
from detente.forecast import chain_of, solve_queries
from random_conflicts import random_spec


@pytest.mark.parametrize("seed", range(12))
def test_a_coarser_answer_lies_within_its_own_error(seed: int) -> None:
    rng = np.random.default_rng([seed, 71])
    equilibrium = random_spec(rng, largest=40, sharpness=1.0).build().equilibrium()
    axis = equilibrium.conflict.space.axes[0].name
    chain = chain_of(equilibrium)
    for text in (f"F[0, 30] {axis} == 0", f"F[1, 4] {axis} != 0", f"G[0, 2] {axis} == 0"):
        query = compile_query(text, equilibrium.conflict.namespace)
        fine = solve_queries(chain, [(query, None)])[0]
        for error in (1e-2, 1e-5, 1e-8):
            coarse = solve_queries(chain, [(query, None)], error)[0]
            assert (np.abs(coarse.value - fine.value) <= coarse.error + fine.error).all()
            assert coarse.error.max() <= 6.0 * error + 1e-10


def test_a_march_stops_when_nothing_moves_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    equilibrium = random_spec(rng, 2, largest=40, sharpness=1.0).build().equilibrium()
    chain = chain_of(equilibrium)
    calls = []
    plain = march._rows

    def counted(*arguments: object) -> float:
        calls.append(1)
        return float(plain(*arguments))

    monkeypatch.setattr(march, "_rows", counted)
    begin = np.zeros((chain.live.size, 1))
    begin[0] = 1.0
    weights = np.full(5, 0.2)
    _, left_out = march.march(chain.step, begin, 20_000, weights, error=1e-9)
    assert len(calls) < 5_000
    assert 0.0 <= left_out <= 1e-9


@pytest.mark.parametrize("workers", [2, 3, 8])
def test_sharing_the_work_out_changes_no_digit(
    workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    equilibrium = random_spec(rng, 3, largest=200, sharpness=1.0).build().equilibrium()
    chain, conflict = chain_of(equilibrium), equilibrium.conflict
    first, other = conflict.space.axes[0].name, conflict.space.axes[-1].name
    asked = [
        (compile_query(f"F[0, 3] {first} == 0", conflict.namespace), None),
        (compile_query(f"{first} != 0 U[0, 3] {other} == 1", conflict.namespace), None),
        (compile_query(f"{first} != 0 U {other} == 1", conflict.namespace), None),
    ]
    alone = solve_queries(chain, asked)
    vector = rng.normal(size=chain.live.size)
    product = march.multiplier(chain.step)(vector)
    monkeypatch.setattr(march, "SHARED", 1)
    monkeypatch.setattr(march.os, "cpu_count", lambda: workers)
    for one, two in zip(alone, solve_queries(chain, asked), strict=True):
        np.testing.assert_array_equal(one.value, two.value)
    np.testing.assert_array_equal(march.multiplier(chain.step)(vector), product)
