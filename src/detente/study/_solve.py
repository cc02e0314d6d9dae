"""One draw of a study: every claim answered and every path followed at given parameter values.

What comes out depends on the case and on the values only, never on who else is at work; that is why
a study gives the same results whatever its workers, chunks and interruptions. Cost: the equilibria
that the claims ask for, each solved once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, Claim
from detente.claims import answer_claim, claims_model
from detente.engine import FAILURES, reason_of
from detente.errors import AnalysisError
from detente.model import TODAY
from detente.study._design import Point
from detente.values import Floats

POINTS = 21
"""Times at which paths are kept, from the start to the end of the clock."""
DEFAULT_YEARS = 5.0
WORK = 3
"""Numbers of a certificate: residual, sweeps, folds."""
LARGEST = 1e150
"""Of an answer: the square of a larger one is no number."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawOutcome:
    """What one draw gave.

    Attributes
    ----------
    answers, unscoped : ndarray, (claims,)
        Answers as stated and without scope conditions; nan where there is none.
    paths : ndarray of float32, (points, levels of all axes and issues)
    work : ndarray, (3,)
        Residual, sweeps and folds of the equilibrium; nan where the draw failed.
    seconds : float
    failures : tuple of (claim id, reason)
        The claim is empty where the whole draw failed.
    """

    answers: Floats
    unscoped: Floats
    paths: NDArray[np.float32]
    work: Floats
    seconds: float
    failures: tuple[tuple[str, str], ...]


def asked_claims(case: Case) -> tuple[Claim, ...]:
    """Return the claims that are put to the model."""
    return tuple(claim for claim in case.claims if claim.ask is not None)


def horizon(case: Case) -> float:
    """Return the years from the start to the end of the case's clock, 5 where it has none."""
    if case.start is None or case.end is None:
        return DEFAULT_YEARS
    return (case.end - case.start).days / 365.25


def width(case: Case) -> int:
    """Return how many series a draw's paths have: levels of all axes, then issues."""
    return sum(case.shape) + len(case.issues)


def solve_draw(case: Case, point: Point) -> DrawOutcome:
    """Solve a case at one point and answer what it asks; a failure becomes part of the outcome."""
    parameters, variant = point
    began = time.perf_counter()
    asked = asked_claims(case)
    try:
        model = claims_model(case, parameters, variant)
        solved = model.equilibrium
        paths = model.under(TODAY).paths(horizon(case), POINTS)
    except FAILURES as error:
        return failed(case, reason_of(error), time.perf_counter() - began)
    answers, unscoped = np.full(len(asked), np.nan), np.full(len(asked), np.nan)
    failures = []
    for k, claim in enumerate(asked):
        try:
            found = answer_claim(claim, model)
            if any(abs(value) > LARGEST for value in (found.value, found.unscoped)):
                raise AnalysisError("the answer is too large for a number")
            answers[k], unscoped[k] = found.value, found.unscoped
        except FAILURES as error:
            failures.append((claim.id, reason_of(error)))
    series = [*paths.shares.values(), *(issue[:, None] for issue in paths.issues.values())]
    return DrawOutcome(
        answers=answers,
        unscoped=unscoped,
        paths=np.concatenate(series, axis=1).astype(np.float32),
        work=np.array([solved.residual, solved.sweeps, len(solved.folds)], dtype=np.float64),
        seconds=time.perf_counter() - began,
        failures=tuple(failures),
    )


def failed(case: Case, reason: str, seconds: float = 0.0) -> DrawOutcome:
    """Return the outcome of a draw that gave nothing, and why."""
    nothing = np.full(len(asked_claims(case)), np.nan)
    paths = np.full((POINTS, width(case)), np.nan, dtype=np.float32)
    return DrawOutcome(nothing, nothing, paths, np.full(WORK, np.nan), seconds, (("", reason),))
