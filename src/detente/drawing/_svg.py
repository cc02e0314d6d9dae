"""Writing SVG: elements as escaped markup, coordinates to a tenth of a pixel."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape


def element(tag: str, content: Markup | str = "", **attributes: str | float) -> Markup:
    """Return one element; text and attributes are escaped.

    Parameters
    ----------
    tag : str
    content : str or Markup
    **attributes
        ``class_`` gives ``class``, other underscores give hyphens; numbers are shortened.

    Returns
    -------
    Markup

    Examples
    --------
    >>> print(element("text", "a < b", x=1.04, class_="tick"))
    <text x="1" class="tick">a &lt; b</text>
    """
    parts = [tag]
    for name, value in attributes.items():
        key = name.rstrip("_").replace("_", "-")
        text = value if isinstance(value, str) else short(value)
        parts.append(f'{key}="{escape(text)}"')
    head = " ".join(parts)
    inner = escape(content)
    return Markup(f"<{head}>{inner}</{tag}>" if inner else f"<{head}/>")


def picture(width: float, height: float, title: str, content: Iterable[Markup]) -> Markup:
    """Return a drawing that says in its title what it shows."""
    return element(
        "svg",
        element("title", title) + Markup("").join(content),
        viewBox=f"0 0 {short(width)} {short(height)}",
        width=width,
        height=height,
        role="img",
    )


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Return coordinates as polygons and lines want them.

    Examples
    --------
    >>> points([(0.0, 1.25), (2.0, 3.0)])
    '0,1.2 2,3'
    """
    return " ".join(f"{short(x)},{short(y)}" for x, y in pairs)


def short(value: float) -> str:
    """Return a number to one decimal, without a trailing zero."""
    text = f"{value:.1f}"
    return {"-0.0": "0"}.get(text, text.removesuffix(".0"))
