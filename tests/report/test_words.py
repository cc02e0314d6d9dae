"""What the report says in words and numbers: formats, the bottom line, scores, what was asked."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pytest

from detente.analysis import Analysis
from detente.case import (
    ExpectedAnswer,
    ExpectedTruth,
    Labels,
    Observation,
    OneSidedBound,
    StatedInterval,
)
from detente.case._words import look_up
from detente.claims import kind_of, question_words, show_expected
from detente.evidence import ArgumentScores, WordedForecast
from detente.report import render
from detente.report._brief import brief, movers
from detente.report._claim_rows import claim_rows, stated_words
from detente.report._outcomes import outcome_sentence, words_and_outcomes
from detente.report._page import environment
from detente.report._phase_table import phase_table
from detente.report._provenance import source_rows
from detente.report._stable_states import near_equilibria
from detente.text import Kind, show, show_range


def ascii_of(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("−", "-").replace("–", "-")


def question(findings: Analysis, claim: str) -> str:
    parts = question_words(findings.case.claim(claim), Labels(findings.case)).parts
    return " ".join(text for _, text in parts)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.0, "share", "0 %"),
        (1e-12, "share", "0 %"),
        (0.004, "share", "<1 %"),
        (0.9999, "share", ">99 %"),
        (1.0, "share", "100 %"),
        (math.nan, "share", "-"),
        (0.034, "points", "+3.4 points"),
        (-0.25, "points", "-25 points"),
        (1e-6, "points", "0 points"),
        (0.0, "truth", "no"),
        (0.5, "truth", "0.50"),
        (-0.123, "signed", "-0.12"),
        (0.0, "signed", "0"),
        (1234.4, "plain", "1,234"),
        (99.7, "plain", "100"),
        (-0.5, "plain", "-0.50"),
    ],
)
def test_numbers(value: float, kind: Kind, text: str) -> None:
    assert ascii_of(show(value, kind)) == text


@pytest.mark.parametrize(
    ("low", "high", "kind", "text"),
    [
        (0.2, 0.45, "share", "20-45 %"),
        (0.2, 0.2, "share", "20 %"),
        (-0.1, 0.2, "points", "-10 to +20 points"),
        (0.0, 1.0, "truth", "no to yes"),
        (0.1, 0.2, "plain", "0.10-0.20"),
        (-0.1, 0.2, "plain", "-0.10 to 0.20"),
        (math.nan, math.nan, "share", "-"),
    ],
)
def test_ranges(low: float, high: float, kind: Kind, text: str) -> None:
    assert ascii_of(show_range(low, high, kind)) == text


@pytest.mark.parametrize(
    ("expect", "kind", "text"),
    [
        (look_up("unlikely"), "share", "20-45 %"),
        (OneSidedBound("<=", 0.2, -math.inf, 1.0, 0.5), "share", "at most 20 %"),
        (OneSidedBound(">", 0.0), "signed", "above zero"),
        (ExpectedTruth(True), "truth", "yes"),
        (StatedInterval(0.3, math.inf), "plain", "at least 0.30"),
    ],
)
def test_expected_intervals(expect: ExpectedAnswer, kind: Kind, text: str) -> None:
    assert ascii_of(show_expected(expect, kind)) == text


def test_words_keep_the_reading_that_gives_them_an_interval(findings: Analysis) -> None:
    words, interval = stated_words(findings.case.claim("C1"))
    assert (words, ascii_of(interval)) == ("unlikely", "20-45 % (ICD 203)")
    assert stated_words(findings.case.claim("C8")) == ("might", "")


def test_each_kind_of_answer_has_its_format(findings: Analysis) -> None:
    kinds = {claim.id: kind_of(claim) for claim in findings.study.asked}
    assert kinds == {
        "C1": "share",
        "C2": "share",
        "C3": "points",
        "C4": "signed",
        "C5": "truth",
        "C6": "truth",
        "C7": "plain",
        "C8": "share",
        "C10": "share",
    }


def test_what_was_asked_is_said_in_words(findings: Analysis) -> None:
    assert question(findings, "C2") == (
        "Probability that, within 2 years, lowlands.convoy == escort starting from today but with "
        "highlands.toll == none while lowlands.talks == open"
    )
    assert question(findings, "C3").endswith("holding highlands.toll == steep , unannounced")
    assert "throughout 1 year" in question(findings, "C10")
    assert question(findings, "C9") == ""


def test_the_bottom_line_counts_the_verdicts(findings: Analysis) -> None:
    verdicts = findings.study.verdicts()
    found = brief(findings, claim_rows(findings))
    agree = sum(v.word == "agrees" for v in verdicts)
    assert found.lead.startswith("9 of 10 claims are put to the model; in most of 40 draws")
    assert f"agrees with {agree}" in found.lead
    assert {claim.id for claim, *_ in found.apart} == {
        v.claim.id for v in verdicts if v.word == "contradicts"
    }
    assert [row.id for row, _ in found.claims] == list(findings.case.brief)


def test_a_share_of_draws_is_not_called_a_probability(page: str) -> None:
    for line in page.splitlines():
        if "draws" in line and "robabilit" in line:
            own = ("not probabilities", "median", "the scope holds with probability")
            assert any(words in line for words in own), line


def test_movers_are_the_strongest_drivers(findings: Analysis) -> None:
    claim = findings.case.claim("C10")
    ((parameter, change),) = movers(findings, claim, 1)
    assert parameter == "calm"
    assert change.startswith("falls from ")


def test_scores_are_those_of_the_interval(findings: Analysis) -> None:
    found = words_and_outcomes(findings)
    assert found is not None
    row, words, interval, median = {row[0].claim: row for row in found.rows}["C1"]
    assert row.happened
    np.testing.assert_allclose(row.brier, (0.55**2, 0.675**2, 0.8**2))
    assert (words, ascii_of(interval)) == ("unlikely", "20-45 % (ICD 203)")
    assert median == show(findings.study.verdict("C1").unscoped, "share")


def test_equilibria_are_listed_from_the_nearest_on(findings: Analysis) -> None:
    found = near_equilibria(findings.stability, Labels(findings.case))
    apart = np.sum([[differs for _, differs in levels] for *_, levels in found.variables], axis=0)
    count = (findings.stability.equilibria("nash") | findings.stability.equilibria("seq")).sum()
    assert list(apart) == sorted(apart)
    assert len(found.under) == min(count, 8)


def test_only_web_addresses_become_links(findings: Analysis) -> None:
    links = {row.id: row.link for row in source_rows(findings.case)}
    assert links["rumour"] == ""
    assert links["harbour-2021"].startswith("https://")


def test_levels_that_cannot_be_held_are_named(findings: Analysis) -> None:
    assert findings.phase is not None
    phase = dataclasses.replace(
        findings.phase,
        held_levels=findings.phase.held_levels[:-1],
        share=findings.phase.share[:-1],
    )
    found = phase_table(Labels(findings.case), phase)
    assert found is not None
    assert found.left_out == "steep"


def test_the_brief_says_that_the_outcomes_may_have_been_known(findings: Analysis) -> None:
    found = brief(findings, claim_rows(findings))
    assert any("may have known the outcomes" in line for line in found.lines)


def test_the_sentence_tells_words_and_medians_without_scopes_and_as_stated() -> None:
    def row(claim: str, model: float | None, void: dt.date | None, middle: float) -> WordedForecast:
        brier = (0.0, middle, 0.0)
        return WordedForecast(claim, "w", (0.1, 0.2), claim == "A", False, brier, void, model)

    lasting = (row("A", 0.1, None, 0.2), row("B", 0.2, dt.date(2021, 3, 25), 0.4))
    told = outcome_sentence(ArgumentScores("x", lasting, {}))
    assert "On 2 worded forecasts" in told
    assert "score 0.30 at the middle of their intervals and the model’s medians 0.15" in told
    assert "scope conditions are left aside" in told
    assert "on the one whose scope conditions the record does not break, 0.20 and 0.10" in told
    unanswered = (row("A", None, None, 0.2), row("B", 0.2, None, 0.4))
    told = outcome_sentence(ArgumentScores("x", unanswered, {}))
    assert "medians" not in told
    assert "scope" not in told


def test_a_void_claim_is_scored_without_its_scope_and_marked(findings: Analysis) -> None:
    """The page scores what evidence scores: the unscoped median, void where the record says so."""
    assert findings.case.claim("C2").scope is not None
    entry = Observation(dt.date(2021, 6, 1), "lowlands.talks", ((0, 1.0),), "x")
    case = dataclasses.replace(findings.case, history=(entry,))
    again = dataclasses.replace(findings, case=case)
    page = render(again)
    section = page[page.index('id="outcomes"') :].split("</section>")[0]
    assert "void since 1 June 2021" in section
    assert "Mean of all that are not void (1)" in section
    assert "void since" not in render(findings)


def test_open_verdicts_and_near_misses_are_named_on_the_first_page(findings: Analysis) -> None:
    verdict = findings.study.verdict("C1")
    half = len(findings.study.completed) // 2
    split = findings.study.values.copy()
    split[:, findings.study.column("C1")] = np.repeat([0.3, 0.9], [half, len(split) - half])
    torn = dataclasses.replace(findings, study=dataclasses.replace(findings.study, values=split))
    assert torn.study.verdict("C1").word == "open" != verdict.word
    found = brief(torn, claim_rows(torn))
    assert "is open" in found.lead
    assert "1 claim is open, with no word for more than half of the draws: C1." in found.lines[0]
    assert "Near miss: C1." in found.lines[0]
    (row,) = [row for row in claim_rows(torn) if row.id == "C1"]
    assert row.answer is not None
    assert row.answer.starred == "open*"
    assert row.answer.near == torn.study.verdict("C1").near != ""


def test_a_formula_in_a_text_of_the_case_is_set_as_one() -> None:
    """Would catch: backticks on the page, and a lone one lost."""
    asked = '{% import "parts.html.j2" as parts %}{{ parts.prose("From `a < b` on, `c") }}'
    assert environment().from_string(asked).render() == "From <code>a &lt; b</code> on, `c"
