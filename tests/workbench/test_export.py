"""What can be taken away: one file that asks for nothing, tables with plain numbers, figures."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from detente.workbench._desk import Desk, Line
from detente.workbench._export import as_csv
from detente.workbench._paper_head import paper_head
from detente.workbench._server import application
from detente.workbench._views import claims
from workbench.conftest import Server, run_async, visit
from workbench.view_answers import SOLVER, export_of, few_draws, page_of, request_of

VIEWS = ("claims", "paths", "today", "phase", "long-run", "show")
HOST = "127.0.0.1:8000"
SMALL = "case=chicken&x=nerve&y=row.wheel&points=3"


def test_texts_that_look_like_formulas_are_made_safe_and_numbers_are_not() -> None:
    rows = list(csv.reader(io.StringIO(as_csv([
        ["=HYPERLINK(1)", "+1", "-1", "@a", "\tx", "fine", -1.5, None, float("nan")]
    ]))))  # fmt: skip
    assert rows == [["'=HYPERLINK(1)", "'+1", "'-1", "'@a", "'\tx", "fine", "-1.5", "", ""]]


def test_the_head_of_a_page_says_what_is_moved() -> None:
    """Would catch: a printed page that does not say at which setting its numbers stand."""
    scene = request_of("case=sanctions&set.pain=1.2&do.sender.offer=large&during=0,2").scene
    head = paper_head(scene.setting, scene.base)
    assert "pain 1.2 instead of 0.8; Sender: offer held at large from year 0 to 2" in head


def test_a_view_without_tables_of_its_own_gives_those_of_its_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Would catch: a page whose numbers can only be copied by hand."""
    monkeypatch.setattr(claims, "draws_of", few_draws)
    found = export_of("claims", "case=chicken", "csv")
    rows = list(csv.reader(io.StringIO(found["file"])))
    assert any(row[:1] == ["K1"] for row in rows)
    assert found["name"] == "chicken-claims.csv"


def test_a_table_that_is_not_there_is_refused_in_words() -> None:
    found = export_of("today", "case=sanctions&table=No", "csv")
    assert found["end"] == "failed"
    assert found["input"]


def test_exports_are_solved_from_scratch() -> None:
    """Would catch: exports that take what was solved for the page, warm as it may be."""
    query = "case=chicken&set.nerve=4.321"
    request_of(query).scene.__dict__.update(model=None, world=None)
    assert "share of time" in export_of("long-run", f"{query}&table=Levels", "csv")["file"]


class StillDesk(Desk):
    """Answers every export with the same words, and with an error for a view that is not there."""

    async def ask(
        self, question: Mapping[str, Any], tab: str = "", lane: str = ""
    ) -> AsyncGenerator[Line]:
        if question["view"] == "nowhere":
            yield {"end": "failed", "error": "there is no page", "input": True}
        else:
            yield {"file": "a,b\n", "name": "chicken-long-run-levels.csv"}


def test_a_download_is_an_attachment_with_a_plain_name() -> None:
    """Would catch: a file that opens in the page's place, and errors that come as files."""
    app = application(StillDesk(Path(__file__).parent), "secret", frozenset({HOST}))

    async def asked(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        headers = {"cookie": "detente-8000=secret"}
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.get(path, headers=headers)

    found = run_async(asked("/export/csv/long-run?case=chicken&table=Levels"))
    name = "chicken-long-run-levels.csv"
    assert found.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert found.headers["content-type"].startswith("text/csv")
    assert run_async(asked("/export/exe/claims?case=chicken")).status_code == 404
    wrong = run_async(asked("/export/html/nowhere?case=chicken"))
    assert (wrong.status_code, wrong.text) == (422, "there is no page")


def test_the_file_reads_from_disk_without_any_request(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch: a style, script, picture or link that the file still asks the server for."""
    monkeypatch.setattr(claims, "draws_of", few_draws)
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    wanted = []
    for view in VIEWS:
        path = tmp_path / f"{view}.html"
        path.write_text(export_of(view, f"{SMALL}&set.nerve=4", "html")["file"], encoding="utf-8")
        wanted.append(path.as_uri())
        page.goto(path.as_uri())
        assert (asked, wrong) == (wanted, [])
        expect(page.locator("#setting-words")).to_contain_text("nerve 4 instead of 6")
        expect(page.locator("#view table, #view .slide-value").first).to_be_visible()
        assert page.locator("script, form, button, #view a[href^='/']").count() == 0
        assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
    context.close()


def test_markup_in_a_case_stays_text_in_the_file(tmp_path: Path) -> None:
    """Would catch: a case that puts elements of its own into pages that are passed on."""
    evil = "<img src=x onerror=alert(1)>"
    text = Path(SOLVER.bench.case("chicken").path or "").name
    assert text == "chicken.yaml"
    case = SOLVER.bench.case("chicken").replace(title=evil)
    (tmp_path / "evil.yaml").write_bytes(case.text)
    solver = type(SOLVER)(tmp_path)
    for view in ("today", "long-run", "show"):
        question = {"kind": "export", "ending": "html", "view": view}
        found = next(iter(solver.answer({**question, "query": "case=evil.yaml"})))
        assert "<img" not in found["file"]
        assert "&lt;img" in found["file"]


def test_figures_are_kept_as_files_of_their_own(page: Page, server: Server) -> None:
    """Would catch: pictures that are black or empty without the page's style."""
    visit(page, server, "/paths?case=chicken")
    page.locator("details.export summary").click()
    figures = page.locator("#export-figures li")
    expect(figures).to_have_count(4)
    with page.expect_download() as kept:
        figures.first.get_by_role("button", name="SVG").click()
    text = Path(kept.value.path()).read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    assert not any(word in text for word in ("var(", "class=", "<style"))
    band = next(one for one in root.iter() if one.tag.endswith("polygon"))
    assert band.get("fill") == "rgb(213, 231, 242)"
    page.locator("details.export summary").click()  # a menu that has done its work closes
    with page.expect_download() as kept:
        figures.first.get_by_role("button", name="PNG").click()
    assert Path(kept.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_tables_and_pages_are_downloaded_at_the_present_setting(page: Page, server: Server) -> None:
    """Would catch: a menu that keeps the setting with which the page was loaded."""
    visit(page, server, "/long-run?case=chicken")
    slider = page.locator('input[name="set.nerve"]')
    slider.focus()
    slider.press("End")
    expect(page.locator("body")).to_have_attribute("data-state", "done")
    page.locator("details.export summary").click()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Levels (CSV)").click()
    query = page.url.partition("?")[2]
    wanted = export_of("long-run", f"{query}&table=Levels", "csv")
    assert Path(kept.value.path()).read_text("utf-8") == wanted["file"]
    assert kept.value.suggested_filename == wanted["name"]


def test_on_paper_the_setting_is_in_words_and_the_controls_are_gone(
    page: Page, server: Server
) -> None:
    visit(page, server, "/today?case=chicken")
    slider = page.locator('input[name="set.nerve"]')
    slider.focus()
    slider.press("End")
    expect(page.locator("body")).to_have_attribute("data-state", "done")
    page.emulate_media(media="print")
    expect(page.locator("#setting-words")).to_be_visible()
    expect(page.locator("#setting-words")).to_contain_text("Moved: nerve 10 instead of 6")
    for gone in (".assumptions", "nav.views", "details.export", ".view-form"):
        expect(page.locator(gone)).to_be_hidden()


def test_a_page_without_script_has_the_menu_too() -> None:
    page = page_of("paths", "case=chicken&years=3&plain=1")
    assert "/export/csv/paths?case=chicken" in page
    assert "years=3" in page
