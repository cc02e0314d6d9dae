"""Asking in a real browser: by keyboard, with faults at their place, and cards that follow."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

import detente
from detente.text import show
from workbench.conftest import Server, answered, visit

QUERY = "F[0, 5] target.programme == frozen"


def ask(page: Page, query: str) -> Locator:
    """Ask by the form, and return the card."""
    page.locator("#query").fill(query)
    page.locator("#query").press("Escape")
    page.get_by_role("button", name="Ask", exact=True).click()
    settled(page)
    return page.locator("#cards > li").first


def settled(page: Page) -> None:
    expect(page.locator("#cards")).to_have_attribute("data-state", "done")
    answered(page)


def value(query: str = QUERY, **parameters: float) -> str:
    case = detente.load("sanctions").set(parameters)
    return show(case.conflict().equilibrium().probability(query).value, "tenths")


def test_a_query_is_completed_and_asked_by_keyboard(page: Page, server: Server) -> None:
    """Would catch: a list that needs the pointer, and an Enter that asks when it should choose."""
    visit(page, server, "/ask?case=sanctions")
    query, options = page.locator("#query"), page.locator("#question .field .options").first
    query.focus()
    page.keyboard.type("F[0, 5] target")
    expect(query).to_have_attribute("aria-expanded", "true")
    expect(options.get_by_role("option").first).to_contain_text("target.programme")
    page.keyboard.press("ArrowDown")
    active = query.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(query).to_have_value("F[0, 5] target.programme ")
    expect(options.get_by_role("option").first).to_contain_text("==")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(options.get_by_role("option")).to_have_count(3)
    expect(options.get_by_role("option").nth(1)).to_contain_text("frozen")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(query).to_have_value(f"{QUERY} ")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    settled(page)
    card = page.locator("#cards > li")
    expect(card.locator(".headline")).to_have_text(value())
    expect(card).to_contain_text("It happens by these moves")


def test_a_fault_is_marked_while_one_types(page: Page, server: Server) -> None:
    """Would catch: a wrong query that becomes a card, and a fault without its place."""
    visit(page, server, "/ask?case=sanctions")
    query = page.locator("#query")
    query.press_sequentially("F[0, 5] target.programme == frosen")
    problem = page.locator("#query-problem")
    expect(problem).to_contain_text("column 29: 'target.programme' has no level 'frosen'")
    expect(problem.locator("mark")).to_have_text("frosen")
    expect(query).to_have_attribute("aria-invalid", "true")
    query.press("Escape")
    query.press("Enter")
    expect(query).to_be_focused()
    expect(page.locator("#cards > li")).to_have_count(0)
    query.fill(QUERY)
    expect(problem).to_have_text("")


def test_cards_follow_the_setting_and_survive_a_reload(page: Page, server: Server) -> None:
    """Would catch: an answer that stays at another setting than that of its page."""
    visit(page, server, "/ask?case=sanctions")
    card = ask(page, QUERY)
    expect(card.locator(".headline")).to_have_text(value())
    slider = page.locator('input[name="set.pain"]')
    slider.focus()
    slider.press("End")
    expect(card.locator(".headline")).to_have_text(value(pain=1.5))
    page.reload()
    settled(page)
    expect(page.locator("#cards .headline")).to_have_text(value(pain=1.5))
    page.go_back()
    expect(page.locator("#cards .headline")).to_have_text(value())
    page.get_by_text("Command and Python").click()
    expect(page.locator("[data-text=command]")).to_have_text(
        f"detente forecast sanctions '{QUERY}'"
    )


def test_cards_are_moved_and_removed(page: Page, server: Server) -> None:
    visit(page, server, "/ask?case=sanctions")
    ask(page, QUERY)
    ask(page, "F[0, 2] tension == high")
    titles = page.locator("#cards h3")
    expect(titles.first).to_contain_text("tension")
    page.get_by_role("button", name="Move up").nth(1).click()
    expect(titles.first).to_contain_text("frozen")
    page.get_by_role("button", name="Remove").first.click()
    expect(titles).to_have_count(1)
    expect(titles.first).to_contain_text("tension")


def test_what_is_put_together_is_a_query_to_edit(page: Page, server: Server) -> None:
    """Would catch: a form whose question is another than the text that it shows."""
    visit(page, server, "/ask?case=sanctions")
    page.get_by_label("What if").check()
    page.locator("[data-part=variable]").select_option("target.programme")
    page.locator("[data-part=level]").select_option("dismantled")
    query = page.locator("#query")
    expect(query).to_have_value("F[0, 5] target.programme == dismantled")
    page.locator("[name=hold]").select_option("sender.offer")
    page.locator("[name=level]").select_option("large")
    page.get_by_role("button", name="Ask", exact=True).click()
    settled(page)
    base = detente.load("sanctions").conflict().equilibrium()
    asked = "F[0, 5] target.programme == dismantled"
    held = base.probability(asked, do={"sender.offer": "large"}).value
    difference = show(held - base.probability(asked).value, "points")
    expect(page.locator("#cards .headline strong")).to_have_text(difference)


def test_what_it_would_take(page: Page, server: Server) -> None:
    visit(page, server, "/ask?case=sanctions")
    page.get_by_label("What would it take").check()
    page.locator("[name=of]").select_option("target")
    card = ask(page, "target.programme == dismantled")
    expect(card.get_by_role("heading", name="Offer against cooperation")).to_be_visible()
    expect(card.locator("figure svg").first).to_be_visible()
    expect(card).to_contain_text(re.compile(r"stable: from .* to"))


def test_a_question_is_answered_without_script(page: Page, server: Server) -> None:
    """Would catch: a page that is empty where there is no script."""
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(f"{server.origin}/ask?case=sanctions&set.pain=1.2&plain=1")
    plain.locator("#query").fill(QUERY)
    plain.get_by_role("button", name="Ask", exact=True).click()
    expect(plain.locator(".headline")).to_have_text(value(pain=1.2))
    context.close()
