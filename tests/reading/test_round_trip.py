"""The clean text, read again as `detente check --sources` reads it, has the same sentences.

Would catch: a draft whose anchors do not lead to their sentences.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beside import DATA, ESSAY, SHARED, needs
from detente.case import find_anchors, paragraphs, sentence_hash, sentences
from detente.errors import InputError
from detente.reading import Document, document_of, read_document
from detente.reading._cleaning import clean
from detente.reading._plain import read_plain

MARKS = r"# ## * ** _ - • > | --- === ``` <!-- --> ![ ]( [ ) 1. (a) 1 [1] ² ’ \" ' (x) …"
PIECES = st.sampled_from(
    [
        *MARKS.split(),
        *("\n", "\n\n", "\t", "\f", "\r\n", "\x85", "\xad", "\u202e", "\uf0b7", "\u2028", " "),
        *("It held.", "It held", "and fell.", "U.S.", "The U.S. The dam.", "No.", "“Why?”"),
        "a long line of words that does not end and has more than twelve of them in it,",
        *("THE DAM", "T H E  D A M", "prob-", "ably", "Mr. NOBODY.", "By A. Nobody", "[ 24 ]"),
        *("Published May 1, 2020", "Received 05/02/2020", "https://x.y", "* * *", "{time} 1500"),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=40).map(" ".join),
    st.lists(PIECES, max_size=30).map("\n\n".join),
    st.text(max_size=200),
)


def same_again(document: Document) -> None:
    found = [sentences(paragraph) for paragraph in paragraphs(document.text)]
    assert [[one.text for one in row] for row in document.paragraphs] == list(map(list, found))
    for k, row in enumerate(document.paragraphs, 1):
        for n, one in enumerate(row, 1):
            assert (one.paragraph, one.number) == (k, n)
            assert one.hash == sentence_hash(one.text)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text(text: str) -> None:
    try:
        same_again(document_of(text))
    except InputError as error:
        assert "no sentence" in str(error)  # noqa: PT017


@settings(max_examples=250, deadline=None)
@given(TEXTS)
def test_any_text_that_was_cleaned(text: str) -> None:
    """Would also catch: a paragraph that is lost as it is counted."""
    cleaned = clean(read_plain(text).lines)
    if cleaned.paragraphs:
        document = document_of("\n\n".join(cleaned.paragraphs), notes=cleaned.notes)
        same_again(document)
        assert len(document.paragraphs) == len(cleaned.paragraphs)


def test_an_anchor_is_found_in_the_clean_text(tmp_path: Path) -> None:
    document = document_of("It held. It was dear.\n\nNobody asked the towns.\n")
    (tmp_path / "memo.txt").write_text(document.text, encoding="utf-8")
    for one in document.sentences():
        (found,) = find_anchors(tmp_path / "memo.txt", one.text).matches
        assert found.anchor == one.anchor("memo")


@needs(ESSAY, DATA / "documents")
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("sources/000_541bba7d6a714164.txt", (8, 30)),
        ("data/documents/congress_2007-07-11_gregg_withdrawal_iraq.md", (21, 66)),
        ("data/documents/frus_snie_11-10-61_berlin_tactics.txt", (13, 48)),
        ("data/documents/odni_2018_middle_east.txt", (25, 54)),
        ("data/documents/odni_2021_conflicts_afghanistan_india_pakistan_middle_east.txt", (11, 29)),
        ("data/documents/odni_2021_iran.txt", (29, 42)),
        ("data/documents/odni_2023_china_taiwan.txt", (25, 50)),
    ],
)
def test_documents_as_they_are_published(name: str, size: tuple[int, int]) -> None:
    """Sizes were counted by eye; would catch: a heading, a stamp, a cut sentence in the text."""
    document = read_document(SHARED / name)
    same_again(document)
    assert (len(document.paragraphs), sum(map(len, document.paragraphs))) == size
    ends = [
        row[-1].text for row in document.paragraphs if not row[-1].text.endswith((".", "?", "”"))
    ]
    # One paragraph of the essay and one of an assessment stop in mid-sentence in the source.
    assert len(ends) == {"000_541bba7d6a714164.txt": 1, "odni_2021_iran.txt": 1}.get(
        Path(name).name, 0
    )
    for one in document.sentences():
        assert not one.text[:1].islower()
        assert not set("[]•\uf0b7\xad") & set(one.text)


@needs(ESSAY)
def test_the_essay_has_the_anchors_of_its_raw_text() -> None:
    raw = [tuple(map(sentence_hash, sentences(p))) for p in paragraphs(ESSAY.read_text("utf-8"))]
    assert [tuple(one.hash for one in row) for row in read_document(ESSAY).paragraphs] == raw
