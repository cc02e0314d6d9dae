"""What would change an answer: the parameters that move it most, in words."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case.model import Claim
from detente.report.numbers import kind_of, show
from detente.study import Study

FAINT = 0.2
"""Rank correlations below this are not reported: with hundreds of draws they are barely seen."""


@dataclass(frozen=True, slots=True)
class Mover:
    """How one parameter moves one answer."""

    parameter: str
    verb: str
    low: str
    high: str

    @property
    def change(self) -> str:
        """The change in words, without the parameter's name."""
        return f"{self.verb} from {self.low} to {self.high}"


def movers(study: Study, claim: Claim, most: int) -> tuple[Mover, ...]:
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
    tuple of Mover
        Those whose rank correlation is at least `FAINT` and that show in the printed numbers.
    """
    kind = kind_of(claim)
    found = []
    for driver in study.drivers(claim.id):
        low, high = show(driver.low, kind), show(driver.high, kind)
        if abs(driver.correlation) < FAINT or low == high:
            continue
        verb = "rises" if driver.high > driver.low else "falls"
        found.append(Mover(driver.parameter, verb, low, high))
    return tuple(found[:most])
