"""An answer as a bar: median, 50 % and 90 % ranges over draws, on the interval that was expected.

Probabilities share one scale from 0 to 1 so that bars compare down a column; other answers get a
scale of their own that always includes zero. There an interval with one bound runs on to the edge.
"""

from __future__ import annotations

import math
from functools import lru_cache

from markupsafe import Markup

from detente.case import OneSidedBound
from detente.claims import Verdict, show_beside, show_expected
from detente.drawing._axes import scale
from detente.drawing._svg import element, picture, points
from detente.text import Kind, show, show_range

_WIDTH, _HEIGHT, _MARGIN, _MIDDLE = 184.0, 26.0, 5.0, 13.0
_POINT = 0.01
"""Room beside the ends of a difference, so that what is as good as zero is drawn at zero."""
_REMEMBERED = 256
"""Lines that are written once: axes and edges, which are the same at every answer to a claim."""


def range_bar(verdict: Verdict, kind: Kind, stated: float | None = None) -> Markup:
    """Draw where the answers to a claim lie.

    Parameters
    ----------
    verdict : Verdict
    kind : str
        How the answers are printed; see `detente.text.Kind`.
    stated : float, optional
        One answer to mark before those of the draws; of a verdict over one draw nothing else is
        marked then.

    Returns
    -------
    Markup
        Empty where no draw has an answer.
    """
    if verdict.draws == 0:
        return Markup("")
    low, high = _ends(verdict, kind, stated)
    along = scale(low, high, _MARGIN, _WIDTH - _MARGIN)

    def x(value: float) -> float:
        return along(min(max(value, low), high))

    drawn = []
    interval = _interval(verdict, kind)
    if interval:
        left, right = map(x, interval)
        if right - left < 3.0:
            left, right = min(left, _WIDTH - _MARGIN - 3.0), max(right, left + 3.0)
        drawn.append(element("rect", x=left, y=3, width=right - left, height=20, class_="expected"))
        ends = zip(interval, (left, right), strict=True)
        drawn += [_upright(at, 3, 23, "edge") for value, at in ends if math.isfinite(value)]
    drawn.append(_level(x(low), x(high), "axis"))
    drawn += [_upright(x(end), _MIDDLE - 3, _MIDDLE + 3, "axis") for end in (low, high)]
    divide = 0.5 if kind == "share" else 0.0
    if kind != "truth":
        drawn.append(_upright(x(divide), 1, 25, "even"))
    if stated is None or verdict.draws > 1:
        drawn.append(_level(x(verdict.most[0]), x(verdict.most[1]), "most"))
        left, right = x(verdict.half[0]), x(verdict.half[1])
        wide = max(right - left, 0.5)
        drawn.append(element("rect", x=left, y=9, width=wide, height=8, class_="half"))
        at = x(verdict.median)
        drawn.append(element("rect", x=at - 1.5, y=5, width=3, height=16, class_="median"))
    if stated is not None:
        at = x(stated)
        corners = points([(at, 7), (at + 6, 13), (at, 19), (at - 6, 13)])
        drawn.append(element("polygon", points=corners, class_="stated"))
    return picture(_WIDTH, _HEIGHT, _title(verdict, kind, stated), drawn)


def _ends(verdict: Verdict, kind: Kind, stated: float | None) -> tuple[float, float]:
    if kind in {"share", "truth"}:
        return 0.0, 1.0
    ends = [0.0, *verdict.most] if stated is None else [0.0, *verdict.most, stated]
    ends += [end for end in _interval(verdict, kind) if math.isfinite(end)]
    low, high = min(ends), max(ends)
    room = max(0.08 * (high - low), _POINT if kind == "points" else 0.0) or 1.0
    return low - room, high + room


def _interval(verdict: Verdict, kind: Kind) -> tuple[float, ...]:
    """Return the ends of what the claim expects, without those that nobody stated."""
    expect = verdict.claim.expect
    if expect is None:
        return ()
    if isinstance(expect, OneSidedBound) and kind not in {"share", "truth"}:
        return (-math.inf, expect.end) if "<" in expect.sign else (expect.end, math.inf)
    return expect.low, expect.high


def _title(verdict: Verdict, kind: Kind, stated: float | None) -> str:
    parts = [] if stated is None else [show(stated, kind)]
    if stated is None or verdict.draws > 1:
        parts.append(f"median {show_beside(verdict.claim, verdict.median)}")
        parts.append(f"90 % of draws {show_range(*verdict.most, kind)}")
    text = f"{verdict.claim.id}: {', '.join(parts)}"
    if verdict.claim.expect is not None:
        text += f", expected {show_expected(verdict.claim.expect, kind)}"
    return text


@lru_cache(_REMEMBERED)
def _level(left: float, right: float, name: str) -> Markup:
    return element("line", x1=left, x2=right, y1=_MIDDLE, y2=_MIDDLE, class_=name)


@lru_cache(_REMEMBERED)
def _upright(x: float, top: float, bottom: float, name: str) -> Markup:
    return element("line", x1=x, x2=x, y1=top, y2=bottom, class_=name)
