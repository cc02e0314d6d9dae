"""Negated words of likelihood: understood where they can mean one thing only, otherwise refused.

``X not`` ("almost certainly not"), and ``not likely`` and ``not probable``, say of a phrase X above
even odds that its opposite is that likely. They are read as the scale's own term for the opposite:
X with its negation ("unlikely", "improbable", "probably not"), or the term with the complementary
interval. All else is refused: ``not very likely`` may mean very unlikely or anything but very
likely, and the negation of a phrase that says no already ("not impossible") has no upper end.

A hint for a misspelt phrase must not turn its sense round. It is given only where every word is
nearly that of a term but for a prefix, no term of the other side of even odds is about as near, and
the phrase has no sign of a negation that the term lacks. Cost: linear in the terms of the scale.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Protocol, TypeVar


class _Interval(Protocol):
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


_T = TypeVar("_T", bound=_Interval)

_EVEN = 0.5
_LIKE = 0.75
_MARGIN = 0.05
_NEGATIONS = ("not", "no", "never", "doubt", "doubtful", "remote", "slight", "less", "worse")
_ANTONYMS = {"likely": "unlikely", "probable": "improbable"}


def is_negated(words: str) -> bool:
    """Return whether a phrase has a ``not`` other than that of ``more likely than not``."""
    return "not" in words.removesuffix(" than not").removesuffix(" as not").split()


def opposite_of(words: str, terms: Mapping[str, _T]) -> _T | None:
    """Return the term that a negated phrase stands for; None where it cannot mean one thing only.

    Parameters
    ----------
    words : str
        A phrase with one ``not`` or more, spelled as the keys of ``terms``.
    terms : mapping
        The intervals of a scale by phrase.
    """
    before, _, after = (part.strip() for part in f" {words} ".partition(" not "))
    if before and after:
        return None
    phrase = before or after
    if phrase not in terms or terms[phrase].low < _EVEN or (after and after not in _ANTONYMS):
        return None
    low, high = terms[phrase].low, terms[phrase].high
    alike = [
        phrase,
        *(name for name, term in terms.items() if (term.low, term.high) == (low, high)),
    ]
    for name in alike:
        *modifiers, last = name.split()
        for negated in (f"{name} not", " ".join([*modifiers, _ANTONYMS.get(last, "?")])):
            if negated in terms:
                return terms[negated]
    ends = (round(1.0 - high, 9), round(1.0 - low, 9))
    return next((term for term in terms.values() if (term.low, term.high) == ends), None)


def refusal(words: str, terms: Mapping[str, _Interval]) -> str:
    """Return why a negated phrase is not understood; nothing where it is no negation of a term."""
    if not is_negated(words):
        return ""
    bare = [word for word in words.split() if word != "not"]
    term = terms.get(" ".join(bare))
    if term is None:
        return "negates twice" if "not" in words.split() and any(map(_negative, bare)) else ""
    if words.split().count("not") > 1 or term.high < _EVEN:
        return "negates twice"
    if term.low < _EVEN:
        return "negates an even chance"
    return "has no term on this scale" if words.endswith(" not") else "can be read in two ways"


def same_sense(words: str, terms: Mapping[str, _Interval]) -> str:
    """Return the term of which a phrase is a misspelling; nothing where its sense is in doubt."""
    near = []
    for name, term in terms.items():
        pairs = zip(words.split(), name.split(), strict=False)
        if len(words.split()) == len(name.split()) and all(_alike(*pair) for pair in pairs):
            near.append((_ratio(words, name), name, _side(term)))
    if not near:
        return ""
    best, name, side = max(near)
    doubtful = any(other != side and ratio > best - _MARGIN for ratio, _, other in near)
    signs = is_negated(words) + sum(word != "not" and _negative(word) for word in words.split())
    return name if not doubtful and (side == 0 or signs == (side < 0)) else ""


def _negative(word: str) -> bool:
    return word in _NEGATIONS or word.startswith(("un", "im", "in"))


def _alike(one: str, other: str) -> bool:
    """Return whether words are nearly the same, and not one with a prefix of the other's."""
    prefixed = one.endswith(other) or other.endswith(one)
    return one == other or (not prefixed and _ratio(one, other) >= _LIKE)


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _side(term: _Interval) -> int:
    return 1 if term.low >= _EVEN else -1 if term.high <= _EVEN else 0
