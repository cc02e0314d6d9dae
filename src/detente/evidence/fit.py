"""The best fit to a record, and the profile likelihood of a parameter.

Parameters move as shares of their stated distributions, from 0 to 1, so the search needs no scale
and stays within the ranges; variants stay as they are. Powell's method needs no gradient. The
profile of a parameter holds it at several shares and fits all others again, each from its
neighbour's fit, outwards from the best; its 95 % interval is where the log likelihood is within
1.92 of the best (Wilks 1938), and a profile that never leaves that band says that the record does
not speak of the parameter. Cost: some hundred likelihoods a sweep for ten parameters; a profile as
many a point.

Source: Powell 1964; Raue and others 2009 for reading identifiability off profiles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.expression.error import suggestion
from detente.case.model import Case
from detente.errors import AnalysisError, InputError
from detente.evidence.filter import Start
from detente.evidence.likelihood import Problem, problem
from detente.evidence.prior import Prior, prior_of

Floats = NDArray[np.float64]

DROP = 1.920729
"""Half the 95 % quantile of chi-square with one degree of freedom."""

_EDGE = 1e-3
_NOTHING = -1e10
_SEEDS = 64


@dataclass(frozen=True, eq=False)
class Fit:
    """The best fit that was found.

    Attributes
    ----------
    parameters : mapping of str to float
    log_likelihood : float
    stated : float
        Log likelihood at the case's stated values; minus infinity where they give no chance.
    shares : ndarray, (parameters,)
        Of the stated distributions.
    evaluations : int
    settled : bool
        Whether the search ended by itself; else it ran out of evaluations.
    """

    parameters: Mapping[str, float]
    log_likelihood: float
    stated: float
    shares: Floats
    evaluations: int
    settled: bool

    def __str__(self) -> str:
        """Return the fit, a line a parameter."""
        wide = max(map(len, self.parameters))
        end = "" if self.settled else "; it may not be the best: more evaluations may find better"
        lines = [
            f"best log likelihood {self.log_likelihood:.2f}, stated values {self.stated:.2f}; "
            f"{self.evaluations} likelihoods{end}"
        ]
        lines += [
            f"  {name:<{wide}} {value:9.3g}  ({share:4.0%} of its range or distribution)"
            for (name, value), share in zip(self.parameters.items(), self.shares, strict=True)
        ]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the fit, ready for JSON."""
        return {
            "parameters": dict(self.parameters),
            "shares": self.shares.tolist(),
            "log_likelihood": self.log_likelihood,
            "stated": self.stated if math.isfinite(self.stated) else None,
            "evaluations": self.evaluations,
            "settled": self.settled,
        }


