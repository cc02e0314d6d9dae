"""What whole sample paths show: the order of events, counts of changes, quantiles over time.

Everything is counted on exact paths, so that the only error is that of sampling; where a share is
given, its standard error comes along. Cost: O(visits) each, and a sort of what is ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from detente.engine import poll, stop_flag
from detente.errors import InputError
from detente.expression import ExpressionError, compile_formula
from detente.text import Result, show, table
from detente.values import Bools, Floats, Ints, data_frame, plain, plain_fields

if TYPE_CHECKING:
    from detente.forecast._simulate import Simulation

_SHOWN = 6


@dataclass(frozen=True, eq=False)
class Order(Result):
    """Which of several formulas comes true first, and in which order the others follow.

    Attributes
    ----------
    formulas : tuple of str
    time : ndarray, (paths, formulas)
        When each formula first holds (years), inf where it does not within the simulation.
    years : float
    """

    formulas: tuple[str, ...]
    time: Floats
    years: float

    @property
    def first(self) -> Mapping[str, float]:
        """Share of paths on which each formula alone comes first."""
        return dict(zip(self.formulas, self._alone.mean(axis=0).tolist(), strict=True))

    @property
    def together(self) -> float:
        """Share of paths on which several come first at the same moment."""
        return float((self._leads & ~self._alone).any(axis=1).mean())

    @property
    def none(self) -> float:
        """Share of paths on which none happens."""
        return float(np.isinf(self.time).all(axis=1).mean())

    @cached_property
    def _leads(self) -> Bools:
        best = self.time.min(axis=1, keepdims=True)
        leads: Bools = (self.time == best) & np.isfinite(best)
        return leads

    @cached_property
    def _alone(self) -> Bools:
        alone: Bools = self._leads & (self._leads.sum(axis=1, keepdims=True) == 1)
        return alone

    def sequences(self) -> tuple[tuple[tuple[str, ...], float], ...]:
        """Return the orders in which formulas came true, with their shares, most frequent first.

        Formulas that never do are left out; those of one moment stand in the order asked.
        """
        rank = np.argsort(self.time, axis=1, kind="stable")
        happened = np.isfinite(np.take_along_axis(self.time, rank, axis=1))
        found, count = np.unique(np.where(happened, rank, -1), axis=0, return_counts=True)
        share = count / len(self.time)
        return tuple(
            (tuple(self.formulas[k] for k in found[n] if k >= 0), float(share[n]))
            for n in np.argsort(-share, kind="stable")
        )

    def __str__(self) -> str:
        """Return one line per formula."""
        paths = len(self.time)
        lines = [f"which comes first, {paths:,} paths of {self.years:g} years"]
        rows = [*self.first.items(), ("several at the same moment", self.together)]
        rows += [("none of them", self.none)]
        for name, share in rows:
            if name in self.formulas or share > 0.0:
                error = _standard_error(share, paths)
                told = f"{show(share, 'tenths'):>6} (standard error {show(error, 'tenths')})"
                lines.append(f"  {told}  {name}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the shares, ready for JSON."""
        return {
            "paths": len(self.time),
            **plain_fields(self, "years", "first", "together", "none"),
            "sequences": [{"order": list(o), "share": s} for o, s in self.sequences()],
        }

    def to_pandas(self) -> Any:
        """Return the time of each formula on each path as a DataFrame (needs pandas)."""
        return data_frame(self.time, range(len(self.time)), name="path", columns=self.formulas)


def order(simulation: Simulation, *formulas: str) -> Order:
    """Say which of several formulas comes true first.

    Parameters
    ----------
    simulation : Simulation
    *formulas : str
        State formulas; one that holds at the start comes at time 0.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     {"us": {"go": 2}, "china": {"go": 2}}, {"us": [[0, 0]] * 2, "china": [[0, 0]] * 2},
    ...     rates={"us": 2.0, "china": 8.0},
    ... )
    >>> drawn = conflict.equilibrium().simulate(10000, 20.0, 0, rng=1)
    >>> first = drawn.order("us.go == 1", "china.go == 1").first
    >>> {formula: round(share, 1) for formula, share in first.items()}
    {'us.go == 1': 0.2, 'china.go == 1': 0.8}
    """
    if not formulas:
        raise InputError("order needs formulas; give two or more")
    columns = []
    for formula in formulas:
        first = np.full(simulation.paths, np.inf)
        holds = simulation.conflict.where(formula).reshape(-1)
        _first_times(simulation.path, simulation.time, simulation.state, holds, stop_flag(), first)
        poll()
        columns.append(first)
    return Order(formulas, np.stack(columns, axis=1), simulation.years)


@njit(cache=True, nogil=True)
def _first_times(path, time, state, holds, stop, first):  # type: ignore[no-untyped-def]
    """Write when each path first visits a state that holds."""
    for k in range(path.size):
        if stop[0]:
            return
        if holds[state[k]] and time[k] < first[path[k]]:
            first[path[k]] = time[k]


