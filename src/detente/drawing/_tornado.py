"""A tornado: how far each input alone moves an answer, the input values at the bars' ends."""

from __future__ import annotations

from math import isnan

from markupsafe import Markup

from detente.drawing._axes import scale
from detente.drawing._svg import element, picture
from detente.study.sensitivity import Tornado
from detente.text import Kind, precise, show

_NAME, _BAR, _END, _ROW, _TOP = 150.0, 300.0, 58.0, 24.0, 22.0


def tornado_figure(tornado: Tornado, kind: Kind) -> Markup:
    """Draw a tornado, longest bar first.

    Parameters
    ----------
    tornado : Tornado
        With at least one bar of some length.
    kind : str
        How answers are printed; see `detente.text.Kind`.
    """
    answers = [tornado.base]
    for bar in tornado.bars:
        answers += [value for value in (bar.at_low, bar.at_high) if not isnan(value)]
    low, high = min(answers), max(answers)
    left = _NAME + _END

    x = scale(low, high, left, left + _BAR)
    height = _TOP + _ROW * len(tornado.bars) + 6.0
    width = left + _BAR + _END
    parts = [
        element("text", show(low, kind), x=left, y=12, class_="tick", text_anchor="middle"),
        element("text", show(high, kind), x=left + _BAR, y=12, class_="tick", text_anchor="middle"),
    ]
    labels = []
    for k, bar in enumerate(tornado.bars):
        middle = _TOP + _ROW * (k + 0.5)
        parts.append(element("text", bar.name, x=4, y=middle + 3.5, class_="value"))
        ends = [(bar.at_low, bar.low), (bar.at_high, bar.high)]
        if any(isnan(value) for value, _ in ends):
            parts.append(element("text", "no answer", x=left, y=middle + 3.5, class_="tick"))
            continue
        ends.sort(key=lambda end: end[0])
        (start, first), (stop, last) = ends
        parts.append(
            element(
                "rect",
                x=x(start),
                y=middle - 7,
                width=max(x(stop) - x(start), 1.0),
                height=14,
                class_="half",
            )
        )
        labels += [
            _value(first, x(start) - 4, middle, "end"),
            _value(last, x(stop) + 4, middle, "start"),
        ]
    base = x(tornado.base)
    parts.append(element("line", x1=base, x2=base, y1=_TOP - 4, y2=height - 4, class_="even"))
    return picture(width, height, "What each input alone does to the answer", parts + labels)


def _value(end: float | str, x: float, y: float, anchor: str) -> Markup:
    words = end if isinstance(end, str) else precise(end)
    return element("text", words, x=x, y=y + 3.5, class_="tick letter", text_anchor=anchor)
