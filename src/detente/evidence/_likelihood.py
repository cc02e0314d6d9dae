"""How likely a case's record is at given parameters: solve, then filter; for one or for many.

Many are shared out over worker processes in pieces. What a point gives depends on the point alone,
so results are the same for any number of workers. A point at which the record is impossible, or at
which no equilibrium is found, has likelihood zero, and its reason is kept. Cost: an equilibrium
and a filter a point.
"""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.errors import AnalysisError, DetenteError, InputError
from detente.evidence._filter import Evidence, Impossible, Start, filter_record
from detente.evidence._prior import Point
from detente.evidence._record import Record, observed_record
from detente.model import SolvedModel
from detente.text import suggestion

TOLERANCE = 1e-6
"""Of the equilibria; moves the log likelihood of the flagship by less than 1e-5."""
FINE = 1e-9
"""Of those found from a near one, whose differences are taken."""
PIECE = 25
"""Points that a worker takes at a time."""
IN_PROCESS = 200_000
"""Points times states from which on worker processes are worth their start."""

_FAILS = (DetenteError, ArithmeticError, np.linalg.LinAlgError, MemoryError)


@dataclass(frozen=True, eq=False)
class FitProblem:
    """What is weighed: a case, what is known, and where things stood at the start of it.

    Attributes
    ----------
    case : Case
    record : Record
    start : str or ndarray
        As `detente.evidence.filter_record` takes it.
    """

    case: Case
    record: Record
    start: Start = "uniform"

    def solved(self, point: Point, near: SolvedModel | None = None) -> SolvedModel:
        """Return the model at one point (parameters by name, variants)."""
        tolerance = TOLERANCE if near is None else FINE
        return SolvedModel(self.case, *point, tolerance=tolerance, near=near)

    def evidence(self, point: Point, near: SolvedModel | None = None) -> Evidence:
        """Return what the record says of one point, solved from a near one where that is safe."""
        return filter_record(self.solved(point, near).equilibrium, self.record, self.start)

    def log_likelihood(self, point: Point, near: SolvedModel | None = None) -> tuple[float, str]:
        """Return the log likelihood of one point; where it is minus infinity, why."""
        try:
            return self.evidence(point, near).log_likelihood, ""
        except Impossible as error:
            return -math.inf, str(error)
        except _FAILS as error:
            return -math.inf, f"no equilibrium: {error}"


def fit_problem(
    case: Case,
    until: str | None = None,
    without: Sequence[str] = (),
    start: Start = "uniform",
) -> FitProblem:
    """Return what is to be weighed.

    Parameters
    ----------
    case : Case
    until : str or datetime.date, optional
        The last day that may be known; see `detente.evidence.observed_record`.
    without : sequence of str
        Variables whose rows are left out.
    start : {"uniform", "long run"} or ndarray

    Returns
    -------
    FitProblem

    Raises
    ------
    InputError
        When there is no history, or a name or date is wrong.
    """
    known = observed_record(case, until)
    names = [track.variable for track in known.tracks]
    for name in without:
        if name not in names:
            hint = suggestion(str(name), names, "variable")
            raise InputError(f"there is no variable {name!r}; {hint}")
    left_out = set(without)
    tracks = tuple(
        replace(track, entries=()) if track.variable in left_out else track
        for track in known.tracks
    )
    return FitProblem(case, replace(known, tracks=tracks), start)


def record_likelihood(
    case: Case,
    parameters: Mapping[str, float] | None = None,
    *,
    until: str | None = None,
    without: Sequence[str] = (),
    start: Start = "uniform",
) -> Evidence:
    """Return how likely a case's record is, and where things stand at its end.

    Parameters
    ----------
    case : Case
    parameters : mapping of str to float, optional
        Values that replace the stated ones.
    until : str or datetime.date, optional
        The last day that may be known.
    without : sequence of str
        Variables whose rows are left out.
    start : {"uniform", "long run"} or ndarray of the conflict's shape
        See `detente.evidence.filter_record`.

    Returns
    -------
    Evidence

    Raises
    ------
    Impossible
        When the model gives the record no chance; says which rows, and when.

    Examples
    --------
    >>> import detente
    >>> found = record_likelihood(detente.load("peninsula"), until="2021-03-15")
    >>> round(found.log_likelihood, 1)
    -144.7
    """
    point = (dict(parameters or {}), ())
    return fit_problem(case, until, without, start).evidence(point)


Tell = Callable[[int], None]
Piece = tuple[int, NDArray[np.float64], tuple[str, ...]]


def hands(workers: int | None, points: int, states: int) -> int:
    """Return how many processes to work in; one is this process."""
    if workers is not None:
        if workers < 1:
            raise InputError(f"workers is {workers}; give one or more")
        return workers
    return (os.cpu_count() or 1) if points * states >= IN_PROCESS else 1


class Workers:
    """Processes that weigh points; use it in a ``with`` block.

    Parameters
    ----------
    task : FitProblem
    count : int
        One works in this process.
    """

    def __init__(self, task: FitProblem, count: int) -> None:
        self.task = task
        self.count = count
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        """Return the workers."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def weigh(
        self, points: Sequence[Point], pieces: Sequence[range], near: Point | None = None
    ) -> Iterator[Piece]:
        """Yield (first, log likelihoods, reasons) of pieces of some points, as they are done.

        Given a point ``near`` all of them, equilibria are found from there where that is safe.
        """
        if self.count == 1:
            for piece in pieces:
                yield piece.start, *_together(self.task, [points[k] for k in piece], near)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.count, get_context("spawn"), _begin, (self.task,))
        from detente.study import without_main

        with without_main():
            jobs = {
                self._pool.submit(_serve, [points[k] for k in piece], near): piece.start
                for piece in pieces
            }
        try:
            for job in as_completed(jobs):
                yield jobs[job], *job.result()
        except BrokenProcessPool:
            raise AnalysisError(
                "a worker process died: killed, or out of memory; with fewer workers less is used, "
                "and what was finished is kept: the same command with --resume goes on"
            ) from None


_task: list[FitProblem] = []


def _begin(task: FitProblem) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    _task[:] = [task]


def _serve(
    points: Sequence[Point], near: Point | None
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    return _together(_task[0], points, near)


def _together(
    task: FitProblem, points: Sequence[Point], near: Point | None
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    start = None
    if near is not None:
        with suppress(*_FAILS):
            model = task.solved(near)
            start = model if model.equilibrium else None
    found = [task.log_likelihood(point, start) for point in points]
    return np.array([value for value, _ in found]), tuple(why for _, why in found)
