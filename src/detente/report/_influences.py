"""What would change an answer: the parameters that move it most, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from detente.case import Claim
from detente.claims import kind_of
from detente.study import Study
from detente.text import show

FAINT = 0.2
"""Rank correlations below this are not reported: they move an answer little."""

CHANCE = 3.0
"""Nor are those below this many standard errors: among many parameters chance alone makes some."""


@dataclass(frozen=True, slots=True)
class Influence:
    """How one parameter moves one answer."""

    parameter: str
    verb: str
    low: str
    high: str

    @property
    def change(self) -> str:
        """The change in words, without the parameter's name."""
        return f"{self.verb} from {self.low} to {self.high}"


def influences(study: Study, claim: Claim, most: int) -> tuple[Influence, ...]:
    """Return the parameters that move the answer to a claim, strongest first.

    Parameters
    ----------
    study : Study
    claim : Claim
        One that is asked.
    most : int
        How many to return at most.

    Returns
    -------
    tuple of Influence
        Those whose rank correlation is neither faint nor what chance could give over so few
        draws, and that show in the printed numbers.
    """
    kind = kind_of(claim)
    least = max(FAINT, CHANCE / math.sqrt(max(study.verdict(claim.id).draws, 1)))
    found = []
    for driver in study.drivers(claim.id):
        low, high = show(driver.low, kind), show(driver.high, kind)
        if abs(driver.correlation) < least or low == high:
            continue
        verb = "rises" if driver.high > driver.low else "falls"
        found.append(Influence(driver.parameter, verb, low, high))
    return tuple(found[:most])
