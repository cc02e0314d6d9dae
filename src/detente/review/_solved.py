"""What only shows once the model is solved at its stated values.

Cost: the worlds of the claims once, the slopes of their answers, and a solution or two for each
parameter that has none: the search ends at the first answer that moves. Cases with more than
`MOST_STATES` states are spared.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from functools import cache

import numpy as np

from detente.case import (
    Arm,
    AverageQuestion,
    EquilibriumQuestion,
    ExpectedQuestion,
    GainQuestion,
    Parameter,
    Question,
    TableQuestion,
)
from detente.claims import answer_claim, claim_slopes, claims_model
from detente.engine import FAILURES, Progress, reason_of
from detente.expression import compile_query
from detente.forecast import expected_paths
from detente.review._facts import CaseFacts, end_of, formulas_of, levels_in, number
from detente.review._unread import unread_parameters
from detente.review._warning import CaseWarning
from detente.text import precise, show

MOST_STATES = 50_000
"""Feasible states up to which a review solves the model."""
_RARE = 0.05
"""What "almost no chance" reaches up to."""
_NEVER = 0.001
_SAME = 1e-9
_SLOPE = 1e-6
"""Share of an answer that slopes must move it by over a range, for them not to be rounding."""


def solved_case(
    facts: CaseFacts, progress: Progress | None = None, moving: Collection[str] = ()
) -> Iterator[CaseWarning]:
    """Warn about what the solution at the stated values shows.

    Parameters in ``moving`` are known to move an answer.
    """
    try:
        residual = facts.model.equilibrium.residual
    except FAILURES as error:
        message = f"at the stated values the model cannot be solved: {reason_of(error)}"
        yield facts.warn("no-solution", "case", (), message)
        return
    assert residual >= 0
    yield from _missing_answers(facts)
    yield from _rare_scopes(facts)
    yield from _unused_levels(facts)
    yield from _idle_parameters(facts, progress, moving)


def stated_answers(
    facts: CaseFacts, parameters: dict[str, float], variant: tuple[str, ...] = ()
) -> Iterator[tuple[str, float, str]]:
    """Yield the id of each asked claim, its answer, and why it has none; cheap ones first."""
    model = claims_model(facts.case, parameters, variant) if parameters or variant else facts.model
    for _, claim, _ in sorted(facts.asked, key=lambda asked: _effort(asked[2])):
        try:
            yield claim.id, answer_claim(claim, model).value, ""
        except FAILURES as error:
            yield claim.id, math.nan, reason_of(error)


def _effort(question: Question) -> int:
    """Return how much work an answer takes, beside others: nothing solved, an end, a whole pass."""
    if isinstance(question, GainQuestion):
        return 0 if question.by == "utility" else 1
    if isinstance(question, TableQuestion):
        return 0
    return {EquilibriumQuestion: 0, ExpectedQuestion: 1, AverageQuestion: 3}.get(type(question), 2)


def _missing_answers(facts: CaseFacts) -> Iterator[CaseWarning]:
    reasons = {name: reason for name, _, reason in stated_answers(facts, {}) if reason}
    for index, claim, _ in facts.asked:
        if claim.id in reasons:
            message = f"at the stated values {claim.id} has no answer: {reasons[claim.id]}"
            yield facts.warn("no-answer", f"claim {claim.id}", ("claims", index, "ask"), message)


def _rare_scopes(facts: CaseFacts) -> Iterator[CaseWarning]:
    for index, claim, question in facts.asked:
        if claim.scope is None or not math.isfinite(end_of(question)):
            continue
        lasting = compile_query(
            f"G[0, {end_of(question)!r}] ({claim.scope.text})", facts.case.namespace
        )
        for key, arm in facts.arms(claim, question):
            try:
                chance = facts.world(arm).probability(lasting, None, arm.given)
            except FAILURES:
                continue
            if 0 < chance < _RARE:
                which = "" if key == "ask" else " in the second arm"
                years = precise(end_of(question))
                message = (
                    f"the scope {claim.scope.text} holds throughout {years} years{which} with a "
                    f"probability of {show(chance, 'tenths')}: the answer rests on what almost "
                    "never happens"
                )
                path = ("claims", index, "while")
                yield facts.warn("scope-rare", f"claim {claim.id}", path, message)
                break


def _unused_levels(facts: CaseFacts) -> Iterator[CaseWarning]:
    conflict, years = facts.conflict, facts.years
    today = facts.reach(Arm())
    shares = expected_paths(facts.model.equilibrium, years).shares
    asked = " ".join(f.text for _, _, question in facts.asked for f in formulas_of(question))
    for k, axis in enumerate(conflict.space.axes[: conflict.space.conditions.start]):
        there = levels_in(today, k)
        for level, name in enumerate(axis.levels):
            most = float(shares[axis.name][:, level].max())
            if most >= _NEVER or not there[level] or re.search(rf"\b{name}\b", asked):
                continue
            if (k, level) in facts.named_levels:
                continue
            message = (
                f"{axis.name} is at {name} with a probability below {100 * _NEVER:g} % at any time "
                f"in {number(years)} years"
            )
            path = ("actors", str(axis.owner), "options", axis.option, "levels", level)
            yield facts.warn("level-unused", f"level {axis.name}.{name}", path, message)


def _idle_parameters(
    facts: CaseFacts, progress: Progress | None, known: Collection[str]
) -> Iterator[CaseWarning]:
    if not facts.asked:
        return
    unread = {warning.subject for warning in unread_parameters(facts)}
    moving = [
        parameter
        for name, parameter in facts.case.parameters.items()
        if parameter.distribution != "fixed"
        and name not in known
        and f"parameter {name}" not in unread
    ]
    moving = _without_slope(facts, moving)
    variants = tuple(
        (f"{variant.name}.{level.name}",)
        for variant in facts.case.variants
        for level in variant.levels
        if not level.plain
    )

    @cache
    def stated(variant: tuple[str, ...]) -> dict[str, float]:
        return {name: value for name, value, _ in stated_answers(facts, {}, variant)}

    def moves(parameter: Parameter, variant: tuple[str, ...]) -> bool:
        ends = sorted((parameter.low, parameter.high), key=lambda end: -abs(end - parameter.value))
        for end in ends:
            try:
                found = stated_answers(facts, {parameter.name: end}, variant)
                before = stated(variant)
                if not all(_same(value, before[name]) for name, value, _ in found):
                    return True
            except FAILURES:
                return True
        return False

    for done, parameter in enumerate(moving):
        if progress is not None:
            progress(done, len(moving), 0)
        if not any(moves(parameter, variant) for variant in ((), *variants)):
            message = (
                f"no answer changes when {parameter.name} moves from {precise(parameter.low)} to "
                f"{precise(parameter.high)}, the rest as stated"
            )
            path = ("parameters", parameter.name)
            yield facts.warn("parameter-idle", f"parameter {parameter.name}", path, message)


def _without_slope(facts: CaseFacts, parameters: list[Parameter]) -> list[Parameter]:
    """Return the parameters by which no answer is seen to move at the stated values."""
    try:
        found = claim_slopes(facts.case, None, [one.name for one in parameters], model=facts.model)
    except FAILURES:
        return parameters
    widths = np.array([one.high - one.low for one in parameters])
    moves = np.abs(found.slope * widths) > _SLOPE * np.maximum(np.abs(found.value), 1.0)[:, None]
    return [one for one, some in zip(parameters, moves.any(axis=0), strict=True) if not some]


def _same(one: float, other: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME)
