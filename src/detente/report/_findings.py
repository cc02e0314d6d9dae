"""Everything that ``detente run`` finds, in one immutable object: what all reports read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import detente
from detente.case import Case
from detente.claims import Answer, answer_claim, claims_model
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from detente.forecast import ExpectedPaths, expected_paths
from detente.model import TODAY, SolvedModel, World
from detente.stability import Stability
from detente.study import Study, horizon, run_study
from detente.study.sensitivity import Tornado

CONCEPTS = ("nash", "seq")
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class HeldLevels:
    """What one variable does when another is held at each of its levels, everyone knowing.

    Attributes
    ----------
    held, watched : str
    held_levels, watched_levels : tuple of str
        Held levels that do not go with the rest of the status quo are left out.
    share : ndarray, (held levels, watched levels)
        Probability of each watched level at the end of the period, at the stated values.
    years : float
    """

    held: str
    watched: str
    held_levels: tuple[str, ...]
    watched_levels: tuple[str, ...]
    share: NDArray[np.float64]
    years: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {
            "held": self.held,
            "watched": self.watched,
            "years": self.years,
            "share": {
                level: dict(zip(self.watched_levels, map(float, row), strict=True))
                for level, row in zip(self.held_levels, self.share, strict=True)
            },
        }


@dataclass(frozen=True, eq=False)
class Analysis:
    """What a run found.

    Attributes
    ----------
    case : Case
    conflict, stability, equilibrium, paths
        At the stated parameter values.
    stated : mapping of str to Answer
        Answers to the asked claims at the stated values, by claim id; missing where there is none.
    phase : HeldLevels or None
    study : Study
    tornados : mapping of str to Tornado
        What each input alone does to the answers of the first page's claims, by claim id.
    command : str
        What repeats the run.
    """

    case: Case
    conflict: Conflict
    stability: Stability
    equilibrium: Equilibrium
    paths: ExpectedPaths
    stated: Mapping[str, Answer]
    phase: HeldLevels | None
    study: Study
    tornados: Mapping[str, Tornado]
    command: str

    def to_dict(self) -> dict[str, Any]:
        """Return everything that is in ``results.json``; the same for the same case and seed."""
        return {
            "detente": detente.__version__,
            "case": {"name": self.case.name, "title": self.case.title, "sha256": self.case.sha256},
            "command": self.command,
            "states": {
                "all": self.conflict.size,
                "feasible": int(self.conflict.feasible.sum()),
            },
            "stability": {
                concept: {
                    "equilibria": int(self.stability.equilibria(concept).sum()),
                    "status_quo_stable_for": self.holders(concept),
                }
                for concept in CONCEPTS
            },
            "equilibrium": self.equilibrium.to_dict(),
            "paths": self.paths.to_dict(),
            "stated": {
                name: {"value": found.value, "unscoped": found.unscoped}
                for name, found in self.stated.items()
            },
            "phase": None if self.phase is None else self.phase.to_dict(),
            "study": self.study.to_dict(),
            "tornados": {name: tornado.to_dict() for name, tornado in self.tornados.items()},
        }

    def holders(self, concept: str) -> list[str]:
        """Return the actors for whom the status quo is stable under a concept."""
        flat = self.conflict.index()
        return [
            actor
            for actor in self.conflict.actors
            if self.stability.stable(concept, actor).reshape(-1)[flat]
        ]


def analyse(
    case: Case,
    draws: int = 400,
    rng: Any = 1,
    workers: int | None = None,
    progress: Callable[[int, int, int], None] | None = None,
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

    Returns
    -------
    Analysis
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
        command=f"detente run {case.name} --draws {draws} --seed {study.design.seed}",
    )


def _tornados(
    study: Study, workers: int | None, progress: Callable[[int, int, int], None] | None
) -> dict[str, Tornado]:
    case = study.case
    asked = [claim.id for claim in study.asked]
    shown = [name for name in case.brief if name in asked] or asked[:_SHOWN]
    if not shown:
        return {}
    try:
        alone = run_study(case, 1, 0, workers, progress, design="tornado")
    except AnalysisError:
        return {}
    found = {}
    for name in shown:
        try:
            tornado = alone.sensitivity(name)
        except AnalysisError:
            continue
        if isinstance(tornado, Tornado):
            found[name] = tornado
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
