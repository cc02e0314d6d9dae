"""A document read again into its case: what the analyst wrote stays, anchors follow sentences.

Would catch: a comment or an answer of the analyst that is lost, an anchor that stays behind, a
claim that is deleted or doubled, a deleted claim that comes back, a case that changes when nothing
did, a vanished sentence that nobody says.
"""

from __future__ import annotations

import pytest

from detente.case import check_anchors, load
from detente.errors import CaseError, InputError
from detente.reading import document_of, draft_case, reread_case

PARAGRAPHS = [
    "The upper state will probably build a large dam within ten years. It has the money for it.",
    "The lower state is unlikely to accept that without protest. If it protests, the dam might "
    "stay small.",
    "Both have signed a treaty. A war over water is highly unlikely.",
]
ANSWERED = '    says: "The dam is coming."  # after a night\'s sleep'


def of(paragraphs: list[str]):
    return document_of("\n\n".join(paragraphs), "river.txt")


@pytest.fixture
def answered(tmp_path):
    """Write a draft in which an analyst answered, commented and deleted a claim."""
    draft = draft_case(of(PARAGRAPHS))
    lines = draft.text.split("\n")
    says = next(n for n, line in enumerate(lines) if line.startswith("    says:"))
    lines[says] = ANSWERED
    lines.insert(0, "# Mine, do not touch.")
    text = "\n".join(lines)
    last = draft.claims[-1].id
    start = text.index(f"\n  - id: {last}")
    text = text[:start] + text[text.index("\n# Text that became no claim") :]
    path = tmp_path / "river.yaml"
    path.write_text(text, encoding="utf-8")
    (tmp_path / "river.txt").write_text(draft.document.text, encoding="utf-8")
    return path


def read_again(path, paragraphs):
    """Read an edition into a case, and write it as the command does."""
    document = of(paragraphs)
    found = reread_case(path, document)
    path.write_text(found.text, encoding="utf-8")
    (path.parent / f"{found.source}.txt").write_text(document.text, encoding="utf-8")
    assert ANSWERED in found.text
    assert found.text.startswith("# Mine, do not touch.")
    return found


def test_reading_the_same_again_changes_nothing(answered):
    before = answered.read_text("utf-8")
    found = read_again(answered, PARAGRAPHS)
    assert found.text == before
    assert [*found.moved, *found.vanished, *found.added, *found.returned] == []
    assert found.unchanged == len(load(answered).claims)


def test_a_paragraph_before_moves_every_anchor(answered):
    edition = ["Nobody asked the river.", *PARAGRAPHS]
    found = read_again(answered, edition)
    claims = load(answered).claims
    assert set(found.moved) == {claim.id for claim in claims}
    assert not found.vanished
    assert "#   2.2    It has the money for it." in found.text
    assert check_anchors(load(answered), answered.parent) == ()
    again = read_again(answered, edition)
    assert again.text == found.text
    assert not again.moved


def test_a_deleted_paragraph_leaves_its_claims_with_a_note_and_comes_back(answered):
    before = answered.read_text("utf-8")
    found = read_again(answered, PARAGRAPHS[1:])
    assert set(found.vanished) == {"C01"}
    gone = next(claim for claim in load(answered).claims if claim.id == "C01")
    assert "not in the text read last" in gone.note
    assert gone.says == "The dam is coming."
    assert [problem.claims for problem in check_anchors(load(answered), answered.parent)] == [
        ("C01",)
    ]
    assert read_again(answered, PARAGRAPHS[1:]).text == found.text
    back = read_again(answered, PARAGRAPHS)
    assert back.returned == ("C01",)
    assert back.text == before


def test_an_edited_sentence_is_a_new_claim_that_names_the_old(answered):
    edited = [PARAGRAPHS[0].replace("large", "small"), *PARAGRAPHS[1:]]
    found = read_again(answered, edited)
    assert found.vanished == {"C01": "1.1"}
    (new,) = found.added
    assert new.marks.sentence.place == "1.1"
    assert "put it into the place of C01" in found.text
    case = load(answered)
    assert case.claims[-1].id == new.id
    assert case.claims[-1].where.paragraph == 1
    assert read_again(answered, edited).text == found.text


