"""Who trades with whom: actors round a circle, ribbons as wide as what a pair gains by exchanges.

An arc is as long as what its actor gains by its own exchanges. A ribbon is as wide at each end as
what the actor there gains by those of the pair: at equal gain, one width. Who trades with nobody is
named below the circle. Labels are moved along it as little as keeps them apart. Cost: linear in
pairs times exchanges.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from detente.bargaining import PositionExchanges, TradeMap, trade_map
from detente.drawing._svg import clipped, element, length, picture, short
from detente.text import plural, show

_RADIUS, _EACH, _RING, _OUT = 110.0, 6.0, 9.0, 14.0
"""Of the circle, and how much an actor adds; width of an arc; from there to a label."""
_LINE, _LONGEST, _MARGIN, _TYPE = 14.0, 26, 12.0, 10.5
_GAP, _MOST_GAPS = 0.05, 2.0
"""Between two arcs, in radians, and all of them together."""
_FAINTEST, _STRONGEST = 0.3, 0.95

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Circle:
    x: float
    y: float
    radius: float

    def at(self, angle: float, out: float = 0.0) -> tuple[float, float]:
        """Return the point at an angle, clockwise from the top, some way outside."""
        far = self.radius + out
        return self.x + far * math.sin(angle), self.y - far * math.cos(angle)

    def words(self, angle: float, out: float = 0.0) -> str:
        return " ".join(map(short, self.at(angle, out)))


def chord_figure(exchanges: PositionExchanges) -> Markup:
    """Draw who trades with whom.

    Parameters
    ----------
    exchanges : PositionExchanges

    Returns
    -------
    Markup
        One SVG element; empty where no exchange is made.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table, exchange
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1), "c": (50, 1, 1)},
    ...     "fund": {"a": (100, 0.2, 1), "b": (0, 0.9, 1)},
    ... }
    >>> drawn = chord_figure(exchange(bargaining_table(cells)))
    >>> drawn.count("half ribbon"), drawn.count("<text")
    (1, 3)
    """
    trades = trade_map(exchanges)
    if not trades.pairs:
        return Markup("")
    everybody = exchanges.table.actors
    each = dict(zip(everybody, trades.gains.sum(axis=1).tolist(), strict=True))
    traders = {actor for pair in trades.pairs for actor in pair.actors}
    gains = {actor: gain for actor, gain in each.items() if actor in traders}
    actors = list(gains)
    radius = _RADIUS + _EACH * len(actors)
    labels = {actor: f"{clipped(actor, _LONGEST)} {show(gains[actor], 'fine')}" for actor in actors}
    around = _angles(gains)
    heights = _label_heights(around, radius + _OUT)
    wide = radius + _OUT + max(length(label, _TYPE) for label in labels.values())
    tall = max(radius, *map(abs, heights.values())) + _LINE
    circle = _Circle(wide + _MARGIN, tall, radius)
    drawn = _ribbons(exchanges, trades, around, circle)
    for actor in actors:
        said = (
            f"{actor}: gain {show(gains[actor], 'fine')} by its own exchanges, "
            f"{show(exchanges.gain(actor), 'signed')} by all"
        )
        drawn += _arc(labels[actor], said, around[actor], heights[actor], circle)
    alone = [clipped(actor, _LONGEST) for actor in everybody if actor not in actors]
    below = wrap(f"no exchange: {', '.join(alone)}", int(0.16 * wide)) if alone else []
    drawn += [
        element("text", line, x=_MARGIN, y=2 * tall + _LINE * (k + 0.5), class_="tick")
        for k, line in enumerate(below)
    ]
    title = (
        f"Who trades with whom: {plural(len(actors), 'actor')}, "
        f"{plural(len(trades.pairs), 'pair')}; a ribbon is as wide as what each of its two gains, "
        f"the widest is that of {trades.pairs[0]}"
    )
    return picture(2 * circle.x, 2 * tall + _LINE * (len(below) + bool(below)), title, drawn)


def _angles(gains: Mapping[str, float]) -> dict[str, Ends]:
    gap = min(_GAP, _MOST_GAPS / len(gains))
    share = (2 * math.pi - gap * len(gains)) / sum(gains.values())
    found, at = {}, gap / 2
    for actor, gain in gains.items():
        found[actor] = (at, at + share * gain)
        at = found[actor][1] + gap
    return found


def _half(ends: Ends) -> float:
    return (ends[0] + ends[1]) / 2


def _label_heights(around: Mapping[str, Ends], far: float) -> dict[str, float]:
    """Return how far each label stands below the middle; those of one side are a line apart."""
    found: dict[str, float] = {}
    for right in (True, False):
        wished = {
            actor: -far * math.cos(_half(ends))
            for actor, ends in around.items()
            if (_half(ends) < math.pi) == right
        }
        order = sorted(wished, key=lambda actor: wished[actor])
        found |= dict(zip(order, _apart([wished[actor] for actor in order]), strict=True))
    return found


def _apart(wished: Sequence[float]) -> list[float]:
    """Return rising heights at least a line apart, as near as can be to those wished for."""
    blocks: list[tuple[float, int]] = []
    for k, height in enumerate(wished):
        total, count = height - k * _LINE, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, more = blocks.pop()
            total, count = total + before, count + more
        blocks.append((total, count))
    level = [total / count for total, count in blocks for _ in range(count)]
    return [height + k * _LINE for k, height in enumerate(level)]


def _ribbons(
    exchanges: PositionExchanges, trades: TradeMap, around: Mapping[str, Ends], circle: _Circle
) -> list[Markup]:
    """Return the ribbons, widest first, so that narrow ones lie on top."""
    actors, ends = list(around), dict[tuple[str, str], Ends]()
    gains = {pair.actors: pair.gains[0] for pair in trades.pairs}
    gains |= {pair.actors[::-1]: pair.gains[1] for pair in trades.pairs}
    share = sum(stop - start for start, stop in around.values()) / sum(gains.values())
    for k, actor in enumerate(actors):
        at = around[actor][0]
        # Those next on the left come first, so that ribbons of one arc do not cross.
        for other in (actors[k - step] for step in range(1, len(actors))):
            wide = share * gains.get((actor, other), 0.0)
            ends[actor, other] = (at, at + wide)
            at += wide
    most, found = trades.pairs[0].gain, []
    for pair in trades.pairs:
        made = [str(one) for one in exchanges.made if set(one.givers) == set(pair.actors)]
        strength = _FAINTEST + (_STRONGEST - _FAINTEST) * pair.gain / most
        found.append(
            element(
                "path",
                element("title", "\n".join([str(pair), *made])),
                d=_ribbon(ends[pair.actors], ends[pair.actors[::-1]], circle),
                class_="half ribbon",
                fill_opacity=f"{strength:.2f}",
            )
        )
    return found


def _ribbon(one: Ends, other: Ends, circle: _Circle) -> str:
    places = [circle.words(angle, -_RING - 1) for angle in (*one, *other)]
    far = short(circle.radius - _RING - 1)
    bow, through = f"A{far} {far} 0 0 1", f"Q{short(circle.x)} {short(circle.y)}"
    a, b, c, d = places
    return f"M{a} {bow} {b} {through} {c} {bow} {d} {through} {a}Z"


def _arc(label: str, said: str, ends: Ends, height: float, circle: _Circle) -> list[Markup]:
    """Return an arc, a line to its label, and that."""
    far, near = short(circle.radius), short(circle.radius - _RING)
    outside, inside = ([circle.words(angle, out) for angle in ends] for out in (0.0, -_RING))
    path = (
        f"M{outside[0]} A{far} {far} 0 0 1 {outside[1]} "
        f"L{inside[1]} A{near} {near} 0 0 0 {inside[0]}Z"
    )
    side = 1.0 if _half(ends) < math.pi else -1.0
    x = circle.x + side * math.sqrt(max((circle.radius + _OUT) ** 2 - height**2, 36.0))
    y = circle.y + height
    start = circle.at(_half(ends), 1.0)
    return [
        element("path", element("title", said), d=path, class_="end"),
        element("line", x1=start[0], y1=start[1], x2=x - 3 * side, y2=y, class_="axis"),
        element(
            "text", label, x=x, y=y + 4, class_="value", text_anchor="start" if side > 0 else "end"
        ),
    ]
