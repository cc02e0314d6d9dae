"""Filtering draws in a real browser: a condition is added, moved and removed, all recounts."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Page, expect

import detente
from workbench.conftest import Server, visit


def test_a_condition_recounts_all_verdicts(page: Page, server: Server) -> None:
    """Would catch: a count that does not follow, a condition that a link does not carry."""
    results = server.folder / "results"
    results.mkdir(exist_ok=True)
    if not (results / "study.sqlite").exists():
        detente.load("sanctions").study(draws=60, rng=1, store=results / "study.sqlite")
    study = detente.open_study(results / "study.sqlite")
    visit(page, server, "/filter?case=sanctions&study=results/study.sqlite")
    expect(page.locator("#left")).to_contain_text("60 of 60 draws left")
    page.get_by_label("Condition on").select_option("pain")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("above")).to_be_focused()
    page.get_by_label("above").fill("0.8")
    pain = study.design.values[study.completed, study.design.names.index("pain")]
    left = int(np.sum(pain >= 0.8))
    expect(page.locator("#left")).to_contain_text(f"{left} of 60 draws left")
    expect(page.locator("#strip-pain svg")).to_be_visible()
    expect(page.locator("#after-T1")).to_contain_text(f"of {left} draws")
    page.reload()
    expect(page.locator("#left")).to_contain_text(f"{left} of 60 draws left")
    page.get_by_label("above").fill("1.99")
    expect(page.locator("#left")).to_contain_text("too few")
    page.get_by_role("button", name="Remove pain").click()
    expect(page.locator("#left")).to_contain_text("60 of 60 draws left")
    expect(page.get_by_label("Condition on")).to_be_focused()
    assert "pain" not in page.url
