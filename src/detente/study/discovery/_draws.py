"""The draws that a search looks at: checked, and split in halves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detente.errors import InputError
from detente.values import Bools, Floats


def half(hits: Bools, rng: np.random.Generator) -> Bools:
    """Return a random half of the draws, with half of the hits."""
    chosen = np.zeros(hits.size, dtype=bool)
    for part in (np.flatnonzero(hits), np.flatnonzero(~hits)):
        chosen[rng.permutation(part)[: (part.size + 1) // 2]] = True
    return chosen


def checked(names: Sequence[str], inputs: Any, hits: Any) -> tuple[tuple[str, ...], Floats, Bools]:
    """Return names, inputs as (inputs, draws) and hits, or say how they do not fit together."""
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
    return names, np.ascontiguousarray(values.T), happens
