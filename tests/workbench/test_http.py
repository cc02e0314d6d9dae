"""The server as the web expects it: methods, types, caches, bounds, and words where it refuses."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from detente.workbench._desk import Desk
from detente.workbench._guard import LONGEST_ADDRESS, LONGEST_HEADERS
from detente.workbench._server import LARGEST_BODY, application
from detente.workbench._upload import LARGEST_FORM
from workbench import slow_solver
from workbench.conftest import run_async

HOST = "127.0.0.1:8000"
COOKIE = {"cookie": "detente-8000=secret"}


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., httpx.Response]:
    """Return what asks a server of its own over the temporary folder."""

    def asked(method: str, path: str, **given: Any) -> httpx.Response:
        async def run() -> httpx.Response:
            desk = Desk(tmp_path, [sys.executable, slow_solver.__file__, str(tmp_path / "book")])
            app = application(desk, "secret", frozenset({HOST}))
            given["headers"] = COOKIE | given.get("headers", {})
            try:
                transport = httpx.ASGITransport(app=app)
                async with (
                    httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client,
                    asyncio.timeout(30),
                ):
                    return await client.request(method, path, **given)
            finally:
                await desk.close()

        return run_async(run())

    return asked


def test_static_files_are_asked_for_once(ask: Callable[..., httpx.Response]) -> None:
    for name in ("page.js", "workbench.css", "report.css", "icon.svg"):
        first = ask("GET", f"/static/{name}")
        assert first.status_code == 200
        often = name == "icon.svg"  # which browsers load at each address, so at each move
        assert first.headers["cache-control"] == ("max-age=86400" if often else "no-cache")
        again = ask("GET", f"/static/{name}", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = ask("HEAD", f"/static/{name}")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(first.content))
    assert ask("GET", "/favicon.ico").headers["location"] == "/static/icon.svg"


@pytest.mark.parametrize(
    "path", ["/static/none.js", "/static/..%2f_server.py", "/static/%2e%2e/_server.py"]
)
def test_no_other_file_is_static(ask: Callable[..., httpx.Response], path: str) -> None:
    found = ask("GET", path)
    assert "import" not in found.text
    assert found.status_code in {404, 503}


def test_a_report_may_do_nothing(ask: Callable[..., httpx.Response], tmp_path: Path) -> None:
    """Would catch: script in a report that runs with the rights of the page."""
    run = tmp_path / "results" / "dam"
    run.mkdir(parents=True)
    (run / "report.html").write_text("<script>alert(1)</script>")
    found = ask("GET", "/file/results/dam/report.html")
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    policy = found.headers["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "allow-same-origin" not in policy
    assert found.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/file/../secret", "/file/%2e%2e/secret", "/file/..%2fsecret", "/file/%2fetc%2fpasswd",
     "/file//etc/passwd", "/file/results/..%5csecret", "/file/results/x%00.html",
     "/file/case.yaml"],
)  # fmt: skip
def test_no_path_leads_to_another_file(
    ask: Callable[..., httpx.Response], tmp_path: Path, path: str
) -> None:
    (tmp_path / "case.yaml").write_text("secret things")
    found = ask("GET", path)
    assert found.status_code in {404, 503}
    assert "secret things" not in found.text
    assert "root:" not in found.text


def test_the_pulse_follows_the_file(ask: Callable[..., httpx.Response], tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("detente: 1\n")
    first = ask("GET", "/pulse?case=case.yaml").json()
    assert first == ask("GET", "/pulse?case=case.yaml").json()
    (tmp_path / "case.yaml").write_text("detente: 1\ntitle: other\n")
    assert ask("GET", "/pulse?case=case.yaml").json()["stamp"] != first["stamp"] != ""
    assert ask("GET", "/pulse?case=../case.yaml").json()["stamp"] == ""


def test_what_is_too_long_is_refused(ask: Callable[..., httpx.Response]) -> None:
    assert ask("GET", "/?" + "x" * LONGEST_ADDRESS).status_code == 414
    assert ask("GET", "/" + "x" * LONGEST_ADDRESS).status_code == 414
    assert ask("GET", "/", headers={"x": "x" * LONGEST_HEADERS}).status_code == 431
    assert ask("GET", "/stream/claims?tab=" + "x" * 100).status_code == 400
    json = {"content-type": "application/json"}
    big = b'"' + b"x" * LARGEST_BODY + b'"'
    assert ask("POST", "/act/save", content=big, headers=json).status_code == 413
    assert ask("POST", "/open", content=b"x" * (LARGEST_FORM + 1)).status_code == 413
    deep = b"[" * 200_000
    assert ask("POST", "/act/save", content=deep, headers=json).status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_an_action_takes_nothing_that_a_form_can_send(
    ask: Callable[..., httpx.Response], kind: str
) -> None:
    for path in ("/act/save", "/stop"):
        assert ask("POST", path, content=b"{}", headers={"content-type": kind}).status_code == 415


def test_methods(ask: Callable[..., httpx.Response], tmp_path: Path) -> None:
    """Would catch: a HEAD that solves, and actions that a link can ask for."""
    assert ask("HEAD", "/stream/claims?name=x").status_code == 200
    assert not (tmp_path / "book").exists()
    assert ask("PUT", "/claims").status_code == 405
    for path in ("/stop", "/act/save", "/open"):
        assert ask("PUT", path).status_code == 405
        assert ask("GET", path).status_code == 503  # asked for as a page, which there is not


def test_an_upload_opens_the_case(ask: Callable[..., httpx.Response], tmp_path: Path) -> None:
    found = ask("POST", "/open", files={"file": ("my dam.yaml", b"detente: 1\n")})
    assert (found.status_code, found.headers["location"]) == (303, "/claims?case=my-dam.yaml")
    assert (tmp_path / "my-dam.yaml").read_bytes() == b"detente: 1\n"
    refused = ask("POST", "/open", files={"file": ("page.html", b"x")})
    assert refused.status_code == 422
    assert "only case files" in refused.text


def test_a_page_whose_solver_ends_is_asked_once_more(
    ask: Callable[..., httpx.Response], tmp_path: Path
) -> None:
    assert ask("GET", "/claims?die=1&say=1&name=p").status_code == 503
    book = (tmp_path / "book").read_text().splitlines()
    assert sum(line == "begin p" for line in book) == 2
