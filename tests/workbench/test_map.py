"""Walking the map in a real browser, and what it says against the library."""

from __future__ import annotations

from playwright.sync_api import Page, expect

import detente
from detente.explanation import moves_from_state
from workbench.conftest import Server, answered, visit


def test_a_move_that_is_followed_is_made_in_all_views(page: Page, server: Server) -> None:
    """Would catch: links to another state than they say, a walk that the other views do not see."""
    visit(page, server, "/map?case=chicken")
    rows = page.locator("#map-table tbody tr")
    found = moves_from_state(detente.load("chicken").conflict().equilibrium())
    assert rows.count() == len(found.moves)
    rows.first.get_by_role("link").press("Enter")
    answered(page)
    expect(page.locator("#map-moves")).to_be_focused()
    assert "today.row.wheel=swerve" in page.url
    expect(page.locator("#map-here .moved")).to_contain_text("swerve")
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Claims").click()
    answered(page)
    expect(page.locator('select[name="today.row.wheel"]')).to_have_value("swerve")
    page.go_back()
    page.go_back()
    answered(page)
    assert "today." not in page.url
    expect(page.locator("#map-here .moved")).to_have_count(0)


def test_a_sample_path_is_played_and_stops(page: Page, server: Server) -> None:
    """Would catch: a path of another seed after a reload, a player that never ends."""
    visit(page, server, "/map?case=sanctions&path=3")
    steps = page.locator("#map-path li")
    words = steps.all_inner_texts()
    assert words
    play = page.get_by_role("button", name="Play", exact=True)
    play.click()
    expect(steps.first).to_have_class("playing")
    expect(page.locator("#map-levels .playing")).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".playing")).to_have_count(0)
    page.reload()
    answered(page)
    assert steps.all_inner_texts() == words


def test_what_is_held_cannot_be_walked_away_from(page: Page, server: Server) -> None:
    """Would catch: moves of an option that the setting holds."""
    visit(page, server, "/map?case=chicken&do.row.wheel=straight")
    expect(page.locator("#map-here")).to_contain_text("straight (held)")
    expect(page.locator("#map-table")).not_to_contain_text("First driver")
    expect(page.locator("#map-table")).to_contain_text("Second driver")
