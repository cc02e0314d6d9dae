"""Every page for everybody: by the rules of axe-core, wide in the light and narrow in the dark.

With ``DETENTE_PICTURES=FOLDER`` a picture of each is written there. Would catch: a control without
a name, words too pale, a page wider than a telephone, a view that stays empty.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from workbench.conftest import Server, visit

PAGES = (
    "/",
    "/nowhere",
    "/claims?case=unclosed.yaml",
    "/claims?case=sanctions",
    "/map?case=sanctions",
    "/filter?case=chicken&above.nerve=2",
    "/why?case=sanctions",
    "/why?case=sanctions&claim=T1",
    "/compare?case=sanctions&set.pain=1.2&with=case%3Dsanctions",
    "/record?case=peninsula&variable=us.offer",
    "/digest?case=sanctions&set.pain=1.2",
    "/paths?case=chicken",
    "/today?case=sanctions",
    "/phase?case=sanctions&x=pain&y=pride&points=3",
    "/long-run?case=sanctions",
    "/bargaining?case=treaty.yaml&set.thirst=0.8",
    "/show?case=sanctions",
    "/edit?case=sanctions&section=claims",
    "/edit?case=sanctions&section=record",
    "/ask?case=sanctions&kind=deal&query=target.programme+==+frozen&of=target&payer=sender",
    "/jobs?case=sanctions",
)
TREATY = Path(__file__).with_name("treaty.yaml")
Scheme = Literal["light", "dark"]
STILL = {"/", "/claims?case=unclosed.yaml", "/nowhere"}
"""Those that have nothing to wait for."""


@pytest.mark.parametrize("address", PAGES)
def test_no_rule_is_broken_and_nothing_sticks_out(page: Page, server: Server, address: str) -> None:
    """Loading a page costs more than looking at it, so one load serves both looks."""
    (server.folder / "unclosed.yaml").write_text("detente: 1\ntitle: [unclosed\n")
    (server.folder / "treaty.yaml").write_bytes(TREATY.read_bytes())
    look(page, 390, "dark")
    if address in STILL:
        page.goto(server.origin + address)
    else:
        visit(page, server, address)
        assert len(page.locator("main").inner_text()) > 200
    if address.startswith("/edit"):
        expect(page.locator("body")).to_have_attribute("data-check", "done")
    check(page, address, 390, "dark")
    look(page, 1280, "light")
    check(page, address, 1280, "light")


def look(page: Page, width: int, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})


def check(page: Page, address: str, width: int, scheme: Scheme) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    folder = os.environ.get("DETENTE_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", address).strip("-") or "start"
        page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
