"""The first page: question, bottom line, five claims with verdicts, and what would change them."""

from __future__ import annotations

from dataclasses import dataclass

from detente.analysis import Analysis
from detente.case import Claim
from detente.claims import NO_ANSWER, NO_WORD, OPEN, Verdict, kind_of, show_beside, show_expected
from detente.report._claim_rows import ClaimRow
from detente.report._outcomes import outcome_sentence
from detente.text import listed, plural, show

_NAMED = 3
_LISTED = 8


@dataclass(frozen=True, slots=True)
class Brief:
    """The first page.

    Attributes
    ----------
    lead : str
    apart : tuple of (Claim, str, str)
        Claims that most draws contradict, what was expected and the median.
    lines : tuple of str
    claims : tuple of (ClaimRow, tuple of (str, str))
        With the parameters that move the answer most and what each does to it.
    """

    lead: str
    apart: tuple[tuple[Claim, str, str], ...]
    lines: tuple[str, ...]
    claims: tuple[tuple[ClaimRow, tuple[tuple[str, str], ...]], ...]


def brief(findings: Analysis, rows: tuple[ClaimRow, ...]) -> Brief:
    """Write the first page out of the verdicts."""
    verdicts, by_id = findings.study.verdicts(), {row.id: row for row in rows}
    lines = [
        _undecided(verdicts),
        _pivots(findings),
        "" if findings.argument is None else outcome_sentence(findings.argument),
    ]
    return Brief(
        lead=_stands(findings, verdicts),
        apart=tuple(map(_apart, findings.contradicted[:_NAMED])),
        lines=tuple(line for line in lines if line),
        claims=tuple((by_id[claim.id], movers(findings, claim, 2)) for claim in findings.leading),
    )


def movers(findings: Analysis, claim: Claim, most: int) -> tuple[tuple[str, str], ...]:
    """Return the parameters that move an answer most, each with what it does to the answer."""
    kind = kind_of(claim)
    return tuple(
        (
            driver.parameter,
            f"{'rises' if driver.high > driver.low else 'falls'} from {show(driver.low, kind)} to "
            f"{show(driver.high, kind)}",
        )
        for driver in findings.drivers[claim.id][:most]
    )


def _stands(findings: Analysis, verdicts: tuple[Verdict, ...]) -> str:
    count = {word: sum(v.word == word for v in verdicts) for word in {v.word for v in verdicts}}
    all_claims, done = len(findings.case.claims), len(findings.study.completed)
    if not verdicts:
        return f"None of the {plural(all_claims, 'claim')} is put to the model."
    parts = [
        f"{phrase} {'all' if count[word] == len(verdicts) > 1 else count[word]} of them"
        for word, phrase in (
            ("agrees", "agrees with"),
            ("stronger", "is stronger than"),
            ("weaker", "is weaker than"),
            ("contradicts", "contradicts"),
        )
        if word in count
    ]
    asked = "All" if len(verdicts) == all_claims else f"{len(verdicts)} of"
    text = f"{asked} {plural(all_claims, 'claim')} are put to the model"
    if len(verdicts) == 1:
        text = f"One of {plural(all_claims, 'claim')} is put to the model"
    if parts:
        text += f"; in most of {plural(done, 'draw')} of its parameters it {listed(parts)}"
    rest = [
        f"{count[word]} {one if count[word] == 1 else more}"
        for word, one, more in (
            (OPEN, "is open", "are open"),
            (NO_WORD, "has no interval to compare with", "have no interval to compare with"),
            (NO_ANSWER, "has no answer in any draw", "have no answer in any draw"),
        )
        if word in count
    ]
    return f"{text}; {listed(rest)}." if rest else f"{text}."


def _undecided(verdicts: tuple[Verdict, ...]) -> str:
    judged = [v for v in verdicts if v.counts]
    if not judged:
        return ""
    split = [v.claim.id for v in judged if v.word == OPEN]
    near = [v.claim.id for v in judged if v.near]
    text = "On no claim is the verdict open."
    if split:
        verb = "claim is" if len(split) == 1 else "claims are"
        text = (
            f"{len(split)} {verb} open, with no word for more than half of the draws: "
            f"{_named(split)}."
        )
    if near:
        text += f" Near {'miss' if len(near) == 1 else 'misses'}: {_named(near)}."
    return text


def _named(ids: list[str]) -> str:
    more = len(ids) - _LISTED
    return listed(ids if more <= 0 else [*ids[:_LISTED], f"{more} more"])


def _pivots(findings: Analysis) -> str:
    named = [f"{name} ({count})" for name, count in findings.pivots[:_NAMED] if count > 1]
    if not named:
        return ""
    return (
        "The parameters most often among the three that move an answer most, with the number of "
        f"claims: {listed(named)}."
    )


def _apart(verdict: Verdict) -> tuple[Claim, str, str]:
    claim = verdict.claim
    assert claim.expect is not None
    return claim, show_expected(claim.expect, kind_of(claim)), show_beside(claim, verdict.median)
