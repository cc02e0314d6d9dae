"""Flows through transitions, against dense matrix exponentials and quadrature over time.

Would catch: flows that do not sum to the answer, a transition credited with another's share, a
scope that conditions on the past only, the part of ``F[a, b]`` before a, a wrong weight of time in
averages.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from detente.equilibrium import Equilibrium
from detente.expression import compile_formula
from detente.forecast import (
    Flow,
    ask_expected,
    ask_probability,
    average_flow,
    average_from,
    chain_of,
    expected_flow,
    query_flow,
    solve_averages,
)
from detente.forecast._nested import read_query
from random_conflicts import random_spec

NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)


def _solved(seed: int) -> Equilibrium:
    return (
        random_spec(np.random.default_rng(seed), 2, largest=24, sharpness=1.5).build().equilibrium()
    )


def _masked(rates: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return the rates among some states; leaving them is death, and they keep their exits."""
    return rates * inside[:, None] * inside[None, :]


def _integral(rates, start, walk, stay, end, years, averaged=False):
    """Return by quadrature the integral of p_t(s) K_(years - t)(s') for every pair of states."""
    total = np.zeros(rates.shape)
    for node, weight in zip((NODES + 1) / 2 * years, WEIGHTS / 2 * years, strict=True):
        there = (start * walk) @ (expm(_masked(rates, walk) * node) * np.outer(walk, walk))
        rest = years - node
        later = (expm(_masked(rates, stay) * rest) * np.outer(stay, stay)) @ end
        total += weight * np.outer(there, later) * (rest / years if averaged else 1.0)
    return total


def _dense(flow: Flow) -> np.ndarray:
    size = flow.chain.live.size
    found = np.zeros((size, size))
    np.add.at(found, (flow.source, flow.target), flow.parts)
    return found


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("scoped", [False, True])
def test_each_transition_of_a_query(seed: int, scoped: bool) -> None:
    solved, rng = _solved(seed), np.random.default_rng(seed + 100)
    chain = chain_of(solved)
    conflict = solved.conflict
    first, last = conflict.space.axes[0].name, conflict.space.axes[-1].name
    start = rng.dirichlet(np.ones(chain.live.size))
    scope = compile_formula(f"{last} == 0 or {first} == 1", conflict.namespace, "truth")
    within = np.ones(start.size, bool)
    if scoped:
        within = chain.over_live(scope.evaluate(conflict.values)).astype(bool)
    rates = chain.rate * (chain.step.toarray() - np.eye(start.size))
    event = chain.over_live(conflict.values[first] == 1).astype(bool)
    held = start @ ((expm(_masked(rates, within) * 2.0) * np.outer(within, within)).sum(axis=1))
    for sign in "FG":
        text = f"{sign}[0, 2] {first} {'==' if sign == 'F' else '!='} 1"
        query = read_query(conflict, text)
        flow = query_flow(chain, query, start, scope if scoped else None)
        wanted = ask_probability(chain, query, start, scope if scoped else None)
        assert flow.value == pytest.approx(wanted.value, abs=1e-10)
        pairs = _integral(rates, start, within & ~event, within, within.astype(float), 2.0)
        enter = np.outer(within & ~event, within & event)
        parts = rates * enter * pairs / held
        assert np.allclose(_dense(flow), parts if sign == "F" else -parts, atol=1e-9)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "text", ["F[0.7, 2] {a} == 1", "{b} == 0 U[0.3, 1] {a} == 1", "F {a} == 1", "F[1, 1] {a} == 1"]
)
def test_parts_sum_to_the_answer(seed: int, text: str) -> None:
    solved, rng = _solved(seed), np.random.default_rng(seed)
    conflict = solved.conflict
    text = text.format(a=conflict.space.axes[0].name, b=conflict.space.axes[-1].name)
    chain = chain_of(solved)
    start = rng.dirichlet(np.ones(chain.live.size))
    query = read_query(conflict, text)
    flow = query_flow(chain, query, start)
    assert flow.value == pytest.approx(ask_probability(chain, query, start).value, abs=1e-8)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("scoped", [False, True])
