"""The draws that a search looks at: checked, and split in halves that share no row.

Draws with the same inputs give the same answer, or nearly: were one in either half, what was found
on the one half would be seen again on the other. So equal rows stay together, and count once where
a restriction is tested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from detente.errors import InputError
from detente.values import Bools, Floats, Ints


def equal_rows(inputs: Floats) -> Ints:
    """Return for each draw the number of the first with the same inputs, (inputs, draws) given.

    Examples
    --------
    >>> equal_rows(np.array([[1.0, 2.0, 1.0], [0.0, 0.0, 0.0]])).tolist()
    [0, 1, 0]
    """
    _, first, row = np.unique(inputs, axis=1, return_index=True, return_inverse=True)
    return np.asarray(first[row.reshape(-1)], dtype=np.int64)


def half(hits: Bools, rows: Ints, rng: np.random.Generator) -> Bools:
    """Return a random half of the draws, with half of the hits, equal rows on the same side.

    Parameters
    ----------
    hits : ndarray of bool, (draws,)
    rows : ndarray of int, (draws,)
        See `equal_rows`.
    rng : numpy Generator
    """
    size = np.bincount(rows, minlength=hits.size)
    mostly = 2 * np.bincount(rows, hits, minlength=hits.size) >= np.maximum(size, 1)
    chosen = np.zeros(hits.size, dtype=bool)
    for part in (np.flatnonzero(mostly), np.flatnonzero((size > 0) & ~mostly)):
        drawn = rng.permutation(part)
        before = np.cumsum(size[drawn]) - size[drawn]
        chosen[drawn[2 * before < size[part].sum()]] = True
    return np.asarray(chosen[rows])


def checked(
    names: Sequence[str], inputs: Any, hits: Any, levels: Mapping[str, Sequence[str]] | None
) -> tuple[tuple[str, ...], Floats, Bools, tuple[tuple[str, ...], ...]]:
    """Return names, inputs as (inputs, draws), hits and levels, or say how they do not fit."""
    values = np.asarray(inputs, dtype=np.float64)
    happens = np.asarray(hits)
    names = tuple(names)
    if values.ndim != 2 or values.shape[1] != len(names) or happens.shape != values.shape[:1]:
        raise InputError(
            f"{len(names)} names, inputs of shape {values.shape} and hits of shape {happens.shape} "
            "do not fit; give (draws, inputs) and (draws,)"
        )
    if happens.dtype != np.bool_:
        raise InputError("hits must be true or false for each draw; compare the answers first")
    if not names or values.shape[0] < 2:
        raise InputError("there is nothing to search; give at least one input and two draws")
    if not np.isfinite(values).all():
        raise InputError("an input is not a number; leave out draws without a result")
    columns = np.ascontiguousarray(values.T)
    labels = tuple(tuple((levels or {}).get(name, ())) for name in names)
    for name, known, column in zip(names, labels, columns, strict=True):
        if known and not np.isin(column, np.arange(len(known))).all():
            wrong = column[~np.isin(column, np.arange(len(known)))][0]
            raise InputError(
                f"{name} is {wrong:g} in a draw and has {len(known)} levels; give the index of a "
                f"level, 0 to {len(known) - 1}"
            )
    return names, columns, happens, labels
