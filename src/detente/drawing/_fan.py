"""A fan over time: a line, and behind it where 50 % and 90 % of draws lie.

The line is the median of the draws, or what is stated with the draws behind it. Probabilities share
one scale, so that fans compare; anything else has a scale of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from detente.drawing._axes import grid, scale, tick
from detente.drawing._svg import element, picture, points
from detente.text import Kind, show
from detente.values import Floats

_WIDTH, _HEIGHT = 180.0, 112.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 36.0, 8.0, 18.0
_MEDIAN = 2
"""Place of the median among `detente.analysis.QUANTILES`."""
_PROBABILITY = ((0.0, "0"), (0.5, "50"), (1.0, "100 %"))


def fan(
    times: Floats,
    quantiles: Floats | None,
    ticks: Sequence[tuple[float, str]],
    title: str,
    *,
    stated: Floats | None = None,
    kind: Kind = "share",
) -> Markup:
    """Draw one fan.

    Parameters
    ----------
    times : ndarray, (points,)
        Years from the start.
    quantiles : ndarray, (5, points), optional
        Values at `detente.analysis.QUANTILES` of the draws; without them there is a line only.
    ticks : sequence of (float, str)
        Marks on the time axis.
    title : str
        What the drawing shows, for those who cannot see it.
    stated : ndarray, (points,), optional
        The line; the median of the draws without it.
    kind : str
        ``share`` for probabilities; another gives a scale that just holds the values.

    Examples
    --------
    >>> drawn = fan(np.array([0.0, 1.0]), None, [], "calm", stated=np.array([0.2, 0.4]))
    >>> "polyline" in drawn, "polygon" in drawn
    (True, False)
    """
    if stated is None and quantiles is None:
        return Markup("")
    line = quantiles[_MEDIAN] if stated is None and quantiles is not None else np.asarray(stated)
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    marks = _PROBABILITY if kind == "share" else _marks(line, quantiles, kind)
    x = scale(0.0, float(times[-1]) or 1.0, _LEFT, right)
    y = scale(marks[0][0], marks[-1][0], bottom, _TOP)

    def curve(row: Floats) -> list[tuple[float, float]]:
        return [(x(float(t)), y(float(p))) for t, p in zip(times, row, strict=True)]

    drawn = grid(marks, y, _LEFT, right)
    for time, label in ticks:
        drawn.append(
            element("line", x1=x(time), x2=x(time), y1=bottom, y2=bottom + 3, class_="axis")
        )
        if label:
            drawn.append(tick(label, x(time), bottom + 13))
    if quantiles is not None:
        lowest, quarter, _, three_quarters, highest = (curve(row) for row in quantiles)
        drawn += [
            element("polygon", points=points([*lowest, *highest[::-1]]), class_="band90"),
            element("polygon", points=points([*quarter, *three_quarters[::-1]]), class_="band50"),
        ]
    end = curve(line)[-1]
    drawn += [
        element("polyline", points=points(curve(line)), class_="line"),
        element("circle", cx=end[0], cy=end[1], r=2.4, class_="end"),
        element(
            "text",
            show(float(line[-1]), kind),
            x=end[0] + 5,
            y=min(max(end[1] + 3.5, _TOP + 3.5), bottom),
            class_="value",
        ),
    ]
    return picture(_WIDTH, _HEIGHT, title, drawn)


def _marks(line: Floats, quantiles: Floats | None, kind: Kind) -> tuple[tuple[float, str], ...]:
    """Return the ends of a scale that holds all values, and its middle."""
    drawn = line if quantiles is None else np.vstack([quantiles, line])
    low, high = float(drawn.min()), float(drawn.max())
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    return tuple((value, show(value, kind)) for value in (low, (low + high) / 2, high))
