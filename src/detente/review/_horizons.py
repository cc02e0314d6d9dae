"""Times and scopes of claims: years against a calendar, against months, against the clock."""

from __future__ import annotations

import math
from collections.abc import Iterator

from detente.case import AverageQuestion, ExpectedQuestion, ProbabilityQuestion, Question
from detente.review._facts import CaseFacts, end_of, measure_path
from detente.review._warning import CaseWarning
from detente.study import horizon
from detente.text import precise

_CALENDAR = range(1900, 2201)
_SLACK = 1.02
"""Clocks are counted in days, horizons in round years."""
_LONG = 24
"""Without a clock, round numbers of months from here on."""


def times(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about calendar years, months, and ends beyond the clock."""
    for index, claim, question in facts.asked:
        key, years = _times(question)
        subject, path = f"claim {claim.id}", measure_path(index, question, key)
        for time in years:
            found = _doubt(facts, time)
            if found:
                kind, message, remedy = found
                yield facts.warn(kind, subject, path, f"{claim.id} {message}", remedy)
                break


def scopes_at_the_start(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about scopes that do not hold at the start, or hold whatever happens."""
    for index, claim, question in facts.asked:
        if claim.scope is None:
            continue
        for key, arm in facts.arms(claim, question):
            holds, start = facts.holds(claim.scope, arm), facts.start(arm)
            which = "" if key == "ask" else " of the second arm"
            path = ("claims", index, "while")
            if start.any() and not holds[start].any():
                message = (
                    f"the scope {claim.scope.text} does not hold at the start{which}: its "
                    "probability is 0, and the claim has no answer"
                )
                yield facts.warn("scope-never", f"claim {claim.id}", path, message)
                break
            reach = facts.reach(arm)
            if start.any() and holds[reach].all():
                message = f"the scope {claim.scope.text} always holds, so it changes nothing"
                yield facts.warn("scope-always", f"claim {claim.id}", path, message)
                break


def _times(question: Question) -> tuple[str, list[float]]:
    """Return the key that holds a question's times, and the times."""
    if isinstance(question, ProbabilityQuestion):
        ends = [question.query.low, question.query.high] if question.query.operator else []
        return "", [end for end in ends if math.isfinite(end)]
    key = ""
    if isinstance(question, ExpectedQuestion | AverageQuestion):
        key = "at" if isinstance(question, ExpectedQuestion) else "over"
    return key, [end_of(question)] if key else []


def _doubt(facts: CaseFacts, years: float) -> tuple[str, str, str] | None:
    case = facts.case
    told = precise(years)
    if years in _CALENDAR:
        remedy = ""
        if case.start and years > case.start.year:
            to = precise(years - case.start.year)
            remedy = f"write years from the start, such as {to} to its beginning"
        return "year-number", f"looks {told} years ahead, as if the year {told} were meant", remedy
    clock = horizon(case) * _SLACK if case.start and case.end else math.inf
    round_months = years >= 12 and years % 6 == 0
    if clock < years and round_months and years / 12 <= clock:
        message = f"asks about {told} years, beyond the end of the clock, as if in months"
        return "months", message, f"write {precise(years / 12)} for {told} months"
    if clock < years:
        end = precise(round(clock / _SLACK, 2))
        return "beyond-clock", f"asks about {told} years, and the clock ends after {end}", ""
    if clock == math.inf and years >= _LONG and years % 12 == 0:
        remedy = f"write {precise(years / 12)} for {told} months, or give the case a clock"
        return "months", f"asks about {told} years, as if in months", remedy
    return None
