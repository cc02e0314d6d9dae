"""Where a first-time analyst stumbled: what is moved comes along, and the page says what it did."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

import detente
from workbench.conftest import Server, answered, visit
from workbench.test_edit_page import checked, open_editor
from workbench.view_answers import page_of

WAY = re.compile("(higher|lower) now")


def test_a_copy_takes_the_setting_along_and_says_so(page: Page, server: Server) -> None:
    """Would catch: moves that a copy drops in silence, a form that jumps, a copy with no word."""
    open_editor(page, server, "case=sanctions&set.pain=1.2&do.sender.offer=small")
    page.get_by_role("button", name="Claims").click()
    page.get_by_role("button", name="Save a copy…").click()
    dialog = page.locator("#edit-as")
    expect(dialog).to_contain_text(server.folder.name)
    expect(dialog.get_by_label("Name of")).to_have_value("sanctions-copy")
    title = f"{detente.load('sanctions').title} (copy)"
    expect(dialog.get_by_label("Title")).to_have_value(title)
    dialog.get_by_label("Name of").fill("walked")
    dialog.get_by_role("button", name="Save").click()
    page.wait_for_url("**/edit?case=walked.yaml*")
    said = f"Saved as walked.yaml in {server.folder.name}."
    expect(page.locator("#edit-said")).to_have_text(said)
    expect(page.get_by_role("button", name="Claims")).to_have_attribute("aria-pressed", "true")
    assert "set.pain=1.2&do.sender.offer=small" in page.url
    expect(page.locator("h1")).to_have_text(title)
    page.get_by_role("link", name="Claims", exact=True).click()
    answered(page)
    expect(page.locator("#moved")).to_contain_text("pain 1.2 instead of 0.8")


def test_the_list_of_cases_leads_back_to_what_was_moved(page: Page, server: Server) -> None:
    visit(page, server, "/record?case=sanctions&set.pain=1.2")
    page.get_by_role("link", name="detente").click()
    expect(page.locator("li", has_text="1 moved, as you left it")).to_have_count(1)
    stated = page.get_by_role("link", name="open as stated")
    expect(stated).to_have_attribute("href", "/claims?case=sanctions")
    page.get_by_role("link", name="sanctions", exact=True).click()
    answered(page)
    expect(page.locator("#moved")).to_contain_text("pain 1.2 instead of 0.8")


def test_an_observation_is_asked_for_in_the_words_of_the_table(page: Page, server: Server) -> None:
    """Would catch: a form to be found, a source nobody chose, an error far from its row."""
    text = detente.load("sanctions").text.decode()
    rows = "history:\n- {date: 2026-05-01, variable: sender.sanctions, level: none, "
    rows += "kind: from, source: pape-1997}\n"
    (server.folder / "seen.yaml").write_text(text + rows)
    visit(page, server, "/record?case=seen.yaml")
    page.get_by_role("link", name="Add an observation").click()
    checked(page)
    form = page.locator("form[data-add=observation]")
    date = form.get_by_label("Date", exact=True)
    expect(date).to_be_focused()
    expect(form).to_contain_text(re.compile(r"The clock of the case runs from .* to "))
    assert date.get_attribute("max") in form.inner_text()
    expect(form.get_by_label("Of what").locator("option").first).to_have_text("Sender: sanctions")
    expect(form.get_by_label("Source")).to_have_value("")
    expect(form.get_by_label("Source")).to_contain_text("Why Economic Sanctions")
    date.fill("2026-06-01")
    form.get_by_label("Of what").select_option("sender.sanctions")
    form.locator("select[name=level]").select_option("full")
    button = form.get_by_role("button", name="Add the observation")
    button.click()
    expect(page.locator("table.rows tbody tr")).to_have_count(1)  # the source is missing
    form.get_by_label("Source").select_option("pape-1997")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/act/add_entry", hold)
    button.click()
    expect(form.get_by_role("button", name="Working")).to_be_disabled()
    held[0].continue_()
    expect(page.locator("table.rows tr#row-1.wrong + tr.found")).to_contain_text("kind 'from'")
    expect(form.get_by_label("Kind").locator("option[value=from]")).to_contain_text("from:")


def test_a_choice_that_no_claim_meets_is_said(page: Page, server: Server) -> None:
    visit(page, server, "/claims?case=peninsula&set.pace=1.001")
    page.get_by_label("Show").select_option("turned")
    expect(page.locator("#no-claims")).to_have_text("No verdict changed.")
    expect(page.locator("table:visible")).to_have_count(0)
    page.get_by_label("Show").select_option("all")
    expect(page.locator("#no-claims")).to_be_empty()
    expect(page.locator("table.unasked")).to_be_visible()


def test_one_pin_is_put_beside_by_itself_until_it_is_taken_away(page: Page, server: Server) -> None:
    visit(page, server, "/claims?case=sanctions&set.pain=1")
    page.get_by_role("button", name="Pin this setting").click()
    page.locator('input[name="set.pain"]').press("End")
    answered(page)
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator("#compare-sides")).to_contain_text("From A to now: pain from 1 to 1.5")
    head = page.locator("table.compared thead th")
    expect(head).to_have_text(["Claim", "What it says", "A", "Now"])
    expect(page.locator("#compare-T1 .difference")).to_contain_text(
        re.compile("(higher|lower) now")
    )
    expect(page.get_by_label("Another case")).to_have_value("")
    page.get_by_role("link", name="Take away A").click()
    answered(page)
    expect(page.locator("#compare-claims")).to_be_empty()


def test_a_download_is_said_and_has_no_dead_links(page: Page, server: Server) -> None:
    """Would catch: a menu that stays open with no word, and words in a file that lead nowhere."""
    visit(page, server, "/compare?case=sanctions&set.pain=1.5&with=case%3Dsanctions")
    page.locator("details.export summary").click()
    with page.expect_download() as found:
        page.get_by_role("link", name="This page as one file").click()
    expect(page.locator("#export-said")).to_contain_text("Saved as sanctions-compare.html")
    expect(page.locator("details.export")).not_to_have_attribute("open", "")
    text = found.value.path().read_text("utf-8")
    assert "Take away" not in text
    assert "Go there" not in text
    page.set_content(text)
    colours = page.eval_on_selector_all(
        "#compare-T1 a, #compare-T1 th", "all => all.map((one) => getComputedStyle(one).color)"
    )
    assert len(set(colours)) == 1


def test_what_was_opened_stays_open_when_more_comes(page: Page, server: Server) -> None:
    page.goto(f"{server.origin}/why?case=sanctions&claim=T1")
    tables = page.locator("#why-reasons details")
    tables.locator("summary").click()
    answered(page)
    expect(tables).to_have_attribute("open", "")


def test_a_claim_begins_with_what_is_for_the_reader() -> None:
    """Would catch: hashes and remedies for the source's text above the answer."""
    text = page_of("why", "case=peninsula&claim=C09")
    order = ["The question and its answer", "How it turned out", "Hash of the sentence"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
