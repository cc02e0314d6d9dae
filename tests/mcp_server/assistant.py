"""A client of the SDK in a thread of its own, for tests that call tools one after another."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0


class Assistant:
    """Calls tools of one server."""

    def __init__(self, client: Client, loop: asyncio.AbstractEventLoop) -> None:
        self.client = client
        self._loop = loop

    def start(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.start(work).result(PATIENCE)

    def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        return self.do(self.client.call_tool(tool, arguments))

    def answer(self, tool: str, /, **arguments: Any) -> Any:
        """Return the plain values of an answer, which must be no error."""
        found = self.call(tool, **arguments)
        assert not found.is_error, text_of(found)
        assert found.structured_content is not None
        assert "cut" not in found.structured_content
        return found.structured_content["answer"]

    def refusal(self, tool: str, /, **arguments: Any) -> str:
        """Return the words of an answer that must be an error."""
        found = self.call(tool, **arguments)
        assert found.is_error, text_of(found)
        assert "Traceback" not in text_of(found)
        return text_of(found)


def text_of(found: CallToolResult) -> str:
    return "\n".join(part.text for part in found.content if part.type == "text")


def started(*words: str) -> StdioServerParameters:
    """Return how ``detente mcp`` is started in a process of its own."""
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "detente", "mcp", *words],
        env={**os.environ, "PYTHONPATH": path.strip(os.pathsep)},
    )


@contextmanager
def connected(server: Any, wrap: Callable[..., Client] = Client) -> Iterator[Assistant]:
    """Connect to a server until the end of the block."""
    ready: Future[tuple[Client, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def live() -> None:
        done = asyncio.Event()
        async with wrap(server) as client:
            ready.set_result((client, asyncio.get_running_loop(), done))
            await done.wait()

    def run() -> None:
        try:
            asyncio.run(live())
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    thread = Thread(target=run)
    thread.start()
    client, loop, done = ready.result(PATIENCE)
    try:
        yield Assistant(client, loop)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(PATIENCE)
