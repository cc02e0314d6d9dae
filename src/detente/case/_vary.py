"""The case in which a variant has a given level: an ordinary case, ready for every analysis.

What is held becomes a rule that rules all else out, and the new status quo; parameters get their
other range, with the stated value moved into it; weights replace or join those stated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from detente.case._model import Actor, Infeasible, Parameter, Weights
from detente.case._variants import VariantLevel
from detente.errors import InputError
from detente.expression import Formula, compile_formula
from detente.text import suggestion

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
    known = {f"{v.name}.{level.name}": level for v in case.variants for level in v.levels}
    seen: set[str] = set()
    for name in names:
        if name not in known:
            hint = suggestion(str(name), known, "variant")
            raise InputError(f"{case.name} has no variant {name!r}; {hint}")
        variant = name.rpartition(".")[0]
        if variant in seen:
            raise InputError(f"variant {variant} is named twice; name one of its levels")
        seen.add(variant)
        case = _at(case, known[name])
    # A variant whose level is chosen is no longer a choice that draws could make again.
    settled = tuple(replace(v, drawn=v.drawn and v.name not in seen) for v in case.variants)
    called = f"{case.name} ({', '.join(names)})" if names else case.name
    return replace(case, name=called, variants=settled)


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
            if name in level.set
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
