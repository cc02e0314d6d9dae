"""Journeys in a real browser: from a verdict to its reasons, side by side, and what was changed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from workbench.conftest import Server, answered, visit


def test_from_the_claims_to_a_flip_that_holds(page: Page, server: Server) -> None:
    """Would catch: a flip whose link does not move the page to the verdict that it promised."""
    visit(page, server, "/claims?case=sanctions")
    page.locator('a.why[data-claim="T1"]').click()
    expect(page.locator("#why-answer")).to_contain_text("agrees")
    assert "claim=T1" in page.url
    row = page.locator("table.flips tbody tr").first
    promised = row.locator("td").nth(1).inner_text()
    assert promised != "agrees"
    row.get_by_role("link").click()
    expect(page.locator("#why-answer")).to_contain_text(promised)
    expect(page.locator(".parameter.moved")).not_to_have_count(0)
    assert "set." in page.url
    page.go_back()
    expect(page.locator("#why-answer")).to_contain_text("agrees")


def test_a_move_on_the_page_of_a_claim_is_answered_at_once(page: Page, server: Server) -> None:
    """Would catch: a search for flips that newer questions have to wait for."""
    page.goto(f"{server.origin}/why?case=sanctions&claim=T1")
    expect(page.locator("#why-answer")).to_contain_text("agrees")
    slider = page.locator('input[name="set.pain"]')
    slider.focus()
    slider.press("End")
    expect(page.locator("#why-answer")).to_contain_text("contradicts")
    answered(page)
    expect(page.locator("table.flips caption")).to_contain_text("now it contradicts")
    expect(page.locator(".late.old")).to_have_count(0)


def test_two_settings_side_by_side(page: Page, server: Server) -> None:
    """Would catch: a pin that is lost, or that moves along with the setting."""
    visit(page, server, "/compare?case=sanctions")
    page.get_by_role("link", name="Pin this setting").click()
    answered(page)
    slider = page.locator('input[name="set.pain"]')
    slider.focus()
    slider.press("End")
    answered(page)
    expect(page.locator("#compare-sides")).to_contain_text("From A to now: pain from 0.8 to 1.5")
    expect(page.locator("#compare-T1 td.differs")).to_contain_text("another verdict")
    page.get_by_role("link", name="Take away A").click()
    answered(page)
    expect(page.locator("#compare-claims")).to_be_empty()
    page.get_by_role("link", name="sanctions: as stated").click()
    answered(page)
    expect(page.locator("#compare-sides")).to_contain_text("From A to now: pain from 0.8 to 1.5")


def test_another_case_is_put_beside_from_the_list(page: Page, server: Server) -> None:
    visit(page, server, "/compare?case=sanctions&set.pain=1")
    page.get_by_label("Another case").select_option("chicken")
    page.get_by_role("button", name="Put beside").click()
    answered(page)
    assert "set.pain=1" in page.url
    expect(page.locator("#compare-claims")).to_contain_text("10 claims are not asked on all sides")


def test_the_digest_tells_what_this_tab_did(page: Page, server: Server) -> None:
    """Would catch: changes on other pages of the tab, or steps back, that the digest misses."""
    visit(page, server, "/claims?case=sanctions")
    slider = page.locator('input[name="set.pain"]')
    slider.focus()
    slider.press("End")
    answered(page)
    page.go_back()
    answered(page)
    page.locator("nav.views").get_by_role("link", name="Digest").click()
    answered(page)
    text = page.locator("#digest-text")
    expect(text).to_contain_text("2. pain from 1.5 to 0.8 again, as stated")
    expect(text).to_contain_text("1. pain from 0.8 to 1.5")
    expect(text).to_contain_text("T1 from agrees to contradicts")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#digest-said")).to_have_text("Copied.")
    page.get_by_role("button", name="Start anew").click()
    expect(text).to_have_text("0 changes since the page was opened")
