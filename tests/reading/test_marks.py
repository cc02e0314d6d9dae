"""What holds of the marks of any text: places, time, and a document's order.

Would catch: a span that is not where it says, a rule whose time grows with the square of the text,
an error for a text that nobody would write.
"""

from __future__ import annotations

import datetime
import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import look_up
from detente.reading import SentenceMarks, mark_sentences
from reading.marked import document_from, marks_of

PIECES = (
    "the dam", "will", "probably", "not", "no longer", "neither", "nor", "likely", "unlikely",
    "almost certainly", "cannot", "can't", "won’t", "if", "unless", "should", "were", "to", "that",
    "which", "we believe", "we do not believe", "Beijing thinks", "the chances of", "are", "slim",
    "by 2030", "within six months", "in May", "this decade", "because", "without", "“", "”", "\"",
    ",", ";", " - ", "—", "(", ")", ".", "?", "'", "’", "…", "ß", "İ", "\N{COMBINING ACUTE ACCENT}",
    "No", "May", "had", "a will", "better than even", "not impossible", "never in the cards",
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map(" ".join),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join),
    st.text(min_size=1, max_size=80),
)
DATES = st.none() | st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))


def spans_of(marks: SentenceMarks):
    yield from (words.span for words in marks.likelihoods)
    yield from marks.modals
    yield from marks.cues
    if marks.antecedent is not None:
        yield marks.antecedent
    if marks.horizon is not None:
        yield marks.horizon.span


@settings(max_examples=int(os.environ.get("DETENTE_FUZZ", "100")), deadline=None)
@given(TEXTS, DATES)
def test_a_span_is_where_it_says(text: str, date: datetime.date | None) -> None:
    marks = marks_of(text, date)
    for span in spans_of(marks):
        assert text[span.start : span.end] == span.text != ""
    for words in marks.likelihoods:
        known = look_up(words.phrase, words.scale)
        assert (words.low, words.high) == (known.low, known.high)
        assert words.negated == (words.high < 0.5)
    if marks.horizon is not None and marks.horizon.start and marks.horizon.end:
        assert marks.horizon.start <= marks.horizon.end


def test_sentences_are_marked_in_their_order() -> None:
    document = document_from("It will fail.", "It may hold.", "It held.")
    assert [marks.sentence for marks in mark_sentences(document)] == list(document.sentences())


@pytest.mark.parametrize(
    "unit",
    [
        "if ", "probably will not ", "it is likely that he will ", "that which ", "by 2030 ",
        "within the next ", "the chances of the ", "had the, ", "should the ", "a, ", "'' ",
        "Beijing believes that ", "without ", "x", "is very low ", "no ", " ", "(", "in 12 ",
        "can", "n't", "-", "were the, ", "no side is likely and ",
    ],
)  # fmt: skip
def test_time_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    """Sixteen times the text takes about sixteen times the time; with its square 256 times."""
    seconds = []
    for size in (1_000, 16_000):
        document = document_from((unit * (size // len(unit) + 1))[:size])
        best = float("inf")
        for _ in range(2):
            start = time.perf_counter()
            mark_sentences(document)
            best = min(best, time.perf_counter() - start)
        seconds.append(best)
    assert seconds[1] < 80 * max(seconds[0], 5e-4)


def test_a_very_long_sentence_is_marked_in_seconds() -> None:
    """A quarter of a megabyte; a whole one where ``DETENTE_FUZZ`` asks for the long tests."""
    clause = "If the old dam, now weak, will probably not hold by 2030, we doubt it will. "
    start = time.perf_counter()
    assert marks_of(clause * (13_000 if "DETENTE_FUZZ" in os.environ else 3_250)).likelihoods
    assert time.perf_counter() - start < 60
