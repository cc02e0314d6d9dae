"""How utilities move with parameters: linear, or refused.

A parameter counts when it has a range, stands in the weights of some actor, and in no issue and no
rule of what is infeasible: then the states and what they hold stay, and only how much actors care
changes. Whether weights are linear in several parameters together is read off the formulas, so that
what follows from linearity is exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.case import Case, Weights
from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError
from detente.expression import SyntaxTree, parse_formula
from detente.values import Floats


@dataclass(frozen=True, eq=False)
class Slopes:
    """Utilities as linear functions of parameters, each measured in shares of its range.

    Parameters
    ----------
    conflict : Conflict
        At the stated values.
    names : tuple of str
        The parameters that may change.
    value, width : ndarray of float
        Stated values, widths of the ranges.
    below, above : ndarray of float
        How far each may go down and up, in shares of its range.
    weight : mapping of str to ndarray of float
        By actor, ``[parameter, issue]``: change of the issue's weight over the whole range.
    issues : ndarray of float
        ``[issue, flat state]``, those that some parameter is about.
    """

    conflict: Conflict
    names: tuple[str, ...]
    value: Floats
    width: Floats
    below: Floats
    above: Floats
    weight: Mapping[str, Floats]
    issues: Floats


def slopes(case: Case, parameters: Iterable[str] | None) -> Slopes:
    """Read off a case how utilities move with parameters.

    Parameters
    ----------
    parameters : iterable of str or None
        Which may change; None for all that count.

    Raises
    ------
    InputError
        For a parameter that does not count.
    AnalysisError
        When a weight is not linear in the parameters together.
    """
    weights = [
        (actor.name, issue, formula)
        for actor in case.actors
        if isinstance(actor.preference, Weights)
        for issue, formula in actor.preference.items
    ]
    in_weights = frozenset[str]().union(*(formula.uses for *_, formula in weights))
    elsewhere = frozenset[str]().union(
        *(issue.formula.uses for issue in case.issues),
        *(rule.formula.uses for rule in case.infeasible),
    )
    counting = [
        name
        for name, parameter in case.parameters.items()
        if parameter.low < parameter.high
        and parameter.distribution not in {"fixed", "choices"}
        and name in in_weights - elsewhere
    ]
    names = tuple(counting if parameters is None else dict.fromkeys(parameters))
    for name in names:
        if name not in counting:
            raise InputError(
                f"parameter {name!r} cannot be asked for: it needs a range, a place in some "
                f"actor's weights and none in issues; there are {', '.join(counting) or 'none'}"
            )
    for actor, issue, formula in weights:
        if _degree(parse_formula(formula.text), names) > 1:
            among = ", ".join(name for name in names if name in formula.uses)
            raise AnalysisError(
                f"the weight of {issue} for {actor}, {formula.text}, is not linear in {among}; "
                "name parameters that it is linear in"
            )
    conflict = case.conflict()
    stated = {name: parameter.value for name, parameter in case.parameters.items()}
    low = np.array([case.parameters[name].low for name in names])
    high = np.array([case.parameters[name].high for name in names])
    value = np.array([stated[name] for name in names])
    about = [(a, i, f) for a, i, f in weights if f.uses & set(names)]
    issues = tuple(dict.fromkeys(issue for _, issue, _ in about))
    weight = {actor: np.zeros((len(names), len(issues))) for actor in conflict.actors}
    for k, name in enumerate(names):
        for actor, issue, formula in about:
            if name in formula.uses:
                ends = [float(formula.evaluate(stated | {name: end[k]})) for end in (low, high)]
                weight[actor][k, issues.index(issue)] += ends[1] - ends[0]
    values = np.empty((len(issues), conflict.size))
    for row, issue in zip(values, issues, strict=True):
        row[:] = conflict.numbers[issue].reshape(-1)
    width = high - low
    below, above = (value - low) / width, (high - value) / width
    return Slopes(conflict, names, value, width, below, above, weight, values)


def _degree(tree: SyntaxTree, names: tuple[str, ...]) -> float:
    """Return the degree of a formula in some names together, infinite for what is no polynomial."""
    if tree.kind == "name":
        return 1.0 if tree.text in names else 0.0
    inner = [_degree(child, names) for child in tree.children]
    if not any(inner):
        return 0.0
    if tree.kind in {"sum", "negative"}:
        return max(inner)
    if tree.kind == "product":
        divided = [part for sign, part in zip(tree.operators, inner[1:], strict=True)
                   if sign.text == "/"]  # fmt: skip
        return math.inf if any(divided) else sum(inner)
    return math.inf
