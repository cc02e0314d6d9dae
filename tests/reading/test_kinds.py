"""What kind of statement a sentence is, and which sentences are no claims."""

from __future__ import annotations

import pytest

from reading.marked import marks_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The dam will fail.", "predictive"),
        ("The dam is likely to fail.", "predictive"),
        ("There is a one in five chance that the dam fails.", "predictive"),
        ("The chance of a flood is about 40 per cent.", "predictive"),
        ("Rain is unlikely.", "predictive"),
        ("We expect the dam to fail.", "predictive"),
        ("The ministry is going to pay.", "predictive"),
        ("The dam will fail because it is old.", "predictive"),
        ("If it rains, the dam will fail because it is old.", "conditional"),
        ("The cost will depend on the rain.", "causal"),
        ("The cost depends largely on the rain.", "causal"),
        ("The dam failed because it was old.", "causal"),
        ("Rain caused the flood.", "causal"),
        ("The ministry should mend the dam.", "normative"),
        ("The valley must be cleared.", "normative"),
        ("Mending the dam is in our national interest.", "normative"),
        ("The ministry is determined to mend the dam.", "descriptive"),
        ("The ministry wants to prevent a flood.", "descriptive"),
        ("The dam is highly unsafe.", "descriptive"),
        ("The dam probably holds.", "descriptive"),
        ("The dam is not built with what would be needed.", "predictive"),
        ("The dam is not built of stone that would be needed.", "descriptive"),
    ],
)
def test_the_kind(text: str, kind: str) -> None:
    marks = marks_of(text)
    assert marks.kind == kind
    assert marks.is_claim or text.endswith("stone that would be needed.")


def test_the_cues_are_words_of_the_sentence() -> None:
    marks = marks_of("The dam failed because it was old.")
    assert [cue.text for cue in marks.cues] == ["because"]


@pytest.mark.parametrize(
    "text",
    [
        "The dam was built in 1931.",
        "Workers opened the gates on Tuesday.",
        "Will the dam hold?",
        "Mr. President, I yield the floor.",
        "The ministry has published a report.",
    ],
)
def test_a_record_or_a_question_is_no_claim(text: str) -> None:
    assert not marks_of(text).is_claim
