"""The plain mean of the positions: what a model has to beat. Cost: linear in the cells."""

from __future__ import annotations

import numpy as np

from detente.bargaining._compromise import compromise_of
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable


def plain_mean(table: BargainingTable) -> BargainingOutcome:
    """Return the mean of the positions of all parties.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> found = plain_mean(bargaining_table({"cut": {"a": (100, 0.5, 2), "b": (0, 1, 3)}}))
    >>> found.outcome.tolist()
    [50.0]
    """
    return BargainingOutcome(
        "mean",
        "All parties count the same.",
        "baseline",
        table,
        compromise_of(table.party.astype(np.float64), table.position),
    )
