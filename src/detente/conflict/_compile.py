"""From a case to the conflict at given parameter values (docs/design.md, 2 and 3).

Each formula is evaluated once on broadcast arrays, so the cost is linear in the number of states
times the number of formulas. What no parameter moves is worked out once for all draws, and what an
actor believes only as far as it differs from the truth. Issues go by name: forecasts and formulas
read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, Ranking, Statements, Weights, check_size
from detente.conflict._build import drop_infeasible_jumps, freeze, step_cost
from detente.conflict._conflict import Conflict
from detente.conflict._preference import (
    RanksAtNeed,
    rank_from_groups,
    rank_from_statements,
    utility_from_rank,
)
from detente.conflict._space import Axis, Space
from detente.errors import AnalysisError, InputError
from detente.expression import Formula
from detente.text import suggestion
from detente.values import Bools, Floats

LEAST_DISCOUNT = float(np.finfo(float).tiny)
"""Discount rates are positive: values are sums without an end."""
TIE = 1e-9
"""Weighted sums this close, relative to them, are ties: the digits beyond are rounding."""


def compile_case(case: Case, parameters: Mapping[str, float] | None = None) -> Conflict:
    """Compile a case at its stated parameter values, some of them replaced.

    Parameters
    ----------
    case : Case
    parameters : mapping of str to float, optional
        Values that replace the stated ones.

    Returns
    -------
    Conflict
        With the actors' views, where the case has any.

    Raises
    ------
    InputError
        For a parameter that the case does not have, or a value that makes the case impossible.
    """
    values = parameter_values(case, parameters)
    space = space_of(case)
    tensors = len(case.issues) + sum(len(condition.levels) for condition in case.conditions)
    check_size(space.shape, len(space.actors), "order", further=8 * tensors)
    true = _compiled(case, space, values)
    views = {
        view.actor: _compiled(
            case,
            space,
            values
            | {n: _number(f, values, f"{n} in the view of {view.actor}") for n, f in view.values},
            true,
        )
        for view in case.views
    }
    return replace(true, views=views)


def parameter_values(case: Case, parameters: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the values of all parameters of a case, some of the stated ones replaced.

    Raises
    ------
    InputError
        For a parameter that the case does not have, or a value that is no number.
    """
    values = {name: parameter.value for name, parameter in case.parameters.items()}
    for name, value in (parameters or {}).items():
        if name not in values:
            hint = suggestion(str(name), values, "parameter")
            raise InputError(f"{case.name} has no parameter {name!r}; {hint}")
        try:
            values[name] = float(value)
        except (TypeError, ValueError):
            raise InputError(f"parameter {name} is {value!r}; give a number") from None
        if not np.isfinite(values[name]):
            raise InputError(f"parameter {name} is {value}; give a finite number")
    return values


def space_of(case: Case) -> Space:
    """Return the axes of a case's state tensor."""
    axes = [
        Axis(option.full_name, actor.name, option.levels, option.ordered)
        for actor in case.actors
        for option in actor.options
    ]
    axes += [Axis(c.name, None, c.levels, c.ordered) for c in case.conditions]
    return Space(tuple(actor.name for actor in case.actors), tuple(axes))


class _Fixed(NamedTuple):
    """What no parameter of a case moves: its rules, where they read none, and issues by name."""

    feasible: Bools | None
    issues: dict[str, NDArray[Any]]


_FIXED: dict[int, _Fixed] = {}
"""By the identity of the case, as long as it lives."""


def _fixed(case: Case, space: Space) -> _Fixed:
    """Return what no parameter moves, worked out once for all draws of a case."""
    found = _FIXED.get(id(case))
    if found is None:
        values: dict[str, Any] = dict(space.levels)
        feasible = None
        if not any(rule.formula.uses - values.keys() for rule in case.infeasible):
            feasible = _feasible(case, space, values)
        issues = {}
        for issue in case.issues:
            if not issue.formula.uses - values.keys():
                values[issue.name] = issues[issue.name] = issue.formula.evaluate(values)
        found = _FIXED[id(case)] = _Fixed(feasible, issues)
        finalize(case, _FIXED.pop, id(case), None)
    return found


def _feasible(case: Case, space: Space, values: Mapping[str, Any]) -> Bools:
    feasible = np.ones(space.shape, dtype=bool)
    for rule in case.infeasible:
        feasible &= ~rule.formula.evaluate(values)
    return freeze(feasible)


