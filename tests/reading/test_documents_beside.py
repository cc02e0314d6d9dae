"""The essay behind the flagship and six documents, as far as their words of likelihood go.

None of the texts is in the project. Would catch: a rule that reads sentences made for tests and
loses real ones. What was read by hand stands below: the claims by the flagship's anchors, its
worded likelihoods by place, and how many sentences of each document say that something is unlikely.
"""

from __future__ import annotations

import re

import pytest

import detente
from beside import DATA, ESSAY, needs
from detente.reading import mark_sentences

DOCUMENTS = DATA / "documents"
pytestmark = needs(ESSAY, DOCUMENTS)

WORDED = {
    "1.2": ("probably not", "kent", True),
    "2.1": ("unlikely", "icd203", True),
    "2.3": ("unlikely", "icd203", True),
    "4.3": ("never in the cards", "icd203", True),
    "6.3": ("unlikely", "icd203", True),
    "6.4": ("highly unlikely", "icd203", True),
    "8.1": ("most likely", "icd203", False),
}
UNLIKELY = {
    "congress_2007-07-11_gregg_withdrawal_iraq.md": 0,
    "frus_snie_11-10-61_berlin_tactics.txt": 7,
    "odni_2018_middle_east.txt": 3,
    "odni_2021_conflicts_afghanistan_india_pakistan_middle_east.txt": 2,
    "odni_2021_iran.txt": 0,
    "odni_2023_china_taiwan.txt": 1,
}
PLAIN = re.compile(r"(?<!more )\b(?:probably|(?:un)?likely|almost certainly|undoubtedly)\b", re.I)


def test_the_essay() -> None:
    """All sentences that the flagship's claims point at are claims, and all words are found."""
    from detente.reading import read_document

    marks = {one.sentence.hash: one for one in mark_sentences(read_document(ESSAY))}
    anchored = {claim.where.hash for claim in detente.load("peninsula").claims if claim.where}
    assert sum(marks[found].is_claim for found in anchored) >= 0.9 * len(anchored)
    worded = {
        one.sentence.place: (words.phrase, words.scale, words.negated)
        for one in marks.values()
        for words in one.likelihoods
    }
    assert worded == WORDED


@pytest.mark.parametrize(("name", "unlikely"), UNLIKELY.items())
def test_a_document(name: str, unlikely: int) -> None:
    from detente.reading import read_document

    marks = mark_sentences(read_document(DOCUMENTS / name))
    worded = [one for one in marks if PLAIN.search(one.sentence.text)]
    found = [one for one in worded if one.likelihoods and one.is_claim]
    assert len(found) >= 0.9 * len(worded)
    assert sum(any(words.negated for words in one.likelihoods) for one in marks) == unlikely
