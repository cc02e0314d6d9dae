"""Search of a case's parameters for the point at which its record is likeliest.

Parameters move as shares of their stated distributions, from 0 to 1, so the search needs no scale
and stays within the ranges; variants stay as they are. Each step goes to the best point of a
quadratic (its slope exact, as `detente.evidence._likelihood_slopes` says, its bend by BFGS) within
a box about the last point, or within a quarter of it; both are worked out side by side. The box
grows where the quadratic foretells what comes and shrinks where it does not: far corners, where
equilibria take long to find, are never leapt to. Where a branch of equilibria is long to follow,
the two are tried beside the last point first (`detente.equilibrium.solve_beside`), and the branch
is followed to what is accepted, or where nothing was. Where the equilibrium jumps no step goes up,
and the box shrinks to nothing: the search ends there and has not settled. Searches from several
starts go on side by side. Cost: two or three likelihoods with their slopes a step.

Source: Nocedal & Wright 2006, chapters 4 (trust regions) and 18.2 (damped BFGS).
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from detente.engine import Progress, Run, cut_pieces
from detente.errors import AnalysisError
from detente.evidence._likelihood import PIECE, FitProblem, weigh
from detente.evidence._prior import Prior
from detente.evidence._slope_workers import Sloped, SlopeWanted, weigh_slopes
from detente.study import Point
from detente.values import Floats

EDGE = 1e-3
"""Shares are kept this far from 0 and 1."""
_SEEDS = 64
_TURN = 1e-6
"""Difference of shares from which the speed of a parameter is taken."""
_SETTLED = 1e-3
"""Gain in log likelihood that is not worth a step."""
_BOX, _LARGEST_BOX, _LEAST_BOX = 0.1, 0.4, 1e-3
_LONG = 4000
"""Sweeps beyond which a branch is long to follow: points are tried beside one another first."""

_ROUNDS, _LITTLE, _RIDGE = 500, 1e-10, 1e-13

Solution = tuple[Floats, ...]
Ask = tuple[Floats, Solution | None]
"""Shares whose slopes are wanted, and the solution of a point close by."""


class SearchEnd(NamedTuple):
    """Where a search ended: shares, what was found there, and whether it settled."""

    shares: Floats
    found: Sloped
    settled: bool


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

    def slopes(self, rows: Floats, beside: Solution | None = None) -> list[Sloped]:
        """Return the log likelihood at each row of shares, with its slopes by them.

        Given the solution at a point close by, those of the rows are found from
        them.
        """
        return self._weigh([(row, beside) for row in rows])

    def _weigh(self, asked: Sequence[Ask]) -> list[Sloped]:
        names = tuple(self.names)
        wanted = [
            SlopeWanted((self.parameters(row), ()), names, solution) for row, solution in asked
        ]
        found = weigh_slopes(self._run, wanted)
        self._tell(np.array([one.level for one in found]))
        return [
            one._replace(slope=one.slope * self._speeds(row))
            for one, (row, _) in zip(found, asked, strict=True)
        ]

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
        self, starts: Iterable[Floats], most: int, held: Mapping[int, float] | None = None
    ) -> list[SearchEnd]:
        """Return where the search from each start ends; they go on side by side.

        Parameters
        ----------
        starts : iterable of ndarray, (parameters,)
        most : int
            Likelihoods of a search at most.
        held : mapping of int to float, optional
            Shares that stay.
        """
        ends: dict[int, SearchEnd] = {}
        climbs = {k: self._climb(start, most, held or {}) for k, start in enumerate(starts)}
        asked = {k: next(climb) for k, climb in climbs.items()}
        while asked:
            found = iter(self._weigh([one for each in asked.values() for one in each]))
            answers = {k: list(islice(found, len(each))) for k, each in asked.items()}
            asked = {}
            for k, answer in answers.items():
                try:
                    asked[k] = climbs[k].send(answer)
                except StopIteration as end:
                    ends[k] = end.value
        return [ends[k] for k in climbs]

    def _climb(
        self, start: Floats, most: int, held: Mapping[int, float]
    ) -> Generator[list[Ask], list[Sloped], SearchEnd]:
        """Yield the points whose slopes are wanted, and return where the search ends."""
        from scipy.optimize import BFGS

        here = start.copy()
        for k, share in held.items():
            here[k] = share
        free = np.array([k for k in range(here.size) if k not in held], dtype=np.intp)
        (at,) = yield [(here, None)]
        if most < 5 or not math.isfinite(at.level) or not free.size:
            return SearchEnd(here, at, not free.size)
        bend = BFGS(exception_strategy="damp_update")
        bend.initialize(free.size, "hess")
        box, settled, spent = _BOX, False, 1
        while box >= _LEAST_BOX and spent + 4 <= most:
            low, high = EDGE - here[free], 1.0 - EDGE - here[free]
            slope = at.slope[free]
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
            beside = at.solution if at.sweeps > _LONG else None
            tried = yield [(row, beside) for row in rows]
            best = int(np.argmax([one.level for one in tried]))
            spent += 2
            if beside is not None:
                # What is accepted lies on the branch, and so does what no step beside improves.
                again = [best] if tried[best].level > at.level else [0, 1]
                branch = yield [(rows[k], None) for k in again]
                best = again[int(np.argmax([one.level for one in branch]))]
                found = branch[again.index(best)]
                spent += len(again)
            else:
                found = tried[best]
            risen = found.level - at.level
            if best == 1 or not risen > 0.25 * gain:
                box /= 4.0
            elif risen > 0.75 * gain:
                box = min(2.0 * box, _LARGEST_BOX)
            if risen > 0.0:
                here, at = rows[best], found
                bend.update((whole, part)[best], slope - at.slope[free])
        return SearchEnd(here, at, settled)


def best_within(slope: Floats, bend: Floats, low: Floats, high: Floats) -> tuple[Floats, float]:
    """Return where slope . d - d . bend . d / 2 is greatest between bounds, and what it is there.

    Each number by itself first, which finds the bounds that hold; then Newton's steps for those
    inside, as far as the bounds; and so on.

    Examples
    --------
    >>> best_within(np.array([2.0]), np.eye(1), np.array([-1.0]), np.array([1.0]))[1]
    1.5
    """
    # At a point on the edge the bounds may cross by rounding.
    low = np.minimum(low, high)
    d = np.clip(np.zeros(slope.size), low, high)
    own, gain = np.diag(bend), -math.inf
    ridge = _RIDGE * (own.max() or 1.0)
    for _ in range(_ROUNDS):
        up = slope - bend @ d
        for k in range(d.size):
            to = d[k] + up[k] / own[k] if own[k] > 0.0 else math.copysign(math.inf, up[k])
            step = (min(max(to, low[k]), high[k]) if up[k] else d[k]) - d[k]
            d[k] += step
            up -= step * bend[k]
        stopped = True
        while stopped and (inside := np.flatnonzero((d > low) & (d < high))).size:
            part = bend[np.ix_(inside, inside)] + ridge * np.eye(inside.size)
            step = np.linalg.solve(part, (slope - bend @ d)[inside])
            ends = np.where(step > 0.0, high[inside], low[inside])
            room = np.where(step, (ends - d[inside]) / np.where(step, step, 1.0), math.inf)
            stopped = bool(room.min() < 1.0)
            d[inside] += min(1.0, float(room.min())) * step
            if stopped:
                d[inside[room.argmin()]] = ends[room.argmin()]
        before, gain = gain, float(slope @ d - 0.5 * d @ bend @ d)
        if gain - before <= _LITTLE * max(1.0, abs(gain)):
            break
    return d, gain
