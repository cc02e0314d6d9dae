"""Ranks from utilities, statements and rankings against brute force.

Would catch: bits that overflow past 64 statements, an order of statements read backwards, a state
put in a later group than its first, ties that are not, and ranks that infeasible states disturb.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detente.conflict import rank_from_utility, utility_from_rank
from detente.conflict._preference import rank_from_groups, rank_from_statements
from random_conflicts import random_spec


def drawn(seed: int) -> tuple[np.random.Generator, np.ndarray]:
    """Return a generator and a random feasibility of a random shape."""
    rng = np.random.default_rng([seed, 71])
    shape = tuple(int(n) for n in rng.integers(2, 5, size=rng.integers(1, 5)))
    feasible = rng.random(shape) < 0.8
    feasible.reshape(-1)[0] = True
    return rng, feasible


def ranked(feasible: np.ndarray, key: Callable[[tuple[int, ...]], Any]) -> np.ndarray:
    """Rank the feasible states by a key, worst first, by comparing every two of them."""
    states = [tuple(s) for s in np.argwhere(feasible)]
    keys = [key(state) for state in states]
    rank = np.full(feasible.shape, -1)
    for state, mine in zip(states, keys, strict=True):
        worse = [other for other in keys if other < mine]
        distinct: list[Any] = []
        for other in worse:
            if other not in distinct:
                distinct.append(other)
        rank[state] = len(distinct)
    return rank


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("count", [1, 3, 29, 30, 31, 64, 65, 200])
def test_statements_rank_lexicographically(seed: int, count: int) -> None:
    rng, feasible = drawn(seed)
    share = rng.choice([0.5, 0.97, 0.999])
    holds = [rng.random(feasible.shape) < share for _ in range(count)]
    expected = ranked(feasible, lambda state: [bool(h[state]) for h in holds])
    np.testing.assert_array_equal(rank_from_statements(holds, feasible), expected)


def test_the_last_of_many_statements_still_counts() -> None:
    feasible = np.ones(2, dtype=bool)
    holds = [np.array([True, True])] * 300 + [np.array([False, True])]
    assert rank_from_statements(holds, feasible).tolist() == [0, 1]
    assert rank_from_statements(holds[::-1], feasible).tolist() == [0, 1]


def test_the_first_statement_outweighs_all_others() -> None:
    feasible = np.ones(2, dtype=bool)
    holds = [np.array([False, True])] + [np.array([True, False])] * 100
    assert rank_from_statements(holds, feasible).tolist() == [0, 1]


def test_statements_broadcast() -> None:
    feasible = np.ones((2, 3), dtype=bool)
    holds = [np.array([[False], [True]]), np.array(True), np.array([False, False, True])]
    assert rank_from_statements(holds, feasible).tolist() == [[0, 0, 1], [2, 2, 3]]
    assert rank_from_statements([], feasible).tolist() == [[0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("count", [1, 2, 6, 80])
def test_a_ranking_puts_a_state_in_its_first_group(seed: int, count: int) -> None:
    rng, feasible = drawn(seed)
    groups = [rng.random(feasible.shape) < 0.4 for _ in range(count)]

    def key(state: tuple[int, ...]) -> int:
        return -min((k for k, group in enumerate(groups) if group[state]), default=count)

    rank, unranked = rank_from_groups(groups, feasible)
    np.testing.assert_array_equal(rank, ranked(feasible, key))
    nowhere = ~functools.reduce(np.logical_or, groups)
    np.testing.assert_array_equal(unranked, feasible & nowhere)


@pytest.mark.parametrize("seed", range(60))
def test_utilities_rank_with_ties(seed: int) -> None:
    rng, feasible = drawn(seed)
    utility = np.round(rng.normal(size=feasible.shape), int(rng.integers(0, 4)))
    utility[~feasible] = rng.choice([np.nan, np.inf, 0.0])
    rank = rank_from_utility(utility, feasible)
    assert rank.dtype == np.int32
    np.testing.assert_array_equal(rank, ranked(feasible, lambda state: float(utility[state])))


def test_sums_that_differ_by_rounding_are_ties_where_told_so() -> None:
    utility = np.array([0.1 + 0.2, 0.3, 0.7, 0.0])
    everywhere = np.ones(4, dtype=bool)
    assert rank_from_utility(utility, everywhere).tolist() == [2, 1, 3, 0]
    assert rank_from_utility(utility, everywhere, 1e-9).tolist() == [1, 1, 2, 0]


def test_signed_zeros_and_constants_are_ties() -> None:
    everywhere = np.ones(3, dtype=bool)
    assert rank_from_utility(np.array([0.0, -0.0, 0.0]), everywhere).tolist() == [0, 0, 0]
    assert rank_from_utility(np.full(3, 0.3), everywhere, 1e-9).tolist() == [0, 0, 0]


def test_no_state_no_rank() -> None:
    nowhere = np.zeros(2, dtype=bool)
    assert rank_from_utility(np.zeros(2), nowhere).tolist() == [-1, -1]
    assert rank_from_statements([np.ones(2, dtype=bool)], nowhere).tolist() == [-1, -1]


@pytest.mark.parametrize("seed", range(20))
def test_ranks_become_utilities_from_nought_to_one(seed: int) -> None:
    rng, feasible = drawn(seed)
    rank = rank_from_utility(rng.integers(0, 5, size=feasible.shape).astype(float), feasible)
    utility = utility_from_rank(rank, feasible)
    best = rank.max()
    expected = np.where(feasible & (best > 0), rank / max(best, 1), 0.0)
    np.testing.assert_allclose(utility, expected)
    np.testing.assert_array_equal(rank_from_utility(utility, feasible), rank)


@pytest.mark.parametrize("seed", range(30))
def test_conflicts_rank_as_they_value(seed: int) -> None:
    spec = random_spec(np.random.default_rng([seed, 72]))
    conflict = spec.build()
    for actor in spec.actors:
        expected = ranked(spec.feasible, lambda s, a=actor: float(spec.utility[a][s]))
        np.testing.assert_array_equal(conflict.rank[actor], expected)
        ordinal = spec.build(
            utility={a: spec.utility[a] for a in spec.actors if a != actor},
            rank={actor: spec.utility[actor]},
        )
        np.testing.assert_array_equal(ordinal.rank[actor], expected)
        assert not ordinal.cardinal[actor]
