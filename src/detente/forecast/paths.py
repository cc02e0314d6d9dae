"""Where things are expected to go: level shares and issue means at several times, in one pass.

One run of forward steps carries the start distribution to the last time; after each step only the
marginals of every variable and the means of every issue are kept, and each time mixes them with its
own Poisson weights. Cost: O(rate x years x transitions), whatever the number of times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.forecast.chain import Chain, Floats, advance, chain_of, ticks
from detente.forecast.start import start_distribution


@dataclass(frozen=True, eq=False)
class Paths:
    """Expected paths.

    Attributes
    ----------
    times : ndarray, (points,)
        Years from the start.
    shares : mapping of str to ndarray, (points, levels)
        By option and condition, the probability of each level.
    issues : mapping of str to ndarray, (points,)
        Means.
    """

    conflict: Conflict
    times: Floats
    shares: Mapping[str, Floats]
    issues: Mapping[str, Floats]

    def __str__(self) -> str:
        """Return the last point, a line a variable."""
        lines = [f"after {self.times[-1]:g} years"]
        for axis in self.conflict.space.axes:
            last = self.shares[axis.name][-1]
            lines.append(
                f"  {axis.name}: "
                + ", ".join(f"{name} {p:.0%}" for name, p in zip(axis.levels, last, strict=True))
            )
        lines += [f"  {name}: {series[-1]:.3g}" for name, series in self.issues.items()]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as lists, ready for JSON."""
        return {
            "times": self.times.tolist(),
            "shares": {name: share.tolist() for name, share in self.shares.items()},
            "issues": {name: series.tolist() for name, series in self.issues.items()},
        }

    def to_pandas(self) -> Any:
        """Return shares and issues by time as a DataFrame (needs pandas)."""
        import pandas as pd

        columns = {
            f"{axis.name} {level}": self.shares[axis.name][:, k]
            for axis in self.conflict.space.axes
            for k, level in enumerate(axis.levels)
        }
        return pd.DataFrame({**columns, **self.issues}, index=pd.Index(self.times, name="years"))


def expected_paths(
    equilibrium: Equilibrium, years: float, start: State | str | None = None, points: int = 21
) -> Paths:
    """Return how every option, condition and issue is expected to go.

    Parameters
    ----------
    equilibrium : Equilibrium
    years : float
    start : state, optional
        The status quo by default.
    points : int
        Number of times, evenly from 0 to ``years``.

    Returns
    -------
    Paths
    """
    if not (np.isfinite(years) and years > 0):
        raise InputError(f"years is {years}; it must be positive")
    if points < 2:
        raise InputError(f"points is {points}; give two or more")
    conflict = equilibrium.conflict
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    times = np.linspace(0.0, years, points)
    gauges, places = _gauges(chain, conflict)
    series = mix(chain, chain.over_live(weight), gauges, times)
    shares = {axis.name: series[:, places[axis.name]] for axis in conflict.space.axes}
    issues = {name: series[:, at.start] for name, at in places.items() if name not in shares}
    return Paths(conflict, times, shares, issues)


def distribution(
    equilibrium: Equilibrium, time: float, start: State | str | None = None
) -> NDArray[np.float64]:
    """Return the probability of each state after some years.

    Parameters
    ----------
    equilibrium : Equilibrium
    time : float
        Years, zero or more.
    start : state, optional
        The status quo by default.

    Returns
    -------
    ndarray
        Of the conflict's shape, sums to one; error at most `detente.forecast.chain.TAIL`.
    """
    if not (np.isfinite(time) and time >= 0):
        raise InputError(f"time is {time}; it must be zero or more years")
    conflict = equilibrium.conflict
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    first, weights = ticks(chain.rate * time)
    now = chain.over_live(weight)
    total = np.zeros_like(now)
    following = np.empty_like(now)
    for n in range(first + weights.size):
        if n > 0:
            advance(chain.back.indptr, chain.back.indices, chain.back.data, now, following)
            now, following = following, now
        if n >= first:
            total += weights[n - first] * now
    full = np.zeros(conflict.size)
    full[chain.live] = total
    return full.reshape(conflict.shape)


def mix(chain: Chain, start: Floats, gauges: Floats, times: Floats) -> Floats:
    """Return the expected gauges at each time, (times, gauges)."""
    clocks = [ticks(chain.rate * t) for t in times]
    steps = max(first + weights.size for first, weights in clocks)
    read = np.empty((steps, gauges.shape[0]))
    now, following = start.copy(), np.empty_like(start)
    for n in range(steps):
        if n > 0:
            advance(chain.back.indptr, chain.back.indices, chain.back.data, now, following)
            now, following = following, now
        read[n] = np.einsum("gs,s->g", gauges, now)
    return np.stack([weights @ read[first : first + weights.size] for first, weights in clocks])


def _gauges(chain: Chain, conflict: Conflict) -> tuple[Floats, dict[str, slice]]:
    rows: list[NDArray[np.float64]] = []
    places: dict[str, slice] = {}
    for axis in conflict.space.axes:
        level = chain.over_live(conflict.space.levels[axis.name])
        places[axis.name] = slice(len(rows), len(rows) + len(axis.levels))
        rows += [(level == k).astype(np.float64) for k in range(len(axis.levels))]
    for name, value in conflict.numbers.items():
        if np.ndim(value) > 0:
            places[name] = slice(len(rows), len(rows) + 1)
            rows.append(chain.over_live(value).astype(np.float64))
    return np.stack(rows), places
