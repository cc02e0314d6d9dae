"""The whole way of a case: compiled and solved as stated, then over draws of its parameters.

Cost: that of the draws; the study that moves one input at a time adds two solutions per input.
"""

from __future__ import annotations

import numpy as np

from detente.analysis._result import Analysis, HeldLevels, leading
from detente.case import Case
from detente.claims import answer_claim, claims_model
from detente.engine import Seed
from detente.errors import AnalysisError
from detente.forecast import expected_paths
from detente.model import TODAY, SolvedModel, World
from detente.review import review_study
from detente.study import Progress, Study, horizon, run_study
from detente.study.sensitivity import Tornado


def analyse(
    case: Case,
    draws: int = 400,
    rng: Seed = 1,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Take a case the whole way: compile, stability, equilibrium, forecast, claims over draws.

    Parameters
    ----------
    case : Case
    draws : int
    rng : int, numpy Generator or None
    workers : int, optional
    progress : callable, optional
        Called with (draws done, draws, draws failed).

    Raises
    ------
    AnalysisError
        When every draw fails, or the case as stated has no solution.

    Examples
    --------
    >>> import detente
    >>> analysis = detente.analyse(detente.load("chicken"), draws=20)
    >>> print(analysis)  # doctest: +ELLIPSIS
    Chicken
    ...
    """
    model = claims_model(case)
    years = horizon(case)
    stated = {}
    for claim in case.claims:
        if claim.ask is not None:
            try:
                stated[claim.id] = answer_claim(claim, model)
            except AnalysisError:
                continue
    study = run_study(case, draws, rng, workers, progress)
    return Analysis(
        case=case,
        conflict=model.conflict,
        stability=model.under(TODAY).stability,
        equilibrium=model.equilibrium,
        paths=expected_paths(model.equilibrium, years),
        stated=stated,
        phase=_phase(case, model, years),
        study=study,
        tornados=_tornados(study, workers, progress),
        review=review_study(study, progress=progress),
        command=f"detente run {case.name} --draws {draws} --seed {study.design.seed}",
    )


def _tornados(study: Study, workers: int | None, progress: Progress | None) -> dict[str, Tornado]:
    claims = leading(study)
    if not claims:
        return {}
    try:
        alone = run_study(study.case, 1, 0, workers, progress, design="tornado")
    except AnalysisError:
        return {}
    found = {}
    for claim in claims:
        try:
            tornado = alone.sensitivity(claim.id)
        except AnalysisError:
            continue
        if isinstance(tornado, Tornado):
            found[claim.id] = tornado
    return found


def _phase(case: Case, model: SolvedModel, years: float) -> HeldLevels | None:
    if case.phase is None:
        return None
    held, watched = case.phase
    axis = model.conflict.space.axes[model.conflict.space.axis(held)]
    levels, rows = [], []
    for k, level in enumerate(axis.levels):
        world = model.under(World(((held, k),)))
        start = world.conflict.status_quo
        if start is None or not world.conflict.feasible[start]:
            continue
        levels.append(level)
        rows.append(expected_paths(world.equilibrium, years, None, 2).shares[watched][-1])
    watched_levels = model.conflict.space.axes[model.conflict.space.axis(watched)].levels
    return HeldLevels(held, watched, tuple(levels), watched_levels, np.stack(rows), years)
