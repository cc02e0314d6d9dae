"""An address that asks for what cannot be: the page says what is wrong, and how to go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from detente.workbench._views import VIEWS
from workbench.conftest import Server, answered
from workbench.view_answers import SOLVER, lines_of, page_of

WRONG = {
    "paths": "years=no",
    "map": "path=no",
    "phase": "x=rain",
    "why": "claim=T66",
    "show": "claim=T66",
    "record": "variable=rain",
    "filter": "above.pain=no",
    "today": "concept=rain",
}
"""By view a word of its own that goes wrong."""


def asked(view: str, query: str) -> Mapping[str, Any]:
    question = {"kind": "page", "view": view, "query": query, "plain": False}
    return next(iter(SOLVER.answer(question)))


def test_a_wrong_word_of_a_view_is_not_blamed_on_the_setting() -> None:
    """Would catch: a page that asks to move something where the address is to be mended."""
    for view, words in WRONG.items():
        found = asked(view, f"case=sanctions&set.pain=1&{words}")
        assert "status" not in found, view
        assert "This cannot be answered" in found["html"]
        assert "at this setting</h2>" not in found["html"]
        assert f"open {VIEWS[view].title} afresh</a>" in found["html"]
        assert words.rpartition("=")[2] in found["html"]
    plain = page_of("phase", "case=sanctions&x=pain&y=pride&points=3&show=F[0,&plain=1")
    assert "neither a claim nor a query" in plain
    assert "at this setting</h2>" not in plain


def test_what_the_page_refuses_gets_no_answers() -> None:
    """Would catch: a page that loads itself again without end, as first answers come all the same.

    A refused page loads itself again as soon as there are answers to show.
    """
    for view, words in WRONG.items():
        *lines, last = lines_of(view, f"case=sanctions&{words}")
        assert not any("first" in line for line in lines), view
        assert last["end"] == "failed"
        assert last["input"]


def test_a_setting_that_cannot_be_is_what_is_blamed() -> None:
    """Would catch: a script of a view on a page where its places are not."""
    query = "case=sanctions&do.sender.sanctions=full&do.sender.offer=large&today.tension=high"
    for view in VIEWS.values():
        html = asked(view.name, query)["html"]
        assert "No answers at this setting" in html
        assert "Nobody offers most and threatens most at once" in html
        assert not view.script or view.script not in html


def test_a_hold_for_a_part_of_the_period_is_refused_alike() -> None:
    """Would catch: a view that answers as if the hold lasted, or says so in words of its own."""
    for view in ("today", "long-run", "phase", "paths", "map"):
        html = asked(view, "case=sanctions&do.sender.offer=small&during=0,2")["html"]
        assert "a hold for a part of the period answers claims only" in html, view


def test_today_beside_a_hold_says_which_wins() -> None:
    """Would catch: two levels of one option in the line of what is moved, and no word on which."""
    query = "case=sanctions&do.sender.offer=small&today.sender.offer=none"
    words = "Sender: offer none today instead of none, but the hold wins from today on"
    assert words in asked("claims", query)["html"]
    assert words not in asked("claims", query + "&during=1,2")["html"]


def test_a_wrong_word_is_mended_at_the_present_setting(page: Page, server: Server) -> None:
    """Would catch: a way out that forgets what was moved on the refused page."""
    page.goto(f"{server.origin}/map?case=chicken&path=no")
    expect(page.locator("body")).to_have_attribute("data-state", "failed")
    slider = page.locator('input[name="set.nerve"]')
    slider.focus()
    slider.press("End")
    expect(page.locator("#moved")).to_contain_text("nerve 10 instead of 6")
    page.get_by_role("link", name="open Map afresh").click()
    answered(page)
    expect(page.locator("#map-table table")).to_be_visible()
    assert "set.nerve=10" in page.url
    assert "path" not in page.url
