"""Words of estimative probability and the intervals that published scales give them.

The table is ``words.csv`` beside this file, each row with its source and where that was read.
Phrases are compared without case, hyphens or brackets, and ``probably`` counts as ``probable``,
``certainly`` as ``certain``; the bracketed variants of the table may be left out. A row that
``means`` another is a synonym, Kent's own or, where a scale lacks what writers use, ours; the
result then says which term it is read as (`EstimativeWords.nearest`), so that nobody takes the
reading for the scale's own. So it does where a negation was understood (`detente.case._negation`).
Unmarked modals ("will", "might") and what is merely possible have no interval on any scale.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import ClassVar, Literal, get_args

from detente.case._negation import is_negated, opposite_of, refusal, same_sense
from detente.errors import InputError
from detente.text import quote

Scale = Literal["icd203", "kent", "phia", "nato", "ipcc", "efsa"]

SCALES: tuple[str, ...] = get_args(Scale)
"""The scales known, the default first."""

MODALS = frozenset(
    ("will", "would", "shall", "should", "may", "might", "can", "could", "must", "cannot")
)
"""Verbs that state a likelihood without saying which."""

POSSIBLE = frozenset(("possible", "possibly", "conceivable", "perhaps", "maybe"))
"""Words that something can be, without saying how likely; Kent keeps them apart as we do."""


@dataclass(frozen=True, slots=True)
class EstimativeWords:
    """A phrase with the interval of probability that a scale gives it.

    ``nearest`` is the scale's own term when the phrase itself is not on the scale, else empty.
    """

    even: ClassVar[float] = 0.5

    phrase: str
    scale: str
    nearest: str
    low: float
    high: float
    source: str

    @property
    def text(self) -> str:
        """The phrase, the term it is read as, the scale and the interval in per cent."""
        read = f" ~ {self.nearest}" if self.nearest else ""
        return f"{self.phrase}{read} ({self.scale}: {_percent(self.low, self.high)})"


class UnknownWords(InputError):
    """A phrase that has no interval on the scale; ``message`` and ``remedy`` say it apart."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


def phrases(scale: str = "icd203") -> tuple[str, ...]:
    """Return the phrases of a scale, least likely first, as the table has them.

    Examples
    --------
    >>> phrases("nato")
    ('highly unlikely', 'unlikely', 'even chance', 'likely', 'highly likely')
    """
    rows = {words.phrase: words for words in _table(scale).values() if not words.nearest}
    return tuple(sorted(rows, key=lambda phrase: (rows[phrase].low, rows[phrase].high)))


def synonyms(scale: str = "icd203") -> tuple[tuple[str, str], ...]:
    """Return phrases that are read as another of the scale, each with that one.

    Examples
    --------
    >>> ("highly likely", "very likely") in synonyms("icd203")
    True
    """
    rows = {words.phrase: words.nearest for words in _table(scale).values() if words.nearest}
    return tuple(rows.items())


def look_up(phrase: str, scale: str = "icd203") -> EstimativeWords:
    """Find a phrase on a scale.

    Parameters
    ----------
    phrase : str
        In any case; ``probably`` will do for ``probable (probably)``.
    scale : str
        One of `SCALES`.

    Raises
    ------
    UnknownWords
        When the scale is unknown or has no such phrase; the message offers those it has.

    Examples
    --------
    >>> look_up("Probably").text
    'Probably (icd203: 55-80 %)'
    >>> look_up("highly unlikely").text
    'highly unlikely ~ very unlikely (icd203: 5-20 %)'
    >>> look_up("almost certainly not").text
    'almost certainly not ~ almost no chance (icd203: 1-5 %)'
    """
    table, key = _table(scale), _key(phrase)
    found = table.get(key)
    if found is None and is_negated(key):
        found = opposite_of(key, table)
        if found is not None:
            found = replace(found, nearest=found.nearest or found.phrase)
    if found is None:
        raise _unknown(phrase, scale)
    return replace(found, phrase=" ".join(phrase.split()))


def is_phrase(text: str) -> bool:
    """Whether some scale has an interval for these words.

    Examples
    --------
    >>> is_phrase("Likely"), is_phrase("55 to 80 %")
    (True, False)
    """
    for scale in SCALES:
        try:
            look_up(text, scale)
        except UnknownWords:
            continue
        return True
    return False


def _unknown(phrase: str, scale: str) -> UnknownWords:
    table, key = _table(scale), _key(phrase)
    bare = key.removesuffix(" not")
    if bare in {"", *MODALS, *POSSIBLE}:
        what = f"{quote(phrase)} is an unmarked modal" if bare else "there are no words"
        if bare in POSSIBLE:
            what = f"{quote(phrase)} does not say how likely"
        return UnknownWords(
            f"{what}, which has no interval on any scale",
            "give your own reading, such as `expect: [0.8, 1]`, and say why in a note",
        )
    terms = f"{', '.join(phrases(scale))}; or give an interval such as [0.2, 0.45]"
    why = refusal(key, table)
    if why:
        return UnknownWords(f"{quote(phrase)} {why}", f"write the term you mean: {terms}")
    near = same_sense(key, table)
    hint = f"did you mean {quote(table[near].phrase)}? " if near else ""
    having = [other for other in SCALES if other != scale and key in _table(other)]
    if having:
        hint = f"write `scale: {having[0]}`, which has it; "
    return UnknownWords(f"{scale} has no phrase {quote(phrase)}", f"{hint}it has {terms}")


_SPELLINGS = {
    **dict.fromkeys('()[],"-', " "),
    **{"n't": " not", "n\N{RIGHT SINGLE QUOTATION MARK}t": " not"},
}


def _key(phrase: str) -> str:
    bare = phrase.casefold()
    for old, new in _SPELLINGS.items():
        bare = bare.replace(old, new)
    same = {"probably": "probable", "improbably": "improbable", "certainly": "certain"}
    return " ".join(same.get(word, word) for word in bare.split()).removeprefix("is ")


@cache
def _tables() -> Mapping[str, Mapping[str, EstimativeWords]]:
    tables: dict[str, dict[str, EstimativeWords]] = {scale: {} for scale in SCALES}
    text = files("detente.case").joinpath("words.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        table, phrase, means = tables[row["scale"]], row["phrase"], row["means"]
        term = table[_key(means)] if means else None
        low, high = (term.low, term.high) if term else (float(row["low"]), float(row["high"]))
        words = EstimativeWords(phrase, row["scale"], means, low, high, row["source"])
        for spelling in (phrase, phrase.partition("(")[0]):
            table[_key(spelling)] = words
    return tables


def _table(scale: str) -> Mapping[str, EstimativeWords]:
    tables = _tables()
    if scale not in tables:
        raise UnknownWords(f"there is no scale {quote(scale)}", f"use one of {', '.join(SCALES)}")
    return tables[scale]


def _percent(low: float, high: float) -> str:
    return f"{100 * low:g} %" if low == high else f"{100 * low:g}-{100 * high:g} %"
