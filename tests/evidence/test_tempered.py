"""The sampler on problems whose answer is known in closed form.

Would catch: weights or moves that favour the prior or the likelihood, a wrong marginal likelihood,
particles of likelihood zero that come back, results that hang on the order of calls.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import AnalysisError
from detente.evidence.tempered import temper

PRIOR = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])
SEEN = np.array([2.0, -1.0])
LOOK = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, -1.0]])
NOISE = 0.25


def gaussian(scores, power=0.0):
    apart = scores @ LOOK.T - SEEN
    return -0.5 * (apart**2).sum(axis=1) / NOISE - np.log(2 * np.pi * NOISE)


def draws(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.multivariate_normal(np.zeros(3), PRIOR, size=count)


def test_a_gaussian_posterior_and_its_evidence():
    spread = LOOK @ PRIOR @ LOOK.T + NOISE * np.eye(2)
    gain = PRIOR @ LOOK.T @ np.linalg.inv(spread)
    mean, covariance = gain @ SEEN, PRIOR - gain @ LOOK @ PRIOR
    sign, log_det = np.linalg.slogdet(2 * np.pi * spread)
    evidence = -0.5 * (SEEN @ np.linalg.solve(spread, SEEN) + sign * log_det)
    found = temper(gaussian, draws(4000), PRIOR, seed=3, moves=4)
    assert found.scores.mean(axis=0) == pytest.approx(mean, abs=0.06)
    assert np.cov(found.scores.T) == pytest.approx(covariance, abs=0.08)
    assert found.log_evidence == pytest.approx(evidence, abs=0.1)
    assert abs(found.log_evidence - evidence) < 4 * found.error < 0.3
    assert found.stages[-1].power == 1.0
    assert np.array_equal(found.log_likelihood, gaussian(found.scores))


def test_two_separate_peaks_keep_their_weights():
    """A third of the prior's mass, cut in two pieces of unequal weight."""

    def peaks(scores, power):
        first = np.exp(-0.5 * ((scores[:, 0] - 1.5) / 0.2) ** 2)
        second = 2.0 * np.exp(-0.5 * ((scores[:, 0] + 1.5) / 0.2) ** 2)
        return np.log(first + second)

    start = np.random.default_rng(5).standard_normal((4000, 1))
    found = temper(peaks, start, np.eye(1), seed=5, moves=3)
    assert (found.scores[:, 0] < 0).mean() == pytest.approx(2 / 3, abs=0.06)


def test_points_without_chance_are_left_behind():
    def half(scores, power):
        return np.where(scores[:, 0] > 0.5, 0.0, -np.inf)

    start = np.random.default_rng(5).standard_normal((2000, 1))
    found = temper(half, start, np.eye(1), seed=5)
    assert found.scores.min() > 0.5
    assert found.log_evidence == pytest.approx(np.log((start > 0.5).mean()), abs=1e-9)
    with pytest.raises(AnalysisError, match="zero at every draw"):
        temper(lambda z, power: np.full(len(z), -np.inf), start, np.eye(1), seed=5)


def test_the_same_seed_gives_the_same_particles():
    first = temper(gaussian, draws(200), PRIOR, seed=4)
    again = temper(gaussian, draws(200), PRIOR, seed=4)
    other = temper(gaussian, draws(200), PRIOR, seed=5)
    assert np.array_equal(first.scores, again.scores)
    assert not np.array_equal(first.scores, other.scores)


def test_without_moves_it_is_weighting_the_prior():
    start = draws(5000, 2)
    found = temper(gaussian, start, PRIOR, seed=1, moves=0)
    weights = np.exp(gaussian(start))
    assert set(map(tuple, found.scores)) <= set(map(tuple, start))
    assert found.prior_ess == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert found.log_evidence == pytest.approx(np.log(weights.mean()), abs=0.2)


def test_many_dimensions_leave_the_particles_true():
    """Two of 45 dimensions are learned; moves fitted to the particles themselves would be biased.

    Prior N(0, 1), likelihood exp(-(z + 2)^2 / (2 v)): evidence and mean are known.
    """
    variance = 0.25
    per_axis = 0.5 * np.log(variance / (1 + variance)) - 4.0 / (2 * (1 + variance))

    def likelihood(z, power):
        return -0.5 * ((z[:, :2] + 2.0) ** 2).sum(axis=1) / variance

    evidence, means = [], []
    for seed in range(24):
        draws = np.random.default_rng([5, seed]).standard_normal((200, 45))
        found = temper(likelihood, draws, np.eye(45), seed)
        evidence.append(found.log_evidence)
        means.append(found.scores[:, :2].mean())
    for found, truth in ((evidence, 2 * per_axis), (means, -2.0 / (1 + variance))):
        error = np.std(found) / np.sqrt(len(found))
        assert abs(np.mean(found) - truth) < 4.0 * error + 0.02
