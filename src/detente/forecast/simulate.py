"""Exact sample paths of the chain, jump by jump, without time steps (Gillespie 1977)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.conflict import Conflict, State
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.forecast.start import start_distribution


@dataclass(frozen=True, eq=False)
class Simulation:
    """Sample paths.

    Attributes
    ----------
    conflict : Conflict
    path, time, state : ndarray
        One row a visit, in order: the number of the path, when the state was entered (years), and
        its flat index. Every path's first row is its start at time 0.
    years : float
        How long each path was followed.
    """

    conflict: Conflict
    path: NDArray[np.int64]
    time: NDArray[np.float64]
    state: NDArray[np.int64]
    years: float

    def at(self, time: float) -> NDArray[np.int64]:
        """Return the flat state of every path at a time."""
        if not 0 <= time <= self.years:
            raise InputError(f"time {time} is outside the simulated 0 to {self.years:g} years")
        entered = self.time <= time
        last = np.append(self.path[entered][1:] != self.path[entered][:-1], True)
        found: NDArray[np.int64] = self.state[entered][last]
        return found

    def share(self, formula: str) -> float:
        """Return the share of paths that visit a state with the formula."""
        hit = self.conflict.where(formula).reshape(-1)[self.state]
        paths = int(self.path[-1]) + 1
        return float(np.unique(self.path[hit]).size / paths)

    def __str__(self) -> str:
        """Return one line."""
        paths = int(self.path[-1]) + 1
        return f"{paths:,} paths of {self.years:g} years, {self.state.size - paths:,} jumps"

    def to_pandas(self) -> Any:
        """Return one row a visit with level names as a DataFrame (needs pandas)."""
        import pandas as pd

        space = self.conflict.space
        positions = np.unravel_index(self.state, space.shape)
        levels = {
            axis.name: np.array(axis.levels)[positions[k]] for k, axis in enumerate(space.axes)
        }
        return pd.DataFrame({"path": self.path, "time": self.time, **levels})


def simulate(
    equilibrium: Equilibrium,
    paths: int,
    years: float,
    start: State | str | None = None,
    rng: Any = None,
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

    Returns
    -------
    Simulation
    """
    if paths < 1:
        raise InputError(f"paths is {paths}; give one or more")
    if not (np.isfinite(years) and years > 0):
        raise InputError(f"years is {years}; it must be positive")
    generator = equilibrium.generator()
    live = np.flatnonzero(equilibrium.conflict.feasible)
    weight = start_distribution(equilibrium.conflict, start).reshape(-1)[live]
    exits = -generator.diagonal()
    rows = np.repeat(np.arange(live.size), np.diff(generator.indptr))
    off = generator.indices != rows
    counts = np.bincount(rows[off], minlength=live.size)
    begin = np.concatenate([[0], np.cumsum(counts)])
    random = np.random.default_rng(rng)
    first = random.choice(live.size, size=paths, p=weight)
    path, time, state = run(
        begin, generator.indices[off].astype(np.int64), generator.data[off], exits,
        paths, years, first, random,
    )  # fmt: skip
    return Simulation(equilibrium.conflict, path, time, live[state], years)


@njit(cache=True, nogil=True)
def run(begin, column, rate, exits, paths, years, first, random):  # type: ignore[no-untyped-def]
    """Follow each path from jump to jump; rows of (path, time, state) grow as needed."""
    size = 4 * paths
    path, time = np.empty(size, dtype=np.int64), np.empty(size)
    state = np.empty(size, dtype=np.int64)
    used = 0
    for number in range(paths):
        now, here = 0.0, first[number]
        while True:
            if used == size:
                size *= 2
                path = np.concatenate((path, np.empty(size - used, dtype=np.int64)))
                time = np.concatenate((time, np.empty(size - used)))
                state = np.concatenate((state, np.empty(size - used, dtype=np.int64)))
            path[used], time[used], state[used] = number, now, here
            used += 1
            if exits[here] <= 0.0:
                break
            now += random.standard_exponential() / exits[here]
            if now >= years:
                break
            goal = random.random() * exits[here]
            chosen = begin[here + 1] - 1
            for k in range(begin[here], begin[here + 1]):
                goal -= rate[k]
                if goal <= 0.0:
                    chosen = k
                    break
            here = column[chosen]
    return path[:used], time[:used], state[:used]
