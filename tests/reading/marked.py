"""Sentences made a document without a reader of files, and their marks."""

from __future__ import annotations

import datetime

from detente.case import sentence_hash
from detente.reading import Document, Sentence, SentenceMarks, mark_sentences


def document_from(
    *sentences: str, date: datetime.date | None = None, notes: tuple[str, ...] = ()
) -> Document:
    """Make a document of one paragraph."""
    row = tuple(Sentence(1, k, text, sentence_hash(text)) for k, text in enumerate(sentences, 1))
    return Document("river", "text", None, None, date, None, None, notes, (), (row,))


def marks_of(text: str, date: datetime.date | None = None) -> SentenceMarks:
    """Mark one sentence."""
    return mark_sentences(document_from(text, date=date))[0]