def _compiled(
    case: Case, space: Space, parameters: Mapping[str, float], like: Conflict | None = None
) -> Conflict:
    """Compile a case; what reads nothing that differs from a like conflict is that one's."""
    numbers: dict[str, Any] = dict(parameters)
    values: dict[str, Any] = {**space.levels, **parameters}
    moved: set[str] = set()
    if like is not None:
        moved = {name for name, value in parameters.items() if like.numbers[name] != value}

    def still(*formulas: Formula) -> bool:
        return like is not None and all(moved.isdisjoint(formula.uses) for formula in formulas)

    fixed = _fixed(case, space)
    feasible = _feasible(case, space, values) if fixed.feasible is None else fixed.feasible
    if not feasible.any():
        raise InputError(f"{case.name}: no state is feasible at these parameters; change them")
    if like is not None and not still(*(rule.formula for rule in case.infeasible)):
        like = None
    for issue in case.issues:
        value = fixed.issues.get(issue.name)
        if value is None:
            value = issue.formula.evaluate(values)
            if not still(issue.formula):
                moved.add(issue.name)
        value = np.asarray(value, dtype=float)
        finite = np.isfinite(value)
        if not (finite.all() or np.broadcast_to(finite, space.shape)[feasible].all()):
            raise AnalysisError(f"issue {issue.name} is not finite at these parameters; fix it")
        numbers[issue.name] = np.broadcast_to(value, space.shape)
        values[issue.name] = value

    utility: dict[str, Floats] = {}
    ranks: dict[str, NDArray[np.int32]] = {}
    for actor in case.actors:
        name, preference = actor.name, actor.preference
        if not isinstance(preference, Weights):
            ranks[name] = _stated_rank(name, preference, values, space, feasible)
            utility[name] = freeze(utility_from_rank(ranks[name], feasible))
        elif (
            like is not None
            and moved.isdisjoint(issue for issue, _ in preference.items)
            and still(*(weight for _, weight in preference.items))
        ):
            utility[name] = like.utility[name]
        else:
            utility[name] = _weighted(name, preference, values, feasible)
    jumps = []
    for k, condition in zip(space.conditions, case.conditions, strict=True):
        if like is not None and still(*(formula for _, _, formula in condition.rates)):
            jumps.append(like.jumps[k - space.conditions.start])
            continue
        rate = np.zeros((*space.shape, len(condition.levels)))
        for start, to, formula in condition.rates:
            where = values[condition.name] == start
            rate[..., to] += np.where(where, formula.evaluate(values), 0.0)
        rate = drop_infeasible_jumps(rate, feasible, k)
        if not np.isfinite(rate).all() or (rate < 0).any():
            raise AnalysisError(
                f"a rate of {condition.name} is negative or not finite at these parameters; "
                "narrow the ranges or fix the formula"
            )
        jumps.append(freeze(rate))

    def by_actor(what: str, known: Mapping[str, float], least: float = 0.0) -> dict[str, float]:
        return {
            a.name: known[a.name]
            if still(getattr(a, what))
            else _number(getattr(a, what), values, f"the {what} of {a.name}", least)
            for a in case.actors
        }

    options = [option for actor in case.actors for option in actor.options]
    return Conflict(
        space=space,
        feasible=freeze(feasible),
        utility=utility,
        rank=RanksAtNeed(utility, feasible, ranks, TIE),
        allowed=tuple(freeze(np.array(option.allowed, dtype=bool)) for option in options),
        cost=tuple(
            freeze(
                step_cost(
                    len(o.levels),
                    _number(o.cost, values, f"the cost of {o.full_name}", 0.0),
                    o.cost_kind,
                )
            )
            for o in options
        ),
        jumps=tuple(jumps),
        rates=by_actor("rate", {} if like is None else like.rates),
        precision=by_actor("precision", {} if like is None else like.precision),
        discount=by_actor("discount", {} if like is None else like.discount, LEAST_DISCOUNT),
        cardinal={a.name: isinstance(a.preference, Weights) for a in case.actors},
        status_quo=tuple(case.status_quo[axis.name] for axis in space.axes),
        numbers=numbers,
        case=case,
    )


def _number(
    formula: Formula, values: Mapping[str, Any], what: str, least: float = -np.inf
) -> float:
    number = float(formula.evaluate(values))
    if not np.isfinite(number) or number < least:
        raise AnalysisError(
            f"{what} is {number:g} at these parameters; narrow the ranges or fix the formula"
        )
    return number


def _weighted(
    actor: str, preference: Weights, values: Mapping[str, Any], feasible: Bools
) -> Floats:
    total = np.zeros(feasible.shape)
    with np.errstate(all="ignore"):  # issues may be anything where a state is infeasible
        for issue, weight in preference.items:
            total += _number(weight, values, f"the weight of {issue} for {actor}") * values[issue]
    return freeze(np.where(feasible, total, 0.0))


def _stated_rank(
    actor: str,
    preference: Statements | Ranking,
    values: Mapping[str, Any],
    space: Space,
    feasible: Bools,
) -> NDArray[np.int32]:
    if isinstance(preference, Statements):
        holds = (formula.evaluate(values) for formula in preference.formulas)
        return freeze(rank_from_statements(holds, feasible))
    groups = (formula.evaluate(values) for formula in preference.groups)
    rank, unranked = rank_from_groups(groups, feasible)
    if unranked.any():
        words = space.label(int(np.flatnonzero(unranked)[0]))
        raise InputError(
            f"the ranking of {actor} leaves out {int(unranked.sum())} states, such as "
            f"{words}; end it with the group 'true'"
        )
    return freeze(rank)
