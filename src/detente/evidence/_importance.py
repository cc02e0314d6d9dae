"""Draws from a posterior by tempered importance sampling that adapts, over normal scores.

First it learns. Draws of the prior are weighted by a power of the likelihood, as large as leaves an
effective sample size from which a normal distribution can be fitted (`detente.evidence._proposal`);
draws of that join them, all weighted as draws of the mixture of what they came from; and so on,
until the power is one and a round of draws is worth a fair share of its number. Then it draws anew
from the last fit, with one draw in ten from the prior, which bounds the weights, until the draws
are worth as many as there are particles. Only these count: they are independent and know nothing
of each other, so the mean of their weights is an unbiased estimate of the marginal likelihood, and
its standard error is that of a mean. The particles are a systematic resample of them.

Markov chains in place of independent draws need likelihoods in proportion to how long they
remember, and steps fitted to the particles that they move bias them in many dimensions.

Sources: Cappe and others 2004, Cornuet and others 2012 (rounds, mixtures of them); Koblents &
Miguez 2015 (tempered weights); Hesterberg 1995 (the share from the prior).
Cost: particles x (1 + rounds / 2 + 1 / share) likelihoods.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import AnalysisError
from detente.evidence._proposal import NormalDistribution, fit, standard
from detente.text import show
from detente.values import Floats, Ints

Likelihood = Callable[[Floats, float], Floats]

ENOUGH = 300
"""Effective sample size that a fit asks for, at most half of a round."""
FAIR = 0.3
"""Effective sample size of a round, as a share of it, at which there is no more to learn."""
LEAST = 2
"""Draws in a round of learning for each input, at least."""
PATIENCE = 8
"""Rounds that may fall short of it once the power is one."""
MOST_ROUNDS = 200
FROM_PRIOR = 0.1
MOST_DRAWS = 10
"""At most this many times the particles are drawn in the end."""


@dataclass(frozen=True)
class SamplingRound:
    """One round of draws.

    Attributes
    ----------
    power : float
        Of the likelihood, to which what they were drawn from was fitted; zero is the prior.
    draws : int
    ess : float
        Effective sample size of the draws for the posterior.
    acceptance : float
        Share of them that independence Metropolis would accept: one less the Gini coefficient of
        their weights.
    """

    power: float
    draws: int
    ess: float
    acceptance: float


@dataclass(frozen=True, eq=False)
class ImportanceSample:
    """Particles that stand for the posterior, all of one weight.

    Attributes
    ----------
    scores : ndarray, (particles, inputs)
    log_likelihood : ndarray, (particles,)
    log_evidence, error : float
        Logarithm of the marginal likelihood, and its standard error.
    stages : tuple of SamplingRound
        The first is of the prior; the last has the draws that count.
    """

    scores: Floats
    log_likelihood: Floats
    log_evidence: float
    error: float
    stages: tuple[SamplingRound, ...]


def importance_sample(
    likelihood: Likelihood, scores: Floats, correlation: Floats, seed: int
) -> ImportanceSample:
    """Return draws from the posterior.

    Parameters
    ----------
    likelihood : callable
        From scores (points, inputs), and how far the work is (0 to 1), to log likelihoods
        (points,), minus infinity allowed.
    scores : ndarray, (particles, inputs)
        Draws of the prior, which is normal with mean zero and ``correlation``.
    correlation : ndarray, (inputs, inputs)
    seed : int

    Raises
    ------
    AnalysisError
        When the likelihood is zero at every particle, or too sharp for so few.

    Examples
    --------
    One observation 2 with noise of variance 1, prior variance 1: the posterior mean is 1.

    >>> draws = np.random.default_rng(1).standard_normal((2000, 1))
    >>> level = lambda z, power: -0.5 * (z[:, 0] - 2.0) ** 2
    >>> found = importance_sample(level, draws, np.eye(1), seed=1)
    >>> bool(abs(found.scores.mean() - 1.0) < 0.1)
    True
    """
    count, inputs = scores.shape
    rng = np.random.default_rng([seed, 1])
    factor = np.linalg.cholesky(correlation + 1e-9 * np.eye(inputs))
    prior = standard(inputs)

    def weigh(points: Floats, reached: float) -> Floats:
        return likelihood(np.asarray(points @ factor.T, dtype=np.float64), reached)

    best, stages = _learn(weigh, np.linalg.solve(factor, scores.T).T, prior, rng)
    points, value, log = np.empty((0, inputs)), np.empty(0), np.empty(0)
    ess = 0.0
    while ess < count and value.size < MOST_DRAWS * count:
        more = best.draw(-(-count // 2), rng)
        chance = rng.random(len(more)) < FROM_PRIOR
        more[chance] = prior.draw(int(chance.sum()), rng)
        found = weigh(more, 0.5 + 0.5 * ess / count)
        made = _mixture(more, (prior, best), (FROM_PRIOR, 1.0 - FROM_PRIOR))
        points, value = np.vstack([points, more]), np.append(value, found)
        log = np.append(log, found + prior.log_density(more) - made)
        ess = _ess(log)
    if not ess > 0.0:
        raise AnalysisError("the likelihood is zero at every draw; give more particles")
    weights, top = _weights(log), float(log.max())
    chosen = _systematic(weights, count, rng)
    last = SamplingRound(1.0, value.size, ess, _acceptance(weights))
    return ImportanceSample(
        scores=np.asarray(points[chosen] @ factor.T, dtype=np.float64),
        log_likelihood=value[chosen],
        log_evidence=top + math.log(float(np.exp(log - top).mean())),
        error=math.sqrt(max(1.0 / ess - 1.0 / value.size, 0.0)),
        stages=(*stages, last),
    )


def _learn(
    weigh: Likelihood, points: Floats, prior: NormalDistribution, rng: np.random.Generator
) -> tuple[NormalDistribution, list[SamplingRound]]:
    """Return a distribution that is close to the posterior, from draws of the prior."""
    round_ = max(-(-len(points) // 2), LEAST * points.shape[1])
    normals, sizes = [prior], [len(points)]
    value = weigh(points, 0.0)
    if not np.isfinite(value).any():
        raise AnalysisError("the likelihood is zero at every draw of the prior")
    stages = [_stage(0.0, value)]
    tries = 0
    while True:
        shares = np.array(sizes) / len(points)
        base = prior.log_density(points) - _mixture(points, normals, shares)
        power = _power(base, value, min(ENOUGH, 0.5 * round_))
        best = fit(points, _weights(_raised(base, value, power)))
        tries += power == 1.0
        if (stages[-1].power > 0.0 and stages[-1].ess >= FAIR * round_) or tries > PATIENCE:
            return best, stages
        if len(stages) == MOST_ROUNDS:
            raise AnalysisError(
                f"after {MOST_ROUNDS} rounds of {round_} draws only the power "
                f"{show(power, 'plain')} of the "
                "likelihood is reached; give more particles"
            )
        more = best.draw(round_, rng)
        found = weigh(more, 0.5 * power)
        log = found + prior.log_density(more) - best.log_density(more)
        stages.append(_stage(power, log))
        points, value = np.vstack([points, more]), np.append(value, found)
        normals.append(best)
        sizes.append(round_)


def _stage(power: float, log: Floats) -> SamplingRound:
    ess = _ess(log)
    return SamplingRound(power, log.size, ess, _acceptance(_weights(log)) if ess > 0.0 else 0.0)


def _mixture(points: Floats, normals: Sequence[NormalDistribution], shares: ArrayLike) -> Floats:
    """Return logarithms of the density of a mixture, (points,)."""
    parts = np.stack([normal.log_density(points) for normal in normals], axis=1)
    found = np.logaddexp.reduce(parts + np.log(np.asarray(shares, dtype=np.float64)), axis=1)
    return np.asarray(found, dtype=np.float64)


def _raised(base: Floats, value: Floats, power: float) -> Floats:
    known = np.isfinite(value)
    return np.where(known, base + power * np.where(known, value, 0.0), -np.inf)


def _power(base: Floats, value: Floats, wanted: float) -> float:
    """Return the largest power that leaves the effective sample size that a fit asks for."""
    # Points of likelihood zero are lost at any power; half of what is left may be given up.
    wanted = min(wanted, 0.5 * _ess(_raised(base, value, 0.0)))
    if _ess(_raised(base, value, 1.0)) >= wanted:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if _ess(_raised(base, value, middle)) >= wanted:
            low = middle
        else:
            high = middle
    return low


def _weights(log: Floats) -> Floats:
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _ess(log: Floats) -> float:
    """Return the effective sample size, zero where no draw has any weight."""
    if not np.isfinite(log).any():
        return 0.0
    return float(1.0 / (_weights(log) ** 2).sum())


def _acceptance(weights: Floats) -> float:
    """Return the mean of min(w, w') over w, for w' of any draw and w of a draw by its weight."""
    ordered = np.sort(weights)
    return float((ordered * (2.0 * np.arange(ordered.size)[::-1] + 1.0)).sum() / ordered.size)


def _systematic(weights: Floats, count: int, rng: np.random.Generator) -> Ints:
    places = (rng.random() + np.arange(count)) / count
    found = np.searchsorted(np.cumsum(weights), places, side="right")
    return np.minimum(found, int(np.flatnonzero(weights)[-1]))
