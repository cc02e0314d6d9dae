"""Differences of scores, below each other: a diamond for each, on its interval or its placebos.

Left of the dashed line, at zero, the model is better. All rows share one scale. Names stand above
their rows, so that the drawing is narrow enough for a phone. Cost: linear in the rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from detente.drawing._axes import scale, tick
from detente.drawing._svg import clipped, element, picture, points
from detente.evidence import PlaceboTest
from detente.panel import PanelPlacebos, PanelScores
from detente.text import show, show_range

_WIDTH, _MARGIN, _TOP, _ROW, _FOOT = 344.0, 12.0, 22.0, 38.0, 20.0
_LETTERS, _TICKS = 36, 4


class _Row(NamedTuple):
    name: str
    value: float
    low: float
    high: float
    mean: float = math.nan


def differences_figure(scores: PanelScores) -> Markup:
    """Draw the model's log score less each other's, on its 95 % interval.

    Parameters
    ----------
    scores : PanelScores

    Returns
    -------
    Markup
        Empty where nothing else was scored.
    """
    rows = [_Row(one.name, one.difference, *one.interval) for one in scores.scores if one.verdict]
    return _drawn(rows, f"{scores.panel.name}: the model's log score less others'", "95 %")


def placebo_figures(found: PanelPlacebos) -> tuple[Markup, ...]:
    """Draw each difference on the range of 90 % of its placebos, a drawing a kind of placebo.

    Parameters
    ----------
    found : PanelPlacebos
    """
    return tuple(
        _drawn([_row(test) for test in tests], f"{found.panel}: {kind}", "90 % of placebos")
        for kind, tests in found.kinds.items()
    )


def _row(test: PlaceboTest) -> _Row:
    return _Row(test.what, test.stated, *test.most, test.mean)


def _drawn(rows: Sequence[_Row], title: str, band: str) -> Markup:
    if not rows:
        return Markup("")
    ends = [0.0, *(end for row in rows for end in (row.value, row.low, row.high))]
    low, high = min(ends), max(ends)
    room = 0.06 * (high - low) or 1.0
    low, high = low - room, high + room
    x = scale(low, high, _MARGIN, _WIDTH - _MARGIN)
    floor = _TOP + _ROW * len(rows)
    parts = [
        element("line", x1=x(at), x2=x(at), y1=_TOP - 4, y2=floor, class_="grid")
        for at in _marks(low, high)
    ]
    parts += [tick(show(at, "signed"), x(at), floor + 14) for at in _marks(low, high)]
    parts += [
        element("line", x1=x(0.0), x2=x(0.0), y1=_TOP - 4, y2=floor, class_="even"),
        tick("the model is better", x(0.0) - 5, 12, "end")
        if x(0.0) > _WIDTH / 3
        else tick("worse", _WIDTH - _MARGIN, 12, "end"),
    ]
    for k, row in enumerate(rows):
        middle = _TOP + _ROW * (k + 1) - 13
        start, stop, at = x(row.low), x(row.high), x(row.value)
        said = f"{row.name}: {show(row.value, 'signed')}; {band}: "
        said += show_range(row.low, row.high, "signed")
        wide = max(stop - start, 1.0)
        drawn = [
            element("title", said),
            element("text", clipped(row.name, _LETTERS), x=2, y=middle - 10, class_="value"),
            element("rect", x=start, y=middle - 4, width=wide, height=8, class_="half"),
        ]
        if not math.isnan(row.mean):
            mean = x(row.mean)
            drawn.append(
                element("line", x1=mean, x2=mean, y1=middle - 7, y2=middle + 7, class_="edge")
            )
        corners = points([(at, middle - 6), (at + 5, middle), (at, middle + 6), (at - 5, middle)])
        drawn.append(element("polygon", points=corners, class_="median"))
        parts.append(element("g", Markup("").join(drawn)))
    return picture(_WIDTH, floor + _FOOT, title, parts)


def _marks(low: float, high: float) -> list[float]:
    """Return round numbers between two ends, zero among them."""
    rough = (high - low) / _TICKS
    step = 10.0 ** math.floor(math.log10(rough))
    step *= next(by for by in (1, 2, 5, 10) if by * step >= rough)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
