"""Moving an assumption in a real browser: every answer follows, and the address says it all."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

import detente
from detente.claims import answer_claim, claims_model, kind_of
from detente.study import first_draws, make_design, solve_draw
from detente.text import show
from workbench.conftest import Server, visit

COUNTS = """
window.counts = new Set();
new MutationObserver(() => {
  const found = document.getElementById("over-T1")?.textContent.match(/over (\\d+) draws/);
  if (found) window.counts.add(Number(found[1]));
}).observe(document, { subtree: true, childList: true });
"""
"""Notes the numbers of draws that the page goes through, however fast it does."""


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
    before = page.locator("#answer-T1").inner_text()
    slider = page.locator('input[name="set.pain"]')
    slider.focus()
    slider.press("End")
    expect(page.locator("#answer-T1")).not_to_have_text(before)
    assert "set.pain=" in page.url
    page.go_back()
    expect(page.locator("#answer-T1")).to_have_text(before)
    assert "set.pain=" not in page.url


def test_a_pin_says_what_changed_since(page: Page, server: Server) -> None:
    """Would catch: changes from the wrong setting, a pin that a reload loses, one that stays."""
    visit(page, server, "/claims?case=sanctions&set.pain=1.5")
    expect(page.locator("#compared")).to_contain_text("stated setting")
    page.get_by_role("button", name="Pin this setting").click()
    expect(page.locator("#compared")).to_contain_text("pinned setting (pain 1.5)")
    expect(page.locator("tbody .change")).to_have_count(0)
    page.locator('input[name="set.pain"]').press("Home")
    expect(page.locator("#change-T1 .change")).to_contain_text("was")
    page.goto(server.origin + "/claims?case=sanctions&set.pain=1.5")
    expect(page.locator("#compared")).to_contain_text("pinned setting")
    page.get_by_role("button", name="Unpin").click()
    expect(page.locator("#compared")).to_contain_text("stated setting")
    assert "pin=" not in page.url


def test_changed_claims_come_first_on_request(page: Page, server: Server) -> None:
    """Would catch: an order that is lost, rows that are shown against the choice, stale links."""
    visit(page, server, "/claims?case=sanctions&set.pain=2")
    ids = [row.get_attribute("id") for row in page.locator("table.claims-view tbody tr").all()]
    changed = page.locator("table.claims-view tbody tr:has(.change)")
    expect(page.locator("#change-T1 .change")).to_be_visible()
    assert 0 < changed.count() < len(ids)
    expect(page.locator("#shown-claims")).to_contain_text(f"{changed.count()} answers changed, ")
    moved = [row.get_attribute("id") for row in changed.all()]
    verdicts = page.locator("table.claims-view tbody tr:has(.change[data-turned])")
    turned = [row.get_attribute("id") for row in verdicts.all()]
    assert 0 < len(turned) < len(moved)
    page.get_by_label("Changed first").check()
    order = [row.get_attribute("id") for row in page.locator("table.claims-view tbody tr").all()]
    rest = [*(name for name in moved if name not in turned), *ids]
    assert order == list(dict.fromkeys([*turned, *rest]))
    page.get_by_label("Changed first").uncheck()
    page.get_by_label("Show").select_option("turned")
    expect(page.locator("table.claims-view tbody tr:visible")).to_have_count(len(turned))
    page.get_by_label("Show").select_option("changed")
    expect(page.locator("table.claims-view tbody tr:visible")).to_have_count(len(moved))
    link = page.locator("#claim-T1 a.why").get_attribute("href") or ""
    assert "/why?" in link
    assert "set.pain=2" in link
    assert "claim=T1" in link


def test_draws_fill_in_behind_the_answers(page: Page, server: Server) -> None:
    """Would catch: ranges that never come, draws of another setting, a count that does not grow."""
    page.add_init_script(COUNTS)
    address = f"{server.origin}/claims?case=sanctions&set.pride=0.7"
    page.goto(address)
    expect(page.locator("#over-T1")).to_contain_text(re.compile("over (16|32|64|128|256) draws"))
    counts = page.evaluate("[...window.counts]")
    assert counts[0] < counts[-1]
    assert counts == sorted(counts)
    page.goto(f"{address}&plain=1")  # which has the first sixteen, and stays so
    case = detente.load("sanctions").set(pride=0.7)
    design = make_design(case, 256, 0, "sobol")
    study = first_draws(case, design, [solve_draw(case, design.point(k)) for k in range(16)])
    for verdict in study.verdicts():
        cell = page.locator(f"#over-{verdict.claim.id}")
        expect(cell).to_contain_text(show(verdict.median, kind_of(verdict.claim)))
        expect(cell).to_contain_text(verdict.word)
