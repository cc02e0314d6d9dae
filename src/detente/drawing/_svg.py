"""Writing SVG: elements as escaped markup, coordinates to a tenth of a pixel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from unicodedata import east_asian_width

from markupsafe import Markup, escape

_STYLE = """
svg.NAME { --paper: #ffffff; --ink: #1b1f24; --quiet: #55606b; --model: #0072b2; --edge: #a36a00;
  background: var(--paper); font: 11px system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
@media (prefers-color-scheme: dark) {
  svg.NAME { --paper: #14171a; --ink: #e4e7ea; --quiet: #a4aeb8; --model: #56b4e9;
    --edge: #dba735; }
}
.NAME text { fill: var(--ink); } .NAME .quiet { fill: var(--quiet); font-size: 10px; }
.NAME .title { font-weight: 600; font-size: 13px; }
"""


def element(tag: str, content: Markup | str = "", **attributes: str | float) -> Markup:
    """Return one element; text and attributes are escaped.

    Parameters
    ----------
    tag : str
    content : str or Markup
    **attributes
        ``class_`` gives ``class``, other underscores give hyphens; numbers are shortened.

    Examples
    --------
    >>> print(element("text", "a < b", x=1.04, class_="tick"))
    <text x="1" class="tick">a &lt; b</text>
    """
    head = tag
    for name, value in attributes.items():
        text = escape(value) if isinstance(value, str) else short(value)
        head += f' {_key(name)}="{text}"'
    inner = escape(content)
    return Markup(f"<{head}>{inner}</{tag}>" if inner else f"<{head}/>")


@cache
def _key(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def picture(
    width: float,
    height: float,
    title: str,
    content: Iterable[Markup],
    role: str = "img",
    **attributes: str,
) -> Markup:
    """Return a drawing that says in its title what it shows; one with links is a ``group``."""
    return element(
        "svg",
        element("title", title) + Markup("").join(content),
        viewBox=f"0 0 {short(width)} {short(height)}",
        width=width,
        height=height,
        role=role,
        **attributes,
    )


def standalone(drawing: Markup) -> Markup:
    """Return a drawing as files and notebooks want it: with its name space."""
    # As a plain string: a Markup would escape what it puts in.
    return Markup(str(drawing).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def styled_picture(
    width: float,
    height: float,
    name: str,
    style: str,
    words: Sequence[str],
    content: list[Markup],
    *,
    dressed: bool = True,
) -> Markup:
    """Return a drawing for a file of its own, with its style, light and dark, and a heading.

    Parameters
    ----------
    width, height : float
    name : str
        Its class, ``NAME`` in the rules of style.
    style : str
        Rules beside those that all such drawings have; without any the page has to give all.
    words : sequence of str
        What it shows for those who cannot see it, its heading, and a line under that.
    content : list of Markup
    dressed : bool
        Whether the style is in it; a page that forbids styles of its own parts has it elsewhere.
    """
    title, heading, about = words
    own = [element("style", Markup((_STYLE + style).replace("NAME", name)))] if dressed else []
    head = [
        *own,
        element("text", heading, x=12, y=20, class_="title"),
        element("text", about, x=12, y=37, class_="quiet"),
    ]
    return standalone(picture(width, height, title, [*head, *content], class_=name))


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Return coordinates as polygons and lines want them.

    Examples
    --------
    >>> points([(0.0, 1.25), (2.0, 3.0)])
    '0,1.2 2,3'
    """
    return " ".join(f"{short(x)},{short(y)}" for x, y in pairs)


def clipped(words: str, most: int) -> str:
    """Return words of at most so many letters, the end of longer ones left out.

    Examples
    --------
    >>> clipped("a long name", 7)
    'a long…'
    """
    return words if len(words) <= most else f"{words[: most - 1]}…"


def length(words: str, size: float = 10.0) -> float:
    """Return about how long words are in a drawing, on the safe side.

    Parameters
    ----------
    words : str
    size : float
        Of the type, in pixels.

    Examples
    --------
    >>> length("north") < length("NORTH") < length("\u5317" * 5)
    True
    """
    wide = sum(1.0 if east_asian_width(c) in "WF" else 0.7 if c.isupper() else 0.56 for c in words)
    return wide * size


def short(value: float) -> str:
    """Return a number to one decimal, without a trailing zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
