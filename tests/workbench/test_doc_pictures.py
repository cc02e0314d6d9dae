"""The pictures of docs/workbench.md, and that the page shows what they are there to show.

With ``DETENTE_PICTURES=docs/workbench`` this file makes them anew; without it only those that lie
there are looked at. Would catch: a picture that is missing, large, or without words for who does
not see it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from workbench.conftest import PATIENCE, Server

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "workbench"
LARGEST = 150 * 1024
WIDE = (1280, 680)
MOVED = "case=peninsula&set.china.leverage=0.8"


def claims(page: Page) -> None:
    expect(page.locator("#over-C09")).to_contain_text(
        re.compile(r"over \d+ draws"), timeout=3 * PATIENCE
    )
    page.locator("#changed-first").check()


def why(page: Page) -> None:
    expect(page.locator("#why-reasons")).to_contain_text("By moving")
    page.locator("#moved").evaluate("place => place.scrollIntoView()")


def answered(page: Page) -> None:
    expect(page.locator("body[data-state=done]")).to_have_count(1)
    page.locator("#moved").evaluate("place => place.scrollIntoView()")


def edit(page: Page) -> None:
    text = page.locator("#edit-source")
    expect(page.locator("#edit-forms fieldset").first).to_be_visible()
    text.fill(text.input_value().replace("(upper.dam > none)", "(upper.dan > none)"))
    expect(page.locator("#edit-findings")).to_contain_text("did you mean 'upper.dam'?")


PICTURES: dict[str, tuple[str, tuple[int, int], Callable[[Page], None]]] = {
    "claims": (f"/claims?{MOVED}", WIDE, claims),
    "why": (f"/why?{MOVED}&claim=C39", (1280, 640), why),
    "map": (f"/map?{MOVED}", WIDE, answered),
    "phase": (f"/phase?{MOVED}&show=C36", WIDE, answered),
    "edit": ("/edit?case=dam.yaml", WIDE, edit),
    "ask": (f"/ask?{MOVED}&query=F%5B0,%205%5D%20us.offer%20%3E%20none", (390, 1400), answered),
}


# A run of the tests must not write into docs; that views answer is what the other tests look at.
@pytest.mark.skipif(
    "DETENTE_PICTURES" not in os.environ, reason="makes files: set DETENTE_PICTURES=FOLDER"
)
@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_is_made(page: Page, server: Server, name: str) -> None:
    (dam,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (server.folder / "dam.yaml").write_text(dam, "utf-8")
    address, (width, height), ready = PICTURES[name]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light")
    page.goto(server.origin + address)
    ready(page)
    path = Path(os.environ["DETENTE_PICTURES"]) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    assert path.stat().st_size < LARGEST


def test_the_guide_shows_these_pictures_with_words_for_each() -> None:
    text = (ROOT / "docs" / "workbench.md").read_text("utf-8")
    found = dict(re.findall(r"!\[([^\]]+)\]\(workbench/(\w+)\.png\)", text))
    assert sorted(found.values()) == sorted(PICTURES)
    assert all(len(words) > 40 for words in found)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_is_there_and_small(name: str) -> None:
    assert (FOLDER / f"{name}.png").stat().st_size < LARGEST
