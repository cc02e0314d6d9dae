"""The claim table, a row per claim: what the argument says, what the model says, what happened."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.analysis import Analysis, ClaimCitations
from detente.case import Claim, EstimativeWords, Labels
from detente.claims import (
    QuestionWords,
    Verdict,
    kind_of,
    question_words,
    show_beside,
    show_expected,
    starred,
)
from detente.drawing import mark, range_bar
from detente.text import THIN, Kind, day, plural, show, show_range

_SCALES = {
    "icd203": "ICD\u00a0203",
    "kent": "Kent",
    "phia": "PHIA",
    "nato": "NATO",
    "ipcc": "IPCC",
    "efsa": "EFSA",
}


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """How a claim turned out: in a word, and until when it was judged."""

    word: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What the model answers, printed: numbers, bar, verdict word and counts of draws."""

    kind: Kind
    bar: Markup
    median: str
    half: str
    most: str
    same: str
    stated: str
    unscoped: str
    word: str
    starred: str
    near: str
    mark: Markup
    counts: str
    others: str
    missing: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One row of the claim table; ``answer`` is None for a claim that is not asked."""

    id: str
    says: str
    citations: ClaimCitations
    words: str
    expected: str
    asked: QuestionWords
    unasked: str
    answer: ModelAnswer | None
    outcome: ClaimOutcome | None
    note: str


def claim_rows(findings: Analysis) -> tuple[ClaimRow, ...]:
    """Return a row for each claim, in the order of the case."""
    names = Labels(findings.case)
    verdicts = {verdict.claim.id: verdict for verdict in findings.study.verdicts()}
    return tuple(
        _row(claim, verdicts.get(claim.id), findings, names) for claim in findings.case.claims
    )


def _row(claim: Claim, verdict: Verdict | None, findings: Analysis, names: Labels) -> ClaimRow:
    words, expected = stated_words(claim)
    answer = None
    if verdict is not None:
        stated = findings.stated.get(claim.id)
        missing = len(findings.study.completed) - verdict.draws
        answer = model_answer(verdict, None if stated is None else stated.value, missing)
    return ClaimRow(
        id=claim.id,
        says=claim.says,
        citations=findings.citations[claim.id],
        words=words,
        expected=expected,
        asked=question_words(claim, names),
        unasked=claim.unasked,
        answer=answer,
        outcome=claim_outcome(claim),
        note=claim.note,
    )


def stated_words(claim: Claim) -> tuple[str, str]:
    """Return a claim's words of likelihood and the interval they are taken to mean.

    Where the case says how the words were read, the interval comes with that reading.
    """
    if claim.expect is None:
        return claim.words, ""
    interval = show_expected(claim.expect, kind_of(claim))
    if isinstance(claim.expect, EstimativeWords):
        term = claim.expect.nearest
        interval += f" ({f'read as {term}, ' if term else ''}{_SCALES[claim.expect.scale]})"
    return claim.words, interval


def model_answer(verdict: Verdict, stated: float | None = None, missing: int = 0) -> ModelAnswer:
    """Return a verdict as it is printed.

    Parameters
    ----------
    verdict : Verdict
    stated : float, optional
        The answer at the stated values, where there is one.
    missing : int
        Draws without an answer.
    """
    claim = verdict.claim
    kind = kind_of(claim)
    scoped = claim.scope is not None
    differs = scoped and show(verdict.unscoped, kind) != show(verdict.median, kind)
    return ModelAnswer(
        kind=kind,
        bar=range_bar(verdict, kind),
        median=show_beside(claim, verdict.median),
        half=show_range(*verdict.half, kind),
        most=show_range(*verdict.most, kind),
        same=f"the same in all {plural(verdict.draws, 'draw')}" if verdict.same else "",
        stated="" if stated is None else show_beside(claim, stated),
        unscoped=show(verdict.unscoped, kind) if differs else "",
        word=verdict.word,
        starred=starred(verdict),
        near=verdict.near,
        mark=mark(verdict.word),
        counts=_counts(verdict),
        others=_others(verdict),
        missing=f"{plural(missing, 'draw')} without an answer" if missing else "",
    )


def _counts(verdict: Verdict) -> str:
    if not verdict.counts:
        return plural(verdict.draws, "draw") if verdict.draws else ""
    agree = verdict.counts["agrees"]
    low, high = verdict.ranges["agrees"]
    told = f"{agree:,} of {plural(verdict.draws, 'draw')} {'agrees' if agree == 1 else 'agree'}"
    return f"{told} ({show_range(low, high, 'share')})" if low < high else told


def _others(verdict: Verdict) -> str:
    return ", ".join(
        f"{count:,}{THIN}{'contradict' if word == 'contradicts' and count > 1 else word}"
        for word, count in verdict.counts.items()
        if count and word != "agrees"
    )


def claim_outcome(claim: Claim) -> ClaimOutcome | None:
    """Return how a claim turned out, in words; nothing where it is not resolved."""
    resolved = claim.resolved
    if resolved is None:
        return None
    event = claim.ask is not None and kind_of(claim) == "share"
    words = (
        ("What was asked about did not happen", "What was asked about happened")
        if event
        else ("False", "True")
    )
    word = "Cannot be told" if resolved.outcome is None else words[resolved.outcome]
    return ClaimOutcome(
        word=word,
        by="" if resolved.by is None else day(resolved.by),
        note=resolved.note,
    )
