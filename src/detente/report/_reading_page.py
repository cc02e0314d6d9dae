"""The page of a draft: the document with its claims marked in it, and what became no claim.

Marks are told by words and shape, colour only repeats them: a claim by its id and kind, words of
likelihood by their interval, modals by a dotted line, a condition by italics. Cost: linear in the
document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import detente
from detente.reading import Draft, Sentence, SentenceMarks
from detente.report._page import fill
from detente.text import show_range


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """Words of a sentence between two places where a mark begins or ends.

    ``kinds`` are the classes of the marks they stand in; ``interval`` is that of the words of
    likelihood that end here.
    """

    text: str
    kinds: str
    interval: str


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence as pieces, with the claims that it gives."""

    place: str
    kind: str
    claims: tuple[str, ...]
    pieces: tuple[MarkedPiece, ...]


def render_reading(draft: Draft) -> str:
    """Return the page of a draft as HTML.

    Parameters
    ----------
    draft : Draft

    Returns
    -------
    str
        A whole page; everything that comes from the document is escaped.
    """
    claims: dict[Sentence, list[str]] = {}
    for claim in draft.claims:
        claims.setdefault(claim.marks.sentence, []).append(claim.id)
    marks = {found.sentence: found for found in draft.marks}
    paragraphs = [
        [_marked(marks[sentence], tuple(claims.get(sentence, ()))) for sentence in row]
        for row in draft.document.paragraphs
    ]
    headings: dict[int, list[str]] = {}
    for before, text in draft.document.headings:
        headings.setdefault(before, []).append(text)
    return fill(
        "reading.html.j2",
        document=draft.document,
        summary=draft.summary,
        paragraphs=paragraphs,
        headings=headings,
        remaining=draft.remaining,
        version=detente.__version__,
    )


def _marked(marks: SentenceMarks, claims: tuple[str, ...]) -> MarkedSentence:
    return MarkedSentence(marks.sentence.place, marks.kind, claims, tuple(_pieces(marks)))


def _pieces(marks: SentenceMarks) -> Iterator[MarkedPiece]:
    text = marks.sentence.text
    spans = [(modal.start, modal.end, "modal") for modal in marks.modals]
    for words in marks.likelihoods:
        kind = "likelihood less" if words.negated else "likelihood"
        spans.append((words.span.start, words.span.end, kind))
    if marks.antecedent is not None:
        spans.append((marks.antecedent.start, marks.antecedent.end, "condition"))
    if marks.horizon is not None:
        spans.append((marks.horizon.span.start, marks.horizon.span.end, "horizon"))
    intervals = {
        words.span.end: show_range(words.low, words.high, "share") for words in marks.likelihoods
    }
    cuts = sorted({0, len(text), *(end for span in spans for end in span[:2])})
    for start, end in pairwise(cuts):
        kinds = [kind for first, last, kind in spans if first <= start and end <= last]
        yield MarkedPiece(text[start:end], " ".join(kinds), intervals.get(end, ""))
