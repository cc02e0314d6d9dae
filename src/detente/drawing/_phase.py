"""A phase diagram as one drawing: shaded cells with their numbers, the base case, the stated range.

The drawing carries its own style, light and dark, so that it stands alone as a file.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from markupsafe import Markup

from detente.case import Labels
from detente.claims import kind_of
from detente.drawing._axes import tick
from detente.drawing._svg import element, styled_picture
from detente.study import ABOUT, DiagramAxis, PhaseDiagram
from detente.text import show, spaced

STATED = "the case as stated"
_SLACK = 1e-6
_CELL, _ROW, _LEFT, _TOP, _FOOT = 62.0, 34.0, 130.0, 50.0, 74.0

_STYLE = """
.NAME .shade { fill: var(--model); }
.NAME .cell { fill: none; stroke: var(--quiet); stroke-width: .4; }
.NAME .range { fill: none; stroke: var(--edge); stroke-width: 2; stroke-dasharray: 5 3; }
.NAME .base { fill: none; stroke: var(--ink); stroke-width: 2; }
.NAME .behind { stroke: var(--paper); stroke-width: 5; }
.NAME .number { paint-order: stroke; stroke: var(--paper); stroke-width: 3; }
"""


def phase(diagram: PhaseDiagram, *, setting: str = "", dressed: bool = True) -> Markup:
    """Return a phase diagram as SVG.

    Parameters
    ----------
    diagram : PhaseDiagram
    setting : str
        What gives the axes' ``base`` and all else; the case as stated without it.
    dressed : bool
        Whether its style is in it.
    """
    x, y, median, named = (
        diagram.x,
        diagram.y,
        diagram.median,
        partial(_named, Labels(diagram.case)),
    )
    across, down = len(x.values), len(y.values)
    width, height = max(_LEFT + across * _CELL + 20, 520.0), _TOP + down * _ROW + _FOOT
    low, high = _ends(median)
    parts, numbers, kind = list[Markup](), list[Markup](), kind_of(diagram.claim)
    for row in range(down):
        top = _TOP + (down - 1 - row) * _ROW
        for column in range(across):
            left, value = _LEFT + column * _CELL, float(median[row, column])
            told, shade = "…" if (row, column) in diagram.waiting else "no answer", 0.0
            if not np.isnan(value):
                mark = ABOUT if (row, column) in diagram.interpolated else ""
                told = mark + show(value, kind)
                shade = 0.05 + 0.5 * (value - low) / (high - low) if high > low else 0.2
            box: dict[str, Any] = {"x": left, "y": top, "width": _CELL, "height": _ROW}
            parts += [
                element("rect", **box, class_="shade", fill_opacity=f"{shade:.2f}"),
                element("rect", **box, class_="cell"),
            ]
            below = _below(diagram, row, column)
            numbers += [
                element("text", words, x=left + _CELL / 2, y=top + y_of, class_=name,
                        text_anchor="middle")
                for words, y_of, name in ((told, 15, "number"), (below, 28, "number quiet"))
            ]  # fmt: skip
        parts.append(tick(spaced(y.labels[row]), _LEFT - 8, top + _ROW / 2 + 4, "end"))
    foot = _TOP + down * _ROW
    parts += [
        tick(spaced(label), _LEFT + (k + 0.5) * _CELL, foot + 15)
        for k, label in enumerate(x.labels)
    ]
    parts += [
        element("text", f"across: {named(x)}; upwards: {named(y)}", x=12, y=foot + 36),
        element(
            "text",
            f"{'Circle' if _between(x, y) else 'Frame'}: {setting or 'the case as stated'}. "
            "Dashed: the stated ranges."
            + ("" if diagram.seed is None else " n: draws with an answer.")
            + (f" {diagram.about}." if diagram.about else ""),
            x=12,
            y=foot + 54,
            class_="quiet",
        ),
        *_stated_range(x, y, down),
        *numbers,
        *_base(x, y, down),
    ]
    words = (f"{diagram.show} over {x.name} and {y.name}", _title(diagram), _kind(diagram, setting))
    return styled_picture(width, height, "phase", _STYLE, words, parts, dressed=dressed)


def _stated_range(x: DiagramAxis, y: DiagramAxis, down: int) -> list[Markup]:
    """Draw around the cells whose points lie in both ranges, so that no line meets a number."""
    ends = [_place(x, x.low), _place(x, x.high), _place(y, y.low), _place(y, y.high)]
    if (x.levels and y.levels) or any(end is None for end in ends):
        return []
    left, right, bottom, top = (float(end or 0.0) for end in ends)
    across = math.floor(right + _SLACK) - math.ceil(left - _SLACK) + 1
    tall = math.floor(top + _SLACK) - math.ceil(bottom - _SLACK) + 1
    if min(across, tall) < 1:
        return []
    return [
        element(
            "rect",
            x=_LEFT + math.ceil(left - _SLACK) * _CELL,
            y=_TOP + (down - 1 - math.floor(top + _SLACK)) * _ROW,
            width=across * _CELL,
            height=tall * _ROW,
            class_="range",
        )
    ]


def _base(x: DiagramAxis, y: DiagramAxis, down: int) -> list[Markup]:
    """Mark where all else stands: a frame around a cell, or between cells a circle."""
    across, up = _place(x, x.base), _place(y, y.base)
    if across is None or up is None:
        return []
    if _between(x, y):
        return [
            element(
                "circle",
                cx=_LEFT + (across + 0.5) * _CELL,
                cy=_TOP + (down - 0.5 - up) * _ROW,
                r=7,
                class_=name,
            )
            for name in ("base behind", "base")
        ]
    left, top = _LEFT + round(across) * _CELL, _TOP + (down - 1 - round(up)) * _ROW
    return [
        element(
            "rect",
            x=left + 2,
            y=top + 2,
            width=_CELL - 4,
            height=_ROW - 4,
            rx=8,
            class_="base",
        )
    ]


def _between(x: DiagramAxis, y: DiagramAxis) -> bool:
    places = [_place(x, x.base), _place(y, y.base)]
    return any(place is not None and abs(place - round(place)) > _SLACK for place in places)


def _place(side: DiagramAxis, value: float) -> float | None:
    """Return where a value lies among the grid points; None outside of them."""
    values = np.asarray(side.values)
    slack = 1e-9 * float(np.ptp(values))
    if not values[0] - slack <= value <= values[-1] + slack:
        return None
    return float(np.interp(value, values, np.arange(values.size)))


def _ends(median: np.ndarray) -> tuple[float, float]:
    known = median[~np.isnan(median)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _title(diagram: PhaseDiagram) -> str:
    says = diagram.claim.says
    return diagram.show if says == diagram.show else f"{diagram.show}: {says}"


def _kind(diagram: PhaseDiagram, setting: str) -> str:
    draws = diagram.values.shape[2]
    if diagram.seed is None:
        rest = f"All else as in {setting}." if setting else "All other parameters as stated."
        return f"{diagram.case.title}. {rest}"
    return f"{diagram.case.title}. Median over {draws} draws of all other parameters."


def _below(diagram: PhaseDiagram, row: int, column: int) -> str:
    if (row, column) in diagram.waiting:
        return ""
    word = diagram.words[row][column]
    count = f"n {diagram.counts[row, column]}"
    return word if diagram.seed is None else f"{word} {count}".strip()


def _named(names: Labels, side: DiagramAxis) -> str:
    title = names.title(side.name)
    title = title if title == side.name else f"{title} ({side.name})"
    return f"{title}, {side.unit}" if side.unit else title
