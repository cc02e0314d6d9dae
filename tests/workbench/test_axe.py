"""The page for everybody: the rules of axe-core, in the light and in the dark, wide and narrow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from workbench.conftest import Server, visit

PAGES = (
    "/",
    "/nowhere",
    "/claims?case=broken.yaml",
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
    "/show?case=sanctions",
    "/edit?case=sanctions&section=claims",
    "/edit?case=sanctions&section=record",
    "/ask?case=sanctions&kind=deal&query=target.programme+==+frozen&of=target&payer=sender",
    "/jobs?case=sanctions",
)
STILL = {"/", "/claims?case=broken.yaml", "/nowhere"}
"""Those that have nothing to wait for."""


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_rule_is_broken(
    page: Page, server: Server, address: str, scheme: str, width: int
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    (server.folder / "broken.yaml").write_text("detente: 1\ntitle: [unclosed\n")
    if address in STILL:
        page.goto(server.origin + address)
    else:
        visit(page, server, address)
    if address.startswith("/edit"):
        expect(page.locator("body")).to_have_attribute("data-check", "done")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
