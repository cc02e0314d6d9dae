"""Where along a line something holds: every crossing, not only the first.

The margin (positive or zero where it holds) is taken at every point of a grid. Each change of sign
is bisected to the tolerance. A peak below zero, or a trough above it, is searched between its
neighbours by golden section, so that a window narrower than the grid is found where the margin has
one bend there; narrower wiggles are missed. Whether the margin rises or falls throughout is read
from the grid, never assumed. Cost: an evaluation per grid point, log2(spacing / tolerance)
per crossing, at most 25 per bend.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import InputError
from detente.values import plain_fields

Between = Literal["bend", "step", "nothing"]
Margin = Callable[[float], float]

_GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0
_BENDS = 24
_EVEN = 1e-9


@dataclass(frozen=True)
class Threshold:
    """Where along a line something holds.

    Attributes
    ----------
    intervals : tuple of (float, float)
        Where it holds, from the left; both ends hold.
    monotone : bool
        Whether the margin only rises or only falls over the grid.
    best : (float, float)
        Where the margin is largest, of all points tried, and the margin there.
    """

    intervals: tuple[tuple[float, float], ...]
    monotone: bool
    best: tuple[float, float]

    @property
    def least(self) -> float | None:
        """The smallest value at which it holds; None when it never does."""
        return self.intervals[0][0] if self.intervals else None

    @property
    def most(self) -> float | None:
        """The largest value at which it holds; None when it never does."""
        return self.intervals[-1][1] if self.intervals else None

    def to_dict(self) -> dict[str, Any]:
        """Return the threshold, ready for JSON."""
        return plain_fields(self, "least", "intervals", "monotone", "best")


def threshold(
    margin: Margin,
    grid: ArrayLike,
    tolerance: float = 1e-3,
    between: Between = "bend",
    refine: bool = True,
) -> Threshold:
    """Return where a margin is zero or more.

    Parameters
    ----------
    margin : callable
        Of one number; nan where there is nothing to judge, which counts as not holding.
    grid : array_like, (points,)
        Rising.
    tolerance : float
        Width to which crossings are found; the end that holds is given.
    between : {"bend", "step", "nothing"}
        What the margin may do between grid points: bend, only step (no bends are looked for), or
        there is nothing between them, as with the levels of an option.
    refine : bool
        Without it crossings are put where a straight line between grid points crosses zero (at the
        grid point that holds, for steps), and nothing but the grid is evaluated.

    Raises
    ------
    InputError
        When the grid does not rise or the tolerance is not positive.

    Examples
    --------
    >>> found = threshold(lambda x: 0.25 - (x - 1.0) ** 2, [0.0, 0.4, 0.9, 2.0], 1e-6)
    >>> [(round(a, 4), round(b, 4)) for a, b in found.intervals], found.monotone
    ([(0.5, 1.5)], False)
    """
    points = np.asarray(grid, dtype=np.float64)
    if points.ndim != 1 or points.size < 1 or not (np.diff(points) > 0.0).all():
        raise InputError("the grid must be one or more rising numbers")
    if not tolerance > 0.0:
        raise InputError(f"tolerance is {tolerance}; it must be positive")
    tried = [(float(x), float(margin(float(x)))) for x in points]
    even = _monotone([y for _, y in tried])
    if refine and between == "bend":
        tried += [found for k in range(1, len(tried) - 1) for found in _bend(margin, tried, k)]
        tried.sort()
    intervals: list[tuple[float, float]] = []
    start: float | None = tried[0][0] if tried[0][1] >= 0.0 else None
    for (x, y), (u, v) in itertools.pairwise(tried):
        if (y >= 0.0) == (v >= 0.0):
            continue
        if between == "nothing":
            edge = x if y >= 0.0 else u
        elif refine:
            edge = _bisect(margin, x, u, y >= 0.0, tolerance)
        else:
            edge = _straight(x, y, u, v, between)
        if y >= 0.0 and start is not None:
            intervals.append((start, edge))
            start = None
        else:
            start = edge
    if start is not None:
        intervals.append((start, tried[-1][0]))
    judged = [(x, y) for x, y in tried if not np.isnan(y)]
    best = max(judged, key=lambda found: found[1]) if judged else (tried[0][0], -np.inf)
    return Threshold(tuple(intervals), even, best)


def overlap(
    one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    """Return where two sets of intervals overlap.

    Examples
    --------
    >>> overlap([(0.0, 1.0), (2.0, 3.0)], [(0.5, 2.5)])
    ((0.5, 1.0), (2.0, 2.5))
    """
    pairs = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return tuple(sorted((low, high) for low, high in pairs if low <= high))


def _monotone(margins: Sequence[float]) -> bool:
    judged = np.array([y for y in margins if np.isfinite(y)])
    slack = _EVEN * max(1.0, float(np.abs(judged).max(initial=0.0)))
    steps = np.diff(judged)
    return bool((steps >= -slack).all() or (steps <= slack).all())


def _bend(margin: Margin, tried: list[tuple[float, float]], k: int) -> list[tuple[float, float]]:
    """Return a point beyond a bend on the other side of zero, where there is one."""
    (low, before), (_, here), (high, after) = tried[k - 1 : k + 2]
    if not np.isfinite([before, here, after]).all():
        return []
    if here < 0.0 and here >= max(before, after):
        sign = 1.0
    elif here >= 0.0 and min(before, after) >= 0.0 and here <= min(before, after):
        sign = -1.0
    else:
        return []
    a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_a, at_b = sign * margin(a), sign * margin(b)
    for _ in range(_BENDS):
        for x, y in ((a, at_a), (b, at_b)):
            if (sign > 0.0 and y >= 0.0) or (sign < 0.0 and y > 0.0):
                return [(x, sign * y)]
        if at_a >= at_b:
            high, b, at_b = b, a, at_a
            a = high - _GOLDEN * (high - low)
            at_a = sign * margin(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + _GOLDEN * (high - low)
            at_b = sign * margin(b)
    return []


def _bisect(margin: Margin, low: float, high: float, holds: bool, tolerance: float) -> float:
    """Return the last point found that holds between one that does and one that does not."""
    while high - low > tolerance:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if (margin(middle) >= 0.0) == holds:
            low = middle
        else:
            high = middle
    return low if holds else high


def _straight(x: float, y: float, u: float, v: float, between: Between) -> float:
    if between == "step" or not np.isfinite([y, v]).all():
        return x if y >= 0.0 else u
    return x + (u - x) * y / (y - v)
