"""Starting, cancelling, resuming and forgetting jobs, and the pages that they wrote.

======================  ===============================================================
``POST /jobs/start``    ``{"address": ..., "words": {...}}``: what the form has
``POST /jobs/cancel``   ``{"id": ...}``; the second time its processes are ended at once
``POST /jobs/resume``   ``{"id": ...}``
``POST /jobs/remove``   ``{"id": ...}``: the record goes, the results stay
``GET /results/FILE``   a page that a job wrote; it may run nothing
======================  ===============================================================

The command comes from the solver, which knows cases; here it is run.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from detente.errors import InputError
from detente.workbench._desk import Desk
from detente.workbench._jobs import Job, JobKeeper

_PAUSE = 0.3
"""Seconds between looks at what runs."""
_LARGEST = 64 * 1024
_PAGE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; sandbox allow-popups"
    )
}


class JobRoutes:
    """What the server does about jobs."""

    def __init__(self, desk: Desk, keeper: JobKeeper) -> None:
        self._desk = desk
        self._keeper = keeper
        self._tending: asyncio.Task[None] | None = None
        self.routes = [
            Route("/jobs/{what}", self._act, methods=["POST"]),
            Route("/results/{path:path}", self._page),
        ]

    def tend(self) -> None:
        """Watch the jobs from now on until none is left."""
        if self._tending is None or self._tending.done():
            self._tending = asyncio.create_task(self._tend())

    async def _tend(self) -> None:
        while self._keeper.refresh():
            for job in self._keeper.startable():
                try:
                    self._keeper.start(job, await self._command(job.asked, job))
                except (InputError, OSError) as error:
                    self._keeper.refuse(job, str(error))
            await asyncio.sleep(_PAUSE)

    async def _act(self, request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return JSONResponse({"error": "an action takes JSON"}, 415)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST:
                return JSONResponse({"error": "that is too much at once"}, 413)
        try:
            said = json.loads(body)
            job = await self._done(request.path_params["what"], said)
        except (InputError, OSError) as error:
            return JSONResponse({"error": str(error)}, 422)
        except (ValueError, KeyError, TypeError, AttributeError):
            return JSONResponse({"error": "that is no request of this page"}, 400)
        self.tend()
        return JSONResponse({"id": job.id, "state": job.state})

    async def _done(self, what: str, said: Mapping[str, Any]) -> Job:
        keeper = self._keeper
        if what == "start":
            asked = {"address": str(said["address"]), "words": dict(said["words"])}
            return keeper.add(asked, await self._command(asked))
        job = keeper.folder.read(str(said["id"]))
        if job is None:
            raise InputError("there is no such job any more; load the page again")
        if what == "cancel":
            return keeper.cancel(job)
        if what == "resume" and not job.live:
            return keeper.again(job, await self._command(job.asked, job))
        if what == "remove" and not job.live:
            keeper.folder.forget(job)
            return job
        raise InputError("this job is under way; cancel it first")

    async def _command(self, asked: Mapping[str, Any], job: Job | None = None) -> Mapping[str, Any]:
        """Return what the solver makes of a question; a job that was begun keeps to its file."""
        body = {**asked, "store": "" if job is None else job.store}
        question = {"kind": "act", "name": "job-command", "body": body}
        why = "the command could not be made; try again"
        async with aclosing(self._desk.ask(question)) as answer:
            async for line in answer:
                if "command" in line:
                    return line
                why = line.get("error", why)
        raise InputError(why)

    async def _page(self, request: Request) -> Response:
        results = (self._keeper.folder.root / "results").resolve()
        path = (results / request.path_params["path"]).resolve()
        inside = path.is_relative_to(results) and results.is_relative_to(
            self._keeper.folder.root.resolve()
        )
        if not inside or path.suffix != ".html" or not path.is_file():
            return JSONResponse({"error": "there is no such page"}, 404)
        return FileResponse(path, media_type="text/html; charset=utf-8", headers=_PAGE)
