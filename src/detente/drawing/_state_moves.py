"""What can happen next at a state: a line to each state that a move leads to, and what deters it.

Three columns: here, after one move, and the reply that deters an improvement. A line is as wide as
the move is frequent, has the dashes of its mover, and is full where the move is an improvement.
States can be links, so that one walks along the moves.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from detente.drawing._svg import element, picture, short
from detente.explanation import StateMove, StateMoves
from detente.text import show

DASHES = ("none", "7 3", "2 3", "9 3 2 3", "1 2")
"""By number of the actor; conditions have the last."""
_ROW, _LEFT, _MIDDLE = 24.0, 20.0, 230.0
_WIDEST, _LETTER = 7.0, 6.9

Link = Callable[[StateMove], str]


def moves_figure(
    found: StateMoves, words: Callable[[StateMove], str], link: Link | None = None
) -> Markup:
    """Draw the moves from a state.

    Parameters
    ----------
    found : StateMoves
    words : callable
        What a move is called beside its line.
    link : callable, optional
        The address behind a move; without it nothing is a link.

    Returns
    -------
    Markup
        One SVG element.

    Examples
    --------
    >>> import detente
    >>> from detente.explanation import moves_from_state
    >>> found = moves_from_state(detente.load("chicken").conflict().equilibrium())
    >>> moves_figure(found, lambda move: move.step.words).count('class="line')
    2
    """
    height = max(2.0, len(found.moves)) * _ROW + 30
    middle = (height + 16) / 2
    movers = list(found.stable)
    fastest = max((move.rate for move in found.moves), default=1.0)
    labels = [f"{words(move)}  {show(move.rate, 'fine')}" for move in found.moves]
    replies = _MIDDLE + _LETTER * max(34, *map(len, labels), 0)
    width = replies + _LETTER * max(26, *(len(move.reply) for move in found.moves), 0)
    drawn = [
        _text("here", _LEFT, 12, "heading"),
        _text("one move, and how often a year", _MIDDLE, 12, "heading"),
        _text("the reply that deters it", replies, 12, "heading"),
    ]
    for k, (move, named) in enumerate(zip(found.moves, labels, strict=True)):
        y = 36 + k * _ROW
        number = movers.index(move.step.actor) if move.step.actor else len(movers)
        line = element(
            "path",
            d=f"M{short(_LEFT + 12)} {short(middle)} C{short(_LEFT + 110)} {short(middle)} "
            f"{short(_MIDDLE - 110)} {short(y)} {short(_MIDDLE - 8)} {short(y)}",
            class_=f"line mover-{number}",
            stroke_width=max(0.7, _WIDEST * move.rate / fastest),
            stroke_dasharray=DASHES[min(number, len(DASHES) - 1)] if move.step.actor else "1 2",
            fill="none",
        )
        label = _text(named, _MIDDLE, y + 4, "label")
        if link is not None:
            label = element("a", label, href=link(move))
        content = line + label
        if move.reply:
            content += _text(move.reply, replies, y + 4, "reply")
        better = " better" if move.better else ""
        drawn.append(element("g", content, class_=f"move{better}"))
    drawn.append(element("circle", cx=_LEFT + 6, cy=middle, r=8, class_="here"))
    title = f"Moves from this state, {found.concept}: wide lines are frequent"
    role = "img" if link is None else "group"
    return picture(width, height, title, drawn, role, class_="moves")


def _text(words: str, x: float, y: float, name: str) -> Markup:
    return element("text", words, x=x, y=y, class_=name)
