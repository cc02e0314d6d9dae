"""A box: intervals of numbers and sets of levels that inputs are restricted to, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.text import Result, listed, show
from detente.values import Bools, Floats, plain_fields


@dataclass(frozen=True, slots=True)
class Restriction(Result):
    """One input of a box, and how sure it is that it belongs there.

    Attributes
    ----------
    name : str
    column : int
        Its place among the inputs.
    low, high : float
        The interval kept; infinite on an open side.
    allowed : tuple of str
        The levels kept, for a categorical input; empty for a number.
    places : tuple of int
        The same as indices.
    unit : str
    quasi_p : float
        Chance of as many hits in the box, or more, were this restriction without effect (one-sided
        binomial, Bryant & Lempert 2010), from draws that the box was not found on, the greater of
        two for an interval with two ends; nan before that.
    frequency : float
        Share of the resamples that restrict this input; nan without resamples.
    """

    name: str
    column: int
    low: float = -np.inf
    high: float = np.inf
    allowed: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    unit: str = ""
    quasi_p: float = np.nan
    frequency: float = np.nan

    def holds(self, column: Floats) -> Bools:
        """Return where values of this input are inside."""
        if self.allowed:
            return np.isin(column, self.places)
        return np.asarray((column > self.low) & (column < self.high))

    def __str__(self) -> str:
        """Return the restriction in words, with its unit."""
        if self.allowed:
            return f"{self.name} is {' or '.join(self.allowed)}"
        unit = f" ({self.unit})" if self.unit else ""
        if np.isinf(self.high):
            return f"{self.name} > {show(self.low, 'fine')}{unit}"
        if np.isinf(self.low):
            return f"{self.name} < {show(self.high, 'fine')}{unit}"
        return f"{show(self.low, 'fine')} < {self.name} < {show(self.high, 'fine')}{unit}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON; an open side is None."""
        return {
            **plain_fields(self, "name", "low", "high"),
            "allowed": list(self.allowed) or None,
            **plain_fields(self, "unit", "quasi_p", "frequency"),
        }


@dataclass(frozen=True, slots=True)
class Box(Result):
    """Restrictions that hold together, and what lies inside.

    Attributes
    ----------
    restrictions : tuple of Restriction
    draws, inside, hits, hits_inside : int
        Draws in all and inside; those where it happens, in all and inside.
    """

    restrictions: tuple[Restriction, ...]
    draws: int
    inside: int
    hits: int
    hits_inside: int

    @property
    def coverage(self) -> float:
        """Share of the hits that lie inside."""
        return self.hits_inside / self.hits if self.hits else 0.0

    @property
    def density(self) -> float:
        """Share of the draws inside that are hits."""
        return self.hits_inside / self.inside if self.inside else 0.0

    @property
    def mass(self) -> float:
        """Share of the draws that lie inside."""
        return self.inside / self.draws if self.draws else 0.0

    def __str__(self) -> str:
        """Return the restrictions in words."""
        return in_words(self.restrictions)

    def to_dict(self) -> dict[str, Any]:
        """Return restrictions and counts, ready for JSON."""
        return {**plain_fields(self), **plain_fields(self, "coverage", "density", "mass")}


def inside(restrictions: Iterable[Restriction], inputs: Floats) -> Bools:
    """Return which draws lie in a box; inputs of shape (inputs, draws)."""
    mask = np.ones(inputs.shape[1], dtype=bool)
    for restriction in restrictions:
        mask &= restriction.holds(inputs[restriction.column])
    return mask


def box_of(restrictions: tuple[Restriction, ...], inputs: Floats, hits: Bools) -> Box:
    """Return the box with its counts over draws; inputs of shape (inputs, draws)."""
    mask = inside(restrictions, inputs)
    return Box(restrictions, hits.size, int(mask.sum()), int(hits.sum()), int((mask & hits).sum()))


def in_words(restrictions: Sequence[Restriction]) -> str:
    """Return the restrictions of a box in words."""
    return listed(list(map(str, restrictions))) if restrictions else "anywhere"
