"""Distributions, paths and temporal probabilities against dense matrix exponentials.

Would catch: a wrong Poisson weight or a step too few, transposed matrices, bounds that start at the
wrong end, a state counted as hit before its time, until that lets the left side break, a scope that
is checked at the end only or not conditioned on, averages that weigh the ends wrongly, unbounded
questions that miss recurrent classes, an error larger than the one stated.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.linalg import expm

from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from detente.expression import compile_formula, compile_query
from detente.forecast import (
    ask_expected,
    ask_probability,
    average_from,
    chain_of,
    solve_averages,
)
from detente.forecast._chain import ticks
from random_conflicts import random_spec

SEEDS = range(40)


@cache
def solved(seed: int) -> tuple[Equilibrium, np.ndarray]:
    """Return a random equilibrium and its generator as a dense matrix."""
    rng = np.random.default_rng([seed, 31])
    equilibrium = random_spec(rng, largest=40, sharpness=1.0).build().equilibrium()
    return equilibrium, equilibrium.generator().toarray()


def some_formula(rng: np.random.Generator, equilibrium: Equilibrium) -> tuple[str, np.ndarray]:
    """Return a formula over one or two variables and where it holds among the feasible states."""
    space, live = equilibrium.conflict.space, equilibrium.conflict.feasible
    parts, holds = [], np.ones(live.shape, dtype=bool)
    for k in rng.choice(len(space.axes), size=min(2, len(space.axes)), replace=False):
        level = int(rng.integers(1, space.shape[k]))
        sign = str(rng.choice(["<", ">=", "!="]))
        parts.append(f"{space.axes[k].name} {sign} {level}")
        here = np.indices(space.shape)[k]
        holds &= {"<": here < level, ">=": here >= level, "!=": here != level}[sign]
    return " and ".join(parts), holds[live]


def killed(generator: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Return the generator of paths that vanish when they leave a set."""
    return generator * np.outer(keep, keep)


