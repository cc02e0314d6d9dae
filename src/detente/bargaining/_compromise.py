"""Compromise: the mean of the positions, weighted by capability times salience.

Van den Bos 1991; Achen 2006, in Thomson and others, *The European Union Decides*, shows it to be
close to the Nash solution when disagreement is bad for all. Nothing published beats it out of
sample. Each issue is settled by itself. Cost: linear in the cells.
"""

from __future__ import annotations

import numpy as np

from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable
from detente.values import Floats


def compromise(table: BargainingTable) -> BargainingOutcome:
    """Return the mean of the positions, weighted by capability times salience.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> found = compromise(bargaining_table({"cut": {"a": (100, 0.5, 2), "b": (0, 1, 3)}}))
    >>> found.outcome.tolist()
    [25.0]
    """
    return BargainingOutcome(
        "compromise",
        "All give way in proportion to how little they care and how little they can do.",
        "Van den Bos 1991; Achen 2006",
        table,
        compromise_of(table.weight, table.position),
    )


def compromise_of(weight: Floats, position: Floats) -> Floats:
    """Return the weighted mean down the first axis; positions may be NaN where the weight is 0."""
    total: Floats = (weight * np.nan_to_num(position)).sum(axis=0) / weight.sum(axis=0)
    return total
