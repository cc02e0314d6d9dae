"""The position with most weight behind it: a baseline. Cost: a sort an issue."""

from __future__ import annotations

import numpy as np

from detente.bargaining._compromise import compromise_of
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable


def most_weight(table: BargainingTable) -> BargainingOutcome:
    """Return the position with most weight behind it; of several, the one nearest the compromise.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> votes = {"a": (0, 1, 2), "b": (30, 1, 1), "c": (30, 1, 2)}
    >>> most_weight(bargaining_table({"cut": votes})).outcome.tolist()
    [30.0]
    """
    middle = compromise_of(table.weight, table.position)
    found = []
    for k in range(len(table.issues)):
        weight = table.weight[:, k]
        places = np.unique(table.position[weight > 0, k])
        behind = np.array([weight[table.position[:, k] == place].sum() for place in places])
        most = places[behind >= behind.max() * (1 - 1e-12)]
        found.append(most[np.argmin(np.abs(most - middle[k]))])
    return BargainingOutcome(
        "mode",
        "The position with most weight behind it wins outright.",
        "baseline",
        table,
        np.array(found),
    )
