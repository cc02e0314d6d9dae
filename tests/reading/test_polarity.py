"""A negation is read with the words that it belongs to, once, and never turned round.

Would catch: *probably will not* read as likely, a negation counted both in the words and in the
statement, *not only* taken for a negation.
"""

from __future__ import annotations

import pytest

from reading.marked import marks_of

WORDS = [
    ("The dam probably will not hold.", "probably will not", "probably not"),
    ("The dam will probably not hold.", "probably not", "probably not"),
    ("The dam probably cannot hold.", "probably cannot", "probably not"),
    ("The dam probably doesn’t hold.", "probably doesn’t", "probably not"),
    ("The dam is probably no longer safe.", "probably no longer", "probably not"),
    ("The dam will probably never hold.", "probably never", "probably not"),
    ("The aim probably is not to mend it.", "probably is not", "probably not"),
    ("The dam is probably not among the five oldest.", "probably not", "probably not"),
    ("The dam will almost certainly not hold.", "almost certainly not", "almost certainly not"),
    ("The dam is not likely to hold.", "not likely", "not likely"),
    ("The dam isn't likely to hold.", "isn't likely", "not likely"),
    ("The dam is not at all likely to hold.", "not at all likely", "not likely"),
    ("The dam does not appear likely to hold.", "not appear likely", "not likely"),
    ("The dam is hardly likely to hold.", "hardly likely", "not likely"),
    ("The dam is by no means likely to hold.", "no means likely", "not likely"),
    ("The dam is far from likely to hold.", "far from likely", "not likely"),
    ("The dam is no longer likely to hold.", "no longer likely", "not likely"),
    ("The dam will likely not hold.", "likely not", "likely not"),
    ("Neither dam is likely to hold.", "likely", "not likely"),
    ("No dam will probably hold.", "probably", "probably not"),
    ("None of the dams is likely to hold.", "likely", "not likely"),
    ("We do not think it likely that it holds.", "not think it likely", "not likely"),
    ("We do not believe that the dam is likely to hold.", "likely", "not likely"),
    ("We doubt that the dam is likely to hold.", "likely", "not likely"),
    ("Repair is neither likely nor wanted.", "neither likely", "not likely"),
]


@pytest.mark.parametrize(("text", "span", "phrase"), WORDS)
def test_a_negation_beside_the_words_is_theirs(text: str, span: str, phrase: str) -> None:
    marks = marks_of(text)
    [one] = marks.likelihoods
    assert (one.span.text, one.phrase) == (span, phrase)
    assert one.negated
    assert one.high < 0.5
    assert not marks.negated, "counted twice"


@pytest.mark.parametrize(
    "text",
    [
        "The dam is not only likely to fail.",
        "The dam will probably not only fail but flood the valley.",
        "The dam is only likely to get worse.",
        "The dam will probably hold, but not for long.",
        "The dam did not fail, and probably will hold.",
        "The dam will probably try not to fail.",
        "No doubt the dam will hold.",
    ],
)
def test_other_negations_are_not(text: str) -> None:
    assert [one.negated for one in marks_of(text).likelihoods] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "It is not impossible that the dam fails.",
        "A failure is not unlikely.",
        "A failure cannot be ruled out.",
        "Nobody can say that the dam is not improbable.",
        "The dam is not very likely to fail.",
        "The dam is by no means certain to fail.",
        "The dam is not certain to fail.",
    ],
)
def test_a_double_negation_has_no_interval_and_negates_nothing(text: str) -> None:
    marks = marks_of(text)
    assert marks.likelihoods == ()
    assert marks.modals
    assert not marks.negated or text.startswith("Nobody")


@pytest.mark.parametrize(
    "text",
    [
        "The ministry will not accept the plan.",
        "The ministry won't accept the plan.",
        "The ministry does not believe that the dam will hold.",
        "The ministry cannot pay, whoever asks.",
        "The ministry never paid.",
        "The ministry no longer pays.",
        "Nobody will pay.",
        "Neither side will pay.",
        "Although the dam is old, the ministry has not paid.",
        "If the dam fails, the ministry will still not pay.",
        "We assess that the ministry will not pay.",
        "It is likely that the ministry will not pay.",
        "In our view, the ministry may never pay.",
    ],
)
def test_a_main_statement_that_is_negated(text: str) -> None:
    assert marks_of(text).negated


@pytest.mark.parametrize(
    "text",
    [
        "The ministry will pay.",
        "If the dam does not hold, the ministry will pay.",
        "Although the dam has not failed, the ministry will pay.",
        "The ministry, which has not paid, will pay.",
        "The ministry will pay, not the valley.",
        "The ministry must not only plan but pay.",
        "The ministry says that it will not pay.",
        "The ministry is unlikely to pay.",
        "It does not change the fact that the ministry will pay.",
        "There is little chance that the ministry will pay.",
    ],
)
def test_a_main_statement_that_is_not(text: str) -> None:
    assert not marks_of(text).negated
