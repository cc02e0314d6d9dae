"""The page for everybody: the rules of axe-core, in the light and in the dark, wide and narrow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from workbench.conftest import Server, visit

PAGES = (
    "/",
    "/claims?case=sanctions",
    "/ask?case=sanctions&kind=deal&query=target.programme+==+frozen&of=target&payer=sender",
    "/jobs?case=sanctions",
)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_rule_is_broken(
    page: Page, server: Server, address: str, scheme: str, width: int
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    if address == "/":
        page.goto(server.origin)
    else:
        visit(page, server, address)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
