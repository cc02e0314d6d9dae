"""Work in the background in a real browser: it outlives its page, is cancelled, and goes on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from detente.workbench._jobs import JobKeeper
from workbench.conftest import Server, visit

PATIENCE = 150_000
"""Milliseconds for a process that imports, compiles and solves on a busy machine."""


@pytest.fixture(scope="module", autouse=True)
def nothing_left(server: Server) -> Iterator[None]:
    """End what a test left running: it would outlive the server."""
    yield
    keeper = JobKeeper(server.folder)
    for _ in range(2):
        live = [job for job in keeper.folder.jobs() if job.live]
        for job in live:
            keeper.cancel(job)
        time.sleep(0.5 if live else 0)


def start(page: Page, draws: int) -> None:
    page.locator("[name=draws]").fill(str(draws))
    page.get_by_role("button", name="Start").click()


def test_a_study_finishes_without_its_page_and_opens(
    context: BrowserContext, server: Server
) -> None:
    """Would catch: work that ends with the page that started it."""
    page = context.new_page()
    visit(page, server, "/jobs?case=chicken")
    start(page, 20)
    expect(page.locator("[data-job-state=running]")).to_have_count(1, timeout=PATIENCE)
    page.close()
    page = context.new_page()
    visit(page, server, "/jobs?case=chicken")
    job = page.locator("li.job").filter(has_text="20 draws")
    expect(job.locator("[data-job-state=done]")).to_be_visible(timeout=PATIENCE)
    # A list that is drawn anew between the press of a button and its release loses the click.
    job.get_by_role("link", name="Open").dispatch_event("click")
    expect(page.locator("#job-result table.verdicts tbody tr").first).to_be_visible()
    expect(page.locator("#job-result")).to_contain_text("lhs design, 20 draws")


def test_a_study_is_cancelled_and_goes_on(page: Page, server: Server) -> None:
    """Would catch: a cancel that loses what was solved."""
    visit(page, server, "/jobs?case=chicken")
    start(page, 50000)
    job = page.locator("li.job").filter(has_text="50,000 draws")
    expect(job.locator("progress")).to_be_visible(timeout=PATIENCE)
    job.get_by_role("button", name="Cancel").click()
    expect(job.locator("[data-job-state=stopped]")).to_be_visible(timeout=PATIENCE)
    words = job.locator(".state").inner_text()
    saved = re.search(r"stopped after (\d+) of 50000 draws", words)
    assert saved is not None, words
    job.get_by_role("button", name="Resume").click()
    expect(job.locator("progress")).to_be_visible(timeout=PATIENCE)
    job.get_by_text("Command").click()
    expect(job.locator("pre")).to_contain_text("--resume")
    job.get_by_role("button", name="Cancel").click()
    expect(job.locator("[data-job-state=stopped]")).to_be_visible(timeout=PATIENCE)
    job.get_by_role("button", name="Remove from list").click()
    expect(job).to_have_count(0)


def test_a_report_is_written_and_read(page: Page, server: Server) -> None:
    visit(page, server, "/jobs?case=chicken")
    page.get_by_label("Report").check()
    start(page, 20)
    job = page.locator("li.job").filter(has_text="Report of")
    expect(job.locator("[data-job-state=done]")).to_be_visible(timeout=PATIENCE)
    job.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", name="The brief")).to_be_visible()


def test_what_cannot_be_run_says_why(page: Page, server: Server) -> None:
    visit(page, server, "/jobs?case=chicken")
    page.get_by_label("Fit").check()
    expect(page.locator("#job-problem")).to_contain_text("has no record")
