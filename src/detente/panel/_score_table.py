"""Scores of a panel in a table: what each way of forecasting got, and what the model does to it.

The table is made of numbers alone, so that scores on record print as they did when they were new.
Cost: linear in the scores.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from detente.evidence import CalibrationBin
from detente.text import Result, listed, plural, show, show_range, table
from detente.values import plain_fields

Word = Literal["beats", "within chance", "loses", ""]
_DOES: dict[Word, str] = {
    "beats": "beats",
    "within chance": "stands within chance of",
    "loses": "loses to",
}


@dataclass(frozen=True)
class PanelScore(Result):
    """How one way of forecasting did.

    Attributes
    ----------
    name : str
    mean : mapping of str to float
        By rule: ``log``, ``brier``, ``ranked``.
    skill : float
        Share of the base rates' log score that it takes off.
    difference : float
        Of the log score: the model's less this one's. Below zero the model is better.
    interval : (float, float)
        95 %, of the difference.
    verdict : {"beats", "within chance", "loses", ""}
        What the model does to it; empty for the model itself.
    note : str
        Why there is no score.
    """

    name: str
    mean: Mapping[str, float]
    skill: float = math.nan
    difference: float = math.nan
    interval: tuple[float, float] = (math.nan, math.nan)
    verdict: Word = ""
    note: str = ""

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.name}: log score {show(self.mean.get('log', math.nan), 'fine')}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


def score_table(
    name: str,
    later: int,
    earlier: int,
    scores: Sequence[PanelScore],
    calibration: Sequence[CalibrationBin] = (),
) -> str:
    """Return scores as a table, and how forecasts stand to what came.

    Parameters
    ----------
    name : str
        Of the panel.
    later, earlier : int
        How many conflicts were scored, and how many the model was fitted to.
    scores : sequence of PanelScore
        The model first.
    calibration : sequence of CalibrationBin
        As in `PanelScores`.

    Examples
    --------
    >>> rates = PanelScore("base rates", {"log": 1.1}, 0.0, -0.1, (-0.2, -0.05), "beats")
    >>> print(score_table("rows", 20, 40, [PanelScore("model", {"log": 1.0}, 0.1), rates]))
    rows: 20 later conflicts, fitted to 40; lower scores are better
                  log   skill  model less this  the model
      model         1  10.0 %
      base rates  1.1     0 %  −0.20 to −0.050  beats it
    """
    sides = "< " + "> " * (len(scores[0].mean) + 2) + "<"
    lines = [f"{name}: {score_heading(later, earlier)}"]
    lines += table(score_rows(scores), sides, indent="  ")
    if calibration:
        head, *rows = calibration_rows(calibration)
        lines.append(f"calibration, all classes: {', '.join(head)}")
        lines += table(rows, "> > >", indent="  ")
    return "\n".join(lines)


def score_heading(later: int, earlier: int) -> str:
    """Return how many conflicts were scored, and how to read the scores."""
    return f"{plural(later, 'later conflict')}, fitted to {earlier:,}; lower scores are better"


def score_rows(scores: Sequence[PanelScore]) -> list[list[str]]:
    """Return a row for each way of forecasting, the heading first."""
    rules = list(scores[0].mean)
    rows = [["", *rules, "skill", "model less this", "the model"]]
    for one in scores:
        if one.note:
            rows.append([one.name, *["–"] * len(rules), "", "", one.note])
            continue
        low, high = one.interval
        rows.append([
            one.name,
            *(show(one.mean[rule], "fine") for rule in rules),
            show(one.skill, "tenths"),
            show_range(low, high, "signed") if one.verdict else "",
            {"beats": "beats it", "loses": "loses"}.get(one.verdict, one.verdict),
        ])  # fmt: skip
    return rows


def calibration_rows(calibration: Sequence[CalibrationBin]) -> list[list[str]]:
    """Return how forecasts stand to what came, the heading first."""
    rows = [
        [show_range(one.low, one.high, "share"), f"{one.count:,}", show(one.happened, "share")]
        for one in calibration
    ]
    return [["forecast", "how many", "how often it came"], *rows]


def score_verdict(scores: Sequence[PanelScore]) -> str:
    """Return what the model does to all others, in a sentence.

    Examples
    --------
    >>> rates = PanelScore("base rates", {"log": 1.1}, 0.0, -0.1, (-0.2, -0.05), "beats")
    >>> score_verdict([PanelScore("model", {"log": 1.0}, 0.1), rates])
    'By log score the model beats base rates.'
    """
    names: dict[str, list[str]] = {}
    for one in scores:
        if one.verdict:
            names.setdefault(_DOES[one.verdict], []).append(one.name)
    said = [f"{words} {listed(those)}" for words, those in names.items()]
    return f"By log score the model {'; '.join(said)}."
