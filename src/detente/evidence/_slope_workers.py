"""Log likelihoods of many points, with their slopes where they are wanted, shared out over workers.

As `detente.evidence._likelihood` shares out likelihoods alone. Cost: an equilibrium, a filter and
its way back per point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from typing import NamedTuple

import numpy as np

from detente.engine import FAILURES, Backend, Run, cut_pieces, start_workers
from detente.evidence._likelihood import FitProblem, Found, weigh_piece, worker_lost
from detente.evidence._likelihood_slopes import slopes_of
from detente.model import SolvedModel
from detente.study import Point
from detente.values import Floats


class SlopesWanted(NamedTuple):
    """Points of which slopes by some parameters are wanted, solved near another where given."""

    points: Sequence[Point]
    near: Point | None
    names: tuple[str, ...]


def slope_workers(task: FitProblem, backend: Backend) -> AbstractContextManager[Run]:
    """Return workers that weigh points of a problem, with slopes where they are wanted."""
    return start_workers(_work, task, backend, worker_lost)


def weigh_slopes(run: Run, wanted: SlopesWanted, size: int) -> tuple[Floats, Floats]:
    """Return log likelihoods and slopes, (points, parameters), of points shared out by ``size``.

    Where a point has no chance or no slope, its log likelihood is minus infinity; a parameter that
    stands at an edge there has slope zero.
    """
    pieces = cut_pieces(len(wanted.points), size)
    found = np.empty((len(wanted.points), 1 + len(wanted.names)))

    def item(number: int) -> SlopesWanted:
        return wanted._replace(points=[wanted.points[k] for k in pieces[number]])

    with closing(run(item, cut_pieces(len(pieces), 1))) as outcomes:
        for number, rows in outcomes:
            piece = pieces[number]
            found[piece.start : piece.stop] = rows
    return found[:, 0], found[:, 1:]


def _work(
    task: FitProblem, item: SlopesWanted | tuple[Sequence[Point], Point | None]
) -> Found | Floats:
    if not isinstance(item, SlopesWanted):
        return weigh_piece(task, item)
    near = task.near(item.near)
    return np.array([_one(task, point, near, item.names) for point in item.points])


def _one(
    task: FitProblem, point: Point, near: SolvedModel | None, names: tuple[str, ...]
) -> Floats:
    nothing = np.append(-math.inf, np.zeros(len(names)))
    try:
        found = slopes_of(task, task.solved(point, near), names)
    except FAILURES:
        return nothing
    return nothing if found.why_not else np.append(found.log_likelihood, np.nan_to_num(found.slope))
