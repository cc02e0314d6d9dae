"""The weighted median: nobody can gather more than half of the weight for another outcome.

Under majority rule on one dimension the median voter's position beats every other (Black 1958);
here each actor has capability times salience in votes. Cost: a sort an issue.
"""

from __future__ import annotations

import numpy as np

from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable
from detente.values import Floats


def weighted_median(table: BargainingTable) -> BargainingOutcome:
    """Return the position with half of the weight on either side; the middle between two such.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> votes = {"a": (0, 1, 2), "b": (30, 1, 1), "c": (100, 1, 2)}
    >>> weighted_median(bargaining_table({"cut": votes})).outcome.tolist()
    [30.0]
    """
    found = [median_of(table.weight[:, k], table.position[:, k]) for k in range(len(table.issues))]
    return BargainingOutcome(
        "median",
        "A majority of the weight can move the outcome towards itself.",
        "Black 1958",
        table,
        np.array(found),
    )


def median_of(weight: Floats, position: Floats) -> float:
    """Return the weighted median of one issue."""
    there = weight > 0
    order = np.argsort(position[there], kind="stable")
    places, shares = position[there][order], weight[there][order]
    below = np.cumsum(shares)
    half = below[-1] / 2
    slack = below[-1] * 1e-12
    low = places[np.searchsorted(below, half - slack)]
    high = places[min(int(np.searchsorted(below, half + slack)), len(places) - 1)]
    return float(low + high) / 2
