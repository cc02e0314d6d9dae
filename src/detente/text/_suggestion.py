"""Hints for a word that is not known: what the writer most likely meant, or what there is.

Names that nearly match are found with `difflib` from the standard library, at a cost linear in
the number of candidates.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_SHOWN = 8
_LONGEST = 40


def quote(text: str) -> str:
    """Return the text in quotes, cut when long, fit for a message.

    Examples
    --------
    >>> quote("china.enforce")
    "'china.enforce'"
    """
    return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def listing(names: Iterable[str]) -> str:
    """Return the names in one line, the first few when there are many.

    Examples
    --------
    >>> listing(["lax", "strict"])
    'lax, strict'
    """
    names = list(names)
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def article(noun: str) -> str:
    """Return the noun with its article.

    Examples
    --------
    >>> article("issue"), article("level")
    ('an issue', 'a level')
    """
    return ("an " if noun[0] in "aeio" else "a ") + noun


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Return the candidate the writer most likely meant, or an empty text.

    Examples
    --------
    >>> nearest("enforce", ["us.offer", "china.enforce"])
    'china.enforce'
    >>> nearest("something else", ["us.offer", "china.enforce"])
    ''
    """
    names = list(dict.fromkeys(candidates))
    by_last_part = [name for name in names if name.rpartition(".")[2] == word.lower()]
    if by_last_part:
        return by_last_part[0]
    close = difflib.get_close_matches(word.lower(), names, 1, 0.6)
    if close:
        return close[0]
    last_parts = {name.rpartition(".")[2]: name for name in reversed(names)}
    close = difflib.get_close_matches(word.lower().rpartition(".")[2], last_parts, 1, 0.75)
    return last_parts[close[0]] if close else ""


def suggestion(word: str, candidates: Iterable[str], what: str) -> str:
    """Return a remedy for a word that is none of the candidates.

    Examples
    --------
    >>> suggestion("strct", ["lax", "strict"], "level")
    "did you mean 'strict'?"
    >>> suggestion("harsh", ["lax", "strict"], "level")
    'use a level: lax, strict'
    >>> suggestion("harsh", [], "level")
    'there is no level to use here'
    """
    names = list(candidates)
    best = nearest(word, names)
    if best:
        return f"did you mean {quote(best)}?"
    return f"use {article(what)}: {listing(names)}" if names else f"there is no {what} to use here"


def among(word: object, names: Iterable[str], otherwise: str = "there are") -> str:
    """Return what to write for a word that is none of the names: the nearest, or all of them.

    Examples
    --------
    >>> among("strct", ["lax", "strict"]), among("harsh", ["lax", "strict"])
    ('did you mean strict', 'there are lax, strict')
    """
    names = list(names)
    near = difflib.get_close_matches(str(word), names, 1)
    return f"did you mean {near[0]}" if near else f"{otherwise} {', '.join(names)}"
