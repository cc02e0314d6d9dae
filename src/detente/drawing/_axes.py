"""What drawings with axes share: scales, grid lines and the words beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from markupsafe import Markup

from detente.drawing._svg import element


def scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    """Return the straight line that takes low to start and high to stop.

    Examples
    --------
    >>> scale(0.0, 1.0, 100.0, 20.0)(0.25)
    80.0
    """
    return lambda value: start + (value - low) / (high - low) * (stop - start)


def tick(words: str, x: float, y: float, anchor: str = "middle") -> Markup:
    """Return the words at a mark of an axis."""
    return element("text", words, x=x, y=y, text_anchor=anchor, class_="tick")


def grid(
    lines: Iterable[tuple[float, str]],
    y: Callable[[float], float],
    left: float,
    right: float,
    gap: float = 4.0,
) -> list[Markup]:
    """Return level lines at some values, with their words some way to the left."""
    found = []
    for value, words in lines:
        at = y(value)
        found += [
            element("line", x1=left, x2=right, y1=at, y2=at, class_="grid"),
            tick(words, left - gap, at + 3, "end"),
        ]
    return found
