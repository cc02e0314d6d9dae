"""One case edited in two tabs, and saves that leave the page as it was."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from detente.case import load
from workbench.conftest import Server, answered
from workbench.test_edit_page import TEXT, copied, open_editor


def value_of(page: Page) -> Locator:
    return page.locator("#e-parameters\\/nerve").get_by_label("Value")


def nerve_of(server: Server, name: str) -> float:
    return load(server.folder / f"{name}.yaml").parameters["nerve"].value


def saved(page: Page, server: Server, name: str, words: str) -> None:
    """Wait until a file says something, and its page says that it is saved."""
    for _ in range(100):
        if words in (server.folder / f"{name}.yaml").read_text():
            break
        page.wait_for_timeout(100)
    assert words in (server.folder / f"{name}.yaml").read_text()
    expect(page.locator("#edit-state")).to_have_text("as saved")


@pytest.mark.parametrize("begun", ["text", "field", "after"])
def test_the_second_of_two_tabs_never_overwrites_unasked(
    page: Page, context: BrowserContext, server: Server, begun: str
) -> None:
    """Would catch: a save over another tab's by pressing Save again, whatever was begun when.

    The second tab has its change in the text, or in a field that it has not left, or it begins
    after the first has saved.
    """
    name = f"tabs-{begun}"
    copied(page, server, name)
    other = context.new_page()
    open_editor(other, server, f"case={name}.yaml")
    if begun != "after":
        value_of(other).fill("4.4")
    if begun == "text":
        value_of(other).press("Enter")
        expect(other.locator("#edit-state")).to_have_text("not saved")
    value_of(page).fill("4.9")
    page.get_by_role("button", name="Save", exact=True).click()
    saved(page, server, name, "{value: 4.9")
    if begun == "after":
        expect(value_of(other)).to_have_value("4.9")
        expect(other.locator("#server")).to_contain_text("changed by another program")
        value_of(other).fill("4.4")
        expect(other.locator("#server")).to_have_text("")
        other.get_by_role("button", name="Save", exact=True).click()
        saved(other, server, name, "{value: 4.4")
        return
    for _ in range(2):
        other.get_by_role("button", name="Save", exact=True).click()
        dialog = other.locator("#edit-conflict")
        expect(dialog).to_be_in_viewport()
        expect(dialog.locator(":focus")).to_have_count(1)
        expect(dialog.locator("del")).to_contain_text("value: 4.9")
        expect(dialog.locator("ins")).to_contain_text("value: 4.4")
        dialog.get_by_role("button", name="Go on editing").click()
        expect(other.locator("#edit-state")).to_have_text("not saved")
        expect(other.locator("#edit-error")).to_contain_text(
            "no longer what this text started from"
        )
        expect(value_of(other)).to_have_value("4.4")
        assert nerve_of(server, name) == 4.9
    other.keyboard.press("Control+s")
    if begun == "text":
        dialog.get_by_role("button", name="Save my text over it").click()
        saved(other, server, name, "{value: 4.4")
        expect(value_of(page)).to_have_value("4.4")
    else:
        dialog.get_by_role("button", name="Take the file").click()
        expect(value_of(other)).to_have_value("4.9")
        expect(other.locator("#edit-state")).to_have_text("as saved")
        assert nerve_of(server, name) == 4.9


def test_a_stored_text_is_never_saved_over_a_later_file_unasked(page: Page, server: Server) -> None:
    """Would catch: a text from before another's save that takes the file's hash as its start."""
    text = copied(page, server, "stored")
    value_of(page).fill("4.4")
    value_of(page).press("Enter")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("#edit-state")).to_contain_text("Saved as a draft")
    file = server.folder / "stored.yaml"
    file.write_text(file.read_text().replace("{value: 6", "{value: 4.9"))
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-check", "done")
    offer = page.locator(".offer", has_text="There is a draft")
    offer.get_by_role("button", name="Take it up").click()
    expect(text).to_have_value(re.compile("value: 4.4"))
    page.keyboard.press("Control+s")
    expect(page.locator("#edit-conflict del")).to_contain_text("4.9")
    assert nerve_of(server, "stored") == 4.9


def test_a_new_case_is_made_on_the_first_page(page: Page, server: Server) -> None:
    """Would catch: a first page from which no case can be begun; errors below the fold only."""
    page.goto(server.origin)
    page.get_by_label("Name of a new case").fill("begun/here")
    page.get_by_role("button", name="New case").click()
    expect(page.locator("#new-case .failed")).to_contain_text("cannot be the name")
    page.get_by_label("Name of a new case").fill("begun")
    page.get_by_role("button", name="New case").click()
    page.wait_for_url("**/edit?case=begun.yaml*")
    answered(page)
    expect(page.locator("form[data-add=parameter]")).to_be_attached()
    page.locator(TEXT).fill("detente: 1\ntitle: Broken\n")
    link = page.locator("#edit-count")
    expect(link).to_contain_text("error")
    expect(link).to_be_in_viewport()
    link.click()
    expect(page.locator("#edit-findings li").first).to_be_in_viewport()


def test_a_save_of_ones_own_leaves_the_page_as_it_is(page: Page, server: Server) -> None:
    """Would catch: a page that calls its own save another program's, or goes to another section."""
    copied(page, server, "own")
    page.get_by_role("button", name="Actors").click()
    title = page.get_by_label("Name in full").first
    for words in ("Somebody", "Somebody else"):
        title.fill(words)
        page.keyboard.press("Control+s")
        saved(page, server, "own", words)
        answered(page)
        page.wait_for_timeout(2500)  # two looks at the file
        expect(page.locator("#server")).to_have_text("")
        expect(page.locator("#edit-error")).to_have_text("")
        pressed = page.locator("button[data-section][aria-pressed=true]")
        expect(pressed).to_have_text("Actors and options")
        expect(title).to_have_value(words)
        assert words in page.locator(TEXT).input_value()
