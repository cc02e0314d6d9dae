"""Moving an assumption in a real browser: every answer follows, and the address says it all."""

from __future__ import annotations

from playwright.sync_api import Page, expect

import detente
from detente.claims import answer_claim, claims_model, kind_of
from detente.text import show
from workbench.conftest import Server, answered, visit


def test_answers_are_those_of_the_model(page: Page, server: Server) -> None:
    """Would catch: a page that answers at other values than those of its address."""
    visit(page, server, "/claims?case=sanctions&set.pain=2")
    case = detente.load("sanctions").set(pain=2.0)
    model = claims_model(case)
    for claim in case.claims:
        if claim.ask is not None:
            value = show(answer_claim(claim, model).value, kind_of(claim))
            expect(page.locator(f"#answer-{claim.id}")).to_contain_text(value)


def test_back_undoes_a_move(page: Page, server: Server) -> None:
    """Would catch: moves that leave no trace in the address, and answers that stay behind."""
    visit(page, server, "/claims?case=sanctions")
    before = page.locator("table.claims-view").inner_text()
    slider = page.locator('input[name="set.pain"]')
    slider.focus()
    slider.press("End")
    answered(page)
    assert "set.pain=" in page.url
    page.go_back()
    answered(page)
    assert "set.pain=" not in page.url
    assert page.locator("table.claims-view").inner_text() == before
