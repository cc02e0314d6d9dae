"""Editing in a real browser: typing, completing, forms, saving, versions, conflicts."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from detente.case import load
from workbench.conftest import Server, answered

TEXT = "#edit-source"


def open_editor(page: Page, server: Server, query: str) -> Locator:
    page.goto(f"{server.origin}/edit?{query}")
    checked(page)
    return page.locator(TEXT)


def checked(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-check", "done")


def caret_behind(text: Locator, words: str) -> None:
    text.evaluate(
        "(area, words) => { const at = area.value.indexOf(words) + words.length;"
        " area.focus(); area.setSelectionRange(at, at); }",
        words,
    )


def copied(page: Page, server: Server, name: str, case: str = "chicken") -> Locator:
    """Save a built-in case as a copy, by the page."""
    open_editor(page, server, f"case={case}")
    page.get_by_role("button", name="Save a copy…").click()
    page.locator("#edit-as [name=name]").fill(name)
    page.locator("#edit-as [name=title]").fill(load(case).title)
    page.locator("#edit-as").get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/edit?case={name}.yaml*")
    checked(page)
    return page.locator(TEXT)


def test_an_error_is_marked_where_it_stands_and_mended(page: Page, server: Server) -> None:
    """Would catch: marks that come late, at another place, or stay."""
    text = open_editor(page, server, "case=sanctions")
    caret_behind(text, "pain: {value: 0.8")
    page.keyboard.type("x")
    link = page.locator("#edit-findings a").first
    expect(link).to_have_text("line 19, column 17")
    expect(page.locator(".marks .error")).to_have_count(1)
    expect(page.locator(".gutter .error")).to_have_count(1)
    mark, area = page.locator(".marks .error").bounding_box(), text.bounding_box()
    assert mark is not None
    assert area is not None
    assert abs(mark["y"] - (area["y"] + 6 + 18 * 20)) < 3
    caret_behind(text, "title")
    link.click()
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Backspace")
    expect(page.locator("#edit-findings")).to_contain_text("No errors and no warnings")
    expect(page.locator(".marks span")).to_have_count(0)
    assert "pain: {value: 0.8," in text.input_value()


def test_names_are_completed_by_keyboard_and_undone(page: Page, server: Server) -> None:
    text = open_editor(page, server, "case=sanctions")
    before = text.input_value()
    caret_behind(text, "precision: 2 * sharpness")
    page.keyboard.type(" + pat")
    expect(page.locator(".paper .options li").first).to_contain_text("patience")
    page.keyboard.press("Enter")
    assert "precision: 2 * sharpness + patience\n" in text.input_value()
    page.keyboard.press("Control+Space")
    expect(page.locator("#edit-about")).to_contain_text("actors.precision")
    page.keyboard.press("Escape")
    for _ in range(12):
        page.keyboard.press("Control+z")
    assert text.input_value() == before


def test_tab_indents_and_escape_then_tab_leaves(page: Page, server: Server) -> None:
    text = open_editor(page, server, "case=chicken")
    caret_behind(text, "title: Chicken")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "title: Chicken\n  \n" in text.input_value()
    expect(text).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(text).not_to_be_focused()


def test_a_form_edit_is_one_step_of_undo_and_keeps_comments(page: Page, server: Server) -> None:
    text = open_editor(page, server, "case=sanctions")
    before = text.input_value()
    highest = page.locator("#e-parameters\\/pain").get_by_label("Highest")
    highest.fill("2.5")
    highest.press("Enter")
    expect(text).to_have_value(before.replace("range: [0.3, 1.5]", "range: [0.3, 2.5]"))
    checked(page)
    text.focus()
    page.keyboard.press("Control+z")
    expect(text).to_have_value(before)
    expect(highest).to_have_value("1.5")
    highest.fill("much")
    highest.press("Tab")
    expect(page.locator("#form-error")).to_contain_text("'much' is not a number")
    assert text.input_value() == before


def test_a_claim_and_an_observation_without_yaml(page: Page, server: Server) -> None:
    """The journey of a first-time analyst: copy, move a range, add a claim and a row, save."""
    text = copied(page, server, "first", "sanctions")
    lowest = page.locator("#e-parameters\\/pain").get_by_label("Lowest")
    lowest.fill("0.2")
    lowest.press("Enter")
    expect(text).to_have_value(re.compile(r"range: \[0\.2, 1\.5\]"))
    page.get_by_role("button", name="Claims").click()
    form = page.locator("form[data-add=claim]")
    page.get_by_role("button", name="Add a claim").press("Enter")
    expect(form.get_by_label("Id")).to_be_focused()
    form.get_by_label("What it says").fill("A small offer alone freezes the programme.")
    form.get_by_label("Of what").select_option("target.programme")
    form.locator("select[name=level]").select_option("frozen")
    form.get_by_label("While somebody holds").select_option("sender.offer")
    form.locator("select[name=held_level]").select_option("small")
    form.get_by_label("Expects").fill("likely")
    form.get_by_role("button", name="Add the claim").click()
    claim = page.locator("#e-claims\\/T7")
    expect(claim.get_by_label("What it says")).to_be_focused()
    claim.get_by_label("Expects").fill("> 0.5")
    claim.get_by_label("Expects").press("Tab")
    expect(text).to_have_value(re.compile("expect: .?> 0.5"))
    checked(page)
    expect(claim.locator("summary")).to_be_focused()  # the forms are new, the place is the same
    page.get_by_role("button", name="Record").click()
    row = page.locator("form[data-add=observation]")
    row.get_by_label("Date", exact=True).fill("2025-05-01")
    row.get_by_label("Of what").select_option("sender.sanctions")
    row.locator("select[name=level]").select_option("some")
    row.get_by_label("Source").select_option("pape-1997")
    row.get_by_role("button", name="Add the observation").click()
    expect(page.locator("table.rows tbody tr")).to_have_count(1)
    expect(page.get_by_label("date of row 1")).to_be_focused()
    expect(page.locator("#edit-findings")).not_to_contain_text("Error")
    page.keyboard.press("Control+s")
    expect(page.locator("#edit-state")).to_have_text("as saved")
    answered(page)
    case = load(server.folder / "first.yaml")
    assert case.sha256[:12] in page.url
    assert case.parameters["pain"].low == 0.2
    assert len(case.history) == 1
    page.get_by_role("link", name="Claims", exact=True).click()
    answered(page)
    expect(page.locator("#claim-T7")).to_contain_text("A small offer alone")
    expect(page.locator("#answer-T7 strong")).not_to_be_empty()


def test_pasted_rows_are_looked_at_and_added(page: Page, server: Server) -> None:
    text = copied(page, server, "rows", "sanctions")
    page.get_by_role("button", name="Record").click()
    box = page.locator("#paste-rows")
    box.fill("2026-05-01\t\tsender.sanctions\tsome\tseen\tpape-1997\n2026-06-31\t\ttension\tlow\n")
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.locator("#paste-preview td.wrong")).to_have_count(2)
    box.fill("2026-05-01\t\tsender.sanctions\tsome\tseen\tpape-1997\n")
    page.get_by_role("button", name="Look at the rows").click()
    page.get_by_role("button", name="Add 1 row").click()
    expect(page.locator("table.rows").first.locator("tbody tr")).to_have_count(1)
    assert "variable: sender.sanctions" in text.input_value()


def test_a_table_is_added_to_at_the_same_setting(page: Page, server: Server) -> None:
    """Would catch: moves that are lost on the way to the table, and a new row lost in it."""
    case = load("sanctions").text.decode()
    (server.folder / "beside.yaml").write_text(f"{case}history: beside.csv\n")
    head = "date,variable,level,source\n"
    (server.folder / "beside.csv").write_text(f"{head}2026-05-01,tension,low,pape-1997\n")
    open_editor(page, server, "case=beside.yaml&set.pain=1&section=record")
    page.get_by_role("link", name="Add rows to it, or edit them").press("Enter")
    page.wait_for_url("**/edit?*table=beside.csv*")
    assert "set.pain=1" in page.url
    checked(page)
    page.get_by_role("button", name="Add an observation").press("Enter")
    row = page.locator("form[data-add=observation]")
    expect(row.get_by_label("Date", exact=True)).to_be_focused()
    row.get_by_label("Date", exact=True).fill("2026-06-01")
    row.get_by_label("Source").select_option("pape-1997")
    row.get_by_label("Date", exact=True).press("Enter")
    expect(page.get_by_label("date of row 2")).to_be_focused()
    expect(page.get_by_label("date of row 2")).to_have_value("2026-06-01")


def test_versions_are_compared_and_restored(page: Page, server: Server) -> None:
    text = copied(page, server, "versions")
    old = text.input_value()
    caret_behind(text, "nerve: {value: ")
    page.keyboard.press("Delete")
    page.keyboard.type("3")
    page.keyboard.press("Control+s")
    expect(page.locator("#edit-state")).to_have_text("as saved")
    page.locator("details.versions summary").click()
    page.get_by_role("button", name="Compare A with B").click()
    expect(page.locator("#edit-compared")).to_contain_text("parameters.nerve.value: 6 in A, 3 in B")
    page.get_by_role("button", name="Restore version 1").click()
    expect(text).to_have_value(old)
    expect(page.locator("#edit-versions tbody tr")).to_have_count(4)
    assert (server.folder / "versions.yaml").read_text() == old


def test_a_file_changed_meanwhile_is_shown_and_nothing_is_lost(page: Page, server: Server) -> None:
    text = copied(page, server, "conflict")
    file = server.folder / "conflict.yaml"
    caret_behind(text, "title: Chicken")
    page.keyboard.type(" and mine")
    file.write_text(file.read_text().replace("title: Chicken", "title: Theirs"))
    expect(page.locator("#edit-error")).to_contain_text("no longer what this text started from")
    page.keyboard.press("Control+s")
    dialog = page.locator("#edit-conflict")
    expect(dialog).to_contain_text("- title: Theirs")
    expect(dialog).to_contain_text("+ title: Chicken and mine")
    dialog.get_by_role("button", name="Take the file").click()
    expect(text).to_have_value(file.read_text())
    page.reload()
    checked(page)
    page.locator(".offer").get_by_role("button", name="Take it up").first.click()
    expect(text).to_have_value(re.compile("title: Chicken and mine"))
    page.keyboard.press("Control+s")
    dialog.get_by_role("button", name="Save my text over it").click()
    expect(page.locator("#edit-state")).to_have_text("as saved")
    assert "title: Chicken and mine" in file.read_text()
    file.write_text(file.read_text().replace("title: Chicken and mine", "title: Theirs"))
    expect(text).to_have_value(file.read_text())
    expect(page.locator("h1")).to_have_text("Theirs")


def test_a_broken_file_is_mended_and_every_page_answers(page: Page, server: Server) -> None:
    (server.folder / "broken.yaml").write_text("detente: 1\ntitle: Broken\n")
    text = open_editor(page, server, "case=broken.yaml")
    expect(page.locator("#edit-findings")).to_contain_text("actors")
    text.fill("")
    page.keyboard.insert_text(load("chicken").text.decode())
    expect(page.locator("#edit-findings")).to_contain_text("No errors")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("link", name="Claims", exact=True)).to_be_visible()


def test_unsaved_text_is_offered_back_after_a_reload(
    page: Page, context: BrowserContext, server: Server
) -> None:
    """Would catch: text that is gone, or put in without asking; and two tabs that mix theirs."""
    text = copied(page, server, "unsaved")
    saved = text.input_value()
    caret_behind(text, "title: Chicken")
    page.keyboard.type(" not saved")
    expect(page.locator("#edit-findings")).to_contain_text("No errors")
    mine = text.input_value()
    page.wait_for_timeout(700)
    other = context.new_page()
    there = open_editor(other, server, "case=unsaved.yaml")
    assert there.input_value() == saved
    page.reload()
    checked(page)
    expect(page.locator("#edit-offer")).to_contain_text("remembers a text that was not saved")
    assert text.input_value() == saved
    page.locator("#edit-offer").get_by_role("button", name="Take it up").click()
    assert text.input_value() == mine


def test_a_key_costs_little_on_the_flagship(page: Page, server: Server) -> None:
    """Would catch: work that grows with the text at every key, and a blank as long as the forms."""
    text = open_editor(page, server, "case=peninsula")
    assert page.evaluate("document.documentElement.scrollHeight") < 2000
    caret_behind(text, "parameters:")
    spent = page.evaluate(
        "() => { const area = document.getElementById('edit-source'), spent = [];"
        " for (let k = 0; k < 41; k++) { const start = performance.now();"
        " area.dispatchEvent(new Event('input')); void area.offsetHeight;"
        " spent.push(performance.now() - start); } return spent.sort((a, b) => a - b)[20]; }"
    )
    assert spent < 10
