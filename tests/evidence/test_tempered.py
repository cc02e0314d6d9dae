"""The sampler on problems whose answer is known in closed form.

Would catch: weights that favour the prior or the likelihood, a wrong marginal likelihood, particles
of likelihood zero that come back, a standard error that is not one, fits that miss part of the
posterior or follow noise, results that hang on the order of calls.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi, norm

from detente.errors import AnalysisError
from detente.evidence._importance import importance_sample

PRIOR = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])
SEEN = np.array([2.0, -1.0])
LOOK = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, -1.0]])
NOISE = 0.25


def gaussian(scores, reached=0.0):
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
    found = importance_sample(gaussian, draws(4000), PRIOR, seed=3)
    assert found.scores.mean(axis=0) == pytest.approx(mean, abs=0.06)
    assert np.cov(found.scores.T) == pytest.approx(covariance, abs=0.08)
    assert found.log_evidence == pytest.approx(evidence, abs=0.1)
    assert abs(found.log_evidence - evidence) < 4 * found.error < 0.3
    assert found.stages[-1].power == 1.0
    assert np.array_equal(found.log_likelihood, gaussian(found.scores))


def test_two_separate_peaks_keep_their_weights():
    """A third of the prior's mass, cut in two pieces of unequal weight."""

    def peaks(scores, reached):
        first = np.exp(-0.5 * ((scores[:, 0] - 1.5) / 0.2) ** 2)
        second = 2.0 * np.exp(-0.5 * ((scores[:, 0] + 1.5) / 0.2) ** 2)
        return np.log(first + second)

    start = np.random.default_rng(5).standard_normal((4000, 1))
    found = importance_sample(peaks, start, np.eye(1), seed=5)
    assert (found.scores[:, 0] < 0).mean() == pytest.approx(2 / 3, abs=0.06)


def test_points_without_chance_are_left_behind():
    def half(scores, reached):
        return np.where(scores[:, 0] > 0.5, 0.0, -np.inf)

    start = np.random.default_rng(5).standard_normal((2000, 1))
    found = importance_sample(half, start, np.eye(1), seed=5)
    assert found.scores.min() > 0.5
    assert found.log_evidence == pytest.approx(norm.logsf(0.5), abs=4.0 * found.error)
    assert found.error < 0.05
    with pytest.raises(AnalysisError, match="zero at every draw"):
        importance_sample(lambda z, reached: np.full(len(z), -np.inf), start, np.eye(1), seed=5)


def test_the_same_seed_gives_the_same_particles():
    first = importance_sample(gaussian, draws(200), PRIOR, seed=4)
    again = importance_sample(gaussian, draws(200), PRIOR, seed=4)
    other = importance_sample(gaussian, draws(200), PRIOR, seed=5)
    assert np.array_equal(first.scores, again.scores)
    assert not np.array_equal(first.scores, other.scores)


def test_rounds_are_counted_and_worth_what_was_asked():
    counted = []

    def likelihood(z, reached):
        counted.append((len(z), reached))
        return gaussian(z)

    found = importance_sample(likelihood, draws(500, 2), PRIOR, seed=1)
    assert sum(stage.draws for stage in found.stages) == sum(size for size, _ in counted)
    assert [reached for _, reached in counted] == sorted(reached for _, reached in counted)
    assert counted[0] == (500, 0.0)
    assert counted[-1][1] < 1.0
    first, *_, last = found.stages
    weights = np.exp(gaussian(draws(500, 2)))
    assert first.power == 0.0
    assert first.ess == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert last.power == 1.0
    assert last.ess >= 500
    assert 0.0 < last.acceptance <= 1.0


def test_acceptance_is_that_of_independence_metropolis():
    from detente.evidence._importance import _acceptance

    log = np.random.default_rng(4).standard_normal(50)
    weights = np.exp(log) / np.exp(log).sum()
    pairs = np.minimum(1.0, weights[None, :] / weights[:, None]).mean(axis=1)
    assert _acceptance(weights) == pytest.approx(float(weights @ pairs))
    assert _acceptance(np.full(7, 1 / 7)) == pytest.approx(1.0)


def test_the_standard_error_is_one():
    """Over 60 seeds the evidence strays by its stated error, and is right on average."""
    spread = LOOK @ PRIOR @ LOOK.T + NOISE * np.eye(2)
    log_det = np.linalg.slogdet(2 * np.pi * spread)[1]
    evidence = -0.5 * (SEEN @ np.linalg.solve(spread, SEEN) + log_det)
    found = [importance_sample(gaussian, draws(100, seed), PRIOR, seed) for seed in range(60)]
    apart = np.array([(one.log_evidence - evidence) / one.error for one in found])
    assert abs(apart.mean()) < 0.5
    assert 0.7 < apart.std() < 1.4


def test_a_sharp_ridge_in_few_dimensions_is_followed():
    """Two inputs whose sum is known a hundred times better than either."""

    def ridge(z, reached):
        return -0.5 * ((z[:, 0] + z[:, 1] - 2.0) / 0.02) ** 2

    start = np.random.default_rng(5).standard_normal((400, 2))
    found = importance_sample(ridge, start, np.eye(2), seed=5)
    assert found.scores.sum(axis=1) == pytest.approx(2.0, abs=0.1)
    assert found.scores.mean(axis=0) == pytest.approx([1.0, 1.0], abs=0.12)
    assert found.scores.std(axis=0) == pytest.approx(np.sqrt(0.5), abs=0.1)
    truth = np.log(0.02) - 0.5 * np.log(2.0 + 0.0004) - 4.0 / (2 * 2.0004)
    assert found.log_evidence == pytest.approx(truth, abs=4 * found.error)
    assert found.stages[-1].ess >= 400


def test_what_no_normal_fits_ends_and_says_what_it_is_worth():
    """A thin ring in five dimensions: few draws count, and the evidence is right all the same."""

    def ring(z, reached):
        return -0.5 * ((np.sqrt((z**2).sum(axis=1)) - 4.0) / 0.02) ** 2

    truth = np.log(chi(5).pdf(4.0) * 0.02 * np.sqrt(2 * np.pi))
    start = np.random.default_rng(5).standard_normal((100, 5))
    found = importance_sample(ring, start, np.eye(5), seed=5)
    assert found.stages[-1].draws <= 1050
    assert found.stages[-1].ess < 100
    assert abs(found.log_evidence - truth) < 4.0 * found.error


def test_many_dimensions_leave_the_particles_true():
    """Two of 45 dimensions are learned; what is fitted to draws must not weigh the same draws.

    Prior N(0, 1), likelihood exp(-(z + 2)^2 / (2 v)): evidence and mean are known.
    """
    variance = 0.25
    per_axis = 0.5 * np.log(variance / (1 + variance)) - 4.0 / (2 * (1 + variance))

    def likelihood(z, reached):
        return -0.5 * ((z[:, :2] + 2.0) ** 2).sum(axis=1) / variance

    evidence, means = [], []
    for seed in range(24):
        start = np.random.default_rng([5, seed]).standard_normal((200, 45))
        found = importance_sample(likelihood, start, np.eye(45), seed)
        evidence.append(found.log_evidence)
        means.append(found.scores[:, :2].mean())
    for found, truth in ((evidence, 2 * per_axis), (means, -2.0 / (1 + variance))):
        error = np.std(found) / np.sqrt(len(found))
        assert abs(np.mean(found) - truth) < 4.0 * error + 0.02
