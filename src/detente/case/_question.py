"""What a claim can ask of the model: a class for each kind of question, and where it starts from.

A class holds what its kind needs and says what others must know of it: its key in a case file, how
its answers are printed, and whether it may be asked while a scope condition holds.
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


class _Kind:
    """What is known of a kind of question.

    ``measure`` is its key in a case file, ``answer`` how its answers are printed, ``in_time``
    whether it looks at a stretch of time, in which a scope condition can come to an end.
    """

    __slots__ = ()

    measure: ClassVar[str]
    answer: ClassVar[Kind]
    in_time: ClassVar[bool] = False

    @property
    def kind(self) -> Kind:
        """How an answer is printed."""
        return self.answer

    @property
    def bounded(self) -> bool:
        """Whether every answer lies between 0 and 1."""
        return self.kind in {"share", "truth"}

    @property
    def even(self) -> float | None:
        """The answer at even odds; None where there are no odds."""
        return 0.5 if self.kind == "share" else None


@dataclass(frozen=True, slots=True)
class ProbabilityQuestion(_Kind):
    """How probable a query (F, G, U) is."""

    query: Query
    arm: Arm = Arm()

    measure: ClassVar[str] = "probability"
    answer: ClassVar[Kind] = "share"
    in_time: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class _FormulaInTime(_Kind):
    formula: Formula
    horizon: float
    arm: Arm = Arm()

    answer: ClassVar[Kind] = "plain"
    in_time: ClassVar[bool] = True

    @property
    def kind(self) -> Kind:
        """How an answer is printed: that to a yes or no is a share."""
        return "share" if self.formula.kind == "truth" else self.answer


@dataclass(frozen=True, slots=True)
class ExpectedQuestion(_FormulaInTime):
    """The expected value of a formula after ``horizon`` years."""

    measure: ClassVar[str] = "expected"


@dataclass(frozen=True, slots=True)
class AverageQuestion(_FormulaInTime):
    """The average of a formula over the years from 0 to ``horizon``."""

    measure: ClassVar[str] = "average"


@dataclass(frozen=True, slots=True)
class GainQuestion(_Kind):
    """What an actor gains when ``levels`` replace those of the start.

    In utility a year, or (``by`` value) in the value of the equilibrium.
    """

    actor: str
    levels: Mapping[str, int]
    by: Literal["utility", "value"] = "utility"
    arm: Arm = Arm()

    measure: ClassVar[str] = "gain"
    answer: ClassVar[Kind] = "signed"


@dataclass(frozen=True, slots=True)
class EquilibriumQuestion(_Kind):
    """Whether (1 or 0) some feasible state with a formula is an equilibrium under a concept."""

    formula: Formula
    concept: str = "seq"
    arm: Arm = Arm()

    measure: ClassVar[str] = "equilibrium"
    answer: ClassVar[Kind] = "truth"


@dataclass(frozen=True, slots=True)
class ReachabilityQuestion(_Kind):
    """Whether (1 or 0) legal moves and jumps lead from the start to a formula."""

    formula: Formula
    arm: Arm = Arm()

    measure: ClassVar[str] = "possible"
    answer: ClassVar[Kind] = "truth"


Question = (
    ProbabilityQuestion
    | ExpectedQuestion
    | AverageQuestion
    | GainQuestion
    | EquilibriumQuestion
    | ReachabilityQuestion
)
