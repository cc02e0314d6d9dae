"""Fair points of a bargain: the Nash, Kalai-Smorodinsky and egalitarian solutions.

Given the payoffs of the possible agreements and of disagreement d, over single agreements or over
lotteries of them:

``nash``
    the largest product of gains over d (Nash 1950);
``kalai_smorodinsky``
    the largest share of its own best gain that every party can have (Kalai & Smorodinsky 1975), its
    best gain being that among agreements nobody loses by;
``egalitarian``
    the largest gain that every party can have (Kalai 1977), in the units of the payoffs.

The last two stop where one party can gain no more; what is left is given out in the same manner
among the others (lexicographically, Imai 1983), so that the point is Pareto efficient. Over
lotteries they are a few linear programmes; the Nash point is climbed by pairwise Frank-Wolfe steps
with an exact line search until no agreement promises more than ``GAP``, which bounds the logarithm
of the product from above. Cost: O(points x parties) per step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from detente.deals._frontier import as_points
from detente.errors import AnalysisError, InputError
from detente.text import suggestion
from detente.values import Floats, plain_fields

Rule = Literal["nash", "kalai_smorodinsky", "egalitarian"]
RULES: tuple[Rule, ...] = ("nash", "kalai_smorodinsky", "egalitarian")

GAP = 1e-10
_STEPS = 100_000
_SLACK = 1e-12
_LEAST_GAIN = 1e-9


@dataclass(frozen=True, eq=False)
class Bargain:
    """One fair point.

    Attributes
    ----------
    rule : str
    mix : tuple of (int, float)
        Rows of the payoffs and their weights, heaviest first; one row without lotteries.
    payoff, gain : ndarray, (parties,)
        Expected payoff, and what it is above disagreement.
    """

    rule: Rule
    mix: tuple[tuple[int, float], ...]
    payoff: Floats
    gain: Floats

    def to_dict(self) -> dict[str, Any]:
        """Return the point, ready for JSON."""
        return plain_fields(self)


def bargain(
    payoffs: ArrayLike, disagreement: ArrayLike, rule: Rule = "nash", mixed: bool = True
) -> Bargain:
    """Return the fair point of a bargain by one rule.

    Parameters
    ----------
    payoffs : array_like, (points, parties)
        What each party has from each possible agreement.
    disagreement : array_like, (parties,)
        What each has without one.
    rule : {"nash", "kalai_smorodinsky", "egalitarian"}
    mixed : bool
        Whether lotteries over agreements are agreements too. Without them the best single one is
        taken, the first where several are equally good.

    Raises
    ------
    InputError
        When the rule is unknown or the numbers do not fit together.
    AnalysisError
        When no agreement makes every party better off.

    Examples
    --------
    Two parties share a dollar; the second one's utility of x is its square root (Nash's own rule
    gives the bolder party two thirds).

    >>> import numpy as np
    >>> share = np.linspace(0.0, 1.0, 3001)
    >>> found = bargain(np.column_stack([share, np.sqrt(1.0 - share)]), [0.0, 0.0])
    >>> round(float(found.payoff[0]), 3)
    0.667
    """
    points = as_points(payoffs)
    point = np.asarray(disagreement, dtype=np.float64)
    if point.shape != points.shape[1:] or not np.isfinite(point).all():
        raise InputError(
            f"disagreement is of shape {point.shape}; give one finite number for each of the "
            f"{points.shape[1]} parties"
        )
    if rule not in RULES:
        raise InputError(f"there is no rule {rule!r}; {suggestion(str(rule), RULES, 'rule')}")
    gains = points - point
    if mixed:
        return _result(rule, _lottery(rule, gains), gains, points)
    within = np.flatnonzero((gains >= 0.0).all(axis=1))
    if not within.size or (gains[within].max(axis=0) <= 0.0).any():
        raise _nothing()
    weight = np.zeros(len(points))
    weight[within[_single(rule, gains[within])]] = 1.0
    return _result(rule, weight, gains, points)


def _single(rule: Rule, gains: Floats) -> int:
    if rule == "nash":
        product = np.prod(gains / gains.max(axis=0), axis=1)
        best = np.flatnonzero(product >= product.max())
        return int(best[np.argmax(gains[best].sum(axis=1))])
    unit = gains.max(axis=0) if rule == "kalai_smorodinsky" else np.ones(gains.shape[1])
    ordered = np.sort(gains / unit, axis=1)
    return int(np.lexsort(-ordered.T[::-1])[0])


def _lottery(rule: Rule, gains: Floats) -> Floats:
    parties = gains.shape[1]
    scale = np.maximum(np.ptp(gains, axis=0), np.abs(gains).max(axis=0))
    scale[scale == 0.0] = 1.0
    gains = gains / scale
    least, even = _raise_all(gains, np.ones(parties), {})
    if least <= _LEAST_GAIN:
        raise _nothing()
    if rule == "nash":
        return _climb(gains, even)
    if rule == "kalai_smorodinsky":
        unit = np.array([_best(gains, k, np.zeros(parties))[0] for k in range(parties)])
    else:
        unit = 1.0 / scale
    fixed: dict[int, float] = {}
    while True:
        level, weight = _raise_all(gains, unit, fixed)
        held = np.array([fixed.get(k, level * unit[k]) for k in range(parties)])
        free = [k for k in range(parties) if k not in fixed]
        stuck = [k for k in free if _best(gains, k, held)[0] <= held[k] + _LEAST_GAIN]
        fixed |= {k: float(held[k]) for k in stuck or free}
        if len(fixed) == parties:
            return weight


def _raise_all(gains: Floats, unit: Floats, fixed: dict[int, float]) -> tuple[float, Floats]:
    """Return the largest t with a lottery that gives t units to all who are free, and that one."""
    points, parties = gains.shape
    free = np.array([k not in fixed for k in range(parties)])
    least = np.array([fixed.get(k, 0.0) - _SLACK for k in range(parties)])
    bounds = np.where(free, 0.0, -least)
    solved = _programme(
        objective=np.append(np.zeros(points), -1.0),
        rows=np.column_stack([-gains.T, np.where(free, unit, 0.0)]),
        bounds=bounds,
        level=True,
    )
    return -float(solved[0]), solved[1][:points]


def _best(gains: Floats, party: int, least: Floats) -> tuple[float, Floats]:
    """Return the most that one party can gain when nobody has less than stated."""
    value, weight = _programme(-gains[:, party], -gains.T, _SLACK - least)
    return -value, weight


def _programme(
    objective: Floats, rows: Floats, bounds: Floats, level: bool = False
) -> tuple[float, Floats]:
    """Solve a linear programme over lotteries, its last variable a level where there is one."""
    from scipy.optimize import linprog

    points = objective.size
    lottery = np.ones((1, points))
    limits: list[tuple[float | None, float | None]] = [(0.0, None)] * points
    if level:
        lottery[0, -1], limits[-1] = 0.0, (None, None)
    found = linprog(
        objective, A_ub=rows, b_ub=bounds, A_eq=lottery, b_eq=[1.0], bounds=limits, method="highs"
    )
    if found.status != 0:
        raise _nothing()
    return float(found.fun), np.asarray(found.x, dtype=np.float64)


def _climb(gains: Floats, weight: Floats) -> Floats:
    """Return the lottery with the largest product of gains, from one where all gain."""
    weight = weight / weight.sum()
    for _ in range(_STEPS):
        gain = weight @ gains
        promise = gains @ (1.0 / gain)
        toward = int(np.argmax(promise))
        if promise[toward] - gains.shape[1] <= GAP:
            break
        used = np.flatnonzero(weight > 0.0)
        away = int(used[np.argmin(promise[used])])
        direction = gains[toward] - gains[away]
        step = min(_line(gain, direction, weight[away]), weight[away])
        weight[toward] += step
        weight[away] = max(0.0, weight[away] - step)
        weight /= weight.sum()
    return weight


def _line(gain: Floats, direction: Floats, most: float) -> float:
    """Return the step along a direction at which the product of gains is largest."""
    low, high = 0.0, float(most)
    falling = direction < 0.0
    if falling.any():
        high = min(high, float((-gain[falling] / direction[falling]).min()) * (1.0 - 1e-12))
    if float((direction / (gain + high * direction)).sum()) >= 0.0:
        return high
    for _ in range(200):
        middle = 0.5 * (low + high)
        slope = float((direction / (gain + middle * direction)).sum())
        low, high = (middle, high) if slope > 0.0 else (low, middle)
        if high - low <= 1e-16 * most:
            break
    return 0.5 * (low + high)


def _result(rule: Rule, weight: Floats, gains: Floats, points: Floats) -> Bargain:
    weight = np.where(weight > 1e-9, weight, 0.0)
    weight /= weight.sum()
    rows = np.argsort(-weight, kind="stable")
    mix = tuple((int(row), float(weight[row])) for row in rows if weight[row] > 0.0)
    return Bargain(rule, mix, weight @ points, weight @ gains)


def _nothing() -> AnalysisError:
    return AnalysisError(
        "no agreement makes every party better off than disagreement; name fewer parties, or allow "
        "more options to be part of it"
    )
