"""What differs between two sides: claims, stability, and where things go.

Where both sides have the same draws, each difference is taken draw by draw and then summed up,
median and the range of 90 % of the draws, so that what moves both sides alike drops out. Claims
come in the order of what differs most: another word first, then medians by how far they moved
against the mean width of the two 90 % ranges.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.case import Claim
from detente.claims import Verdict, kind_of
from detente.comparison._side import Side
from detente.text import Kind
from detente.values import Floats

ROUNDING = 1e-9
"""Differences up to this size are the solver's."""

What = Literal["word", "median", "same", "only A", "only B"]
_ORDER: tuple[What, ...] = ("word", "median", "same", "only A", "only B")


@dataclass(frozen=True, slots=True)
class Difference:
    """B less A over common draws: median, the range of 90 % of the draws, and their number."""

    median: float
    most: tuple[float, float]
    draws: int


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """One claim, or two of the same id, on both sides.

    Attributes
    ----------
    claim : Claim
        As A has it, or else B.
    a, b : Verdict or None
        None where a side does not ask it.
    paired : Difference or None
        Where both sides have the same draws and ask in the same measure.
    """

    claim: Claim
    a: Verdict | None
    b: Verdict | None
    paired: Difference | None = None

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.claim.id

    @property
    def kind(self) -> Kind:
        """How its answers are printed."""
        return kind_of(self.claim)

    @property
    def shift(self) -> float:
        """Median of B less that of A; nan where one has none or they are measured otherwise."""
        if self.a is None or self.b is None or kind_of(self.b.claim) != kind_of(self.a.claim):
            return math.nan
        return self.b.median - self.a.median

    @property
    def size(self) -> float:
        """How far the median moved against the mean width of both 90 % ranges."""
        if self.a is None or self.b is None or math.isnan(self.shift):
            return 0.0
        width = sum(high - low for low, high in (self.a.most, self.b.most)) / 2
        moved = 0.0 if abs(self.shift) <= ROUNDING else abs(self.shift)
        return moved / width if width > ROUNDING else math.copysign(math.inf, moved) * bool(moved)

    @property
    def what(self) -> What:
        """Whether the word differs, else the numbers, or the claim is asked on one side only."""
        if self.a is None or self.b is None:
            return "only B" if self.a is None else "only A"
        if self.a.word != self.b.word:
            return "word"
        one = (self.a.median, *self.a.half, *self.a.most, *self.a.counts.values())
        other = (self.b.median, *self.b.half, *self.b.most, *self.b.counts.values())
        equal = len(one) == len(other) and np.allclose(one, other, 0, ROUNDING, equal_nan=True)
        spread = self.paired is not None and max(map(abs, self.paired.most)) > ROUNDING
        return "median" if not equal or spread else "same"


@dataclass(frozen=True, slots=True)
class StableChange:
    """How many states are stable for an actor under a concept, and whether today's is.

    ``actor`` is empty for states that are stable for everyone; None where a side has no such actor.
    """

    concept: str
    actor: str
    a: int | None
    b: int | None
    today_a: bool | None
    today_b: bool | None

    @property
    def differs(self) -> bool:
        """Whether the two sides differ."""
        return (self.a, self.today_a) != (self.b, self.today_b)


@dataclass(frozen=True, slots=True)
class LevelChange:
    """Probability of one level at the end, at the stated values; None where a side lacks it."""

    variable: str
    level: str
    a: float | None
    b: float | None
    paired: Difference | None = None

    @property
    def shift(self) -> float:
        """B less A; nan where one lacks it."""
        return math.nan if self.a is None or self.b is None else self.b - self.a

    @property
    def differs(self) -> bool:
        """Whether the two sides differ."""
        return not abs(self.shift) <= ROUNDING


def claim_changes(a: Side, b: Side, paired: bool) -> tuple[ClaimChange, ...]:
    """Return every claim that is asked on either side, what differs most first."""
    found = []
    for name in dict.fromkeys([*a.claims, *b.claims]):
        one, other = a.verdicts.get(name), b.verdicts.get(name)
        difference = None
        if paired and one and other and kind_of(one.claim) == kind_of(other.claim):
            difference = _difference(a.answers[name], b.answers[name])
        stated = one or other
        assert stated is not None
        found.append(ClaimChange(stated.claim, one, other, difference))
    return tuple(
        sorted(found, key=lambda change: (_ORDER.index(change.what), -change.size, change.id))
    )


def stable_changes(a: Side, b: Side) -> tuple[StableChange, ...]:
    """Return by concept and actor how many states are stable, and last for everyone."""
    found = []
    for concept, one in a.stable.items():
        other = b.stable[concept]
        for actor in dict.fromkeys([*one.states, *other.states]):
            here = [
                (side.states[actor], actor in side.holders) if actor in side.states else (None,) * 2
                for side in (one, other)
            ]
            (count, today), (count_b, today_b) = here
            found.append(StableChange(concept, actor, count, count_b, today, today_b))
        found.append(
            StableChange(concept, "", one.equilibria, other.equilibria, one.equilibrium,
                         other.equilibrium)
        )  # fmt: skip
    return tuple(found)


def level_changes(a: Side, b: Side, paired: bool) -> tuple[LevelChange, ...]:
    """Return where every variable is at the end, level by level."""
    here, there = _ends(a), _ends(b)
    found = []
    for variable, level in dict.fromkeys([*here, *there]):
        one, other = here.get((variable, level)), there.get((variable, level))
        difference = None
        if paired and one and other and variable in a.ends and variable in b.ends:
            difference = _difference(a.ends[variable][:, one[0]], b.ends[variable][:, other[0]])
        found.append(LevelChange(variable, level, one and one[1], other and other[1], difference))
    return tuple(found)


def _ends(side: Side) -> Mapping[tuple[str, str], tuple[int, float]]:
    """Return by variable and level the number of the level and its probability at the end."""
    return {
        (axis.name, level): (k, float(side.paths.shares[axis.name][-1, k]))
        for axis in side.model.conflict.space.axes
        for k, level in enumerate(axis.levels)
    }


def _difference(a: Floats, b: Floats) -> Difference | None:
    moved = (b - a)[~np.isnan(b - a)]
    if moved.size == 0:
        return None
    low, median, high = np.quantile(
        np.where(np.abs(moved) <= ROUNDING, 0.0, moved), (0.05, 0.5, 0.95)
    )
    return Difference(float(median), (float(low), float(high)), int(moved.size))
