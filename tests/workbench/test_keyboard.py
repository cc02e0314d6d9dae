"""What an analyst does, without a mouse: move, find what flipped, pin, compare, export.

Would catch: an action that only a pointer reaches, a focus that is lost on the way, a menu that no
key opens.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from workbench.conftest import Server, answered, visit

MOST = 150
"""Presses of Tab from one thing to the next."""


def go_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_visible()
    for _ in range(MOST):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def test_from_a_moved_assumption_to_a_file_by_keyboard(page: Page, server: Server) -> None:
    visit(page, server, "/claims?case=sanctions")
    go_to(page, '[data-claims="pin"]')
    page.keyboard.press("Enter")
    answered(page)
    go_to(page, "#set-pain")
    page.keyboard.press("End")
    answered(page)
    expect(page.locator(".change").first).to_be_visible()
    go_to(page, "#changed-first")
    page.keyboard.press("Space")
    first = page.locator("tr:has(.change) a[href*='claim=']").first
    expect(first).to_be_visible()
    go_to(page, "tr:has(.change) a[href*='claim=']")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-view", "why")
    answered(page)
    go_to(page, "nav.views a[data-view=compare]")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-view", "compare")
    answered(page)
    go_to(page, "details.export summary")
    page.keyboard.press("Enter")
    go_to(page, "a[data-export][href*='/export/html/']")
    with page.expect_download() as file:
        page.keyboard.press("Enter")
    assert file.value.suggested_filename.endswith(".html")
