"""Phrases have the intervals of their scales, however they are written."""

from __future__ import annotations

import pytest

from detente.case._words import SCALES, UnknownWords, look_up, phrases, synonyms


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
        ("more likely than not", "ipcc", 0.5, 1),
        ("more likely than not", "efsa", 0.5, 1),
        ("virtually certain", "ipcc", 0.99, 1),
        ("almost certain(ly)", "icd203", 0.95, 0.99),
        ("is likely", "nato", 0.6, 0.9),
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


KENT = {
    "almost certain": "virtually certain, all but certain, highly probable, highly likely, "
    "odds overwhelming, chances overwhelming",
    "probable": "likely, we believe, we estimate",
    "chances about even": "50-50, chances a little better than even, "
    "chances a little less than even",
    "probably not": "we believe that not, we estimate that not, we doubt, doubtful, unlikely, "
    "improbable",
    "almost certainly not": "virtually impossible, almost impossible, some slight chance, "
    "highly doubtful",
}


@pytest.mark.parametrize(("term", "synonyms"), KENT.items())
def test_kent_s_own_synonyms_have_his_intervals(term: str, synonyms: str) -> None:
    own = look_up(term, "kent")
    for synonym in synonyms.split(", "):
        words = look_up(synonym, "kent")
        assert (words.low, words.high, words.nearest) == (own.low, own.high, term)
        assert words.source.startswith("Kent 1964")


@pytest.mark.parametrize(
    ("phrase", "term"),
    [
        ("highly unlikely", "very unlikely"),
        ("very improbable", "very unlikely"),
        ("probably not", "improbable (improbably)"),
        ("most likely", "likely"),
        ("highly likely", "very likely"),
        ("very probable", "very likely"),
    ],
)
def test_what_icd_203_lacks_is_read_as_its_nearest_term(phrase: str, term: str) -> None:
    assert look_up(phrase).nearest == term
    assert phrase not in phrases()


PUBLISHED = {
    "icd203": [(1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99)],
    "kent": [(0, 0), (2, 12), (20, 40), (40, 60), (63, 87), (87, 99), (100, 100)],
    "phia": [(0, 5), (10, 20), (25, 35), (40, 50), (55, 75), (80, 90), (95, 100)],
    "nato": [(0, 10), (10, 40), (40, 60), (60, 90), (90, 100)],
    "ipcc": [(0, 1), (0, 5), (0, 10), (0, 33), (33, 66), (50, 100), (66, 100), (90, 100),
             (95, 100), (99, 100)],
    "efsa": [(0, 1), (1, 5), (5, 10), (10, 33), (33, 66), (50, 100), (66, 90), (90, 95),
             (95, 99), (99, 100)],
}  # fmt: skip


@pytest.mark.parametrize("scale", SCALES)
def test_a_scale_has_every_row_of_its_published_table(scale: str) -> None:
    """ICD 203; Kent's 7, 30, 50, 75 and 93 % with 5, 10, 10, 12 and 6 points; the others."""
    rows = {(look_up(p, scale).low, look_up(p, scale).high) for p in phrases(scale)}
    assert rows == {(low / 100, high / 100) for low, high in PUBLISHED[scale]}


@pytest.mark.parametrize("scale", SCALES)
def test_every_synonym_has_the_interval_of_its_term_and_says_whose_reading_it_is(scale) -> None:
    """Would catch a phrase added with a term that is itself a reading, or without a source."""
    for phrase, term in synonyms(scale):
        words, own = look_up(phrase, scale), look_up(term, scale)
        assert (words.low, words.high, words.nearest) == (own.low, own.high, term)
        assert own.nearest == ""
        assert words.source.startswith(("ours", "Kent 1964"))
