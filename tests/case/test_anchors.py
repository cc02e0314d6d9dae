"""Paragraphs and sentences are counted as the module says, and pointers are verified."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from detente.case import Case, check_anchors, read_case
from detente.case._anchors import paragraphs, sentence_hash, sentences
from detente.case._model import Anchor
from detente.errors import InputError

TEXT = """\
+1 555 0100 · 12 River Road

# The river and its dams

Published May 1, 2020

**Author:** [A. Nobody](#)

![The dam](dam.png)

Since the spring the upper state has been
building a dam. Its engineers, led by Dr. Kim, say
that it will hold; the lower state doubts it and has asked the U.N. for help with the

Filed with the Water Registry 05/02/2020 10:11:12 AM

dispute. "Why now?" asked its envoy. Nobody answered.

## The town

The town cannot wait. It drinks from the river, and 2021 was dry.

*A. Nobody writes about rivers. The views are the author's own.*

---
"""


@pytest.fixture
def case() -> Case:
    folder = Path(__file__).parent
    return read_case((folder / "small.yaml").read_bytes(), "small.yaml")


def pointing(case: Case, paragraph: int, sentence: int, text: str) -> Case:
    anchor = Anchor("memo", paragraph, sentence, sentence_hash(text))
    return replace(case, claims=(replace(case.claims[0], where=anchor),))


def test_furniture_is_dropped_and_cuts_are_mended() -> None:
    first, second = paragraphs(TEXT)
    assert first.startswith("Since the spring the upper state")
    assert "help with the dispute." in first
    assert second.startswith("The town cannot wait.")


def test_line_ends_do_not_matter() -> None:
    assert paragraphs(TEXT.replace("\n", "\r\n")) == paragraphs(TEXT)


def test_sentences_end_where_they_do() -> None:
    first, second = paragraphs(TEXT)
    assert len(sentences(first)) == 4
    assert sentences(first)[2:] == ('"Why now?" asked its envoy.', "Nobody answered.")
    assert len(sentences(second)) == 2


@pytest.mark.parametrize(
    "text",
    ["Mr. X met Gen. Y.", "It cost $3.5 million.", "The U.S. Navy left.", "J. F. Smith came."],
)
def test_a_stop_need_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == (text,)


def test_quotes_dashes_emphasis_and_case_do_not_change_a_hash() -> None:
    plain = sentence_hash("It's the upper state's dam - \"theirs\".")
    assert sentence_hash("It’s the *upper* state’s  dam – “theirs”.") == plain
    assert sentence_hash("It's the [upper](https://x.example) state's dam: theirs") == plain
    assert sentence_hash("It's the lower state's dam.") != plain


def test_a_right_pointer_is_no_problem(case: Case, tmp_path: Path) -> None:
    (tmp_path / "memo.txt").write_text(TEXT, encoding="utf-8")
    right = pointing(case, 2, 1, "The town cannot wait.")
    assert check_anchors(right, tmp_path) == ()
    assert check_anchors(right, tmp_path / "memo.txt") == ()


def test_a_text_of_another_name_is_found_by_its_sentences(case: Case, tmp_path: Path) -> None:
    (tmp_path / "copy.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "other.txt").write_text("Something else stands here.", encoding="utf-8")
    assert check_anchors(pointing(case, 2, 1, "The town cannot wait."), tmp_path) == ()


def test_a_sentence_elsewhere_is_located(case: Case, tmp_path: Path) -> None:
    (tmp_path / "memo.txt").write_text(TEXT, encoding="utf-8")
    (problem,) = check_anchors(pointing(case, 1, 9, "The town cannot wait."), tmp_path)
    assert "at paragraph 2, sentence 1, not at paragraph 1, sentence 9" in problem.message
    assert str(problem).startswith("small: C1: memo.txt has this sentence")


def test_a_sentence_that_is_not_there_is_told(case: Case, tmp_path: Path) -> None:
    (tmp_path / "memo.txt").write_text(TEXT, encoding="utf-8")
    (problem,) = check_anchors(pointing(case, 2, 1, "The town can wait."), tmp_path)
    assert "no sentence of memo.txt has the hash" in problem.message
    assert sentence_hash("The town cannot wait.") in problem.remedy


def test_a_missing_text_is_told_once_for_all_its_claims(case: Case, tmp_path: Path) -> None:
    (problem,) = check_anchors(case, tmp_path)
    assert problem.claims == ("C1", "C7")
    assert problem.message == "no text of memo is here"


def test_a_folder_that_is_not_there(case: Case, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        check_anchors(case, tmp_path / "nowhere")


def test_a_text_that_is_no_utf8(case: Case, tmp_path: Path) -> None:
    (tmp_path / "memo.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match=r"memo\.txt: byte 3 is not UTF-8"):
        check_anchors(case, tmp_path)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It was refused by the U.S. The envoy left.", 2),
        ("It was refused by the U.S. Senate.", 1),
        ("It came at 5 p.m. However, nobody was there.", 2),
        ("Dams, towns, etc. They were built by Acme Inc. Nobody knows.", 2),
        ("The answer was No. There is none.", 2),
        ("Art. 5 and No. 12 hold, see Vol. II and Fig. 3.", 1),
        ("Dr. The and Gen. If met Amb. How.", 1),
        ("See e.g. The Post of May.", 1),
        ("12. The dam held. It rained.", 2),
        ("(3) The dam held.", 1),
        ("It was built in 2019. The dam held.", 2),
    ],
)
def test_an_abbreviation_may_end_a_sentence(text: str, count: int) -> None:
    """Would catch: two sentences as one, or the number of a paragraph as a sentence."""
    assert len(sentences(text)) == count


@pytest.mark.parametrize("unit", ["[", "[a](", "A. ", "a\n\n", ".)"])
def test_no_text_takes_long(unit: str) -> None:
    """Would catch: time that grows with the square of the text."""
    start = time.perf_counter()
    for paragraph in paragraphs(f"It held. {unit * 40_000}"):
        for sentence in sentences(paragraph):
            sentence_hash(sentence)
    assert time.perf_counter() - start < 10
