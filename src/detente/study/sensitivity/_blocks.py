"""Answers of a design that comes in blocks: which blocks are whole, and resamples of them.

One missing answer spoils its block, so the block is left out and counted. The bootstrap draws
whole blocks (Efron & Tibshirani 1993), as numbers of times that each is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from detente.errors import AnalysisError, InputError
from detente.values import Bools, Floats, plain_fields

FEWEST = 2
FLAT = 1e-12
"""Answers that differ by less than this share of their size do not differ."""
_AT_ONCE = 50


def complete_blocks(answers: Any, size: int, what: str) -> tuple[Floats, Bools]:
    """Return the blocks without a gap, and for each block whether it has none.

    Parameters
    ----------
    answers : array_like, (blocks * size,)
        nan where a draw has no answer.
    size : int
        Draws in a block.
    what : str
        What blocks are called, for messages.

    Raises
    ------
    InputError
        When the answers are not a whole number of blocks.
    AnalysisError
        When fewer than two blocks are whole.
    """
    values = np.asarray(answers, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or values.size % size:
        raise InputError(
            f"{values.size} answers are not a whole number of {what} of {size}; give the answers "
            "of every draw of the design, nan where there is none"
        )
    blocks = values.reshape(-1, size)
    whole: Bools = np.asarray(np.isfinite(blocks).all(axis=1))
    if whole.sum() < FEWEST:
        raise AnalysisError(
            f"{int(whole.sum())} of {len(blocks)} {what} have all their answers; make more draws, "
            "or see why so many fail"
        )
    return blocks[whole], whole


def resampled_counts(
    blocks: int, resamples: int, rng: np.random.Generator
) -> Iterator[tuple[slice, Floats]]:
    """Yield, some resamples at a time, how often each block is taken: (place, (some, blocks))."""
    for first in range(0, resamples, _AT_ONCE):
        some = min(_AT_ONCE, resamples - first)
        taken = rng.integers(blocks, size=(some, blocks)) + blocks * np.arange(some)[:, None]
        counts = np.bincount(taken.reshape(-1), minlength=some * blocks).reshape(some, blocks)
        yield slice(first, first + some), counts.astype(np.float64)


def rows_by_input(result: Any, *columns: str) -> list[dict[str, Any]]:
    """Return one row per input: its name and its place in each of a result's columns."""
    table = plain_fields(result, *columns)
    return [
        {"name": name, **{column: values[k] for column, values in table.items()}}
        for k, name in enumerate(result.names)
    ]


def basis(used: int, dropped: int, what: str) -> str:
    """Say on how many blocks indices rest, and how many were left out."""
    left = f"; {dropped} left out for a missing answer" if dropped else ""
    return f"from {used} {what}{left}"


def check_resampling(resamples: int, level: float) -> None:
    """Refuse a senseless number of resamples or level of an interval."""
    if resamples < 1:
        raise InputError(f"resamples is {resamples}; give one or more")
    if not 0.0 < level < 1.0:
        raise InputError(f"level is {level}; give a share between 0 and 1, such as 0.95")


def interval(samples: Floats, level: float) -> Floats:
    """Return the percentile interval over the first axis, (…, 2)."""
    tail = (1.0 - level) / 2.0
    ends = np.quantile(samples, np.array([tail, 1.0 - tail]), axis=0)
    return np.asarray(np.moveaxis(ends, 0, -1), dtype=np.float64)