@pytest.mark.parametrize("averaged", [False, True])
def test_each_transition_of_a_number(seed: int, scoped: bool, averaged: bool) -> None:
    solved, rng = _solved(seed), np.random.default_rng(seed + 7)
    conflict = solved.conflict
    first, last = conflict.space.axes[0].name, conflict.space.axes[-1].name
    chain = chain_of(solved)
    start = rng.dirichlet(np.ones(chain.live.size))
    scope = compile_formula(f"{last} == 0", conflict.namespace, "truth") if scoped else None
    formula = compile_formula(f"2 * ({first} == 1) - ({last} == 0)", conflict.namespace, "number")
    within = np.ones(start.size, bool)
    if scope is not None:
        within = chain.over_live(scope.evaluate(conflict.values)).astype(bool)
    if averaged:
        flow = average_flow(chain, formula, start, 1.5, scope)
        wanted = average_from(solve_averages(chain, [(formula, 1.5, scope)])[0], start)
    else:
        flow = expected_flow(chain, formula, start, 1.5, scope)
        wanted = ask_expected(chain, formula, start, 1.5, scope)
    assert flow.value == pytest.approx(wanted, abs=1e-9)
    rates = chain.rate * (chain.step.toarray() - np.eye(start.size))
    held = start @ ((expm(_masked(rates, within) * 1.5) * np.outer(within, within)).sum(axis=1))
    pairs = _integral(rates, start, within, within, within.astype(float), 1.5, averaged)
    value = chain.over_live(formula.evaluate(conflict.values)).astype(float)
    change = value[None, :] - value[:, None]
    off = rates * (1 - np.eye(start.size))
    assert np.allclose(_dense(flow), off * change * pairs / held, atol=1e-9)


def test_years_are_the_time_while_the_question_is_open() -> None:
    solved = _solved(3)
    conflict = solved.conflict
    chain = chain_of(solved)
    start = np.full(chain.live.size, 1 / chain.live.size)
    query = read_query(conflict, f"F[0, 2] {conflict.space.axes[0].name} == 1")
    flow = query_flow(chain, query, start)
    event = chain.over_live(conflict.values[conflict.space.axes[0].name] == 1).astype(bool)
    rates = chain.rate * (chain.step.toarray() - np.eye(start.size))
    nobody = np.ones(start.size)
    pairs = _integral(rates, start, ~event, nobody > 0, nobody, 2.0)
    # K is one without a scope, so any column of the integral is the time in each state.
    assert np.allclose(flow.years, pairs[:, 0], atol=1e-9)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("averaged", [False, True])
def test_times_and_years_are_given_the_scope(seed: int, averaged: bool) -> None:
    """Chances times the share of them that is taken must be how often a move is made."""
    solved, years = _solved(seed), 1.5
    conflict = solved.conflict
    chain = chain_of(solved)
    first, last = conflict.space.axes[0].name, conflict.space.axes[-1].name
    scope = compile_formula(f"{last} == 0 or {first} == 0", conflict.namespace, "truth")
    formula = compile_formula(f"{first} == 0", conflict.namespace, "number")
    within = chain.over_live(scope.evaluate(conflict.values)).astype(bool)
    start = np.random.default_rng(seed).dirichlet(np.ones(chain.live.size))
    flow = (average_flow if averaged else expected_flow)(chain, formula, start, years, scope)
    rates = chain.rate * (chain.step.toarray() - np.eye(start.size))
    pairs = _integral(rates, start, within, within, within.astype(float), years)
    held = start @ ((expm(_masked(rates, within) * years) * np.outer(within, within)).sum(axis=1))
    counts = np.zeros(rates.shape)
    counts[flow.source, flow.target] = flow.times
    wanted = np.where(counts != 0.0, rates * pairs / held, 0.0)
    assert np.allclose(counts, wanted, atol=1e-9)
    assert np.allclose(flow.years, np.diagonal(pairs) / held, atol=1e-9)
    assert flow.years.sum() == pytest.approx(years)
