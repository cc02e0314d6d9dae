"""What a claim expects of an answer: an interval, and how it was stated.

All of them have ``low`` and ``high``, the ends of the interval, ``even``, the answer that divides
the two sides (0.5 for probabilities, None where an answer is only inside or outside), and ``text``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from detente.case._words import EstimativeWords


@dataclass(frozen=True, slots=True)
class StatedInterval:
    """An interval that the analyst gives."""

    low: float
    high: float
    even: float | None = None

    @property
    def text(self) -> str:
        """Both ends."""
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class OneSidedBound:
    """A bound such as ``< 0.2`` on an answer that lies between ``least`` and ``most``.

    A strict bound stops at the next number of the machine.

    Examples
    --------
    >>> bound = OneSidedBound("<", 0.2, 0.0, 1.0, 0.5)
    >>> bound.text, bound.low, bound.high < 0.2
    ('< 0.2', 0.0, True)
    """

    sign: str
    value: float
    least: float = -math.inf
    most: float = math.inf
    even: float | None = None

    @property
    def end(self) -> float:
        """The last number that keeps the bound."""
        if self.sign.endswith("="):
            return self.value
        return math.nextafter(self.value, -math.inf if self.sign == "<" else math.inf)

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.least if "<" in self.sign else self.end

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.end if "<" in self.sign else self.most

    @property
    def text(self) -> str:
        """The sign and the value."""
        return f"{self.sign} {self.value:g}"


@dataclass(frozen=True, slots=True)
class ExpectedTruth:
    """A yes or a no."""

    holds: bool
    even: float | None = None

    @property
    def low(self) -> float:
        """1 for a yes, 0 for a no."""
        return float(self.holds)

    high = low

    @property
    def text(self) -> str:
        """As a case file has it."""
        return str(self.holds).lower()


ExpectedAnswer = StatedInterval | EstimativeWords | OneSidedBound | ExpectedTruth
