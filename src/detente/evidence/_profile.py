"""The profile likelihood of a parameter: how well all others can make up for it.

The parameter is held at several shares of its distribution and all others are fitted again, each
from its neighbour's fit, outwards from the best. The 95 % interval is where the log likelihood is
within 1.92 of the best (Wilks 1938); a profile that never leaves that band says that the record
does not speak of the parameter. Cost: a search per point; see `detente.evidence._search`.

Source: Raue and others 2009.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case import Case
from detente.engine import Progress
from detente.errors import InputError
from detente.evidence._curvature import DROP
from detente.evidence._filter import Start
from detente.evidence._fit import BestFit, best_fit, searching
from detente.evidence._search import EDGE
from detente.text import Result, show, suggestion
from detente.values import Floats, plain_fields


@dataclass(frozen=True, eq=False)
class ProfileLikelihood(Result):
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
    settled : bool
        Whether every search ended by itself; else the profile may lie too low.
    """

    name: str
    values: Floats
    log_likelihood: Floats
    best: float
    interval: tuple[float | None, float | None]
    silent: bool
    evaluations: int
    settled: bool = True

    def __str__(self) -> str:
        """Return the profile, one line per point."""
        low, high = self.interval
        ends = [
            "the low end of the range" if low is None else show(low, "fine"),
            "the high end" if high is None else show(high, "fine"),
        ]
        told = "the record does not speak of it" if self.silent else f"95 %: {' to '.join(ends)}"
        lines = [f"{self.name}: {told} ({self.evaluations} likelihoods)"]
        lines += [
            f"  {show(value, 'fine'):>9}  {level - self.best:8.2f}"
            for value, level in zip(self.values, self.log_likelihood, strict=True)
        ]
        if not self.settled:
            lines.append("  not every search ended: the profile may lie too low, the interval")
            lines.append("  may be too narrow")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the profile, ready for JSON."""
        return plain_fields(self)


def profile_likelihood(
    case: Case,
    name: str,
    points: int = 7,
    *,
    fit: BestFit | None = None,
    until: str | None = None,
    start: Start = "uniform",
    most: int = 1000,
    workers: int | None = None,
    progress: Progress | None = None,
) -> ProfileLikelihood:
    """Return the profile likelihood of one parameter.

    Parameters
    ----------
    case : Case
    name : str
    points : int
        Shares of its distribution at which all others are fitted again.
    fit : BestFit, optional
        Of the same case and record; found here by default.
    until, start
        As in `best_fit`.
    most : int
        Likelihoods per point at most.
    workers : int, optional
        Processes; all cores for large work, else this process. Results do not depend on it.
    progress : callable, optional
        Called with (likelihoods done, the most there can be, points without chance).

    Raises
    ------
    InputError
        When nothing of that name varies, or there are fewer than three points.

    See Also
    --------
    detente.evidence.best_fit : The best fit, with intervals by curvature for every parameter.
    """
    if points < 3:
        raise InputError(f"points is {points}; give three or more")
    with searching(case, until, start, points * most, workers, progress) as search:
        if name not in search.names:
            hint = suggestion(name, search.names, "one")
            raise InputError(f"no parameter {name!r} varies; {hint}")
        found = fit or best_fit(
            case, until=until, start=start, workers=workers, progress=progress, intervals=False
        )
        k = search.names.index(name)
        grid = np.linspace(EDGE, 1.0 - EDGE, points)
        middle = int(np.argmin(np.abs(grid - found.shares[k])))
        level, settled = np.empty(points), True
        search.expect(points * most)
        for way in (range(middle, points), range(middle - 1, -1, -1)):
            near = found.shares
            for at in way:
                (end,) = search.best([near], most, {k: float(grid[at])})
                near, level[at] = end.shares, end.found.level
                settled &= end.settled
        values = np.array([search.parameters(_at(found.shares, k, g))[name] for g in grid])
        here = search.parameters(found.shares)[name]
    best = max(float(level.max()), found.log_likelihood)
    order = np.argsort(np.append(values, here), kind="stable")
    line, height = np.append(values, here)[order], np.append(level, found.log_likelihood)[order]
    inside = height >= best - DROP
    return ProfileLikelihood(
        name=name,
        values=values,
        log_likelihood=level,
        best=best,
        interval=(_end(line, height - best + DROP), _end(line[::-1], (height - best + DROP)[::-1])),
        silent=bool(inside.all()),
        evaluations=search.evaluations,
        settled=settled,
    )


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
