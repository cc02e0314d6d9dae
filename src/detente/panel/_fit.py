"""The shared coefficients of a panel, fitted to the past all at once.

The log posterior density, likelihood and stated prior, climbs by a quasi-Newton search within the
ranges (L-BFGS-B), its slopes exact; each coefficient counts by its range. Intervals are those of
Laplace: the curvature there, from differences of slopes, turned round. A coefficient at an end of
its range has none on that side, and is held in the curvature of the others. Cost: the likelihood of
the panel with its slopes some dozens of times, and twice for each coefficient.

Source: Byrd, Lu, Nocedal & Zhu 1995 for the search; Tierney & Kadane 1986 for the intervals.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.engine import Progress, Run, Seed, poll
from detente.errors import AnalysisError, InputError
from detente.files import read_text
from detente.panel._fit_file import Step, StoredSteps, heading_of
from detente.panel._likelihood import (
    Impassable,
    PanelSide,
    backend_for,
    panel_workers,
)
from detente.panel._panel import Panel
from detente.text import Result, plural, show, show_range, table
from detente.values import Floats, data_frame, plain_fields

if TYPE_CHECKING:
    from detente.panel._scores import PanelScores

LEVEL = 0.9
UNSETTLED = "it may not be the best: the search ran out of steps, or stopped where it still goes up"
_FLAT = 1.0
"""Of the log density over a range: a rise within the ranges that is no matter."""
_REACH = 1.6448536269514722
"""Half of a 90 % interval, in standard deviations."""
_EDGE = 1e-6
_STEP = 1e-3
"""Of a range, between the slopes that are differenced."""
_FAR = 1e4
"""How much worse than where it set out a place counts at which some conflict cannot be solved."""


@dataclass(frozen=True, eq=False)
class PanelFit(Result):
    """The shared coefficients of a panel at their best.

    Attributes
    ----------
    panel : Panel
    estimates : mapping of str to float
    deviations : mapping of str to float
        Standard deviations by curvature; nan at an end of the range, or where nothing is said.
    intervals : mapping of str to (float, float)
        90 %, cut at the range. Empty where they were not asked for.
    covariance : ndarray, (coefficients, coefficients)
    log_likelihood, log_posterior : float
    stated : float
        Log likelihood at the stated values.
    evaluations : int
    settled : bool
        Whether the search ended by itself, where the density rises no more.
    """

    panel: Panel = field(repr=False)
    estimates: Mapping[str, float]
    deviations: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    covariance: Floats
    log_likelihood: float
    log_posterior: float
    stated: float
    evaluations: int
    settled: bool

    @property
    def at(self) -> Floats:
        """The estimates in the order of the panel's coefficients."""
        return np.array([self.estimates[one.name] for one in self.panel.coefficients])

    def score(
        self,
        *,
        ablations: bool | Collection[str] = False,
        beside: Mapping[str, Floats] | None = None,
        most: int = 60,
        rng: Seed = 1,
        workers: int | None = None,
        cluster: str = "",
        progress: Progress | None = None,
    ) -> PanelScores:
        """Score the later side; see `detente.panel.score_panel`."""
        from detente.panel._scores import score_panel

        return score_panel(
            self, ablations=ablations, beside=beside, most=most, rng=rng, workers=workers,
            cluster=cluster, progress=progress,
        )  # fmt: skip

    @property
    def summary(self) -> str:
        """How well the past is fitted, and whether the search ended by itself."""
        said = (
            f"{plural(len(self.panel.train), 'conflict')}, log likelihood "
            f"{self.log_likelihood:.2f}, {self.stated:.2f} at the stated values; "
            f"{plural(self.evaluations, 'step')}"
        )
        return said if self.settled else f"{said}\n{UNSETTLED}"

    @property
    def rows(self) -> list[list[str]]:
        """A row for each coefficient, the heading first."""
        rows = [["", "estimate", "90 % by curvature", "range"]]
        for one in self.panel.coefficients:
            value = self.estimates[one.name]
            span = show_range(one.low, one.high, "fine") if one.fitted else "not fitted"
            rows.append([one.name, show(value, "fine"), self.interval_words(one.name), span])
        return rows

    def __str__(self) -> str:
        """Return a line for each coefficient."""
        head = f"{self.panel.name}: {self.summary}"
        return "\n".join([head, *table(self.rows, "< > > >", indent="  ")])

    def interval_words(self, name: str) -> str:
        """Return the interval of a coefficient, or why there is none."""
        if name not in self.intervals:
            return ""
        low, high = self.intervals[name]
        if not math.isnan(low):
            return show_range(low, high, "fine")
        one = next(one for one in self.panel.coefficients if one.name == name)
        share = (self.estimates[name] - one.low) / (one.high - one.low)
        return "none" if _EDGE < share < 1.0 - _EDGE else "at an end"

    def to_dict(self) -> dict[str, Any]:
        """Return the fit, ready for JSON and for `read_fit`."""
        return {
            "panel": self.panel.name,
            "sha256": self.panel.sha256,
            **plain_fields(self, "estimates", "deviations", "intervals", "covariance"),
            **plain_fields(self, "log_likelihood", "log_posterior", "stated"),
            **plain_fields(self, "evaluations", "settled"),
        }

    def to_pandas(self) -> Any:
        """Return a row for each coefficient (needs pandas)."""
        names = list(self.estimates)
        columns = {
            "estimate": [self.estimates[name] for name in names],
            "deviation": [self.deviations[name] for name in names],
        }
        return data_frame(columns, names, name="coefficient")


