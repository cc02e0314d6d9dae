"""The best fit to a record, with an interval for every parameter.

Searches set out from the best of some draws of the stated ranges (`detente.evidence._search`).
Intervals come from the curvature at the best fit (`detente.evidence._curvature`): quick, and a
first word on which parameters the record speaks of; `detente.evidence._profile` is the last.
Cost: some dozens of likelihoods with their slopes a search, and one per parameter for intervals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from detente.case import Case
from detente.engine import Progress, Seed, seed_of
from detente.evidence._curvature import quadratic_fit
from detente.evidence._filter import Start
from detente.evidence._likelihood import backend_for, fit_problem
from detente.evidence._prior import prior_of
from detente.evidence._search import BestFitSearch
from detente.evidence._slope_workers import slope_workers
from detente.text import Result, show
from detente.values import Floats, plain_fields

Interval = tuple[float | None, float | None]


@dataclass(frozen=True, eq=False)
class BestFit(Result):
    """The best fit that was found.

    Attributes
    ----------
    parameters : mapping of str to float
    log_likelihood : float
    stated : float
        Log likelihood at the case's stated values; minus infinity where they give no chance.
    shares : ndarray, (parameters,)
        Of the stated distributions.
    intervals : mapping of str to (float or None, float or None)
        95 %, by curvature; None where one reaches the end of the range. A parameter with two of
        them is one that the record says nothing about. Empty where they were not asked for.
    evaluations : int
    settled : bool
        Whether the search ended by itself; else it ran out of evaluations, or stopped where the
        equilibrium jumps.
    ends : tuple of float
        The log likelihood at which each of the searches ended.
    """

    parameters: Mapping[str, float]
    log_likelihood: float
    stated: float
    shares: Floats
    evaluations: int
    settled: bool
    ends: tuple[float, ...] = ()
    intervals: Mapping[str, Interval] = field(default_factory=dict)

    @property
    def silent(self) -> tuple[str, ...]:
        """Parameters that the record says nothing about."""
        return tuple(name for name, ends in self.intervals.items() if ends == (None, None))

    def __str__(self) -> str:
        """Return the fit, one line per parameter."""
        wide = max(map(len, self.parameters))
        lines = [
            f"best log likelihood {self.log_likelihood:.2f}, stated values {self.stated:.2f}; "
            f"{self.evaluations} likelihoods"
        ]
        if not self.settled:
            lines.append("it may not be the best: the search ran out of evaluations, or stopped")
            lines.append("where the equilibrium jumps")
        if len(self.ends) > 1:
            lines.append(f"searches ended at {', '.join(f'{end:.2f}' for end in self.ends)}")
        told = f"{'':<{wide + 2}} {'best':>9}  share of its distribution"
        lines.append(told + ("   95 % by curvature" if self.intervals else ""))
        for (name, value), share in zip(self.parameters.items(), self.shares, strict=True):
            line = f"  {name:<{wide}} {show(value, 'fine'):>9}  {show(share, 'share'):>26}"
            lines.append(f"{line}   {_told(self.intervals[name])}" if self.intervals else line)
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the fit, ready for JSON."""
        return {
            **plain_fields(self, "parameters", "shares", "log_likelihood", "stated", "intervals"),
            **plain_fields(self, "silent", "evaluations", "settled", "ends"),
        }


def best_fit(
    case: Case,
    *,
    until: str | None = None,
    start: Start = "uniform",
    most: int = 200,
    starts: int = 5,
    rng: Seed = 1,
    workers: int | None = None,
    progress: Progress | None = None,
    intervals: bool = True,
) -> BestFit:
    """Return the parameters within their ranges at which the record is likeliest.

    Parameters
    ----------
    case : Case
    until : str or datetime.date, optional
        The last day that may be known.
    start : {"uniform", "long run"} or ndarray
        See `detente.evidence.filter_record`.
    most : int
        Likelihoods of a search at most.
    starts : int
        Searches, which set out from the best of 64 draws of the prior; the likeliest end counts.
    rng : int, numpy Generator or None
        Seed or generator of these draws.
    workers : int, optional
        Processes; all cores for large work, else this process. Results do not depend on it.
    progress : callable, optional
        Called with (likelihoods done, the most there can be, points without chance).
    intervals : bool
        Whether to work out intervals.

    Raises
    ------
    InputError
        When the case has no history, or nothing in it varies.
    AnalysisError
        When the record is impossible wherever the search sets out.

    See Also
    --------
    detente.evidence.profile_likelihood : The profile of one parameter, which refits all others.

    Examples
    --------
    A valve at which nothing is preferred moves at half of its keeper's chances, and has moved twice
    in two years.

    >>> from detente.case._reader import read_case
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
    with searching(case, until, start, most, workers, progress) as search:
        stated = fit_problem(case, until, (), start).log_likelihood(({}, ()))[0]
        more = len(search.names) if intervals else 0
        search.expect(64 + starts * most + more)
        ends = search.best(search.set_out(seed_of(rng), starts), most)
        best = max(ends, key=lambda end: end.found.level)
        found: dict[str, Interval] = {}
        if intervals:
            bend = quadratic_fit(search, best)
            for k, name in enumerate(search.names):
                low, high = (_value(search, best.shares, k, share) for share in bend.interval(k))
                found[name] = (low, high)
        return BestFit(
            parameters=search.parameters(best.shares),
            log_likelihood=best.found.level,
            stated=stated,
            shares=best.shares,
            evaluations=search.evaluations,
            settled=best.settled,
            ends=tuple(end.found.level for end in ends),
            intervals=found,
        )


@contextmanager
def searching(
    case: Case,
    until: str | None,
    start: Start,
    most: int,
    workers: int | None,
    progress: Progress | None,
) -> Iterator[BestFitSearch]:
    """Yield a search of a case's parameters, with as many workers as the work ahead deserves."""
    task, prior = fit_problem(case, until, (), start), prior_of(case)
    backend = backend_for(task, workers if len(prior.names) > 1 else 1, most)
    with slope_workers(task, backend) as run:
        yield BestFitSearch(task, prior, run, backend.count, progress)


def _value(search: BestFitSearch, shares: Floats, k: int, share: float | None) -> float | None:
    """Return the value of a parameter at a share of its distribution."""
    if share is None:
        return None
    there = shares.copy()
    there[k] = share
    return search.parameters(there)[search.names[k]]


def _told(ends: Interval) -> str:
    low, high = ends
    if low is None:
        return "nothing said" if high is None else f"up to {show(high, 'fine')}"
    if high is None:
        return f"{show(low, 'fine')} or more"
    return f"{show(low, 'fine')} to {show(high, 'fine')}"
