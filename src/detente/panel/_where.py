"""Where a model did better than another way of forecasting, and where worse, by a column.

Conflicts are put in groups by the cuts of a column of numbers; each group has the mean difference
of log scores, with a 95 % interval by resampling as in `detente.panel.score_panel`. The groups were
chosen after the scores were known, so they describe and prove nothing. Cost: a pass over conflicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from detente.engine import Seed
from detente.errors import InputError
from detente.panel._baselines import BASE_RATES
from detente.panel._scores import MODEL, PanelScores, each_score, resamples


class GroupDifference(NamedTuple):
    """The model's mean log score less another's among some conflicts; below zero it is better."""

    low: float
    high: float
    conflicts: int
    difference: float
    interval: tuple[float, float]


def difference_by(
    scores: PanelScores,
    column: str,
    cuts: Sequence[float],
    *,
    rival: str = BASE_RATES,
    rng: Seed = 1,
) -> tuple[GroupDifference, ...]:
    """Return where the model does better than a rival, by a column of the later side.

    Parameters
    ----------
    scores : PanelScores
    column : str
        Of the table of conflicts.
    cuts : sequence of float
        Each starts a group; conflicts below the first and from the last on are groups too.
    rival : str
    rng : int, numpy Generator or None

    Examples
    --------
    >>> from detente.panel import load_panel
    >>> scores = load_panel("disputes").fit(intervals=False).score()
    >>> [one.conflicts for one in difference_by(scores, "ratio", [0.5])]
    [18, 22]
    """
    panel = scores.panel
    if rival not in scores.forecasts:
        known = ", ".join(name for name in scores.forecasts if name != MODEL)
        raise InputError(f"there are no forecasts under the name {rival!r}; choose from {known}")
    logs = [
        each_score(panel, scores.forecasts[name], scores.happened)["log"] for name in (MODEL, rival)
    ]
    apart, values = logs[0] - logs[1], panel.column(column, "test")
    draws = resamples(panel, rng)
    ends = [-np.inf, *sorted(cuts), np.inf]
    found = []
    for low, high in pairwise(ends):
        own = (values >= low) & (values < high)
        if own.any():
            weights = draws[:, own]
            weights = weights[weights.sum(axis=1) > 0.0]
            means = weights @ apart[own] / weights.sum(axis=1)
            span = np.quantile(means, [0.025, 0.975]).tolist()
            mean = float(apart[own].mean())
            found.append(GroupDifference(low, high, int(own.sum()), mean, (span[0], span[1])))
    return tuple(found)
