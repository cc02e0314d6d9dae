"""Draws solved by worker processes, each with an interpreter and a case of its own.

Workers are spawned, told the case once, then given pieces of consecutive draws; every finished draw
comes back at once, so that when a worker dies it is known at which draw. It is replaced and the
rest of its piece done again; a draw at which workers died twice is recorded as failed. The main
script is not run again in the workers, so a script needs no ``__main__`` guard and a notebook
works. Cost: a start of about two seconds, then some 2 kB a draw through a pipe.
"""

from __future__ import annotations

import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

from detente.case import Case
from detente.errors import AnalysisError
from detente.study._design import Design
from detente.study._solve import failed, solve_draw

DEATHS = 2
"""Workers that may die at one draw before it is given up."""

DIED = f"the worker process died {DEATHS} times at this draw: killed, or out of memory"


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    piece: deque[int] = field(default_factory=deque)
    """Draws given and not yet answered; the first is being solved."""
    ready: bool = False


Task = Callable[[Case, int, Mapping[str, float], Sequence[str]], Any]
"""What is done with a draw: its case, number, parameter values and variant."""


def solve_in_processes(
    case: Case,
    design: Design,
    pieces: Sequence[range],
    workers: int,
    task: Task = solve_draw,
    lost: Callable[[Case, int, str], Any] = failed,
) -> Generator[Any]:
    """Solve pieces of a design in worker processes, in no particular order of draws.

    Parameters
    ----------
    case : Case
    design : Design
    pieces : sequence of range
        Numbers of the draws to solve.
    workers : int
    task : callable
        A function of a module, that workers can find by its name.
    lost : callable
        What stands for a draw that is given up: of the case, the number and the reason.

    Yields
    ------
    object
        What the task gives for each draw.

    Raises
    ------
    AnalysisError
        When workers cannot be started.
    """
    waiting = deque(deque(piece) for piece in pieces)
    deaths: Counter[int] = Counter()
    team: list[_Worker] = []
    try:
        while waiting or any(worker.piece for worker in team):
            while len(team) < min(workers, len(waiting) + sum(bool(w.piece) for w in team)):
                team.append(_start(case, task))
            for worker in team:
                if not worker.piece and waiting:
                    _give(worker, waiting.popleft(), design)
            for pipe in wait([worker.pipe for worker in team]):
                worker = next(worker for worker in team if worker.pipe is pipe)
                try:
                    outcome = worker.pipe.recv()
                except (EOFError, OSError):
                    team.remove(worker)
                    yield from _bury(worker, waiting, deaths, lambda n: lost(case, n, DIED))
                    continue
                if outcome is None:
                    worker.ready = True
                    continue
                worker.piece.popleft()
                yield outcome
    finally:
        for worker in team:
            worker.process.kill()
            worker.pipe.close()
        for worker in team:
            worker.process.join()


def _start(case: Case, task: Task) -> _Worker:
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_work, args=(there, case, task), daemon=True)
    with without_main():
        process.start()
    there.close()
    return _Worker(process, here)


def _give(worker: _Worker, piece: deque[int], design: Design) -> None:
    worker.piece = piece
    try:
        worker.pipe.send([(n, design.draw(n), design.variant(n)) for n in piece])
    except OSError:  # it died in between; reading from it will tell
        return


def _bury(
    worker: _Worker,
    waiting: deque[deque[int]],
    deaths: Counter[int],
    given_up: Callable[[int], Any],
) -> Iterator[Any]:
    worker.pipe.close()
    worker.process.join()
    if not worker.ready:
        raise AnalysisError(
            f"a worker process ended before it could work (exit code {worker.process.exitcode}); "
            "with processes=False the study runs in this process"
        )
    if not worker.piece:
        return
    number = worker.piece[0]
    deaths[number] += 1
    if deaths[number] == DEATHS:
        worker.piece.popleft()
        yield given_up(number)
    if worker.piece:
        waiting.appendleft(worker.piece)


def _work(pipe: Connection, case: Case, task: Task) -> None:
    """Serve draws until the other end is closed; what a worker process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    try:
        pipe.send(None)
        while True:
            for number, parameters, variant in pipe.recv():
                pipe.send(task(case, number, parameters, variant))
    except (EOFError, OSError):
        return


@contextmanager
def without_main() -> Iterator[None]:
    """Hide the main module, which spawning would otherwise run again in the worker."""
    main: Any = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
