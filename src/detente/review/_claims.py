"""Claims whose answer is settled before the model is solved, and what an arm sets.

A claim gets the first of these that fits: it asks about what it holds, about what cannot be, about
what the start settles, about what is always so. Cost: the states that each arm can lead to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from detente.case import (
    Arm,
    Claim,
    EquilibriumQuestion,
    GainQuestion,
    OutcomeQuestion,
    ProbabilityQuestion,
    Question,
    ReachabilityQuestion,
    TableQuestion,
)
from detente.expression import Formula
from detente.model import World
from detente.review._facts import CaseFacts, arms_of, formulas_of, measure_path, number
from detente.review._warning import CaseWarning
from detente.text import listed, precise

_ROUNDING = 1e-9
Found = tuple[str, str] | None
"""A kind and a message."""


def settled_claims(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about claims whose answer does not depend on what anyone does."""
    for index, claim, question in facts.asked:
        for key, arm in facts.arms(claim, question):
            found = _settled(facts, replace(question, arm=arm), arm)
            if found:
                kind, message = found
                which = f"{claim.id}: " + ("" if key == "ask" else "in the second arm ")
                place = measure_path(index, question) if key == "ask" else ("claims", index, key)
                yield facts.warn(kind, f"claim {claim.id}", place, which + message)
                break


