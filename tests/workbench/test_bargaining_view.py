"""Bargaining on the live page: the library's numbers at the setting, where there is a table.

Would catch: a view that does not follow a parameter, one that stands among the views of a case
without a table, and a table that a hold or another present changes.
"""

from __future__ import annotations

import csv
import io
import time
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import detente
from detente.bargaining import compare_models, table_of
from workbench.conftest import Server, answered, visit
from workbench.view_answers import export_of, page_of, places_of

TREATY = Path(__file__).with_name("treaty.yaml")


def rows_of(query: str, table: str) -> list[dict[str, str]]:
    text = export_of("bargaining", f"{query}&table={table}", "csv")["file"]
    return list(csv.DictReader(io.StringIO(text)))


def test_numbers_are_those_of_the_library_at_the_setting() -> None:
    found = compare_models(table_of(detente.load(TREATY), {"thirst": 0.9}))
    outcomes = rows_of("case=treaty.yaml&set.thirst=0.9", "Outcomes")
    for k, row in enumerate(outcomes):
        for one in found.outcomes:
            assert float(row[one.model]) == pytest.approx(float(one.outcome[k]))
    made = rows_of("case=treaty.yaml&set.thirst=0.9", "Exchanges")
    assert float(made[0]["gain"]) == pytest.approx(found.exchanges.made[0].gain)
    flow = rows_of("case=treaty.yaml&set.thirst=0.9", "Trades")[0]
    assert (flow["giver"], flow["issue"], flow["receiver"]) == ("upper", "flow", "lower")
    places = places_of("bargaining", "case=treaty.yaml&set.thirst=0.9")
    text = unescape(places["bargaining-outcomes"])
    assert f">{found.outcome_rows[1][1]}</td>" in text
    assert "Share of the water that flows on" in text


def test_what_is_held_and_today_leave_the_table_as_it_is() -> None:
    plain = places_of("bargaining", "case=treaty.yaml")
    for query in ("do.upper.dam=built&during=0,1", "today.upper.dam=built"):
        assert places_of("bargaining", f"case=treaty.yaml&{query}") == plain
    moved = places_of("bargaining", "case=treaty.yaml&set.thirst=0.9")
    assert all(moved[place] != plain[place] for place in plain)


def test_a_change_is_answered_at_once() -> None:
    places_of("bargaining", "case=treaty.yaml")
    start = time.perf_counter()
    places_of("bargaining", "case=treaty.yaml&set.thirst=0.77")
    assert time.perf_counter() - start < 1.0


def test_it_is_offered_where_the_case_has_a_table() -> None:
    assert 'data-view="bargaining"' in page_of("claims", "case=treaty.yaml", plain=False)
    assert 'data-view="bargaining"' not in page_of("claims", "case=chicken", plain=False)
    refused = unescape(page_of("bargaining", "case=chicken"))
    assert "chicken has no table of bargaining; add a part `bargaining` to it" in refused


def test_the_export_opens_alone() -> None:
    text = export_of("bargaining", "case=treaty.yaml", "html")["file"]
    assert text.count("<svg") >= 2
    assert "<script" not in text


def test_a_slider_moves_the_pictures(page: Page, server: Server) -> None:
    (server.folder / TREATY.name).write_bytes(TREATY.read_bytes())
    visit(page, server, "/bargaining?case=treaty.yaml")
    positions = page.locator("#bargaining-positions")
    expect(positions).to_contain_text("compromise 68")
    expect(page.locator("#bargaining-trades .ribbon")).to_have_count(1)
    slider = page.locator('input[name="set.thirst"]').first
    slider.focus()
    slider.press("End")
    answered(page)
    expect(positions).not_to_contain_text("compromise 68")
    assert "set.thirst=1" in page.url
