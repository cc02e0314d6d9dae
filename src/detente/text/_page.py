"""Pages made fit for any text that a case may hold.

Names and sentences of a case stand in English sentences beside numbers. Where they are written from
right to left they would turn what is beside them around, so each run of such letters is isolated
(``<bdi>``, Unicode Standard Annex 9); a word without end would widen the page, so it may break;
what cannot be seen is shown by its code point. The page is walked once, its tags and styles left as
they are; doing it twice changes nothing. Cost: linear in the page, and a search where there is
nothing to do.
"""

from __future__ import annotations

import re

from detente.text._hidden import printable

_LETTER = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_WITHIN = rf"{_LETTER}\u0300-\u036f\u200c\u200d'’\s-"
_RIGHT_TO_LEFT = re.compile(f"[{_LETTER}](?:[{_WITHIN}]*[{_LETTER}])?")
_LONG = re.compile(r"(?:&[#\w]{1,10};|[^\s&<>]){81,}")
_PIECE = re.compile(r"(?:&[#\w]{1,10};|[^\s&<>]){1,30}")
_TAG = re.compile(r"""(<!--.*?-->|<(?:"[^"]*"|'[^']*'|[^<>"'])*>)""", re.DOTALL)
_NAME = re.compile(r"<(/?)([a-zA-Z]+)")
_PLAIN = {"style", "script", "title", "textarea", "option", "noscript"}
"""Elements that hold no other elements."""


def fit_page(html: str) -> str:
    r"""Return HTML in which no text turns others around, widens the page or hides.

    Parameters
    ----------
    html : str
        A page or a part of one, everything that is text in it escaped.

    Examples
    --------
    >>> fit_page("<p>\u05d0\u05d1 12 %</p>") == "<p><bdi>\u05d0\u05d1</bdi> 12 %</p>"
    True
    >>> fit_page("<p>" + "a" * 90 + "</p>").count("<wbr>")
    2
    >>> print(fit_page("<p>\u202e</p>"))
    <p>\u202e</p>
    """
    html = printable(html)
    if not (_RIGHT_TO_LEFT.search(html) or _LONG.search(html)):
        return html
    parts = _TAG.split(html)
    around: list[str] = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            parts[place] = _fitted(part, around)
        elif found := _NAME.match(part):
            _follow(found[1] == "/", found[2].lower(), part.endswith("/>"), around)
    return "".join(parts)


def _follow(closes: bool, name: str, closed: bool, around: list[str]) -> None:
    """Remember the elements that matter around the text to come."""
    if name not in {*_PLAIN, "bdi", "svg"} or closed:
        return
    if not closes:
        around.append(name)
    elif name in around:
        del around[len(around) - 1 - around[::-1].index(name) :]


def _fitted(text: str, around: list[str]) -> str:
    if not _PLAIN.isdisjoint(around):
        return text
    figure = "svg" in around
    if not figure:
        text = _LONG.sub(lambda word: "<wbr>".join(_PIECE.findall(word[0])), text)
    if "bdi" in around:
        return text
    isolated = r'<tspan unicode-bidi="isolate">\g<0></tspan>' if figure else r"<bdi>\g<0></bdi>"
    return _RIGHT_TO_LEFT.sub(isolated, text)
