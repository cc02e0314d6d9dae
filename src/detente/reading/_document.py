"""A document as the reader sees it: numbered paragraphs of sentences, and what is known of it.

Whatever kind of file a document comes in, it is first made a clean text: furniture (headings, page
numbers, stamps, footnotes) taken out, lines and broken words joined, a blank line between
paragraphs. Paragraphs and sentences are then counted as the case format counts them
(`detente.case.paragraphs`), so an anchor into the clean text is one that `detente check --sources`
finds again. Cost: linear in the text.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from detente.case import Anchor
from detente.text import Result, plural
from detente.values import plain


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document.

    Attributes
    ----------
    paragraph, number : int
        The paragraph, and the sentence in it, counted from 1.
    text : str
    hash : str
        As in `detente.case.Anchor`.
    """

    paragraph: int
    number: int
    text: str
    hash: str

    @property
    def place(self) -> str:
        """Paragraph and sentence in short: ``3.2``."""
        return f"{self.paragraph}.{self.number}"

    def anchor(self, source: str) -> Anchor:
        """Return the pointer at this sentence in a source of a case."""
        return Anchor(source, self.paragraph, self.number, self.hash)


@dataclass(frozen=True)
class Document(Result):
    """A document that was read.

    Attributes
    ----------
    name : str
        Name of the file.
    kind : str
        ``pdf``, ``word``, ``html``, ``markdown`` or ``text``.
    title, author, publisher, address : str or None
        Where the document says so.
    date : date or None
        Day of publication, where the document says so.
    notes : tuple of str
        What was found beside the text and left out of it: stamps, footnotes, what a reader should
        know of how the file was read.
    headings : tuple of (int, str)
        Each heading with the number of the paragraph that it stands before.
    paragraphs : tuple of tuple of Sentence
        Never empty.
    """

    name: str
    kind: str
    title: str | None
    author: str | None
    date: datetime.date | None
    publisher: str | None
    address: str | None
    notes: tuple[str, ...]
    headings: tuple[tuple[int, str], ...]
    paragraphs: tuple[tuple[Sentence, ...], ...]

    @cached_property
    def text(self) -> str:
        """The clean text: a line a paragraph, a blank line between two."""
        rows = (" ".join(sentence.text for sentence in row) for row in self.paragraphs)
        return "\n\n".join(rows) + "\n"

    def sentences(self) -> Iterator[Sentence]:
        """Yield the sentences in the order of the text."""
        for row in self.paragraphs:
            yield from row

    def __str__(self) -> str:
        """Return what the document says of itself, and its size."""
        known = [
            f"{name}: {value}"
            for name in ("title", "author", "date", "publisher", "address")
            if (value := getattr(self, name))
        ]
        count = sum(map(len, self.paragraphs))
        size = f"{plural(len(self.paragraphs), 'paragraph')}, {plural(count, 'sentence')}"
        return "\n".join([f"{self.name} ({self.kind}): {size}", *known, *self.notes])

    def to_dict(self) -> dict[str, Any]:
        """Return the document ready for JSON."""
        return {name: plain(getattr(self, name)) for name in self.__dataclass_fields__}
