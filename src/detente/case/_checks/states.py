"""What can only be seen by looking at the states, at the stated values of the parameters.

Formulas are evaluated on broadcast arrays over the axes that they read, so the cost is at most
linear in the number of states, and the size is checked before anything is allocated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames
from detente.case._model import (
    Actor,
    Condition,
    Infeasible,
    Issue,
    Parameter,
    Ranking,
    View,
    Weights,
)
from detente.case._size import size_complaint
from detente.expression import Formula
from detente.values import Bools

_SHOWN = 6


@dataclass(frozen=True)
class States:
    """The feasible states, and the values that formulas read."""

    names: KnownNames
    values: Mapping[str, Any]
    feasible: Bools

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of levels on each axis."""
        return tuple(len(variable.levels) for variable in self.names.variables.values())

    def first(self, mask: Bools, formula: Formula | None = None) -> str | None:
        """Describe the first feasible state in a mask by the variables that a formula reads."""
        both = self.feasible & mask
        if not both.any():
            return None
        place = np.unravel_index(int(np.argmax(both)), self.feasible.shape)
        pairs = zip(self.names.variables.values(), place, strict=True)
        used = [
            f"{variable.name} == {variable.levels[int(level)]}"
            for variable, level in pairs
            if formula is None or variable.name in formula.uses
        ]
        return ", ".join(used[:_SHOWN]) + (", …" if len(used) > _SHOWN else "")


def survey(
    names: KnownNames,
    parameters: Mapping[str, Parameter],
    rules: Iterable[Infeasible],
    findings: Problems,
) -> States | None:
    """Find the feasible states; None, and a problem, when there are too many or none."""
    shape = tuple(len(variable.levels) for variable in names.variables.values())
    actors = len(set(names.owner.values()) - {None})
    complaint = size_complaint(shape, actors, use="order")
    if complaint:
        findings.add(("actors",), *complaint, key=True)
        return None
    axes = np.indices(shape, sparse=True)
    values: dict[str, Any] = dict(zip(names.variables, axes, strict=True))
    values |= {name: parameter.value for name, parameter in parameters.items()}
    feasible = np.ones(shape, dtype=bool)
    for rule in rules:
        feasible &= ~rule.formula.evaluate(values)
    if not feasible.any():
        findings.add(
            ("infeasible",), "these rules leave no feasible state", "take one of them out", key=True
        )
        return None
    return States(names, values, feasible)


def check_issues(states: States, issues: Iterable[Issue], findings: Problems) -> States:
    """Check that issues are finite wherever they are read; return the states with their values."""
    values = dict(states.values)
    for issue in issues:
        value = issue.formula.evaluate(values)
        where = states.first(~np.isfinite(value), issue.formula)
        if where is not None:
            _not_finite(("issues", issue.name, "value"), issue.name, where, findings)
        values[issue.name] = value
    return States(states.names, values, states.feasible)


def check_conditions(states: States, conditions: Iterable[Condition], findings: Problems) -> None:
    """Check that the rates of conditions are finite and not negative."""
    for condition in conditions:
        level = states.values[condition.name]
        for start, end, formula in condition.rates:
            rate = formula.evaluate(states.values)
            path = _jump_path(condition, start, end, findings)
            name = f"the rate of {condition.levels[start]} -> {condition.levels[end]}"
            here = level == start
            odd = states.first(here & ~np.isfinite(rate), formula)
            negative = states.first(here & (rate < 0), formula)
            if odd is not None:
                _not_finite(path, name, odd, findings)
            elif negative is not None:
                place = f" where {negative}" if negative else ""
                findings.add(path, f"{name} is negative{place}", "use max(0, …)")


def check_numbers(states: States, actors: Iterable[Actor], findings: Problems) -> None:
    """Check that rates, precisions, discounts, costs and weights are in their bounds."""
    for actor in actors:
        path: Path = ("actors", actor.name)
        _bounded(states, (*path, "rate"), actor.rate, "the rate", findings)
        _bounded(states, (*path, "precision"), actor.precision, "the precision", findings)
        _bounded(states, (*path, "discount"), actor.discount, "the discount", findings)
        for option in actor.options:
            where = (*path, "options", option.name, "cost", option.cost_kind)
            _bounded(states, where, option.cost, "the cost", findings)
        if isinstance(actor.preference, Weights):
            for issue, weight in actor.preference.items:
                where = (*path, "preferences", "weights", issue)
                _bounded(states, where, weight, "the weight", findings)
        if isinstance(actor.preference, Ranking):
            _check_ranking(states, path, actor.preference, findings)


def check_weight(states: States, path: Path, formula: Formula, findings: Problems) -> None:
    """Check that a weight is finite."""
    _bounded(states, path, formula, "the weight", findings)


def check_views(states: States, views: Iterable[View], findings: Problems) -> None:
    """Check that believed values are finite."""
    for view in views:
        for name, formula in view.values:
            path = ("views", view.actor, "values", name)
            _bounded(states, path, formula, "the believed value", findings)


def check_start(states: States, status_quo: Mapping[str, int], findings: Problems) -> None:
    """Check that the status quo can be."""
    if not is_feasible(states, status_quo):
        findings.add(
            ("status_quo",), "the status quo is infeasible", "change it or the rule", key=True
        )


def is_feasible(states: States, levels: Mapping[str, int]) -> bool:
    """Return whether a state, given as one level for every variable, can be."""
    return bool(states.feasible[tuple(levels[name] for name in states.names.variables)])


def _bounded(states: States, path: Path, formula: Formula, what: str, findings: Problems) -> None:
    value = float(formula.evaluate(states.values))
    least = {"the weight": -np.inf, "the believed value": -np.inf}.get(what, 0.0)
    if not np.isfinite(value):
        _not_finite(path, what, "", findings)
    elif value < least or (value == 0 and what == "the discount"):
        bound = "must be above 0" if what == "the discount" else "must not be negative"
        findings.add(path, f"{what} is {value:g} and {bound}", "raise it")


def _check_ranking(states: States, path: Path, ranking: Ranking, findings: Problems) -> None:
    left = np.ones_like(states.feasible)
    for group in ranking.groups:
        left &= ~group.evaluate(states.values)
    where = states.first(left)
    if where is not None:
        findings.add(
            (*path, "preferences", "ranking"),
            f"no group of the ranking holds where {where}",
            "end it with the group `true`",
        )


def _not_finite(path: Path, what: str, where: str, findings: Problems) -> None:
    place = f" where {where}" if where else ""
    remedy = "keep divisors and what is under log and sqrt away from 0"
    findings.add(path, f"{what} is not a finite number{place}", remedy)


def _jump_path(condition: Condition, start: int, end: int, findings: Problems) -> Path:
    path: Path = ("conditions", condition.name, "rates")
    wanted = [condition.levels[start], condition.levels[end]]
    keys = findings.find(path)[1].pairs
    return (*path, next(key for key in keys if [k.strip() for k in key.split("->")] == wanted))
