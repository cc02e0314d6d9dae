"""One of two things that are compared: a case, its draws with their answers, and what it comes to.

A side is solved from a case, or read from a study or from the results of a run. Stability and the
expected path are those of the case at its stated values; a file holds the case's text, so both are
worked out anew. Cost: that of the study, or one solution for a side that is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.analysis import CONCEPTS, StableCounts, stable_counts
from detente.case import Case, Claim
from detente.claims import Verdict, claims_model, judge_claim
from detente.errors import InputError
from detente.forecast import ExpectedPaths, expected_paths
from detente.model import TODAY, SolvedModel
from detente.stability import Stability
from detente.study import Design, Study, horizon
from detente.values import Floats

_OF_DRAWS = {"lhs", "sobol", "given"}


@dataclass(frozen=True, eq=False)
class Side:
    """One of two things that are compared.

    Attributes
    ----------
    case : Case
    design : Design
    answers : mapping of str to ndarray, (draws,)
        By asked claim; nan where a draw has none.
    ends : mapping of str to ndarray, (draws, levels)
        By variable the probability of each level at the end; empty where a file has none.
    """

    case: Case
    design: Design
    answers: Mapping[str, Floats]
    ends: Mapping[str, Floats]

    def __post_init__(self) -> None:
        """Refuse points that are no draws."""
        if self.design.kind not in _OF_DRAWS:
            raise InputError(
                f"the points of a {self.design.kind} design are no draws; compare studies of lhs "
                "or sobol designs"
            )

    @property
    def name(self) -> str:
        """What the case is called."""
        return self.case.name

    @property
    def years(self) -> float:
        """From the start to the end of the clock."""
        return horizon(self.case)

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        """The asked claims that have answers, by id."""
        return {c.id: c for c in self.case.claims if c.ask is not None and c.id in self.answers}

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        """By asked claim."""
        return {name: judge_claim(claim, self.answers[name]) for name, claim in self.claims.items()}

    @cached_property
    def model(self) -> SolvedModel:
        """The case at its stated values."""
        return claims_model(self.case, claims=())

    @cached_property
    def stability(self) -> Stability:
        """At the stated values."""
        return self.model.under(TODAY).stability

    @cached_property
    def stable(self) -> Mapping[str, StableCounts]:
        """By concept how many states are stable, and for whom today's is."""
        return {concept: stable_counts(self.stability, concept) for concept in CONCEPTS}

    @cached_property
    def paths(self) -> ExpectedPaths:
        """The expected path at the stated values."""
        return expected_paths(self.model.equilibrium, self.years, None, 2, ())


def side_of_study(study: Study) -> Side:
    """Return the side that a study gives."""
    count = len(study.design)

    def by_draw(values: Floats | NDArray[np.float32]) -> Floats:
        found = np.full((count, *values.shape[1:]), np.nan)
        found[study.completed] = values
        return found

    return Side(
        study.case,
        study.design,
        {claim.id: by_draw(study.values[:, k]) for k, claim in enumerate(study.asked)},
        {name: by_draw(study.share(name)[:, -1]) for name in study.variables},
    )
