"""Words of estimative probability and the intervals that published scales give them.

The table is ``words.csv`` beside this file, each row with its source. Phrases are compared without
case, hyphens or the bracketed variants of the table, and ``probably`` counts as ``probable``,
``certainly`` as ``certain``. A few phrases that a scale lacks but writers use are read as its
nearest term; the result then says so (`EstimativeWords.nearest`), so that nobody takes the reading
for the scale's own. Unmarked modals ("will", "might") have no interval on any scale.

The nearest terms are ours: ICD 203 sorts modifiers as very = highly, and "probably not" is the
negation of "probably", its term on the other side of even odds.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import ClassVar, Literal, get_args

from detente.errors import InputError
from detente.text import nearest, quote

Scale = Literal["icd203", "kent", "phia", "nato", "ipcc", "efsa"]

SCALES: tuple[str, ...] = get_args(Scale)
"""The scales known, the default first."""

NEAREST: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "icd203": {
            "highly unlikely": "very unlikely",
            "very improbable": "very unlikely",
            "probably not": "improbable (improbably)",
            "most likely": "likely",
            "highly likely": "very likely",
            "very probable": "very likely",
        },
    }
)
"""Phrases that a scale lacks, with the term of the scale that they are read as."""

MODALS = frozenset(
    ("will", "would", "shall", "should", "may", "might", "can", "could", "must", "cannot")
)
"""Verbs that state a likelihood without saying which."""


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
    rows = sorted(_table(scale).values(), key=lambda words: (words.low, words.high))
    return tuple(words.phrase for words in rows)


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
    """
    table = _table(scale)
    key = _key(phrase)
    if key in table:
        found, read_as = table[key], ""
    else:
        others = {_key(alias): term for alias, term in NEAREST.get(scale, {}).items()}
        if key not in others:
            raise _unknown(phrase, scale)
        found = table[_key(others[key])]
        read_as = found.phrase
    return replace(found, phrase=" ".join(phrase.split()), nearest=read_as)


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
    if phrase.lower().removesuffix(" not").strip() in {"", *MODALS}:
        what = f"{quote(phrase)} is an unmarked modal" if phrase.strip() else "there are no words"
        return UnknownWords(
            f"{what}, which has no interval on any scale",
            "give your own reading, such as `expect: [0.8, 1]`, and say why in a note",
        )
    near = nearest(phrase, phrases(scale))
    hint = f"did you mean {quote(near)}? " if near else ""
    return UnknownWords(
        f"{scale} has no phrase {quote(phrase)}",
        f"{hint}it has {', '.join(phrases(scale))}; or give an interval such as [0.2, 0.45]",
    )


def _key(phrase: str) -> str:
    bare = phrase.partition("(")[0] if "(" in phrase else phrase
    words = bare.casefold().replace("-", " ").split()
    same = {"probably": "probable", "improbably": "improbable", "certainly": "certain"}
    return " ".join(same.get(word, word) for word in words)


@cache
def _tables() -> Mapping[str, Mapping[str, EstimativeWords]]:
    tables: dict[str, dict[str, EstimativeWords]] = {scale: {} for scale in SCALES}
    text = files("detente.case").joinpath("words.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        tables[row["scale"]][_key(row["phrase"])] = EstimativeWords(
            row["phrase"], row["scale"], "", float(row["low"]), float(row["high"]), row["source"]
        )
    return tables


def _table(scale: str) -> Mapping[str, EstimativeWords]:
    tables = _tables()
    if scale not in tables:
        raise UnknownWords(f"there is no scale {quote(scale)}", f"use one of {', '.join(SCALES)}")
    return tables[scale]


def _percent(low: float, high: float) -> str:
    return f"{100 * low:g} %" if low == high else f"{100 * low:g}-{100 * high:g} %"