@dataclass(frozen=True, eq=False)
class Profile:
    """The profile likelihood of one parameter.

    Attributes
    ----------
    name : str
    values, log_likelihood : ndarray, (points,)
        At each value the best that all other parameters can do.
    best : float
        The largest of them all.
    interval : tuple of (float or None, float or None)
        95 %, by straight lines between the points; None where it reaches the end of the range.
    silent : bool
        Whether the record does not speak of the parameter: the whole range lies in the interval.
    evaluations : int
    """

    name: str
    values: Floats
    log_likelihood: Floats
    best: float
    interval: tuple[float | None, float | None]
    silent: bool
    evaluations: int

    def __str__(self) -> str:
        """Return the profile, a line a point."""
        low, high = self.interval
        ends = [
            "the low end of the range" if low is None else f"{low:.3g}",
            "the high end" if high is None else f"{high:.3g}",
        ]
        told = "the record does not speak of it" if self.silent else f"95 %: {' to '.join(ends)}"
        lines = [f"{self.name}: {told} ({self.evaluations} likelihoods)"]
        lines += [
            f"  {value:9.3g}  {level - self.best:8.2f}"
            for value, level in zip(self.values, self.log_likelihood, strict=True)
        ]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the profile, ready for JSON."""
        return {
            "name": self.name,
            "values": self.values.tolist(),
            "log_likelihood": [v if math.isfinite(v) else None for v in self.log_likelihood],
            "best": self.best,
            "interval": list(self.interval),
            "silent": self.silent,
            "evaluations": self.evaluations,
        }


def best_fit(
    case: Case,
    *,
    until: str | None = None,
    start: Start = "uniform",
    most: int = 2000,
    rng: int = 1,
) -> Fit:
    """Return the parameters within their ranges at which the record is likeliest.

    Parameters
    ----------
    case : Case
    until : str or datetime.date, optional
        The last day that may be known.
    start : {"uniform", "long run"} or ndarray
        See `detente.evidence.weigh`.
    most : int
        Likelihoods at most.
    rng : int
        Seed of the draws of the prior from which the search sets out, the best of 64.

    Returns
    -------
    Fit

    Raises
    ------
    InputError
        When the case has no history, or nothing in it varies.
    AnalysisError
        When the record is impossible wherever the search sets out.

    Examples
    --------
    A valve at which nothing is preferred moves at half of its keeper's chances, and has moved twice
    in two years.

    >>> from detente.case.reader import read_case
    >>> case = read_case(b'''
    ... detente: 1
    ... title: A valve
    ... parameters: {pace: {value: 1, range: [0.1, 9], reason: guess, source: judgement}}
    ... actors:
    ...   keeper: {rate: pace, options: {valve: [shut, open]}, preferences: {weights: {none: 0}}}
    ... issues: {none: 0}
    ... status_quo: {keeper.valve: shut}
    ... clock: {since: 2020-01-01, start: 2021-12-31, end: 2021-12-31}
    ... history:
    ...   - {date: 2020-01-01, variable: keeper.valve, level: shut, source: log, until: 2020-05-31}
    ...   - {date: 2020-06-01, variable: keeper.valve, level: open, source: log, kind: from}
    ...   - {date: 2021-06-01, variable: keeper.valve, level: shut, source: log, kind: from}
    ... sources: {log: {title: The log}}
    ... ''', "valve.yaml")
    >>> round(best_fit(case).parameters["pace"], 1)
    2.0
    """
    search = _Search(problem(case, until, (), start), prior_of(case))
    stated = search.task.log_likelihood(({}, ()))[0]
    shares, value, settled = search.best(search.set_out(rng), most)
    return Fit(
        parameters=search.parameters(shares),
        log_likelihood=value,
        stated=stated,
        shares=shares,
        evaluations=search.evaluations,
        settled=settled,
    )


def profile(
    case: Case,
    name: str,
    points: int = 7,
    *,
    fit: Fit | None = None,
    until: str | None = None,
    start: Start = "uniform",
    most: int = 500,
) -> Profile:
    """Return the profile likelihood of one parameter.

    Parameters
    ----------
    case : Case
    name : str
    points : int
        Shares of its distribution at which all others are fitted again.
    fit : Fit, optional
        Of the same case and record; found here by default.
    until, start
        As in `best_fit`.
    most : int
        Likelihoods a point at most.

    Returns
    -------
    Profile

    Raises
    ------
    InputError
        When nothing of that name varies, or there are fewer than three points.
    """
    search = _Search(problem(case, until, (), start), prior_of(case))
    if name not in search.names:
        hint = suggestion(name, search.names, "one")
        raise InputError(f"no parameter {name!r} varies; {hint}")
    if points < 3:
        raise InputError(f"points is {points}; give three or more")
    found = best_fit(case, until=until, start=start) if fit is None else fit
    k = search.names.index(name)
    grid = np.linspace(_EDGE, 1.0 - _EDGE, points)
    middle = int(np.argmin(np.abs(grid - found.shares[k])))
    level = np.empty(points)
    for way in (range(middle, points), range(middle - 1, -1, -1)):
        near = found.shares
        for at in way:
            near, level[at], _ = search.best(near, most, {k: float(grid[at])})
    values = np.array([search.parameters(_at(found.shares, k, g))[name] for g in grid])
    here = search.parameters(found.shares)[name]
    best = max(float(level.max()), found.log_likelihood)
    order = np.argsort(np.append(values, here), kind="stable")
    line, height = np.append(values, here)[order], np.append(level, found.log_likelihood)[order]
    inside = height >= best - DROP
    return Profile(
        name=name,
        values=values,
        log_likelihood=level,
        best=best,
        interval=(_end(line, height - best + DROP), _end(line[::-1], (height - best + DROP)[::-1])),
        silent=bool(inside.all()),
        evaluations=search.evaluations,
    )


class _Spent(Exception):
    """All likelihoods of a search are used up, which Powell's method looks at rarely."""


