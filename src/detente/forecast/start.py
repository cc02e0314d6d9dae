"""From where a forecast starts: a state, or every state with a formula at equal weight."""

from __future__ import annotations

import numpy as np

from detente.conflict import Conflict, State
from detente.errors import InputError
from detente.forecast.chain import Floats


def start_distribution(conflict: Conflict, start: State | str | None = None) -> Floats:
    """Return the start as probabilities over all states.

    Parameters
    ----------
    conflict : Conflict
    start : state or str, optional
        A state (a mapping may leave out variables: they stay as in the status quo), or a formula:
        equal weight on every feasible state where it holds. The status quo by default.

    Returns
    -------
    ndarray
        Of the conflict's shape; `Chain.over_live` takes a chain's part of it.
    """
    weight = np.zeros(conflict.size)
    if isinstance(start, str):
        chosen = conflict.where(start).reshape(-1)
        if not chosen.any():
            raise InputError(f"no feasible state satisfies {start!r}; start from one that exists")
        weight[chosen] = 1.0 / chosen.sum()
    else:
        weight[conflict.index(start)] = 1.0
    return weight.reshape(conflict.shape)
