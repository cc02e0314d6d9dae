"""Who is let in: a test for each way in which another site, name or program could ask."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from detente.workbench._guard import HEADERS, Guard
from workbench.conftest import run_async

HOST = "127.0.0.1:8000"
COOKIE = {"detente-8000": "secret"}
NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


async def _secret(_: object) -> PlainTextResponse:
    return PlainTextResponse("secret things")


def ask(path: str = "/", method: str = "GET", **headers: str) -> httpx.Response:
    routes = [Route("/", _secret, methods=["GET", "POST"])]
    app = Guard(Starlette(routes=routes), "secret", frozenset({HOST}))

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.request(method, path, headers=headers)

    return run_async(asked())


def test_the_first_address_lets_in_and_hides_its_token() -> None:
    found = ask("/?case=chicken&token=secret")
    assert (found.status_code, found.headers["location"]) == (303, "/?case=chicken")
    cookie = found.headers["set-cookie"].lower()
    assert "detente-8000=secret" in cookie
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_with_the_cookie_everything_answers_with_strict_headers() -> None:
    found = ask(cookie="detente-8000=secret")
    assert found.text == "secret things"
    assert {name: found.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"cookie": "detente-8000=wrong"}, 403),
        ({"cookie": "detente-8000=secret", "host": "evil.example:8000"}, 421),
        ({"cookie": "detente-8000=secret", "host": "127.0.0.1:9"}, 421),
        ({"cookie": "detente-8000=secret", "origin": "http://evil.example"}, 403),
        ({"cookie": "detente-8000=secret", "origin": "null"}, 403),
        ({"cookie": "detente-8000=secret", "sec-fetch-site": "cross-site"}, 403),
        ({"cookie": "detente-8000=secret", "sec-fetch-site": "same-site"}, 403),
    ],
)
def test_anybody_else_is_refused(headers: dict[str, str], status: int) -> None:
    found = ask(**headers)
    assert found.status_code == status
    assert "secret things" not in found.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-site", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-dest": "document"}, 200),
    ],
)
def test_another_site_can_do_no_more_than_lead_here(headers: dict[str, str], status: int) -> None:
    mine = {"cookie": "detente-8000=secret", "sec-fetch-mode": "navigate"}
    assert ask(**(mine | headers)).status_code == status
    assert ask(method="POST", **(mine | headers)).status_code == 403
    assert ask("/stream/claims", **(mine | headers)).status_code in {403, 404}


def test_a_link_from_another_site_comes_back_as_ours() -> None:
    """The browser leaves out the cookie, so the page asks again; it tells and does nothing."""
    found = ask("/", **{"sec-fetch-site": "cross-site"} | NAVIGATION)
    assert found.status_code == 200
    assert "secret things" not in found.text
    assert 'content="0; url=/"' in found.text
    assert ask("/", **{"sec-fetch-site": "same-origin"} | NAVIGATION).status_code == 403


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/%0d%0aSet-Cookie: x"])
def test_the_token_leads_to_no_other_host(path: str) -> None:
    found = ask(f"http://{HOST}{path}?token=secret")
    assert found.status_code == 303
    target = found.headers["location"]
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    assert "\n" not in target
    assert "set-cookie" not in found.headers["location"].lower().partition("%0a")[0]
