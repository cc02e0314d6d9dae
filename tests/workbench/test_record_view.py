"""The record beside the forecast at the setting, and what sources are there for."""

from __future__ import annotations

import re
from pathlib import Path

import detente
from detente.workbench._recorded import source_uses
from detente.workbench._solver import PageSolver
from workbench.view_answers import page_of, places_of


def test_every_row_of_the_record_stands_with_its_source() -> None:
    """Would catch: rows or sources that are lost on the way from the report."""
    tracks = places_of("record", "case=peninsula")["record-tracks"]
    case = detente.load("peninsula")
    assert tracks.count('<th scope="row">') == len(case.history)
    for row in case.history:
        assert (
            not row.source or f'href="#source-{row.source}"' in tracks or row.source == "judgement"
        )


def test_from_the_record_to_where_rows_are_added(tmp_path: Path) -> None:
    """Would catch: a record that one sees and cannot add to, and a setting lost on the way."""
    (tmp_path / "mine.yaml").write_bytes(detente.load("sanctions").text)
    ask = {"kind": "page", "view": "record", "query": "case=mine.yaml&set.pain=1", "plain": False}
    page = next(iter(PageSolver(tmp_path).answer(ask)))["html"]
    words = r"case=mine.yaml&amp;at=\w+&amp;set.pain=1&amp;section=record&amp;add=observation"
    assert re.search(rf'href="/edit\?{words}"', page)
    assert "Save a copy of this built-in case" in page_of("record", "case=sanctions", plain=False)
    assert "Add observations" in places_of("record", "case=sanctions")["record-tracks"]


def test_one_variable_can_be_chosen() -> None:
    found = places_of("record", "case=peninsula&variable=dprk.conduct")
    assert found["record-tracks"].count("<figure") == 1
    assert found["record-variables"].count('aria-current="true"') == 1


def test_an_unknown_variable_is_an_error_with_a_remedy() -> None:
    page = page_of("record", "case=peninsula&variable=dprk.conducts", plain=False)
    assert "no option or condition &#39;dprk.conducts&#39;; did you mean" in page


def test_the_forecast_is_that_of_the_setting() -> None:
    """Would catch: a path that stays where it was when something is moved."""
    query = "case=peninsula&variable=us.offer"
    still = places_of("record", query)["record-tracks"]
    assert still != places_of("record", f"{query}&do.us.offer=tactical")["record-tracks"]


def test_sources_say_what_they_support() -> None:
    """Would catch: a source shown as idle that claims, parameters or rows rest on."""
    case = detente.load("peninsula")
    uses = {use.source.id: " ".join(use.supports) for use in source_uses(case)}
    assert list(uses) == list(case.sources)
    for claim in case.claims:
        assert claim.where is None or claim.id in uses[claim.where.source]
    for parameter in case.parameters.values():
        assert parameter.source not in uses or parameter.name in uses[parameter.source]
    for row in case.history:
        assert row.source not in uses or "of the record" in uses[row.source]


def test_addresses_of_sources_are_links_that_say_nothing_of_us(tmp_path: Path) -> None:
    """Would catch: an address in a case that runs as script, or a link that gives away the page."""
    case = (
        detente.load("sanctions")
        .text.decode()
        .replace("date: 1997-10-01,", 'date: 1997-10-01, address: "javascript:alert(1)",')
        .replace("date: 1999-08-26,", 'date: 1999-08-26, address: "https://example.org/a",')
    )
    (tmp_path / "mine.yaml").write_text(case)
    question = {"kind": "page", "view": "record", "query": "case=mine.yaml", "plain": False}
    page = next(iter(PageSolver(tmp_path).answer(question)))["html"]
    assert '<a class="address" href="https://example.org/a" rel="noreferrer">' in page
    assert 'href="javascript:' not in page
