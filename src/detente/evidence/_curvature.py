"""How far each parameter can go from the best fit, by the curvature of the log likelihood there.

Near its best the log likelihood is taken as quadratic, from differences of its exact slopes at
points that are a small part of a distribution apart, their equilibria found beside the one between
them (`detente.equilibrium.solve_beside`). For each parameter the interval is that of the profile of
this quadratic within the ranges: all values at which the others, refitted, keep it within 1.92 of
its best. It is as good as the quadratic: the profile itself (`detente.evidence._profile`) is the
check. Cost: a likelihood with its slopes for each parameter, and small problems with bounds.

Source: Wilks 1938; Raue and others 2009 for reading identifiability off profiles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.evidence._search import EDGE, BestFitSearch, SearchEnd, best_within
from detente.values import Floats

DROP = 1.920729
"""Half the 95 % quantile of chi-square with one degree of freedom."""

_STEP = 1e-3
_BESIDE = 2.0
"""So many times as far from an end of the range as points may be, one counts as at it."""
_NEAR = 1e-6
"""How well the ends of an interval are found, as shares."""


@dataclass(frozen=True, eq=False)
class QuadraticFit:
    """The log likelihood about a point: level + slope . d - d . curvature . d / 2.

    Attributes
    ----------
    at : ndarray, (parameters,)
        As shares.
    slope : ndarray, (parameters,)
    curvature : ndarray, (parameters, parameters)
        Without negative eigenvalues: where the likelihood bends upwards it is taken as flat.
    """

    at: Floats
    slope: Floats
    curvature: Floats

    def fall(self, k: int, share: float) -> float:
        """Return how far below its best the quadratic stays where parameter k is held."""
        low, high = self._room
        low, high = low.copy(), high.copy()
        low[k] = high[k] = share - self.at[k]
        return self._peak[1] - best_within(self.slope, self.curvature, low, high)[1]

    def interval(self, k: int) -> tuple[float | None, float | None]:
        """Return the shares between which parameter k keeps within `DROP`; None at an end."""
        from scipy.optimize import brentq

        inside = float(self.at[k] + self._peak[0][k])
        low, high = (
            None
            if self.fall(k, end) <= DROP
            else float(brentq(lambda share: self.fall(k, share) - DROP, inside, end, xtol=_NEAR))
            for end in (EDGE, 1.0 - EDGE)
        )
        return low, high

    @cached_property
    def _room(self) -> tuple[Floats, Floats]:
        return EDGE - self.at, 1.0 - EDGE - self.at

    @cached_property
    def _peak(self) -> tuple[Floats, float]:
        return best_within(self.slope, self.curvature, *self._room)


def quadratic_fit(search: BestFitSearch, end: SearchEnd) -> QuadraticFit:
    """Return the quadratic about the end of a search."""
    at, slope = end.shares, end.found.slope
    solution = end.found.solution or None
    step = np.where(at + _STEP > 1.0 - EDGE, -_STEP, _STEP)
    found = search.slopes(at + np.diag(step), solution)
    # Where the equilibria end on one side there may be some on the other.
    lost = np.flatnonzero([not math.isfinite(one.level) for one in found])
    step[lost] = np.clip(at[lost] - step[lost], 0.5 * EDGE, 1.0 - 0.5 * EDGE) - at[lost]
    again = search.slopes(at + np.diag(step)[lost], solution) if lost.size else []
    for k, one in zip(lost.tolist(), again, strict=True):
        found[k] = one
    bent = (slope - np.array([one.slope for one in found])) / step[:, None]
    # Where a neighbour is impossible nothing is known of the bend; it is taken as steep.
    steep = np.array([not math.isfinite(one.level) for one in found])
    bent[steep] = bent[:, steep] = 0.0
    bent[steep, steep] = 1.0 / _STEP**2
    values, vectors = np.linalg.eigh(0.5 * (bent + bent.T))
    curvature = (vectors * np.maximum(values, 0.0)) @ vectors.T
    # The end of a search is taken as the best: slopes count where they push against a range's end.
    edge = ((at <= _BESIDE * EDGE) & (slope < 0.0)) | ((at >= 1.0 - _BESIDE * EDGE) & (slope > 0.0))
    return QuadraticFit(at, np.where(edge, slope, 0.0), curvature)
