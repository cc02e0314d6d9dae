"""The server's side of the process that solves: questions go out, answers come in, newest wins.

A question has a tab and a lane. A newer one of the same tab and lane makes the older pointless: the
solver is told to stop it, and what it still says is dropped. So many are solved at once, the tabs
in turn. A solver that ends, or that does not leave off in time, is ended and replaced; questions
that were under way are answered with an error that says so, and everything else goes on.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from detente.workbench._turns import AT_ONCE, Turns

PATIENCE = 30.0
"""Seconds a stopped question may take to leave off before the solver is ended."""
HASTE = 1.0
"""The same in seconds where somebody has asked for it to be stopped."""
_LONGEST_LINE = 64 * 1024 * 1024
_STOPPED = {"end": "stopped"}
_DIED = {"end": "died", "error": "the solver ended and was started again; ask again"}
_CLOSED = {"end": "closed", "error": "the server was stopped"}
_CROWDED = {"end": "failed", "error": "too many questions wait already; ask again in a while"}

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
    at_once : int
        Questions that are solved at the same time.

    Attributes
    ----------
    root : Path
    says : str
        How far the compiling of the kernels is; nothing once that is done.
    """

    def __init__(
        self,
        root: Path,
        command: Sequence[str] | None = None,
        patience: float = PATIENCE,
        at_once: int = AT_ONCE,
    ) -> None:
        self.root = root
        own = (sys.executable, "-m", "detente.workbench._solver", str(root))
        self.root = root
        self._command = tuple(command or own)
        self._patience = patience
        self._turns = Turns(at_once)
        self._solver: _Solver | None = None
        self._starting = asyncio.Lock()
        self._closed = False
        self.says = ""
        self._newest: dict[tuple[str, str], _Asked] = {}
        self._asked: set[_Asked] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(
        self, question: Mapping[str, Any], tab: str = "", lane: str = "", waits: bool = True
    ) -> AsyncGenerator[Line]:
        """Ask, and give the lines of the answer; the last has ``end``.

        Parameters
        ----------
        question : mapping
            As the solver takes it.
        tab, lane : str
            A newer question of the same tab and lane takes the place of this one; without a tab,
            none does.
        waits : bool
            Whether it waits for its turn, as whatever solves should.
        """

        def begin() -> None:
            if waits:
                asked.left.append(self._turns.leave)
            self._do(self._send(asked))

        asked = _Asked(question, lambda: self._turns.give_up(tab, begin))
        if tab:
            older = self._newest.get((tab, lane))
            self._newest[tab, lane] = asked
            if older is not None:
                self._stop(older, self._patience)
        self._asked.add(asked)
        try:
            if self._closed:
                asked.finish(_CLOSED)
            elif not waits:
                begin()
            elif not self._turns.join(tab, begin):
                asked.finish(_CROWDED)
            line: Line = {}
            while "end" not in line:
                line = await asked.lines.get()
                yield line
        finally:
            self._stop(asked, self._patience)
            self._asked.discard(asked)
            if self._newest.get((tab, lane)) is asked:
                del self._newest[tab, lane]

    def stop(self, tab: str) -> None:
        """Stop all questions of a tab; a solver that does not leave off soon is replaced."""
        for (whose, _), asked in list(self._newest.items()):
            if whose == tab:
                self._stop(asked, min(HASTE, self._patience))

    async def warm(self, progress: Callable[[str], None]) -> None:
        """Have compiled what pages need; how far it is, is said here and to who asks for it."""
        async for line in self.ask({"kind": "warm"}, waits=False):
            self.says = line.get("say", line.get("error", self.says))
            if self.says and not self._closed and ("say" in line or "error" in line):
                progress(self.says)
        self.says = ""

    async def close(self) -> None:
        """End the solver and every question; none is taken any more."""
        self._closed = True
        for asked in self._asked:
            asked.finish(_CLOSED)
        if self._solver is not None:
            self._solver.end()
            await self._solver.ended.wait()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, asked: _Asked) -> None:
        try:
            solver = await self._running()
        except OSError as error:
            asked.finish({"end": "failed", "error": f"the solver cannot be started: {error}"})
            asked.leave()
            return
        if asked.over:
            asked.leave()
        else:
            await solver.take(asked)

    def _stop(self, asked: _Asked, patience: float) -> None:
        """Make a question pointless: it ends for who asked it at once, for the process soon."""
        asked.finish(_STOPPED)
        asked.give_up()
        if asked.solver is not None and asked.solver.alive and asked.left:
            self._do(asked.solver.see_off(asked, patience))

    async def _running(self) -> _Solver:
        async with self._starting:
            if self._solver is None or not self._solver.alive:
                process = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    limit=_LONGEST_LINE,
                    start_new_session=True,  # so that it can be ended with its workers
                )
                self._solver = _Solver(process)
                if self._closed:
                    self._solver.end()
            return self._solver


def end_group(pid: int) -> None:
    """End a process and those that it has started, where the system can do both at once."""
    if hasattr(os, "killpg"):
        os.killpg(pid, signal.SIGKILL)
    else:
        os.kill(pid, signal.SIGTERM)


class _Asked:
    """One question: its lines so far, and where it is worked on."""

    def __init__(self, question: Line, give_up: Callable[[], None]) -> None:
        self.question = question
        self.give_up = give_up
        self.lines: asyncio.Queue[Line] = asyncio.Queue()
        self.over = False
        self.number = 0
        self.solver: _Solver | None = None
        self.gone = asyncio.Event()
        self.left: list[Callable[[], None]] = [self.gone.set]

    def finish(self, line: Line) -> None:
        """Give the last line to who asked."""
        if not self.over:
            self.over = True
            self.lines.put_nowait(line)

    def leave(self) -> None:
        """Say that nothing works on it any more."""
        left, self.left = self.left, []
        for tell in left:
            tell()


class _Solver:
    """One process, and the questions that it is at."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._number = 0
        self._at: dict[int, _Asked] = {}
        self._reading = asyncio.create_task(self._read())
        self.alive = True
        self.ended = asyncio.Event()

    async def take(self, asked: _Asked) -> None:
        self._number += 1
        asked.solver, asked.number = self, self._number
        if self.ended.is_set():
            self._lose(asked)
            return
        self._at[asked.number] = asked
        await self._write({"id": asked.number, **asked.question})

    async def see_off(self, asked: _Asked, patience: float) -> None:
        await self._write({"stop": asked.number})
        try:
            async with asyncio.timeout(patience):
                await asked.gone.wait()
        except TimeoutError:
            self.end()

    def end(self) -> None:
        self.alive = False
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                end_group(self._process.pid)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        with suppress(ConnectionError, ValueError):  # a line can be too long to be one of ours
            async for text in self._process.stdout:
                self._hear(text)
        self.end()
        await self._process.wait()
        self.ended.set()
        for asked in self._at.values():
            self._lose(asked)
        self._at.clear()

    def _hear(self, text: bytes) -> None:
        try:
            line = json.loads(text)
            asked = self._at[line.pop("id")]
        except (ValueError, LookupError, TypeError, AttributeError):
            return  # nothing that we asked for
        if "end" in line:
            del self._at[asked.number]
            asked.finish(line)
            asked.leave()
        elif not asked.over:
            asked.lines.put_nowait(line)

    @staticmethod
    def _lose(asked: _Asked) -> None:
        asked.finish(_DIED)
        asked.leave()

    async def _write(self, line: Line) -> None:
        assert self._process.stdin is not None
        with suppress(ConnectionError, RuntimeError):  # it may have ended by now
            self._process.stdin.write(json.dumps(line).encode() + b"\n")
            await self._process.stdin.drain()
