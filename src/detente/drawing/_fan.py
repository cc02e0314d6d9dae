"""A fan: the probability of one level over time, its median over draws and 50 % and 90 % ranges."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from detente.drawing._axes import grid, scale, tick
from detente.drawing._svg import element, picture, points
from detente.text import show
from detente.values import Floats

_WIDTH, _HEIGHT = 180.0, 112.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 36.0, 8.0, 18.0


def fan(times: Floats, quantiles: Floats, ticks: Sequence[tuple[float, str]], title: str) -> Markup:
    """Draw one fan.

    Parameters
    ----------
    times : ndarray, (points,)
        Years from the start.
    quantiles : ndarray, (5, points)
        Probabilities at `detente.analysis.QUANTILES` of the draws.
    ticks : sequence of (float, str)
        Marks on the time axis.
    title : str
        What the drawing shows, for those who cannot see it.
    """
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    x = scale(0.0, float(times[-1]) or 1.0, _LEFT, right)
    y = scale(0.0, 1.0, bottom, _TOP)

    def curve(row: Floats) -> list[tuple[float, float]]:
        return [(x(float(t)), y(float(p))) for t, p in zip(times, row, strict=True)]

    drawn = grid(((0.0, "0"), (0.5, "50"), (1.0, "100 %")), y, _LEFT, right)
    for time, label in ticks:
        drawn.append(
            element("line", x1=x(time), x2=x(time), y1=bottom, y2=bottom + 3, class_="axis")
        )
        if label:
            drawn.append(tick(label, x(time), bottom + 13))
    lowest, quarter, median, three_quarters, highest = (curve(row) for row in quantiles)
    drawn += [
        element("polygon", points=points([*lowest, *highest[::-1]]), class_="band90"),
        element("polygon", points=points([*quarter, *three_quarters[::-1]]), class_="band50"),
        element("polyline", points=points(median), class_="line"),
        element("circle", cx=median[-1][0], cy=median[-1][1], r=2.4, class_="end"),
        element(
            "text",
            show(float(quantiles[2, -1]), "share"),
            x=median[-1][0] + 5,
            y=min(max(median[-1][1] + 3.5, _TOP + 3.5), bottom),
            class_="value",
        ),
    ]
    return picture(_WIDTH, _HEIGHT, title, drawn)
