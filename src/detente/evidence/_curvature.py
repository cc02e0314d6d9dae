"""How far each parameter can go from the best fit, by the curvature of the log likelihood there.

Near its best the log likelihood is taken as quadratic, from differences of likelihoods that are a
small part of a distribution apart, their equilibria found from the one between them. For each
parameter the interval is that of the profile of this quadratic within the ranges: all values at
which the others, refitted, keep it within 1.92 of its best. It is as good as the quadratic: the
profile itself (`detente.evidence._profile`) is the check. Cost: half the square of the number of
parameters likelihoods, and small problems with bounds.

Source: Wilks 1938; Raue and others 2009 for reading identifiability off profiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.evidence._search import EDGE, BestFitSearch, best_within
from detente.values import Floats

DROP = 1.920729
"""Half the 95 % quantile of chi-square with one degree of freedom."""

_STEP = 3e-3
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
    count = at.size
    step = np.where(at + 2.0 * _STEP > 1.0 - EDGE, -_STEP, _STEP)
    ahead, pairs = np.diag(step), np.triu_indices(count)
    rows = np.vstack([np.zeros((1, count)), ahead, ahead[pairs[0]] + ahead[pairs[1]]])
    found = search.values(at + rows, at)
    level, one, two = float(found[0]), found[1 : count + 1], found[count + 1 :]
    bent = np.zeros((count, count))
    bent[pairs] = (one[pairs[0]] + one[pairs[1]] - level - two) / (step[pairs[0]] * step[pairs[1]])
    bent = bent + np.triu(bent, 1).T
    # Where a neighbour is impossible nothing is known of the bend; it is taken as steep.
    bent = np.where(np.isfinite(bent), bent, 0.0)
    lost = ~np.isfinite(one)
    bent[lost, lost] = 1.0 / _STEP**2
    values, vectors = np.linalg.eigh(bent)
    curvature = (vectors * np.maximum(values, 0.0)) @ vectors.T
    slope = np.where(lost, 0.0, (one - level) / step + 0.5 * step * np.diag(bent))
    return QuadraticFit(at, slope, curvature)
