"""The sides of a phase diagram: a parameter over its range, or an option with its levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case import Case
from detente.errors import InputError
from detente.text import Result, show, suggestion


@dataclass(frozen=True, slots=True)
class DiagramAxis(Result):
    """One side of a phase diagram.

    Attributes
    ----------
    name : str
    values : tuple of float
        Of a parameter; level indices of an option or condition.
    levels : tuple of str
        Names of those levels; empty for a parameter.
    base : float
        The stated value, or today's level.
    low, high : float
        The stated range; all levels for an option.
    unit : str
    """

    name: str
    values: tuple[float, ...]
    levels: tuple[str, ...]
    base: float
    low: float
    high: float
    unit: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The values in words."""
        return self.levels or tuple(show(value, "fine") for value in self.values)

    def to_dict(self) -> dict[str, Any]:
        """Return the side, ready for JSON."""
        base = self.levels[int(self.base)] if self.levels else self.base
        points = list(self.levels or self.values)
        told = {"name": self.name, "points": points, "base": base, "unit": self.unit}
        return told if self.levels else {**told, "range": [self.low, self.high]}


def sides_of(
    case: Case, x: str, y: str, points: int, spans: Mapping[str, tuple[float, float]] | None
) -> list[DiagramAxis]:
    """Return both sides, x first."""
    if x == y:
        raise InputError(f"both axes are {x}; choose another for one of them")
    if points < 2:
        raise InputError("give two points or more along an axis")
    return [_side(case, name, points, dict(spans or {})) for name in (x, y)]


def _side(case: Case, name: str, points: int, spans: dict[str, tuple[float, float]]) -> DiagramAxis:
    variables = {o.full_name: o.levels for actor in case.actors for o in actor.options}
    variables |= {condition.name: condition.levels for condition in case.conditions}
    if name in variables:
        levels = variables[name]
        indices = tuple(map(float, range(len(levels))))
        return DiagramAxis(name, indices, levels, case.status_quo[name], 0, len(levels) - 1, "")
    if name not in case.parameters:
        hint = suggestion(name, [*case.parameters, *variables], "name")
        raise InputError(f"{case.name} has no parameter or option {name!r}; {hint}")
    parameter = case.parameters[name]
    low, high = parameter.low, parameter.high
    if parameter.distribution == "choices":
        low, high = min(parameter.choices), max(parameter.choices)
    start, end = spans.get(name, (low, high))
    if not start < end:
        raise InputError(
            f"{name} has no range to vary over ({start:g} to {end:g}); give one, as {name}=LOW:HIGH"
        )
    if parameter.distribution == "loguniform" and start > 0:
        values = np.geomspace(start, end, points)
    else:
        values = np.linspace(start, end, points)
    return DiagramAxis(name, tuple(values.tolist()), (), parameter.value, low, high, parameter.unit)
