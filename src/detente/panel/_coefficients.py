"""The shared numbers of a panel, what is held of them beforehand, and the formulas that read them.

A conflict's parameters are formulas of shared coefficients, of its own covariates and of what
varies about them. All are evaluated for all conflicts at once, and their slopes taken exactly
(`detente.expression.Formula.slope`). What varies has a normal distribution, which is replaced by
the nodes and weights of Gauss and Hermite, exact for polynomials up to twice their number.
Cost: a pass over conflicts times nodes for each coefficient.

Source: Abramowitz & Stegun 1964, section 25.4.46, for the nodes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

import numpy as np

from detente.expression import Formula
from detente.values import Floats


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A number that all conflicts of a panel share.

    Attributes
    ----------
    name : str
    value : float
        Where the search sets out.
    low, high : float
        Between which it lies; the same for one that is not fitted.
    distribution : {"uniform", "loguniform", "normal"}
        What is held of it beforehand, within that range.
    centre, sd : float
        Of ``normal``.
    reason : str
    """

    name: str
    value: float
    low: float
    high: float
    distribution: Literal["uniform", "loguniform", "normal"] = "uniform"
    centre: float = 0.0
    sd: float = 1.0
    reason: str = ""

    @property
    def fitted(self) -> bool:
        """Whether it can move."""
        return self.low < self.high

    def log_prior(self, value: float) -> tuple[float, float]:
        """Return the log density, up to a constant, and its slope."""
        match self.distribution:
            case "normal":
                away = (value - self.centre) / self.sd
                return -0.5 * away * away, -away / self.sd
            case "loguniform":
                return -math.log(value), -1.0 / value
        return 0.0, 0.0


class TemplateValues(NamedTuple):
    """Parameters of the template, (conflicts, nodes, parameters), and their slopes.

    ``slope`` is (conflicts, nodes, parameters, coefficients).
    """

    value: Floats
    slope: Floats


@dataclass(frozen=True, eq=False)
class SharedFormulas:
    """How the template's parameters follow from coefficients and covariates.

    Attributes
    ----------
    coefficients : tuple of Coefficient
    formulas : mapping of str to Formula
        By parameter of the template.
    spreads : mapping of str to Formula
        By name of what varies, of the coefficients.
    nodes : int
        To replace each normal distribution with.
    """

    coefficients: tuple[Coefficient, ...]
    formulas: Mapping[str, Formula]
    spreads: Mapping[str, Formula]
    nodes: int = 9

    def grid(self) -> tuple[Floats, Floats]:
        """Return nodes, (nodes, what varies), of standard normals, and weights that sum to one."""
        if not self.spreads:
            return np.zeros((1, 0)), np.ones(1)
        places, weights = np.polynomial.hermite_e.hermegauss(self.nodes)
        weights = weights / weights.sum()
        count = len(self.spreads)
        grid = np.array(list(product(places, repeat=count)))
        each = np.array(list(product(weights, repeat=count))).prod(axis=1)
        return grid, each

    def values(
        self, at: Floats, covariates: Mapping[str, Floats], conflicts: int
    ) -> TemplateValues:
        """Return the template's parameters in each conflict at each node, with slopes."""
        names = [one.name for one in self.coefficients]
        numbers: dict[str, float | Floats] = dict(zip(names, map(float, at), strict=True))
        grid, weights = self.grid()
        values = {**numbers, **{name: cells[:, None] for name, cells in covariates.items()}}
        apart = {}
        for k, (name, spread) in enumerate(self.spreads.items()):
            apart[name] = grid[:, k]
            values[name] = float(spread.evaluate(numbers)) * grid[:, k]
        shape = (conflicts, weights.size)
        found = np.empty((*shape, len(self.formulas)))
        slope = np.zeros((*shape, len(self.formulas), len(names)))
        moves: dict[str, dict[int, float | Floats]] = {
            one.name: {j: 1.0} for j, one in enumerate(self.coefficients) if one.fitted
        }
        for name, spread in self.spreads.items():
            speeds = spread.slopes(numbers, moves)
            moves[name] = {j: float(speed) * apart[name] for j, speed in speeds.items()}
        for m, formula in enumerate(self.formulas.values()):
            found[..., m] = np.broadcast_to(formula.evaluate(values), shape)
            for j, speed in formula.slopes(values, moves).items():
                slope[..., m, j] = np.broadcast_to(speed, shape)
        return TemplateValues(found, slope)