@dataclass(frozen=True, eq=False)
class Changes(Result):
    """How often each actor and each condition changes something.

    Attributes
    ----------
    names : tuple of str
        Actors, then conditions.
    count : ndarray of int, (paths, names)
    years : float
    """

    names: tuple[str, ...]
    count: Ints
    years: float

    @property
    def mean(self) -> Mapping[str, float]:
        """Changes per path, on average."""
        return dict(zip(self.names, self.count.mean(axis=0).tolist(), strict=True))

    def __str__(self) -> str:
        """Return one line per name."""
        paths = len(self.count)
        lines = [f"changes on a path of {self.years:g} years, {paths:,} paths"]
        width = max(map(len, self.names))
        spread = np.quantile(self.count, (0.05, 0.95), axis=0)
        error = self.count.std(axis=0) / np.sqrt(paths)
        for k, (name, mean) in enumerate(self.mean.items()):
            lines.append(
                f"  {name:{width}}  {show(mean, 'fine')} on average (standard error "
                f"{show(error[k], 'fine', 1)}), "
                f"{spread[0, k]:g} to {spread[1, k]:g} on nine paths of ten"
            )
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the averages, ready for JSON."""
        return {"paths": len(self.count), "years": self.years, "mean": dict(self.mean)}

    def to_pandas(self) -> Any:
        """Return the count on each path as a DataFrame (needs pandas)."""
        return data_frame(self.count, range(len(self.count)), name="path", columns=self.names)


def changes(simulation: Simulation) -> Changes:
    """Count the changes that each actor and each condition makes on each path.

    Parameters
    ----------
    simulation : Simulation

    Returns
    -------
    Changes
        A move that changes several options of its actor counts once.
    """
    space = simulation.conflict.space
    blocks = [space.block(actor)[1:] for actor in space.actors]
    blocks += [(space.shape[k], space.strides[k]) for k in space.conditions]
    names = (*space.actors, *(space.axes[k].name for k in space.conditions))
    jump = np.ones(simulation.path.size, dtype=bool)
    jump[simulation.begin] = False
    to = np.flatnonzero(jump)
    path, here, there = simulation.path[to], simulation.state[to - 1], simulation.state[to]
    columns = []
    for own, after in blocks:
        moved = (here // after) % own != (there // after) % own
        columns.append(np.bincount(path[moved], minlength=simulation.paths))
    return Changes(names, np.stack(columns, axis=1), simulation.years)


@dataclass(frozen=True, eq=False)
class Quantiles(Result):
    """How a number spreads over the paths, time by time.

    Attributes
    ----------
    number : str
    times : ndarray, (points,)
        Years from the start.
    levels : tuple of float
    values : ndarray, (points, levels)
    mean : ndarray, (points,)
    paths : int
    """

    number: str
    times: Floats
    levels: tuple[float, ...]
    values: Floats
    mean: Floats
    paths: int

    def __str__(self) -> str:
        """Return one line per time, a few of them."""
        rows = [["years", "mean", *(show(level, "share") for level in self.levels)]]
        for t in np.unique(np.linspace(0, len(self.times) - 1, _SHOWN).astype(int)):
            values = (show(value, "fine") for value in (self.mean[t], *self.values[t]))
            rows.append([f"{self.times[t]:g}", *values])
        head = f"{self.number} on {self.paths:,} paths"
        return "\n".join([head, *table(rows, ">8", " ", "  ")])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as lists, ready for JSON."""
        quantiles = {f"{level:g}": plain(self.values[:, k]) for k, level in enumerate(self.levels)}
        return {**plain_fields(self, "number", "paths", "times", "mean"), "quantiles": quantiles}

    def to_pandas(self) -> Any:
        """Return quantiles by time as a DataFrame (needs pandas)."""
        columns = {f"{level:g}": self.values[:, k] for k, level in enumerate(self.levels)}
        return data_frame({"mean": self.mean, **columns}, self.times, name="years")


def quantiles(
    simulation: Simulation,
    number: str,
    times: Sequence[float] | Floats | None = None,
    levels: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
) -> Quantiles:
    """Return quantiles of a number over the paths, time by time.

    Parameters
    ----------
    simulation : Simulation
    number : str
        An issue, or any formula with a number for a value.
    times : sequence of float, optional
        Years from the start; 21 of them, evenly, by default.
    levels : sequence of float
        Shares between 0 and 1.

    Returns
    -------
    Quantiles
        Each is a value that occurs (the smallest that the share does not exceed).
    """
    conflict = simulation.conflict
    try:
        formula = compile_formula(number, conflict.namespace, "number")
    except ExpressionError as error:
        raise InputError(f"number {number!r}, column {error.start + 1}: {error}") from None
    if not levels or not all(0 <= level <= 1 for level in levels):
        raise InputError(f"levels are {tuple(levels)}; give shares between 0 and 1")
    clock = np.linspace(0.0, simulation.years, 21) if times is None else np.array(times, float)
    if clock.size == 0:
        raise InputError("times is empty; give at least one")
    value = np.broadcast_to(formula.evaluate(conflict.values), conflict.shape).reshape(-1)
    series = np.stack([value[simulation.at(float(t))] for t in clock]).astype(np.float64)
    spread = np.quantile(series, levels, axis=1, method="inverted_cdf").T
    return Quantiles(number, clock, tuple(levels), spread, series.mean(axis=1), simulation.paths)


def _standard_error(share: float, sample: int) -> float:
    return float(np.sqrt(share * (1.0 - share) / sample))
