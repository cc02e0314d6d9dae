"""A number that a forecast gives, with how far it can be from the chain's true one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.conflict import Conflict
from detente.errors import InputError
from detente.expression import ExpressionError, Formula, compile_formula
from detente.forecast._chain import Chain
from detente.text import Result, show
from detente.values import Floats, plain_fields


@dataclass(frozen=True, slots=True)
class Quantity(Result):
    """A number and a bound on its error.

    Attributes
    ----------
    value, error : float
    text : str
        What it is the number of.
    """

    value: float
    error: float
    text: str

    def __float__(self) -> float:
        """Return the value."""
        return self.value

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"{self.text}: {show(self.value, 'fine', 6)} (error below {max(self.error, 1e-15):.0e})"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self, "text", "value", "error")


def number_formula(conflict: Conflict, text: str) -> Formula:
    """Compile a formula whose value is asked for; a truth counts as zero or one."""
    try:
        return compile_formula(text, conflict.namespace, "number")
    except ExpressionError as wrong:
        raise InputError(f"formula {text!r}, column {wrong.start + 1}: {wrong}") from None


def read_number(chain: Chain, formula: Formula) -> Floats:
    """Return a formula's value over the states of a chain.

    Raises
    ------
    InputError
        When it is not a number somewhere.
    """
    values = chain.over_live(formula.evaluate(chain.conflict.values)).astype(np.float64)
    if not np.isfinite(values).all():
        words = chain.conflict.space.words(int(chain.live[int(np.argmin(np.isfinite(values)))]))
        raise InputError(f"{formula.text!r} is not a number at ({words}); guard with max or clip")
    return values
