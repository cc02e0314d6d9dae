"""Attacks in a real browser: by the page of another site, by a false name, and by a case itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from detente.workbench._solver import PageSolver
from detente.workbench._views import VIEWS, claims, draw_filter, paths
from workbench.conftest import Server, answered
from workbench.evil_site import evil_site
from workbench.view_answers import few_draws

HOSTILE = (
    '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{7*7}}{% raw %}</h1>&lt;b&gt;'
    "' onload='alert(3) javascript:alert(4) </style><style>*{display:none}</style>" + "W" * 300
)
FAST = "claim=T1&x=pain&y=sender.offer&points=3"
"""What spares views that look for something the search, and draws a small diagram."""


def test_another_site_gets_and_changes_nothing(context: BrowserContext, server: Server) -> None:
    """The browser holds the cookie; for another port of this machine it would even send it."""
    run = server.folder / "results" / "run"
    run.mkdir(parents=True, exist_ok=True)
    (run / "report.html").write_text("a report")
    before = sorted(path.name for path in server.folder.rglob("*"))
    names = ("127.0.0.1", "localhost", "evil.example")
    pages = {name: context.new_page() for name in names}
    with evil_site(server.origin) as port:
        for name, page in pages.items():
            page.goto(f"http://{name}:{port}/", wait_until="commit")
        for page in pages.values():
            expect(page.locator("#found")).to_contain_text("all: done")
    blind = {"read blindly", "send blindly", "stop", "upload"}
    for name, page in pages.items():
        items = page.locator("#found li").all_inner_texts()
        found = dict(item.split(": ", 1) for item in items if item)
        assert len(found) == 18, name
        open_to_us = {*blind, "all"}
        assert {found[what] for what in found if what not in open_to_us} == {"refused"}, name
        assert {found[what] for what in blind} <= {"refused", "opaque"}, name
    assert sorted(path.name for path in server.folder.rglob("*")) == before


def test_a_link_from_another_site_opens_its_setting(
    context: BrowserContext, server: Server
) -> None:
    """The link is the share: would catch a guard that refuses a link which came by mail."""
    page = context.new_page()
    with evil_site(server.origin) as port:
        page.goto(f"http://evil.example:{port}/")
        page.locator("#link").click()
        expect(page).to_have_url(settled(f"{server.origin}/claims?case=sanctions&set.pain=1"))
        answered(page)


def test_no_name_but_ours_is_served(context: BrowserContext, server: Server) -> None:
    """Would catch: DNS rebinding, where a foreign name leads to this machine."""
    page = context.new_page()
    port = server.origin.rpartition(":")[2]
    token = server.first.rpartition("token=")[2]
    for address in ("/", f"/?token={token}", "/static/page.js"):
        answer = page.goto(f"http://evil.example:{port}{address}")
        assert answer is not None
        assert answer.status == 421


def settled(address: str) -> re.Pattern[str]:
    """Return what matches `address`, before or after the page has added the answers' `at`."""
    return re.compile(re.escape(address) + r"(&at=\w+)?$")


def hostile_case() -> str:
    """Return a built-in case with every text of it turned into an attack."""
    text = files("detente.cases").joinpath("sanctions.yaml").read_text("utf-8")
    quoted = HOSTILE.replace('"', '\\"')
    free = r"(title|question|reason|about|says|author|publisher|unasked)"
    text = re.sub(free + r': "(.*?)"', lambda m: f'{m[1]}: "{m[2]} {quoted}"', text)
    text = re.sub(r"(\n +title): (\w+)\n", lambda m: f'{m[1]}: "{m[2]} {quoted}"\n', text)
    text = text.replace("\ntitle: Sanctions and an offer", f'\ntitle: "Hostile {quoted}"')
    lines = ["bargaining:", "  issues:"]
    for issue, one, other in (("cut", 0.9, 0.2), ("fund", 0.2, 0.9)):
        lines += [
            f"    {issue}:",
            f'      title: "{issue} {quoted}"',
            f'      points: {{0: "{quoted}"}}',
            "      parties:",
            f"        sender: {{position: 100, salience: {one}}}",
            f"        target: {{position: 0, salience: {other}}}",
        ]
    return "\n".join([text, *lines, ""])


