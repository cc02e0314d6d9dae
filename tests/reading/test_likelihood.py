"""Words of likelihood are found with the interval of their scale, and nothing else is.

Would catch: a word missed or read on a scale that has another meaning for it, an interval made up
for a comparison, for a noun without a degree, or for what others think.
"""

from __future__ import annotations

import pytest

from detente.case import look_up
from detente.reading import mark_sentences
from reading.marked import document_from, marks_of

FOUND = [
    ("The dam is likely to fail.", "likely", "icd203", 0.55, 0.8),
    ("The dam will likely fail.", "likely", "icd203", 0.55, 0.8),
    ("The dam probably failed.", "probably", "icd203", 0.55, 0.8),
    ("The dam most likely failed.", "most likely", "icd203", 0.55, 0.8),
    ("The dam is highly unlikely to fail again.", "highly unlikely", "icd203", 0.05, 0.2),
    ("That the dam fails is improbable.", "improbable", "icd203", 0.2, 0.45),
    ("It is almost certain that the dam fails.", "almost certain", "icd203", 0.95, 0.99),
    ("The dam will almost certainly fail.", "almost certainly", "icd203", 0.95, 0.99),
    ("The dam is bound to fail.", "bound to", "icd203", 0.95, 0.99),
    ("There is no doubt that the dam fails.", "no doubt", "icd203", 0.95, 0.99),
    ("The dam will inevitably fail.", "inevitably", "icd203", 0.95, 0.99),
    ("In all likelihood the dam fails.", "in all likelihood", "icd203", 0.8, 0.95),
    ("We doubt that the dam will hold.", "we doubt", "kent", 0.2, 0.4),
    ("We believe that the dam will hold.", "we believe", "kent", 0.63, 0.87),
    ("We do not believe that the dam will hold.", "we do not believe", "kent", 0.2, 0.4),
    ("It is doubtful that the dam holds.", "doubtful", "kent", 0.2, 0.4),
    ("The dam is certain to fail.", "certain", "kent", 1, 1),
    ("It is impossible that the dam fails.", "impossible", "kent", 0, 0),
    ("It is extremely unlikely that it fails.", "extremely unlikely", "ipcc", 0, 0.05),
    ("More likely than not, the dam fails.", "more likely than not", "ipcc", 0.5, 1),
    ("The chances are better than even that it fails.", "better than even", "ipcc", 0.5, 1),
    ("There is a realistic possibility of rain.", "realistic possibility", "phia", 0.4, 0.5),
    ("We see little chance that it holds.", "little chance", "icd203", 0.05, 0.2),
    ("There is almost no prospect of repair.", "almost no chance", "icd203", 0.01, 0.05),
    ("There is a good chance of rain.", "good chance", "icd203", 0.55, 0.8),
    ("Prospects for a repair of the dam remain low.", "low chance", "icd203", 0.2, 0.45),
    ("The odds of a repair, however, are slim.", "slim chance", "icd203", 0.05, 0.2),
    ("The likelihood of rain is very low.", "very low chance", "icd203", 0.05, 0.2),
    ("A repair is never in the cards.", "never in the cards", "icd203", 0.01, 0.05),
]


@pytest.mark.parametrize(("text", "phrase", "scale", "low", "high"), FOUND)
def test_found_with_its_interval(text, phrase, scale, low, high) -> None:
    [one] = marks_of(text).likelihoods
    assert (one.phrase, one.scale, one.low, one.high) == (phrase, scale, low, high)


@pytest.mark.parametrize("text", [row[0] for row in FOUND])
def test_the_phrase_is_one_that_a_case_may_have(text: str) -> None:
    [one] = marks_of(text).likelihoods
    words = look_up(one.phrase, one.scale)
    assert (words.low, words.high) == (one.low, one.high)


@pytest.mark.parametrize(
    "text",
    [
        "The dam is less likely to fail than the bridge.",
        "The dam is more likely than in the past to fail.",
        "The dam is increasingly likely to fail.",
        "Nobody knows how likely it is that the dam fails.",
        "It depends on whether the dam is likely to fail.",
        "The likelihood of failure will grow.",
        "The prospect of failure frightens the valley.",
        "They live in a remote valley, to a certain degree.",
        "The dam is possibly too weak.",
        "The minister said “failure is likely” and left.",
        "If the dam is likely to fail, the valley will be cleared.",
        "The minister believes that the dam is likely to fail.",
        "The chances are what they were.",
        "They face an inevitable and impossible task.",
    ],
)
def test_no_interval_is_made_up(text: str) -> None:
    assert marks_of(text).likelihoods == ()


@pytest.mark.parametrize(
    "text",
    [
        "The dam is less likely to fail than the bridge.",
        "The minister believes that the dam is likely to fail.",
        "The dam is not very likely to fail.",
        "It is not impossible that the dam fails.",
    ],
)
def test_what_has_no_interval_is_left_to_the_analyst(text: str) -> None:
    assert marks_of(text).modals


def test_what_becomes_more_intense_is_likely_all_the_same() -> None:
    [one] = marks_of("The floods are likely to become more intense.").likelihoods
    assert one.phrase == "likely"


def test_two_words_of_one_sentence_stand_in_its_order() -> None:
    found = marks_of("Although a flood is unlikely, rain is very likely.").likelihoods
    assert [(one.span.text, one.negated) for one in found] == [
        ("unlikely", True),
        ("very likely", False),
    ]


def test_what_is_believed_gives_way_to_the_words_inside_it() -> None:
    [one] = marks_of("We believe that a flood is unlikely.").likelihoods
    assert one.phrase == "unlikely"


@pytest.mark.parametrize(
    ("note", "scale", "low"),
    [
        ("Terms are those of ICD 203.", "icd203", 0.55),
        ("Terms follow the PHIA probability yardstick.", "phia", 0.55),
        ("Terms follow AJP-2.1.", "nato", 0.6),
        ("Terms follow AJP-2.1, not the PHIA yardstick.", "icd203", 0.55),
    ],
)
def test_the_scale_that_the_document_names_comes_first(note, scale, low) -> None:
    """One that names two says nothing of which is meant."""
    document = document_from("Rain is likely.", notes=(note,))
    [one] = mark_sentences(document)[0].likelihoods
    assert (one.scale, one.low) == (scale, low)
