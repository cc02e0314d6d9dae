"""How likely a case's record is at given parameters: solve, then filter; for one or for many.

Many are shared out over worker processes in pieces. What a point gives depends on the point alone,
so results are the same for any number of workers. A point at which the record is impossible, or at
which no equilibrium is found, has likelihood zero, and its reason is kept. Cost: an equilibrium
and a filter per point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.engine import FAILURES, Backend, Run, cut_pieces, reason_of, start_workers
from detente.errors import AnalysisError, InputError
from detente.evidence._filter import Evidence, Impossible, Start, check_start, filter_record
from detente.evidence._record import Record, observed_record
from detente.model import SolvedModel
from detente.study import Point
from detente.text import suggestion

TOLERANCE = 1e-6
"""Of the equilibria; moves the log likelihood of the flagship by less than 1e-5."""
FINE = 1e-9
"""Of those whose slopes are taken: where a branch turns, slopes ask for more than values do."""
PIECE = 25
"""Points that a worker takes at a time."""
IN_PROCESS = 200_000
"""Points times states from which on worker processes are worth their start."""


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

    def evidence(self, point: Point) -> Evidence:
        """Return what the record says of one point (parameters by name, variants)."""
        model = SolvedModel(self.case, *point, tolerance=TOLERANCE)
        return filter_record(model.equilibrium, self.record, self.start)

    def log_likelihood(self, point: Point) -> tuple[float, str]:
        """Return the log likelihood of one point; where it is minus infinity, why."""
        try:
            return self.evidence(point).log_likelihood, ""
        except Impossible as error:
            return -math.inf, str(error)
        except FAILURES as error:
            return -math.inf, f"no equilibrium: {reason_of(error)}"


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

    Raises
    ------
    InputError
        When there is no history, or a name, date or start is wrong.
    """
    known = observed_record(case, until)
    names = [track.variable for track in known.tracks]
    for name in without:
        if name not in names:
            hint = suggestion(str(name), names, "variable")
            raise InputError(f"there is no variable {name!r}; {hint}")
    check_start(start)
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


Found = tuple[NDArray[np.float64], tuple[str, ...]]
"""Log likelihoods of some points, and why they are minus infinity where they are."""


def backend_for(task: FitProblem, workers: int | None, points: int) -> Backend:
    """Return who weighs points of a problem: processes where there are many, else this process."""
    few = workers is None and points * math.prod(task.case.shape) < IN_PROCESS
    backend = Backend("processes", 1 if few else workers)
    return Backend("threads", 1) if backend.count == 1 else backend


def likelihood_workers(task: FitProblem, backend: Backend) -> AbstractContextManager[Run]:
    """Return workers that `weigh` points of a problem."""
    return start_workers(weigh_piece, task, backend, worker_lost)


def weigh(
    run: Run, point: Callable[[int], Point], pieces: Sequence[range]
) -> Iterator[tuple[range, Found]]:
    """Yield pieces of points, each known by its number, and what was found there, as it is done."""

    def item(number: int) -> list[Point]:
        return [point(k) for k in pieces[number]]

    with closing(run(item, cut_pieces(len(pieces), 1))) as outcomes:
        for number, found in outcomes:
            yield pieces[number], found


def weigh_piece(task: FitProblem, points: Sequence[Point]) -> Found:
    """Return what is found at the points of a piece; see `weigh`."""
    found = [task.log_likelihood(point) for point in points]
    return np.array([value for value, _ in found]), tuple(why for _, why in found)


def worker_lost(task: FitProblem, why: str) -> Found:
    """Say what may be done where a worker died."""
    raise AnalysisError(
        "a worker process died: killed, or out of memory; with fewer workers less is used, "
        "and what was finished is kept: the same command with --resume goes on"
    )
