"""Search of a case's parameters for the point at which its record is likeliest.

Parameters move as shares of their stated distributions, from 0 to 1, so the search needs no scale
and stays within the ranges; variants stay as they are. Quasi-Newton steps within bounds (L-BFGS-B)
follow gradients by finite differences, whose likelihoods are worked out side by side. Cost: one
likelihood a parameter and step.

Source: Byrd, Lu, Nocedal & Zhu 1995.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.errors import AnalysisError
from detente.evidence.likelihood import PIECE, Problem, Workers
from detente.evidence.prior import Prior

Floats = NDArray[np.float64]
Progress = Callable[[int, int, int], None]

EDGE = 1e-3
"""Shares are kept this far from 0 and 1."""
_SEEDS = 64
_DIFFERENCE = 3e-3
_IMPOSSIBLE = 1e10


class _Spent(Exception):
    """All likelihoods of a search are used up."""


class Search:
    """Searches the shares of the parameters of one problem.

    Parameters
    ----------
    task : Problem
    prior : Prior
    team : Workers
    progress : callable, optional
        Called with (likelihoods done, the most there can be, points without chance).
    """

    def __init__(
        self, task: Problem, prior: Prior, team: Workers, progress: Progress | None = None
    ) -> None:
        drawn = sum(variant.drawn for variant in task.case.variants)
        self.names = prior.names[: len(prior.names) - drawn]
        self.evaluations = 0
        self._task, self._prior, self._team = task, prior, team
        self._progress, self._impossible, self._most = progress, 0, 0

    def parameters(self, shares: Floats) -> dict[str, float]:
        """Return the parameters that stand at shares of their distributions."""
        from scipy.special import ndtri

        scores = np.zeros(len(self._prior.names))
        scores[: len(self.names)] = ndtri(shares)
        row = self._prior.values(scores[None, :])[0]
        return dict(zip(self.names, map(float, row), strict=False))

    def values(self, rows: Floats) -> Floats:
        """Return the log likelihood at each row of shares."""
        points = [(self.parameters(row), ()) for row in rows]
        size = max(1, min(PIECE, math.ceil(len(points) / (2 * self._team.count))))
        pieces = [range(k, min(k + size, len(points))) for k in range(0, len(points), size)]
        found = np.empty(len(points))
        for first, numbers, _ in self._team.weigh(points, pieces):
            found[first : first + numbers.size] = numbers
        self.evaluations += found.size
        self._impossible += int((~np.isfinite(found)).sum())
        if self._progress is not None:
            most = max(self._most, self.evaluations)
            self._progress(self.evaluations, most, self._impossible)
        return found

    def expect(self, more: int) -> None:
        """Say how many likelihoods are still to come at most, for whoever watches."""
        self._most = self.evaluations + more

    def set_out(self, seed: int) -> Floats:
        """Return the best of some draws of the prior."""
        from scipy.special import ndtr

        scores = self._prior.scores(_SEEDS, seed)[:, : len(self.names)]
        shares = np.clip(ndtr(scores), EDGE, 1.0 - EDGE)
        levels = self.values(shares)
        best = int(np.argmax(levels))
        if not math.isfinite(levels[best]):
            why = self._task.log_likelihood((self.parameters(shares[0]), ()))[1]
            raise AnalysisError(f"the record is impossible wherever the search sets out: {why}")
        return np.asarray(shares[best], dtype=np.float64)

    def best(
        self, start: Floats, most: int, held: Mapping[int, float] | None = None
    ) -> tuple[Floats, float, bool]:
        """Return the best shares from a start, their log likelihood, and whether it settled.

        Parameters
        ----------
        start : ndarray, (parameters,)
        most : int
            Likelihoods at most.
        held : mapping of int to float, optional
            Shares that stay.
        """
        from scipy.optimize import minimize

        base = start.copy()
        for k, share in (held or {}).items():
            base[k] = share
        free = np.array([k for k in range(base.size) if k not in (held or {})], dtype=np.intp)
        top, level = base, float(self.values(base[None, :])[0])
        if not free.size:
            return base, level, True
        spent = self.evaluations + most

        def against(some: Floats) -> tuple[float, Floats]:
            nonlocal top, level
            if self.evaluations + 1 + free.size > spent:
                raise _Spent
            here = base.copy()
            here[free] = np.clip(some, EDGE, 1.0 - EDGE)
            rows, steps = _around(here, free)
            found = self.values(np.vstack([here, rows]))
            best = int(np.argmax(found))
            if found[best] > level:
                top, level = np.vstack([here, rows])[best], float(found[best])
            if not math.isfinite(found[0]):
                return _IMPOSSIBLE, np.zeros(free.size)
            slope = np.where(np.isfinite(found[1:]), (found[1:] - found[0]) / steps, 0.0)
            return -float(found[0]), -slope

        bounds = [(EDGE, 1.0 - EDGE)] * free.size
        try:
            result = minimize(
                against, base[free], jac=True, method="L-BFGS-B", bounds=bounds,
                options={"maxfun": most, "ftol": 1e-7, "gtol": 2e-2},
            )  # fmt: skip
        except _Spent:
            return top, level, False
        return top, level, bool(result.success)


def _around(here: Floats, free: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return points a small step along each axis, inwards at the upper edge, and the steps."""
    steps = np.where(here[free] + _DIFFERENCE > 1.0 - EDGE, -_DIFFERENCE, _DIFFERENCE)
    rows = np.repeat(here[None, :], free.size, axis=0)
    rows[np.arange(free.size), free] += steps
    return rows, steps
