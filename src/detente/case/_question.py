"""What a claim can ask of the model: a class for each kind of question.

A class holds what its kind needs and says what others must know of it: ``measure``, its key in a
case file; ``kind``, how its answers are printed; ``in_time``, whether it may have a scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from detente.expression import Formula, Query
from detente.text import Kind


@dataclass(frozen=True, slots=True)
class Arm:
    """From where and under which intervention a question is asked.

    ``given`` is a formula (equal weight on every feasible state where it holds) or level indices by
    variable name that replace those of the status quo. ``do`` holds options at a level for the
    whole period; ``set`` holds parameters at a value; ``announced`` says whether the actors know.
    """

    given: Formula | Mapping[str, int] | None = None
    do: Mapping[str, int] | None = None
    set: Mapping[str, float] | None = None
    announced: bool = True


@dataclass(frozen=True, slots=True)
class ProbabilityQuestion:
    """How probable a query (F, G, U) is."""

    query: Query
    arm: Arm = Arm()
    measure: ClassVar[str] = "probability"
    kind: ClassVar[Kind] = "share"
    in_time: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class _FormulaInTime:
    formula: Formula
    years: float
    arm: Arm = Arm()
    in_time: ClassVar[bool] = True

    @property
    def kind(self) -> Kind:
        """How an answer is printed: what is true or not is so with a probability."""
        return "share" if self.formula.kind == "truth" else "plain"


class ExpectedQuestion(_FormulaInTime):
    """The expected value of a formula after some years."""

    __slots__ = ()
    measure: ClassVar[str] = "expected"


class AverageQuestion(_FormulaInTime):
    """The average of a formula over the years from 0."""

    __slots__ = ()
    measure: ClassVar[str] = "average"


@dataclass(frozen=True, slots=True)
class GainQuestion:
    """What an actor gains a year, or in equilibrium value, when ``levels`` replace the start's."""

    actor: str
    levels: Mapping[str, int]
    by: Literal["utility", "value"] = "utility"
    arm: Arm = Arm()
    measure: ClassVar[str] = "gain"
    kind: ClassVar[Kind] = "signed"
    in_time: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class EquilibriumQuestion:
    """Whether (1 or 0) some feasible state with a formula is an equilibrium under a concept."""

    formula: Formula
    concept: str = "seq"
    arm: Arm = Arm()
    measure: ClassVar[str] = "equilibrium"
    kind: ClassVar[Kind] = "truth"
    in_time: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class ReachabilityQuestion:
    """Whether (1 or 0) legal moves and jumps lead from the start to a formula."""

    formula: Formula
    arm: Arm = Arm()
    measure: ClassVar[str] = "possible"
    kind: ClassVar[Kind] = "truth"
    in_time: ClassVar[bool] = False


BargainingModel = Literal[
    "compromise", "mean", "median", "mode", "nash", "procedural", "exchange", "challenge"
]
"""The models that a claim can ask where an issue is settled."""


@dataclass(frozen=True, slots=True)
class OutcomeQuestion:
    """Where an issue of the table of bargaining is settled, on its scale, under a model."""

    issue: str
    model: BargainingModel = "compromise"
    arm: Arm = Arm()
    measure: ClassVar[str] = "outcome"
    kind: ClassVar[Kind] = "plain"
    in_time: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class ExchangeQuestion:
    """Whether (1 or 0) two parties make an exchange of positions in which the issues are traded.

    Exchanges are those of the first round. Without ``issues`` any exchange between the two counts.
    """

    parties: tuple[str, str]
    issues: tuple[str, ...] = ()
    arm: Arm = Arm()
    measure: ClassVar[str] = "exchange"
    kind: ClassVar[Kind] = "truth"
    in_time: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class ExchangeGainQuestion:
    """What a party gains by the exchanges made, or by those that trade nothing but ``issues``."""

    actor: str
    issues: tuple[str, ...] = ()
    arm: Arm = Arm()
    measure: ClassVar[str] = "gain"
    kind: ClassVar[Kind] = "signed"
    in_time: ClassVar[bool] = False


TableQuestion = OutcomeQuestion | ExchangeQuestion | ExchangeGainQuestion
"""Questions to the table of bargaining: they know no states, so nothing is solved for them."""
Question = (
    ProbabilityQuestion
    | ExpectedQuestion
    | AverageQuestion
    | GainQuestion
    | EquilibriumQuestion
    | ReachabilityQuestion
    | TableQuestion
)
