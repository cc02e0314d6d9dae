"""Draws from a posterior by tempered sequential Monte Carlo over normal scores.

Particles start at the prior. The likelihood is raised to powers from 0 to 1, each chosen so that
the effective sample size of the new weights is a stated share of the particles; then particles
are resampled (systematically) and moved by Metropolis steps that leave the power's distribution as
it is. A step goes along z' = sqrt(1 - b^2) z + b L x with standard normal x and L L' the prior's
correlation, reversible for the prior, so that only the likelihood decides; b follows the
acceptance of the steps before. Steps fitted to the particles would be larger, but in many
dimensions particles moved by their own fit no longer stand for the posterior. What the powers take
adds up to the marginal likelihood; the standard error of its logarithm is that of the mean weights,
power by power, as if the moves made particles independent.

Sources: Del Moral, Doucet & Jasra 2006 (the sampler); Neal 1999 (steps of that kind).
Cost: particles x (1 + powers x moves) likelihoods.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import AnalysisError

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats, float], Floats]

SHARE = 0.5
"""Effective sample size, as a share of the particles, at which a power is set."""
ACCEPTANCE = 0.3
"""What the size of the steps aims at."""
MOST_POWERS = 200


@dataclass(frozen=True)
class Stage:
    """One power of the likelihood.

    Attributes
    ----------
    power : float
    ess : float
        Effective sample size of the weights that led to it.
    step, acceptance : float
        Size b of the last moves (0 to 1), and the share of moves at this power that were accepted.
    ancestors : int
        First particles that still have descendants.
    """

    power: float
    ess: float
    step: float
    acceptance: float
    ancestors: int


@dataclass(frozen=True, eq=False)
class Tempered:
    """Particles that stand for the posterior, all of one weight.

    Attributes
    ----------
    scores : ndarray, (particles, inputs)
    log_likelihood : ndarray, (particles,)
    log_evidence : float
        Logarithm of the marginal likelihood.
    error : float
        Standard error of it, as if the moves made particles independent at every power.
    stages : tuple of Stage
    prior_ess : float
        Effective sample size of the prior's draws weighted by likelihood.
    """

    scores: Floats
    log_likelihood: Floats
    log_evidence: float
    error: float
    stages: tuple[Stage, ...]
    prior_ess: float


def temper(
    likelihood: Likelihood, scores: Floats, correlation: Floats, seed: int, moves: int = 2
) -> Tempered:
    """Return draws from the posterior.

    Parameters
    ----------
    likelihood : callable
        From scores (points, inputs), and the power reached, for progress, to log likelihoods
        (points,), minus infinity allowed.
    scores : ndarray, (particles, inputs)
        Draws of the prior, which is normal with mean zero and ``correlation``.
    correlation : ndarray, (inputs, inputs)
    seed : int
    moves : int
        Steps of every particle at every power.

    Returns
    -------
    Tempered

    Raises
    ------
    AnalysisError
        When the likelihood is zero at every particle.

    Examples
    --------
    One observation 2 with noise of variance 1, prior variance 1: the posterior mean is 1.

    >>> draws = np.random.default_rng(1).standard_normal((2000, 1))
    >>> found = temper(lambda z, power: -0.5 * (z[:, 0] - 2.0) ** 2, draws, np.eye(1), seed=1)
    >>> bool(abs(found.scores.mean() - 1.0) < 0.1)
    True
    """
    count, inputs = scores.shape
    now: Floats = scores.copy()
    value = likelihood(now, 0.0)
    if not np.isfinite(value).any():
        raise AnalysisError("the likelihood is zero at every draw of the prior")
    prior_ess = _ess(_weights(value))
    eve = np.arange(count)
    power, evidence, step = 0.0, 0.0, 0.6 if inputs > 3 else 0.9
    factor = np.linalg.cholesky(correlation + 1e-9 * np.eye(inputs))
    stages: list[Stage] = []
    while power < 1.0:
        after = _next_power(value, power)
        gain = (after - power) * value
        top = float(gain.max())
        evidence += top + float(np.log(np.exp(gain - top).mean()))
        weights = _weights(gain)
        ess = _ess(weights)
        rng = np.random.default_rng([seed, len(stages)])
        chosen = _systematic(weights, rng)
        now, value, eve = now[chosen], value[chosen], eve[chosen]
        power = after
        accepted = 0.0
        for _ in range(moves):
            used = step
            noise = rng.standard_normal(now.shape) @ factor.T
            there: Floats = np.asarray(
                math.sqrt(1.0 - step**2) * now + step * noise, dtype=np.float64
            )
            level = np.log(rng.random(count))
            found = likelihood(there, power)
            with np.errstate(invalid="ignore"):
                odds = power * (found - value)
            taken = np.isfinite(found) & (level < odds)
            now, value = np.where(taken[:, None], there, now), np.where(taken, found, value)
            share = float(taken.mean())
            accepted += share / moves
            step = float(np.clip(step * np.exp(share - ACCEPTANCE), 0.02, 0.98))
        stages.append(Stage(power, ess, used if moves else 0.0, accepted, np.unique(eve).size))
        if len(stages) == MOST_POWERS:
            raise AnalysisError(
                f"after {MOST_POWERS} powers of the likelihood only {power:.2g} is reached; give "
                "more particles"
            )
    spread = sum(1.0 / stage.ess - 1.0 / count for stage in stages)
    error = math.sqrt(max(spread, 0.0))
    return Tempered(now, value, evidence, error, tuple(stages), prior_ess)


def _weights(log: Floats) -> Floats:
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _ess(weights: Floats) -> float:
    return float(1.0 / (weights**2).sum())


def _next_power(value: Floats, power: float) -> float:
    """Return the power at which the weights' effective size falls to its share, at most one."""
    # Particles of likelihood zero are lost at any power, so the share counts those that are left.
    wanted = SHARE * np.isfinite(value).sum()
    if _ess(_weights((1.0 - power) * value)) >= wanted:
        return 1.0
    low, high = power, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if middle > power and _ess(_weights((middle - power) * value)) >= wanted:
            low = middle
        else:
            high = middle
    return low if low > power else high


def _systematic(weights: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    places = (rng.random() + np.arange(weights.size)) / weights.size
    found = np.searchsorted(np.cumsum(weights), places, side="right")
    return np.minimum(found, int(np.flatnonzero(weights)[-1]))
