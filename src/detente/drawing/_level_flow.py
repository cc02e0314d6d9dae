"""The conflict as a map of cells: circles for the time spent in each, arrows for moves between.

The first variable runs across, the second down; with more, further variables are part of the rows.
A circle's area is the share of the time, an arrow's width how often the chain goes that way.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from markupsafe import Markup

from detente.drawing._svg import element, picture, points, short
from detente.explanation import LevelFlow
from detente.text import show, spaced

_STEP_X, _STEP_Y, _LEFT, _TOP = 150.0, 96.0, 150.0, 60.0
_BIGGEST, _SMALLEST, _WIDEST = 30.0, 4.0, 8.0
_LEAST = 0.01
"""Share of the most frequent arrow below which none is drawn."""


def level_map(found: LevelFlow, link: Callable[[int], str] | None = None) -> Markup:
    """Draw a map by levels.

    Parameters
    ----------
    found : LevelFlow
    link : callable, optional
        The address behind a cell, by its number.

    Returns
    -------
    Markup
        One SVG element.

    Examples
    --------
    >>> import detente
    >>> from detente.explanation import level_flow
    >>> solved = detente.load("chicken").conflict().equilibrium()
    >>> level_map(level_flow(solved, ["row.wheel", "col.wheel"], 1.0)).count('class="cell')
    4
    """
    first = found.variables[0]
    across = list(dict.fromkeys(cell[first] for cell in found.cells))
    rows = [
        ", ".join(spaced(level) for name, level in cell.items() if name != first)
        for cell in found.cells
    ]
    down = list(dict.fromkeys(rows))
    places = [
        (_LEFT + across.index(cell[first]) * _STEP_X, _TOP + down.index(row) * _STEP_Y)
        for cell, row in zip(found.cells, rows, strict=True)
    ]
    drawn = [
        element("text", spaced(level), x=_LEFT + k * _STEP_X, y=16, class_="across")
        for k, level in enumerate(across)
    ]
    drawn += [
        element("text", words, x=4, y=_TOP + k * _STEP_Y + 4, class_="down")
        for k, words in enumerate(down)
    ]
    radii = [max(_SMALLEST, _BIGGEST * math.sqrt(share)) for share in found.share.tolist()]
    most = found.arrows[0].times if found.arrows else 1.0
    for arrow in reversed(found.arrows):
        if arrow.times >= _LEAST * most:
            ends = (places[arrow.source], places[arrow.target])
            reach = (radii[arrow.source], radii[arrow.target])
            drawn.append(_arrow(ends, reach, _WIDEST * arrow.times / most))
    for number, ((x, y), radius) in enumerate(zip(places, radii, strict=True)):
        today = " today" if number == found.start else ""
        circle = element("circle", cx=x, cy=y, r=radius, class_=f"cell{today}", data_cell=number)
        share = show(float(found.share[number]), "share")
        label = element("text", share, x=x + radius + 4, y=y - radius * 0.6 - 2, class_="share")
        name = f"{found.words(number)}: {share} of the time"
        content = element("title", name) + circle + label
        drawn.append(content if link is None else _linked(content, link(number), name))
    title = f"Time spent and moves between levels over {show(found.years, 'fine')} years"
    width = _LEFT + len(across) * _STEP_X
    role = "img" if link is None else "group"
    return picture(width, _TOP + len(down) * _STEP_Y, title, drawn, role, class_="levels")


def _linked(content: Markup, address: str, name: str) -> Markup:
    return element("a", content, href=address, aria_label=name)


def _arrow(
    ends: tuple[tuple[float, float], tuple[float, float]],
    reach: tuple[float, float],
    width: float,
) -> Markup:
    (x1, y1), (x2, y2) = ends
    length = math.hypot(x2 - x1, y2 - y1)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    # Bent to its left, so that both ways and cells in between stay visible.
    bend = 0.16 * length
    cx, cy = (x1 + x2) / 2 + bend * uy, (y1 + y2) / 2 - bend * ux
    ax, ay = _towards((x1, y1), (cx, cy), reach[0] + 2)
    bx, by = _towards((x2, y2), (cx, cy), reach[1] + 4 + width)
    hx, hy = _unit(bx - cx, by - cy)
    side = 2.0 + width * 0.8
    tip = (bx + hx * (2 + width), by + hy * (2 + width))
    head = [(bx - hy * side, by + hx * side), tip, (bx + hy * side, by - hx * side)]
    line = element(
        "path",
        d=f"M{short(ax)} {short(ay)} Q{short(cx)} {short(cy)} {short(bx)} {short(by)}",
        class_="flow",
        stroke_width=max(0.6, width),
        fill="none",
    )
    tip_drawn = element("polygon", points=points(head), class_="head")
    return element("g", line + tip_drawn, class_="arrow")


def _towards(
    start: tuple[float, float], end: tuple[float, float], far: float
) -> tuple[float, float]:
    ux, uy = _unit(end[0] - start[0], end[1] - start[1])
    return start[0] + far * ux, start[1] + far * uy


def _unit(x: float, y: float) -> tuple[float, float]:
    length = math.hypot(x, y) or 1.0
    return x / length, y / length
