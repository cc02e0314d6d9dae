"""Log likelihoods of many points, with their slopes where they are wanted, shared out over workers.

As `detente.evidence._likelihood` shares out likelihoods alone. Cost: an equilibrium, a filter and
its way back per point; beside another point, no branch is followed for the equilibrium.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from typing import NamedTuple

import numpy as np

from detente.engine import FAILURES, Backend, Run, cut_pieces, start_workers
from detente.evidence._likelihood import FINE, FitProblem, Found, weigh_piece, worker_lost
from detente.evidence._likelihood_slopes import slopes_of
from detente.model import SolvedModel
from detente.study import Point
from detente.values import Floats


class SlopeWanted(NamedTuple):
    """A point whose slopes by some parameters are wanted, beside another where given."""

    point: Point
    names: tuple[str, ...]
    beside: tuple[Floats, ...] | None = None


class Sloped(NamedTuple):
    """What was found at a point.

    Attributes
    ----------
    level : float
        The log likelihood; minus infinity where the point has no chance or no slope, and where no
        equilibrium is close to that beside it.
    slope : ndarray, (parameters,)
        Zero by a parameter that stands at an edge.
    solution : tuple of ndarray
        Of the equilibrium.
    sweeps : int
        That it took.
    """

    level: float
    slope: Floats
    solution: tuple[Floats, ...] = ()
    sweeps: int = 0


def slope_workers(task: FitProblem, backend: Backend) -> AbstractContextManager[Run]:
    """Return workers that weigh points of a problem, with slopes where they are wanted."""
    return start_workers(_work, task, backend, worker_lost)


def weigh_slopes(run: Run, wanted: Sequence[SlopeWanted]) -> list[Sloped]:
    """Return log likelihoods and slopes of points, in their order."""
    with closing(run(wanted.__getitem__, cut_pieces(len(wanted), 1))) as outcomes:
        found = dict(outcomes)
    return [found[number] for number in range(len(wanted))]


def _work(task: FitProblem, item: SlopeWanted | Sequence[Point]) -> Found | Sloped:
    if not isinstance(item, SlopeWanted):
        return weigh_piece(task, item)
    try:
        model = SolvedModel(task.case, *item.point, tolerance=FINE, beside=item.beside)
        found = slopes_of(task, model, item.names)
    except FAILURES:
        return Sloped(-math.inf, np.zeros(len(item.names)))
    way = model.equilibrium
    level = -math.inf if found.why_not else found.log_likelihood
    return Sloped(level, np.nan_to_num(found.slope), way.scaled_values, way.sweeps)
