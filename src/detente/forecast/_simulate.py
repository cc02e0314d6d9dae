"""Exact sample paths of an equilibrium, and what is read off them.

See `detente.forecast._sampling` for how they are drawn and `detente.forecast._path_statistics` for
questions about whole paths, which the exact answers do not cover.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State
from detente.engine import Seed, generator_of
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.forecast._durations import Durations, recurrences, spells
from detente.forecast._path_statistics import Changes, Order, Quantiles, changes, order, quantiles
from detente.forecast._sampling import alias_tables, in_blocks
from detente.forecast._start import start_distribution
from detente.text import Result
from detente.values import Bools, Floats, data_frame

Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Simulation(Result):
    """Sample paths.

    Attributes
    ----------
    conflict : Conflict
    path, time, state : ndarray
        One row per visit, in order: the number of the path, when the state was entered (years), and
        its flat index. Every path's first row is its start at time 0.
    years : float
        How long each path was followed.
    """

    conflict: Conflict
    path: Ints
    time: Floats
    state: Ints
    years: float

    @property
    def paths(self) -> int:
        """How many paths there are."""
        return int(self.path[-1]) + 1

    @cached_property
    def begin(self) -> NDArray[np.int64]:
        """The row of every path's first visit."""
        return np.searchsorted(self.path, np.arange(self.paths, dtype=self.path.dtype))

    @cached_property
    def end(self) -> Floats:
        """When every visit ended, at the latest with the simulation (years)."""
        end = np.append(self.time[1:], self.years)
        end[self.begin[1:] - 1] = self.years
        return end

    def at(self, time: float) -> Ints:
        """Return the flat state of every path at a time."""
        if not 0 <= time <= self.years:
            raise InputError(f"time {time} is outside the simulated 0 to {self.years:g} years")
        entered = np.add.reduceat(self.time <= time, self.begin, dtype=np.int64)
        return self.state[self.begin + entered - 1]

    def where(self, formula: str) -> Bools:
        """Return for every visit whether a state formula holds there."""
        return self.conflict.where(formula).reshape(-1)[self.state]

    def share(self, formula: str) -> float:
        """Return the share of paths that visit a state with the formula."""
        return float(np.logical_or.reduceat(self.where(formula), self.begin).mean())

    def order(self, *formulas: str) -> Order:
        """Say which of several formulas comes true first; see `detente.forecast.order`."""
        return order(self, *formulas)

    def spells(self, formula: str) -> Durations:
        """Say for how long a formula holds at a time; see `detente.forecast.spells`."""
        return spells(self, formula)

    def recurrences(self, formula: str) -> Durations:
        """Say how long it takes until a formula comes true again; see `.recurrences`."""
        return recurrences(self, formula)

    def changes(self) -> Changes:
        """Count the changes that each actor and condition makes; see `detente.forecast.changes`."""
        return changes(self)

    def quantiles(
        self,
        number: str,
        times: Sequence[float] | Floats | None = None,
        levels: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
    ) -> Quantiles:
        """Return quantiles of a number over time; see `detente.forecast.quantiles`."""
        return quantiles(self, number, times, levels)

    def __str__(self) -> str:
        """Return one line."""
        jumps = self.state.size - self.paths
        return f"{self.paths:,} paths of {self.years:g} years, {jumps:,} jumps"

    def to_dict(self) -> dict[str, Any]:
        """Return what was simulated, ready for JSON; the paths themselves are in `to_pandas`."""
        return {
            "paths": self.paths,
            "years": self.years,
            "jumps": self.state.size - self.paths,
            "changes": self.changes().to_dict(),
        }

    def to_pandas(self) -> Any:
        """Return one row per visit with level names as a DataFrame (needs pandas)."""
        space = self.conflict.space
        positions = np.unravel_index(self.state, space.shape)
        levels = {
            axis.name: np.array(axis.levels)[positions[k]] for k, axis in enumerate(space.axes)
        }
        return data_frame({"path": self.path, "time": self.time, **levels})


def simulate(
    equilibrium: Equilibrium,
    paths: int,
    years: float,
    start: State | str | None = None,
    rng: Seed = None,
    workers: int | None = None,
) -> Simulation:
    """Draw sample paths of the chain.

    Parameters
    ----------
    equilibrium : Equilibrium
    paths : int
    years : float
    start : state or str, optional
        A state, or a formula (each path starts at one of the states where it holds); the status quo
        by default.
    rng : int, numpy Generator or None
        Seed or generator.
    workers : int, optional
        Threads, one per processor by default; the paths do not depend on their number.

    Raises
    ------
    InputError
        When a number is out of range, or nothing feasible satisfies the start.
    SizeError
        When the paths do not fit into half of the free memory.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     {"us": {"offer": ["none", "some"]}}, {"us": [0.0, 1.0]}, rates={"us": 2.0}
    ... )
    >>> drawn = simulate(conflict.equilibrium(), paths=4000, years=5.0, start=0, rng=1)
    >>> bool(abs(drawn.share("us.offer == some") - 1.0) < 0.01)
    True

    See Also
    --------
    detente.forecast.probability : exact answers to what can be said as a temporal formula.
    """
    if paths < 1:
        raise InputError(f"paths is {paths}; give one or more")
    if not (np.isfinite(years) and years > 0):
        raise InputError(f"years is {years}; it must be positive")
    random = generator_of(rng)
    live = np.flatnonzero(equilibrium.conflict.feasible)
    weight = start_distribution(equilibrium.conflict, start).reshape(-1)[live]
    first = random.choice(live.size, size=paths, p=weight)
    tables = alias_tables(equilibrium.generator())
    label = live.astype(np.int32) if equilibrium.conflict.size < 2**31 else live
    path, time, state = in_blocks(tables, label, first, years, random, workers)
    return Simulation(equilibrium.conflict, path, time, state, years)