def fit_panel(
    panel: Panel,
    *,
    most: int = 60,
    workers: int | None = None,
    cluster: str = "",
    progress: Progress | None = None,
    store: Path | str | None = None,
    resume: bool = False,
    intervals: bool = True,
) -> PanelFit:
    """Return the coefficients at which the past of a panel is likeliest, its prior counted in.

    Parameters
    ----------
    panel : Panel
    most : int
        Steps of the search at most.
    workers : int, optional
        Processes; all cores for large work, else this process. Results do not depend on it.
    cluster : str
        Address of a Dask scheduler, to solve there.
    progress : callable, optional
        Called with (steps done, the most there can be, steps without a solution).
    store : path or str, optional
        File in which each step is stored, so that a fit that was stopped goes on.
    resume : bool
        Whether to go on with that file.
    intervals : bool

    Raises
    ------
    AnalysisError
        When a conflict cannot be solved at the stated values.

    Examples
    --------
    >>> from detente.panel import load_panel
    >>> fit = fit_panel(load_panel("disputes"))
    >>> fit.settled, fit.estimates["b_ratio"] > 0
    (True, True)
    """
    side = panel.side("train")
    names = [one.name for one in panel.coefficients]
    points = len(side.points(np.array([one.value for one in panel.coefficients]))[0])
    backend = backend_for(side.task, points, workers, cluster)
    heading = heading_of(panel.name, panel.sha256, names, len(side.ids))
    steps = StoredSteps(store, resume, heading)
    try:
        with panel_workers(side.task, backend) as run:
            search = _Search(panel, side, run, steps, progress)
            return search.fit(most, intervals)
    finally:
        steps.close()


