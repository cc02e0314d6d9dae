"""The record of one variable as one drawing, with the forecast beside it.

A row for each level, the years across. A bar is a stretch at that level, a small one a sighting on
a day; a thin bar the days on one of which a change to the level came; fainter bars are levels
between which the coding is uncertain. Where nothing is known the ground is shaded. From today's
line on the forecast: for levels in order the expected level, median over draws and the range of
90 % of them; for others a strip for each level, the darker the likelier. Every bar has its date,
level and source in its title. Cost: linear in the entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from detente.drawing._axes import scale, tick
from detente.drawing._svg import clipped, element, picture, points
from detente.evidence import Entry, Track
from detente.values import Floats

_WIDTH, _RIGHT, _TOP, _ROW, _FOOT = 360.0, 8.0, 14.0, 18.0, 20.0
_LEFT, _LONGEST = 84.0, 14
_BAR, _CHANGE, _LEAST = 10.0, 3.0, 2.4
_STRIPS = 10
Line = Callable[[float], float]


@dataclass(frozen=True, eq=False)
class ForecastLevels:
    """What the draws forecast of one variable.

    Attributes
    ----------
    times : ndarray, (points,)
        Years from the origin of the record; the first is today.
    shares : ndarray, (points, levels)
        Median probability of each level.
    expected : ndarray, (3, points), or None
        Expected place among the levels, lowest 0: 5 %, median and 95 % of the draws; None where
        the levels are in no order.
    """

    times: Floats
    shares: Floats
    expected: Floats | None


def record_figure(
    track: Track,
    forecast: ForecastLevels,
    ends: tuple[float, float, float],
    ticks: Sequence[tuple[float, str]],
    words: tuple[str, Sequence[str], Sequence[str]],
) -> Markup:
    """Draw what is known of one variable and what is forecast of it.

    Parameters
    ----------
    track : Track
    forecast : ForecastLevels
    ends : (float, float, float)
        Start and end of the record, and end of the drawing, in years of the record.
    ticks : sequence of (float, str)
        Marks on the time axis.
    words : (str, sequence of str, sequence of str)
        What the drawing shows, the names of the levels, and the title of each entry.
    """
    title, levels, said = words
    start, known, end = ends
    bottom = _TOP + _ROW * len(levels)
    x = scale(start, end, _LEFT, _WIDTH - _RIGHT)
    y = scale(0.0, 1.0, bottom - _ROW / 2.0, bottom - 1.5 * _ROW)
    drawn = [_box(x(start), x(known), _TOP, bottom, "unknown")]
    drawn += [
        _box(x(a), x(b), _TOP, bottom, "known") for a, b in map(_spell, track.entries) if b > a
    ]
    for k, level in enumerate(levels):
        drawn.append(element("line", x1=_LEFT, x2=x(end), y1=y(k), y2=y(k), class_="grid"))
        drawn.append(tick(clipped(level, _LONGEST), _LEFT - 5, y(k) + 3, "end"))
    for time, label in ticks:
        drawn.append(
            element("line", x1=x(time), x2=x(time), y1=bottom, y2=bottom + 3, class_="axis")
        )
        if label:
            drawn.append(tick(label, x(time), bottom + 13))
    lay = _strips if forecast.expected is None else _expected
    under, over = lay(forecast, x, y)
    drawn += under
    for entry, told in zip(track.entries, said, strict=True):
        drawn += _bars(entry, told, x, y)
    drawn += over
    today = x(float(forecast.times[0]))
    drawn.append(element("line", x1=today, x2=today, y1=_TOP - 4, y2=bottom, class_="even"))
    drawn.append(tick("today", today, _TOP - 6))
    return picture(_WIDTH, bottom + _FOOT, title, drawn)


def _spell(entry: Entry) -> tuple[float, float]:
    if entry.kind == "gap":
        return entry.earliest, entry.earliest
    return (entry.earliest if entry.kind == "seen" else entry.latest), entry.holds


def _bars(entry: Entry, told: str, x: Line, y: Line) -> list[Markup]:
    """Return the bars of one entry, one for each level that it allows."""
    if entry.kind == "gap":
        return []
    spell = _spell(entry)
    parts = [(*spell, _BAR, "seen")]
    if entry.kind == "from":
        parts.append((entry.earliest, entry.latest, _CHANGE, "seen"))
    found = []
    for level, weight in enumerate(entry.weights):
        for begins, ends, height, name in parts if weight > 0.0 else ():
            top = y(level) - height / 2.0
            box = _box(x(begins), x(ends), top, top + height, name, _faint(float(weight)), told)
            found.append(box)
    return found


def _faint(weight: float) -> str:
    return "" if weight >= 1.0 else f"{0.25 + 0.5 * weight:.2f}"


def _box(
    left: float, right: float, top: float, bottom: float, name: str, faint: str = "", told: str = ""
) -> Markup:
    wide = max(right - left, _LEAST)
    left = min(left, 0.5 * (left + right - wide))
    more = {"fill_opacity": faint} if faint else {}
    inner = element("title", told) if told else ""
    return element(
        "rect", inner, x=left, y=top, width=wide, height=bottom - top, class_=name, **more
    )


def _expected(forecast: ForecastLevels, x: Line, y: Line) -> tuple[list[Markup], list[Markup]]:
    """Return what lies under the bars of the record, and what lies over them."""
    assert forecast.expected is not None
    across = [x(float(time)) for time in forecast.times]
    low, middle, high = (
        [(at, y(float(level))) for at, level in zip(across, row, strict=True)]
        for row in forecast.expected
    )
    band = element("polygon", points=points([*low, *high[::-1]]), class_="band90")
    return [band], [element("polyline", points=points(middle), class_="line")]


def _strips(forecast: ForecastLevels, x: Line, y: Line) -> tuple[list[Markup], list[Markup]]:
    last = len(forecast.times) - 1
    places = sorted({round(k * last / _STRIPS) for k in range(_STRIPS + 1)})
    under = [
        _box(
            x(float(forecast.times[a])), x(float(forecast.times[b])),
            y(level) - _BAR / 2, y(level) + _BAR / 2, "strip", f"{forecast.shares[b, level]:.2f}",
        )
        for a, b in pairwise(places)
        for level in range(forecast.shares.shape[1])
    ]  # fmt: skip
    return under, []
