"""Who stands where on each issue, and where models put the outcome: a scale line an issue.

Above a line are the actors, in circles whose area goes with their weight; below it the outcomes,
the reference point and the red lines. A tick marks a point of the scale that has a meaning. Each
mark has its own shape and its name beside it, so that no key is needed. Names are flags: each
begins at its mark and lies in the lowest row that is free to its right, so that no name covers
another and no line crosses one. Cost: the square of the marks of an issue.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from markupsafe import Markup

from detente.bargaining import BargainingOutcome, BargainingTable
from detente.drawing._axes import scale, tick
from detente.drawing._svg import clipped, element, length, picture, points
from detente.text import listed, plural, show

_LEFT, _WIDE, _ROW, _HEAD, _FOOT = 40.0, 480.0, 12.0, 22.0, 18.0
_BIGGEST, _SMALLEST = 10.0, 2.5
_LONGEST, _TYPE, _SPACE = 46, 9.5, 12.0
_WORDS, _LINES = 100, 4
"""Letters of a line of text, and lines of what the points of a scale mean."""
_LEADS = {"actor": "grid", "outcome": "grid", "reference": "even", "red line": "grid"}
"""The line that leads to a name, by kind of mark."""

Line = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class _Flag:
    """A mark on a scale, what it is called, and what its tooltip says."""

    at: float
    kind: str
    words: str
    said: str = ""


def positions_figure(table: BargainingTable, outcomes: Sequence[BargainingOutcome] = ()) -> Markup:
    """Draw who stands where on each issue.

    Parameters
    ----------
    table : BargainingTable
    outcomes : sequence of BargainingOutcome, optional
        Of models, marked below the line.

    Returns
    -------
    Markup
        One SVG element.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table, compromise
    >>> table = bargaining_table({"cut": {"north": (100, 1, 2), "south": (0, 1, 1)}}, {"cut": 50})
    >>> drawn = positions_figure(table, [compromise(table)])
    >>> drawn.count("<circle"), drawn.count("reference point 50"), drawn.count("compromise 66.7")
    (2, 1, 1)
    """
    drawn, top = [], 0.0
    most = float(table.weight.max()) or 1.0
    right = 0.0
    for k in range(len(table.issues)):
        parts, tall, wide = _issue(table, k, outcomes, most)
        drawn.append(element("g", Markup("").join(parts), transform=f"translate(0 {top:.0f})"))
        top, right = top + tall, max(right, wide)
    title = (
        f"Positions of {plural(len(table.actors), 'actor')} on "
        f"{plural(len(table.issues), 'issue')}; circles go with weight"
    )
    if outcomes:
        title += f"; below each line the outcomes of {plural(len(outcomes), 'model')}"
    return picture(max(right, _LEFT + _WIDE + _LEFT), top, title, drawn)


def _issue(
    table: BargainingTable, k: int, outcomes: Sequence[BargainingOutcome], most: float
) -> tuple[list[Markup], float, float]:
    """Return the drawing of one issue, its height, and how far it reaches to the right."""
    low, high = map(float, table.scale[k])
    x = scale(low, high, _LEFT, _LEFT + _WIDE)
    above, across = _rows(_gathered(_stands(table, k)), x)
    below, further = _rows(_gathered(_marks(table, k, outcomes)), x)
    meaning = table.meaning(table.issues[k])
    lines = wrap(meaning, _WORDS, max_lines=_LINES, placeholder="…")
    head = _HEAD + _ROW * len(lines)
    line = head + _ROW * (1 + max(above.values(), default=0)) + _BIGGEST
    parts = [element("text", clipped(table.issues[k], _WORDS), x=4, y=14, class_="value")]
    for row, words in enumerate(lines):
        said = element("title", meaning) + words
        parts.append(element("text", said, x=4, y=27 + _ROW * row, class_="tick"))
    parts += [
        tick(show(low, "fine"), _LEFT - 14, line + 3, "end"),
        element("line", x1=_LEFT, x2=_LEFT + _WIDE, y1=line, y2=line, class_="axis"),
        tick(show(high, "fine"), _LEFT + _WIDE + 14, line + 3, "start"),
        *(
            element("line", x1=x(at), x2=x(at), y1=line - 4, y2=line + 4, class_="axis")
            for at in table.points.get(table.issues[k], ())
        ),
    ]
    for flag, row in above.items():
        parts += _flag(flag, x(flag.at), line, line - _BIGGEST - 7 - _ROW * row)
    for flag, row in below.items():
        parts += _flag(flag, x(flag.at), line, line + _BIGGEST + 8 + _ROW * row)
    parts += _circles(table, k, x, (line, most))
    bottom = line + _BIGGEST + _ROW * (1 + max(below.values(), default=0)) + _FOOT
    return parts, bottom, max(across, further)


def _stands(table: BargainingTable, k: int) -> Iterable[_Flag]:
    for i in np.flatnonzero(table.party[:, k]):
        yield _Flag(float(table.position[i, k]), "actor", table.actors[i])


def _marks(
    table: BargainingTable, k: int, outcomes: Sequence[BargainingOutcome]
) -> Iterable[_Flag]:
    for found in outcomes:
        if not np.isnan(found.outcome[k]):
            yield _Flag(float(found.outcome[k]), "outcome", found.model)
    if not np.isnan(table.reference[k]):
        yield _Flag(float(table.reference[k]), "reference", "reference point")
    for i in np.flatnonzero(~np.isnan(table.red_line[:, k]) & table.party[:, k]):
        yield _Flag(float(table.red_line[i, k]), "red line", f"red line of {table.actors[i]}")


def _gathered(flags: Iterable[_Flag]) -> list[_Flag]:
    """Return the flags from left to right, those of one kind at one printed place as one."""
    found: dict[tuple[str, str], list[_Flag]] = {}
    for flag in flags:
        found.setdefault((flag.kind, show(flag.at, "fine")), []).append(flag)
    gathered = []
    for (kind, place), there in found.items():
        words = f"{', '.join(flag.words for flag in there)} {place}"
        if len(words) > _LONGEST:
            more = f" and {len(there) - 1} more" if len(there) > 1 else ""
            words = f"{clipped(there[0].words, _LONGEST - len(more))}{more} {place}"
        said = f"{listed([flag.words for flag in there])} at {place}"
        gathered.append(_Flag(there[0].at, kind, words, said))
    return sorted(gathered, key=lambda flag: flag.at)


def _rows(flags: Sequence[_Flag], x: Line) -> tuple[dict[_Flag, int], float]:
    """Return the row of each flag, 0 next to the line, and how far they reach to the right."""
    free: list[float] = []
    found, right = {}, 0.0
    for flag in reversed(flags):
        start = x(flag.at)
        stop = start + length(flag.words, _TYPE) + _SPACE
        row = next((k for k, end in enumerate(free) if stop <= end), len(free))
        # Rows nearer to the line are taken as well, by the line that leads to this one.
        free[: row + 1] = [start] * (row + 1)
        found[flag] = row
        right = max(right, stop)
    return found, right


def _flag(flag: _Flag, x: float, line: float, y: float) -> list[Markup]:
    """Return the line from a mark to its name, a small shape of its kind, and the name."""
    words = element(
        "text", element("title", flag.said) + flag.words, x=x + 5, y=y + 3, class_="tick"
    )
    lead = element("line", x1=x, x2=x, y1=line, y2=y, class_=_LEADS[flag.kind])
    if flag.kind == "outcome":
        corners = points([(x, y - 4), (x + 3.5, y + 3), (x - 3.5, y + 3)])
        return [lead, element("polygon", points=corners, class_="median"), words]
    if flag.kind == "reference":
        corners = points([(x, y - 4), (x + 4, y), (x, y + 4), (x - 4, y)])
        return [lead, element("polygon", points=corners, class_="half"), words]
    if flag.kind == "red line":
        bar = element("line", x1=x, x2=x, y1=line - _BIGGEST, y2=line + _BIGGEST, class_="red-line")
        return [lead, bar, words]
    return [lead, words]


def _circles(
    table: BargainingTable, k: int, x: Line, place: tuple[float, float]
) -> Iterable[Markup]:
    """Give the circles of the actors, large ones first, so that small ones lie on top."""
    line, most = place
    there = np.flatnonzero(table.party[:, k])
    for i in sorted(there, key=lambda i: -table.weight[i, k]):
        weight = float(table.weight[i, k])
        said = ", ".join(
            f"{name} {show(float(part[i, k]), 'fine')}"
            for name, part in (
                ("position", table.position),
                ("salience", table.salience),
                ("capability", table.capability),
            )
        )
        yield element(
            "circle", element("title", f"{table.actors[i]}: {said}"), cx=x(table.position[i, k]),
            cy=line, r=max(_SMALLEST, _BIGGEST * math.sqrt(weight / most)), class_="half",
            fill_opacity="0.6",
        )  # fmt: skip
