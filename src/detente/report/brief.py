"""The first page: question, bottom line, five claims with verdicts, and what would change them."""

from __future__ import annotations

from dataclasses import dataclass

from detente.claims import Verdict
from detente.report.claim_rows import ClaimRow
from detente.report.findings import Findings
from detente.report.movers import Mover, movers
from detente.report.names import listed, plural
from detente.report.numbers import kind_of, show, show_expected
from detente.report.outcomes import Scores

_SHOWN = 5
_NAMED = 3
_DIVIDED = 8


@dataclass(frozen=True, slots=True)
class BriefClaim:
    """One claim of the first page."""

    row: ClaimRow
    movers: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The first page."""

    bottom_line: tuple[str, ...]
    claims: tuple[BriefClaim, ...]


def brief(findings: Findings, rows: tuple[ClaimRow, ...], scored: Scores | None) -> Brief:
    """Write the first page out of the verdicts.

    Parameters
    ----------
    findings : Findings
    rows : tuple of ClaimRow
    scored : Scores or None

    Returns
    -------
    Brief
    """
    verdicts = findings.study.verdicts()
    lines = [_stands(findings, verdicts), _furthest(verdicts), _divided(verdicts)]
    if scored is not None:
        lines.append(_history(scored))
    return Brief(tuple(line for line in lines if line), _claims(findings, rows))


def _stands(findings: Findings, verdicts: tuple[Verdict, ...]) -> str:
    count = {word: sum(v.word == word for v in verdicts) for word in {v.word for v in verdicts}}
    all_claims, done = len(findings.case.claims), len(findings.study.kept)
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
        f"{count[word]} {phrase}"
        for word, phrase in (
            ("no interval", "come without an interval to compare with"),
            ("no answer", "have no answer in any draw"),
        )
        if word in count
    ]
    return f"{text}; {listed(rest)}." if rest else f"{text}."


def _furthest(verdicts: tuple[Verdict, ...]) -> str:
    apart = [v for v in verdicts if v.counts and v.word == "contradicts"]
    apart.sort(key=lambda v: (v.counts["agrees"] / v.draws, -_gap(v), v.claim.id))
    if not apart:
        return "At the median the model contradicts none of them."
    named = [
        f"{v.claim.id} (expected {_expected(v)}, median {show(v.median, kind_of(v.claim))})"
        for v in apart[:_NAMED]
    ]
    noun = "disagreement is" if len(named) == 1 else "disagreements are"
    return f"The largest {noun} over {listed(named)}."


def _divided(verdicts: tuple[Verdict, ...]) -> str:
    split = [v.claim.id for v in verdicts if v.divided]
    if not split:
        return "On every claim at least half of the draws stand where the median does."
    more = len(split) - _DIVIDED
    named = split if more <= 0 else [*split[:_DIVIDED], f"{more} more"]
    verb = "claim is" if len(split) == 1 else "claims are"
    return (
        f"{len(split)} {verb} divided, with fewer than half of the draws where the median "
        f"stands: {listed(named)}."
    )


def _history(scored: Scores) -> str:
    best, worst = sorted((scored.low, scored.high))
    words = "worded forecast" if len(scored.rows) == 1 else "worded forecasts"
    return (
        f"On {len(scored.rows)} {words} that history has settled, the argument's words score "
        f"{scored.middle:.2f} ({best:.2f} to {worst:.2f} over their intervals) and the model's "
        f"medians {scored.model:.2f} (Brier score: 0 is best, even odds always score 0.25)."
    )


def _claims(findings: Findings, rows: tuple[ClaimRow, ...]) -> tuple[BriefClaim, ...]:
    by_id = {row.id: row for row in rows}
    asked = {claim.id: claim for claim in findings.study.asked}
    chosen = [id for id in findings.case.brief if id in asked] or list(asked)
    return tuple(
        BriefClaim(by_id[id], movers(findings.study, asked[id], 2)) for id in chosen[:_SHOWN]
    )


def _expected(verdict: Verdict) -> str:
    assert verdict.claim.expect is not None
    return show_expected(verdict.claim.expect, kind_of(verdict.claim))


def _gap(verdict: Verdict) -> float:
    assert verdict.claim.expect is not None
    expect = verdict.claim.expect
    return max(expect.low - verdict.median, verdict.median - expect.high)
