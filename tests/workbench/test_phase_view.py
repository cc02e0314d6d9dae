"""The phase diagram: it fills in, knows the setting, and its cells lead there."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import detente
from detente.study import growing_diagram, phase_diagram
from detente.workbench._views import phase
from workbench.conftest import Server, answered, visit
from workbench.view_answers import export_of, lines_of, page_of, places_of

SIDES = "x=pain&y=sender.offer&points=3"


def test_a_growing_diagram_ends_as_the_one_made_at_once() -> None:
    """Would catch: places answered twice, never, or with another's answer."""
    case = detente.load("sanctions")
    grown = list(growing_diagram(case, "pain", "sender.offer", "T1", points=5, every=4))
    wanted = phase_diagram(case, "pain", "sender.offer", "T1", points=5)
    assert [len(one.waiting) for one in grown] == [15, 11, 7, 3, 0]
    assert np.array_equal(grown[-1].values, wanted.values, equal_nan=True)
    for one in grown:
        assert all(np.isnan(one.values[place]).all() for place in one.waiting)


def test_the_table_has_the_numbers_of_the_library_at_the_setting() -> None:
    """Would catch: a hold or a parameter of the setting that the grid forgets."""
    query = f"case=sanctions&set.pride=0.9&set.pain=1.1&do.neighbour.border=watched&{SIDES}&show=T1"
    text = export_of("phase", f"{query}&table=Phase+diagram", "csv")["file"]
    rows = list(csv.reader(io.StringIO(text)))[1:]
    case = detente.load("sanctions").set(pride=0.9)
    asked = "F[0, 5] target.programme == dismantled"
    # The claim holds the offer at none itself, which wins over the axis.
    held = {"neighbour.border": "watched", "sender.sanctions": "full", "sender.offer": "none"}
    for pain, _, answer, _ in rows:
        solved = case.set(pain=float(pain)).conflict().equilibrium()
        assert float(answer) == pytest.approx(solved.probability(asked, do=held).value, abs=1e-8)
    assert sorted({float(row[0]) for row in rows}) == pytest.approx([0.3, 0.9, 1.5])


def test_a_query_is_asked_under_what_is_held() -> None:
    query = "F[0, 5] target.programme == dismantled"
    words = f"case=sanctions&do.neighbour.border=watched&x=pain&y=pride&points=3&show={query}"
    rows = list(csv.reader(io.StringIO(
        export_of("phase", f"{words}&table=Phase+diagram", "csv")["file"]
    )))[1:]  # fmt: skip
    base = detente.load("sanctions")
    for pain, pride, answer, _ in rows:
        solved = base.set(pain=float(pain), pride=float(pride)).conflict().equilibrium()
        wanted = solved.probability(query, do={"neighbour.border": "watched"}).value
        assert float(answer) == pytest.approx(wanted, abs=1e-8)


def test_the_setting_is_marked_and_a_finished_diagram_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Would catch: a grid solved anew for a move along it, and a mark that stays behind."""
    query = f"case=sanctions&{SIDES}&show=T1"
    first = places_of("phase", query)["phase-diagram"]
    monkeypatch.setattr(phase, "growing_diagram", None)
    moved = places_of("phase", f"{query}&set.pain=1.5&do.sender.offer=large")
    circle = 'class="base"'
    assert circle in first
    assert circle in moved["phase-diagram"]
    assert first != moved["phase-diagram"]
    assert moved["phase-cells"].count('aria-current="true"') == 1


def test_without_a_choice_it_takes_what_matters_most() -> None:
    lines = lines_of("phase", "case=sanctions&points=3&show=T1")
    said = " ".join(line["say"] for line in lines if "say" in line)
    assert "Looking for what matters most" in said
    places = {line["put"]: line["html"] for line in lines if "put" in line}
    tornado = detente.load("sanctions").study(draws=1, rng=0, design="tornado").sensitivity("T1")
    names = [bar.name for bar in tornado.bars[:2]]
    assert " and ".join(names) in places["phase-about"]


def test_the_phase_of_the_case_is_told_as_in_the_report() -> None:
    held = places_of("phase", "case=peninsula&x=us.offer&y=us.approach&points=3")["phase-held"]
    assert "China: enforcement against United States: offer" in held
    assert "style=" not in held


def test_a_wrong_address_is_answered_in_words() -> None:
    for words in ("x=rain", "points=4"):
        assert words in page_of("phase", f"case=sanctions&{words}")


def test_a_wrong_query_is_answered_in_words() -> None:
    last = lines_of("phase", "case=sanctions&x=pain&y=pride&show=F[0,")[-1]
    assert last["end"] == "failed"
    assert last["input"]
    assert "neither a claim nor a query" in last["error"]


def test_a_cell_moves_the_setting_there(page: Page, server: Server) -> None:
    """Would catch: cells that lead elsewhere, sliders and the mark left behind."""
    visit(page, server, f"/phase?case=sanctions&{SIDES}")
    page.locator("#phase-cells summary").click()
    page.locator("#phase-cells button").nth(8).click()
    answered(page)
    assert "set.pain=1.5" in page.url
    assert "do.sender.offer=large" in page.url
    expect(page.locator('input[name="set.pain"]')).to_have_value("1.5")
    expect(page.locator("#phase-cells [aria-current]")).to_have_count(1)
    page.locator("#phase-diagram .cell").first.click(position={"x": 4, "y": 4})
    answered(page)
    assert "set.pain=0.3" in page.url
    assert "do.sender.offer=none" in page.url
