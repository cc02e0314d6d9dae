"""Nouns that say what somebody does, after the name of who does it: "the U.S. *withdrawal*".

The table is ``deeds.csv`` beside this file: an option's name, and nouns for it. The noun must end
its phrase: "U.S. sanctions" names one, "U.S. sanctions relief" does not. Cost: a few words a name.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from detente.reading._clause import FUNCTION_WORDS, OWN, SentenceWords, is_adverb
from detente.reading._verb_groups import VerbGroup
from detente.reading._verb_table import NOUNS, has_shape

_FARTHEST = 4


@cache
def _options() -> dict[str, str]:
    text = files("detente.reading").joinpath("deeds.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {noun: row["option"] for row in rows for noun in row["nouns"].split()}


def deed_after(words: SentenceWords, place: int) -> VerbGroup | None:
    """Return what the noun after a name says its bearer does.

    Parameters
    ----------
    words : SentenceWords
    place : int
        The word after the name.

    Returns
    -------
    VerbGroup or None

    Examples
    --------
    >>> deed_after(SentenceWords("Moscow's military support for Damascus grew."), 1).option
    'support'
    >>> deed_after(SentenceWords("Moscow's support group met."), 1) is None
    True
    """
    place += words.at(place) == OWN
    for here in range(place, place + _FARTHEST):
        word = words.at(here)
        if (
            not word.replace("-", "").isalpha()
            or word in FUNCTION_WORDS
            or is_adverb(word)
            or words.is_name(here)
        ):
            return None
        if (option := _options().get(word)) and _ends_phrase(words, here + 1):
            return VerbGroup(word, "base", option, word, False, here + 1)
    return None


def _ends_phrase(words: SentenceWords, place: int) -> bool:
    word = words.at(place)
    return (
        not word.isalpha() or word in FUNCTION_WORDS or is_adverb(word)
        or (word not in NOUNS and has_shape(word, "third", "past", "base"))
    )  # fmt: skip
