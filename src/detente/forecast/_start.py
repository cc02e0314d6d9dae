"""From where a forecast starts: a state, every state with a formula, or a whole distribution."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from detente.conflict import Conflict, State
from detente.errors import InputError
from detente.values import Floats


class Weighted(Protocol):
    """Anything that knows a probability for each state, such as what follows from observations."""

    @property
    def weight(self) -> Floats:
        """Probabilities, of the conflict's shape."""


Start = State | str | Floats | Weighted


def start_distribution(conflict: Conflict, start: Start | None = None) -> Floats:
    """Return the start as probabilities over all states.

    Parameters
    ----------
    conflict : Conflict
    start : state, str, ndarray or Filtered, optional
        A state (a mapping may leave out variables: they stay as in the status quo), a formula
        (equal weight on every feasible state where it holds), probabilities of the conflict's
        shape, or what follows from observations. The status quo by default.

    Returns
    -------
    ndarray
        Of the conflict's shape; `Chain.over_live` takes a chain's part of it.
    """
    if isinstance(start, np.ndarray) and start.dtype.kind == "f":
        return _checked(conflict, start)
    known = getattr(start, "weight", None)
    if isinstance(known, np.ndarray):
        return _checked(conflict, known)
    weight = np.zeros(conflict.size)
    if isinstance(start, str):
        chosen = conflict.where(start).reshape(-1)
        if not chosen.any():
            raise InputError(f"no feasible state satisfies {start!r}; start from one that exists")
        weight[chosen] = 1.0 / chosen.sum()
    else:
        weight[conflict.index(start)] = 1.0  # type: ignore[arg-type]
    return weight.reshape(conflict.shape)


def _checked(conflict: Conflict, weight: Floats) -> Floats:
    if weight.shape != conflict.shape:
        raise InputError(
            f"the start has shape {weight.shape}, the conflict {conflict.shape}; give a "
            "probability for each state"
        )
    if not ((weight >= 0.0).all() and abs(float(weight.sum()) - 1.0) < 1e-9):
        raise InputError("the start's probabilities must not be negative and must sum to one")
    if weight[~conflict.feasible].any():
        raise InputError("the start gives weight to infeasible states; give them zero")
    return np.asarray(weight / weight.sum())
