"""The whole way of a case: compiled and solved as stated, then over draws of its parameters.

Cost: that of the draws; what moves one input at a time adds two solutions for each that matters,
the explanations of the leading claims some ten to thirty each.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.analysis._result import Analysis, HeldLevels, leading
from detente.case import Arm, Case
from detente.claims import answer_claim, claims_model
from detente.engine import Seed, poll
from detente.errors import AnalysisError
from detente.evidence import placebo
from detente.explanation import AnswerExplanation, effects_of, explain_answer
from detente.forecast import expected_paths
from detente.model import TODAY, SolvedModel, World
from detente.review import review_study
from detente.study import Progress, Study, claim_tornados, horizon, run_study
from detente.study.sensitivity import Tornado


def analyse(
    case: Case,
    draws: int = 400,
    rng: Seed = 1,
    *,
    placebos: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Take a case the whole way: compile, stability, equilibrium, forecast, claims over draws.

    Parameters
    ----------
    case : Case
    draws : int
    rng : int, numpy Generator or None
    placebos : int
        Of each kind, beside which the answers at the stated values stand; see
        `detente.evidence.placebo`.
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
    today = model.under(TODAY)
    # Before the draws: a case that has no solution as stated stops here.
    solved = model.equilibrium
    bargaining = None if case.bargaining is None else today.bargaining.comparison
    years = horizon(case)
    stated = {}
    for claim in case.claims:
        if claim.ask is not None:
            try:
                stated[claim.id] = answer_claim(claim, model)
            except AnalysisError:
                continue
    study = run_study(case, draws, rng, workers, progress)
    tornados = _tornados(study, workers, progress)
    return Analysis(
        case=case,
        conflict=model.conflict,
        stability=today.stability,
        equilibrium=solved,
        paths=expected_paths(solved, years),
        stated=stated,
        phase=held_levels(case, model, years),
        study=study,
        tornados=tornados,
        explanations=_explanations(study, tornados, workers),
        review=review_study(study, progress=progress),
        bargaining=bargaining,
        command=_command(case, draws, study.design.seed, placebos),
        placebo=placebo(case, placebos, study.design.seed, workers=workers, progress=progress)
        if placebos
        else None,
    )


def _command(case: Case, draws: int, seed: int, placebos: int) -> str:
    words = [f"--variant {name}" for name in case.chosen]
    words += [f"--set {name}={value!r}" for name, value in case.settings.items()]
    words += [f"--draws {draws} --seed {seed}", *([f"--placebo {placebos}"] if placebos else [])]
    return " ".join(["detente run", case.reference, *words])


def _tornados(study: Study, workers: int | None, progress: Progress | None) -> dict[str, Tornado]:
    """Return what each input alone does; none where the case has no solution as stated."""
    claims = leading(study)
    try:
        return claim_tornados(study.case, claims, workers=workers, progress=progress)
    except AnalysisError:
        return {}


def _explanations(
    study: Study, tornados: Mapping[str, Tornado], workers: int | None
) -> dict[str, AnswerExplanation]:
    """Explain the leading claims; the tornados have solved the ends of the ranges already."""
    case, found = study.case, {}
    for claim in leading(study):
        effects = effects_of(tornados[claim.id], case) if claim.id in tornados else ()
        try:
            found[claim.id] = explain_answer(case, claim.id, effects=effects, workers=workers)
        except AnalysisError:
            continue
    return found


def held_levels(
    case: Case, model: SolvedModel, years: float, also: Mapping[str, int] | None = None
) -> HeldLevels | None:
    """Return what the case's phase is about: one variable held at each of its levels.

    Parameters
    ----------
    case : Case
    model : SolvedModel
        Of the case.
    years : float
        When the other variable is looked at.
    also : mapping of str to int, optional
        What is held besides, whatever the level.

    Returns
    -------
    HeldLevels or None
        None for a case that names no phase.
    """
    if case.phase is None:
        return None
    held, watched = case.phase
    axis = model.conflict.space.axes[model.conflict.space.axis(held)]
    levels, rows = [], []
    for k, level in enumerate(axis.levels):
        poll()
        world = model.under(World.of(Arm(do={**(also or {}), held: k})))
        start = world.conflict.status_quo
        if start is None or not world.conflict.feasible[start]:
            continue
        levels.append(level)
        rows.append(expected_paths(world.equilibrium, years, None, 2).shares[watched][-1])
    watched_levels = model.conflict.space.axes[model.conflict.space.axis(watched)].levels
    return HeldLevels(held, watched, tuple(levels), watched_levels, np.stack(rows), years)
