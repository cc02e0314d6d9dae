"""Pictures of a stability analysis: the graph of moves, and the matrix of who holds which state.

Drawn by hand as SVG, so that they need no library and stay sharp in print. States stand on a
circle, an actor's moves have their own line style and letter, equilibria a double border, today's
state a filled circle. Which states are drawn is chosen before: see `detente.analysis.move_graph`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from string import ascii_uppercase

from markupsafe import Markup

from detente.analysis import MoveGraph, move_graph
from detente.drawing._drawing import Drawing
from detente.drawing._svg import element, picture
from detente.stability import Stability

_DASHES = ("none", "7 3", "2 3", "9 3 2 3", "1 2")
_LINE = 18.0
_RADIUS = 13.0
_RING, _NARROW = 225.0, 6.0
_CLEAR = 22.0
"""How far a state stands out from the line between its neighbours, which must not touch it."""
_LETTERS = 6.6


def graph_of_moves(graph: MoveGraph, title_of: Callable[[str], str] = str) -> Markup:
    """Draw who can move from which state to which.

    Parameters
    ----------
    graph : MoveGraph
        Its equilibria get a double border.
    title_of : callable, optional
        What an actor is called in the key; by its name when left out.

    Returns
    -------
    Markup
        One SVG element.

    Examples
    --------
    >>> from detente.conflict import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ...     status_quo=(0, 0),
    ... )
    >>> drawing = graph_of_moves(move_graph(Stability(conflict)))
    >>> drawing.count('class="move"'), drawing.count('class="equilibrium"')
    (4, 2)
    """
    states = graph.states
    named = _numbered(graph)
    bulge = 1.0 - math.cos(2 * math.pi / len(states))
    ring = max(70.0, min(_RING, _CLEAR / bulge if bulge else 0.0), len(states) * _NARROW)
    key = [f"{_letter(k)}  moves of {title_of(actor)}" for k, actor in enumerate(graph.arcs)]
    wide = max(map(len, [*named, *key])) * _LETTERS + 40
    width = max(2 * (ring + 30), wide)
    centre = (width / 2, ring + 30)
    places = {
        state: (
            centre[0] + ring * math.sin(2 * math.pi * k / len(states)),
            centre[1] - ring * math.cos(2 * math.pi * k / len(states)),
        )
        for k, state in enumerate(states)
    }
    moves = [*_moves(graph, places)]
    content = [line for line, _ in moves] + [letter for _, letter in moves]
    for k, (state, (x, y)) in enumerate(places.items()):
        if graph.stable[k, -1]:
            content.append(
                element("circle", class_="equilibrium", cx=x, cy=y, r=_RADIUS + 3, fill="none",
                        stroke="currentColor")
            )  # fmt: skip
        fill, ink = ("#333", "#fff") if state == graph.today else ("#fff", "#000")
        content.append(
            element("circle", class_="state", cx=x, cy=y, r=_RADIUS, fill=fill,
                    stroke="currentColor")
        )  # fmt: skip
        content.append(_label(str(k + 1), x, y + 4, fill=ink, text_anchor="middle"))
    y = 2 * (ring + 30) + _LINE
    for k, words in enumerate(key):
        content.append(
            element("line", x1=8, y1=y - 4, x2=32, y2=y - 4, stroke="currentColor",
                    stroke_dasharray=_DASHES[k % len(_DASHES)])
        )  # fmt: skip
        content.append(_label(words, 40, y))
        y += _LINE
    for words in named:
        content.append(_label(words, 8, y))
        y += _LINE
    part = "" if graph.complete else f", {len(states)} of {graph.feasible:,} states"
    title = f"Graph of moves{part}; double border: equilibrium under {graph.concept}; filled: today"
    return picture(width, y, title, content)


def stability_matrix(graph: MoveGraph) -> Markup:
    """Draw which state is stable for whom: a filled square where it is, an open one where not.

    Parameters
    ----------
    graph : MoveGraph

    Returns
    -------
    Markup
        One SVG element, a row for each state of `graph_of_moves` in the same order.
    """
    named = _numbered(graph)
    left = max(map(len, named)) * _LETTERS + 20
    columns = (*graph.arcs, "all")
    steps = [max(len(name) * _LETTERS + 12, 30.0) for name in columns]
    content = []
    for k, name in enumerate(columns):
        x = left + sum(steps[:k])
        content.append(_label(name, x, _LINE))
        for row, holds in enumerate(graph.stable[:, k]):
            content.append(
                element("rect", class_="stable" if holds else "unstable", x=x,
                        y=_LINE * (row + 2) - 11, width=12, height=12, stroke="currentColor",
                        fill="currentColor" if holds else "none")
            )  # fmt: skip
    content += [_label(words, 8, _LINE * (row + 2)) for row, words in enumerate(named)]
    title = (
        f"Stable states by actor under {graph.concept}: filled where stable; last column: "
        "equilibria"
    )
    return picture(left + sum(steps), _LINE * (len(named) + 2), title, content)


def stability_drawing(stability: Stability, concept: str = "seq") -> Drawing:
    """Return both pictures of a stability analysis.

    Parameters
    ----------
    stability : Stability
    concept : str
        Whose stability and equilibria are shown.
    """
    graph = move_graph(stability, concept)
    return Drawing(graph_of_moves(graph), stability_matrix(graph))


def _numbered(graph: MoveGraph) -> list[str]:
    return [f"{k}  {words}" for k, words in enumerate(graph.names, start=1)]


def _moves(
    graph: MoveGraph, places: dict[int, tuple[float, float]]
) -> Iterator[tuple[Markup, Markup]]:
    """Yield by pair of states and actor a line, with an arrowhead for each way, and its letter."""
    for k, arcs in enumerate(graph.arcs.values()):
        for s, t in sorted(arcs):
            if (t, s) in arcs and t < s:
                continue
            (x1, y1), (x2, y2) = places[s], places[t]
            length = math.hypot(x2 - x1, y2 - y1)
            ux, uy = (x2 - x1) / length, (y2 - y1) / length
            gap = _RADIUS + 4
            heads = _head(x2 - gap * ux, y2 - gap * uy, ux, uy)
            if (t, s) in arcs:
                heads += _head(x1 + gap * ux, y1 + gap * uy, -ux, -uy)
            line = element(
                "line", x1=x1 + gap * ux, y1=y1 + gap * uy, x2=x2 - gap * ux, y2=y2 - gap * uy,
                stroke="currentColor", stroke_dasharray=_DASHES[k % len(_DASHES)],
            )  # fmt: skip
            share = 0.4 + 0.06 * k
            letter = _label(
                _letter(k), x1 + share * (x2 - x1) + 6 * uy, y1 + share * (y2 - y1) - 6 * ux + 4,
                text_anchor="middle", class_="letter",
            )  # fmt: skip
            yield element("g", line + heads, class_="move"), letter


def _head(x: float, y: float, ux: float, uy: float) -> Markup:
    corners = [(x, y), (x - 7 * ux + 3 * uy, y - 7 * uy - 3 * ux),
               (x - 7 * ux - 3 * uy, y - 7 * uy + 3 * ux)]  # fmt: skip
    text = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
    return element("polygon", points=text, fill="currentColor")


def _label(text: str, x: float, y: float, **attributes: str | float) -> Markup:
    return element("text", text, x=x, y=y, font_size=11, **attributes)


def _letter(actor: int) -> str:
    return ascii_uppercase[actor % 26] + (str(actor // 26) if actor >= 26 else "")
