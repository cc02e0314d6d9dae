"""The page as a whole: sound markup, nothing from outside, nothing unescaped, the same bytes."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.analysis import Analysis, analyse
from detente.case import read_case
from detente.report import render, write
from detente.study import FailedAnswer
from report.page_outline import Outline

MOST_BYTES = 500 * 1024

BARE = b"""
detente: 1
title: A dam
actors:
  upstream:
    options: {dam: [none, built]}
    preferences: {statements: [upstream.dam == built]}
status_quo: {upstream.dam: none}
"""


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_every_tag_is_closed_and_every_id_is_used_once(outline: Outline) -> None:
    assert outline.tags[0] == "html"
    assert len(outline.ids) == len(set(outline.ids))


def test_links_inside_the_page_lead_somewhere(outline: Outline) -> None:
    inside = {
        value[1:]
        for _, name, value in outline.attributes
        if name in {"href", "aria-labelledby"} and value and value.startswith("#")
    }
    assert inside <= set(outline.ids)


def test_the_page_has_landmarks_a_language_and_a_way_past_the_head(outline: Outline) -> None:
    assert {"header", "main", "nav", "footer"} <= set(outline.tags)
    assert ("html", "lang", "en") in outline.attributes
    assert ("a", "href", "#main") in outline.attributes
    assert outline.tags.count("h1") == 1


def test_nothing_is_run_and_nothing_is_fetched(outline: Outline, page: str) -> None:
    assert {"script", "link", "img", "iframe", "object", "embed"} & set(outline.tags) == set()
    assert [n for _, n, _ in outline.attributes if n.startswith("on") or n == "src"] == []
    assert re.search(r"@import|url\(", page) is None
    links = {str(value) for _, name, value in outline.attributes if name == "href"}
    addresses = {link for link in links if not link.startswith("#")}
    assert addresses == {"https://example.org/notes?a=1&b=2"}


def test_the_page_is_small(page: str) -> None:
    assert len(page.encode()) <= MOST_BYTES


def test_what_the_case_says_is_escaped(page: str, outline: Outline) -> None:
    for mark in ("<script", "<b>", "<i>", "<em>ledger", 'href="javascript'):
        assert mark not in page
    for words in ('<script>alert("title")</script>', "<b>office</b>", "<em>ledger</em>"):
        assert words in outline.text


def test_tables_have_captions_header_cells_and_even_rows(outline: Outline) -> None:
    assert len(outline.tables) >= 10
    for table in outline.tables:
        assert table.caption.strip()
        assert table.scopes
        assert set(table.scopes) <= {"col", "row", "colgroup"}
        assert len(set(table.widths[1:])) <= 2, table.caption


def test_every_drawing_says_what_it_shows_or_is_hidden(outline: Outline) -> None:
    drawings = outline.tags.count("svg")
    named = outline.attributes.count(("svg", "role", "img"))
    hidden = outline.attributes.count(("svg", "aria-hidden", "true"))
    assert drawings == named + hidden
    assert named <= outline.tags.count("title") - 1


def test_figures_have_captions_and_a_table(page: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", page, flags=re.DOTALL)
    # A course for each variable, and a tornado for each claim but C3, whose arms are alike.
    assert len(figures) == 5 + 2
    for figure in figures:
        assert "<figcaption>" in figure
        assert "<table" in figure


def test_every_claim_is_there_with_its_verdict(findings: Analysis, page: str) -> None:
    for verdict in findings.study.verdicts():
        row = page.split(f'<tr id="claim-{verdict.claim.id}">')[1].split("</tr>", maxsplit=1)[0]
        assert f">{verdict.claim.id}</th>" in row
        assert f"{verdict.word}</span>" in row
    for claim in findings.case.claims:
        assert f'id="claim-{claim.id}"' in page


def test_the_provenance_names_all_that_repeats_the_run(findings: Analysis, page: str) -> None:
    footer = page.split("<footer")[1]
    for words in (findings.case.sha256, findings.command, detente.__version__, "40, seed 1"):
        assert words in footer


def test_equal_findings_give_equal_bytes(findings: Analysis, page: str) -> None:
    again = analyse(findings.case, draws=40, rng=1, workers=1)
    assert render(again) == page


def test_the_file_holds_the_page(findings: Analysis, page: str, tmp_path: Path) -> None:
    write(findings, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == page.encode("utf-8")


def test_a_case_with_nothing_but_an_actor_has_a_report_too() -> None:
    outline = Outline(render(analyse(read_case(BARE, "dam.yaml"), draws=3, rng=1)))
    assert "None of the 0 claims is put to the model." in outline.text


def test_failures_are_counted_with_their_reasons(findings: Analysis) -> None:
    failures = (FailedAnswer(3, "residual <too> large"), FailedAnswer(4, "no state", "C1"))
    values = np.nan_to_num(findings.study.values)
    values[4, 0] = np.nan
    study = dataclasses.replace(findings.study, failures=failures, values=values)
    text = Outline(render(dataclasses.replace(findings, study=study))).text
    assert "1 draw failed, 1 answer missing" in text
    assert "residual <too> large" in text
    assert "C1: no state" in text


def test_the_largest_share_of_a_row_is_marked_without_colour(findings: Analysis, page: str) -> None:
    assert findings.phase is not None
    rows = re.findall(r'<td class="number shade-(\d+)( largest)?"', page)
    marked = [bool(largest) for _, largest in rows]
    shares = np.asarray(findings.phase.share)
    assert np.flatnonzero(np.reshape(marked, shares.shape).any(axis=0)).size
    assert sum(marked) == len(shares)
