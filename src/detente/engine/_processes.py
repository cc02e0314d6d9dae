"""Tasks in worker processes, each with an interpreter and a context of its own.

Workers are spawned, sent the context once, then given pieces of items; every outcome comes back at
once, so that when a worker dies it is known at which item. It is replaced and the rest of its piece
done again; an item at which workers died twice is given up. The main script is not run again in the
workers, so a script needs no ``__main__`` guard and a notebook works. The context goes through the
pipe: a worker that gets half of it ends without a word. Cost: a start of about two seconds, then
items and outcomes through a pipe.
"""

from __future__ import annotations

import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

from detente.engine._backend import Backend, Run, Task
from detente.errors import AnalysisError

DEATHS = 2
"""Workers that may die at one item before it is given up."""

DIED = f"the worker process died {DEATHS} times at this draw: killed, or out of memory"


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    piece: range = range(0)
    """Items given and not yet answered; the first is being worked on."""
    ready: bool = False


@contextmanager
def in_processes(
    task: Task, context: Any, backend: Backend, lost: Callable[[str], Any]
) -> Iterator[Run]:
    """Give what does a task for items in processes, see `detente.engine.run_tasks`."""
    team = _Team(task, context, backend.count, lost)
    try:
        yield team.run
    finally:
        team.end(list(team.workers))


class _Team:
    """Worker processes, which stay for one run after another."""

    def __init__(self, task: Task, context: Any, most: int, lost: Callable[[str], Any]) -> None:
        self.workers: list[_Worker] = []
        self._job = task, context
        self._most = most
        self._lost = lost
        self._begun = False

    def run(
        self, item: Callable[[int], Any], pieces: Sequence[range]
    ) -> Generator[tuple[int, Any]]:
        waiting, deaths = deque(pieces), Counter[int]()
        try:
            while True:
                for worker in self._idle(len(waiting)):
                    _give(worker, waiting.popleft(), item)
                busy = {worker.pipe: worker for worker in self.workers if worker.piece}
                if not busy:
                    return
                for pipe in wait(list(busy)):
                    worker = busy[pipe]  # type: ignore[index]
                    try:
                        outcome = worker.pipe.recv()
                    except (EOFError, OSError):
                        yield from self._bury(worker, waiting, deaths)
                        continue
                    if not worker.ready:
                        worker.ready = self._begun = True
                        continue
                    number, worker.piece = worker.piece[0], worker.piece[1:]
                    if waiting and not worker.piece:
                        _give(worker, waiting.popleft(), item)
                    yield number, outcome
        finally:
            self.end([worker for worker in self.workers if worker.piece])

    def end(self, workers: Sequence[_Worker]) -> None:
        """End workers, whatever they are at."""
        for worker in workers:
            worker.process.kill()
            worker.pipe.close()
        for worker in workers:
            worker.process.join()
            self.workers.remove(worker)

    def _idle(self, wanted: int) -> list[_Worker]:
        """Return at most so many workers that have nothing to do, and start those that lack."""
        idle = [worker for worker in self.workers if not worker.piece][:wanted]
        while len(idle) < wanted and len(self.workers) < self._most:
            idle.append(_start())
            self.workers.append(idle[-1])
            _send(idle[-1], self._job)
        return idle

    def _bury(
        self, worker: _Worker, waiting: deque[range], deaths: Counter[int]
    ) -> Iterator[tuple[int, Any]]:
        worker.pipe.close()
        worker.process.join()
        self.workers.remove(worker)
        if not self._begun:
            raise AnalysisError(
                "a worker process ended before it could work (exit code "
                f"{worker.process.exitcode}); with processes=False a study runs in this process"
            )
        number, rest = worker.piece[0], worker.piece
        deaths[number] += 1
        if deaths[number] == DEATHS:
            rest = rest[1:]
            yield number, self._lost(DIED)
        if rest:
            waiting.appendleft(rest)


def _start() -> _Worker:
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_work, args=(there,), daemon=True)
    with _without_main(), _deaf():
        process.start()
    there.close()
    return _Worker(process, here)


def _give(worker: _Worker, piece: range, item: Callable[[int], Any]) -> None:
    worker.piece = piece
    _send(worker, [item(number) for number in piece])


def _send(worker: _Worker, what: Any) -> None:
    with suppress(OSError):  # it died in between; reading from it will tell
        worker.pipe.send(what)


def _work(pipe: Connection) -> None:
    """Serve pieces until the other end is closed; what a worker process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    with suppress(EOFError, OSError):
        task, context = pipe.recv()
        pipe.send(None)
        while True:
            for item in pipe.recv():
                pipe.send(task(context, item))


@contextmanager
def _deaf() -> Iterator[None]:
    """Let what is started not hear Ctrl-C, which strikes it before it can say so itself."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # it lets Ctrl-C through again when it is first started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module, which spawning would otherwise run again in the worker."""
    main: Any = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