def same_arms(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about differences between an arm and itself."""
    for index, claim, question in facts.asked:
        if claim.versus is None or World.of(question.arm) != World.of(claim.versus):
            continue
        one, other = facts.start(question.arm), facts.start(claim.versus)
        if one.any() and np.array_equal(one, other):
            message = f"both arms of {claim.id} are alike: the answer is 0 in every draw"
            yield facts.warn("same-arms", f"claim {claim.id}", ("claims", index, "versus"), message)


def values_outside(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about arms that set a parameter outside of its range."""
    for index, claim, question in facts.asked:
        for key, arm in arms_of(claim, question):
            for name, value in (arm.set or {}).items():
                parameter = facts.case.parameters[name]
                low, high = parameter.low, parameter.high
                if parameter.distribution != "fixed" and not low <= value <= high:
                    message = (
                        f"{claim.id} sets {name} to {precise(value)}, outside of its range "
                        f"{precise(low)} to {precise(high)}"
                    )
                    path = ("claims", index, key, "set", name)
                    yield facts.warn("set-outside", f"claim {claim.id}", path, message)


def intervals_that_cannot_fail(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about intervals that hold every answer that the question can have."""
    for index, claim, question in facts.asked:
        if claim.expect is None:
            continue
        low, high = _possible(facts, claim, question)
        expect, slack = claim.expect, _ROUNDING if question.kind == "share" else 0.0
        if expect.low <= low + slack and expect.high >= high - slack and low < high:
            whole = expect.low <= low and expect.high >= high
            end = "it cannot fail" if whole else "only an answer at the very end could fail it"
            message = (
                f"{claim.id} expects {expect.text}, and every answer lies between {number(low)} "
                f"and {number(high)}: {end}"
            )
            path = ("claims", index, "expect")
            yield facts.warn("cannot-fail", f"claim {claim.id}", path, message)


def _possible(facts: CaseFacts, claim: Claim, question: Question) -> tuple[float, float]:
    """Return between what every answer lies, whatever the parameters."""
    low, high = -np.inf, np.inf
    if question.kind in {"share", "truth"}:
        low, high = 0.0, 1.0
    elif isinstance(question, OutcomeQuestion):
        table = facts.case.bargaining
        low, high = (table and table.scale(question.issue)) or (low, high)
    elif not isinstance(question, GainQuestion | ProbabilityQuestion | TableQuestion):
        (formula,) = formulas_of(question)
        if facts.variables(formula) and not facts.reads(formula) & facts.case.parameters.keys():
            values = facts.value(formula, Arm())[facts.conflict.feasible]
            low, high = float(values.min()), float(values.max())
    return (low - high, high - low) if claim.versus is not None else (low, high)


def _settled(facts: CaseFacts, question: Question, arm: Arm) -> Found:
    if isinstance(question, TableQuestion):
        return None
    formulas = formulas_of(question)
    held = facts.variables(*formulas)
    if held and held <= (arm.do or {}).keys():
        words = listed(sorted(held))
        return "about-held", f"it asks about {words}, which it holds: the answer is fixed"
    match question:
        case GainQuestion(levels=levels):
            return _gain(facts, levels, arm)
        case ProbabilityQuestion(query):
            if not held:
                return None
            if query.operator == "G":
                return _throughout(facts, query.right, query.low, arm)
            return _within(facts, query.right, query.low, arm, query.left)
        case EquilibriumQuestion(formula):
            return _somewhere(facts, formula, arm)
        case ReachabilityQuestion(formula):
            if (facts.start(arm) & facts.holds(formula, arm)).any():
                return "decided-at-start", f"{formula.text} holds at the start already"
            return _somewhere(facts, formula, arm)
    formula = question.formula
    if not held:
        return None
    if question.years == 0:
        return "decided-at-start", "it asks about the start itself, at: 0"
    if formula.kind == "truth":
        return _within(facts, formula, 1.0, arm, None)
    values = facts.value(formula, arm)[facts.reach(arm)]
    if values.size and np.ptp(values) < 1e-12:
        where = "in every state that the start can lead to"
        return "always", f"{formula.text} is {number(float(values[0]))} {where}"
    return None


def _gain(facts: CaseFacts, levels: object, arm: Arm) -> Found:
    conflict = facts.world(arm).conflict
    assert isinstance(levels, dict)
    there = facts.start(arm)
    for name, level in levels.items():
        there = there & (conflict.space.levels[name] == level)
    if facts.start(arm).any() and np.array_equal(there, facts.start(arm)):
        return "decided-at-start", "the levels compared are those of the start: the gain is 0"
    return None


def _within(facts: CaseFacts, goal: Formula, low: float, arm: Arm, until: Formula | None) -> Found:
    """Look at whether the goal of F or U, or an expected truth, can come and has to come."""
    there, start, reach = facts.holds(goal, arm), facts.start(arm), facts.reach(arm)
    if found := _nowhere(goal, there, reach):
        return found
    if low == 0 and start.any():
        if there[start].all():
            return "decided-at-start", f"{goal.text} holds at the start already"
        if until is not None and not (there | facts.holds(until, arm))[start].any():
            return "decided-at-start", f"{until.text} does not hold at the start"
    return _everywhere(goal, there, reach) if until is None else None


def _throughout(facts: CaseFacts, state: Formula, low: float, arm: Arm) -> Found:
    """Look at whether what G asks about can hold, and can fail."""
    there, start, reach = facts.holds(state, arm), facts.start(arm), facts.reach(arm)
    if found := _nowhere(state, there, reach):
        return found
    if low == 0 and start.any() and not there[start].any():
        return "decided-at-start", f"{state.text} does not hold at the start"
    return _everywhere(state, there, reach)


def _somewhere(facts: CaseFacts, formula: Formula, arm: Arm) -> Found:
    there, feasible = facts.holds(formula, arm), facts.world(arm).conflict.feasible
    if not there.any():
        return "impossible", f"{formula.text} holds in no state that can be"
    if np.array_equal(there, feasible) and facts.variables(formula):
        return "always", f"{formula.text} holds in every state that can be"
    return None


def _nowhere(formula: Formula, there: np.ndarray, reach: np.ndarray) -> Found:
    if not there.any():
        return "impossible", f"{formula.text} holds in no state that can be"
    if reach.any() and not there[reach].any():
        return "impossible", f"{formula.text} holds in no state that the start can lead to"
    return None


def _everywhere(formula: Formula, there: np.ndarray, reach: np.ndarray) -> Found:
    if reach.any() and there[reach].all():
        return "always", f"{formula.text} holds in every state that the start can lead to"
    return None
