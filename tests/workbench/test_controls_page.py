"""Journeys through the panel in a real browser: every move, taken back, made again, and shared."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from detente.text import precise, show
from detente.workbench._setting import Setting
from workbench.conftest import Server, answered, visit

SANCTIONS = "/claims?case=sanctions"


def setting_of(page: Page) -> Setting:
    return Setting.parse(urlsplit(page.url).query)[0]


def row(page: Page, name: str) -> Locator:
    return page.locator(f'.parameter[data-name="{name}"]')


def type_value(page: Page, name: str, text: str) -> None:
    box = row(page, name).locator(".exact")
    box.fill(text)
    box.press("Enter")
    answered(page)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()
    answered(page)


def hold(page: Page, selector: str, level: str) -> None:
    page.locator(f'select[name="{selector}"]').select_option(level)
    answered(page)


def check_address(page: Page) -> None:
    """See that the script spells the setting as the server does."""
    query = urlsplit(page.url).query
    setting, rest = Setting.parse(query)
    assert rest == {}
    assert setting.address() == query
    assert setting.sha, "the address says which case the numbers are of"


def test_a_slider_by_keyboard(page: Page, server: Server) -> None:
    """Would catch: a slider that moves by digits nobody asked for, or reads out a bare number."""
    visit(page, server, SANCTIONS)
    slider = page.locator("#set-pain")
    slider.focus()
    slider.press("Home")
    answered(page)
    assert setting_of(page).parameters == {"pain": 0.3}
    expect(row(page, "pain").locator(".exact")).to_have_value("0.3")
    slider.press("ArrowRight")
    slider.press("PageUp")
    answered(page)
    value = setting_of(page).parameters["pain"]
    assert 0.4 < value < 0.5
    assert precise(value) == show(value, "fine"), "three digits"
    slider.press("End")
    answered(page)
    assert setting_of(page).parameters == {"pain": 1.5}
    expect(row(page, "pain").get_by_role("button")).to_be_visible()
    expect(page.locator("#moved")).to_contain_text("pain 1.5 instead of 0.8")
    trust = page.locator("#set-trust")
    expect(trust).to_have_attribute("aria-valuetext", "0.6 share")
    check_address(page)


def test_a_drag_is_one_step_back(page: Page, server: Server) -> None:
    """Would catch: a drag that takes as many steps to undo as it went through values."""
    visit(page, server, SANCTIONS)
    page.locator("#set-pain").scroll_into_view_if_needed()
    box = page.locator("#set-pain").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 3, middle)
    page.mouse.down()
    for part in (0.5, 0.6, 0.7, 0.8):
        page.mouse.move(box["x"] + box["width"] * part, middle, steps=4)
    page.mouse.up()
    answered(page)
    assert setting_of(page).parameters["pain"] == pytest.approx(1.27, abs=0.05)
    press(page, "Undo")
    assert setting_of(page).moved == 0
    check_address(page)


def test_an_exact_value_may_lie_outside_of_the_range(page: Page, server: Server) -> None:
    """Would catch: a typed value that is rounded, clipped in silence, or no number and accepted."""
    visit(page, server, SANCTIONS)
    type_value(page, "pain", "2.71828")
    assert setting_of(page).parameters == {"pain": 2.71828}
    expect(row(page, "pain")).to_contain_text("Outside of the stated range, 0.3 to 1.5")
    page.locator("#find").focus()
    expect(row(page, "pain").locator(".exact")).to_have_value("2.72")
    for far in ("1e300", "-5000"):
        row(page, "pain").locator(".exact").fill(far)
        row(page, "pain").locator(".exact").press("Enter")
        expect(row(page, "pain")).to_contain_text("Too far outside of the stated range, 0.3 to 1.5")
    assert setting_of(page).parameters == {"pain": 2.71828}
    box = row(page, "trust").locator(".exact")
    box.fill("a lot")
    box.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "true")
    assert "trust" not in setting_of(page).parameters
    box.fill("")
    type_value(page, "pain", "")
    assert setting_of(page).moved == 0
    check_address(page)


def test_a_slider_by_touch(browser: Browser, server: Server) -> None:
    """Would catch: a page that moves by mouse only."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(server.first)
    visit(page, server, SANCTIONS)
    page.locator("#drawer-words").tap()
    slider = page.locator("#set-pain")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    expect(page.locator("#moved")).to_contain_text("pain 1.")
    answered(page)
    context.close()


