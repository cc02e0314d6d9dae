"""How long an event is expected to be in coming, and with what probability it never comes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from detente.forecast._chain import chain_of
from detente.forecast._reach import time_until
from detente.forecast._start import Start, start_distribution
from detente.text import Result, show
from detente.values import plain_fields


@dataclass(frozen=True, slots=True)
class ExpectedTime(Result):
    """The expected time to an event.

    Attributes
    ----------
    value : float
        Years; infinite where the event may never come, however unlikely that is.
    never : float
        Probability that it never comes.
    mean_if_ever : float
        Expected years over the paths on which it comes.
    error, never_error : float
        Bounds on the errors of ``mean_if_ever`` and ``never``.
    text : str
        The event.
    """

    value: float
    never: float
    mean_if_ever: float
    error: float
    never_error: float
    text: str

    def __float__(self) -> float:
        """Return the value."""
        return self.value

    def __str__(self) -> str:
        """Return one line."""
        error = f"(error below {max(self.error, 1e-15):.0e})"
        if self.never == 0.0:
            return (
                f"expected time to {self.text}: {show(self.mean_if_ever, 'fine', 4)} years {error}"
            )
        return (
            f"expected time to {self.text}: infinite with probability "
            f"{show(self.never, 'fine', 4)}, otherwise "
            f"{show(self.mean_if_ever, 'fine', 4)} years {error}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON; ``value`` is None where it is infinite."""
        return plain_fields(self, "text", "value", "never", "mean_if_ever", "error", "never_error")


def expected_time(
    equilibrium: Equilibrium, formula: str, start: Start | None = None
) -> ExpectedTime:
    """Return how many years pass, on average, until a formula holds.

    Parameters
    ----------
    equilibrium : Equilibrium
    formula : str
        About one state.
    start : state, str, ndarray or Filtered, optional
        As in `detente.forecast.probability`; the status quo by default.

    Raises
    ------
    InputError
        When the formula or the start is wrong.
    AnalysisError
        When the formula can never hold, or so rarely that its time cannot be computed.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}},
    ...     utility={"row": [0.0, 0.0]}, rates={"row": 2.0}, precision={"row": 0.0},
    ... )
    >>> print(conflict.equilibrium().expected_time("row.act == go", start=0))
    expected time to row.act == go: 1 years (error below 1e-14)
    """
    conflict = equilibrium.conflict
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    event = chain.over_live(conflict.where(formula))
    here = chain.over_live(weight)
    reached, error, time, late = time_until(chain, event)
    ever, wrong = float(here @ reached), float(here @ error)
    if ever <= wrong:
        raise AnalysisError(f"{formula!r} never holds from this start: there is no time to report")
    whole = bool((reached[here > 0.0] == 1.0).all())
    mean = float(here @ time) / ever
    bound = (float(here @ late) + mean * wrong) / ever
    never = 0.0 if whole else max(0.0, float(here @ (1.0 - reached)))
    return ExpectedTime(mean if whole else math.inf, never, mean, bound, wrong, formula)
