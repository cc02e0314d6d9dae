"""The question a claim puts to the model: its measure, what it is about, from where it starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from detente.case._bargaining import Bargaining
from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames
from detente.case._checks.record import read_levels
from detente.case._checks.states import States, is_feasible
from detente.case._checks.table_questions import (
    BY_EXCHANGE,
    OF_THE_TABLE,
    check_table_arm,
    table_question,
)
from detente.case._question import (
    Arm,
    AverageQuestion,
    EquilibriumQuestion,
    ExpectedQuestion,
    GainQuestion,
    ProbabilityQuestion,
    Question,
    ReachabilityQuestion,
)
from detente.case._schema import ArmFile, AskFile
from detente.expression import ExpressionError, Formula, compile_formula
from detente.text import quote, suggestion

MEASURES = tuple(dict.fromkeys(kind.measure for kind in get_args(Question)))

_KEYS = {
    "at": ("expected",),
    "over": ("average",),
    "levels": ("gain",),
    "from": ("gain",),
    "by": ("gain", BY_EXCHANGE),
    "concept": ("equilibrium",),
    "model": ("outcome",),
    "issues": ("exchange", BY_EXCHANGE),
}
"""Keys that few measures alone take."""
_NEEDS = {"expected": "at", "average": "over", "gain": "levels"}


@dataclass(frozen=True, slots=True)
class Ground:
    """What questions rest on; ``states`` and ``status_quo`` are None when they are not sound.

    So is ``bargaining`` where the case has no such part.
    """

    names: KnownNames
    actors: tuple[str, ...]
    states: States | None
    status_quo: dict[str, int] | None
    bargaining: Bargaining | None = None


def read_question(path: Path, body: AskFile, ground: Ground, findings: Problems) -> Question | None:
    """Check a question and build it; None when its measure is not sound."""
    measures = [measure for measure in MEASURES if getattr(body, measure) is not None]
    if not measures and findings.maimed(path):
        return None
    if len(measures) != 1:
        found = " and ".join(measures) or "none"
        findings.add(
            path,
            f"ask needs one measure, not {found}",
            f"give one of {', '.join(MEASURES)}",
            key=True,
        )
        return None
    measure = measures[0]
    if measure == "gain" and body.by == "exchange":
        measure = BY_EXCHANGE
    _check_keys(path, body, measure, ground, findings)
    arm = read_arm(path, body, ground, findings)
    if measure in OF_THE_TABLE:
        check_table_arm(path, body, measure, findings)
        return table_question(path, body, measure, arm, ground.bargaining, findings)
    if body.start is not None:
        if body.given is not None:
            findings.add((*path, "from"), "from and given say the same", "keep one", key=True)
        arm = replace(arm, given=_read_start((*path, "from"), body.start, ground, findings))
    text, where, namespace = getattr(body, measure), (*path, measure), ground.names.namespace
    match measure:
        case "probability":
            query = findings.query(where, text, namespace)
            if query and not query.operator:
                message = "this asks about the start only: a query about time needs F, G or U"
                remedy = f"write F[0, 5] {text}, with your years, or `expected: {text}, at: 5`"
                findings.add(where, message, remedy)
            return ProbabilityQuestion(query, arm) if query else None
        case "expected":
            formula = _number_or_truth(where, text, ground, findings)
            return ExpectedQuestion(formula, body.at or 0.0, arm) if formula else None
        case "average":
            formula = _number_or_truth(where, text, ground, findings)
            return AverageQuestion(formula, body.over or 0.0, arm) if formula else None
        case "gain":
            lacks = body.levels is None and ground.bargaining is not None
            if text not in ground.actors and text not in findings.ghosts and not lacks:
                message = f"there is no actor {quote(text)}"
                findings.add(where, message, suggestion(text, ground.actors, "actor"))
            levels = read_levels(body.levels or {}, ground.names, (*path, "levels"), findings)
            by: Literal["utility", "value"] = "value" if body.by == "value" else "utility"
            return GainQuestion(text, levels, by, arm)
        case "equilibrium":
            formula = findings.formula(where, text, namespace, "truth")
            return EquilibriumQuestion(formula, body.concept or "seq", arm) if formula else None
        case "possible":
            formula = findings.formula(where, text, namespace, "truth")
            return ReachabilityQuestion(formula, arm) if formula else None
    raise AssertionError(f"nothing reads the measure {measure}")


def read_arm(path: Path, body: ArmFile, ground: Ground, findings: Problems) -> Arm:
    """Check from where and under which intervention a question is asked, and build that."""
    given = _read_start((*path, "given"), body.given, ground, findings)
    do = None
    if body.do is not None:
        do = read_levels(body.do, ground.names, (*path, "do"), findings)
        for name in do:
            if ground.names.owner[name] is None:
                findings.add(
                    (*path, "do", name),
                    f"{name} is a condition, which nobody can hold",
                    "start from it with `given`",
                    key=True,
                )
    parameters = ground.names.namespace.only_parameters().numbers
    for name in body.set or {}:
        if name not in parameters and name not in findings.ghosts:
            message = f"there is no parameter {quote(name)}"
            remedy = suggestion(name, parameters, "parameter")
            findings.add((*path, "set", name), message, remedy, key=True)
    return Arm(given, do, body.set, body.announced)


def _read_start(
    path: Path, given: str | dict[str, str] | None, ground: Ground, findings: Problems
) -> Formula | dict[str, int] | None:
    if given is None:
        return None
    states = ground.states
    if isinstance(given, str):
        formula = findings.formula(path, given, ground.names.namespace, "truth")
        if formula and states and states.first(formula.evaluate(states.values)) is None:
            findings.add(path, "no feasible state fits this start", "loosen the formula")
        return formula
    before = len(findings.problems)
    levels = read_levels(given, ground.names, path, findings)
    whole = ground.status_quo is not None and len(findings.problems) == before
    if states and whole and not is_feasible(states, {**(ground.status_quo or {}), **levels}):
        findings.add(path, "this start is infeasible", "change it or the rule", key=True)
    return levels


def _check_keys(
    path: Path, body: AskFile, measure: str, ground: Ground, findings: Problems
) -> None:
    for key, owners in _KEYS.items():
        value = getattr(body, "start" if key == "from" else key)
        if value is not None and measure not in owners:
            remedy = "delete it"
            if key == "issues" and measure == "gain":
                remedy = "delete it, or add `by: exchange`"
            findings.add((*path, key), f"{measure} takes no {key}", remedy, key=True)
    needed = _NEEDS.get(measure)
    value = getattr(body, needed) if needed else None
    if needed and value is None and not findings.maimed(path):
        remedy = f"add `{needed}: …`"
        if measure == "gain" and ground.bargaining is not None:
            remedy += ", or `by: exchange` for what exchanges bring a party to the table"
        findings.add((*path, measure), f"{measure} needs {needed}", remedy, key=True)
    elif isinstance(value, float) and (value < 0 or (needed == "over" and value == 0)):
        least = "above 0" if needed == "over" else "0 or more"
        findings.add((*path, str(needed)), f"{needed} must be {least} years", "raise it")


def _number_or_truth(path: Path, text: str, ground: Ground, findings: Problems) -> Formula | None:
    """Compile a formula as a truth where it is one, else as a number."""
    kind: Literal["number", "truth"] = "truth"
    try:
        return compile_formula(text, ground.names.namespace, kind)
    except ExpressionError:
        return findings.formula(path, text, ground.names.namespace)
