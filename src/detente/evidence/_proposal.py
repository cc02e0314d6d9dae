"""A normal distribution fitted to weighted draws, held back where the draws say little.

For draws whose prior is standard normal. The mean goes to zero and the variances to one as far as
their standard errors cannot tell them apart from that (positive-part shrinkage), correlations to
zero by the share that makes their expected squared error least: so a fit in many dimensions
follows the few that are known and leaves the rest at the prior, and one in few dimensions is the
plain fit. Cost: O(draws inputs^2).

Sources: James & Stein 1961 (shrinkage); Schaefer & Strimmer 2005 (correlations).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.values import Floats

NARROWEST, WIDEST = 1e-8, 4.0
"""Between which variances are held."""


@dataclass(frozen=True, eq=False)
class NormalDistribution:
    """A normal distribution.

    Attributes
    ----------
    mean : ndarray, (inputs,)
    factor : ndarray, (inputs, inputs)
        Lower triangular; times its transpose it is the covariance.
    """

    mean: Floats
    factor: Floats

    def draw(self, count: int, rng: np.random.Generator) -> Floats:
        """Return independent draws, (count, inputs)."""
        return self.mean + rng.standard_normal((count, self.mean.size)) @ self.factor.T

    def log_density(self, points: Floats) -> Floats:
        """Return logarithms of the density, without the constant, (points,)."""
        from scipy.linalg import solve_triangular

        apart = solve_triangular(self.factor, (points - self.mean).T, lower=True)
        found = -0.5 * (apart**2).sum(axis=0) - np.log(np.diag(self.factor)).sum()
        return np.asarray(found, dtype=np.float64)


def standard(inputs: int) -> NormalDistribution:
    """Return the standard normal distribution."""
    return NormalDistribution(np.zeros(inputs), np.eye(inputs))


def fit(points: Floats, weights: Floats) -> NormalDistribution:
    """Return a normal distribution that follows weighted draws as far as they say.

    Parameters
    ----------
    points : ndarray, (draws, inputs)
    weights : ndarray, (draws,)
        They sum to one.

    Examples
    --------
    >>> points = np.random.default_rng(1).standard_normal((500, 3)) + np.array([2.0, 0.0, 0.0])
    >>> round(float(fit(points, np.full(500, 0.002)).mean[0]), 1)
    2.0
    """
    size = 1.0 / float((weights**2).sum())
    mean = weights @ points
    apart = points - mean
    variance = np.maximum(weights @ apart**2, NARROWEST)
    found = apart / np.sqrt(variance)
    correlation = (found * weights[:, None]).T @ found
    mean = mean * _kept(mean, variance / size)
    spread = 1.0 + (variance - 1.0) * _kept(variance - 1.0, 2.0 * variance**2 / size)
    spread = np.clip(spread, NARROWEST, WIDEST)
    off = correlation[~np.eye(mean.size, dtype=bool)]
    noise, signal = float(((1.0 - off**2) ** 2).sum()) / size, float((off**2).sum())
    correlation *= max(0.0, 1.0 - noise / signal) if signal > 0.0 else 0.0
    np.fill_diagonal(correlation, 1.0)
    # Draws fewer than inputs leave a singular matrix where nothing is held back.
    correlation = (correlation + 1e-9 * np.eye(mean.size)) / (1.0 + 1e-9)
    return NormalDistribution(mean, np.sqrt(spread)[:, None] * np.linalg.cholesky(correlation))


def _kept(effect: Floats, error: Floats) -> Floats:
    """Return the share of an effect to keep, given its squared standard error."""
    # Twice the error: unlike the mean of many, each of these must speak for itself.
    return np.asarray(np.maximum(0.0, 1.0 - 2.0 * error / np.maximum(effect**2, 1e-300)))
