"""Sobol indices: the share of an answer's variance that each input accounts for.

The first-order index is the share that goes when the input alone is fixed; the total index is the
share that stays when all else is fixed, interactions included. Estimated from a Saltelli layout
(points A and B, and A with one value from B): first order as in Saltelli et al. (2010), total as in
Jansen (1999). Points of one quasi-random sequence are not independent, so blocks cannot be
resampled; the layout is of eight sequences scrambled each by itself, and intervals are the
jackknife's over those, with quantiles of Student's t (Owen 1997; Tukey 1958), of total indices on a
scale of logarithms, since small ones lean. What that costs: of a smooth function of few inputs one
sequence alone gives estimates several times closer, and no interval. Cost: linear in the answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from detente.errors import InputError
from detente.study._designs.saltelli import SCRAMBLES, are_blocks
from detente.study.sensitivity._blocks import (
    FLAT,
    basis,
    check_level,
    complete_blocks,
    rows_by_input,
)
from detente.text import Result, listed, table
from detente.values import Bools, Floats, data_frame, plain_fields

_FIRST = 3


@dataclass(frozen=True, eq=False)
class SobolIndices(Result):
    """First-order and total indices of one answer, in the order of the inputs.

    Attributes
    ----------
    names : tuple of str
    first, total : ndarray, (inputs,)
        0 where the answer never changes, nan where it changes at crossed points only.
    first_range, total_range : ndarray, (inputs, 2)
        Intervals over the scrambles of the design.
    level : float
        Of the intervals, such as 0.95.
    variance : float
        Of the answer over points A and B.
    blocks, dropped : int
        Blocks that were used, and those left out for a missing answer.
    crossed : int
        At how many crossed points the answer differs from A's in the same block.
    flat : bool
        Whether the answer is the same at every point of the design that has one.
    """

    names: tuple[str, ...]
    first: Floats
    total: Floats
    first_range: Floats
    total_range: Floats
    level: float
    variance: float
    blocks: int
    dropped: int
    crossed: int
    flat: bool

    @property
    def order(self) -> tuple[int, ...]:
        """Inputs by total index, largest first."""
        return tuple(int(k) for k in np.argsort(-self.total, kind="stable"))

    @property
    def remark(self) -> str:
        """What is to be said of these indices before they are used; empty where nothing is."""
        if self.flat:
            return "the answer never changes"
        if self.variance == 0.0 and not self.crossed:
            return "the answer changes in blocks only that were left out, so there are no indices"
        if self.variance == 0.0:
            every = self.blocks * len(self.names)
            return (
                f"the answer changes at {self.crossed} of {every} crossed points and nowhere else, "
                "so there are no indices; make more draws"
            )
        joint = self.total.min(initial=1.0) > 0.5 and self.total.mean() > 0.75
        if len(self.names) > 1 and joint and self.first.mean() < 0.25:
            return (
                "inputs do little alone and each about as much as all together: either they act "
                "only jointly, or the answers are not in the order of the points"
            )
        return ""

    @property
    def sentence(self) -> str:
        """The inputs with the largest total indices, in one line."""
        if self.variance == 0.0:
            return self.remark
        rows = [
            f"{self.names[k]} {self.total[k]:.2f} ({self.total_range[k, 0]:.2f} to "
            f"{self.total_range[k, 1]:.2f})"
            for k in self.order[:_FIRST]
        ]
        return f"largest total indices: {listed(rows)}"

    def __str__(self) -> str:
        """Return one line per input, largest total index first."""
        percent = f"{100 * self.level:g} %"
        rows = [["input", f"first order ({percent})", f"total ({percent})"]]
        for k in self.order:
            low, high = self.first_range[k]
            first = f"{self.first[k]:5.2f} ({low:5.2f} to {high:5.2f})"
            low, high = self.total_range[k]
            rows.append([self.names[k], first, f"{self.total[k]:5.2f} ({low:5.2f} to {high:5.2f})"])
        lines = table(rows, "< < <") if not np.isnan(self.total).any() else []
        lines.append(basis(self.blocks, self.dropped, "blocks"))
        return "\n".join([*lines, *([self.remark] if self.remark else [])])

    def to_dict(self) -> dict[str, Any]:
        """Return the indices by input, ready for JSON; None where there are none."""
        return {
            **plain_fields(self, "level", "variance", "blocks", "dropped", "remark"),
            "inputs": rows_by_input(self, "first", "first_range", "total", "total_range"),
        }

    def to_pandas(self) -> Any:
        """Return the indices as a DataFrame by input (needs pandas)."""
        columns = {
            "first": self.first,
            "first_low": self.first_range[:, 0],
            "first_high": self.first_range[:, 1],
            "total": self.total,
            "total_low": self.total_range[:, 0],
            "total_high": self.total_range[:, 1],
        }
        return data_frame(columns, self.names, name="input")


def sobol_indices(
    names: Sequence[str], points: Any, answers: Any, level: float = 0.95
) -> SobolIndices:
    """Return the Sobol indices of an answer over a Saltelli layout.

    Parameters
    ----------
    names : sequence of str
        The inputs, `Design.names`.
    points : array_like, (blocks * (inputs + 2), inputs)
        The layout in the unit cube, `Design.shares`.
    answers : array_like, (blocks * (inputs + 2),)
        In the order of the points; nan where a draw has none, which drops its block.
    level : float
        Of the intervals.

    Raises
    ------
    InputError
        When points and answers do not fit together, or the points are not blocks in their order.
    AnalysisError
        When fewer than two blocks have all their answers.

    Examples
    --------
    >>> from detente.study._designs.saltelli import saltelli_points
    >>> x = saltelli_points(4 * 512, 2, seed=1)
    >>> found = sobol_indices(("x", "y"), x, 2 * x[:, 0] + x[:, 1])
    >>> found.first.round(2).tolist(), found.total.round(2).tolist()
    ([0.8, 0.2], [0.8, 0.2])
    """
    check_level(level)
    names = tuple(names)
    blocks, whole = complete_blocks(answers, len(names) + 2, "blocks")
    _check_layout(np.asarray(points, dtype=np.float64), whole.size, len(names))
    some = np.asarray(answers, dtype=np.float64)
    some = some[np.isfinite(some)]
    flat = _is_flat(some)
    scrambles = np.arange(whole.size)[whole] % SCRAMBLES
    found, ranges, variance = _estimates(_terms(blocks), scrambles, level)
    if flat:
        found, ranges, variance = np.zeros_like(found), np.zeros_like(ranges), 0.0
    moved = np.abs(blocks[:, 1:-1] - blocks[:, :1]) > FLAT * max(1.0, np.abs(blocks).max())
    inputs = len(names)
    return SobolIndices(
        names=names,
        first=found[:inputs],
        total=found[inputs:],
        first_range=ranges[:inputs],
        total_range=ranges[inputs:],
        level=level,
        variance=variance,
        blocks=len(blocks),
        dropped=int((~whole).sum()),
        crossed=int(moved.sum()),
        flat=flat,
    )


def _check_layout(points: Floats, blocks: int, inputs: int) -> None:
    if points.shape != (blocks * (inputs + 2), inputs):
        raise InputError(
            f"the points have shape {points.shape}, the answers are of {blocks} blocks of {inputs} "
            "inputs; give the points of the same design"
        )
    if not are_blocks(points.reshape(blocks, inputs + 2, inputs)):
        raise InputError(
            "the points are not blocks of a saltelli design in their order; put points and answers "
            "in the order of the draws, and make the design with kind='saltelli'"
        )


def _is_flat(answers: Floats) -> bool:
    return bool(np.ptp(answers) <= FLAT * max(1.0, float(np.abs(answers).max())))


def _terms(blocks: Floats) -> Floats:
    """Return what each block adds: first-order and total terms, mean square and mean."""
    base = blocks[:, [0, -1]]
    blocks = blocks - (base[0, 0] if _is_flat(base) else base.mean())
    a, mixed, b = blocks[:, :1], blocks[:, 1:-1], blocks[:, -1:]
    parts = (b * (mixed - a), (a - mixed) ** 2 / 2.0, (a * a + b * b) / 2.0, (a + b) / 2.0)
    return np.concatenate(parts, axis=1)


def _estimates(terms: Floats, scrambles: Any, level: float) -> tuple[Floats, Floats, float]:
    """Return first-order then total indices, their intervals, and the variance."""
    one_hot: Bools = np.unique(scrambles)[:, None] == scrambles
    sums, sizes = one_hot.astype(np.float64) @ terms, one_hot.sum(axis=1)[:, None]
    count = len(sums)
    (found,), (variance,) = _ratios(sums.sum(axis=0)[None] / sizes.sum())
    if count == 1:
        return found, np.stack([np.minimum(found, 0.0), np.maximum(found, 1.0)], 1), float(variance)
    without, _ = _ratios((sums.sum(axis=0) - sums) / (sizes.sum() - sizes))
    times = stdtrit(count - 1, (1.0 + level) / 2.0)
    inputs = found.size // 2
    reach = times * _jackknife(without[:, :inputs])
    some = (found[inputs:] > 0.0) & (without[:, inputs:] > 0.0).all(axis=0)
    logs = np.log(np.where(some, without[:, inputs:], 1.0))
    factor = np.where(some | (found[inputs:] == 0.0), np.exp(times * _jackknife(logs)), np.inf)
    low = np.concatenate([found[:inputs] - reach, found[inputs:] / factor])
    high = np.concatenate([found[:inputs] + reach, found[inputs:] * np.fmin(factor, 1e300)])
    low = np.where(np.isnan(low), 0.0, np.maximum(low, np.minimum(found, 0.0)))
    high = np.where(np.isnan(high), 1.0, np.minimum(high, np.maximum(found, 1.0)))
    return found, np.stack([low, high], axis=1), float(variance)


def _jackknife(without: Floats) -> Floats:
    """Return standard errors from estimates that leave out one of the scrambles each."""
    count = len(without)
    square = ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.sqrt((count - 1) / count * square), dtype=np.float64)


def _ratios(means: Floats) -> tuple[Floats, Floats]:
    variance = means[:, -2] - means[:, -1] ** 2
    variance = np.where(variance > FLAT * means[:, -2], variance, 0.0)
    some = variance[:, None] > 0.0
    return np.where(some, means[:, :-2] / np.where(some, variance[:, None], 1.0), np.nan), variance
