"""How long things take on sample paths: spells of a formula, and the time until it is true again.

Durations that the end of the simulation cuts short are not thrown away: quantiles are those of the
product-limit estimate (Kaplan & Meier 1958), as if a duration did not depend on when it began.
Cost: O(visits), and a sort of the durations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.text import Result, show
from detente.values import Bools, Floats, data_frame, plain, plain_fields

if TYPE_CHECKING:
    from detente.forecast._simulate import Simulation


@dataclass(frozen=True, eq=False)
class Durations(Result):
    """How long something takes, one row per time it began.

    Attributes
    ----------
    what : str
    path : ndarray of int
    begin, length : ndarray
        Years. What is on at the start of a path counts from there.
    complete : ndarray of bool
        Whether the end was seen; if not, ``length`` runs to the end of the simulation.
    paths : int
    years : float
    """

    what: str
    path: NDArray[np.integer[Any]]
    begin: Floats
    length: Floats
    complete: Bools
    paths: int
    years: float

    @property
    def a_path(self) -> float:
        """How many there are on a path, on average."""
        return len(self.length) / self.paths

    @property
    def share(self) -> float:
        """Share of all simulated time that they cover."""
        return float(self.length.sum() / (self.paths * self.years))

    @cached_property
    def survival(self) -> tuple[Floats, Floats]:
        """Lengths at which some end, and the share that lasts longer (product limit)."""
        length, inverse = np.unique(self.length, return_inverse=True)
        ended = np.bincount(inverse, weights=self.complete, minlength=length.size)
        left = np.bincount(inverse, weights=~self.complete, minlength=length.size)
        at_risk = np.cumsum((ended + left)[::-1])[::-1]
        kept = ended > 0
        lasting = np.cumprod(1.0 - ended[kept] / at_risk[kept]).astype(np.float64)
        return length[kept], lasting

    def quantile(self, level: float) -> float:
        """Return the length that a share of them does not exceed; inf where that is not seen."""
        if not 0 < level < 1:
            raise InputError(f"level is {level}; give a share between 0 and 1")
        length, lasting = self.survival
        reached = np.flatnonzero(lasting <= 1.0 - level + 1e-12)
        return float(length[reached[0]]) if reached.size else float("inf")

    def __str__(self) -> str:
        """Return two lines."""
        open_ended = int((~self.complete).sum())
        low, middle, high = (_years(self.quantile(p)) for p in (0.25, 0.5, 0.75))
        return (
            f"{self.what}: {self.length.size:,} on {self.paths:,} paths of {self.years:g} years, "
            f"{show(self.a_path, 'fine')} a path, {open_ended:,} unfinished at the end\n"
            f"  median {middle}, quartiles {low} and {high}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return counts and quantiles, ready for JSON; None for a quantile that is not seen."""
        levels = (0.05, 0.25, 0.5, 0.75, 0.95)
        return {
            **plain_fields(self, "what", "paths", "years"),
            "count": self.length.size,
            "unfinished": int((~self.complete).sum()),
            "share": self.share,
            "quantiles": {f"{level:g}": plain(self.quantile(level)) for level in levels},
        }

    def to_pandas(self) -> Any:
        """Return one row each as a DataFrame (needs pandas)."""
        return data_frame({n: getattr(self, n) for n in ("path", "begin", "length", "complete")})


def spells(simulation: Simulation, formula: str) -> Durations:
    """Say for how long a formula holds at a time.

    Parameters
    ----------
    simulation : Simulation
    formula : str
        A state formula.

    Returns
    -------
    Durations
        One row for each stretch of visits on which the formula holds without a break.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     {"us": {"offer": 2}}, {"us": [0.0, 0.0]}, rates={"us": 4.0}, precision={"us": 0.0}
    ... )
    >>> held = conflict.equilibrium().simulate(2000, 50.0, 0, rng=1).spells("us.offer == 1")
    >>> round(held.quantile(0.5), 1), round(0.5 * float(np.log(2.0)), 1)
    (0.3, 0.3)
    """
    first, last = _stretches(simulation, formula)
    begin = simulation.time[first]
    final = np.append(simulation.begin[1:], simulation.path.size) - 1
    path = simulation.path[first]
    length = simulation.end[last] - begin
    complete = last < final[path]
    return Durations(
        f"spells of {formula}", path, begin, length, complete, simulation.paths, simulation.years
    )


def recurrences(simulation: Simulation, formula: str) -> Durations:
    """Say how long it takes from when a formula comes true until it does so again.

    Parameters
    ----------
    simulation : Simulation
    formula : str
        A state formula.

    Returns
    -------
    Durations
        One row for each time that the formula came true (or held at the start of a path).
    """
    first, _ = _stretches(simulation, formula)
    begin, path = simulation.time[first], simulation.path[first]
    complete = np.append(path[1:] == path[:-1], False)[: path.size]
    following = np.append(begin[1:], simulation.years)[: path.size]
    length = np.where(complete, following, simulation.years) - begin
    return Durations(
        f"returns of {formula}", path, begin, length, complete, simulation.paths, simulation.years
    )


def _stretches(simulation: Simulation, formula: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first and the last visit of each unbroken run of visits where a formula holds."""
    holds = simulation.where(formula)
    opens = np.append(True, ~holds[:-1])
    opens[simulation.begin] = True
    closes = np.append(opens[1:], True) | np.append(~holds[1:], True)
    return np.flatnonzero(holds & opens), np.flatnonzero(holds & closes)


def _years(length: float) -> str:
    return f"{show(length, 'fine')} years" if np.isfinite(length) else "not within the paths"
