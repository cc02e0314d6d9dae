"""How the argument's worded forecasts did: Brier scores of their intervals, beside the model's.

A worded forecast is an interval of probability; its Brier score (Brier 1950) is taken at the low
end, the middle and the high end. Only questions about an event with a known outcome are scored, and
only intervals with two ends: the middle of "above 5 %" is nobody's forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from detente.case import EstimativeWords, OneSidedBound
from detente.claims import kind_of
from detente.report._claim_rows import stated_words
from detente.report._findings import Analysis
from detente.text import show


@dataclass(frozen=True, slots=True)
class WordedScore:
    """The Brier scores of one forecast; 0 is best, 1 is worst."""

    claim: str
    words: str
    interval: str
    by_scale: bool
    happened: bool
    low: float
    middle: float
    high: float
    median: str
    model: float


@dataclass(frozen=True, slots=True)
class MeanScore:
    """The mean scores of some forecasts."""

    count: int
    low: float
    middle: float
    high: float
    model: float


@dataclass(frozen=True, slots=True)
class WordedScores:
    """The scores of all worded forecasts that history has settled.

    ``scaled`` is the mean over those whose interval a published scale gives; None for none.
    """

    rows: tuple[WordedScore, ...]
    mean: MeanScore
    scaled: MeanScore | None


def worded_scores(findings: Analysis) -> WordedScores | None:
    """Score the argument's worded forecasts, and the model's medians for the same questions.

    Parameters
    ----------
    findings : Analysis

    Returns
    -------
    WordedScores or None
        None where there is nothing to score.
    """
    rows = []
    for verdict in findings.study.verdicts():
        claim, resolved = verdict.claim, verdict.claim.resolved
        settled = resolved is not None and resolved.outcome is not None
        if not (settled and claim.words and claim.expect) or math.isnan(verdict.median):
            continue
        if kind_of(claim) != "share" or isinstance(claim.expect, OneSidedBound):
            continue
        assert resolved is not None
        happened = float(bool(resolved.outcome))
        low, high = max(claim.expect.low, 0.0), min(claim.expect.high, 1.0)
        words, interval = stated_words(claim)
        rows.append(
            WordedScore(
                claim=claim.id,
                words=words,
                interval=interval,
                by_scale=isinstance(claim.expect, EstimativeWords),
                happened=bool(resolved.outcome),
                low=(low - happened) ** 2,
                middle=((low + high) / 2 - happened) ** 2,
                high=(high - happened) ** 2,
                median=show(verdict.median, "share"),
                model=(verdict.median - happened) ** 2,
            )
        )
    if not rows:
        return None
    scaled = [row for row in rows if row.by_scale]
    return WordedScores(tuple(rows), _mean(rows), _mean(scaled) if scaled else None)


def _mean(rows: list[WordedScore]) -> MeanScore:
    def over(values: list[float]) -> float:
        return math.fsum(values) / len(values)

    return MeanScore(
        count=len(rows),
        low=over([row.low for row in rows]),
        middle=over([row.middle for row in rows]),
        high=over([row.high for row in rows]),
        model=over([row.model for row in rows]),
    )
