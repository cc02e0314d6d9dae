"""The question a claim puts to the model: its measure, what it is about, from where it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames
from detente.case._checks.record import read_levels
from detente.case._checks.states import States, is_feasible
from detente.case._model import Arm, Ask, Measure
from detente.case._schema import ArmFile, AskFile
from detente.expression import ExpressionError, Formula, compile_formula
from detente.text import quote, suggestion

MEASURES: tuple[Measure, ...] = get_args(Measure)

_TAKES: Mapping[Measure, frozenset[str]] = {
    "probability": frozenset(),
    "expected": frozenset({"at"}),
    "average": frozenset({"over"}),
    "gain": frozenset({"levels", "from", "by"}),
    "equilibrium": frozenset({"concept"}),
    "possible": frozenset(),
}
_NEEDS: Mapping[Measure, str] = {"expected": "at", "average": "over", "gain": "levels"}


@dataclass(frozen=True, slots=True)
class Ground:
    """What questions rest on; ``states`` and ``status_quo`` are None when they are not sound."""

    names: KnownNames
    actors: tuple[str, ...]
    states: States | None
    status_quo: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question, with whether its answer lies between 0 and 1 and has even odds at a half."""

    ask: Ask
    unit: bool
    even: float | None


def read_question(
    path: Path, body: AskFile, ground: Ground, findings: Problems
) -> ReadQuestion | None:
    """Check a question and build it; None when its measure is not sound."""
    measures = [measure for measure in MEASURES if getattr(body, measure) is not None]
    if not measures and findings.maimed(path):
        return None
    if len(measures) != 1:
        found = " and ".join(measures) or "none"
        findings.add(
            path, f"ask needs one measure, not {found}", f"give one of {_listed()}", key=True
        )
        return None
    measure = measures[0]
    _check_keys(path, body, measure, findings)
    text = str(getattr(body, measure))
    arm = read_arm(path, body, ground, findings)
    if body.start is not None:
        if body.given is not None:
            findings.add((*path, "from"), "from and given say the same", "keep one", key=True)
        arm = replace(arm, given=_read_start((*path, "from"), body.start, ground, findings))
    ask = Ask(measure, arm)
    namespace = ground.names.namespace
    where = (*path, measure)
    if measure == "probability":
        query = findings.query(where, text, namespace)
        return ReadQuestion(replace(ask, query=query), unit=True, even=0.5) if query else None
    if measure == "gain":
        if text not in ground.actors and text not in findings.ghosts:
            message = f"there is no actor {quote(text)}"
            findings.add(where, message, suggestion(text, ground.actors, "actor"))
        levels = read_levels(body.levels or {}, ground.names, (*path, "levels"), findings)
        by = body.by or "utility"
        return ReadQuestion(replace(ask, actor=text, levels=levels, by=by), unit=False, even=None)
    if measure in {"equilibrium", "possible"}:
        formula = findings.formula(where, text, namespace, "truth")
        concept = body.concept or "seq"
        made = replace(ask, formula=formula, concept=concept)
        return ReadQuestion(made, unit=True, even=None) if formula else None
    formula = _number_or_truth(where, text, ground, findings)
    horizon = (body.at if measure == "expected" else body.over) or 0.0
    truth = formula is not None and formula.kind == "truth"
    made = replace(ask, formula=formula, horizon=horizon)
    return ReadQuestion(made, unit=truth, even=0.5 if truth else None) if formula else None


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


def _check_keys(path: Path, body: AskFile, measure: Measure, findings: Problems) -> None:
    for key in ("at", "over", "levels", "from", "by", "concept"):
        value = getattr(body, "start" if key == "from" else key)
        if value is not None and key not in _TAKES[measure]:
            findings.add((*path, key), f"{measure} takes no {key}", "delete it", key=True)
    needed = _NEEDS.get(measure)
    value = getattr(body, needed) if needed else None
    if needed and value is None and not findings.maimed(path):
        findings.add((*path, measure), f"{measure} needs {needed}", f"add `{needed}: …`", key=True)
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


def _listed() -> str:
    return ", ".join(MEASURES)
