"""The presentation: one claim a screen, by keys and buttons; all of them on paper."""

from __future__ import annotations

import re
from html import unescape

from playwright.sync_api import Page, expect

import detente
from detente.claims import answer_claim, claims_model, kind_of
from detente.text import show
from workbench.conftest import Server, answered, visit
from workbench.view_answers import lines_of, page_of


def test_the_claim_in_view_is_answered_first_and_as_the_library_does() -> None:
    """Would catch: a presenter who waits for thirty claims, and numbers of another setting."""
    found = lines_of("show", "case=sanctions&set.pain=1.2&claim=T3")
    lines = [line for line in found if line.get("put", "").startswith("show-")]
    assert lines[0]["put"] == "show-answer-T3"
    case = detente.load("sanctions").set(pain=1.2)
    model = claims_model(case)
    places = {line["put"]: line["html"] for line in lines}
    for claim in case.claims:
        if claim.ask is not None:
            value = show(answer_claim(claim, model).value, kind_of(claim))
            assert f"<strong>{value}</strong>" in unescape(places[f"show-answer-{claim.id}"])


def test_without_script_all_claims_follow_each_other() -> None:
    page = page_of("show", "case=sanctions")
    assert page.count('class="slide-value"') == page.count('class="slide"') == 5
    page = page_of("show", "case=peninsula", plain=False)
    assert "How it turned out" in page
    # C09 says that China does not move first: "it did not happen" would deny that.
    assert "What was asked about did not happen" in page


def test_a_claim_that_is_not_there_is_refused_in_words() -> None:
    assert "claim=T9" in page_of("show", "case=sanctions&claim=T9")


def test_keys_and_buttons_turn_the_screens(page: Page, server: Server) -> None:
    """Would catch: dead keys, an address that lags, and a way out that loses the setting."""
    visit(page, server, "/show?case=sanctions&set.pain=1.2&claim=T2")
    seen = page.locator(".slide:visible")
    expect(seen).to_have_count(1)
    diamond = seen.locator("polygon.stated")
    assert diamond.evaluate("one => getComputedStyle(one).fill") != "rgb(0, 0, 0)"
    for key, claim in (("ArrowRight", "T3"), ("End", "T5"), ("ArrowLeft", "T4"), ("Home", "T1")):
        page.keyboard.press(key)
        expect(seen).to_have_attribute("data-claim", claim)
        assert f"claim={claim}" in page.url
    page.get_by_role("button", name="Next").click()
    expect(seen).to_have_attribute("data-claim", "T2")
    expect(page.locator("#show-place")).to_have_text("2 of 5")
    page.emulate_media(media="print")
    expect(seen).to_have_count(5)
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("/claims"))
    answered(page)
    assert "set.pain=1.2" in page.url
