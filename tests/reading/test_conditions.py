"""The antecedent is cut out where it begins and ends, and only where there is one."""

from __future__ import annotations

import pytest

from reading.marked import marks_of

ANTECEDENTS = [
    ("If the dam fails, the valley will flood.", "If the dam fails"),
    ("The valley will flood if the dam fails.", "if the dam fails"),
    ("The valley will flood unless the dam is mended.", "unless the dam is mended"),
    ("However, if the dam fails, the valley will flood.", "if the dam fails"),
    ("We believe that if the dam fails the state will pay.", "if the dam fails the state will pay"),
    ("If the dam fails they will leave.", "If the dam fails"),
    ("If the dam fails then the valley floods.", "If the dam fails"),
    ("Only if they ask for it will the state pay.", "Only if they ask for it"),
    ("Only if it will rain can Orsk wait.", "Only if it will rain"),
    ("Should it rain, they wait; if it is dry, they will go.", "Should it rain"),
    ("They will go; if it rains, they will wait.", "if it rains"),
    ("If rain, wind, and snow return, the dam will fail.", "If rain, wind, and snow return"),
    ("If the dam, which is old, fails, the valley will flood.", "If the dam, which is old, fails"),
    ("The valley, if the dam fails, will flood.", "if the dam fails"),
    ("They will act, if it fails, in the months ahead.", "if it fails"),
    ("The valley may flood, particularly if it rains, raising costs.", "if it rains"),
    ("Should the dam fail, the valley will flood.", "Should the dam fail"),
    ("The valley would flood should the dam fail.", "should the dam fail"),
    ("Were the dam to fail, the valley would flood.", "Were the dam to fail"),
    ("Had the dam failed, the valley would have flooded.", "Had the dam failed"),
    ("The dam will hold as long as it is dry.", "as long as it is dry"),
    ("The dam will hold provided that it is dry.", "provided that it is dry"),
    ("Without repairs, the dam will fail.", "Without repairs"),
    ("Without repairs the dam will fail.", "Without repairs"),
    ("A dam without a spillway will fail.", "without a spillway"),
    ("In the absence of repairs, the dam may fail.", "In the absence of repairs"),
    ("Barring a flood, the dam will hold.", "Barring a flood"),
    ("Absent a repair, the dam will fail.", "Absent a repair"),
    ("Even if it rains, the dam will hold.", "Even if it rains"),
    ("All this is predicated on dry summers.", "predicated on dry summers"),
]


@pytest.mark.parametrize(("text", "antecedent"), ANTECEDENTS)
def test_the_antecedent(text: str, antecedent: str) -> None:
    marks = marks_of(text)
    assert marks.kind == "conditional"
    assert marks.is_claim
    assert marks.antecedent is not None
    assert marks.antecedent.text == antecedent


@pytest.mark.parametrize(
    "text",
    [
        "The ministry asked if the dam would hold.",
        "It is unclear if the dam will hold.",
        "The dam looks as if it will fail.",
        "If anything, the dam will last.",
        "The dam will fail without doubt.",
        "The dam will be mended without asking the valley.",
        "The dam held without a spillway.",
        "What should the ministry do?",
        "The ministry should mend the dam.",
        "The dams were old, and had cracks.",
        "The valley said “if it fails, we leave” and stayed.",
        "The dam will last as long as 50 years.",
        "The ministry provided the money.",
    ],
)
def test_no_antecedent(text: str) -> None:
    marks = marks_of(text)
    assert marks.antecedent is None
    assert marks.kind != "conditional"


def test_likelihood_of_the_consequent_is_found_and_that_of_the_antecedent_is_not() -> None:
    [one] = marks_of("If rain is likely, the dam will probably not hold.").likelihoods
    assert one.phrase == "probably not"
