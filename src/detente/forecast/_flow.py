"""Through which transitions an answer comes about: exact flows that sum to the answer.

With p_j the distribution after j ticks of those starts for which the question is still open, and
K_m(s) the probability that m further ticks from s stay in scope, n ticks in all give

    answer = base + sum over transitions s -> s' of  c(s, s') P(s, s') sum_j p_j(s) K_(n-1-j)(s').

For an until, c is 1 on the first entry into the event. For a number f at a time it is f(s') - f(s)
and p_j is all that stays in scope: the sum telescopes (Dynkin's formula on the ticks). For an
average the n + 1 stretches count alike, so a step weighs (n - j) / (n + 1). Mixing over the Poisson
number of ticks from the end backwards gives the sums over n in one sweep; every sqrt(ticks)-th
vector of that sweep is stored and the others are found again, so memory is O(sqrt(ticks) x states).
A question without an end is solved as a linear system of the expected visits. Cost: O(ticks x
transitions).

Source: uniformization as in `detente.forecast._chain`; Dynkin (1965), "Markov Processes", 5.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from detente.engine import poll
from detente.errors import AnalysisError
from detente.expression import Formula, Query
from detente.forecast import _linear as linear
from detente.forecast._chain import TAIL, Chain, ticks
from detente.forecast._question import VOID, number, query_sides, within_scope
from detente.forecast._reach import sort_out
from detente.forecast._until import stay
from detente.values import Bools, Floats, Ints

DENSE = 1500
"""States up to which expected visits without an end are found by elimination."""


@dataclass(frozen=True, eq=False)
class Flow:
    """An answer as what the start gives and what each transition adds.

    Attributes
    ----------
    chain : Chain
    base : float
        The answer if nothing ever changed.
    source, target : ndarray of int, (transitions,)
        Numbers of the chain's states.
    parts : ndarray, (transitions,)
        What each transition adds to the answer; ``base + parts.sum()`` is the answer.
    times : ndarray, (transitions,)
        How often each is expected to be made while the question is open, given the scope.
    years : ndarray, (states,)
        Expected years in each state while the question is open, given the scope.
    """

    chain: Chain
    base: float
    source: Ints
    target: Ints
    parts: Floats
    times: Floats
    years: Floats

    @property
    def value(self) -> float:
        """The answer."""
        return self.base + float(self.parts.sum())


@dataclass(frozen=True, slots=True)
class _Edges:
    """Transitions between different states: from, to, and probability at a tick."""

    source: Ints
    target: Ints
    step: Floats


def query_flow(chain: Chain, query: Query, start: Floats, scope: Formula | None = None) -> Flow:
    """Return through which transitions the probability of a query comes about.

    Parameters
    ----------
    chain : Chain
    query : Query
        For ``G`` the parts are negative: they are the ways in which it fails.
    start : ndarray, (states,)
        Probabilities over the states of the chain.
    scope : Formula, optional
        As in `detente.forecast.probability`.

    Examples
    --------
    >>> from detente import Conflict
    >>> from detente.forecast._chain import chain_of
    >>> from detente.forecast._nested import read_query
    >>> conflict = Conflict.build({"row": {"act": ["wait", "go"]}}, {"row": [0.0, 1.0]})
    >>> chain = chain_of(conflict.equilibrium())
    >>> found = query_flow(chain, read_query(conflict, "F[0, 1] row.act == go"), np.array([1.0, 0]))
    >>> found.base, found.parts.size, bool(abs(found.value - found.parts.sum()) < 1e-15)
    (0.0, 1, True)
    """
    edges = _edges(chain)
    left, right, within = query_sides(chain, query, scope)
    nothing = np.zeros(start.size)
    scoped = 1.0
    if scope is not None:
        held, _ = stay(chain, within, within.astype(float), query.high)
        scoped = possible_scope(float(start @ held))
    there = right & within
    if query.operator == "":
        none = np.zeros(edges.step.size)
        return _flow_of(chain, edges, float(start @ there) / scoped, none, none, nothing)
    if math.isinf(query.high) and query.low == 0.0:
        base, parts, years = _without_end(chain, edges, start, left, right)
        times = parts
    else:
        found = _bounded(chain, edges, query, start, left & within, there, within)
        base, parts, times, years = found
    base, parts = base / scoped, parts / scoped
    if query.operator == "G":
        base, parts = 1.0 - base, -parts
    return _flow_of(chain, edges, base, parts, times / scoped, years / scoped)


def expected_flow(
    chain: Chain, formula: Formula, start: Floats, years: float, scope: Formula | None = None
) -> Flow:
    """Return through which transitions the expected value of a formula at a time comes about."""
    return _of_number(chain, formula, start, years, scope, averaged=False)


def average_flow(
    chain: Chain, formula: Formula, start: Floats, years: float, scope: Formula | None = None
) -> Flow:
    """Return through which transitions the average of a formula over years comes about."""
    return _of_number(chain, formula, start, years, scope, averaged=True)


def _of_number(
    chain: Chain, formula: Formula, start: Floats, years: float, scope: Formula | None,
    averaged: bool,
) -> Flow:  # fmt: skip
    edges, within, values = _edges(chain), within_scope(chain, scope), number(chain, formula)
    held, _ = stay(chain, within, within.astype(float), years)
    scoped = 1.0 if scope is None else possible_scope(float(start @ held))
    terminal = within.astype(float)
    sums, times, spent, _ = _sums(chain, edges, start, years, within, within, terminal, averaged)
    change = values[edges.target] - values[edges.source]
    base = float(start @ (values * held)) / scoped
    return _flow_of(chain, edges, base, sums * change / scoped, times / scoped, spent / scoped)


def _bounded(
    chain: Chain, edges: _Edges, query: Query, start: Floats, left: Bools, there: Bools,
    within: Bools,
) -> tuple[float, Floats, Floats, Floats]:  # fmt: skip
    """Return base, parts, times and years of ``left U[low, high] there``, joint with the scope."""
    span = query.high - query.low
    parts, years, before = np.zeros(edges.step.size), np.zeros(start.size), start
    times = parts
    if math.isinf(span):
        held = np.ones(start.size)
    else:
        held, _ = stay(chain, within, within.astype(float), span)
    safe = there * held
    if query.low == 0.0:
        base = float(start @ safe)
    else:
        # Who is there when the period begins came there before: a number at a time.
        _, times, years, before = _sums(chain, edges, start, query.low, left, left, left * held)
        change = there[edges.target].astype(float) - there[edges.source]
        parts = times * change
        lasting, _ = stay(chain, left, left * held, query.low)
        base = float(start @ (there * lasting))
    walk = left & ~there
    enter = walk[edges.source] & there[edges.target]
    if math.isinf(span):
        _, later, spent = _without_end(chain, edges, before * ~there, left, there)
        return base, parts + later, times + later, years + spent
    _, again, spent, _ = _sums(chain, edges, before, span, walk, within, within.astype(float))
    return base, parts + again * enter, times + again * enter, years + spent


def _sums(
    chain: Chain, edges: _Edges, start: Floats, years: float, walk: Bools, scope: Bools,
    terminal: Floats, averaged: bool = False,
) -> tuple[Floats, Floats, Floats, Floats]:  # fmt: skip
    """Return sums and times of each transition, years by state, and the distribution at the end.

    ``walk`` is where p goes on, ``scope`` where K does, ``terminal`` is K_0. The sums are of
    p_j(s) P(s, s') K(s'), weighted as the question wants; times are the same without weights.
    """
    first, weights = ticks(chain.rate * years, TAIL)
    mass = np.concatenate([np.zeros(first), weights])
    now = start * walk
    sums, times = np.zeros(edges.step.size), np.zeros(edges.step.size)
    spent, end = np.zeros(start.size), np.zeros(start.size)
    for j, rows in enumerate(_backward(chain, mass, years, scope, terminal, averaged)):
        poll()
        end += mass[j] * now
        spent += now * rows[0]
        here = now[edges.source]
        times += here * rows[1][edges.target]
        if averaged:
            sums += here * rows[3][edges.target]
        now = (chain.back @ now) * walk
    times *= edges.step
    return sums * edges.step if averaged else times, times, spent, end


def _backward(
    chain: Chain, mass: Floats, years: float, scope: Bools, terminal: Floats, averaged: bool
) -> Iterator[Floats]:
    """Yield for j = 0, 1, ... rows of sums over the number of ticks n, mixed with K.

    With w_n the weight of n ticks: over n >= j of w_n years / (n + 1) K_(n-j), the stretch that
    follows tick j; over n > j of w_n K_(n-1-j); for averages also of w_n / (n + 1) K_(n-1-j), and
    of that times n - j.
    """
    steps = mass.size - 1
    shares = mass / np.arange(1.0, steps + 2.0)
    last = np.zeros((4 if averaged else 2, terminal.size))
    last[0] = shares[steps] * years * terminal

    def back(j: int, after: Floats) -> Floats:
        poll()
        moved: Floats = scope * (chain.step @ after).T
        moved[0] += shares[j] * years * terminal
        moved[1] += mass[j + 1] * terminal
        if averaged:
            moved[2] += shares[j + 1] * terminal
            moved[3] += moved[2]
        return moved

    yield from _reversed(back, last, steps)


def _reversed(back: Callable[[int, Floats], Floats], last: Floats, steps: int) -> Iterator[Floats]:
    """Yield the vectors of a backward recursion from the first on, storing few of them at once."""
    size = max(1, math.isqrt(steps))
    stored = {steps: last}
    now = last
    for j in range(steps - 1, -1, -1):
        now = back(j, now.T)
        if j % size == 0:
            stored[j] = now
    for begin in range(0, steps, size):
        end = min(begin + size, steps)
        block = [stored[end]]
        for j in range(end - 1, begin - 1, -1):
            block.append(back(j, block[-1].T))
        yield from reversed(block[1:])
    yield last


def _without_end(
    chain: Chain, edges: _Edges, start: Floats, left: Bools, right: Bools
) -> tuple[float, Floats, Floats]:
    """Return base, parts and years of ``left U right`` without an end."""
    never, _ = sort_out(chain, left, right)
    walk = ~never & ~right
    years = expected_years(chain, walk, start)
    enter = walk[edges.source] & right[edges.target]
    parts = years[edges.source] * chain.rate * edges.step * enter
    return float(start @ right), parts, years


def expected_years(chain: Chain, walk: Bools, start: Floats) -> Floats:
    """Return how long paths are expected to be in each state before they leave a set for good."""
    years = np.zeros(start.size)
    if walk.any():
        inside = csr_array(chain.step[walk][:, walk])
        if inside.shape[0] <= DENSE:
            visits = np.linalg.solve(np.eye(inside.shape[0]) - inside.T.toarray(), start[walk])
        else:
            visits, _ = linear.solve_forward(inside, start[walk], TAIL)
        years[walk] = visits / chain.rate
    return years


def _edges(chain: Chain) -> _Edges:
    table = chain.step.tocoo()
    apart = (table.row != table.col) & (table.data > 0.0)
    return _Edges(
        table.row[apart].astype(np.int64), table.col[apart].astype(np.int64), table.data[apart]
    )


def _flow_of(
    chain: Chain, edges: _Edges, base: float, parts: Floats, times: Floats, years: Floats
) -> Flow:
    some = parts != 0.0
    source, target = edges.source[some], edges.target[some]
    return Flow(chain, base, source, target, parts[some], times[some], years)


def possible_scope(scoped: float) -> float:
    """Return the probability of a scope, or say that there is nothing to condition on."""
    if scoped < VOID:
        raise AnalysisError(
            f"the scope holds with probability {scoped:.1e}: there is nothing to condition on; "
            "start inside the scope or shorten the period"
        )
    return scoped