def dense_until(
    generator: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    low: float,
    high: float,
    scope: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the probability of an until with the scope throughout, and of the scope.

    The chain runs on two copies of the states, before and after the hit: in the second, only the
    scope matters any more.
    """
    n = len(generator)
    walk, held = left & ~right & scope, killed(generator, scope)
    double = np.zeros((2 * n, 2 * n))
    double[:n, :n] = generator * np.outer(walk, walk)
    double[:n, n:] = generator * np.outer(walk, right & scope)
    double[n:, n:] = held
    after = expm(double * (high - low)) @ np.append(np.zeros(n), scope)
    value = np.where(walk, after[:n], np.where(right, after[n:], 0.0))
    if low > 0.0:
        first = killed(generator, left & scope)
        value = expm(first * low) @ np.where(left & scope, value, 0.0)
        value = np.where(left & scope, value, 0.0)
    whole = np.where(scope, expm(held * high) @ scope, 0.0)
    return value, whole


def point(equilibrium: Equilibrium, number: int) -> tuple[int, ...]:
    """Return the position of a feasible state."""
    return tuple(int(k) for k in np.argwhere(equilibrium.conflict.feasible)[number])


@pytest.mark.parametrize("seed", SEEDS)
def test_distribution_is_the_matrix_exponential(seed: int) -> None:
    rng = np.random.default_rng(seed)
    equilibrium, generator = solved(seed)
    for time in (0.0, 1e-6, float(rng.exponential(2.0)), 50.0):
        start = int(rng.integers(len(generator)))
        found = equilibrium.distribution(time, point(equilibrium, start))
        assert (found[~equilibrium.conflict.feasible] == 0.0).all()
        assert found.sum() == pytest.approx(1.0, abs=1e-11)
        expected = expm(generator * time)[start]
        np.testing.assert_allclose(found[equilibrium.conflict.feasible], expected, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_paths_are_read_off_the_distribution(seed: int) -> None:
    equilibrium, _ = solved(seed)
    start = point(equilibrium, 0)
    paths = equilibrium.paths(3.0, start, points=4)
    np.testing.assert_allclose(paths.times, [0.0, 1.0, 2.0, 3.0])
    for row, time in enumerate(paths.times):
        now = equilibrium.distribution(float(time), start)
        for k, axis in enumerate(equilibrium.conflict.space.axes):
            others = tuple(j for j in range(now.ndim) if j != k)
            np.testing.assert_allclose(paths.shares[axis.name][row], now.sum(others), atol=1e-10)
    assert paths.to_dict()["times"] == [0.0, 1.0, 2.0, 3.0]
    assert "after 3 years" in str(paths)


@pytest.mark.parametrize("seed", SEEDS)
def test_temporal_statements_within_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    equilibrium, generator = solved(seed)
    true = np.ones(len(generator), dtype=bool)
    for low, high in ((0.0, 2.0), (0.7, 3.0), (1.5, 1.5), (0.0, 0.0), (0.0, 40.0)):
        (phi, left), (psi, right) = (some_formula(rng, equilibrium) for _ in range(2))
        bounds = f"[{low}, {high}]"
        number = int(rng.integers(len(generator)))
        answers = {
            f"F{bounds} {psi}": dense_until(generator, true, right, low, high, true)[0],
            f"G{bounds} {psi}": 1.0 - dense_until(generator, true, ~right, low, high, true)[0],
            f"({phi}) U{bounds} ({psi})": dense_until(generator, left, right, low, high, true)[0],
        }
        for query, expected in answers.items():
            answer = equilibrium.probability(query, point(equilibrium, number))
            assert answer.value == pytest.approx(expected[number], abs=1e-8), query
            assert abs(answer.value - expected[number]) <= answer.error + 1e-10, query
            assert answer.scope == 1.0
            assert "given a scope" not in str(answer)


@pytest.mark.parametrize("seed", SEEDS)
def test_temporal_statements_within_a_scope(seed: int) -> None:
    rng = np.random.default_rng(seed)
    equilibrium, generator = solved(seed)
    true = np.ones(len(generator), dtype=bool)
    for low, high in ((0.0, 2.0), (0.7, 3.0), (1.0, 1.0)):
        (phi, left), (psi, right), (guard, scope) = (
            some_formula(rng, equilibrium) for _ in range(3)
        )
        if not scope.any():
            continue
        number = int(rng.choice(np.flatnonzero(scope)))
        start = point(equilibrium, number)
        bounds = f"[{low}, {high}]"
        cases = {
            f"F{bounds} {psi}": (true, right),
            f"G{bounds} {psi}": (true, ~right),
            f"({phi}) U{bounds} ({psi})": (left, right),
        }
        for query, (through, to) in cases.items():
            joint, whole = dense_until(generator, through, to, low, high, scope)
            if whole[number] < 1e-6:
                continue
            expected = joint[number] / whole[number]
            if query.startswith("G"):
                expected = 1.0 - expected
            answer = equilibrium.probability(query, start, scope=guard)
            assert answer.value == pytest.approx(expected, abs=1e-8), query
            assert answer.scope == pytest.approx(whole[number], abs=1e-8)
        outside = np.flatnonzero(~scope)
        if outside.size:
            with pytest.raises(AnalysisError, match="nothing to condition on"):
                equilibrium.probability(query, point(equilibrium, int(outside[0])), scope=guard)


@pytest.mark.parametrize("seed", SEEDS)
def test_temporal_statements_without_an_end(seed: int) -> None:
    rng = np.random.default_rng(seed)
    equilibrium, generator = solved(seed)
    n = len(generator)
    (phi, left), (psi, right) = (some_formula(rng, equilibrium) for _ in range(2))
    true = np.ones(n, dtype=bool)

    def eventually(through: np.ndarray, to: np.ndarray) -> np.ndarray:
        """Return the least solution: dense, over the states from which ``to`` can be reached."""
        step = (generator > 0.0) & through[:, None] & ~to[:, None]
        reach = to.copy()
        for _ in range(n):
            reach = reach | (step & reach[None, :]).any(axis=1)
        inner = reach & ~to
        out = to.astype(float)
        if inner.any():
            block = generator[np.ix_(inner, inner)]
            out[inner] = np.linalg.solve(block, -generator[np.ix_(inner, to)].sum(axis=1))
        return out

    answers = {
        f"F {psi}": eventually(true, right),
        f"G {psi}": 1.0 - eventually(true, ~right),
        f"({phi}) U ({psi})": eventually(left, right),
    }
    for number in range(0, n, 3):
        for query, expected in answers.items():
            answer = equilibrium.probability(query, point(equilibrium, number))
            assert answer.value == pytest.approx(expected[number], abs=1e-8), query
    chain = chain_of(equilibrium)
    for query in answers:
        late = replace(compile_query(query, equilibrium.conflict.namespace), low=1.5)
        to, through = (~right if query[0] == "G" else right), (left if " U " in query else true)
        after = np.where(through, eventually(through, to), 0.0)
        wanted = np.where(through, expm(killed(generator, through) * 1.5) @ after, 0.0)
        if query[0] == "G":
            wanted = 1.0 - wanted
        answer = ask_probability(chain, late, np.full(n, 1.0 / n))
        assert answer.value == pytest.approx(wanted.mean(), abs=1e-8), query


@pytest.mark.parametrize("seed", SEEDS)
def test_expected_and_average_with_and_without_a_scope(seed: int) -> None:
    rng = np.random.default_rng(seed)
    equilibrium, generator = solved(seed)
    n, years = len(generator), float(rng.exponential(3.0)) + 0.1
    conflict, chain = equilibrium.conflict, chain_of(equilibrium)
    (text, holds), (guard, scope) = (some_formula(rng, equilibrium) for _ in range(2))
    formula = compile_formula(f"2 * ({text}) - 0.5", conflict.namespace, "number")
    values = 2.0 * holds - 0.5
    start = np.full(n, 1.0 / n)
    for within, condition in ((np.ones(n, dtype=bool), None), (scope, guard)):
        if not within.any():
            continue
        limit = (
            None if condition is None else compile_formula(condition, conflict.namespace, "truth")
        )
        held = killed(generator, within)
        survive = np.where(within, expm(held * years) @ within, 0.0)
        if start @ survive < 1e-6:
            continue
        end = np.where(within, expm(held * years) @ (values * within), 0.0)
        found = ask_expected(chain, formula, start, years, limit)
        assert found == pytest.approx(start @ end / (start @ survive), abs=1e-8)

        twice = np.zeros((2 * n, 2 * n))
        twice[:n, :n], twice[n:, n:] = held, held
        twice[:n, n:] = np.diag(values * within)
        area = (expm(twice * years)[:n, n:] @ within) * within
        found = average_from(solve_averages(chain, [(formula, years, limit)])[0], start)
        assert found == pytest.approx(start @ area / years / (start @ survive), abs=1e-8)


def test_the_average_over_no_time_is_the_value_now() -> None:
    equilibrium, generator = solved(1)
    chain, scope = chain_of(equilibrium), equilibrium.conflict.namespace
    formula = compile_formula("us.offer == 0", scope, "number")
    start = np.eye(len(generator))[2]
    now = float(point(equilibrium, 2)[0] == 0)
    average = average_from(solve_averages(chain, [(formula, 0.0, None)])[0], start)
    assert average == pytest.approx(now)
    assert ask_expected(chain, formula, start, 0.0) == pytest.approx(now)


@pytest.mark.parametrize("mean", [1e-9, 0.3, 1.0, 7.5, 144.0, 1e4, 3e6])
def test_poisson_weights_have_the_moments_of_a_poisson(mean: float) -> None:
    first, weights = ticks(mean)
    n = np.arange(first, first + weights.size) - mean
    assert weights.sum() == pytest.approx(1.0, abs=1e-13)
    assert (weights > 0.0).all()
    assert weights @ n == pytest.approx(0.0, abs=1e-9 * max(mean, 1.0))
    assert weights @ n**2 == pytest.approx(mean, rel=1e-8, abs=1e-12)
    assert weights @ n**3 == pytest.approx(mean, rel=1e-6 * max(mean, 1.0) ** 0.5, abs=1e-12)
    ratio = weights[1:] / weights[:-1]
    np.testing.assert_allclose(ratio, mean / np.arange(first + 1, first + weights.size), rtol=1e-9)
