"""From a case to the conflict at given parameter values (docs/design.md, 2 and 3).

Each formula is evaluated once on broadcast arrays, so the cost is linear in the number of states
times the number of formulas. Issues are kept by name: forecasts and formulas read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Actor, Case, Ranking, Statements, Weights, check_size
from detente.conflict._build import drop_infeasible_jumps, freeze, step_cost
from detente.conflict._conflict import Conflict
from detente.conflict._preference import (
    rank_from_groups,
    rank_from_statements,
    rank_from_utility,
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


def _compiled(case: Case, space: Space, parameters: Mapping[str, float]) -> Conflict:
    numbers: dict[str, Any] = dict(parameters)
    values: dict[str, Any] = {**space.levels, **parameters}

    infeasible = np.zeros(space.shape, dtype=bool)
    for rule in case.infeasible:
        infeasible |= np.broadcast_to(rule.formula.evaluate(values), space.shape)
    feasible = ~infeasible
    if not feasible.any():
        raise InputError(f"{case.name}: no state is feasible at these parameters; change them")
    for issue in case.issues:
        value = issue.formula.evaluate(values)
        if not np.isfinite(np.broadcast_to(value, space.shape)[feasible]).all():
            raise AnalysisError(f"issue {issue.name} is not finite at these parameters; fix it")
        numbers[issue.name] = values[issue.name] = np.broadcast_to(
            np.asarray(value, dtype=float), space.shape
        )

    utility, rank = {}, {}
    for actor in case.actors:
        utility[actor.name], rank[actor.name] = _preference(actor, values, space, feasible)
    jumps = []
    for k, condition in zip(space.conditions, case.conditions, strict=True):
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

    def by_actor(what: str, least: float = 0.0) -> dict[str, float]:
        return {
            a.name: _number(getattr(a, what), values, f"the {what} of {a.name}", least)
            for a in case.actors
        }

    options = [option for actor in case.actors for option in actor.options]
    return Conflict(
        space=space,
        feasible=freeze(feasible),
        utility=utility,
        rank=rank,
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
        rates=by_actor("rate"),
        precision=by_actor("precision"),
        discount=by_actor("discount", LEAST_DISCOUNT),
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


def _preference(
    actor: Actor, values: Mapping[str, Any], space: Space, feasible: Bools
) -> tuple[Floats, NDArray[np.int32]]:
    match actor.preference:
        case Weights(items):
            total = np.zeros(space.shape)
            for issue, weight in items:
                what = f"the weight of {issue} for {actor.name}"
                total[feasible] += _number(weight, values, what) * values[issue][feasible]
            utility = np.where(feasible, total, 0.0)
            return freeze(utility), freeze(rank_from_utility(utility, feasible, TIE))
        case Statements(formulas):
            rank = rank_from_statements((f.evaluate(values) for f in formulas), feasible)
        case Ranking(groups):
            rank, unranked = rank_from_groups((f.evaluate(values) for f in groups), feasible)
            if unranked.any():
                words = space.label(int(np.flatnonzero(unranked)[0]))
                raise InputError(
                    f"the ranking of {actor.name} leaves out {int(unranked.sum())} states, such as "
                    f"{words}; end it with the group 'true'"
                )
    return freeze(utility_from_rank(rank, feasible)), freeze(rank)
