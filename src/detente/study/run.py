"""A study: every claim answered for many draws of the parameters, on all cores.

Draws are independent and each is done whole by one thread; the kernels release the interpreter, so
threads share the cores and nothing is copied. What a draw yields depends on its number only. A draw
that fails is kept with its reason and the study goes on.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case.model import Case, Claim
from detente.claims import Draw, answer
from detente.errors import AnalysisError, DetenteError, InputError
from detente.forecast.chain import Floats
from detente.forecast.paths import expected_paths
from detente.study.design import Design, latin_hypercube
from detente.study.result import Failure, Study

POINTS = 21
DEFAULT_YEARS = 5.0

_FAILS = (DetenteError, ArithmeticError, np.linalg.LinAlgError)


@dataclass(frozen=True, slots=True)
class _Outcome:
    values: Floats
    unguarded: Floats
    shares: Floats
    issues: Floats
    residual: float
    notes: tuple[tuple[str, str], ...]


def run_study(
    case: Case,
    draws: int = 400,
    rng: Any = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Study:
    """Answer every claim of a case for many draws of its parameters.

    Parameters
    ----------
    case : Case
    draws : int
    rng : int, numpy Generator or None
        Seed or generator.
    workers : int, optional
        Threads; all cores by default. Results do not depend on it.
    progress : callable, optional
        Called with (draws done, draws) after each draw.

    Returns
    -------
    Study

    Raises
    ------
    AnalysisError
        When every draw fails; the message gives the first reason.
    """
    if workers is not None and workers < 1:
        raise InputError(f"workers is {workers}; give one or more")
    design = latin_hypercube(case, draws, rng)
    asked = tuple(claim for claim in case.claims if claim.ask is not None)
    years = horizon(case)
    outcomes: list[_Outcome | Failure | None] = [None] * draws
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        jobs = {pool.submit(_one, case, design, n, asked, years): n for n in range(draws)}
        try:
            for done, job in enumerate(as_completed(jobs), start=1):
                outcomes[jobs[job]] = job.result()
                if progress is not None:
                    progress(done, draws)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    failures = tuple(o for o in outcomes if isinstance(o, Failure))
    if len(failures) == draws:
        raise AnalysisError(f"all {draws} draws failed; the first: {failures[0].reason}")
    return _gather(case, design, asked, years, outcomes, failures)


def horizon(case: Case) -> float:
    """Return the years from the start to the end of the case's clock, 5 where it has none."""
    if case.start is None or case.end is None:
        return DEFAULT_YEARS
    return (case.end - case.start).days / 365.25


def _one(
    case: Case, design: Design, number: int, asked: tuple[Claim, ...], years: float
) -> _Outcome | Failure:
    try:
        draw = Draw(case, design.draw(number))
        paths = expected_paths(draw.equilibrium, years, None, POINTS)
    except _FAILS as error:
        return Failure(number, str(error))
    values, unguarded = np.full(len(asked), np.nan), np.full(len(asked), np.nan)
    notes = []
    for k, claim in enumerate(asked):
        try:
            found = answer(claim, draw)
            values[k], unguarded[k] = found.value, found.unguarded
        except _FAILS as error:
            notes.append((claim.id, str(error)))
    return _Outcome(
        values=values,
        unguarded=unguarded,
        shares=np.concatenate(list(paths.shares.values()), axis=1),
        issues=np.stack(list(paths.issues.values()), axis=1)
        if paths.issues
        else np.zeros((POINTS, 0)),
        residual=draw.equilibrium.residual,
        notes=tuple(notes),
    )


def _gather(
    case: Case,
    design: Design,
    asked: tuple[Claim, ...],
    years: float,
    outcomes: list[_Outcome | Failure | None],
    failures: tuple[Failure, ...],
) -> Study:
    done = [o for o in outcomes if isinstance(o, _Outcome)]
    kept = np.array([n for n, o in enumerate(outcomes) if isinstance(o, _Outcome)], dtype=np.int64)
    gaps = tuple(
        Failure(int(n), reason, claim)
        for n, o in zip(kept, done, strict=True)
        for claim, reason in o.notes
    )
    return Study(
        case=case,
        design=design,
        kept=kept,
        asked=asked,
        values=np.stack([o.values for o in done]),
        unguarded=np.stack([o.unguarded for o in done]),
        times=np.linspace(0.0, years, POINTS),
        shares=np.stack([o.shares for o in done]),
        issues=np.stack([o.issues for o in done]),
        residual=max(o.residual for o in done),
        failures=failures + gaps,
    )
