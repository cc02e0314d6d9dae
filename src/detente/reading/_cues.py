"""Tables of words that give a sentence away, and where they stand in it.

A table is a CSV file beside this one: the words, what they are a sign of, and ``verb`` where the
first word is a verb, whose regular forms count too. The longest words that fit win. The small
classes of words that rules of grammar need stand together in ``grammar.csv``. Cost: linear in the
sentence; a word of it starts few rows of a table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from detente.reading._tokens import Tokens, tokens_of


@dataclass(frozen=True, slots=True)
class Cue:
    """Words ``start`` to ``end`` of a sentence, and what the table says they are a sign of."""

    start: int
    end: int
    sign: str


@dataclass(frozen=True, slots=True)
class CueTable:
    """Rows of words by their first word, longest first."""

    rows: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]

    def find(self, tokens: Tokens) -> tuple[Cue, ...]:
        """Return the words of the table in a sentence, none inside another."""
        found, at = [], 0
        while at < len(tokens):
            cue = self.find_at(tokens, at)
            if cue is not None:
                found.append(cue)
            at = cue.end if cue is not None else at + 1
        return tuple(found)

    def find_at(self, tokens: Tokens, at: int) -> Cue | None:
        """Return the longest row that begins at a word of a sentence."""
        for words, sign in self.rows.get(tokens.words[at], ()):
            end = at + len(words)
            if tokens.words[at:end] == words and tokens.joined(at, end):
                return Cue(at, end, sign)
        return None


def table_of(rows: Iterable[tuple[str, str]]) -> CueTable:
    """Make a table of words and what they are a sign of.

    Examples
    --------
    >>> table_of([("will", "future")]).find(tokens_of("It will hold."))
    (Cue(start=1, end=2, sign='future'),)
    """
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for text, sign in rows:
        words = tokens_of(text).words
        found.setdefault(words[0], {})[words] = sign
    return CueTable(
        {
            first: tuple(sorted(group.items(), key=lambda row: -len(row[0])))
            for first, group in found.items()
        }
    )


@cache
def cue_table(name: str) -> CueTable:
    """Return a table of this folder by the name of its file."""
    text = files("detente.reading").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = []
    for row in csv.DictReader(text.splitlines()):
        first, _, rest = row["words"].partition(" ")
        forms = _verb_forms(first) if row["form"] == "verb" else [first]
        rows += [(f"{form} {rest}".strip(), row["sign"]) for form in forms]
    return table_of(rows)


@cache
def word_class(name: str) -> frozenset[str]:
    """Return the words of a class of ``grammar.csv``.

    Examples
    --------
    >>> "might" in word_class("modal verbs")
    True
    """
    return frozenset(_grammar()[name].split())


@cache
def _grammar() -> dict[str, str]:
    text = files("detente.reading").joinpath("grammar.csv").read_text(encoding="utf-8")
    return {row["class"]: row["words"] for row in csv.DictReader(text.splitlines())}


def _verb_forms(verb: str) -> list[str]:
    """Return a regular verb with its forms.

    Examples
    --------
    >>> _verb_forms("rely")
    ['rely', 'relies', 'relied', 'relying']
    """
    third, past, stem = f"{verb}s", f"{verb}ed", verb
    if verb.endswith("e"):
        past, stem = f"{verb}d", verb[:-1]
    elif verb.endswith("y") and verb[-2] not in "aeou":
        third, past = f"{verb[:-1]}ies", f"{verb[:-1]}ied"
    elif verb.endswith(("s", "sh", "ch", "x")):
        third = f"{verb}es"
    return [verb, third, past, f"{stem}ing"]
