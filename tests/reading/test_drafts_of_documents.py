"""Drafts of real documents: each passes the check and runs once three claims are answered.

The texts lie beside the checkout and are no part of it; where they are absent the tests are
skipped. Would catch: a draft of a document as people write them that is unsound, an anchor into its
clean text that leads nowhere, a model that cannot be solved, a draft that the live page refuses.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import detente
from beside import DATA, ESSAY, needs
from detente.case import check_anchors, load
from detente.reading import Draft, draft_case, read_document, reread_case
from detente.reading._case_text import example_question
from detente.reading._claim_text import SAYS, UNASKED
from detente.workbench._solver import PageSolver

DOCUMENTS = sorted(path for path in (DATA / "documents").glob("*") if path.name != "README.txt")

pytestmark = needs(ESSAY, DATA / "documents")


def answered(draft: Draft) -> str:
    """Return the text of a draft in which three claims ask what the draft itself suggests."""
    text, question = draft.text, example_question(draft.actors)
    for number in range(3):
        expected = "words" if draft.claims[number].likelihood else "[0.5, 1]"
        text = text.replace(SAYS, f"Answer {number}.", 1)
        asked = f"{question}\n    expect: {expected}"
        text = text.replace(f'unasked: "{UNASKED}"', asked, 1)
    return text


@pytest.mark.parametrize("path", [*DOCUMENTS, ESSAY], ids=lambda path: path.name)
def test_a_draft_of_a_document_checks_runs_and_is_read_again(path: Path, tmp_path: Path) -> None:
    document = read_document(path)
    draft = draft_case(document, "memo")
    (tmp_path / "memo.txt").write_text(document.text, encoding="utf-8")
    case = tmp_path / "case.yaml"
    case.write_text(draft.text, encoding="utf-8")
    assert check_anchors(load(case), tmp_path) == ()
    assert {note for note in document.notes if note[:60] in draft.text} or not document.notes
    again = reread_case(case, document, "memo")
    assert (again.text, again.unchanged) == (draft.text, len(draft.claims))
    for view in ("claims", "edit"):
        question = {"kind": "page", "view": view, "query": "case=case.yaml", "plain": False}
        page = next(iter(PageSolver(tmp_path).answer(question)))["html"]
        assert draft.claims[-1].id in page
    case.write_text(answered(draft), encoding="utf-8")
    study = load(case).study(draws=4, rng=1)
    assert (len(study.asked), study.failures) == (3, ())


def test_the_essay_of_the_flagship_gives_what_was_coded_by_hand() -> None:
    """Every sentence behind a claim of the case is a claim of the draft, its words read alike."""
    draft = draft_case(read_document(ESSAY), "sun-2021")
    made = {claim.marks.sentence.hash for claim in draft.claims}
    coded = [claim for claim in detente.load("peninsula").claims if claim.where]
    behind = {claim.where.hash for claim in coded if claim.where}
    assert len(behind & made) / len(behind) >= 0.9
    read = {
        (claim.marks.sentence.hash, claim.likelihood.low, claim.likelihood.high)
        for claim in draft.claims
        if claim.likelihood
    }
    worded = {
        (claim.where.hash, claim.expect.low, claim.expect.high)
        for claim in coded
        if claim.where and isinstance(claim.expect, detente.case.EstimativeWords)
    }
    assert worded
    assert worded <= read
    assert not [note for note in draft.document.notes if note in draft.document.text]
    assert "FARA" in draft.case.sources["sun-2021"].note
    assert "FARA" not in draft.document.text
