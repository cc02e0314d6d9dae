"""The names by which documents speak of states, organisations and armed movements.

The table is ``actors.csv`` beside this file, a row an actor: its name in a case, kind, title,
other names, adjectives, seats of power that stand for it, and leaders. A name that several rows
have ("Moscow", "Congo") goes to the one that the document names most otherwise, the first row where
none is. One with a ``?`` ("Kim?") counts only where the document names the actor otherwise. Rows of
kind ``none`` hold phrases that contain a name and name nobody: "South China Sea", "US dollars".

Names are found in one pass over the words: a table by first word, the longest name first. Case
matters ("Turkey", "turkey"). Cost: linear in the words.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from detente.reading._clause import SentenceWords

Form = Literal["name", "adjective", "seat", "leader"]


@dataclass(frozen=True, slots=True)
class KnownActor:
    """An actor of the table."""

    name: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Sense:
    """What a name may stand for; ``sure`` unless it needs another name of the actor beside it."""

    actor: KnownActor
    form: Form
    sure: bool


@dataclass(frozen=True, slots=True)
class Naming:
    """A name found: the words from ``start`` up to ``end``, and what they may stand for."""

    start: int
    end: int
    senses: tuple[Sense, ...]


Names = Mapping[str, Sequence[tuple[tuple[str, ...], tuple[Sense, ...]]]]
"""By first word: the words of each name, longest first, with what it may stand for."""
Settled = Mapping[tuple[Sense, ...], Sense | None]
"""By what a name may stand for: what it does stand for in a document, None for nobody."""


@cache
def known_names() -> Names:
    """Return the names of the table."""
    senses: dict[tuple[str, ...], list[Sense]] = defaultdict(list)
    text = files("detente.reading").joinpath("actors.csv").read_text(encoding="utf-8")
    columns: tuple[tuple[str, Form], ...] = (
        ("names", "name"), ("adjectives", "adjective"), ("seats", "seat"), ("leaders", "leader")
    )  # fmt: skip
    for row in csv.DictReader(text.splitlines()):
        nobody = row["kind"] == "none"
        actor = KnownActor(row["name"], row["kind"], row["title"])
        row["names"] = "|".join(filter(None, (row["title"], row["names"])))
        for column, form in columns:
            for name in filter(None, row[column].split("|")):
                words = SentenceWords(name.removesuffix("?")).words
                found = senses[words]
                if not nobody and actor not in [sense.actor for sense in found]:
                    found.append(Sense(actor, form, not name.endswith("?")))
                if words[0] in {"the", "al"}:
                    senses[(words[0].capitalize(), *words[1:])] = found
    return _by_first_word(senses)


def _by_first_word(senses: Mapping[tuple[str, ...], Iterable[Sense]]) -> Names:
    table = defaultdict(list)
    for words in sorted(senses, key=len, reverse=True):
        table[words[0]].append((words, tuple(senses[words])))
    return dict(table)


def find_names(words: SentenceWords) -> Iterator[Naming]:
    """Yield the names in a sentence, the longest that starts at each word.

    A phrase that names nobody comes with no senses.

    Examples
    --------
    >>> text = SentenceWords("Papua New Guinea and Guinea trade in the South China Sea with China.")
    >>> [" ".join(text.words[one.start : one.end]) for one in find_names(text) if one.senses]
    ['Papua New Guinea', 'Guinea', 'China']
    """
    table, row, place = known_names(), words.words, 0
    while place < len(row):
        for name, senses in table.get(row[place], ()):
            end = place + len(name)
            if row[place:end] == name:
                yield Naming(place, end, senses)
                place = end
                break
        else:
            place += 1


def settle(namings: Iterable[Naming]) -> Settled:
    """Decide for each name with several senses, and each that is not sure, what it stands for.

    Parameters
    ----------
    namings : iterable of Naming
        Those of the entire document.

    Returns
    -------
    Settled
    """
    found = Counter(one.senses for one in namings)
    named = Counter[KnownActor]()
    for senses, count in found.items():
        if len(senses) == 1 and senses[0].sure:
            named[senses[0].actor] += count
    settled: dict[tuple[Sense, ...], Sense | None] = {}
    for senses in found:
        able = [sense for sense in senses if sense.sure or named[sense.actor]]
        settled[senses] = max(able, key=lambda sense: named[sense.actor], default=None)
    return settled
