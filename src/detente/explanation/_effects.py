"""What an answer turns on: each parameter alone, moved a little and to the ends of its range.

The slope is the central difference over a thousandth of the range, started from the solution at
the stated values, which lies on the same branch; at the ends the model is solved anew. Cost: four
solves a parameter, shared out over threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente.case import Case, Claim, Parameter
from detente.claims import answer_claim, claims_model
from detente.engine import FAILURES, Backend, Progress, map_tasks, poll
from detente.model import SolvedModel
from detente.text import Result, precise, show
from detente.values import plain_fields

Change = Mapping[str, float]
Answers = Callable[[Sequence[Change]], list[float]]
"""From changes of parameters to answers; nan where there is none."""

STEP = 1e-3
"""Share of the range over which slopes are taken."""


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
        Change of the answer by unit of the parameter, at the stated value.
    """

    name: str
    value: float
    low: float
    high: float
    at_low: float
    at_high: float
    slope: float

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
            self, "name", "value", "low", "high", "at_low", "at_high", "slope", "local", "swing"
        )


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

    def answers(self, changes: Sequence[Change], close: bool = False) -> list[float]:
        """Return the answer at each change; ``close`` starts from the solution nearby."""
        items = [(change, close) for change in changes]
        poll()
        return map_tasks(_answer, self, items, self.backend, progress=self.progress)


def _answer(solver: Solver, item: tuple[Change, bool]) -> float:
    change, close = item
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


def ends_of(parameter: Parameter) -> tuple[float, float]:
    """Return the lowest and highest value that a parameter may have."""
    if parameter.choices:
        return min(parameter.choices), max(parameter.choices)
    return parameter.low, parameter.high


def parameter_effects(solver: Solver) -> tuple[ParameterEffect, ...]:
    """Return the effects of all parameters with a range, those that move the answer most first."""
    free = [
        parameter
        for parameter in solver.case.parameters.values()
        if parameter.distribution != "fixed"
    ]
    ends = [ends_of(parameter) for parameter in free]
    steps = [STEP * (high - low) for low, high in ends]
    far = solver.answers([{p.name: x} for p, pair in zip(free, ends, strict=True) for x in pair])
    close = solver.answers(
        [
            {p.name: p.value + sign * step}
            for p, step in zip(free, steps, strict=True)
            for sign in (-1.0, 1.0)
        ],
        close=True,
    )
    effects = [
        ParameterEffect(
            name=p.name,
            value=p.value,
            low=ends[k][0],
            high=ends[k][1],
            at_low=far[2 * k],
            at_high=far[2 * k + 1],
            slope=(close[2 * k + 1] - close[2 * k]) / (2.0 * steps[k]),
        )
        for k, p in enumerate(free)
        if ends[k][0] < ends[k][1]
    ]
    return tuple(sorted(effects, key=lambda effect: -effect.swing))
