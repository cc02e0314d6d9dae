"""What one run of a case found: everything that page, terminal and JSON tell.

The fields come from solving; the rest is read out of them once, when it is first asked for.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import detente
from detente.analysis._citations import Citation, ClaimCitations, cited, claim_citations
from detente.analysis._move_graph import MoveGraph, move_graph
from detente.analysis._stable_states import (
    CONCEPTS,
    StableCounts,
    nearest_equilibria,
    stable_counts,
)
from detente.bargaining import BargainingComparison
from detente.case import Case, Claim
from detente.claims import Answer, Verdict, kind_of
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, DetenteError
from detente.evidence import ArgumentScores, Placebo, Record, observed_record, score_argument
from detente.explanation import AnswerExplanation
from detente.forecast import Expectations, ExpectedPaths, expectations
from detente.review import Review
from detente.stability import Stability
from detente.study import Driver, Study, describe_failures
from detente.study.discovery import Discovery
from detente.study.sensitivity import Tornado
from detente.text import Result, plural, show
from detente.values import plain

if TYPE_CHECKING:
    from detente.drawing import Drawing

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of the draws, at which paths are read: median, and the ranges of 50 % and 90 %."""

FAINT = 0.2
"""Rank correlations below this move an answer little."""

CHANCE = 3.0
"""Those below this many standard errors chance alone gives to some of many parameters."""

_LEADING = 5
_FIRST = 3


