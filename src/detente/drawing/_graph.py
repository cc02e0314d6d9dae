"""Pictures of a stability analysis: the graph of moves, and the matrix of who holds which state.

Drawn by hand as SVG, so that they need no library and stay sharp in print. States stand on a
circle, an actor's moves have their own line style and letter, equilibria a double border, today's
state a filled circle. Of a large conflict only some states are drawn (see
`detente.drawing._chosen_states`). Cost: the moves from the states drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from string import ascii_uppercase

from markupsafe import Markup

from detente.conflict import Conflict
from detente.drawing._chosen_states import chosen_states, state_names
from detente.drawing._svg import element, picture
from detente.stability import Stability

_DASHES = ("none", "7 3", "2 3", "9 3 2 3", "1 2")
_LINE = 18.0
_RADIUS = 13.0
_WIDE, _NARROW = 11.4, 6.0
_LETTERS = 6.6


def graph_of_moves(stability: Stability, concept: str = "seq") -> Markup:
    """Draw who can move from which state to which.

    Parameters
    ----------
    stability : Stability
    concept : str
        Whose equilibria get a double border.

    Returns
    -------
    Markup
        One SVG element.

    Examples
    --------
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ...     status_quo=(0, 0),
    ... )
    >>> drawing = graph_of_moves(Stability(conflict))
    >>> drawing.count('class="move"'), drawing.count('class="equilibrium"')
    (4, 2)
    """
    conflict = stability.conflict
    states = chosen_states(stability, concept)
    holds = stability.equilibria(concept).reshape(-1)
    today = None if conflict.status_quo is None else conflict.index()
    named = [f"{k}  {words}" for k, words in enumerate(state_names(conflict, states), start=1)]
    ring = max(70.0, min(150.0, len(states) * _WIDE), len(states) * _NARROW)
    key = [f"{_letter(k)}  moves of {actor}" for k, actor in enumerate(conflict.actors)]
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
    content = [*_moves(conflict, places)]
    for k, (state, (x, y)) in enumerate(places.items(), start=1):
        if holds[state]:
            content.append(
                element("circle", class_="equilibrium", cx=x, cy=y, r=_RADIUS + 3, fill="none",
                        stroke="currentColor")
            )  # fmt: skip
        fill, ink = ("#333", "#fff") if state == today else ("#fff", "#000")
        content.append(
            element("circle", class_="state", cx=x, cy=y, r=_RADIUS, fill=fill,
                    stroke="currentColor")
        )  # fmt: skip
        content.append(_label(str(k), x, y + 4, fill=ink, text_anchor="middle"))
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
    total = int(conflict.feasible.sum())
    part = "" if len(states) == total else f", {len(states)} of {total:,} states"
    title = f"Graph of moves{part}; double border: equilibrium under {concept}; filled: today"
    return picture(width, y, title, content)


def stability_matrix(stability: Stability, concept: str = "seq") -> Markup:
    """Draw which state is stable for whom: a filled square where it is, an open one where not.

    Parameters
    ----------
    stability : Stability
    concept : str

    Returns
    -------
    Markup
        One SVG element, a row for each state of `graph_of_moves` in the same order.
    """
    columns, rows = stability_rows(stability, concept)
    named = [f"{k}  {words}" for k, (words, _) in enumerate(rows, start=1)]
    left = max(map(len, named)) * _LETTERS + 20
    steps = [max(len(name) * _LETTERS + 12, 30.0) for name in columns]
    content = []
    for k, name in enumerate(columns):
        x = left + sum(steps[:k])
        content.append(_label(name, x, _LINE))
        for row, (_, holds) in enumerate(rows):
            content.append(
                element("rect", class_="stable" if holds[k] else "unstable", x=x,
                        y=_LINE * (row + 2) - 11, width=12, height=12, stroke="currentColor",
                        fill="currentColor" if holds[k] else "none")
            )  # fmt: skip
    content += [_label(words, 8, _LINE * (row + 2)) for row, words in enumerate(named)]
    title = f"Stable states by actor under {concept}: filled where stable; last column: equilibria"
    return picture(left + sum(steps), _LINE * (len(rows) + 2), title, content)


def stability_rows(
    stability: Stability, concept: str = "seq"
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[bool, ...]], ...]]:
    """Return the stability matrix in words: its columns, and by state whether each holds it."""
    conflict = stability.conflict
    holds = [stability.stable(concept, actor).reshape(-1) for actor in conflict.actors]
    holds.append(stability.equilibria(concept).reshape(-1))
    states = chosen_states(stability, concept)
    rows = tuple(
        (words, tuple(bool(held[state]) for held in holds))
        for state, words in zip(states, state_names(conflict, states), strict=True)
    )
    return (*conflict.actors, "all"), rows


class Drawing:
    """Both pictures of a stability analysis, as notebooks show them.

    Parameters
    ----------
    stability : Stability
    concept : str
        Whose stability and equilibria are shown.
    """

    def __init__(self, stability: Stability, concept: str = "seq") -> None:
        self.concept = concept
        self.graph = graph_of_moves(stability, concept)
        self.matrix = stability_matrix(stability, concept)
        self.columns, self.rows = stability_rows(stability, concept)
        self.whole = len(self.rows) == int(stability.conflict.feasible.sum())

    def _repr_html_(self) -> str:
        return f"<div>{self.graph}</div><div>{self.matrix}</div>"

    def _repr_svg_(self) -> str:
        return self.graph.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _moves(conflict: Conflict, places: dict[int, tuple[float, float]]) -> Iterator[Markup]:
    """Yield a line for each pair of states and actor, with an arrowhead for each way."""
    moves = {state: conflict.moves_from(state) for state in places}
    for k, actor in enumerate(conflict.actors):
        arcs = {(s, t) for s in places for t in moves[s][actor] if t in places}
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
            yield element("g", line + heads + letter, class_="move")


def _head(x: float, y: float, ux: float, uy: float) -> Markup:
    corners = [(x, y), (x - 7 * ux + 3 * uy, y - 7 * uy - 3 * ux),
               (x - 7 * ux - 3 * uy, y - 7 * uy + 3 * ux)]  # fmt: skip
    text = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
    return element("polygon", points=text, fill="currentColor")


def _label(text: str, x: float, y: float, **attributes: str | float) -> Markup:
    return element("text", text, x=x, y=y, font_size=11, **attributes)


def _letter(actor: int) -> str:
    return ascii_uppercase[actor % 26] + (str(actor // 26) if actor >= 26 else "")
