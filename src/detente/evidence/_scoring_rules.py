"""Scores of forecasts, and intervals of their means.

For a forecast p and an outcome j of K levels (lower is better for all three, 0 is best):

======= ======================================== ==================================
Brier   sum over k of (p_k - [k = j])^2          0 to 2 (Brier 1950)
log     -ln p_j, both p and the outcome blurred  0 up; ln K for the uniform one (Good 1952)
ranked  sum over k < K of (P_k - [j <= k])^2     0 to 1, levels in order, P cumulative
        / (K - 1)                                (Epstein 1969)
======= ======================================== ==================================

Where the outcome is uncertain its weights average the score. A forecast of zero for what happens
would score infinity. To hold the logarithm at a floor e (max(p_j, e)) rewards lying: who believes
e / 2 does better by saying 0. Instead forecast and outcome are *both* blurred, x to
e + (1 - K e) x, as if each level were recorded by mistake once in 1 / e times. The cross-entropy of
two blurred distributions is least where they are the same, so the score is strictly proper at any
floor; it is scaled so that certainty that comes true has 0 and the uniform forecast ln K, as
without a floor.

Questions about one variable are not independent, nor are those of one year. Intervals come from
resampling (2,000 times) whole variables and whole years at once, a question counting as often as
its variable times as often as its year (the pigeonhole bootstrap, Owen 2007; the two-way clusters
of Cameron, Gelbach & Miller 2011), percentile method. It errs to the wide side where nothing hangs
together. Cost: linear, and resamples times variables times years.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.engine import Seed, generator_of
from detente.errors import AnalysisError, InputError
from detente.text import show
from detente.values import Floats, plain_fields

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
    """Return the logarithmic score, in nats, of forecast and outcome blurred to a floor.

    Examples
    --------
    >>> round(log_score(np.array([0.5, 0.5]), np.array([1.0, 0.0])), 3)
    0.693
    """
    size = forecast.size
    if size == 1:
        return 0.0
    least = min(floor, 0.5 / size)
    given, happened = (least + (1.0 - size * least) * x for x in (forecast, outcome))
    top = 1.0 - (size - 1) * least
    best = -(top * math.log(top) + (size - 1) * least * math.log(least))
    worth = math.log(size)
    return float((-(happened * np.log(given)).sum() - best) * worth / (worth - best))


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
    excluded : int
        Questions at which it gave less than `FLOOR` to what happened.
    """

    model: str
    mean: Mapping[str, float]
    interval: Mapping[str, Interval]
    against: Mapping[str, Interval] = field(default_factory=dict)
    excluded: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


def mean_scores(
    forecasts: Mapping[str, Sequence[Floats]],
    outcomes: Sequence[Floats],
    ordered: Sequence[bool],
    clusters: Sequence[tuple[Hashable, Hashable]],
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
    clusters : sequence of (hashable, hashable)
        The variable and the year of each question: what is resampled together.
    reference : str
        The model that others are compared with.
    rng : int, numpy Generator or None

    Raises
    ------
    InputError
        When a forecast is no distribution; names the model and the question.
    AnalysisError
        When there is no question.
    """
    if not outcomes:
        raise AnalysisError("the record has nothing to score after that day; choose an earlier one")
    for model, given in forecasts.items():
        for forecast, outcome, place in zip(given, outcomes, clusters, strict=True):
            _check(model, forecast, outcome, place)
    bootstrap = TwoWayBootstrap(clusters, rng)
    each = {
        model: {rule: _each(rule, given, outcomes, ordered) for rule in RULES}
        for model, given in forecasts.items()
    }
    made = []
    for model, given in forecasts.items():
        mean, interval, against = {}, {}, {}
        for rule in RULES:
            own, other = each[model][rule], each[reference][rule]
            there = ~np.isnan(own)
            mean[rule] = float(own[there].mean()) if there.any() else math.nan
            interval[rule] = bootstrap.interval(own)
            if model != reference:
                against[rule] = bootstrap.interval(own - other)
        excluded = sum(bool((p[o > 0] < FLOOR).any()) for p, o in zip(given, outcomes, strict=True))
        made.append(ModelScores(model, mean, interval, against, excluded))
    return tuple(sorted(made, key=lambda row: row.mean["brier"]))


class TwoWayBootstrap:
    """Resamples of questions that hang together by variable and by year.

    Parameters
    ----------
    clusters : sequence of (hashable, hashable)
        Of each question.
    rng : int, numpy Generator or None
    """

    def __init__(self, clusters: Sequence[tuple[Hashable, Hashable]], rng: Seed = 0) -> None:
        ways = [list(way) for way in zip(*clusters, strict=True)]
        names = [list(dict.fromkeys(way)) for way in ways]
        self._member = tuple(
            np.array([known.index(one) for one in way])
            for known, way in zip(names, ways, strict=True)
        )
        generator = generator_of(rng)
        self._often = [
            generator.multinomial(len(known), np.full(len(known), 1.0 / len(known)), RESAMPLES)
            for known in names
        ]

    def interval(self, values: Floats) -> Interval:
        """Return an interval of a mean; nan values are left out, and nan is one that is unknown."""
        there = ~np.isnan(values)
        first, second = self._often
        sums, counts = np.zeros((2, first.shape[1], second.shape[1]))
        place = tuple(member[there] for member in self._member)
        np.add.at(sums, place, values[there])
        np.add.at(counts, place, 1.0)
        if np.count_nonzero(counts) < 2:
            return (math.nan, math.nan)
        totals, weights = (
            np.einsum("rv,vy,ry->r", first, cells, second, optimize=True)
            for cells in (sums, counts)
        )
        drawn = weights > 0
        tail = (1.0 - LEVEL) / 2.0
        low, high = np.quantile(totals[drawn] / weights[drawn], [tail, 1.0 - tail])
        return float(low), float(high)


def _check(model: str, forecast: Floats, outcome: Floats, place: tuple[Hashable, Hashable]) -> None:
    """Refuse what is no distribution over the levels of its question."""
    sound = forecast.shape == outcome.shape and bool(
        np.isfinite(forecast).all() and forecast.min() >= -1e-9 and abs(forecast.sum() - 1) <= 1e-6
    )
    if not sound:
        given = ", ".join(show(chance, "fine") for chance in np.ravel(forecast))
        raise InputError(
            f"the forecast of {model} for {place[0]} in {place[1]} is {given}, no distribution "
            f"over {outcome.size} levels; give chances from 0 to 1 that sum to 1"
        )


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