class _Search:
    """Searches the shares of the parameters of one problem."""

    def __init__(self, task: Problem, prior: Prior) -> None:
        self.task, self.prior = task, prior
        drawn = sum(variant.drawn for variant in task.case.variants)
        self.names = prior.names[: len(prior.names) - drawn]
        self.evaluations = 0

    def parameters(self, shares: Floats) -> dict[str, float]:
        from scipy.special import ndtri

        scores = np.zeros(len(self.prior.names))
        scores[: len(self.names)] = ndtri(shares)
        row = self.prior.values(scores[None, :])[0]
        return dict(zip(self.names, map(float, row), strict=False))

    def value(self, shares: Floats) -> float:
        self.evaluations += 1
        return self.task.log_likelihood((self.parameters(shares), ()))[0]

    def set_out(self, seed: int) -> Floats:
        """Return the best of some draws of the prior."""
        from scipy.special import ndtr

        scores = self.prior.scores(_SEEDS, seed)[:, : len(self.names)]
        shares = np.clip(ndtr(scores), _EDGE, 1.0 - _EDGE)
        levels = [self.value(row) for row in shares]
        best = int(np.argmax(levels))
        if not math.isfinite(levels[best]):
            why = self.task.log_likelihood((self.parameters(shares[0]), ()))[1]
            raise AnalysisError(f"the record is impossible wherever the search sets out: {why}")
        return np.asarray(shares[best], dtype=np.float64)

    def best(
        self, start: Floats, most: int, held: Mapping[int, float] | None = None
    ) -> tuple[Floats, float, bool]:
        """Return the best shares from a start, their log likelihood, and whether it settled."""
        from scipy.optimize import minimize

        held = held or {}
        base = start.copy()
        for k, share in held.items():
            base[k] = share
        free = [k for k in range(base.size) if k not in held]
        top, level = base.copy(), self.value(base)

        spent = self.evaluations + most

        def against(some: Floats) -> float:
            nonlocal top, level
            if self.evaluations >= spent:
                raise _Spent
            here = base.copy()
            here[free] = np.clip(some, _EDGE, 1.0 - _EDGE)
            found = self.value(here)
            if found > level:
                top, level = here, found
            return -found if math.isfinite(found) else -_NOTHING

        if not free:
            return base, level, True
        bounds = [(_EDGE, 1.0 - _EDGE)] * len(free)
        try:
            result = minimize(
                against, base[free], method="Powell", bounds=bounds,
                options={"maxfev": most, "xtol": 1e-2, "ftol": 1e-5},
            )  # fmt: skip
        except _Spent:
            return top, level, False
        return top, level, bool(result.success)


def _at(shares: Floats, k: int, share: float) -> Floats:
    there = shares.copy()
    there[k] = share
    return there


def _end(line: Floats, above: Floats) -> float | None:
    """Return where a profile first comes above zero from the left; None if it begins above."""
    first = int(np.argmax(above >= 0.0))
    if first == 0:
        return None
    lower, upper = above[first - 1], above[first]
    part = upper / (upper - lower) if math.isfinite(lower) else 0.0
    return float(line[first] + part * (line[first - 1] - line[first]))
