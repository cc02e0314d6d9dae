"""A small mark for each verdict: five shapes, so that colour is never needed to tell them apart."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from detente.drawing._svg import element

_SIZE = 12
_SHAPES: Mapping[str, tuple[str, Mapping[str, str | float]]] = {
    "agrees": ("circle", {"cx": 6, "cy": 6, "r": 4.5}),
    "stronger": ("path", {"d": "M6 1.2 11 10.6H1Z"}),
    "weaker": ("path", {"d": "M6 10 2 2.4H10Z"}),
    "contradicts": ("path", {"d": "M2 2 10 10M10 2 2 10"}),
    "open": ("circle", {"cx": 6, "cy": 6, "r": 4}),
}
_DASH: tuple[str, Mapping[str, str | float]] = ("path", {"d": "M2 6H10"})


def mark(word: str) -> Markup:
    """Return the mark of a verdict word; a dash where there is no interval or no answer.

    Parameters
    ----------
    word : str

    Returns
    -------
    Markup
        Hidden from screen readers, as the word stands beside it.
    """
    tag, shape = _SHAPES.get(word, _DASH)
    return element(
        "svg",
        element(tag, "", **shape),
        class_=f"mark {word if word in _SHAPES else 'none'}",
        viewBox=f"0 0 {_SIZE} {_SIZE}",
        width=_SIZE,
        height=_SIZE,
        aria_hidden="true",
    )
