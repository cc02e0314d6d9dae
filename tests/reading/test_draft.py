"""A draft of a case: sound whatever the document says, nothing answered in the analyst's name.

Would catch: a draft that `check` refuses, an anchor that leads nowhere, text of a document that
breaks out of a comment or a quoted scalar, a claim that is made of nothing or lost, a place that
nobody answered and that a search for the mark does not find, a draft that does not run once three
claims are answered.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import check_anchors, load, read_case, sentence_hash
from detente.errors import InputError
from detente.reading import (
    Document,
    Horizon,
    LikelihoodWords,
    Sentence,
    SentenceMarks,
    Span,
    SuggestedActor,
    SuggestedOption,
    document_of,
    draft_case,
)
from detente.reading._claim_text import SAYS, TO_DO, UNASKED
from detente.reading._draft import made_draft

RIVER = (
    "China will probably build a large dam within ten years. It has the money for it.\n\n"
    "India is unlikely to accept that, and protest is very likely. If India protests, China may "
    "negotiate. The dam was planned in 1990."
)
HOSTILE = st.text(
    st.sampled_from("ab:#-'\"\\{}[]&*!|>%@`\n\r\t\x00\x1b\x85\u2028\u202e\ufeff\ud800 ,?"),
    min_size=1,
    max_size=60,
).map(lambda text: f"x{text}")


def span(text: str) -> Span:
    return Span(0, len(text), text)


def marked(text: str, number: int = 1, words: tuple[str, ...] = ()) -> SentenceMarks:
    sentence = Sentence(1, number, text, sentence_hash(text))
    likelihoods = tuple(LikelihoodWords(span(w), w, "icd203", 0.2, 0.45, True) for w in words)
    return SentenceMarks(
        sentence, "conditional", True, likelihoods, (span(text),), True, span(text), (),
        Horizon(span(text), None, dt.date(2030, 1, 1)),
    )  # fmt: skip


def holding(marks: list[SentenceMarks], text: str = "memo", **known) -> Document:
    base = {
        "name": text, "kind": "text", "title": text, "author": text, "date": None,
        "publisher": text, "address": text, "notes": (text,), "headings": ((1, text),),
    }  # fmt: skip
    return Document(**{**base, **known}, paragraphs=(tuple(m.sentence for m in marks),))


def test_a_draft_is_sound_and_its_anchors_hold(tmp_path):
    draft = draft_case(document_of(RIVER, "river.txt"))
    path = tmp_path / "case.yaml"
    path.write_text(draft.text, encoding="utf-8")
    (tmp_path / "river.txt").write_text(draft.document.text, encoding="utf-8")
    case = load(path)
    assert check_anchors(case, tmp_path) == ()
    assert all(claim.where is not None for claim in case.claims)
    assert [claim.id for claim in case.claims] == [claim.id for claim in draft.claims]
    assert case == replace(draft.case, path=case.path, name=case.name, places=case.places)


def test_each_word_of_likelihood_is_a_claim_of_its_own():
    draft = draft_case(document_of(RIVER, "river.txt"))
    of_one = [c for c in draft.claims if c.marks.sentence.place == "2.1"]
    assert [c.likelihood.phrase for c in of_one] == ["unlikely", "very likely"]
    assert f"# 2.1, as {of_one[0].id}" in draft.text


def test_a_claim_says_what_it_stands_under_and_which_option_it_speaks_of():
    headings = [(1, "Dams"), (2, "Protest")]
    text = draft_case(document_of(RIVER, "river.txt", headings=headings)).text
    assert text.count("# under: Dams") == text.count("# under: Protest") == 1
    assert "    # about china." in text


def test_every_sentence_is_a_claim_or_is_listed():
    draft = draft_case(document_of(RIVER, "river.txt"))
    made = {claim.marks.sentence for claim in draft.claims}
    assert made.isdisjoint(draft.remaining)
    assert made | set(draft.remaining) == set(draft.document.sentences())
    for sentence in draft.remaining:
        assert f"#   {sentence.place} " in draft.text


def test_nothing_is_answered_and_one_search_finds_it():
    draft = draft_case(document_of(RIVER, "river.txt"))
    assert {claim.says for claim in draft.case.claims} == {SAYS}
    assert {claim.unasked for claim in draft.case.claims} == {UNASKED}
    assert draft.to_do == draft.text.count(TO_DO)
    for name, parameter in draft.case.parameters.items():
        assert parameter.low < parameter.value < parameter.high, name
        assert parameter.source == "judgement"
        assert parameter.reason.startswith(TO_DO)
    assert all(
        draft.case.parameters[name].value == 0
        for name in draft.case.parameters
        if ".weight." in name
    )


def test_what_the_document_says_of_itself_is_recorded():
    known = {"author": "A. Writer", "date": dt.date(2025, 3, 1), "notes": ("Stamp: received.",)}
    source = draft_case(document_of(RIVER, "river.txt", **known)).case.sources["river"]
    assert (source.author, source.date) == ("A. Writer", dt.date(2025, 3, 1))
    assert "Stamp: received." in source.note
    assert (
        "publisher and address, which the text does not say"
        in draft_case(document_of(RIVER, "river.txt", **known)).text
    )


def test_a_draft_runs_once_three_claims_are_answered():
    draft = draft_case(document_of(RIVER, "river.txt"))
    example = re.search(r"ask: .*", draft.text)[0]
    text = draft.text
    for claim in draft.claims[:3]:
        text = text.replace(SAYS, f"Claim {claim.id}.", 1)
        text = text.replace(
            f'unasked: "{UNASKED}"',
            f"{example}\n    expect: {'words' if claim.likelihood else '[0.5, 1]'}",
            1,
        )
    study = read_case(text.encode(), "river.yaml").study(draws=8, rng=1)
    assert len(study.asked) == 3
    assert not study.failures


def test_a_document_without_actors_or_claims_is_a_draft():
    draft = draft_case(document_of("It was built. It held.", "memo.txt"))
    assert draft.case.claims == ()
    assert [actor.title for actor in draft.case.actors] == [f"{TO_DO} who acts"]
    assert len(draft.remaining) == 2


@settings(max_examples=30)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_breaks_out_of_its_comment_or_quotes(one, other, words):
    marks = [marked(one, 1, (words,)), marked(other, 2)]
    actor = SuggestedActor(
        "us", one, "state", (one, other), (marks[0].sentence,),
        (SuggestedOption("act", (other,), ()), SuggestedOption("talk", (words,), ())),
    )  # fmt: skip
    last = replace(actor, name="them", title=words)
    draft = made_draft(holding(marks, one), tuple(marks), (actor, last), "memo")
    case = draft.case
    assert [claim.id for claim in case.claims] == ["C01", "C02"]
    assert {claim.says for claim in case.claims} == {SAYS}
    assert {actor.name for actor in case.actors} == {"us", "them"}
    assert list(case.sources) == ["memo"]
    assert case.notes == {}


def test_more_than_a_case_holds_is_refused_with_a_remedy():
    marks = tuple(marked(f"It will rain {n} times. " + "a" * 400, n) for n in range(1, 3000))
    with pytest.raises(InputError, match="give a part of the document"):
        made_draft(holding(list(marks)), marks, ())


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("A Memo (2021).pdf", "a-memo-2021"),
        ("\u0434.txt", "document"),
        ("a" * 99, "a" * 40),
        ("a-long-name-" * 4, "a-long-name-a-long-name-a-long-name-a"),
    ],
)
def test_the_id_of_the_source_is_made_from_the_name(name, source):
    assert draft_case(document_of("It will rain.", name)).source == source


def test_a_wrong_id_is_refused():
    with pytest.raises(InputError, match="small letters"):
        draft_case(document_of("It will rain.", "a.txt"), "A Memo")


def test_a_draft_shows_itself():
    draft = draft_case(document_of(RIVER, "river.txt"))
    assert "words of likelihood: " in str(draft)
    assert set(draft.to_pandas().index) == {claim.id for claim in draft.claims}
    assert draft.to_dict()["remaining"] == [s.place for s in draft.remaining]
    assert "<pre>" in draft._repr_html_()
