"""Temporal questions put to an equilibrium: formulas in, a probability with its error out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from detente.equilibrium import Equilibrium, intervene
from detente.errors import AnalysisError, InputError
from detente.expression import ExpressionError, Formula, Query, compile_formula
from detente.forecast._average import average
from detente.forecast._chain import TAIL, Chain, chain_of
from detente.forecast._during import solve_during
from detente.forecast._nested import named, read_query
from detente.forecast._start import Start, start_distribution
from detente.forecast._until import SolvedUntil, stay_each, until
from detente.text import Result, show
from detente.values import Bools, Floats, plain_fields

VOID = 1e-12
"""A scope less likely than this leaves nothing to condition on."""


class SolvedAverage(NamedTuple):
    """A time average joint with its scope, and the probability of the scope, from every state."""

    value: Floats
    scope: Floats


@dataclass(frozen=True, slots=True)
class Probability(Result):
    """A probability and how far it can be from the chain's true one.

    Attributes
    ----------
    value, error : float
    scope : float
        Probability that the scope held throughout (1 without one).
    query : str
    period : str
        Said beside the query where it names no period itself.
    """

    value: float
    error: float
    scope: float
    query: str
    period: str = ""

    def __float__(self) -> float:
        """Return the value."""
        return self.value

    def __str__(self) -> str:
        """Return one line."""
        scope = f", given a scope that holds with {show(self.scope, 'fine')}"
        within = scope if self.scope < 1.0 else ""
        period = f" ({self.period})" if self.period else ""
        error = max(self.error, 1e-15)
        return f"{self.query}{period}: {self.value:.4f} (error below {error:.0e}{within})"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self, "query", "value", "error", "scope")


def probability(
    equilibrium: Equilibrium,
    query: str,
    start: Start | None = None,
    *,
    scope: str | None = None,
    let: Mapping[str, str] | None = None,
    do: Mapping[str, str | int] | None = None,
    set: Mapping[str, float] | None = None,
    announced: bool = True,
    during: tuple[float, float] | None = None,
    error: float = TAIL,
) -> Probability:
    """Return the probability of a temporal statement.

    Parameters
    ----------
    equilibrium : Equilibrium
    query : str
        ``F[a, b] phi`` (happens), ``G[a, b] phi`` (holds throughout), ``phi U[a, b] psi`` (psi
        happens, phi until then); times in years, without them at any time.
    start : state, str, ndarray or Filtered, optional
        A state, a formula (equal weight wherever it holds), probabilities of the conflict's shape,
        or what follows from observations; the status quo by default.
    scope : str, optional
        A state formula: the answer is conditional on its holding from 0 to the end of the query.
    let : mapping of str to str, optional
        Names for the probabilities of other questions, for use in this one: with
        ``let={"calm": "G[0, 1] a"}`` one may ask ``F[0, 5] calm > 0.9``.
    do, set, announced
        An intervention, as in `detente.equilibrium._intervene`; over all the time by default.
    during : (float, float), optional
        The years at which the intervention begins and ends. Announced, the actors know both from
        today; see `detente.forecast._during`. Not together with a scope.
    error : float
        Allowed for what the clock leaves out: a larger one is a little faster. What was reached is
        in the answer.

    Raises
    ------
    InputError
        When the query, the scope, the start or the intervention is wrong.
    AnalysisError
        When the scope cannot hold, or a question without an end has no reliable answer.

    Examples
    --------
    >>> import numpy as np
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}},
    ...     utility={"row": [0.0, 0.0]}, rates={"row": 2.0}, precision={"row": 0.0},
    ... )
    >>> answer = conflict.equilibrium().probability("F[0, 1] row.act == go", start=0)
    >>> bool(np.isclose(answer.value, 1 - np.exp(-1.0)))
    True
    """
    if during is None:
        equilibrium = intervene(equilibrium, do, set, announced)
    elif let:
        raise InputError("let and during do not go together; leave out one of them")
    equilibrium = named(equilibrium, let or {})
    conflict = equilibrium.conflict
    asked = read_query(conflict, query)
    try:
        guard = None if scope is None else compile_formula(scope, conflict.namespace, "truth")
    except ExpressionError as wrong:
        raise InputError(f"scope {scope!r}, column {wrong.start + 1}: {wrong}") from None
    if during is not None:
        if guard is not None or asked.operator == "":
            raise InputError("during is for F, G and U without a scope; leave out the scope")
        weight = start_distribution(conflict, start)[conflict.feasible]
        solved = solve_during(equilibrium, asked, do, set, announced, during, weight)
        return probability_from(asked, solved, weight)
    weight = start_distribution(conflict, _with_held(start, do))
    chain = chain_of(equilibrium, weight)
    return ask_probability(chain, asked, chain.over_live(weight), guard, error)


def ask_probability(
    chain: Chain, query: Query, start: Floats, scope: Formula | None = None, error: float = TAIL
) -> Probability:
    """Return the probability of a compiled query from a start distribution, within a scope."""
    return probability_from(query, solve_queries(chain, [(query, scope)], error)[0], start)


def solve_queries(
    chain: Chain, asked: Sequence[tuple[Query, Formula | None]], error: float = TAIL
) -> list[SolvedUntil]:
    """Answer queries, each within its scope or none, from every start at once.

    Returns
    -------
    list of SolvedUntil
        A query each, for `probability_from`. All share one pass.
    """
    answers: dict[int, SolvedUntil] = {}
    timed: dict[int, tuple[Bools, Bools, Bools]] = {}
    for number, (query, scope) in enumerate(asked):
        left, right, within = query_sides(chain, query, scope)
        if query.operator == "":
            exact = np.zeros(right.size)
            answers[number] = SolvedUntil((right & within) + exact, within + exact, exact)
            continue
        if scope is not None and math.isinf(query.high):
            raise InputError(f"{query.text!r} has no end, a scope needs one; write F[0, years]")
        timed[number] = left, right, within
    if timed:
        lefts, rights, scopes = (np.stack(side) for side in zip(*timed.values(), strict=True))
        low, high = zip(*((asked[k][0].low, asked[k][0].high) for k in timed), strict=True)
        found = until(chain, lefts, rights, low, high, scopes, error)
        answers |= zip(timed, found, strict=True)
    return [answers[number] for number in range(len(asked))]


def probability_from(query: Query, solved: SolvedUntil, start: Floats) -> Probability:
    """Return the probability of a solved query from a start distribution."""
    value, scoped = _conditional(start, solved.value, solved.scope)
    if query.operator == "G":
        value = 1.0 - value
    wrong = float(start @ solved.error)
    if scoped < 1.0:
        wrong = 2.0 * wrong / scoped
    period = ""
    if query.operator == "":
        period = "at the start"
    elif math.isinf(query.high):
        period = "at any time, without end"
    return Probability(min(max(value, 0.0), 1.0), wrong, scoped, query.text, period)


def within_scope(chain: Chain, formula: Formula | None) -> Bools:
    """Return where a formula holds; everywhere when there is none."""
    return np.ones(chain.live.size, dtype=bool) if formula is None else truth(chain, formula)


def query_sides(chain: Chain, query: Query, scope: Formula | None) -> tuple[Bools, Bools, Bools]:
    """Return where a query's two sides and its scope hold; ``G`` is asked as ``F`` of its contrary.

    All three are over the states of the chain; the right side of ``G`` is where it fails.
    """
    right = truth(chain, query.right)
    return (
        within_scope(chain, query.left),
        ~right if query.operator == "G" else right,
        within_scope(chain, scope),
    )


def ask_expected(
    chain: Chain, formula: Formula, start: Floats, time: float, scope: Formula | None = None
) -> float:
    """Return the expected value of a formula at a time, given that the scope held until then."""
    return average_from(solve_expected(chain, [(formula, time, scope)])[0], start)


def solve_expected(
    chain: Chain, asked: Sequence[tuple[Formula, float, Formula | None]]
) -> list[SolvedAverage]:
    """Return what `ask_expected` does from every start at once, a question each, in one pass."""
    scoped = [k for k, (_, _, scope) in enumerate(asked) if scope is not None]
    within = [within_scope(chain, scope) for _, _, scope in asked]
    numbers = [number(chain, formula) for formula, _, _ in asked]
    ones = np.ones(chain.live.size)
    years = np.array([time for _, time, _ in asked])
    rows = [*range(len(asked)), *scoped]
    found, _ = stay_each(
        chain,
        np.stack([within[k] for k in rows]),
        np.stack([*numbers, *(ones for _ in scoped)]),
        years[rows],
    )
    held = dict(zip(scoped, found[len(asked) :], strict=True))
    return [SolvedAverage(found[k], held.get(k, ones)) for k in range(len(asked))]


def solve_averages(
    chain: Chain, asked: Sequence[tuple[Formula, float, Formula | None]]
) -> list[SolvedAverage]:
    """Average formulas over years, each within its scope or none, from every start at once.

    Returns
    -------
    list of SolvedAverage
        One each, for `average_from`. Averages over the same years share one pass.
    """
    answers: dict[int, SolvedAverage] = {}
    for years in dict.fromkeys(period for _, period, _ in asked):
        like = [k for k, (_, period, _) in enumerate(asked) if period == years]
        values = np.stack([number(chain, asked[k][0]) for k in like])
        within = np.stack([within_scope(chain, asked[k][2]) for k in like])
        answers |= zip(
            like, map(SolvedAverage, *average(chain, values, years, within)), strict=True
        )
    return [answers[k] for k in range(len(asked))]


def average_from(averaged: SolvedAverage, start: Floats) -> float:
    """Return a solved average from a start distribution, given that its scope held throughout."""
    return _conditional(start, averaged.value, averaged.scope)[0]


def truth(chain: Chain, formula: Formula) -> Bools:
    """Return where a truth formula holds, over the feasible states."""
    return chain.over_live(formula.evaluate(chain.conflict.values)).astype(bool)


def number(chain: Chain, formula: Formula) -> Floats:
    """Return a formula's value over the feasible states."""
    return chain.over_live(formula.evaluate(chain.conflict.values)).astype(np.float64)


def _conditional(start: Floats, values: Floats, held: Floats) -> tuple[float, float]:
    scoped = 1.0 if (held == 1.0).all() else float(start @ held)
    if scoped < VOID:
        raise AnalysisError(
            f"the scope holds with probability {scoped:.1e}: there is nothing to condition on; "
            "start inside the scope or shorten the period"
        )
    return float(start @ values) / scoped, scoped


def _with_held(start: Start | None, do: Mapping[str, str | int] | None) -> Start | None:
    if do and isinstance(start, Mapping):
        return {**start, **do}
    return start
