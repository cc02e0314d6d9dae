"""How likely the outcomes of many conflicts are, with exact slopes by the shared coefficients.

Conflicts whose parameters are the same are solved once. A conflict's likelihood is the weighted
sum over the nodes of what varies; its slope goes through the template (`detente.panel._outcome`)
and the formulas (`detente.panel._coefficients`). Points are shared out over threads, processes or a
cluster, and what a point gives depends on it alone, so results are the same for any number of
workers.
Cost: an equilibrium and its slopes for each point that is unlike all others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from detente.case import Case
from detente.engine import FAILURES, Backend, Run, cut_pieces, reason_of, start_workers
from detente.errors import AnalysisError
from detente.panel._coefficients import SharedFormulas
from detente.panel._outcome import FinalOutcome, RecordOutcome
from detente.text import show
from detente.values import Floats, Ints

LEAST = 1e-12
"""Chances below count as this; a model that is so sure and wrong has lost anyway."""
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
IN_PROCESS = 20_000
"""Points times states from which on worker processes are worth their start."""


class TemplatePoint(NamedTuple):
    """Values of the template's parameters, and the number of the record, or -1."""

    values: tuple[float, ...]
    record: int


@dataclass(frozen=True, eq=False)
class PanelTask:
    """What is solved at each point: a template, by which parameters, and how it can end."""

    template: Case
    names: tuple[str, ...]
    outcome: FinalOutcome | RecordOutcome


Solved = tuple[Floats, Floats, str]
"""Chances or a log likelihood, slopes, and why there are none."""


def solve_point(task: PanelTask, point: TemplatePoint) -> Solved:
    """Return what follows at one point."""
    at = dict(zip(task.names, point.values, strict=True))
    try:
        if isinstance(task.outcome, RecordOutcome):
            found = task.outcome.chances(task.template, task.names, at, point.record)
        else:
            found = task.outcome.chances(task.template, task.names, at)
    except FAILURES as error:
        return np.empty(0), np.empty((0, 0)), reason_of(error)
    return found.value, np.nan_to_num(found.slope), ""


def backend_for(task: PanelTask, points: int, workers: int | None, cluster: str) -> Backend:
    """Return who solves: a cluster that is named, processes where there is much, else this one."""
    if cluster:
        return Backend("cluster", workers, cluster)
    few = workers is None and points * int(np.prod(task.template.shape)) < IN_PROCESS
    backend = Backend("processes", 1 if few else workers)
    return Backend("threads", 1) if backend.count == 1 else backend


class Likelihoods(NamedTuple):
    """Log likelihoods, (conflicts,), and slopes by the coefficients, (conflicts, coefficients)."""

    value: Floats
    slope: Floats


class Impassable(AnalysisError):
    """Coefficients at which some conflict cannot be solved."""


@dataclass(frozen=True, eq=False)
class PanelSide:
    """Some of the conflicts of a panel, ready to be weighed.

    Attributes
    ----------
    task : PanelTask
    shared : SharedFormulas
    covariates : mapping of str to ndarray
    ids : tuple of str
    happened : ndarray of int
        The class of each, or the number of its record.
    """

    task: PanelTask
    shared: SharedFormulas
    covariates: dict[str, Floats]
    ids: tuple[str, ...]
    happened: Ints

    def points(self, at: Floats) -> tuple[list[TemplatePoint], Ints, Floats]:
        """Return points unlike each other, which is whose, and slopes by the coefficients."""
        found = self.shared.values(at, self.covariates, len(self.ids))
        recorded = isinstance(self.task.outcome, RecordOutcome)
        numbers: dict[TemplatePoint, int] = {}
        whose = np.empty(found.value.shape[:2], dtype=np.intp)
        for c, row in enumerate(found.value.tolist()):
            record = int(self.happened[c]) if recorded else -1
            for q, values in enumerate(row):
                point = TemplatePoint(tuple(values), record)
                whose[c, q] = numbers.setdefault(point, len(numbers))
        return list(numbers), whose, found.slope

    def likelihoods(self, at: Floats, run: Run) -> Likelihoods:
        """Return log likelihoods with slopes.

        Raises
        ------
        Impassable
            When a conflict cannot be solved there; says which, and why.
        """
        points, whose, by = self.points(at)
        solved = self._solved(points, whose, run)
        if isinstance(self.task.outcome, RecordOutcome):
            logs = np.array([value[0] for value, _, _ in solved])[whose]
            slopes = np.array([slope[0] for _, slope, _ in solved])[whose]
        else:
            rows = np.array([value for value, _, _ in solved])[whose]
            chance = np.take_along_axis(rows, self.happened[:, None, None], axis=2)[..., 0]
            every = np.array([slope for _, slope, _ in solved])[whose]
            own = np.take_along_axis(every, self.happened[:, None, None, None], axis=2)[:, :, 0]
            logs = np.log(np.maximum(chance, LEAST))
            slopes = np.where(chance > LEAST, 1.0 / np.maximum(chance, LEAST), 0.0)[..., None] * own
        _, weights = self.shared.grid()
        top = logs.max(axis=1, keepdims=True)
        parts = weights * np.exp(logs - top)
        total = parts.sum(axis=1)
        each = np.einsum("cqm,cqmj->cqj", slopes, by)
        slope = np.einsum("cq,cqj->cj", parts / total[:, None], each)
        return Likelihoods(np.log(total) + top[:, 0], slope)

    def forecasts(self, at: Floats, run: Run) -> Floats:
        """Return the chance of each class in each conflict, (conflicts, classes)."""
        points, whose, _ = self.points(at)
        solved = self._solved(points, whose, run)
        rows = np.array([value for value, _, _ in solved])[whose]
        _, weights = self.shared.grid()
        found = np.einsum("q,cqk->ck", weights, rows)
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def _solved(self, points: list[TemplatePoint], whose: Ints, run: Run) -> list[Solved]:
        found: dict[int, Solved] = {}
        with closing(run(points.__getitem__, cut_pieces(len(points), 4))) as outcomes:
            found.update(outcomes)
        for number, (_, _, why) in found.items():
            if why:
                conflict = self.ids[int(np.argwhere(whose == number)[0, 0])]
                values = dict(zip(self.task.names, points[number].values, strict=True))
                said = ", ".join(f"{name} {show(value, 'fine')}" for name, value in values.items())
                raise Impassable(f"the conflict {conflict} cannot be solved at {said}: {why}")
        return [found[k] for k in range(len(points))]


@contextmanager
def panel_workers(task: PanelTask, backend: Backend) -> Iterator[Run]:
    """Give what solves points again and again with the same workers.

    Worker processes have one thread each for linear algebra: more of them than cores wait for each
    other, and a system of 200 equations takes twenty times as long.
    """
    before = {name: os.environ.get(name) for name in _THREADS}
    try:
        if backend.kind == "processes":
            os.environ.update({name: "1" for name, said in before.items() if said is None})
        with start_workers(solve_point, task, backend, worker_lost) as run:
            yield run
    finally:
        for name, said in before.items():
            if said is None:
                os.environ.pop(name, None)


def worker_lost(task: PanelTask, why: str) -> Solved:
    """Say what may be done where a worker died."""
    raise AnalysisError(
        f"{why}; with fewer workers less memory is used, and what was finished is kept: the same "
        "command with --resume goes on"
    )
