"""The dialogue makes a sound case of any answers, or says at once what is wrong with one.

Would catch: an answer that is taken and breaks the file later, a name or a text that YAML reads as
something else, a step back that loses or adds an answer, answers that lead elsewhere when they are
given again, a question that nothing can answer.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import Case, read_case
from detente.errors import InputError
from detente.templates import Dialogue

START = dt.date(2026, 1, 1)
EXAMPLES = int(os.environ.get("DETENTE_FUZZ", "1600")) // 200
DAM = [
    "",
    "",
    "",
    "Upper state, Lower state",
    "dam",
    "none, small, large",
    "protest",
    "",
    "rain",
    "dry, wet",
    "0.5",
    "0",
    "power, water",
    "",
    "upper_state.dam",
    "1",
    "",
    "0",
    "-2",
    "small",
    "",
    "wet",
    "It is very unlikely that the dam grows.",
    "",
    "upper_state.dam == large",
    "3",
    "",
    "",
    "",
][:-1]
"""Answers, an empty one for each default."""


def begun(answers: Iterable[str] = ()) -> Dialogue:
    dialogue = Dialogue("A dam", START)
    for answer in answers:
        dialogue.answer(answer)
    return dialogue


def case_of(dialogue: Dialogue) -> Case:
    return read_case(dialogue.case_text().encode(), "x.yaml")


def test_answers_make_a_case() -> None:
    dialogue = begun(DAM)
    assert dialogue.question is None
    case = case_of(dialogue)
    assert case.title == "A dam"
    assert (case.start, case.end) == (START, dt.date(2030, 12, 31))
    assert [actor.title for actor in case.actors] == ["Upper state", "Lower state"]
    assert case.status_quo == {"upper_state.dam": 1, "lower_state.protest": 0, "rain": 1}
    scaled = "0.5 * (upper_state.dam == small) + (upper_state.dam == large)"
    assert f'power: {{value: "{scaled}"}}' in dialogue.case_text()
    weight = case.parameters["weight.lower_state.water"]
    assert (weight.value, weight.low, weight.high, weight.source) == (2, 1, 4, "judgement")
    assert "rate.rain.down" not in case.parameters
    claim = case.claims[0]
    assert claim.words == "very unlikely"
    assert 'probability: "F[0, 3] upper_state.dam == large"' in dialogue.case_text()


def test_every_parameter_has_its_range_and_reason() -> None:
    for parameter in case_of(begun(DAM)).parameters.values():
        assert parameter.low < parameter.high
        assert parameter.reason
        assert parameter.source == "judgement"


def test_stored_answers_lead_to_the_same_case() -> None:
    dialogue = begun(DAM)
    assert begun(dialogue.answers).case_text() == dialogue.case_text()


def test_back_goes_one_question_back_each_time() -> None:
    dialogue = begun(DAM)
    asked = []
    for count in range(len(DAM), 0, -1):
        assert len(dialogue.answers) == count
        assert dialogue.back()
        assert dialogue.question is not None
        asked.append(dialogue.question.words)
    assert not dialogue.back()
    assert asked[-1] == "What is the case called?"
    for answer in DAM:
        dialogue.answer(answer)
    assert dialogue.case_text() == begun(DAM).case_text()


def test_after_a_step_back_what_was_answered_is_offered_again() -> None:
    """Would catch answers that have to be typed again because an early one was mended."""
    dialogue = begun(DAM)
    text = dialogue.case_text()
    while len(dialogue.answers) > 6:
        dialogue.back()
    dialogue.answer("complaint")
    assert dialogue.question is not None
    assert dialogue.question.default == "no, yes"
    while len(dialogue.answers) > 2:
        dialogue.back()
    dialogue.answer("8")
    for answer in DAM[3:6]:
        assert dialogue.question.default == answer
        dialogue.answer("")
    dialogue.answer("protest")
    for answer in DAM[7:]:
        dialogue.answer(answer)
    assert dialogue.case_text() == text.replace("2030-12-31", "2033-12-31")


@pytest.mark.parametrize(
    ("place", "answer", "words"),
    [
        (0, "a\u202eb", "turns the order of text around"),
        (0, "a\nb", "one line"),
        (0, "x" * 3000, "3,000 characters"),
        (2, "ten", "is not a number; write one such as 0.5"),
        (2, "2,5", "write 2.5"),
        (2, "nan", "from 0.1 to 100"),
        (3, "", "an answer is needed here; such as Upper state, Lower state"),
        (3, "a, b, A", "'A' stands there twice"),
        (3, "a,b,c,d,e,f,g,h,i", "give at most 8"),
        (5, "none", "give at least 2"),
        (5, "1, 12345678901", "cannot be a level"),
        (12, "rain", "rain names both an issue and a condition; rename one of them"),
        (13, "upper_state.dm", "did you mean 'upper_state.dam'?"),
        (13, "power", "depends on itself"),
        (13, "upper_state.dam = large", "write '=='"),
        (19, "huge", "there is no level 'huge'; use a level: none, small, large"),
        (22, "", "an answer is needed here"),
        (23, "hapens", "did you mean 'happens'?"),
        (24, "upper_state.dam", "compare it with a level"),
        (24, "F[0, 5] rain == dry", "F"),
        (26, "might", "unmarked modal"),
        (26, "20 %", "not an expectation"),
        (26, "0.9 to 1.2", "from 0 to 1"),
    ],
)
def test_a_wrong_answer_is_refused_in_plain_words(place: int, answer: str, words: str) -> None:
    dialogue = begun(DAM[:place])
    before = dialogue.question
    with pytest.raises(InputError) as refused:
        dialogue.answer(answer)
    assert words in str(refused.value)
    assert "line 1" not in str(refused.value)
    assert dialogue.question is before
    assert len(dialogue.answers) == place


def test_an_actor_that_cares_about_nothing_is_refused() -> None:
    dialogue = begun([*DAM[:15], "0"])
    with pytest.raises(InputError, match="Upper state must care about one issue at least"):
        dialogue.answer("0")


def test_a_case_too_large_to_begin_with_is_refused() -> None:
    ten = "a, b, c, d, e, f, g, h, i, j"
    dialogue = begun(["", "", "", "A", "a, b, c, d, e, f", ten, ten, ten, ten])
    with pytest.raises(InputError, match="states, more than 50,000"):
        dialogue.answer(ten)


@pytest.mark.parametrize(
    "name", ["中国", "null", "true", "not", "5G", "a: b # c", "'\"\\", "- x", "F", "Été"]
)
def test_any_name_is_written_safely(name: str) -> None:
    """Names in any script stay what they are, and so do words that YAML or formulas read."""
    dialogue = begun([name, name, ""])
    said = dialogue.answer(f"{name}, other")
    while (question := dialogue.question) is not None:
        known = question.example.removeprefix("such as ").partition(" or ")[0].partition(";")[0]
        is_formula = " == " in known or "computed" in question.words
        needed = "1" if "worth" in question.words else known if is_formula else name
        dialogue.answer(needed if question.default is None else "")
    actor = case_of(dialogue).actors[0]
    assert (actor.title, case_of(dialogue).title) == (name, name)
    assert actor.name == name or f"{actor.name} for {name}" in said


WORDS = st.sampled_from(
    ["", "", "", "back", "yes", "0", "1", "-2", "0.5", "a", "b, c", "no, yes", "a.b", "a.b == yes",
     "likely", "> 0.2", "0.2 to 0.4", "stable", "share", "a, a", "1, 2, 3", "x: [", "{", "&a *a",
     "!!int 3", "null, true", "F[0, 1] a", "中, 国", "'", '"', "\\", "#", "%", "a" * 70, "1e9", "-"]
)  # fmt: skip


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=30))
def test_any_answers_lead_to_a_sound_case(texts: list[str]) -> None:
    """What is refused changes nothing; short answers then end the dialogue."""
    dialogue = begun()
    for text in texts:
        before = dialogue.answers
        if text == "back":
            assert dialogue.back() == bool(before)
            continue
        try:
            dialogue.answer(text)
        except InputError:
            assert dialogue.answers == before
        if dialogue.question is None:
            break
    for _ in range(400):
        if dialogue.question is None:
            break
        answers = ("", "1", "x", "y, z", "true")
        for answer in answers:
            try:
                dialogue.answer(answer)
            except InputError:
                continue
            break
        else:
            raise AssertionError(dialogue.question.words)
    case_of(dialogue)
    assert begun(dialogue.answers).case_text() == dialogue.case_text()
