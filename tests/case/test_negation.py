"""Negated words of likelihood are understood or refused, never turned round.

Catches: "almost certainly not" with the hint "almost certain(ly)", a negation dropped with its
brackets, "not very likely" read as one of the two things that it can mean, a hint of the opposite.
"""

from __future__ import annotations

import re

import pytest

from detente.case._words import SCALES, UnknownWords, look_up, phrases

FORMS = (
    "not {}", "{} not", "{} (not)", "(not) {}", "not {} not", "isn't {}",
    "not-{}", "{}, not", "not at all {}", "hardly {}", "never {}", "by no means {}", "far from {}",
    "anything but {}", "un{}", "im{}", "in{}", "non-{}", "less than {}", "no {}", "not not {}",
)  # fmt: skip
MISSPELT = ("{}y", "x{}", "u{}", "un {}", "{}e", "im {}", "mis{}")


def side(phrase: str, scale: str) -> int:
    words = look_up(phrase, scale)
    return 1 if words.low >= 0.5 else -1 if words.high <= 0.5 else 0


def known(scale: str) -> set[str]:
    rows = (
        "virtually certain", "highly likely", "likely", "we believe", "we doubt", "doubtful",
        "unlikely", "improbable", "almost impossible", "highly doubtful", "most likely",
    )  # fmt: skip
    found = set(phrases(scale))
    for row in rows:
        try:
            look_up(row, scale)
        except UnknownWords:
            continue
        found.add(row)
    return found


@pytest.mark.parametrize("scale", SCALES)
def test_no_negation_is_turned_round(scale: str) -> None:
    """Over all phrases and forms: what is returned or hinted lies on the other side."""
    for phrase in known(scale):
        for form in FORMS:
            text = form.format(phrase)
            try:
                words = look_up(text, scale)
            except UnknownWords as refused:
                hint = re.search(r"did you mean '(.*?)'", str(refused))
                if hint:
                    assert side(hint[1], scale) * side(phrase, scale) <= 0, (text, hint[1])
                continue
            assert side(phrase, scale) == 1, text
            assert words.high <= 0.5, text
            assert words.nearest or "not" not in text or scale == "kent", text


@pytest.mark.parametrize("scale", SCALES)
def test_a_hint_for_a_misspelt_phrase_has_its_sense(scale: str) -> None:
    for phrase in phrases(scale):
        for k in range(len(phrase)):
            dropped = phrase[:k] + phrase[k + 1 :]
            for text in (dropped, *(form.format(phrase) for form in MISSPELT)):
                try:
                    look_up(text, scale)
                except UnknownWords as refused:
                    hint = re.search(r"did you mean '(.*?)'", str(refused))
                    if hint and text == dropped:
                        assert side(hint[1], scale) == side(phrase, scale), (text, hint[1])
                    elif hint:
                        assert side(hint[1], scale) * side(phrase, scale) >= 0 or "u" in text


@pytest.mark.parametrize(
    ("phrase", "scale", "read"),
    [
        ("almost certainly not", "icd203", "almost no chance (icd203: 1-5 %)"),
        ("likely (not)", "icd203", "unlikely (icd203: 20-45 %)"),
        ("not likely", "icd203", "unlikely (icd203: 20-45 %)"),
        ("isn\N{RIGHT SINGLE QUOTATION MARK}t likely", "icd203", "unlikely (icd203: 20-45 %)"),
        ("isn't probable", "icd203", "improbable (improbably) (icd203: 20-45 %)"),
        ("very likely not", "icd203", "very unlikely (icd203: 5-20 %)"),
        ("likely not", "kent", "probably not (kent: 20-40 %)"),
        ("virtually certain not", "kent", "almost certainly not (kent: 2-12 %)"),
        ("certainly not", "kent", "impossible (kent: 0 %)"),
        ("almost certainly not", "phia", "remote chance (phia: 0-5 %)"),
        ("probably not", "phia", "unlikely (phia: 25-35 %)"),
        ("highly likely not", "nato", "highly unlikely (nato: 0-10 %)"),
        ("virtually certain not", "ipcc", "exceptionally unlikely (ipcc: 0-1 %)"),
        ("almost certainly not", "efsa", "almost impossible (efsa: 0-1 %)"),
    ],
)
def test_a_negation_that_means_one_thing_is_read_and_says_as_what(phrase, scale, read) -> None:
    assert look_up(phrase, scale).text == f"{phrase} ~ {read}"


@pytest.mark.parametrize("phrase", ["almost certainly not", "probably not"])
def test_kent_s_own_negations_are_his(phrase: str) -> None:
    assert look_up(phrase, "kent").nearest == ""


@pytest.mark.parametrize(
    ("phrase", "scale", "why"),
    [
        ("unlikely not", "icd203", "negates twice"),
        ("not unlikely", "icd203", "negates twice"),
        ("not impossible", "kent", "negates twice"),
        ("not impossible", "icd203", "negates twice"),
        ("not not likely", "icd203", "negates twice"),
        ("not very likely", "icd203", "can be read in two ways"),
        ("not certain", "kent", "can be read in two ways"),
        ("not almost certain", "kent", "can be read in two ways"),
        ("not a roughly even chance", "icd203", "has no phrase"),
        ("not roughly even chance", "icd203", "negates an even chance"),
        ("more likely than not", "icd203", "has no phrase"),
        ("less likely than not", "ipcc", "has no phrase"),
        ("hardly likely", "icd203", "has no phrase"),
        ("likely (55-80 %)", "icd203", "has no phrase"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_terms(phrase, scale, why) -> None:
    with pytest.raises(UnknownWords, match=why) as refused:
        look_up(phrase, scale)
    assert "did you mean" not in str(refused.value)
    assert phrases(scale)[0] in refused.value.remedy
    assert "or give an interval" in refused.value.remedy


@pytest.mark.parametrize("phrase", ["possible", "perhaps", "conceivable", "possibly not"])
@pytest.mark.parametrize("scale", SCALES)
def test_what_is_merely_possible_has_no_interval(phrase: str, scale: str) -> None:
    """Would catch the hint "impossible" for "possible"."""
    with pytest.raises(UnknownWords, match="no interval on any scale"):
        look_up(phrase, scale)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("likley", "likely"),
        ("unlikley", "unlikely"),
        ("almost certian", "almost certain(ly)"),
        ("very unlikly", "very unlikely"),
        ("ulikely", ""),
    ],
)
def test_a_misspelling_brings_the_term_of_its_own_sense_only(text: str, term: str) -> None:
    with pytest.raises(UnknownWords) as refused:
        look_up(text)
    hint = re.search(r"did you mean '(.*?)'", str(refused.value))
    assert (hint[1] if hint else "") == term
