"""What ``plot()`` of a result returns: its pictures, with their style, light and dark."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from detente.drawing._svg import element, picture, standalone

_LABEL, _GAP = 15.0, 6.0
_LETTER = 6.6

_STYLE = """
svg.picture { --paper: #ffffff; --ink: #1b1f24; --quiet: #55606b; --rule: #d4d9de;
  --strong-rule: #8b949d; --model: #0072b2; --band90: #d5e7f2; --band50: #8fc0de;
  --expected: #fbe7bd; --edge: #a36a00; background: var(--paper); color: var(--ink);
  fill: var(--ink); font: 11px system-ui, "Segoe UI", Roboto, Arial, sans-serif; max-width: 100%; }
@media (prefers-color-scheme: dark) {
  svg.picture { --paper: #14171a; --ink: #e4e7ea; --quiet: #a4aeb8; --rule: #343b42;
    --strong-rule: #6b757f; --model: #6cbdec; --band90: #1d3a4d; --band50: #2f6587;
    --expected: #493811; --edge: #dba735; }
}
.picture .expected { fill: var(--expected); } .picture .edge { stroke: var(--edge); }
.picture .axis { stroke: var(--strong-rule); } .picture .grid { stroke: var(--rule); }
.picture .even { stroke: var(--ink); stroke-dasharray: 2 2; }
.picture .most { stroke: var(--model); stroke-width: 2; }
.picture .half { fill: var(--band50); stroke: var(--model); }
.picture .median { fill: var(--ink); stroke: var(--paper); }
.picture .tick { fill: var(--quiet); font-size: 9.5px; } .picture .value { font-weight: 600; }
.picture .band90 { fill: var(--band90); stroke: var(--model); stroke-width: .5; }
.picture .band50 { fill: var(--band50); } .picture .end { fill: var(--model); }
.picture .ribbon { stroke-width: .5; } .picture .ribbon:hover { fill-opacity: 1; }
.picture .red-line { stroke: var(--edge); stroke-width: 3; }
.picture .line { fill: none; stroke: var(--model); stroke-width: 1.8; }
"""


class Drawing:
    """The pictures of a result, as notebooks show them; ``str`` gives the first for a file.

    Parameters
    ----------
    *pictures : Markup
        SVG elements; empty ones are left out. One without a style of its own gets that of the page.
    """

    def __init__(self, *pictures: Markup) -> None:
        self.pictures = tuple(_dressed(picture) for picture in pictures if picture)

    def __str__(self) -> str:
        """Return the first picture as SVG, for a file of its own."""
        return str(self.pictures[0]) if self.pictures else ""

    def _repr_html_(self) -> str:
        return "".join(f"<div>{picture}</div>" for picture in self.pictures)

    def _repr_svg_(self) -> str | None:
        return str(self) or None


def stacked(rows: Sequence[tuple[str, Markup]], title: str, across: int = 1) -> Markup:
    """Return drawings below each other, or some side by side, each with words above it.

    Parameters
    ----------
    rows : sequence of (str, Markup)
        Words, and a drawing of the size of all others.
    title : str
    across : int
        How many stand side by side.

    Returns
    -------
    Markup
        Empty where there is no row.
    """
    rows = [(words, drawing) for words, drawing in rows if drawing]
    if not rows:
        return Markup("")
    wide, tall = _size(rows[0][1])
    wide = max(wide, *(len(words) * _LETTER for words, _ in rows)) + _GAP
    tall += _LABEL + _GAP
    parts = []
    for k, (words, drawing) in enumerate(rows):
        x, y = (k % across) * wide, (k // across) * tall
        placed = str(drawing).replace("<svg ", f'<svg x="{x:.1f}" y="{y + _LABEL:.1f}" ', 1)
        parts += [
            element("text", words, x=x + 2, y=y + _LABEL - 4, class_="value"),
            Markup(placed),
        ]
    down = -(-len(rows) // across)
    return picture(wide * min(across, len(rows)), tall * down, title, parts)


def _size(drawing: Markup) -> tuple[float, float]:
    box = str(drawing).partition('viewBox="')[2].partition('"')[0].split()
    return float(box[2]), float(box[3])


def _dressed(drawing: Markup) -> Markup:
    """Return a drawing with a style, and with its name space."""
    text = str(drawing)
    if "<style>" in text:
        return drawing
    head, _, rest = text.partition(">")
    styled = f"{head}><style>{_STYLE}</style>{rest}"
    return standalone(Markup(styled.replace("<svg ", '<svg class="picture" ', 1)))
