"""Sobol indices: the share of an answer's variance that each input accounts for.

The first-order index is the share that goes when the input alone is fixed; the total index is the
share that stays when all else is fixed, interactions included. Estimated from a Saltelli layout
(points A and B, and A with one value from B): first order as in Saltelli et al. (2010), total as in
Jansen (1999); intervals from a bootstrap of whole blocks. Cost: resamples times answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.engine import Seed, generator_of
from detente.study.sensitivity._blocks import (
    FLAT,
    basis,
    check_resampling,
    complete_blocks,
    interval,
    resampled_counts,
    rows_by_input,
)
from detente.text import Result, table
from detente.values import Floats, data_frame, plain_fields


@dataclass(frozen=True, eq=False)
class SobolIndices(Result):
    """First-order and total indices of one answer, in the order of the inputs.

    Attributes
    ----------
    names : tuple of str
    first, total : ndarray, (inputs,)
    first_range, total_range : ndarray, (inputs, 2)
        Bootstrap intervals.
    level : float
        Of the intervals, such as 0.95.
    variance : float
        Of the answer; 0 where it never changes, and then every index is 0.
    blocks, dropped : int
        Blocks that were used, and those left out for a missing answer.
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

    @property
    def order(self) -> tuple[int, ...]:
        """Inputs by total index, largest first."""
        return tuple(int(k) for k in np.argsort(-self.total, kind="stable"))

    def __str__(self) -> str:
        """Return one line per input, largest total index first."""
        percent = f"{100 * self.level:g} %"
        rows = [["input", f"first order ({percent})", f"total ({percent})"]]
        for k in self.order:
            low, high = self.first_range[k]
            first = f"{self.first[k]:5.2f} ({low:5.2f} to {high:5.2f})"
            low, high = self.total_range[k]
            rows.append([self.names[k], first, f"{self.total[k]:5.2f} ({low:5.2f} to {high:5.2f})"])
        lines = table(rows, "< < <")
        lines.append(basis(self.blocks, self.dropped, "blocks"))
        if self.variance == 0.0:
            lines.append("the answer never changes")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the indices by input, ready for JSON."""
        return {
            **plain_fields(self, "level", "variance", "blocks", "dropped"),
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
    names: Sequence[str],
    answers: Any,
    rng: Seed = 0,
    resamples: int = 1000,
    level: float = 0.95,
) -> SobolIndices:
    """Return the Sobol indices of an answer over a Saltelli layout.

    Parameters
    ----------
    names : sequence of str
        The inputs, `Design.names`.
    answers : array_like, (blocks * (inputs + 2),)
        In the order of the design; nan where a draw has none, which drops its block.
    rng : int, numpy Generator or None
        Seed or generator of the bootstrap.
    resamples : int
    level : float
        Of the intervals.

    Raises
    ------
    InputError
        When the answers are not a whole number of blocks.
    AnalysisError
        When fewer than two blocks have all their answers.

    Examples
    --------
    >>> from detente.study._designs.saltelli import saltelli_points
    >>> x = saltelli_points(4 * 512, 2, seed=1)
    >>> found = sobol_indices(("x", "y"), 2 * x[:, 0] + x[:, 1])
    >>> found.first.round(2).tolist(), found.total.round(2).tolist()
    ([0.8, 0.2], [0.8, 0.2])
    """
    check_resampling(resamples, level)
    names = tuple(names)
    blocks, whole = complete_blocks(answers, len(names) + 2, "blocks")
    parts = _parts(blocks)
    first, total, variance = _indices(np.full((1, len(blocks)), 1.0 / len(blocks)), *parts)
    made = np.zeros((2, resamples, len(names)))
    generator = generator_of(rng)
    for place, counts in resampled_counts(len(blocks), resamples, generator):
        made[0, place], made[1, place], _ = _indices(counts / len(blocks), *parts)
    return SobolIndices(
        names=names,
        first=first[0],
        total=total[0],
        first_range=interval(made[0], level),
        total_range=interval(made[1], level),
        level=level,
        variance=float(variance[0]),
        blocks=len(blocks),
        dropped=int((~whole).sum()),
    )


def _parts(blocks: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what each block adds: first-order and total terms, mean and mean square."""
    centre = blocks[:, [0, -1]].mean()
    a, mixed, b = blocks[:, :1] - centre, blocks[:, 1:-1] - centre, blocks[:, -1:] - centre
    mean, square = (a + b) / 2.0, (a * a + b * b) / 2.0
    if np.ptp(blocks) <= FLAT * max(1.0, float(np.abs(blocks).max())):
        return np.zeros_like(mixed), np.zeros_like(mixed), np.zeros_like(mean), np.zeros_like(mean)
    return b * (mixed - a), (a - mixed) ** 2 / 2.0, mean, square


def _indices(
    weights: Floats, first: Floats, total: Floats, mean: Floats, square: Floats
) -> tuple[Floats, Floats, Floats]:
    variance = (weights @ square - (weights @ mean) ** 2)[:, :1]
    safe = np.where(variance > 0.0, variance, 1.0)
    some = variance > 0.0
    return (
        np.where(some, weights @ first / safe, 0.0),
        np.where(some, weights @ total / safe, 0.0),
        np.maximum(variance[:, 0], 0.0),
    )
