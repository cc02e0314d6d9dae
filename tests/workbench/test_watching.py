"""A page that stays open: its file is edited, broken and mended, its server comes and goes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from detente.case import load
from workbench.conftest import PATIENCE, Server, answered, visit

CHANGED = "changed by another program"
DONE = ("data-state", "done")


def chicken(title: str) -> str:
    text = files("detente.cases").joinpath("chicken.yaml").read_text("utf-8")
    return text.replace("\ntitle: Chicken", f"\ntitle: {title}")


def test_an_edited_file_is_seen_and_the_setting_stays(page: Page, server: Server) -> None:
    """Would catch: a page that goes on with an old case, or that forgets what was moved."""
    case = server.folder / "edited.yaml"
    case.write_text(chicken("First"))
    visit(page, server, "/claims?case=edited.yaml&set.nerve=4")
    expect(page.locator("h1")).to_have_text("First")
    case.write_text(chicken("Second"))
    start = time.monotonic()
    expect(page.locator("h1")).to_have_text("Second")
    assert time.monotonic() - start < 10  # within about a second where nothing else runs
    expect(page.locator("#server")).to_contain_text(CHANGED)
    answered(page)
    assert "set.nerve=4" in page.url
    assert f"at={load(case).sha256[:12]}" in page.url
    expect(page.locator(".moved-line .notice")).to_have_count(0)
    expect(page.locator('input[name="set.nerve"]')).to_have_value("4")


def test_a_broken_file_shows_where_and_recovers(page: Page, server: Server) -> None:
    """Would catch: a page that stays broken, or loses the setting on the way."""
    case = server.folder / "broken.yaml"
    case.write_text(chicken("Sound"))
    visit(page, server, "/claims?case=broken.yaml&set.nerve=4")
    case.write_text(chicken("[unclosed"))
    expect(page.locator("h1")).to_have_text("This case cannot be read")
    expect(page.locator(".problems li")).to_contain_text(re.compile(r"Line \d+, column \d+:"))
    case.write_text(chicken("Mended"))
    expect(page.locator("h1")).to_have_text("Mended")
    answered(page)
    assert "set.nerve=4" in page.url
    assert f"at={load(case).sha256[:12]}" in page.url


def test_a_view_that_has_something_to_lose_is_asked_first(page: Page, server: Server) -> None:
    """Would catch: an editor's text that is gone as the page loads again."""
    case = server.folder / "kept.yaml"
    case.write_text(chicken("First"))
    visit(page, server, "/claims?case=kept.yaml")
    page.evaluate(
        """document.addEventListener("detente:changed", (event) => {
             event.preventDefault();
             document.title = "asked";
           })"""
    )
    case.write_text(chicken("Second"))
    expect(page).to_have_title("asked")
    expect(page.locator("h1")).to_have_text("First")


def test_a_link_made_for_another_case_says_so(page: Page, server: Server) -> None:
    visit(page, server, "/claims?case=chicken&at=000000000000&set.nerve=4")
    notice = page.locator("p.notice", has_text="has changed since this link was made")
    expect(notice).to_be_visible()
    notice.get_by_role("link").click()
    answered(page)
    expect(notice).to_have_count(0)
    assert "set.nerve=4" in page.url


@pytest.fixture
def own(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, Server]]:
    """Give a page on a server that the test may kill."""
    server = Server(tmp_path, "--port", "0")
    context = browser.new_context()
    context.set_default_timeout(3 * PATIENCE)  # a solver starts while others are at work
    page = context.new_page()
    context.request.get(server.first, max_redirects=0)  # lets the browser in
    yield page, server
    context.close()
    server.process.kill()
    server.process.communicate(timeout=30)


def test_a_server_that_comes_back_is_gone_on_with(own: tuple[Page, Server]) -> None:
    """Would catch: a page that waits for ever, or that needs to be loaded again by hand."""
    page, server = own
    page.goto(server.origin + "/today?case=sanctions")
    expect(page.locator("body")).to_have_attribute(*DONE, timeout=3 * PATIENCE)
    server.process.kill()
    server.process.communicate(timeout=30)
    expect(page.locator("#server")).to_contain_text("does not answer")
    slider = page.locator('input[name="set.pain"]')
    slider.focus()
    slider.press("End")
    expect(page.locator("body")).to_have_attribute("data-state", "failed")
    again = Server(server.folder, "--port", server.origin.rpartition(":")[2])
    try:
        expect(page.locator("#server")).to_contain_text("Open the address that it printed")
        page.context.request.get(again.first, max_redirects=0)  # as another tab would
        expect(page.locator("#server")).to_contain_text("is back")
        expect(page.locator("body")).to_have_attribute(*DONE, timeout=3 * PATIENCE)
        after = page.locator("#view").inner_text()
        page.reload()
        answered(page)
        assert page.locator("#view").inner_text() == after
    finally:
        assert "Traceback" not in again.end()


def test_a_stopped_question_leaves_the_page_alive(own: tuple[Page, Server]) -> None:
    """Would catch: a button that is never seen, or a page that is dead after it.

    The stream is held back on its way, so that the answer takes as long as the test needs.
    """
    page, server = own
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/stream/**", hold)
    page.goto(server.origin + "/claims?case=sanctions")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_hidden()
    expect(stop).to_be_visible()
    with page.expect_request("**/stop") as asked:
        stop.click()
    answer = asked.value.response()
    assert answer is not None
    assert answer.status == 204
    expect(stop).to_be_hidden()
    expect(page.locator("#status")).to_contain_text("Stopped")
    page.unroute("**/stream/**")
    slider = page.locator('input[name="set.pain"]')
    slider.focus()
    slider.press("End")
    answered(page)
