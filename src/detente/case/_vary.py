"""The case in which a variant has a given level, or parameters a given value.

Either is an ordinary case, ready for every analysis. What is held becomes a rule that rules all
else out, and the new status quo; parameters get their other range, with the stated value moved into
it; weights replace or join those stated. A parameter that is set is no longer drawn; what is set
wins over what a variant sets, in whichever order they come.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from detente.case._model import Actor, Infeasible, Parameter, Weights
from detente.case._variants import VariantLevel
from detente.errors import InputError
from detente.expression import Formula, compile_formula
from detente.text import listing, suggestion

if TYPE_CHECKING:
    from detente.case._case import Case


def apply_variants(case: Case, *names: str) -> Case:
    """Return the case with variants at given levels.

    Parameters
    ----------
    *names : str
        Each as ``variant.level``; at most one level of each variant.

    Returns
    -------
    Case
        Named after the case and the levels; a later one wins where two change the same.

    Raises
    ------
    InputError
        For a variant or level that the case does not have, or a variant named twice.
    """
    if not names:
        return case
    known = {f"{v.name}.{level.name}": level for v in case.variants for level in v.levels}
    seen: set[str] = set()
    for name in names:
        if name not in known:
            own = [label for label in known if label.rpartition(".")[0] == name]
            hint = (
                f"choose a level of it: {listing(own)}"
                if own
                else suggestion(str(name), known, "variant")
            )
            raise InputError(f"{case.name} has no variant {name!r}; {hint}")
        variant = name.rpartition(".")[0]
        if variant in seen:
            raise InputError(f"variant {variant} is named twice; name one of its levels")
        seen.add(variant)
        case = _at(case, known[name])
    # A variant whose level is chosen is no longer a choice that draws could make again.
    settled = tuple(replace(v, drawn=v.drawn and v.name not in seen) for v in case.variants)
    return _named(replace(case, variants=settled, chosen=(*case.chosen, *names)))


def set_parameters(case: Case, values: Mapping[str, float]) -> Case:
    """Return the case with parameters set: each has one value, in all draws.

    Parameters
    ----------
    case : Case
    values : mapping of str to float
        May lie outside of the stated ranges: this asks what would be, not what is likely.

    Returns
    -------
    Case
        Named after the case and the values.

    Raises
    ------
    InputError
        For a parameter that the case does not have, or a value that is no number.
    """
    numbers = {name: _checked(case, name, value) for name, value in values.items()}
    parameters = {
        name: _narrowed(p, (numbers[name], numbers[name])) if name in numbers else p
        for name, p in case.parameters.items()
    }
    settings = {**case.settings, **numbers}
    return _named(replace(case, parameters=parameters, settings=settings))


def _checked(case: Case, name: str, value: float) -> float:
    if name in case.namespace.variables:
        level = case.namespace.variables[name].levels[0]
        raise InputError(
            f"{name} is an option or condition, not a parameter; hold it at a level with do "
            f"(--do {name}={level})"
        )
    if name not in case.parameters:
        hint = suggestion(str(name), case.parameters, "parameter")
        raise InputError(f"{case.name} has no parameter {name!r}; {hint}")
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"parameter {name} is {value!r}; give a number")
    return number


def _named(case: Case) -> Case:
    stem = Path(case.path).stem
    return replace(case, name=f"{stem} ({', '.join(case.changes)})" if case.changes else case.name)


def _at(case: Case, level: VariantLevel) -> Case:
    namespace = case.namespace
    words = {name: namespace.variables[name].levels[index] for name, index in level.do.items()}
    rules = [
        Infeasible(compile_formula(f"{name} != {word}", namespace, "truth"), level.reason)
        for name, word in words.items()
    ]
    return replace(
        case,
        parameters={
            name: _narrowed(p, level.set[name], level.reason, level.source)
            if name in level.set and name not in case.settings
            else p
            for name, p in case.parameters.items()
        },
        actors=tuple(_weighing(actor, level) for actor in case.actors),
        infeasible=(*case.infeasible, *rules),
        status_quo={**case.status_quo, **level.do},
    )


def _narrowed(
    parameter: Parameter, ends: tuple[float, float], reason: str = "", source: str = ""
) -> Parameter:
    low, high = ends
    reason, source = parameter.reason or reason, parameter.source or source
    if low == high:
        return Parameter(
            parameter.name, low, "fixed", low, low, low, 0.0, (), parameter.unit, reason, source
        )
    kind = parameter.distribution
    return replace(
        parameter,
        value=min(max(parameter.value, low), high),
        distribution="uniform" if kind in {"fixed", "choices"} else kind,
        low=low,
        high=high,
        mode=min(max(parameter.mode, low), high),
        choices=(),
        reason=reason,
        source=source,
    )


def _weighing(actor: Actor, level: VariantLevel) -> Actor:
    new: dict[str, Formula] = {
        issue: formula for who, issue, formula in level.weights if who == actor.name
    }
    if not new or not isinstance(actor.preference, Weights):
        return actor
    return replace(
        actor, preference=Weights(tuple({**dict(actor.preference.items), **new}.items()))
    )