class _Search:
    def __init__(
        self, panel: Panel, side: PanelSide, run: Run, steps: StoredSteps, progress: Progress | None
    ) -> None:
        self.panel, self.side, self.run, self.steps = panel, side, run, steps
        self.progress = progress
        self.stated = np.array([one.value for one in panel.coefficients])
        low = np.array([one.low for one in panel.coefficients])
        high = np.array([one.high for one in panel.coefficients])
        self.free = np.flatnonzero(high > low)
        self.low, self.span = low[self.free], (high - low)[self.free]
        self.lost = 0
        self.most = 1

    def fit(self, most: int, intervals: bool) -> PanelFit:
        from scipy.optimize import minimize

        self.most = 1 + most + (2 * self.free.size if intervals else 0)
        start = (self.stated[self.free] - self.low) / self.span
        first = self.posterior(start)
        if not math.isfinite(first[0]):
            self.side.likelihoods(self.stated, self.run)
            raise AnalysisError("the panel has no likelihood at its stated values; choose others")
        worst = first[0] - _FAR

        def climb(shares: Floats) -> tuple[float, Floats]:
            value, slope = self.posterior(shares)
            return (-value, -slope) if math.isfinite(value) else (-worst, np.zeros(shares.size))

        shares, settled = start, True
        if self.free.size:
            found = minimize(
                climb, start, jac=True, method="L-BFGS-B", bounds=[(0.0, 1.0)] * start.size,
                options={"maxfun": most, "ftol": 1e-10, "gtol": 1e-5},
            )  # fmt: skip
            shares = np.asarray(found.x)
            # How far a step along the slope would go before it leaves the ranges.
            ahead = np.clip(shares - found.jac, 0.0, 1.0) - shares
            rise = np.where(ahead == 0.0, 0.0, np.abs(found.jac))
            settled = bool(found.status != 1 and (rise <= _FLAT).all())
        value, _ = self.posterior(shares)
        at = self.at(shares)
        covariance = self.covariance(shares) if intervals else np.full((at.size, at.size), np.nan)
        deviations = np.sqrt(np.diag(covariance))
        prior = sum(one.log_prior(x)[0] for one, x in self._priors(at))
        stated = first[0] - sum(one.log_prior(x)[0] for one, x in self._priors(self.stated))
        return PanelFit(
            panel=self.panel,
            estimates={one.name: float(x) for one, x in self._named(at)},
            deviations={one.name: float(x) for one, x in self._named(deviations)},
            intervals=self._intervals(at, deviations) if intervals else {},
            covariance=covariance,
            log_likelihood=value - prior,
            log_posterior=value,
            stated=stated,
            evaluations=self.steps.count,
            settled=settled,
        )

    def _named(self, numbers: Floats) -> Any:
        return zip(self.panel.coefficients, numbers, strict=True)

    def _priors(self, at: Floats) -> Any:
        return ((one, float(x)) for one, x in self._named(at) if one.fitted)

    def at(self, shares: Floats) -> Floats:
        """Return coefficients at shares of their ranges."""
        found = self.stated.copy()
        found[self.free] = self.low + self.span * shares
        return found

    def posterior(self, shares: Floats) -> Step:
        """Return the log posterior density at shares of the ranges, and its slopes by them."""
        poll()
        value, slope = self.steps.step(self.at(shares), self._find)
        self.lost += not math.isfinite(value)
        if self.progress is not None:
            self.progress(self.steps.count, max(self.most, self.steps.count), self.lost)
        return value, slope[self.free] * self.span

    def _find(self, at: Floats) -> Step:
        try:
            found = self.side.likelihoods(at, self.run)
        except Impassable:
            return -math.inf, np.zeros(len(at))
        priors = [
            one.log_prior(float(x)) if one.fitted else (0.0, 0.0)
            for one, x in zip(self.panel.coefficients, at, strict=True)
        ]
        value = float(found.value.sum()) + sum(level for level, _ in priors)
        return value, found.slope.sum(axis=0) + np.array([slope for _, slope in priors])

    def covariance(self, shares: Floats) -> Floats:
        """Return the inverse of the curvature; nan where a coefficient has none."""
        size = len(self.panel.coefficients)
        covariance = np.full((size, size), np.nan)
        inside = np.flatnonzero((shares > _EDGE) & (shares < 1.0 - _EDGE))
        bend = np.zeros((inside.size, inside.size))
        for row, k in enumerate(inside):
            step = min(_STEP, shares[k], 1.0 - shares[k])
            up, down = shares.copy(), shares.copy()
            up[k] += step
            down[k] -= step
            change = self.posterior(down)[1] - self.posterior(up)[1]
            bend[row] = change[inside] / (2.0 * step)
        bend = 0.5 * (bend + bend.T)
        values, vectors = np.linalg.eigh(bend) if inside.size else (np.zeros(0), bend)
        if inside.size and values.min() > 1e-12 * max(values.max(), 1.0):
            inverse = (vectors / values) @ vectors.T
            place = self.free[inside]
            scale = self.span[inside]
            covariance[np.ix_(place, place)] = inverse * np.outer(scale, scale)
        return covariance

    def _intervals(self, at: Floats, deviations: Floats) -> dict[str, tuple[float, float]]:
        found = {}
        for (one, value), spread in zip(self._named(at), deviations, strict=True):
            if one.fitted:
                low, high = value - _REACH * spread, value + _REACH * spread
                found[one.name] = (max(float(low), one.low), min(float(high), one.high))
                if math.isnan(spread):
                    found[one.name] = (math.nan, math.nan)
        return found


def read_fit(panel: Panel, path: Path | str) -> PanelFit:
    """Read a fit that `detente panel fit` wrote.

    Raises
    ------
    InputError
        When the file is no fit, or one of another panel.
    """
    path = Path(path)
    text = read_text(path, "give a fit, as `detente panel fit -o` writes it", "give a fit")
    names = [one.name for one in panel.coefficients]
    try:
        said = json.loads(text)
        hashed = said["sha256"]
        estimates = {name: float(said["estimates"][name]) for name in names}
        deviations = {name: _or_nan(said["deviations"][name]) for name in names}
        intervals = {
            name: (_or_nan(low), _or_nan(high))
            for name, (low, high) in said["intervals"].items()
            if name in estimates
        }
        covariance = np.array([[_or_nan(x) for x in row] for row in said["covariance"]])
        likelihood, posterior, stated = (
            float(said[key]) for key in ("log_likelihood", "log_posterior", "stated")
        )
        evaluations, settled = int(said["evaluations"]), bool(said["settled"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(
            f"{path.name}: this is no fit of the panel {panel.name}; make one with `detente panel "
            "fit -o`"
        ) from None
    if hashed != panel.sha256:
        raise InputError(
            f"{path.name}: the panel, its template or its tables have changed since this fit; fit "
            "again"
        )
    for one in panel.coefficients:
        room = 1e-9 * (one.high - one.low)
        if not one.low - room <= estimates[one.name] <= one.high + room:
            raise InputError(
                f"{path.name}: the estimate of {one.name} is outside of its range; fit again"
            )
    return PanelFit(
        panel, estimates, deviations, intervals, covariance, likelihood, posterior, stated,
        evaluations, settled,
    )  # fmt: skip


def _or_nan(value: Any) -> float:
    return math.nan if value is None else float(value)
