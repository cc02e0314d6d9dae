"""What an answer turns on: each parameter alone, its slope and the answers at both ends.

Slopes are exact. Which ends are solved, and which are by slope since they move the answer little,
is as in tornadoes (`detente.study.claim_tornados`). Cost: that of a tornado.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente.case import Case, Claim
from detente.claims import answer_claim, claims_model
from detente.engine import FAILURES, Backend, Progress, map_tasks, poll
from detente.model import SolvedModel
from detente.study import claim_tornados
from detente.study.sensitivity import Tornado
from detente.text import Result, precise, show
from detente.values import plain_fields

Change = Mapping[str, float]
Try = tuple[Change, bool]
"""A change, and whether to start from the solution at the stated values, which saves some work."""


@dataclass(frozen=True, slots=True)
class ParameterEffect(Result):
    """What one parameter does to an answer while all others stay at their stated values.

    Attributes
    ----------
    name : str
    value, low, high : float
        Stated value, and ends of the range.
    at_low, at_high : float
        Answers there; nan where there is none.
    slope : float
        Change of the answer by unit of the parameter, at the stated value; nan where there is none.
    by_slope : bool
        Whether the answer at an end is what the slope says; both are solved otherwise.
    """

    name: str
    value: float
    low: float
    high: float
    at_low: float
    at_high: float
    slope: float
    by_slope: bool = False

    @property
    def local(self) -> float:
        """The slope over the whole range: what the answer would change were it a straight line."""
        return self.slope * (self.high - self.low)

    @property
    def swing(self) -> float:
        """Distance between the answers at the two ends."""
        distance = abs(self.at_high - self.at_low)
        return 0.0 if math.isnan(distance) else distance

    def __str__(self) -> str:
        """Return the answers at the ends of the range."""
        ends = f"{precise(self.low)} to {precise(self.high)}"
        return f"{self.name} {ends}: {show(self.at_low, 'fine')} to {show(self.at_high, 'fine')}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(
            self, "name", "value", "low", "high", "at_low", "at_high", "slope", "local", "swing",
            "by_slope",
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Solver:
    """Answers one claim at other values of the parameters.

    ``near`` is the model at the stated values.
    """

    case: Case
    claim: Claim
    near: SolvedModel
    backend: Backend = field(default_factory=Backend)
    progress: Progress | None = None
    variants: tuple[str, ...] = ()

    def answers(self, tries: Sequence[Try]) -> list[float]:
        """Return the answer at each change; nan where there is none."""
        poll()
        return map_tasks(_answer, self, tries, self.backend, progress=self.progress)


def _answer(solver: Solver, one: Try) -> float:
    change, close = one
    try:
        model = claims_model(
            solver.case,
            change,
            solver.variants,
            [solver.claim],
            near=solver.near if close else None,
        )
        return answer_claim(solver.claim, model).value
    except FAILURES:
        return math.nan


def parameter_effects(solver: Solver) -> tuple[ParameterEffect, ...]:
    """Return the effects of all parameters with a range, those that move the answer most first."""
    found = claim_tornados(
        solver.case, [solver.claim], model=solver.near, variants=False,
        workers=solver.backend.workers, progress=solver.progress,
    )  # fmt: skip
    alone = found.get(solver.claim.id)
    return () if alone is None else effects_of(alone, solver.case)


def effects_of(alone: Tornado, case: Case) -> tuple[ParameterEffect, ...]:
    """Return the bars of a tornado that are of parameters, as effects.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("sanctions")
    >>> effects = effects_of(claim_tornados(case, [case.claim("T1")])["T1"], case)
    >>> print(effects[0])
    pain 0.3 to 1.5: 0.103 to 0.789
    """
    return tuple(
        ParameterEffect(
            bar.name, case.parameters[bar.name].value, bar.low, bar.high, bar.at_low, bar.at_high,
            bar.slope, bar.by_slope,
        )
        for bar in alone.bars
        if not isinstance(bar.low, str) and not isinstance(bar.high, str)
    )  # fmt: skip