@dataclass(frozen=True, eq=False)
class HeldLevels(Result):
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
class Analysis(Result):
    """What a run found; made by `detente.analyse`.

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
        What each input alone does to the answers of the leading claims, by claim id.
    explanations : mapping of str to AnswerExplanation
        Why the answers to the leading claims at the stated values are what they are.
    review : Review
        What is sound in the case and its answers and may not be meant.
    bargaining : BargainingComparison or None
        What the table of bargaining comes to at the stated values; None where the case has none.
    command : str
        What repeats the run.
    placebo : Placebo or None
        The answers at the stated values beside placebos of the preferences; None where none were
        asked for.
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
    explanations: Mapping[str, AnswerExplanation]
    review: Review
    bargaining: BargainingComparison | None
    command: str
    placebo: Placebo | None = None

    @cached_property
    def leading(self) -> tuple[Claim, ...]:
        """The asked claims of the case's brief, or else its first five."""
        return leading(self.study)

    @cached_property
    def contradicted(self) -> tuple[Verdict, ...]:
        """Verdicts on claims that most draws contradict; first where fewest draws agree."""
        found = [v for v in self.study.verdicts() if v.counts and v.word == "contradicts"]
        found.sort(key=lambda v: (v.counts["agrees"] / v.draws, -_gap(v), v.claim.id))
        return tuple(found)

    @cached_property
    def drivers(self) -> Mapping[str, tuple[Driver, ...]]:
        """By asked claim the parameters that move its answer, strongest first.

        Those whose rank correlation is neither faint nor what chance could give over so few draws,
        and that show in the printed numbers.
        """
        return {claim.id: self._drivers(claim) for claim in self.study.asked}

    def _drivers(self, claim: Claim) -> tuple[Driver, ...]:
        kind = kind_of(claim)
        least = max(FAINT, CHANCE / math.sqrt(max(self.study.verdict(claim.id).draws, 1)))
        return tuple(
            driver
            for driver in self.study.drivers(claim.id)
            if abs(driver.correlation) >= least
            and show(driver.low, kind) != show(driver.high, kind)
        )

    @cached_property
    def pivots(self) -> tuple[tuple[str, int], ...]:
        """Parameters, and for how many claims each is among the three that move the answer most."""
        turns = Counter(d.parameter for found in self.drivers.values() for d in found[:_FIRST])
        return tuple(sorted(turns.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def breaks(self) -> Mapping[str, Discovery]:
        """By claim where among the draws it breaks, for claims on which that can be looked for."""
        found = {}
        for verdict in self.study.verdicts():
            if verdict.counts:
                try:
                    found[verdict.claim.id] = self.study.discover(verdict.claim.id, resamples=0)
                except DetenteError:
                    continue
        return found

    @cached_property
    def unsettled(self) -> tuple[str, ...]:
        """Ids of the claims whose verdict more draws may change."""
        return self.study.unsettled

    @cached_property
    def failures(self) -> tuple[str, ...]:
        """Sentences on the draws that failed: how many, why, and where they lie."""
        return describe_failures(self.study)

    @cached_property
    def argument(self) -> ArgumentScores | None:
        """How the argument's worded forecasts and the medians did; None with nothing to score."""
        try:
            return score_argument(self.case, self.study.verdicts())
        except AnalysisError:
            return None

    @cached_property
    def record(self) -> Record | None:
        """What the case records of each variable; None where it has no history."""
        return observed_record(self.case) if self.case.history else None

    @cached_property
    def citations(self) -> Mapping[str, ClaimCitations]:
        """By claim where it stands in its source, and what shows how it turned out."""
        return {claim.id: claim_citations(claim, self.case) for claim in self.case.claims}

    @cached_property
    def citations_of_sources(self) -> Mapping[str, Citation]:
        """The sources of the case as citations, by their ids."""
        return {name: cited(source) for name, source in self.case.sources.items()}

    @cached_property
    def expectations(self) -> Expectations | None:
        """What actors expect at the end, and what will be; None where nobody has a view."""
        if not self.equilibrium.beliefs:
            return None
        return expectations(self.equilibrium, float(self.paths.times[-1]))

    @cached_property
    def quantiles(self) -> Mapping[str, NDArray[np.float64]]:
        """By variable its levels' probabilities at `QUANTILES`, (quantiles, points, levels)."""
        return {
            name: np.quantile(self.study.share(name).astype(np.float64), QUANTILES, axis=0)
            for name in self.study.variables
        }

    @cached_property
    def expected_levels(self) -> Mapping[str, NDArray[np.float64]]:
        """By variable its expected place among its levels: 5 %, median, 95 %; (3, points).

        The lowest level has place 0. Variables of more than two levels in no order are left out.
        """
        ordered = {o.full_name: o.ordered for actor in self.case.actors for o in actor.options}
        ordered |= {condition.name: condition.ordered for condition in self.case.conditions}
        found = {}
        for name, levels in self.study.variables.items():
            if ordered[name] or len(levels) == 2:
                places = self.study.share(name).astype(np.float64) @ np.arange(len(levels))
                found[name] = np.quantile(places, (QUANTILES[0], 0.5, QUANTILES[-1]), axis=0)
        return found

    @cached_property
    def stable(self) -> Mapping[str, StableCounts]:
        """By concept how many states are stable, and for whom today's is."""
        return {concept: stable_counts(self.stability, concept) for concept in CONCEPTS}

    @cached_property
    def equilibria(self) -> NDArray[np.intp]:
        """Flat indices of the equilibria under `CONCEPTS`, nearest to today first."""
        return nearest_equilibria(self.stability)

    @cached_property
    def moves(self) -> MoveGraph:
        """Who can move from which state to which, today and around it."""
        return move_graph(self.stability)

    @property
    def summary(self) -> tuple[str, ...]:
        """Lines on the model, what is stable and how solving went; the title is the first."""
        case, study = self.case, self.study
        return (
            case.title,
            *([case.question] if case.question else []),
            *([f"changed: {', '.join(case.changes)}"] if case.changes else []),
            f"{plural(len(case.actors), 'actor')}, {int(self.conflict.feasible.sum()):,} feasible "
            f"of {plural(self.conflict.size, 'state')}, "
            f"{plural(len(study.design.names), 'parameter')} drawn "
            f"{plural(len(study.design), 'time')} (seed {study.design.seed})",
            *(
                f"{concept}: {found.equilibria:,} equilibria; today is stable for "
                f"{', '.join(found.holders) or 'nobody'}"
                for concept, found in self.stable.items()
            ),
            f"largest residual {study.residual:.0e}; {study.lacking}",
        )

    def plot(self) -> Drawing:
        """Draw the verdicts, and the graph of moves; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, graph_of_moves, verdict_bars

        return Drawing(verdict_bars(self.study.verdicts()), graph_of_moves(self.moves))

    def _preview(self) -> Any:
        return self.study._preview()

    def __str__(self) -> str:
        """Return the summary, a line a claim, what bargaining comes to, and the warnings."""
        verdicts = map(str, self.study.verdicts())
        table = [] if self.bargaining is None else [str(self.bargaining)]
        return "\n".join([*self.summary, *verdicts, *table, *map(str, self.review.open)])

    def to_dict(self) -> dict[str, Any]:
        """Return everything that is in ``results.json``; the same for the same case and seed."""
        return {
            "detente": detente.__version__,
            "case": {
                "name": self.case.name,
                "title": self.case.title,
                "sha256": self.case.sha256,
                "settings": dict(self.case.settings),
                "variants": list(self.case.chosen),
                "text": self.case.text.decode("utf-8-sig"),
            },
            "command": self.command,
            "states": {
                "all": self.conflict.size,
                "feasible": int(self.conflict.feasible.sum()),
            },
            "stability": {
                concept: {
                    "equilibria": found.equilibria,
                    "status_quo_stable_for": list(found.holders),
                }
                for concept, found in self.stable.items()
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
            "why": {name: found.to_dict() for name, found in self.explanations.items()},
            "citations": {name: found.to_dict() for name, found in self.citations.items()},
            "sources": plain(self.citations_of_sources),
            "record": None if self.record is None else self.record.to_dict(),
            "review": self.review.to_dict(),
            "bargaining": None if self.bargaining is None else self.bargaining.to_dict(),
            "placebo": None if self.placebo is None else self.placebo.to_dict(),
        }


def leading(study: Study) -> tuple[Claim, ...]:
    """Return the asked claims of the case's brief in its order, or else the first five asked."""
    asked = {claim.id: claim for claim in study.asked}
    chosen = [name for name in study.case.brief if name in asked] or list(asked)
    return tuple(asked[name] for name in chosen[:_LEADING])


def _gap(verdict: Verdict) -> float:
    """Return how far the median lies outside of what the claim's words allow."""
    assert verdict.claim.expect is not None
    expect = verdict.claim.expect
    return max(expect.low - verdict.median, verdict.median - expect.high)
