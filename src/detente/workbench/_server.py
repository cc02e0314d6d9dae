"""The web server: pages, streams of fragments, and actions, all answered by the desk.

===========================  =========================================================
``GET /``                    the cases, and what runs have left
``GET /VIEW?SETTING``        a page; with ``plain=1``, all of it answered, for no script
``GET /stream/VIEW?SETTING``  the answers of a view, one JSON value a line
``GET /export/KIND/VIEW?SETTING``  a file to keep: ``html``, or a table as ``csv``
``GET /pulse?case=NAME``     what changes when the file of the case does, at once
``GET /file/NAME``           a report or result of the folder
``POST /act/NAME``           what changes something, such as a file; the body is JSON
``POST /stop``               stops the questions of a tab; the body is JSON
``POST /open``               saves a case file that comes in a form
``/jobs/...``                work in the background; see `detente.workbench._job_routes`
``GET /static/FILE``         style and script
===========================  =========================================================
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp

from detente.errors import InputError
from detente.files import stamp
from detente.workbench._desk import Desk
from detente.workbench._guard import Guard
from detente.workbench._job_routes import JobRoutes
from detente.workbench._jobs import JobKeeper
from detente.workbench._results import REPORT_HEADERS, result_file
from detente.workbench._style import report_style
from detente.workbench._upload import LARGEST_FORM, save_upload

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request's body."""
_FILES = {"html": "text/html", "csv": "text/csv"}
_LONGEST_NAME = 64
_ICON = "icon.svg"
_LINES = "application/x-ndjson"
_TOO_MUCH = "that is too much at once"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class _Pages:
    """The answers to requests that need the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, request: Request) -> Response:
        plain = "plain" in request.query_params
        question = {
            "kind": "page",
            "view": request.path_params.get("view", ""),
            "query": request.url.query,
            "plain": plain,
        }
        return await _while_connected(request, self._page(question, plain))

    async def _page(self, question: Mapping[str, Any], plain: bool) -> Response:
        for _ in range(2):  # once more where the solver has ended
            async with aclosing(self._desk.ask(question, waits=plain)) as answer:
                async for line in answer:
                    if "html" in line:
                        return HTMLResponse(line["html"], line.get("status", 200))
                    if "error" in line and line["end"] != "died":
                        return PlainTextResponse(line["error"], 500)
        return PlainTextResponse("the page was not answered; load it again", 503)

    async def stream(self, request: Request) -> Response:
        view = request.path_params["view"]
        question = {"kind": "stream", "view": view, "query": request.url.query}
        return self._stream(request, question, view, True)

    async def export(self, request: Request) -> Response:
        ending, view = request.path_params["ending"], request.path_params["view"]
        if ending not in _FILES:
            return PlainTextResponse("pages are exported as html or csv", 404)
        question = {"kind": "export", "ending": ending, "view": view, "query": request.url.query}
        return await _while_connected(request, self._export(question, ending))

    async def _export(self, question: Mapping[str, Any], ending: str) -> Response:
        async with aclosing(self._desk.ask(question)) as answer:
            async for line in answer:
                if "file" in line:
                    kind = f"{_FILES[ending]}; charset=utf-8"
                    headers = {"Content-Disposition": f'attachment; filename="{line["name"]}"'}
                    return Response(line["file"].encode(), media_type=kind, headers=headers)
                if "error" in line:
                    return PlainTextResponse(line["error"], 422 if line.get("input") else 500)
        return PlainTextResponse("the export was not answered; ask again", 503)

    async def act(self, request: Request) -> Response:
        body = await _json(request)
        if isinstance(body, Response):
            return body
        name = request.path_params["name"]
        return self._stream(request, {"kind": "act", "name": name, "body": body}, name, False)

    def _stream(
        self, request: Request, question: Mapping[str, Any], lane: str, waits: bool
    ) -> Response:
        tab, lane = request.query_params.get("tab", ""), request.query_params.get("lane", lane)
        if max(len(tab), len(lane)) > _LONGEST_NAME:
            return PlainTextResponse("the name of a tab or lane is too long", 400)
        if request.method == "HEAD":
            return Response(media_type=_LINES)
        answer = self._desk.ask(question, tab, lane, waits)
        return StreamingResponse(_lines(answer), media_type=_LINES)

    async def stop(self, request: Request) -> Response:
        body = await _json(request)
        if isinstance(body, Response):
            return body
        tab = body.get("tab") if isinstance(body, dict) else None
        if not isinstance(tab, str) or not 0 < len(tab) <= _LONGEST_NAME:
            return PlainTextResponse("name the tab to stop", 400)
        self._desk.stop(tab)
        return Response(status_code=204)

    async def pulse(self, request: Request) -> Response:
        name = request.query_params.get("case", "")
        return JSONResponse({"stamp": stamp(self._desk.root, name), "say": self._desk.says})

    async def file(self, request: Request) -> Response:
        try:
            path, kind = result_file(self._desk.root, request.path_params["name"])
        except InputError as error:
            return PlainTextResponse(str(error), 404)
        return FileResponse(path, media_type=kind, headers=REPORT_HEADERS)

    async def open(self, request: Request) -> Response:
        body = await _body(request, LARGEST_FORM)
        if body is None:
            return PlainTextResponse("the file is too large; a case file has at most 1 MiB", 413)
        try:
            name = save_upload(self._desk.root, request.headers.get("content-type", ""), body)
        except InputError as error:
            return PlainTextResponse(str(error), 422)
        return RedirectResponse(f"/claims?case={quote(name)}", 303)


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

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        jobs.tend()
        yield
        await desk.close()

    pages = _Pages(desk)
    routes = [
        Route("/", pages.page),
        Route("/favicon.ico", _icon),
        Route("/static/{name}", static),
        Route("/stream/{view}", pages.stream),
        Route("/export/{ending}/{view}", pages.export),
        Route("/pulse", pages.pulse),
        Route("/file/{name:path}", pages.file),
        Route("/act/{name}", pages.act, methods=["POST"]),
        Route("/stop", pages.stop, methods=["POST"]),
        Route("/open", pages.open, methods=["POST"]),
        *jobs.routes,
        Route("/{view:path}", pages.page),
    ]
    return Guard(Starlette(routes=routes, lifespan=lifespan), token, hosts)


async def static(request: Request) -> Response:
    """Answer with a file of style or script, or that the browser has it already."""
    name = request.path_params["name"]
    content = report_style().encode() if name == "report.css" else _static_file(name)
    if content is None:
        return PlainTextResponse("there is no such file", 404)
    headers = {
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:20]}"',
        # Which means: ask whether it is still the same. Browsers load the icon at each new address.
        "Cache-Control": "max-age=86400" if name == _ICON else "no-cache",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    kind = f"{_TYPES[Path(name).suffix]}; charset=utf-8"
    return Response(content, media_type=kind, headers=headers)


async def _icon(_: Request) -> Response:
    return RedirectResponse(f"/static/{_ICON}", 308)


def _static_file(name: str) -> bytes | None:
    here = files("detente.workbench").joinpath("static")
    known = {file.name for file in here.iterdir()}
    if name not in known or Path(name).suffix not in _TYPES:
        return None
    return here.joinpath(name).read_bytes()


async def _json(request: Request) -> Any:
    """Return the JSON of a body, or the answer that refuses it."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return PlainTextResponse("an action takes JSON", 415)
    body = await _body(request, LARGEST_BODY)
    if body is None:
        return JSONResponse({"end": "failed", "error": _TOO_MUCH}, 413)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return PlainTextResponse("an action takes JSON", 400)


async def _body(request: Request, most: int) -> bytes | None:
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            return None
    return bytes(found)


async def _while_connected(request: Request, work: Any) -> Response:
    """Return the answer, which is given up when the browser goes away."""
    doing = asyncio.ensure_future(work)

    async def gone() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(0.2)

    leaving = asyncio.ensure_future(gone())
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else Response(status_code=499)
    finally:
        for task in (doing, leaving):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _lines(answer: AsyncGenerator[Any]) -> AsyncIterator[bytes]:
    async with aclosing(answer):
        async for line in answer:
            yield json.dumps(line, ensure_ascii=False).encode() + b"\n"