def test_a_changed_hedge_is_said_and_each_claim_of_a_sentence_names_its_own(tmp_path):
    """Would catch: two claims of one sentence that both name the last of those that are gone."""
    first = "It will likely rain, but it is improbable that the town floods."
    draft = draft_case(of([*PARAGRAPHS, first]))
    path = tmp_path / "river.yaml"
    path.write_text(draft.text, encoding="utf-8")
    (tmp_path / "river.txt").write_text(draft.document.text, encoding="utf-8")
    *_, rain, flood = (claim.id for claim in draft.claims)
    edited = ["Nobody asked the river.", *PARAGRAPHS, first.replace("likely", "probably not")]
    found = reread_case(path, of(edited))
    new = [claim.id for claim in found.added]
    assert dict(found.replaced) == {
        new[0]: (rain, "; 'likely' is now 'probably not'"),
        new[1]: (flood, ""),
    }
    assert f"{new[0]}: new, from 5.1, for {rain}; 'likely' is now 'probably not'" in str(found)
    assert f"# to do: put it into the place of {flood}, or keep both\n" in found.text
    assert "# 2.1: The upper state will probably" in found.text


def test_a_new_paragraph_gives_claims_after_the_others(answered):
    found = read_again(answered, [*PARAGRAPHS, "The town will likely flood."])
    assert [claim.marks.sentence.place for claim in found.added] == ["4.1"]
    assert found.text.index("4.1: The town") < found.text.index("# Text that became no claim")
    assert check_anchors(load(answered), answered.parent) == ()


def test_a_new_claim_is_not_to_be_taken_for_another(answered):
    """Would catch: a C02 beside a C2."""
    answered.write_text(answered.read_text("utf-8").replace("id: C02", "id: C4"), "utf-8")
    found = read_again(answered, [*PARAGRAPHS, "The town will likely flood.", "It may not."])
    ids = [claim.id for claim in load(answered).claims]
    assert len({name.replace("C0", "C") for name in ids}) == len(ids)
    assert "C04" not in [claim.id for claim in found.added]


def test_a_deleted_claim_stays_deleted(answered):
    count = len(load(answered).claims)
    found = read_again(answered, ["Nobody asked the river.", *PARAGRAPHS])
    assert found.added == ()
    assert len(load(answered).claims) == count


def test_without_the_text_read_last_what_no_claim_points_at_is_new(answered):
    (answered.parent / "river.txt").unlink()
    assert [c.marks.sentence.place for c in read_again(answered, PARAGRAPHS).added] == ["3.2"]


def test_of_two_equal_sentences_each_follows_its_own(tmp_path):
    paragraphs = ["It will rain.", "The dam was built.", "It will rain."]
    draft = draft_case(of(paragraphs))
    path = tmp_path / "river.yaml"
    path.write_text(draft.text, encoding="utf-8")
    (tmp_path / "river.txt").write_text(draft.document.text, encoding="utf-8")
    found = reread_case(path, of(["A dam was planned.", *paragraphs]))
    assert found.moved == {"C01": ("1.1", "2.1"), "C02": ("3.1", "4.1")}


@pytest.mark.parametrize("dash", ["- ", "      - "])
def test_claims_go_where_those_of_the_file_stand(tmp_path, dash):
    path = tmp_path / "river.yaml"
    inset = " " * len(dash)
    path.write_text(
        "detente: 1\ntitle: A dam\nsources: {river: {title: T}}\n"
        "actors:\n  up: {options: {dam: [no, yes]}, preferences: {statements: [up.dam == yes]}}\n"
        f"claims:\n{dash}id: X\n{inset}says: It rains.\n{inset}unasked: |\n{inset}  No.\n"
        f"{inset}  # not a comment\n"
        "# about today\nstatus_quo: {up.dam: no}\n",
        encoding="utf-8",
    )
    found = reread_case(path, of(PARAGRAPHS[:1]))
    path.write_text(found.text, encoding="utf-8")
    case = load(path)
    assert [claim.id for claim in case.claims] == ["X", "C01"]
    assert case.claims[0].unasked == "No.\n# not a comment"
    assert "# about today" in found.text


def test_a_case_without_claims_gets_them(tmp_path):
    path = tmp_path / "river.yaml"
    path.write_text(
        "detente: 1\ntitle: A dam\nsources: {river: {title: T}}\n"
        "actors:\n  up: {options: {dam: [no, yes]}, preferences: {statements: [up.dam == yes]}}\n"
        "status_quo: {up.dam: no}\n",
        encoding="utf-8",
    )
    found = reread_case(path, of(PARAGRAPHS))
    path.write_text(found.text, encoding="utf-8")
    assert len(load(path).claims) == len(found.added) > 2


def test_the_source_must_be_one_of_the_case(answered):
    with pytest.raises(InputError, match="no source 'lake'"):
        reread_case(answered, of(PARAGRAPHS), "lake")


def test_an_unsound_case_is_said_to_be_one(answered):
    answered.write_text("detente: 1\n", encoding="utf-8")
    with pytest.raises(CaseError, match="title"):
        reread_case(answered, of(PARAGRAPHS))
