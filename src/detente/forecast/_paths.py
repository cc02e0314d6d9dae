"""Where things are expected to go: shares, means and quantiles at several times, in one pass.

One run of forward steps carries the start distribution to the last time; each time mixes the steps
with its own Poisson weights. From its distribution the marginals of every variable, the means of
every issue and the quantiles of issues and ordered variables are read. Cost: O(rate x years x
transitions), and O(states) for each time and issue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.forecast._chain import TAIL, Chain, chain_of, ticks_of_all
from detente.forecast._march import multiplier
from detente.forecast._start import Start, start_distribution
from detente.forecast._until import ROUNDING
from detente.text import Result, show
from detente.values import Floats, data_frame, plain_fields


@dataclass(frozen=True, eq=False)
class ExpectedPaths(Result):
    """Expected paths.

    Attributes
    ----------
    times : ndarray, (points,)
        Years from the start.
    shares : mapping of str to ndarray, (points, levels)
        By option and condition, the probability of each level.
    issues : mapping of str to ndarray, (points,)
        Means.
    probabilities : tuple of float
        Of the quantiles.
    quantiles : mapping of str to ndarray, (points, probabilities)
        By issue, the least value with at least that probability at or below it; by ordered variable
        with more than one level likewise, as the number of its level.
    error : float
        Bound on the error of a share; that of a mean is at most so much times the issue's largest
        value.
    """

    conflict: Conflict
    times: Floats
    shares: Mapping[str, Floats]
    issues: Mapping[str, Floats]
    probabilities: tuple[float, ...] = ()
    quantiles: Mapping[str, Floats] = field(default_factory=dict)
    error: float = 0.0

    def __str__(self) -> str:
        """Return the last point, one line per variable."""
        last = {name: share[-1] for name, share in self.shares.items()}
        lines = [f"after {self.times[-1]:g} years", *self.conflict.space.share_lines(last)]
        lines += [f"  {name}: {show(series[-1], 'fine')}" for name, series in self.issues.items()]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as lists, ready for JSON."""
        names = ("times", "shares", "issues", "probabilities", "quantiles", "error")
        return plain_fields(self, *names)

    def to_pandas(self) -> Any:
        """Return shares and issues by time as a DataFrame (needs pandas)."""
        columns = {
            f"{axis.name} {level}": self.shares[axis.name][:, k]
            for axis in self.conflict.space.axes
            for k, level in enumerate(axis.levels)
        }
        return data_frame({**columns, **self.issues}, self.times, name="years")


def expected_paths(
    equilibrium: Equilibrium,
    years: float,
    start: Start | None = None,
    points: int = 21,
    probabilities: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
) -> ExpectedPaths:
    """Return how every option, condition and issue is expected to go.

    Parameters
    ----------
    equilibrium : Equilibrium
    years : float
    start : state, str, ndarray or Filtered, optional
        The status quo by default.
    points : int
        Number of times, evenly from 0 to ``years``.
    probabilities : sequence of float
        Of the quantiles; none where it is empty.

    Raises
    ------
    InputError
        When the years, the points, the probabilities or the start is wrong.
    """
    if not (np.isfinite(years) and years > 0):
        raise InputError(f"years is {years}; it must be positive")
    if points < 2:
        raise InputError(f"points is {points}; give two or more")
    wrong = [p for p in probabilities if not 0.0 < p < 1.0]
    if wrong:
        raise InputError(f"probability {wrong[0]} of a quantile; it must lie between 0 and 1")
    conflict = equilibrium.conflict
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    times = np.linspace(0.0, years, points)
    return paths_over(chain, chain.over_live(weight).astype(np.float64), times, probabilities)


def paths_over(
    chain: Chain, start: Floats, times: Floats, probabilities: Sequence[float] = ()
) -> ExpectedPaths:
    """Return how things are expected to go at some times, from probabilities over a chain."""
    conflict = chain.conflict
    spread = carry(chain, start, times)
    shares: dict[str, Floats] = {}
    issues: dict[str, Floats] = {}
    quantiles: dict[str, Floats] = {}
    for axis in conflict.space.axes:
        level = chain.over_live(conflict.space.levels[axis.name])
        count = len(axis.levels)
        shares[axis.name] = _masses(level, spread, count)
        if probabilities and axis.ordered and count > 1:
            quantiles[axis.name] = _quantiles(
                np.arange(float(count)), shares[axis.name], probabilities
            )
    for name, value in conflict.numbers.items():
        if np.ndim(value) > 0:
            series = chain.over_live(value).astype(np.float64)
            issues[name] = spread @ series
            if not probabilities:
                continue
            values, place = np.unique(series, return_inverse=True)
            masses = _masses(place.reshape(-1), spread, values.size)
            quantiles[name] = _quantiles(values, masses, probabilities)
    error = TAIL + ROUNDING * (10.0 + chain.rate * times[-1])
    return ExpectedPaths(conflict, times, shares, issues, tuple(probabilities), quantiles, error)


def distribution(equilibrium: Equilibrium, time: float, start: Start | None = None) -> Floats:
    """Return the probability of each state after some years.

    Parameters
    ----------
    equilibrium : Equilibrium
    time : float
        Years, zero or more.
    start : state, str, ndarray or Filtered, optional
        The status quo by default.

    Returns
    -------
    ndarray
        Of the conflict's shape, sums to one; error at most `detente.forecast._chain.TAIL`.
    """
    if not (np.isfinite(time) and time >= 0):
        raise InputError(f"time is {time}; it must be zero or more years")
    conflict = equilibrium.conflict
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    full = np.zeros(conflict.size)
    now = chain.over_live(weight).astype(np.float64)
    full[chain.live] = carry(chain, now, np.array([time]))[0]
    return full.reshape(conflict.shape)


def carry(chain: Chain, start: Floats, times: Floats) -> Floats:
    """Return the distribution at each time, (times, states), from a start distribution."""
    first, mixed = ticks_of_all([chain.rate * t for t in times])
    total = np.zeros((mixed.shape[1], start.size))
    forward, now = multiplier(chain.back), start
    for n in range(first + len(mixed)):
        if n > 0:
            now = forward(now)
        if n >= first:
            _add(mixed[n - first], now, total)
    return total


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add(shares, now, total):  # type: ignore[no-untyped-def]
    """Add to each total its share of what is now."""
    for k in range(shares.size):
        if shares[k] != 0.0:
            for s in range(now.size):
                total[k, s] += shares[k] * now[s]


def _masses(place: NDArray[np.intp], spread: Floats, count: int) -> Floats:
    """Return the probability at each place, (points, places)."""
    return np.array([np.bincount(place, now, count) for now in spread], dtype=np.float64)


def _quantiles(values: Floats, masses: Floats, probabilities: Sequence[float]) -> Floats:
    """Return the least values whose cumulative mass is a probability, (points, probabilities)."""
    below = np.cumsum(masses, axis=1)
    places = [np.searchsorted(row, np.array(probabilities) - 1e-12) for row in below]
    return np.asarray(values[np.minimum(places, values.size - 1)], dtype=np.float64)
