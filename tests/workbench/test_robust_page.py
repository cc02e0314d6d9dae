"""Impatience in a real browser: whatever is clicked, the page ends on the right numbers."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

import detente
from detente.claims import answer_claim, claims_model, kind_of
from detente.text import show
from workbench.conftest import Server, answered, visit
from workbench.test_serving import solver_of


def expect_answers(page: Page, pain: float) -> None:
    """Compare every answer on the page with the model's."""
    case = detente.load("sanctions").set(pain=pain)
    model = claims_model(case)
    for claim in case.claims:
        if claim.ask is not None:
            value = show(answer_claim(claim, model).value, kind_of(claim))
            expect(page.locator(f"#answer-{claim.id}")).to_contain_text(value)


def pain_of(page: Page) -> float:
    return float(page.url.rpartition("set.pain=")[2])


def test_thirty_rapid_clicks_end_right(page: Page, server: Server) -> None:
    """Would catch: an older answer that comes last and stays."""
    visit(page, server, "/claims?case=sanctions")
    slider = page.locator('input[name="set.pain"]')
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    for k in range(30):
        page.mouse.click(box["x"] + box["width"] * (0.1 + 0.8 * (k * 7 % 30) / 30), box["y"] + 8)
    answered(page)
    expect_answers(page, pain_of(page))


def test_three_tabs_do_not_mix(context: BrowserContext, server: Server) -> None:
    """Would catch: an answer to one tab that ends in another, or stops it."""
    settings = (0.4, 0.9, 1.4)
    pages = [context.new_page() for _ in settings]
    for page, pain in zip(pages, settings, strict=True):
        page.goto(f"{server.origin}/claims?case=sanctions&set.pain={pain}", wait_until="commit")
    for page, pain in zip(pages, settings, strict=True):
        answered(page)
        expect_answers(page, pain)


def test_a_reload_in_mid_solve_ends_right(page: Page, server: Server) -> None:
    for pain in (0.55, 0.65, 0.75):
        page.goto(f"{server.origin}/claims?case=sanctions&set.pain={pain}", wait_until="commit")
        page.wait_for_load_state("domcontentloaded")  # the driver takes no reload before that
        page.reload(wait_until="domcontentloaded")
    page.reload()
    answered(page)
    expect_answers(page, 0.75)


def test_a_killed_solver_is_not_noticed(page: Page, server: Server) -> None:
    """Would catch: a question that nobody asks again after the solver has ended."""
    visit(page, server, "/claims?case=sanctions")
    page.goto(f"{server.origin}/claims?case=sanctions&set.pain=0.85", wait_until="commit")
    os.kill(solver_of(server), signal.SIGKILL)
    answered(page)
    expect_answers(page, 0.85)


@pytest.mark.parametrize("address", ["/", "/claims?case=peninsula"])
def test_a_page_is_light_and_asks_nobody_else(
    context: BrowserContext, server: Server, address: str
) -> None:
    """Would catch: a page of more than 400 KB, and a request to another host."""
    page = context.new_page()
    weights: dict[str, int] = {}
    page.on("response", lambda answer: weights.update({answer.url: 0}))
    page.on("requestfinished", lambda r: weights.update({r.url: r.sizes()["responseBodySize"]}))
    page.goto(server.origin + address)
    if address != "/":
        answered(page)
    assert all(found.startswith((server.origin, "data:")) for found in weights)
    own = {url: size for url, size in weights.items() if "/stream/" not in url}
    assert sum(own.values()) < 400_000, own
