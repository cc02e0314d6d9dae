"""How the argument's worded forecasts did beside the model's medians, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.analysis import Analysis
from detente.evidence import ArgumentScores, WordedForecast
from detente.report._claim_rows import stated_words
from detente.text import plural, show

_READINGS = {
    "scale, unscoped": "Mean of those with an interval from a scale",
    "all, unscoped": "Mean of all",
    "scale, as stated": "Mean of those from a scale that are not void",
    "all, as stated": "Mean of all that are not void",
}


@dataclass(frozen=True, slots=True)
class MeanRow:
    """Mean scores of some forecasts: best end, middle, worst end, and the model's."""

    label: str
    count: int
    brier: tuple[float, float, float]
    model: float | None


@dataclass(frozen=True, slots=True)
class WordsAndOutcomes:
    """The table: by forecast its score, the claim's words, interval and median; and the means."""

    rows: tuple[tuple[WordedForecast, str, str, str], ...]
    means: tuple[MeanRow, ...]
    void: bool


def words_and_outcomes(findings: Analysis) -> WordsAndOutcomes | None:
    """Return the table of worded forecasts and what happened; None where nothing is scored."""
    scores = findings.argument
    if scores is None:
        return None
    rows = tuple(
        (
            row,
            *stated_words(findings.case.claim(row.claim)),
            show(findings.study.verdict(row.claim).unscoped, "share"),
        )
        for row in scores.rows
    )
    return WordsAndOutcomes(rows, tuple(_means(scores)), any(row.void for row in scores.rows))


def outcome_sentence(scores: ArgumentScores) -> str:
    """Say in a sentence how words and medians did, without scopes, on a scale, and as stated."""
    means = scores.means()
    count, (_, middle, _), model = means["all, unscoped"]
    void = any(row.void for row in scores.rows)
    ends, medians = ("interval", "median") if count == 1 else ("intervals", "medians")
    parts = [
        f"On {plural(count, 'worded forecast')} that history has settled, the argument’s words "
        f"score {middle:.2f} at the middle of their {ends}"
        f"{'' if model is None else f' and the model’s {medians} {model:.2f}'} "
        f"(Brier score: 0 is best, even odds always score 0.25"
        f"{'; scope conditions are left aside' if void else ''})"
    ]
    for reading, whose in (
        ("scale, unscoped", "interval comes from a scale and not from the analyst"),
        ("all, as stated", "scope conditions the record does not break"),
    ):
        if reading in means and means[reading][0] < count:
            some, (_, middle, _), beside = means[reading]
            told = f"{middle:.2f}" if beside is None else f"{middle:.2f} and {beside:.2f}"
            parts.append(f"on the {'one' if some == 1 else some} whose {whose}, {told}")
    return f"{'; '.join(parts)}. Whoever wrote the case may have known the outcomes."


def _means(scores: ArgumentScores) -> Iterator[MeanRow]:
    means = scores.means()
    void = any(row.void for row in scores.rows)
    for reading, label in _READINGS.items():
        if reading in means and (void or reading.endswith("unscoped")):
            yield MeanRow(label, *means[reading])
