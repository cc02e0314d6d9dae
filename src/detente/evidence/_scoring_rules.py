"""Scores of forecasts, and intervals of their means.

For a forecast p and an outcome j of K levels (lower is better for all three):

======= ======================================== ==================================
Brier   sum over k of (p_k - [k = j])^2          0 to 2 (Brier 1950)
log     -ln max(p_j, floor)                      0 to -ln floor (Good 1952)
ranked  sum over k < K of (P_k - [j <= k])^2     0 to 1, levels in order, P cumulative
        / (K - 1)                                (Epstein 1969)
======= ======================================== ==================================

Where the outcome is uncertain its weights average the score. A forecast of zero for what happens
would score infinity; the floor of 0.001 caps it, and how often it did is counted. Questions close
in time are not independent: intervals come from resampling (2,000 times) whole blocks, a block
being a variable and a year, percentile method (Efron 1979). Cost: linear, times resamples.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.engine import Seed, generator_of
from detente.errors import AnalysisError
from detente.values import Floats, Ints, plain_fields

RULES = ("brier", "log", "ranked")
FLOOR = 1e-3
RESAMPLES = 2000
LEVEL = 0.95
Interval = tuple[float, float]


def brier(forecast: Floats, outcome: Floats) -> float:
    """Return the Brier score.

    Parameters
    ----------
    forecast, outcome : ndarray, (levels,)
        Each sums to one.

    Examples
    --------
    >>> round(brier(np.array([0.8, 0.2]), np.array([1.0, 0.0])), 9)
    0.08
    """
    return float((forecast**2).sum() - 2.0 * (forecast * outcome).sum() + 1.0)


def log_score(forecast: Floats, outcome: Floats, floor: float = FLOOR) -> float:
    """Return the logarithmic score, in nats.

    Examples
    --------
    >>> round(log_score(np.array([0.5, 0.5]), np.array([1.0, 0.0])), 3)
    0.693
    """
    return float(-(outcome * np.log(np.maximum(forecast, floor))).sum())


def ranked_score(forecast: Floats, outcome: Floats) -> float:
    """Return the ranked probability score of levels in order.

    Examples
    --------
    >>> round(ranked_score(np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0])), 3)
    0.5
    """
    below = np.cumsum(forecast)[:-1]
    # An outcome at or below k has probability O_k; (P - 1)^2 then, P^2 otherwise.
    happened = np.cumsum(outcome)[:-1]
    terms = happened * (below - 1.0) ** 2 + (1.0 - happened) * below**2
    return float(terms.sum() / max(forecast.size - 1, 1))


@dataclass(frozen=True)
class ModelScores:
    """The mean scores of one model.

    Attributes
    ----------
    model : str
    mean : mapping of str to float
        By rule, see `RULES`; ``ranked`` is over questions about ordered levels.
    interval : mapping of str to (float, float)
        95 %.
    against : mapping of str to (float, float)
        95 % intervals of the mean less that of the reference model; below zero it beats it.
    floored : int
        Questions at which the floor mattered.
    """

    model: str
    mean: Mapping[str, float]
    interval: Mapping[str, Interval]
    against: Mapping[str, Interval] = field(default_factory=dict)
    floored: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


def mean_scores(
    forecasts: Mapping[str, Sequence[Floats]],
    outcomes: Sequence[Floats],
    ordered: Sequence[bool],
    blocks: Sequence[Any],
    reference: str,
    rng: Seed = 0,
) -> tuple[ModelScores, ...]:
    """Return the scores of several models on the same questions, best Brier score first.

    Parameters
    ----------
    forecasts : mapping of str to sequence of ndarray
        By model, a distribution for each question.
    outcomes : sequence of ndarray
    ordered : sequence of bool
        Whether the levels are in an order (two levels always are).
    blocks : sequence of hashable
        What is resampled together, for each question.
    reference : str
        The model that others are compared with.
    rng : int, numpy Generator or None

    Raises
    ------
    AnalysisError
        When there is no question.
    """
    if not outcomes:
        raise AnalysisError("the record has nothing to score after that day; choose an earlier one")
    names = list(dict.fromkeys(blocks))
    member = np.array([names.index(block) for block in blocks])
    often = generator_of(rng).multinomial(
        len(names), np.full(len(names), 1.0 / len(names)), RESAMPLES
    )
    each = {
        model: {rule: _each(rule, given, outcomes, ordered) for rule in RULES}
        for model, given in forecasts.items()
    }
    made = []
    for model, given in forecasts.items():
        mean, interval, against = {}, {}, {}
        for rule in RULES:
            own, other = each[model][rule], each[reference][rule]
            mean[rule] = float(np.nanmean(own)) if not np.isnan(own).all() else math.nan
            interval[rule] = _interval(own, member, often)
            if model != reference:
                against[rule] = _interval(own - other, member, often)
        floored = sum(
            bool((np.asarray(p)[o > 0] < FLOOR).any()) for p, o in zip(given, outcomes, strict=True)
        )
        made.append(ModelScores(model, mean, interval, against, floored))
    return tuple(sorted(made, key=lambda row: row.mean["brier"]))


def _each(
    rule: str, given: Sequence[Floats], outcomes: Sequence[Floats], ordered: Sequence[bool]
) -> Floats:
    pairs = list(zip(given, outcomes, strict=True))
    if rule == "brier":
        return np.array([brier(p, o) for p, o in pairs])
    if rule == "log":
        return np.array([log_score(p, o) for p, o in pairs])
    return np.array(
        [
            ranked_score(p, o) if in_order or len(p) == 2 else np.nan
            for (p, o), in_order in zip(pairs, ordered, strict=True)
        ]
    )


def _interval(values: Floats, member: Ints, often: Ints) -> Interval:
    """Return a bootstrap interval of a mean; nan values are left out."""
    there = ~np.isnan(values)
    blocks = often.shape[1]
    sums = np.bincount(member[there], values[there], blocks)
    counts = np.bincount(member[there], minlength=blocks)
    total = often @ counts
    if not (total > 0).any():
        return (math.nan, math.nan)
    means = (often @ sums)[total > 0] / total[total > 0]
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(means, [tail, 1.0 - tail])
    return float(low), float(high)
