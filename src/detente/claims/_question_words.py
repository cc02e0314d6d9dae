"""What was asked of the model, in words around the formulas of the case."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.case import (
    Arm,
    AverageQuestion,
    BargainingModel,
    Claim,
    EquilibriumQuestion,
    ExchangeGainQuestion,
    ExchangeQuestion,
    ExpectedQuestion,
    GainQuestion,
    Labels,
    OutcomeQuestion,
    ProbabilityQuestion,
    Question,
    ReachabilityQuestion,
)
from detente.expression import Formula, Query
from detente.text import listed, plural, precise

_UNDER: Mapping[BargainingModel, str] = {
    "compromise": "as the compromise weighted by salience and capability",
    "mean": "as the plain mean of the positions",
    "median": "as the weighted median of the positions",
    "mode": "at the position with most weight behind it",
    "nash": "by Nash bargaining",
    "procedural": "by the vote on what the setter proposes",
    "exchange": "after the exchanges of positions",
    "challenge": "after challenges",
}
_DAYS = 365.25
"""Days of a year."""
Part = tuple[bool, str]
"""Whether it is a formula, and the text."""


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """A question as parts of words and formulas, in order."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        """Return it as one text."""
        words = [text if text[0] in ",;" else f" {text}" for _, text in self.parts]
        return "".join(words).strip()


def question_words(claim: Claim, names: Labels) -> QuestionWords:
    """Say what an asked claim asks of the model."""
    if claim.ask is None:
        return QuestionWords(())
    parts = [*_measure(claim.ask, names), *_arm(claim.ask.arm, names)]
    if claim.scope is not None:
        parts += [(False, "while"), (True, claim.scope.text)]
    if claim.versus is not None:
        other = _arm(claim.versus, names) or [(False, "as things stand")]
        parts += [(False, "; less the same"), *other]
    return QuestionWords(tuple(parts))


def _measure(question: Question, names: Labels) -> list[Part]:
    match question:
        case ProbabilityQuestion(query):
            return _query(query)
        case ExpectedQuestion(formula, years):
            after = f"after {_years(years)}"
            return [(False, "Expected value of"), _code(formula), (False, after)]
        case AverageQuestion(formula, years):
            return [(False, "Average of"), _code(formula), (False, f"over {_years(years)}")]
        case GainQuestion(actor, levels, by):
            what = "utility a year" if by == "utility" else "value of the game"
            gain = f"Gain of {names.actor(actor)}, in {what}, if"
            return [(False, gain), (True, _levels(levels, names))]
        case EquilibriumQuestion(formula, concept):
            return [(False, f"Is there a {concept} equilibrium with"), _code(formula)]
        case ReachabilityQuestion(formula):
            return [(False, "Can legal moves lead to"), _code(formula)]
        case OutcomeQuestion(issue, model):
            return [(False, f"Where {names.bargained(issue)} is settled, {_UNDER[model]}")]
        case ExchangeQuestion((one, other), issues):
            pair = f"{names.party(one)} and {names.party(other)}"
            traded = "" if not issues else f" on {_issues(issues, names)}"
            return [(False, f"Do {pair} exchange positions{traded}")]
        case ExchangeGainQuestion(party, issues):
            trades = "all exchanges"
            if issues:
                trades = f"exchanges of nothing but {_issues(issues, names)}"
            gain = f"Gain of {names.party(party)}, in hundredths of a scale, by {trades}"
            return [(False, gain)]


def _issues(issues: Sequence[str], names: Labels) -> str:
    return listed([names.bargained(issue) for issue in issues])


def _query(query: Query) -> list[Part]:
    right = _code(query.right)
    match query.operator:
        case "F":
            return [(False, f"Probability that, {_within(query)},"), right]
        case "G":
            return [(False, f"Probability that, {_throughout(query)},"), right]
        case "U":
            words = f"holds until, {_within(query)},"
            return [(False, "Probability that"), _code(query.left), (False, words), right]
        case _:
            return [(False, "Probability that now"), right]


def _within(query: Query) -> str:
    if math.isinf(query.high):
        return "at some time" if query.low == 0 else f"at some time after {_years(query.low)}"
    if query.low == 0:
        return f"within {_years(query.high)}"
    return f"between {_first(query)} and {_years(query.high)} from the start"


def _throughout(query: Query) -> str:
    if math.isinf(query.high):
        return "for ever" if query.low == 0 else f"for ever after {_years(query.low)}"
    if query.low == 0:
        return f"throughout {_years(query.high)}"
    return f"all the time from {_first(query)} to {_years(query.high)}"


def _first(query: Query) -> str:
    """Return the first end of a period, without its unit where the last has the same."""
    return precise(query.low) if query.low >= 1.0 else _years(query.low)


def _arm(arm: Arm, names: Labels) -> list[Part]:
    parts: list[Part] = []
    if isinstance(arm.given, Formula):
        parts += [(False, "starting from states with"), (True, arm.given.text)]
    elif arm.given:
        parts += [(False, "starting from today but with"), (True, _levels(arm.given, names))]
    held = []
    if arm.do:
        held.append(_levels(arm.do, names))
    if arm.set:
        held += [f"{name} = {precise(value)}" for name, value in arm.set.items()]
    if held:
        parts += [(False, "holding"), (True, ", ".join(held))]
        if not arm.announced:
            parts.append((False, ", unannounced"))
    return parts


def _levels(levels: Mapping[str, int], names: Labels) -> str:
    return ", ".join(f"{name} == {names.levels(name)[k]}" for name, k in levels.items())


def _code(formula: Formula | None) -> Part:
    return True, "" if formula is None else formula.text


def _years(years: float) -> str:
    """Return a time in years; less than one in months where it comes out even, else in days."""
    months = 12.0 * years
    if 1.0 <= months < 12.0 and abs(months - round(months)) < 1e-6:
        return plural(round(months), "month")
    if 1.0 <= _DAYS * years < _DAYS:
        return plural(round(_DAYS * years), "day")
    return f"{precise(years)} year{'' if years == 1 else 's'}"
