"""Claims: where each stands, the question it puts to the model and what it expects."""

from __future__ import annotations

import math
import re

from detente.case._bargaining import Bargaining
from detente.case._checks.findings import Path, Problems
from detente.case._checks.parameters import check_source_id
from detente.case._checks.questions import Ground, read_arm, read_question
from detente.case._checks.table_questions import check_table_arm
from detente.case._expectation import ExpectedAnswer, ExpectedTruth, OneSidedBound, StatedInterval
from detente.case._fields import COMPARISON
from detente.case._model import Anchor, Claim, Resolved
from detente.case._question import (
    OutcomeQuestion,
    ProbabilityQuestion,
    Question,
    TableQuestion,
)
from detente.case._schema import CaseFile, ClaimFile
from detente.case._words import EstimativeWords, UnknownWords, look_up

_NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")


def read_claims(file: CaseFile, ground: Ground, findings: Problems) -> tuple[Claim, ...]:
    """Check the claims of a file and build them."""
    seen: dict[str, int] = {}
    made = []
    for index, body in enumerate(file.claims):
        path: Path = ("claims", index)
        if body.id in seen:
            message = f"{body.id} is the id of another claim (line {seen[body.id]})"
            findings.add((*path, "id"), message, "choose another id")
        seen.setdefault(body.id, findings.line((*path, "id")))
        made.append(_claim(path, body, file, ground, findings))
    return tuple(made)


def _claim(
    path: Path, body: ClaimFile, file: CaseFile, ground: Ground, findings: Problems
) -> Claim:
    whole = not findings.maimed(path)
    if (body.ask is None) == (body.unasked is None) and (whole or body.ask):
        which = "both ask and unasked" if body.ask else "neither ask nor unasked"
        findings.add(path, f"{body.id} has {which}", "give exactly one of the two", key=True)
    question = versus = scope = expect = None
    if body.ask is not None:
        question = read_question((*path, "ask"), body.ask, ground, findings)
    if body.versus is not None:
        versus = read_arm((*path, "versus"), body.versus, ground, findings)
        if isinstance(question, TableQuestion):
            check_table_arm((*path, "versus"), body.versus, question.measure, findings)
    if body.scope is not None:
        scope = findings.formula((*path, "while"), body.scope, ground.names.namespace, "truth")
        if question and not question.in_time:
            message = f"{question.measure} takes no while"
            asked = isinstance(question, TableQuestion)
            remedy = "take it out: the table knows no time" if asked else "put it into the formula"
            findings.add((*path, "while"), message, remedy, key=True)
        query = question.query if isinstance(question, ProbabilityQuestion) else None
        if query and query.operator and math.isinf(query.high):
            message = "a question with a while needs an end"
            remedy = f"write {query.operator}[0, years]"
            findings.add((*path, "ask", "probability"), message, remedy)
    if body.ask is None and whole:
        for key in ("versus", "while", "expect"):
            if getattr(body, "scope" if key == "while" else key) is not None:
                findings.add((*path, key), f"{key} needs a question", "add `ask: …`", key=True)
    elif body.expect is not None and question is not None and whole:
        expect = _expect((*path, "expect"), body, question, ground.bargaining, findings)
    return Claim(
        body.id,
        body.says,
        _anchor((*path, "where"), body, file, findings),
        body.words,
        body.scale,
        question,
        body.unasked or "",
        expect,
        versus,
        scope,
        _resolved(body),
        body.note,
    )


def _anchor(path: Path, body: ClaimFile, file: CaseFile, findings: Problems) -> Anchor | None:
    if body.where is None:
        return None
    check_source_id(body.where.source, (*path, "source"), file.sources, findings)
    return Anchor(body.where.source, body.where.paragraph, body.where.sentence, body.where.hash)


def _resolved(body: ClaimFile) -> Resolved | None:
    told = body.resolved
    return Resolved(told.outcome, told.by, tuple(told.evidence), told.note) if told else None


def _expect(
    path: Path, body: ClaimFile, question: Question, table: Bargaining | None, findings: Problems
) -> ExpectedAnswer | None:
    even = 0.5 if question.kind == "share" and not body.versus else None
    bounded = question.kind in {"share", "truth"}
    least, most = (0.0, 1.0) if bounded else (-math.inf, math.inf)
    if isinstance(question, OutcomeQuestion) and table is not None:
        least, most = table.scale(question.issue) or (least, most)
    if body.versus:
        least, most = least - most, most - least
    if isinstance(body.expect, list):
        low, high = body.expect
        if low > high:
            findings.add(path, f"the interval [{low:g}, {high:g}] is empty", "swap the two")
        elif low < least or high > most:
            _outside(path, f"[{low:g}, {high:g}]", least, most, findings)
        return StatedInterval(low, high, even)
    if body.expect == "words":
        return _from_words(path, body, question, findings)
    if body.expect in {"true", "false"}:
        if not bounded or body.versus:
            message = f"{body.expect} does not answer a question for a number"
            findings.add(path, message, "write an interval or a bound")
        return ExpectedTruth(body.expect == "true", even)
    return _bound(path, body.expect or "", least, most, even, findings)


def _from_words(
    path: Path, body: ClaimFile, question: Question, findings: Problems
) -> EstimativeWords | None:
    if question.kind != "share" or body.versus:
        what = "a difference" if body.versus else f"the measure {question.measure}"
        message = f"words give an interval of a probability, which {what} is not"
        findings.add(path, message, "write an interval or a bound such as > 0")
        return None
    if not body.words.strip():
        findings.add(path, f"{body.id} has no words to read an interval from", "add `words: …`")
        return None
    try:
        return look_up(body.words, body.scale)
    except UnknownWords as error:
        findings.add((*path[:-1], "words"), error.message, error.remedy)
        return None


def _bound(
    path: Path, text: str, least: float, most: float, even: float | None, findings: Problems
) -> OneSidedBound | None:
    """Read a bound such as ``< 0.2``."""
    match = re.fullmatch(COMPARISON, text)
    if match is None:
        return None
    sign, bound = match[1], float(match[2])
    if not math.isfinite(bound) or not least <= bound <= most:
        _outside(path, text, least, most, findings)
        return None
    read = OneSidedBound(sign, bound, least, most, even)
    if read.low > read.high or read.high < least or read.low > most:
        findings.add(path, f"nothing is {text} here", "write a bound that an answer can meet")
    return read


def _outside(path: Path, text: str, least: float, most: float, findings: Problems) -> None:
    bounds = f"{least:g} to {most:g}"
    message = f"{text} reaches beyond what an answer can be ({bounds})"
    sizes = [abs(float(number)) for number in re.findall(_NUMBER, text)]
    per_cent = sizes and max(sizes) >= 2 and all(s == 0 or 1 <= s <= 100 for s in sizes)
    if most == 1.0 and per_cent:
        meant = re.sub(_NUMBER, lambda number: f"{float(number[0]) / 100:g}", text)
        findings.add(path, message, f"write {meant} if this is per cent, else narrow it")
    else:
        findings.add(path, message, "narrow it")
