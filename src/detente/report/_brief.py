"""The first page: question, bottom line, five claims with verdicts, and what would change them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from detente.claims import Verdict, kind_of, show_expected
from detente.report._argument_scores import WordedScores
from detente.report._claim_rows import ClaimRow
from detente.report._findings import Analysis
from detente.report._influences import Influence, influences
from detente.text import listed, plural, show

_SHOWN = 5
_NAMED = 3
_DIVIDED = 8


@dataclass(frozen=True, slots=True)
class BriefClaim:
    """One claim of the first page."""

    row: ClaimRow
    movers: tuple[Influence, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """A claim that the model contradicts at the median, with both numbers."""

    id: str
    says: str
    expected: str
    median: str


@dataclass(frozen=True, slots=True)
class Brief:
    """The first page."""

    lead: str
    apart: tuple[Apart, ...]
    lines: tuple[str, ...]
    claims: tuple[BriefClaim, ...]


def brief(findings: Analysis, rows: tuple[ClaimRow, ...], scored: WordedScores | None) -> Brief:
    """Write the first page out of the verdicts.

    Parameters
    ----------
    findings : Analysis
    rows : tuple of ClaimRow
    scored : WordedScores or None

    Returns
    -------
    Brief
    """
    verdicts = findings.study.verdicts()
    lines = [
        _divided(verdicts),
        _hinges(findings),
        "" if scored is None else _history(scored),
    ]
    return Brief(
        lead=_stands(findings, verdicts),
        apart=_furthest(verdicts),
        lines=tuple(line for line in lines if line),
        claims=_claims(findings, rows),
    )


def _stands(findings: Analysis, verdicts: tuple[Verdict, ...]) -> str:
    count = {word: sum(v.word == word for v in verdicts) for word in {v.word for v in verdicts}}
    all_claims, done = len(findings.case.claims), len(findings.study.completed)
    if not verdicts:
        return f"None of the {plural(all_claims, 'claim')} is put to the model."
    parts = [
        f"{phrase} {count[word]}"
        for word, phrase in (
            ("agrees", "agrees with"),
            ("stronger", "is stronger than"),
            ("weaker", "is weaker than"),
            ("contradicts", "contradicts"),
        )
        if word in count
    ]
    text = f"{len(verdicts)} of {plural(all_claims, 'claim')} are put to the model"
    if len(verdicts) == 1:
        text = f"One of {plural(all_claims, 'claim')} is put to the model"
    if parts:
        text += f"; over {plural(done, 'draw')} of its parameters the median answer {listed(parts)}"
    rest = [
        f"{count[word]} {'has' if count[word] == 1 else 'have'} {phrase}"
        for word, phrase in (
            ("no interval", "no interval to compare with"),
            ("no answer", "no answer in any draw"),
        )
        if word in count
    ]
    return f"{text}; {listed(rest)}." if rest else f"{text}."


def _furthest(verdicts: tuple[Verdict, ...]) -> tuple[Apart, ...]:
    """Choose the contradicted claims with the smallest shares of draws that agree."""
    apart = [v for v in verdicts if v.counts and v.word == "contradicts"]
    apart.sort(key=lambda v: (v.counts["agrees"] / v.draws, -_gap(v), v.claim.id))
    return tuple(
        Apart(v.claim.id, v.claim.says, _expected(v), show(v.median, kind_of(v.claim)))
        for v in apart[:_NAMED]
    )


def _divided(verdicts: tuple[Verdict, ...]) -> str:
    split = [v.claim.id for v in verdicts if v.divided]
    if not verdicts:
        return ""
    if not split:
        return "On every claim at least half of the draws stand where the median does."
    more = len(split) - _DIVIDED
    named = split if more <= 0 else [*split[:_DIVIDED], f"{more} more"]
    verb = "claim is" if len(split) == 1 else "claims are"
    return (
        f"{len(split)} {verb} divided, with fewer than half of the draws where the median "
        f"stands: {listed(named)}."
    )


def _history(scored: WordedScores) -> str:
    mean, own = scored.mean, scored.scaled
    scaled = ""
    if own is not None and own.count < mean.count:
        scaled = (
            f"; on the {own.count} whose interval comes from a scale and not from the analyst, "
            f"{own.middle:.2f} and {own.model:.2f}"
        )
    return (
        f"On {plural(mean.count, 'worded forecast')} that history has settled, the argument’s "
        f"words score {mean.middle:.2f} at the middle of their intervals and the model’s medians "
        f"{mean.model:.2f} (Brier score: 0 is best, even odds always score 0.25){scaled}. Whoever "
        "wrote the case may have known the outcomes."
    )


def _hinges(findings: Analysis) -> str:
    study = findings.study
    turns = Counter(
        mover.parameter for claim in study.asked for mover in influences(study, claim, _NAMED)
    )
    ranked = sorted(turns.items(), key=lambda item: (-item[1], item[0]))[:_NAMED]
    named = [f"{name} ({count})" for name, count in ranked if count > 1]
    if not named:
        return ""
    return (
        "The parameters most often among the three that move an answer most, with the number of "
        f"claims: {listed(named)}."
    )


def _claims(findings: Analysis, rows: tuple[ClaimRow, ...]) -> tuple[BriefClaim, ...]:
    by_id = {row.id: row for row in rows}
    asked = {claim.id: claim for claim in findings.study.asked}
    chosen = [name for name in findings.case.brief if name in asked] or list(asked)
    return tuple(
        BriefClaim(by_id[name], influences(findings.study, asked[name], 2))
        for name in chosen[:_SHOWN]
    )


def _expected(verdict: Verdict) -> str:
    assert verdict.claim.expect is not None
    return show_expected(verdict.claim.expect, kind_of(verdict.claim))


def _gap(verdict: Verdict) -> float:
    assert verdict.claim.expect is not None
    expect = verdict.claim.expect
    return max(expect.low - verdict.median, verdict.median - expect.high)
