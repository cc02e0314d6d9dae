"""Calibration as one drawing: forecast chances across, how often they came true upwards.

A point on the diagonal is a chance that was what it said. Its area goes with the number of chances
in it. The drawing carries its own style, light and dark, so that it stands alone as a file.
"""

from __future__ import annotations

import math

from markupsafe import Markup

from detente.drawing._svg import element, short
from detente.evidence import POSTERIOR, ForecastScores

_SIDE, _LEFT, _TOP, _FOOT = 300.0, 60.0, 50.0, 64.0
_WIDTH, _HEIGHT = _LEFT + _SIDE + 30.0, _TOP + _SIDE + _FOOT

STYLE = """
svg.calibration { --paper: #ffffff; --ink: #1b1f24; --quiet: #55606b; --model: #0072b2;
  background: var(--paper); font: 11px system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
.calibration text { fill: var(--ink); } .calibration .quiet { fill: var(--quiet); font-size: 10px; }
.calibration .title { font-weight: 600; font-size: 13px; }
.calibration .frame { fill: none; stroke: var(--quiet); stroke-width: .6; }
.calibration .even { stroke: var(--quiet); stroke-dasharray: 4 3; }
.calibration .bin { fill: var(--model); fill-opacity: .65; stroke: var(--ink); stroke-width: .6; }
@media (prefers-color-scheme: dark) {
  svg.calibration { --paper: #14171a; --ink: #e4e7ea; --quiet: #a4aeb8; --model: #56b4e9; }
}
"""


def calibration(scores: ForecastScores, model: str = POSTERIOR) -> Markup:
    """Return the calibration of a model's forecasts as SVG.

    Parameters
    ----------
    scores : ForecastScores
    model : str
        One of those scored.

    Returns
    -------
    Markup
    """
    bins = scores.calibration(model)
    count = sum(one.count for one in bins)
    parts = [
        element("style", Markup(STYLE)),
        element(
            "title", f"Calibration of the {model} forecasts of {scores.forecasts[0].case.name}"
        ),
        element("text", f"Calibration: {model}", x=12, y=20, class_="title"),
        element("text", f"{count} chances; area by their number", x=12, y=37, class_="quiet"),
        element("rect", x=_LEFT, y=_TOP, width=_SIDE, height=_SIDE, class_="frame"),
        element("line", x1=_across(0), y1=_up(0), x2=_across(1), y2=_up(1), class_="even"),
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        words, middle = f"{share:.0%}", "middle"
        parts += [
            element("text", words, x=_across(share), y=_up(0) + 16, text_anchor=middle),
            element("text", words, x=_LEFT - 8, y=_up(share) + 4, text_anchor="end"),
        ]
    for one in bins:
        told = f"{one.forecast:.0%} forecast, {one.happened:.0%} happened, {one.count} chances"
        parts.append(
            element(
                "circle",
                element("title", told),
                cx=_across(one.forecast),
                cy=_up(one.happened),
                r=3.0 + 22.0 * math.sqrt(one.count / count),
                class_="bin",
            )
        )
    parts.append(element("text", "across: forecast; upwards: happened", x=_LEFT, y=_up(0) + 40))
    return element(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {short(_WIDTH)} {short(_HEIGHT)}",
        width=_WIDTH,
        height=_HEIGHT,
        role="img",
        class_="calibration",
    )


def _across(share: float) -> float:
    return _LEFT + share * _SIDE


def _up(share: float) -> float:
    return _TOP + (1.0 - share) * _SIDE