def quiet(page: Page) -> list[str]:
    """Return a list that fills with all that a page should not do."""
    seen: list[str] = []

    def dismiss(dialog: object) -> None:
        seen.append("dialog")
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismiss)
    page.on("console", lambda message: seen.append(message.text) if _is_bad(message.text) else None)
    page.on("request", lambda request: seen.append(request.url) if _is_image(request.url) else None)
    return seen


def _is_bad(words: str) -> bool:
    return "Content Security Policy" in words or "Refused" in words


def _is_image(address: str) -> bool:
    return address.endswith("/x")


@pytest.fixture
def hostile(server: Server) -> Iterator[str]:
    """Serve a case that attacks, and give its name."""
    file = server.folder / "hostile.yaml"
    file.write_text(hostile_case())
    yield file.name
    file.unlink()


class SeenMarkup(HTMLParser):
    """Collects what a text of a case might have become, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        handlers = [name for name, _ in attrs if name.startswith("on")]
        scheme = [value for _, value in attrs if value and value.startswith("javascript:")]
        if tag in {"img", "script", "style"} or handlers or scheme:
            self.bad.append(self.get_starttag_text() or tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_nothing_from_a_case_is_markup_in_any_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch: a text that becomes an element, or a template, in one of all answers."""
    monkeypatch.setattr(claims, "draws_of", few_draws)
    monkeypatch.setattr(draw_filter, "draws_of", few_draws)
    monkeypatch.setattr(paths, "DRAWS", (2,))
    (tmp_path / "hostile.yaml").write_text(hostile_case())
    solver = PageSolver(tmp_path)
    question = {"kind": "page", "query": f"case=hostile.yaml&{FAST}", "plain": True}
    for view in VIEWS:
        seen = SeenMarkup()
        seen.feed(next(iter(solver.answer({**question, "view": view})))["html"])
        assert seen.bad == [], view
        assert "{{7*7}}" in seen.text, view


def test_nothing_from_a_case_is_markup(page: Page, server: Server, hostile: str) -> None:
    """Would catch: a text that becomes an element, a script or a template in a page that lives."""
    seen = quiet(page)
    page.goto(server.origin)
    for view in ("", *VIEWS):
        if view:
            page.goto(f"{server.origin}/{view}?case={hostile}&{FAST}")
            state = re.compile("first|done|failed")
            expect(page.locator("body")).to_have_attribute("data-state", state)
        assert "{{7*7}}" in page.locator("body").inner_text()
        assert page.locator("img, main style, main script, [onload], [onerror]").count() == 0
        expect(page.locator("h1")).to_be_visible()
    assert seen == []


def test_long_words_fit_a_phone(page: Page, server: Server, hostile: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for address in ("/", f"/claims?case={hostile}", f"/claims?case={hostile}&set.nothing=1"):
        page.goto(server.origin + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_a_report_with_script_is_harmless(page: Page, server: Server) -> None:
    """Would catch: a report, which a case may have had a hand in, that acts for the user."""
    run = server.folder / "results" / "dam"
    run.mkdir(parents=True, exist_ok=True)
    (run / "report.html").write_text(
        "<style>p {color: red}</style><p id=p>a report</p><script>p.textContent = 'run'</script>"
        "<img src='/static/icon.svg' onerror=\"p.textContent = 'run'\">"
        "<form method=post action=/open><button id=b>go</button></form>"
    )
    page.goto(server.origin)
    page.get_by_role("link", name="results/dam/report.html").click()
    expect(page.locator("#p")).to_have_text("a report")
    assert page.locator("#p").evaluate("e => getComputedStyle(e).color") == "rgb(255, 0, 0)"
    page.locator("#b").click()
    expect(page).to_have_url(re.compile(r"report\.html$"))


def test_an_uploaded_file_opens(page: Page, server: Server) -> None:
    page.goto(server.origin)
    text = files("detente.cases").joinpath("chicken.yaml").read_bytes()
    page.locator("#upload").set_input_files(
        {"name": "my chicken.yaml", "mimeType": "text/plain", "buffer": text}
    )
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page).to_have_url(settled(f"{server.origin}/claims?case=my-chicken.yaml"))
    answered(page)
    assert (server.folder / "my-chicken.yaml").read_bytes() == text
