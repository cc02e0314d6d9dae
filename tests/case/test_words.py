"""Phrases have the intervals of their scales, however they are written."""

from __future__ import annotations

import pytest

from detente.case._words import NEAREST, SCALES, UnknownWords, look_up, phrases


@pytest.mark.parametrize(
    ("phrase", "scale", "low", "high"),
    [
        ("almost no chance", "icd203", 0.01, 0.05),
        ("Remote", "icd203", 0.01, 0.05),
        ("probably", "icd203", 0.55, 0.8),
        ("Probable (probably)", "icd203", 0.55, 0.8),
        ("almost certainly", "icd203", 0.95, 0.99),
        ("improbably", "icd203", 0.2, 0.45),
        ("roughly-even  chance", "icd203", 0.45, 0.55),
        ("probably not", "kent", 0.2, 0.4),
        ("impossible", "kent", 0, 0),
        ("realistic possibility", "phia", 0.4, 0.5),
        ("highly unlikely", "phia", 0.1, 0.2),
        ("highly unlikely", "nato", 0, 0.1),
        ("extremely unlikely", "ipcc", 0, 0.05),
        ("about as likely as not", "efsa", 0.33, 0.66),
    ],
)
def test_interval(phrase: str, scale: str, low: float, high: float) -> None:
    words = look_up(phrase, scale)
    assert (words.low, words.high) == (low, high)


def test_a_phrase_that_is_read_as_another_says_so() -> None:
    words = look_up("highly unlikely")
    assert words.nearest == "very unlikely"
    assert words.text == "highly unlikely ~ very unlikely (icd203: 5-20 %)"
    assert look_up("very unlikely").nearest == ""


@pytest.mark.parametrize("phrase", ["appears never", "difficult", "default instinct"])
def test_no_interval_is_made_up(phrase: str) -> None:
    with pytest.raises(
        UnknownWords, match=r"it has almost no chance, .*; |it has almost no chance"
    ):
        look_up(phrase)


@pytest.mark.parametrize("modal", ["will", "Might", "will not", "cannot", "", "  "])
def test_modals_have_no_interval(modal: str) -> None:
    with pytest.raises(UnknownWords, match="no interval on any scale"):
        look_up(modal)


def test_unknown_scale() -> None:
    with pytest.raises(UnknownWords, match="use one of icd203, kent, phia, nato, ipcc, efsa"):
        look_up("likely", "cia")


@pytest.mark.parametrize("scale", SCALES)
def test_every_phrase_of_the_table_finds_itself_with_a_source(scale: str) -> None:
    assert len(phrases(scale)) >= 5
    for phrase in phrases(scale):
        words = look_up(phrase, scale)
        assert 0 <= words.low <= words.high <= 1
        assert words.nearest == ""
        assert words.source


def test_nearest_terms_are_on_their_scale_and_the_phrases_are_not() -> None:
    for scale, terms in NEAREST.items():
        for phrase, term in terms.items():
            assert term in phrases(scale)
            assert look_up(phrase, scale).nearest == term
