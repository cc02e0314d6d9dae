"""Offer against cooperation: how likely the wanted behaviour is along the offers, the zone marked.

A line through the offers tried; where a test is passed and both sides are no worse off than without
a deal, a shaded zone; marks for the price under each test and for the most that the payer gives.
"""

from __future__ import annotations

from markupsafe import Markup

from detente.deals import TEST_WORDS, TESTS, Price
from detente.drawing._axes import grid, scale, tick
from detente.drawing._svg import element, picture, points
from detente.text import precise, show

_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 620.0, 210.0, 46.0, 14.0, 110.0
_GRID = (0.0, 0.25, 0.5, 0.75, 1.0)


def offers_figure(price: Price) -> Markup:
    """Draw one curve of offers.

    Parameters
    ----------
    price : Price
    """
    question = price.question
    tried = [effect for effect in price.effects if effect.possible]
    low, high = price.effects[0].offer, price.effects[-1].offer
    floor = _TOP + _HEIGHT

    x, y = scale(low, high, _LEFT, _LEFT + _WIDTH), scale(0.0, 1.0, floor, _TOP)
    parts = grid([(at, show(at, "share")) for at in _GRID], y, _LEFT, _LEFT + _WIDTH, 6.0)
    for start, stop in price.zone("likely"):
        parts.append(
            element("rect", x=x(start), y=_TOP, width=max(x(stop) - x(start), 2.0),
                    height=_HEIGHT, class_="band50")
        )  # fmt: skip
    aim = y(question.probability)
    parts.append(element("line", x1=_LEFT, x2=_LEFT + _WIDTH, y1=aim, y2=aim, class_="even"))
    curve = [(x(effect.offer), y(effect.probability)) for effect in tried]
    parts.append(element("polyline", points=points(curve), class_="line"))
    parts += [element("circle", cx=a, cy=b, r=2.5, class_="end") for a, b in curve]
    shown = question.levels or [show(low + k / 4 * (high - low), "plain") for k in range(5)]
    for k, words in enumerate(shown):
        at = _LEFT + k / (len(shown) - 1) * _WIDTH
        parts.append(tick(words, at, floor + 14))
    rows: list[tuple[str, tuple[tuple[float, float], ...]]] = [
        (TEST_WORDS[test], price.passes[test].intervals) for test in TESTS
    ]
    rows.append((f"{question.payer} no worse off", price.gains["payer"].intervals))
    for row, (words, spans) in enumerate(rows):
        at = floor + 34 + 20 * row
        parts.append(element("text", words, x=_LEFT, y=at + 3.5, class_="tick"))
        for start, stop in spans:
            a = max(x(start), _LEFT)
            parts.append(
                element("rect", x=a, y=at - 9, width=max(x(stop) - a, 3.0), height=3, class_="half")
            )
        if not spans:
            parts.append(tick("nowhere", _LEFT + _WIDTH, at + 3.5, "end"))
    title = f"{question.want} within {precise(question.horizon)} years, by {question.offer}"
    return picture(_LEFT + _WIDTH + 20, floor + _FOOT, title, parts)


def gains_figure(names: list[str], gains: list[dict[str, float]]) -> Markup:
    """Draw who gains and who loses by each deal: one bar per actor, to the right where it gains.

    Parameters
    ----------
    names : list of str
        Of the deals.
    gains : list of dict
        By deal, each actor's gain.
    """
    actors = list(gains[0])
    most = max((abs(g) for found in gains for g in found.values()), default=1.0) or 1.0
    left, half, row, space = 60.0, 200.0, 13.0, 26.0
    parts, y = [], 6.0
    for name, found in zip(names, gains, strict=True):
        parts.append(element("text", name, x=4, y=y + 9, class_="value"))
        y += 16
        for actor in actors:
            gain = found[actor]
            a = left + half * (1 + min(0.0, gain) / most)
            b = left + half * (1 + max(0.0, gain) / most)
            parts += [
                tick(actor, left - 8, y + 8, "end"),
                element("rect", x=a, y=y, width=max(b - a, 1.0), height=9, class_="half"),
                element(
                    "text", show(gain, "signed"), x=left + 2 * half + 12, y=y + 8, class_="tick"
                ),
            ]
            y += row
        y += space - row
    middle = left + half
    parts.append(element("line", x1=middle, x2=middle, y1=16, y2=y, class_="axis"))
    return picture(
        left + 2 * half + 60, y + 4, "Who gains and who loses by each linked deal", parts
    )
