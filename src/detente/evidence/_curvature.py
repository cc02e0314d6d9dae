"""How far each parameter can go from the best fit, by the curvature of the log likelihood there.

Near its best the log likelihood is taken as quadratic, from differences of its exact slopes at
points that are a small part of a distribution apart, their equilibria found from the one between
them. For each parameter the interval is that of the profile of this quadratic within the ranges:
all values at which the others, refitted, keep it within 1.92 of its best. It is as good as the
quadratic: the profile itself (`detente.evidence._profile`) is the check. Cost: a likelihood with
its slopes for each parameter, and small problems with bounds.

Source: Wilks 1938; Raue and others 2009 for reading identifiability off profiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.evidence._search import EDGE, BestFitSearch, best_within
from detente.values import Floats

DROP = 1.920729
"""Half the 95 % quantile of chi-square with one degree of freedom."""

_STEP = 1e-3
_HALVINGS = 20


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
        return self._best() - self._best({k: share})

    def interval(self, k: int) -> tuple[float | None, float | None]:
        """Return the shares between which parameter k keeps within `DROP`; None at an end."""
        found: list[float | None] = []
        for end in (EDGE, 1.0 - EDGE):
            if self.fall(k, end) <= DROP:
                found.append(None)
                continue
            inside, outside = float(self.at[k]), end
            for _ in range(_HALVINGS):
                middle = 0.5 * (inside + outside)
                if self.fall(k, middle) <= DROP:
                    inside = middle
                else:
                    outside = middle
            found.append(inside)
        return found[0], found[1]

    def _best(self, held: dict[int, float] | None = None) -> float:
        low, high = EDGE - self.at, 1.0 - EDGE - self.at
        for k, share in (held or {}).items():
            low[k] = high[k] = share - self.at[k]
        return best_within(self.slope, self.curvature, low, high)[1]


def quadratic_fit(search: BestFitSearch, at: Floats) -> QuadraticFit:
    """Return the quadratic about a point.

    Parameters
    ----------
    at : ndarray, (parameters,)
        As shares.
    """
    step = np.where(at + _STEP > 1.0 - EDGE, -_STEP, _STEP)
    rows = np.vstack([at, at + np.diag(step)])
    found, slopes = search.slopes(rows, at)
    bent = (slopes[0] - slopes[1:]) / step[:, None]
    # Where a neighbour is impossible nothing is known of the bend; it is taken as steep.
    lost = ~np.isfinite(found[1:])
    bent[lost] = bent[:, lost] = 0.0
    bent[lost, lost] = 1.0 / _STEP**2
    values, vectors = np.linalg.eigh(0.5 * (bent + bent.T))
    curvature = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return QuadraticFit(at, slopes[0], curvature)
