"""The server's side of the process that solves: questions go out, answers come in, newest wins.

A question has a tab and a lane. A newer one of the same tab and lane makes the older pointless: the
solver is told to stop it, and what it still says is dropped. A solver that ends, or that does not
leave off in time, is ended and replaced; questions that were under way are answered with an error
that says so, and everything else goes on.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds a stopped question may take to leave off before the solver is ended."""
_LONGEST_LINE = 64 * 1024 * 1024
_STOPPED = {"end": "stopped"}
_DIED = {"end": "died", "error": "the solver ended and was started again; ask again"}

Line = Mapping[str, Any]


class Desk:
    """Asks one solver, and starts it again when it ends.

    Parameters
    ----------
    root : Path
        The folder of cases.
    command : sequence of str, optional
        What runs a solver; the module `detente.workbench._solver` by default.
    patience : float
        Seconds a stopped question may take to leave off.
    """

    def __init__(
        self, root: Path, command: Sequence[str] | None = None, patience: float = PATIENCE
    ) -> None:
        self.root = root
        own = (sys.executable, "-m", "detente.workbench._solver", str(root))
        self._command = tuple(command or own)
        self._patience = patience
        self._solver: _Solver | None = None
        self._starting = asyncio.Lock()
        self._newest: dict[tuple[str, str], tuple[_Solver, int]] = {}

    async def ask(
        self, question: Mapping[str, Any], tab: str = "", lane: str = ""
    ) -> AsyncGenerator[Line]:
        """Ask, and give the lines of the answer; the last has ``end``.

        Parameters
        ----------
        question : mapping
            As the solver takes it.
        tab, lane : str
            A newer question of the same tab and lane takes the place of this one; without a tab,
            none does.
        """
        solver = await self._running()
        number = solver.next_number()
        if tab:
            older = self._newest.get((tab, lane))
            self._newest[tab, lane] = solver, number
            if older is not None:
                older[0].stop(older[1], self._patience)
        try:
            async for line in solver.ask(number, question):
                yield line
        finally:
            solver.stop(number, self._patience)
            if self._newest.get((tab, lane)) == (solver, number):
                del self._newest[tab, lane]

    def end(self) -> None:
        """End the solver; the next question starts another."""
        if self._solver is not None:
            self._solver.end()
            self._solver = None

    async def _running(self) -> _Solver:
        async with self._starting:
            if self._solver is None or not self._solver.alive:
                process = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    limit=_LONGEST_LINE,
                )
                self._solver = _Solver(process)
            return self._solver


class _Solver:
    """One process, and the questions that it is at."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._number = 0
        self._waiting: dict[int, asyncio.Queue[Line]] = {}
        self._leaving: dict[int, asyncio.Event] = {}
        self._tasks = {asyncio.create_task(self._read())}
        self.alive = True

    def next_number(self) -> int:
        self._number += 1
        return self._number

    async def ask(self, number: int, question: Mapping[str, Any]) -> AsyncGenerator[Line]:
        lines = self._waiting[number] = asyncio.Queue()
        await self._send({"id": number, **question})
        line: Line = {}
        while "end" not in line:
            line = await lines.get()
            yield line

    def stop(self, number: int, patience: float) -> None:
        """Make a question pointless: it ends for who asked it at once, for the process soon."""
        lines = self._waiting.pop(number, None)
        if lines is None or not self.alive:
            return
        lines.put_nowait(_STOPPED)
        self._leaving[number] = asyncio.Event()
        task = asyncio.create_task(self._see_off(number, patience))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        self.alive = False
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def _see_off(self, number: int, patience: float) -> None:
        await self._send({"stop": number})
        try:
            async with asyncio.timeout(patience):
                await self._leaving[number].wait()
        except TimeoutError:
            self.end()
        finally:
            self._leaving.pop(number, None)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        with suppress(ConnectionError):
            async for text in self._process.stdout:
                self._take(json.loads(text))
        self.end()
        await self._process.wait()
        for lines in self._waiting.values():
            lines.put_nowait(_DIED)
        for left in self._leaving.values():
            left.set()
        self._waiting.clear()

    def _take(self, line: dict[str, Any]) -> None:
        number = line.pop("id")
        if number in self._waiting:
            self._waiting[number].put_nowait(line)
        if "end" in line:
            self._waiting.pop(number, None)
            if number in self._leaving:
                self._leaving[number].set()

    async def _send(self, line: Line) -> None:
        assert self._process.stdin is not None
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(line).encode() + b"\n")
            await self._process.stdin.drain()
