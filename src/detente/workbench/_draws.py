"""The draws of a setting, solved in processes of their own: 8 of them, then 16, 32 and so on.

What is moved is the same in every draw; the rest varies as the case states it, by a Sobol design,
so that the first draws lie evenly and later ones fill the gaps. Draw k of a setting is draw k of
``case.study(256, rng=0, design="sobol")``, to the digit. One team of workers serves all cases of a
folder; it is started at the first need and stays. The newest question has it first, and an older
one gives way after a few draws. Cost: two seconds to start, then a solve a draw and core.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from threading import Condition
from weakref import WeakKeyDictionary

from detente.case import Case, CaseFolder
from detente.engine import Backend, Run, poll, start_workers
from detente.errors import AnalysisError, InputError
from detente.study import Design, DrawOutcome, Study, first_draws, make_design, solve_draw
from detente.workbench._bench import SCENES, Bench, Remembered, Scene
from detente.workbench._setting import Setting

MOST = 256
"""Draws of a setting."""
STAGES = (8, 16, 32, 64, 128, MOST)
"""Draws after which there is something to see."""
_MOST_WORKERS = 8
_NICE = 10
"""How far workers stand back behind the process that gives first answers."""
_PATIENCE = 0.05
"""Seconds after which a question that waits for its turn sees whether anybody still wants it."""

_SETTLED = 0.15
"""Seconds that a setting must last before draws begin: a slider that moves on needs none."""

_teams: WeakKeyDictionary[Bench, DrawTeam] = WeakKeyDictionary()


def draws_of(bench: Bench, scene: Scene, stages: Sequence[int] = STAGES) -> Iterator[Study]:
    """Yield the first draws of a setting as a study, once for each stage.

    Parameters
    ----------
    bench : Bench
    scene : Scene
    stages : sequence of int
        Numbers of draws, growing; those that are there already come at once, the most of them only.

    Raises
    ------
    InputError
        While something is held for a part of the period.
    Stopped
        Between a few draws and the next, when nobody waits any more; see `detente.engine.poll`.
    """
    if scene.setting.held and scene.setting.during is not None:
        raise InputError("what is held for a part of the period is not drawn over")
    team = _teams.setdefault(bench, DrawTeam(bench.folder.root))
    yield from team.studies(scene, stages)


def design_of(case: Case) -> Design:
    """Return the draws of a setting's case."""
    return make_design(case, MOST, 0, "sobol")


class DrawTeam:
    """Workers that solve draws of any case of a folder, and what they have solved.

    Parameters
    ----------
    root : Path
    backend : Backend, optional
        Processes, one a core, by default.
    """

    def __init__(self, root: Path, backend: Backend | None = None) -> None:
        workers = min(os.cpu_count() or 1, _MOST_WORKERS)
        self._root = root
        self._backend = backend or Backend("processes", workers)
        self._running = ExitStack()
        self._run: Run | None = None
        self._turns = _Turns()
        self._found = Remembered(SCENES)

    def studies(self, scene: Scene, stages: Sequence[int]) -> Iterator[Study]:
        """Yield the first draws of a setting as a study, once for each stage; see `draws_of`."""
        address, design = scene.setting.address(), design_of(scene.case)
        found: list[DrawOutcome] = self._found.get(address, list)
        ticket = self._turns.ticket()
        here = [stage for stage in stages if stage <= len(found)]
        if len(found) < stages[-1]:
            _settle()
        for stage in [*here[-1:], *(stage for stage in stages if stage > len(found))]:
            while len(found) < stage:
                with self._turns.turn(ticket):
                    self._add(found, address, min(stage, len(found) + 2 * self._backend.count))
                poll()
            yield first_draws(scene.case, design, found[:stage])

    def end(self) -> None:
        """End the workers."""
        atexit.unregister(self.end)
        self._run = None
        self._running.close()

    def _add(self, found: list[DrawOutcome], address: str, stage: int) -> None:
        if self._run is None:
            workers = start_workers(draw_of_setting, self._root, self._backend, _lost)
            self._run = self._running.enter_context(workers)
            atexit.register(self.end)  # before the interpreter takes modules apart
        pieces = [range(k, k + 1) for k in range(len(found), stage)]
        outcomes = dict(self._run(lambda number: (address, number), pieces))
        for number in sorted(outcomes):
            if outcomes[number] is None:
                raise AnalysisError(f"draw {number} gave nothing; move anything to ask again")
            found.append(outcomes[number])


def _settle() -> None:
    end = time.monotonic() + _SETTLED
    while time.monotonic() < end:
        time.sleep(_PATIENCE / 2)
        poll()


class _Turns:
    """Whose turn it is at what one can use at a time: the newest of those who wait."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._numbers = count()
        self._waiting: list[int] = []
        self._busy = False

    def ticket(self) -> int:
        return next(self._numbers)

    @contextmanager
    def turn(self, ticket: int) -> Iterator[None]:
        with self._changed:
            self._waiting.append(ticket)
            try:
                while self._busy or max(self._waiting) != ticket:
                    self._changed.wait(_PATIENCE)
                    poll()
                self._busy = True
            finally:
                self._waiting.remove(ticket)
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


def draw_of_setting(root: Path, item: tuple[str, int]) -> DrawOutcome | None:
    """Solve one draw of a setting; what a worker runs. None where the case is another by now."""
    address, number = item
    try:
        scene, design = _scene(root)(address)
    except InputError:
        return None
    if scene.setting.address() != address:
        return None
    return solve_draw(scene.case, design.point(number))


@cache
def _scene(root: Path) -> Callable[[str], tuple[Scene, Design]]:
    """Return what gives the scenes of this process, which stands back behind others."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    bench, last = Bench(CaseFolder(root)), Remembered(2)

    def scene(address: str) -> tuple[Scene, Design]:
        found = bench.scene(Setting.parse(address)[0])
        return last.get(found.setting.address(), lambda: (found, design_of(found.case)))

    return scene


def _lost(_: Path, why: str) -> None:
    """Stand for a draw at which workers died again and again."""
