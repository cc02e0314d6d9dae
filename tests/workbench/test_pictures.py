"""Every view as a picture: wide and narrow, light and dark, and nothing sticks out at the side.

With ``DETENTE_PICTURES=FOLDER`` the pictures are written there; those of docs/workbench.md are made
so. Would catch: a page wider than a telephone, a view that stays empty, a script that fails there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from workbench.conftest import Server, visit

VIEWS = {
    "claims": "/claims?case=sanctions&set.pain=1.4",
    "map": "/map?case=sanctions",
}
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}


@pytest.mark.parametrize("name", sorted(VIEWS))
@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_view_fits_its_window(
    page: Page, server: Server, name: str, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": height})
    visit(page, server, VIEWS[name])
    assert page.locator("main h2").first.is_visible()
    assert len(page.locator("main").inner_text()) > 200
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    folder = os.environ.get("DETENTE_PICTURES")
    if folder and (size, scheme) in {("wide", "light"), ("narrow", "dark")}:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}-{size}-{scheme}.png")
