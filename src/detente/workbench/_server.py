"""The web server: pages, streams of fragments, and actions, all answered by the desk.

==========================  =========================================================
``GET /``                   the cases
``GET /VIEW?SETTING``       a page; with ``plain=1``, all of it answered, for no script
``GET /stream/VIEW?SETTING``  the answers of a view, one JSON value a line
``POST /act/NAME``          what changes something, such as a file; the body is JSON
``GET /static/FILE``        style and script
``/jobs/...``               work in the background; see `detente.workbench._job_routes`
==========================  =========================================================
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp

from detente.workbench._desk import Desk
from detente.workbench._guard import Guard
from detente.workbench._job_routes import JobRoutes
from detente.workbench._jobs import JobKeeper

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request's body."""
_STYLES = ("page", "tables", "figures", "narrow", "print")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def application(desk: Desk, token: str, hosts: frozenset[str]) -> ASGIApp:
    """Return the server as an ASGI application.

    Parameters
    ----------
    desk : Desk
    token : str
        Lets a browser in; see `Guard`.
    hosts : frozenset of str
        The names, with the port, under which it is reached.
    """
    jobs = JobRoutes(desk, JobKeeper(desk.root))

    async def page(request: Request) -> Response:
        view = request.path_params.get("view", "")
        question = {
            "kind": "page",
            "view": view,
            "query": request.url.query,
            "plain": "plain" in request.query_params,
        }
        async with aclosing(desk.ask(question)) as answer:
            async for line in answer:
                if "html" in line:
                    return HTMLResponse(line["html"], line.get("status", 200))
                if "error" in line:
                    return PlainTextResponse(line["error"], 500)
        return PlainTextResponse("the page was not answered; load it again", 503)

    async def stream(request: Request) -> Response:
        view = request.path_params["view"]
        question = {"kind": "stream", "view": view, "query": request.url.query}
        tab, lane = request.query_params.get("tab", ""), request.query_params.get("lane", view)
        lines = _lines(desk.ask(question, tab, lane))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    async def act(request: Request) -> Response:
        name = request.path_params["name"]
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return PlainTextResponse("an action takes JSON", 415)
        body = await _body(request)
        if body is None:
            return JSONResponse({"end": "failed", "error": "that is too much at once"}, 413)
        try:
            question = {"kind": "act", "name": name, "body": json.loads(body)}
        except ValueError:
            return PlainTextResponse("an action takes JSON", 400)
        lines = _lines(desk.ask(question))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        jobs.tend()
        yield
        desk.end()

    routes = [
        Route("/", page),
        Route("/static/{name}", static),
        Route("/stream/{view}", stream),
        Route("/act/{name}", act, methods=["POST"]),
        *jobs.routes,
        Route("/{view}", page),
    ]
    return Guard(Starlette(routes=routes, lifespan=lifespan), token, hosts)


async def static(request: Request) -> Response:
    """Answer with a file of style or script."""
    name = request.path_params["name"]
    path = Path(name)
    if name == "report.css":
        return Response(report_style(), media_type="text/css; charset=utf-8")
    here = files("detente.workbench").joinpath("static")
    known = {file.name for file in here.iterdir()}
    if name not in known or path.suffix not in _TYPES:
        return PlainTextResponse("there is no such file", 404)
    kind = f"{_TYPES[path.suffix]}; charset=utf-8"
    return Response(here.joinpath(name).read_bytes(), media_type=kind)


@cache
def report_style() -> str:
    """Return the style of the report, which the page shares."""
    folder = files("detente.report").joinpath("templates")
    return "".join(folder.joinpath(f"{name}.css").read_text("utf-8") for name in _STYLES)


async def _body(request: Request) -> bytes | None:
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > LARGEST_BODY:
            return None
    return bytes(found)


async def _lines(answer: AsyncGenerator[Any]) -> AsyncIterator[bytes]:
    async with aclosing(answer):
        async for line in answer:
            yield json.dumps(line, ensure_ascii=False).encode() + b"\n"