def test_a_closed_group_stays_closed(page: Page, server: Server) -> None:
    """Would catch: a panel of sixty sliders that opens again with every page."""
    visit(page, server, SANCTIONS)
    page.get_by_text("Target 6").click()
    expect(page.locator("#set-pain")).not_to_be_visible()
    page.reload()
    answered(page)
    expect(page.locator("#set-pain")).not_to_be_visible()
    page.locator("#find").fill("pain")
    expect(page.locator("#set-pain")).to_be_visible()


def test_search_finds_by_name_reason_and_source(page: Page, server: Server) -> None:
    """Would catch: a search that knows names only."""
    visit(page, server, SANCTIONS)
    for words, name in {"pain": "pain", "sceptics": "pain", "paradox": "pride"}.items():
        page.locator("#find").fill(words)
        expect(row(page, name)).to_be_visible()
        expect(page.locator(".parameter:visible")).to_have_count(1)
    expect(page.locator("#found")).to_have_text("1 of 11")
    page.locator("#find").fill("")
    expect(page.locator(".parameter:visible")).to_have_count(11)


def test_a_preset_changes_what_is_stated(page: Page, server: Server) -> None:
    """Would catch: sliders that stay at the case's own values under a variant of it."""
    visit(page, server, "/claims?case=peninsula")
    page.get_by_text("Presets", exact=True).click()
    press(page, "fatigue")
    assert setting_of(page).variants == ("rivals.fatigue",)
    expect(row(page, "china.survival").locator(".exact")).to_have_value("0.7")
    expect(page.locator('[id="set-china.survival"]')).to_have_attribute("min", "0.7")
    expect(page.get_by_role("button", name="fatigue", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    press(page, "influence")
    assert setting_of(page).variants == ("rivals.influence",), "one level of a variant"
    expect(row(page, "china.survival").locator(".exact")).to_have_value("0.5")
    check_address(page)
    press(page, "As stated")
    assert setting_of(page).moved == 0


def test_own_presets_stay_in_the_browser(page: Page, server: Server) -> None:
    """Would catch: a saved setting that another case offers, or that cannot be removed."""
    visit(page, server, SANCTIONS + "&set.pain=2&do.sender.offer=small")
    page.get_by_text("Presets", exact=True).click()
    page.locator("#own-name").fill("<b>hard</b> times")
    page.get_by_role("button", name="Save", exact=True).click()
    press(page, "Reset all")
    assert setting_of(page).moved == 0
    page.reload()
    answered(page)
    page.get_by_text("Presets", exact=True).click()
    press(page, "<b>hard</b> times")
    assert dict(setting_of(page).held) == {"sender.offer": "small"}
    page.get_by_role("button", name="Remove <b>hard</b> times").click()
    expect(page.locator("#own-presets li")).to_have_count(0)
    check_address(page)


def test_holds_and_today(page: Page, server: Server) -> None:
    """Would catch: a period, or what the actors know, that does not reach the answers."""
    visit(page, server, SANCTIONS)
    expect(page.locator("#announced")).to_be_disabled()
    hold(page, "do.neighbour.border", "watched")
    held = page.locator("#answer-T5").inner_text()
    hold(page, "announced", "no")
    assert not setting_of(page).announced
    page.locator("#during-from").fill("0")
    page.locator("#during-to").fill("-1")
    page.locator("#during-to").press("Enter")
    expect(page.locator(".wrong")).to_contain_text("The hold must end after it begins")
    assert setting_of(page).during is None
    page.locator("#during-to").fill("2")
    page.locator("#during-to").press("Enter")
    answered(page)
    assert setting_of(page).during == (0, 2)
    expect(page.locator("#answer-T5")).to_contain_text("the claim has a scope")
    expect(page.locator("#moved")).to_contain_text(
        "Neighbour: border held at watched from year 0 to 2, unknown to the actors"
    )
    check_address(page)
    page.reload()
    answered(page)
    expect(page.locator("#during-to")).to_have_value("2")
    page.locator("#moved").get_by_role("button").first.click()
    answered(page)
    assert setting_of(page).moved == 0
    hold(page, "today.tension", "high")
    expect(page.locator("#moved")).to_contain_text("Tension high today instead of low")
    assert page.locator("#answer-T5").inner_text() != held


def test_a_day_of_the_record(page: Page, server: Server) -> None:
    """Would catch: a date that moves the calendar and leaves the world where it was."""
    visit(page, server, "/claims?case=peninsula")
    expect(page.locator("#start")).not_to_be_visible()
    page.get_by_text("Today", exact=False).locator("xpath=self::summary").click()
    page.locator("#start").fill("1950-01-01")
    expect(page.locator("#starting")).to_contain_text("start on that day or later")
    page.locator("#start").fill("2022-06-01")
    answered(page)
    expect(page.locator("#starting")).to_contain_text("North Korea: conduct strategic")
    expect(page.locator("#starting")).to_contain_text("as the record is silent: China: enforcement")
    expect(page.locator('[id="today-rivalry"] option').first).to_have_text("managed (unmoved)")
    check_address(page)


def test_what_cannot_be_is_said_and_mended(page: Page, server: Server) -> None:
    """Would catch: answers to an impossible setting, a dead end, or answers that are gone."""
    visit(page, server, "/claims?case=sanctions&do.sender.sanctions=full&today.tension=high")
    before = page.locator("#answer-T1").inner_text()
    page.locator('select[name="do.sender.offer"]').select_option("large")
    expect(page.locator("body")).to_have_attribute("data-state", "failed")
    expect(page.locator("#moved")).to_contain_text("Nobody offers most and threatens most at once")
    assert page.locator("#answer-T1").inner_text() == before
    page.reload()
    expect(page.locator("#refused")).to_be_visible()
    hold(page, "today.tension", "")
    expect(page.locator("#answer-T1")).not_to_be_empty()


def test_undo_redo_and_replay(page: Page, server: Server) -> None:
    """Would catch: buttons that offer what is not there, and keys that undo while one types."""
    visit(page, server, SANCTIONS)
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    expect(redo).to_be_disabled()
    type_value(page, "pain", "1")
    type_value(page, "pain", "1.2")
    page.locator("#find").press("Control+z")
    assert setting_of(page).parameters == {"pain": 1.2}
    page.locator("#set-pain").press("Control+z")
    answered(page)
    expect(row(page, "pain").locator(".exact")).to_have_value("1")
    expect(redo).to_be_enabled()
    page.locator("#set-pain").press("Control+Shift+z")
    answered(page)
    assert setting_of(page).parameters == {"pain": 1.2}
    expect(redo).to_be_disabled()
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.locator("#moved")).to_contain_text("pain 1 instead")
    expect(page.locator("#moved")).to_contain_text("pain 1.2 instead")
    press(page, "Undo")
    type_value(page, "trust", "0.3")
    expect(redo).to_be_disabled()
    page.locator("#moved").get_by_role("button", name="Reset: pain 1 instead of 0.8").click()
    answered(page)
    assert setting_of(page).parameters == {"trust": 0.3}
    page.reload()
    answered(page)
    press(page, "Undo")
    assert setting_of(page).parameters == {"pain": 1, "trust": 0.3}
    check_address(page)
    page.get_by_role("button", name="Reset all").press("Enter")
    expect(undo).to_be_focused()  # not the top of the page, now that nothing is left to reset


def test_undo_goes_on_in_another_view(page: Page, server: Server) -> None:
    """Would catch: a change of view after which nothing can be taken back, or a pin that can."""
    visit(page, server, SANCTIONS)
    type_value(page, "pain", "1")
    type_value(page, "pain", "1.2")
    page.get_by_role("navigation").get_by_role("link", name="Map").click()
    answered(page)
    press(page, "Undo")
    assert setting_of(page).parameters == {"pain": 1}
    assert "/map?" in page.url
    page.get_by_role("navigation").get_by_role("link", name="Claims").click()
    answered(page)
    page.get_by_role("button", name="Pin this setting").click()
    answered(page)
    press(page, "Undo")
    assert setting_of(page).moved == 0
    assert "pin=" in page.url
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Reset all")).to_be_disabled()
    press(page, "Redo")
    press(page, "Redo")
    assert setting_of(page).parameters == {"pain": 1.2}
    expect(page.get_by_role("button", name="Redo", exact=True)).to_be_disabled()


def test_undo_in_haste_stays_on_the_page(page: Page, server: Server) -> None:
    """Would catch: one undo too many that leaves the page, or one of several that is lost."""
    visit(page, server, SANCTIONS)
    for value in ("1", "1.1", "1.2", "1.3"):
        type_value(page, "pain", value)
    page.locator("#set-pain").focus()
    page.evaluate("for (let k = 0; k < 3; k++) document.querySelector('[data-do=undo]').click();")
    expect(page.locator("#moved")).to_contain_text("pain 1 instead")
    page.evaluate("for (let k = 0; k < 9; k++) document.querySelector('[data-do=undo]').click();")
    expect(page.locator("#moved")).to_contain_text("Nothing is moved")
    page.evaluate("for (let k = 0; k < 9; k++) document.querySelector('[data-do=redo]').click();")
    expect(page.locator("#moved")).to_contain_text("pain 1.3 instead")
    page.go_back()
    expect(page.locator("#moved")).to_contain_text("pain 1.2 instead")
    press(page, "Undo")
    expect(page.locator("#moved")).to_contain_text("pain 1.1 instead")


def test_a_setting_is_copied(page: Page, server: Server, context: BrowserContext) -> None:
    """Would catch: a link with the token in it, and text that is not that of the setting."""
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.origin)
    visit(page, server, SANCTIONS + "&set.pain=2")
    page.get_by_text("Share", exact=True).click()
    for button, words in {
        "Copy link": page.url,
        "Copy as command": "detente run sanctions --set pain=2",
        "Copy as Python": 'case = case.set({"pain": 2.0})',
    }.items():
        page.get_by_role("button", name=button).click()
        expect(page.locator("#shared")).to_contain_text(words)
        expect(page.locator("#copied")).to_have_text("Copied.")
        assert (
            page.evaluate("navigator.clipboard.readText()") == page.locator("#shared").inner_text()
        )
    assert "token" not in page.url


