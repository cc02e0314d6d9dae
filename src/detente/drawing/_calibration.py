"""Calibration as one drawing: forecast chances across, how often they came true upwards.

A point on the diagonal is a chance that was what it said. Its area goes with the number of chances
in it. The drawing carries its own style, light and dark, so that it stands alone as a file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from detente.drawing._axes import scale, tick
from detente.drawing._svg import element, styled_picture
from detente.evidence import POSTERIOR, CalibrationBin, ForecastScores
from detente.panel import PanelScores
from detente.text import show

_SIDE, _LEFT, _TOP, _FOOT = 300.0, 60.0, 50.0, 64.0
_WIDTH, _HEIGHT = _LEFT + _SIDE + 30.0, _TOP + _SIDE + _FOOT

_STYLE = """
.NAME .frame { fill: none; stroke: var(--quiet); stroke-width: .6; }
.NAME .even { stroke: var(--quiet); stroke-dasharray: 4 3; }
.NAME .bin { fill: var(--model); fill-opacity: .65; stroke: var(--ink); stroke-width: .6; }
"""


def calibration(scores: ForecastScores, model: str = POSTERIOR) -> Markup:
    """Return the calibration of a model's forecasts as SVG.

    Parameters
    ----------
    scores : ForecastScores
    model : str
        One of those scored.
    """
    name = scores.forecasts[0].case.name
    about = f"Calibration of the {model} forecasts of {name}", f"Calibration: {model}"
    return _drawn(scores.calibration(model), *about)


def panel_calibration(scores: PanelScores) -> Markup:
    """Return the calibration of a panel's model as SVG; empty of records.

    Parameters
    ----------
    scores : PanelScores
    """
    if not scores.calibration:
        return Markup("")
    about = f"Calibration of the model of {scores.panel.name}", "Calibration: all classes"
    return _drawn(scores.calibration, *about)


def _drawn(bins: Sequence[CalibrationBin], title: str, heading: str) -> Markup:
    count = sum(one.count for one in bins)
    across = scale(0.0, 1.0, _LEFT, _LEFT + _SIDE)
    up = scale(0.0, 1.0, _TOP + _SIDE, _TOP)
    parts = [
        element("rect", x=_LEFT, y=_TOP, width=_SIDE, height=_SIDE, class_="frame"),
        element("line", x1=across(0), y1=up(0), x2=across(1), y2=up(1), class_="even"),
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            tick(show(share, "share"), across(share), up(0) + 16),
            tick(show(share, "share"), _LEFT - 8, up(share) + 4, "end"),
        ]
    for one in bins:
        told = (
            f"{show(one.forecast, 'share')} forecast, {show(one.happened, 'share')} happened, "
            f"{one.count} chances"
        )
        parts.append(
            element(
                "circle",
                element("title", told),
                cx=across(one.forecast),
                cy=up(one.happened),
                r=3.0 + 22.0 * math.sqrt(one.count / count),
                class_="bin",
            )
        )
    parts.append(element("text", "across: forecast; upwards: happened", x=_LEFT, y=up(0) + 40))
    words = title, heading, f"{count:,} chances; area by their number"
    return styled_picture(_WIDTH, _HEIGHT, "calibration", _STYLE, words, parts)
