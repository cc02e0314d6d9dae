"""Search of a case's parameters for the point at which its record is likeliest.

Parameters move as shares of their stated distributions, from 0 to 1, so the search needs no scale
and stays within the ranges; variants stay as they are. Each step goes to the best point of a
quadratic (its slope exact, as `detente.evidence._likelihood_slopes` says, its bend by BFGS) within
a box about the last point, or within a quarter of it; both are worked out side by side. The box
grows where the quadratic foretells what comes and shrinks where it does not: far corners, where
equilibria take long to find, are never leapt to. Where the equilibrium jumps no step goes down, and
the box shrinks to nothing: the search ends there and has not settled. Cost: two likelihoods with
their slopes a step.

Source: Nocedal & Wright 2006, chapters 4 (trust regions) and 18.2 (damped BFGS).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from detente.engine import Progress, Run, cut_pieces
from detente.errors import AnalysisError
from detente.evidence._likelihood import PIECE, FitProblem, weigh
from detente.evidence._prior import Prior
from detente.evidence._slope_workers import SlopesWanted, weigh_slopes
from detente.study import Point
from detente.values import Floats

EDGE = 1e-3
"""Shares are kept this far from 0 and 1."""
_SEEDS = 64
_TURN = 1e-6
"""Difference of shares from which the speed of a parameter is taken."""
_SETTLED = 0.01
"""Gain in log likelihood that is not worth a step."""
_BOX, _LARGEST_BOX, _LEAST_BOX = 0.1, 0.4, 1e-3


class BestFitSearch:
    """Searches the shares of the parameters of one problem.

    Parameters
    ----------
    task : FitProblem
    prior : Prior
    run : Run
        Of workers that weigh points.
    count : int
        How many they are.
    progress : callable, optional
        Called with (likelihoods done, the most there can be, points without chance).
    """

    def __init__(
        self, task: FitProblem, prior: Prior, run: Run, count: int, progress: Progress | None = None
    ) -> None:
        drawn = sum(variant.drawn for variant in task.case.variants)
        self.names = prior.names[: len(prior.names) - drawn]
        self.evaluations = 0
        self._task, self._prior, self._run, self._count = task, prior, run, count
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
        points: list[Point] = [(self.parameters(row), ()) for row in rows]
        size = max(1, min(PIECE, math.ceil(len(points) / self._count)))
        found = np.empty(len(points))
        for piece, (numbers, _) in weigh(
            self._run, points.__getitem__, cut_pieces(len(points), size)
        ):
            found[piece.start : piece.stop] = numbers
        self._tell(found)
        return found

    def slopes(self, rows: Floats, near: Floats | None = None) -> tuple[Floats, Floats]:
        """Return the log likelihood at each row of shares, and its slopes by them.

        Equilibria are found from that at the row ``near``, where it is given. Minus infinity where
        the branch of equilibria turns, too: no way leads on from there.
        """
        points: list[Point] = [(self.parameters(row), ()) for row in rows]
        centre: Point | None = None if near is None else (self.parameters(near), ())
        wanted = SlopesWanted(points, centre, tuple(self.names))
        found, by_value = weigh_slopes(self._run, wanted, max(1, -(-len(points) // self._count)))
        self._tell(found)
        speeds = np.array([self._speeds(row) for row in rows])
        return found, by_value * speeds

    def _speeds(self, shares: Floats) -> Floats:
        """Return how fast each parameter moves with its share."""
        up, down = self.parameters(shares + _TURN), self.parameters(shares - _TURN)
        return np.array([(up[name] - down[name]) / (2.0 * _TURN) for name in self.names])

    def _tell(self, found: Floats) -> None:
        self.evaluations += found.size
        self._impossible += int((~np.isfinite(found)).sum())
        if self._progress is not None:
            most = max(self._most, self.evaluations)
            self._progress(self.evaluations, most, self._impossible)

    def expect(self, more: int) -> None:
        """Say how many likelihoods are still to come at most, for whoever watches."""
        self._most = self.evaluations + more

    def set_out(self, seed: int, starts: int) -> Floats:
        """Return the best of some draws of the prior, (starts, parameters), the best first."""
        from scipy.special import ndtr

        scores = self._prior.scores(_SEEDS, seed)[:, : len(self.names)]
        shares = np.clip(ndtr(scores), EDGE, 1.0 - EDGE)
        levels = self.values(shares)
        if not np.isfinite(levels).any():
            why = self._task.log_likelihood((self.parameters(shares[0]), ()))[1]
            raise AnalysisError(f"the record is impossible wherever the search sets out: {why}")
        order = np.argsort(-levels, kind="stable")[:starts]
        return np.asarray(shares[order[np.isfinite(levels[order])]], dtype=np.float64)

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
        from scipy.optimize import BFGS

        here = start.copy()
        for k, share in (held or {}).items():
            here[k] = share
        free = np.array([k for k in range(here.size) if k not in (held or {})], dtype=np.intp)
        found, slopes = self.slopes(here[None, :])
        level, slope = float(found[0]), slopes[0, free]
        if most < 3 or not math.isfinite(level) or not free.size:
            return here, level, not free.size
        spent = self.evaluations + most
        bend = BFGS(exception_strategy="damp_update")
        bend.initialize(free.size, "hess")
        box, settled = _BOX, False
        while box >= _LEAST_BOX and self.evaluations + 2 <= spent:
            low, high = EDGE - here[free], 1.0 - EDGE - here[free]
            (whole, gain), (part, _) = (
                best_within(
                    slope, bend.get_matrix(), np.maximum(low, -width), np.minimum(high, width)
                )
                for width in (box, box / 4.0)
            )
            if gain < _SETTLED:
                settled = True
                break
            rows = np.repeat(here[None, :], 2, axis=0)
            rows[:, free] += np.stack([whole, part])
            found, slopes = self.slopes(rows)
            best = int(np.argmax(found))
            risen = float(found[best]) - level
            if best == 1 or not risen > 0.25 * gain:
                box /= 4.0
            elif risen > 0.75 * gain:
                box = min(2.0 * box, _LARGEST_BOX)
            if not risen > 0.0:
                continue
            before = slope
            here, level, slope = rows[best], float(found[best]), slopes[best, free]
            bend.update((whole, part)[best], before - slope)
        return here, level, settled


def best_within(slope: Floats, bend: Floats, low: Floats, high: Floats) -> tuple[Floats, float]:
    """Return where slope . d - d . bend . d / 2 is greatest between bounds, and what it is there.

    Examples
    --------
    >>> best_within(np.array([2.0]), np.eye(1), np.array([-1.0]), np.array([1.0]))[1]
    1.5
    """
    from scipy.optimize import minimize

    def against(d: Floats) -> tuple[float, Floats]:
        bent = bend @ d
        return float(0.5 * d @ bent - slope @ d), bent - slope

    # At a point on the edge the bounds may cross by rounding.
    low = np.minimum(low, high)
    result = minimize(
        against, np.clip(np.zeros(slope.size), low, high), jac=True, method="L-BFGS-B",
        bounds=list(zip(low, high, strict=True)), options={"ftol": 1e-12, "maxiter": 1000},
    )  # fmt: skip
    return np.asarray(result.x, dtype=np.float64), -float(result.fun)
