"""Scores of a panel in a table: what each way of forecasting got, and what the model does to it.

The table is made of numbers alone, so that scores on record print as they did when they were new.
Cost: linear in the scores.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from detente.text import Result, plural, show, show_range, table
from detente.values import plain_fields

Word = Literal["beats", "within chance", "loses", ""]
CalibrationRow = tuple[float, float, int, float]
"""From, to, how many forecasts, and how often it came."""


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
    calibration: Sequence[CalibrationRow] = (),
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
    calibration : sequence of (float, float, int, float)
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
    lines = [
        f"{name}: {plural(later, 'later conflict')}, fitted to {earlier:,}; lower scores are "
        "better",
        *table(rows, "< " + "> " * (len(rules) + 2) + "<", indent="  "),
    ]
    if calibration:
        lines.append("calibration, all classes: forecast, how many, how often it came")
        lines += table(
            [
                [show_range(low, high, "share"), f"{count:,}", show(came, "share")]
                for low, high, count, came in calibration
            ],
            "> > >", indent="  ",
        )  # fmt: skip
    return "\n".join(lines)
