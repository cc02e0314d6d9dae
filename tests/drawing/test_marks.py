"""Each verdict has a mark of its own, so that colour is never needed to tell two apart."""

from __future__ import annotations

from detente.claims import NO_WORD, OPEN
from detente.claims._verdict import WORDS
from detente.drawing import mark


def test_no_two_words_share_a_mark() -> None:
    marks = {str(mark(word)) for word in (*WORDS, OPEN, NO_WORD)}
    assert len(marks) == len(WORDS) + 2
