"""A table of bargaining of which nobody has said how sure its numbers are, with ranges for all.

A position may lie by a share of its scale to either side, salience and capability by a share of
themselves: uniform, cut at the ends of the scale, at the actor's red line and at a salience of 1. A
red line at the actor's position goes with it: the actor never moves. A capability that is the same
on all issues of an actor is one number. Cost: linear in the cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.bargaining import BargainingTable
from detente.engine import Seed, seed_of
from detente.errors import InputError
from detente.study._design import LAYOUTS, Design, Kind
from detente.text import show, suggestion

Cells = tuple[str, tuple[slice | int, slice | int]]


@dataclass(frozen=True, eq=False)
class TableRanges:
    """A table and the range of each of its numbers.

    Attributes
    ----------
    table : BargainingTable
    spread : float
        To either side.
    """

    table: BargainingTable
    spread: float

    def __post_init__(self) -> None:
        if not 0 < self.spread < 1:
            raise InputError(
                f"a spread of {show(self.spread, 'fine')}; give a share between 0 and 1, such as "
                "0.1"
            )

    @property
    def words(self) -> str:
        """What is drawn, in a sentence."""
        share = show(self.spread, "share")
        return (
            f"positions by {share} of the scale to either side, salience and capability by {share} "
            "of themselves, all cut at their limits"
        )

    @cached_property
    def inputs(self) -> Mapping[str, tuple[Cells, float, float]]:
        """By name, which cells an input fills, and its ends; only those that vary."""
        return {name: (cells, low, high) for name, cells, low, high in self._ranges() if low < high}

    def _ranges(self) -> Iterator[tuple[str, Cells, float, float]]:
        table = self.table
        reach = self.spread * (table.scale[:, 1] - table.scale[:, 0])
        for i, actor in enumerate(table.actors):
            issues = np.flatnonzero(table.party[i])
            strength = table.capability[i, issues]
            for k in issues.tolist():
                here = f"of {actor} on {table.issues[k]}"
                position, line = float(table.position[i, k]), float(table.red_line[i, k])
                low = max(table.scale[k, 0], position - reach[k])
                high = min(table.scale[k, 1], position + reach[k])
                if line < position:
                    low = max(low, line)
                elif line > position:
                    high = min(high, line)
                yield f"position {here}", ("position", (i, k)), float(low), float(high)
                low, high = self._around(float(table.salience[i, k]))
                yield f"salience {here}", ("salience", (i, k)), low, min(high, 1.0)
                if np.ptp(strength):
                    ends = self._around(float(table.capability[i, k]))
                    yield f"capability {here}", ("capability", (i, k)), *ends
            if issues.size and not np.ptp(strength):
                ends = self._around(float(strength[0]))
                yield f"capability of {actor}", ("capability", (i, slice(None))), *ends

    def _around(self, value: float) -> tuple[float, float]:
        return value * (1 - self.spread), value * (1 + self.spread)

    def design(self, draws: int, rng: Seed, kind: str) -> Design:
        """Return the draws, as `detente.study.make_design` does of a case."""
        known: dict[str, Kind] = {str(name): name for name in LAYOUTS}
        if kind not in known:
            raise InputError(
                f"there is no design {kind!r} for a table; {suggestion(kind, known, 'design')}"
            )
        seed, names = seed_of(rng), tuple(self.inputs)
        shares = LAYOUTS[known[kind]](draws, len(names), seed)
        low, high = (np.array([one[k] for one in self.inputs.values()]) for k in (1, 2))
        return Design(names, low + shares * (high - low), seed, known[kind], shares)

    def at(self, values: Mapping[str, float]) -> BargainingTable:
        """Return the table with some inputs at other values."""
        parts = {n: getattr(self.table, n).copy() for n in ("position", "salience", "capability")}
        for name, value in values.items():
            (part, cells), _, _ = self.inputs[name]
            parts[part][cells] = value
        stays = self.table.red_line == self.table.position
        line = np.where(stays, parts["position"], self.table.red_line)
        return replace(self.table, red_line=line, **parts)
