"""Where the draws that a condition leaves lie: a histogram of all of them, those left filled in."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from detente.drawing._svg import element, picture
from detente.values import Bools, Floats

_WIDTH, _HEIGHT, _BINS = 240.0, 40.0, 24
"""Pixels, and bars of a histogram."""


def draws_left(values: Floats, left: Bools, title: str, bins: int | None = None) -> Markup:
    """Draw how draws lie along a value, and which of them are left.

    Parameters
    ----------
    values : ndarray, (draws,)
        nan where a draw has none.
    left : ndarray of bool, (draws,)
    title : str
        What is shown, for those who cannot see it.
    bins : int, optional
        Bars; for values that are the numbers of levels, one a level.
    """
    known = ~np.isnan(values)
    low, high = (float(values[known].min()), float(values[known].max())) if known.any() else (0, 1)
    if bins is not None:
        low, high = -0.5, bins - 0.5
    count = bins or _BINS
    ends = (low, high if high > low else low + 1.0)
    everything, _ = np.histogram(values[known], count, ends)
    remaining, _ = np.histogram(values[known & left], count, ends)
    tallest, wide = max(int(everything.max()), 1), _WIDTH / count
    drawn = []
    for heights, name in ((everything, "draws-all"), (remaining, "draws-left")):
        for place, number in enumerate(heights):
            tall = (_HEIGHT - 2.0) * number / tallest
            if number:
                x, y = place * wide + 0.5, _HEIGHT - 1.0 - tall
                bar = element("rect", x=x, y=y, width=wide - 1.0, height=tall, class_=name)
                drawn.append(bar)
    y = _HEIGHT - 0.5
    drawn.append(element("line", x1=0, x2=_WIDTH, y1=y, y2=y, class_="axis"))
    return picture(_WIDTH, _HEIGHT, title, drawn)
