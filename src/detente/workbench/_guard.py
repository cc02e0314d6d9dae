"""Who may talk to the server: this machine's browser, from the page that the server itself gave.

A web page of somebody else can make the browser send requests here, and with DNS rebinding even
under a name that it chose. So a request must come under an address that is ours (``Host``), with
the cookie that the first address, with its token, gave (``SameSite=Strict``), and from a page of
ours where the browser says from which (``Origin``, ``Sec-Fetch-Site``). Answers forbid everything
that is not ours: no script but our files, no frame, no other host. Addresses and headers are
bounded, as bodies are where they are read.

A link in a page of somebody else, such as a setting that was sent by mail, may be followed: it
opens a page of its own, which the other cannot read. The browser leaves the cookie out of such a
request, so the answer is a page that asks for the address once more, and now it is ours that asks.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode

from markupsafe import escape
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # without any, forms come from "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

LONGEST_ADDRESS = 16 * 1024
"""Bytes of a path and query."""
LONGEST_HEADERS = 32 * 1024
_ANOTHER_SITE = "requests from other sites are refused"


def new_token() -> str:
    """Return a token for one start of the server."""
    return secrets.token_urlsafe(24)


class Guard:
    """Lets through what comes from the page itself."""

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str]) -> None:
        self._app = app
        self._token = token
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._refusal(scope) or self._welcome(scope)
        if answer is not None:
            await answer(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return PlainTextResponse("this address is too long", 414)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
            return PlainTextResponse("the headers are too long", 431)
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._hosts:
            return PlainTextResponse("this address is not served here", 421)
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self._hosts}:
            return PlainTextResponse(_ANOTHER_SITE, 403)
        if _is_foreign(headers) and not _is_navigation(scope, headers):
            return PlainTextResponse(_ANOTHER_SITE, 403)
        return None

    def _welcome(self, scope: Scope) -> Response | None:
        """Give the cookie to who has the token; refuse who has neither."""
        headers = Headers(scope=scope)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for key, value in query if key == "token"]
        if given and hmac.compare_digest(given[0].encode(), self._token.encode()):
            rest = urlencode([(key, value) for key, value in query if key != "token"])
            answer = RedirectResponse(_path(scope) + (f"?{rest}" if rest else ""), 303)
            answer.set_cookie(self._cookie(scope), self._token, httponly=True, samesite="strict")
            return answer
        pairs = (part.strip().partition("=")[::2] for part in headers.get("cookie", "").split(";"))
        cookie = dict(pairs).get(self._cookie(scope), "")
        if hmac.compare_digest(cookie.encode(), self._token.encode()):
            return None
        if _is_foreign(headers):
            address = _path(scope) + (f"?{urlencode(query)}" if query else "")
            return HTMLResponse(
                '<!DOCTYPE html><html lang="en"><title>detente</title>'
                f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
                f'<p><a href="{escape(address)}">Go on to detente</a></p></html>'
            )
        return PlainTextResponse(
            "open the address that `detente serve` printed: it lets this browser in", 403
        )

    @staticmethod
    def _cookie(scope: Scope) -> str:
        """Return the cookie's name; cookies do not know ports, so it has the port in it."""
        return f"detente-{Headers(scope=scope).get('host', '').rpartition(':')[2]}"


def _is_foreign(headers: Headers) -> bool:
    return headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}


def _is_navigation(scope: Scope, headers: Headers) -> bool:
    """Whether somebody follows a link to a page of ours, in a tab of its own."""
    return (
        scope["method"] == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and not scope["path"].startswith(("/stream/", "/act/", "/pulse"))
    )


def _path(scope: Scope) -> str:
    """Return the path with one slash before it: two would name another host."""
    return "/" + quote(scope["path"].lstrip("/\\"))
