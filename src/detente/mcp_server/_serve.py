"""Serving tools over the standard streams: the protocol, calls in threads, and their end.

The SDK speaks the protocol; a call is answered in a thread, so that it can be cancelled and timed:
its work then ends inside the kernels (`detente.engine.stop_when`). While serving, what anything
else prints goes to the error stream, never between messages. Every error becomes an answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import detente
from detente.engine import FAILURES, reason_of, stop_when
from detente.errors import AnalysisError, InputError, Stopped
from detente.mcp_server._arguments import read_arguments, schema_of
from detente.mcp_server._desk import ToolCall, ToolDesk
from detente.mcp_server._lines import input_lines
from detente.mcp_server._tools import INSTRUCTIONS, CaseTool, tools_for
from detente.text import fit_to_print, suggestion

if TYPE_CHECKING:
    from mcp.server import Server, ServerRequestContext
    from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult

TIME_LIMIT = 120.0
"""Seconds that a call may take."""
_AT_ONCE = 4
"""Calls that are worked on at a time; others wait, and their time runs."""
_BETWEEN = 0.2
"""Seconds between two messages on progress."""


def serve_tools(folder: Path, writable: Path | None = None, time_limit: float = TIME_LIMIT) -> None:
    """Serve tools on the standard streams until the input ends.

    Parameters
    ----------
    folder : Path
        Whose cases can be named, beside the built-in ones.
    writable : Path, optional
        A folder in it in which cases may be saved; nothing is written without one.
    time_limit : float
        Seconds that a call may take.

    Raises
    ------
    InputError
        When a folder is none, or the SDK is not installed.
    """
    server = tool_server(ToolDesk.open(folder, writable), time_limit)
    from mcp.server.stdio import stdio_server

    async def run() -> None:
        lines: Any = input_lines()  # all that is asked of a file here is lines
        async with stdio_server(stdin=lines) as (source, sink):
            await server.run(source, sink, server.create_initialization_options())

    asyncio.run(run())


def tool_server(desk: ToolDesk, time_limit: float = TIME_LIMIT) -> Server[Any]:
    """Return a server of the protocol, for any transport.

    Raises
    ------
    InputError
        When the SDK is not installed.
    """
    try:
        from mcp.server import Server
    except ImportError as error:
        raise InputError(
            f"tools for an assistant need the package mcp, version 2 ({error}); install detente "
            "with the extra `mcp`"
        ) from None
    calls = _Calls(desk, time_limit)
    return Server(
        "detente",
        version=detente.__version__,
        title="detente",
        instructions=INSTRUCTIONS,
        on_list_tools=calls.listed,
        on_call_tool=calls.called,
    )


class _Calls:
    """Answers the requests of a client."""

    def __init__(self, desk: ToolDesk, time_limit: float) -> None:
        self._desk = desk
        self._limit = time_limit
        self._tools = tools_for(desk.writable is not None)
        self._pool = ThreadPoolExecutor(_AT_ONCE)

    async def listed(self, context: ServerRequestContext[Any, Any], _: Any) -> ListToolsResult:
        from mcp.types import ListToolsResult, Tool, ToolAnnotations

        return ListToolsResult(
            tools=[
                Tool(
                    name=tool.name,
                    title=tool.title,
                    description=tool.about,
                    input_schema=schema_of(tool.takes),
                    annotations=ToolAnnotations(
                        read_only_hint=not tool.writes,
                        destructive_hint=tool.writes,
                        idempotent_hint=not tool.writes,
                        open_world_hint=False,
                    ),
                )
                for tool in self._tools.values()
            ]
        )

    async def called(
        self, context: ServerRequestContext[Any, Any], asked: CallToolRequestParams
    ) -> CallToolResult:
        from mcp.types import CallToolResult, TextContent

        try:
            text, values = await self._answered(context, asked.name, asked.arguments or {})
        except Exception as error:
            words = TextContent(type="text", text=_reason(error))
            return CallToolResult(content=[words], is_error=True)
        return CallToolResult(
            content=[TextContent(type="text", text=text)], structured_content=values
        )

    async def _answered(
        self, context: ServerRequestContext[Any, Any], name: str, given: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        if name not in self._tools:
            raise InputError(f"there is no tool {name!r}; {suggestion(name, self._tools, 'tool')}")
        tool, gone = self._tools[name], Event()
        call = ToolCall(self._desk, _teller(context))
        work = copy_context().run
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._pool, work, _work, tool, call, given, gone)
        try:
            return await asyncio.wait_for(future, self._limit)
        except TimeoutError:
            raise AnalysisError(
                f"{name} took longer than {self._limit:g} seconds and was left off; ask for less, "
                "such as fewer draws, or start the server with a longer --time-limit"
            ) from None
        finally:
            gone.set()


def _work(
    tool: CaseTool, call: ToolCall, given: dict[str, Any], gone: Event
) -> tuple[str, dict[str, Any]]:
    if gone.is_set():
        raise Stopped
    with stop_when(gone.is_set):
        answer = tool.answer(call, read_arguments(tool.takes, given))
        return answer.text(), answer.structured()


def _teller(context: ServerRequestContext[Any, Any]) -> Callable[[int, int, int], None]:
    """Return what tells the client, from any thread, how many draws are done."""
    loop, last = asyncio.get_running_loop(), 0.0

    def tell(done: int, total: int, failed: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _BETWEEN:
            last = now
            words = f"{done} of {total} solved" + (f", {failed} failed" if failed else "")
            report = context.session.report_progress(float(done), float(total), words)
            try:
                asyncio.run_coroutine_threadsafe(report, loop)
            except RuntimeError:  # the server has ended meanwhile
                report.close()

    return tell


def _reason(error: Exception) -> str:
    """Return what went wrong, in words for whoever called."""
    if isinstance(error, FAILURES):
        return fit_to_print(reason_of(error))
    if isinstance(error, OSError):
        return fit_to_print(f"{error.strerror or error}; check the folder that is open")
    if isinstance(error, RecursionError):
        return "this is nested too deeply; write it flatter"
    fault = fit_to_print(f"{type(error).__name__}: {error}"[:500])
    return f"a fault of detente, not of the call ({fault}); please report it with the call"
