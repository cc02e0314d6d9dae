"""Answers of a design that comes in blocks: which blocks are whole.

One missing answer spoils its block, so the block is left out and counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.errors import AnalysisError, InputError
from detente.values import Bools, Floats, plain_fields

FEWEST = 2
FLAT = 1e-12
"""Answers that differ by less than this share of their size do not differ."""


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


def check_level(level: float) -> None:
    """Refuse a senseless level of an interval."""
    if not 0.0 < level < 1.0:
        raise InputError(f"level is {level}; give a share between 0 and 1, such as 0.95")