def test_numbers_are_printed_as_the_server_prints_them(page: Page, server: Server) -> None:
    """Would catch: a box that shows another number than the page's sentence beside it."""
    visit(page, server, SANCTIONS)
    values = [0.0, 0.12345, 2, -0.5, 0.00002, 999.4, 999.6, 1534.2, 12e6, 1e-7, 123456789.123, 1e15]
    found = page.evaluate(
        "async (values) => { const { fine, plain } = await import('/static/numbers.js');"
        " return values.map((value) => [fine(value), plain(value)]); }",
        values,
    )
    for value, pair in zip(values, found, strict=True):
        assert pair == [show(value, "fine"), precise(value).replace("\u2212", "-")]


def test_addresses_are_spelled_as_the_server_spells_them(page: Page, server: Server) -> None:
    """Would catch: two spellings of one setting, which then is solved and shared twice."""
    visit(page, server, SANCTIONS)
    queries = [
        "start=2020-01-01&today.y=k&during=0,2&announced=no&do.x=l%2Cm&do.a=b&set.z=1&set.a.b=-2"
        "&variant=b.c&variant=a.b&at=12ab&case=a b/%C3%BC'(!)*~%22%26=.yaml",
        "case=x&during=0,2&announced=no&set.a_b=1e-07&set.a.b=1e%2B15&set.ab=",
        "case=%F0%9F%95%8A+x&do.q=%E2%82%AC&do.p=%2F%3F",
    ]
    found = page.evaluate(
        "async (queries) => { const { spelled } = await import('/static/address.js');"
        " return queries.map((query) => spelled(new URLSearchParams(query))); }",
        queries,
    )
    assert found == [Setting.parse(query)[0].address() for query in queries]


def test_the_drawer_of_a_narrow_page(page: Page, server: Server) -> None:
    """Would catch: a narrow page that begins with all sliders, or is wider than the screen."""
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, server, SANCTIONS + "&set.pain=2")
    expect(page.locator("#set-pride")).not_to_be_visible()
    page.get_by_text("Assumptions, 1 moved").click()
    page.locator("#set-pride").focus()
    page.locator("#set-pride").press("End")
    answered(page)
    expect(page.locator("#drawer-words")).to_have_text("Assumptions, 2 moved")
    assert page.locator("#drawer").evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_all_of_the_panel_is_for_everybody(
    page: Page, server: Server, scheme: str, width: int
) -> None:
    """Would catch: a control without a name, or words too pale, in parts closed at first."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server.origin}/claims?case=peninsula&set.resilience=3&do.us.offer=taiwan&at=0")
    expect(page.locator("#refused")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
