"""Parameters planted in histories drawn from the model are found again, as often as they should be.

Truth is drawn from the prior, a history from the model at the truth, the posterior from the
history: the share of posterior draws below the truth must then be uniform (simulation-based
calibration: Cook, Gelman & Rubin 2006; Talts and others 2018). Catches likelihoods that are off by
a factor that depends on the parameters, priors that are not those stated, moves that do not leave
the posterior alone. `DETENTE_BATCHES` sets the number of histories, 100 from 5 on.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from detente.case import read_case
from detente.evidence import sample_posterior
from detente.study import quantile
from planted_history import TABLE, simulated

BATCHES = int(os.environ.get("DETENTE_BATCHES", "1"))
HISTORIES = 5 if BATCHES < 5 else 100
PARTICLES = 60 if BATCHES < 5 else 400
YEARS = 24.0
NAMES = ("zeal", "worth", "storms")


def below(seed: int) -> tuple[list[float], list[bool], str]:
    """Return the share of posterior draws below each truth, and whether 90 % intervals hold it."""
    case = read_case(TABLE, "table.yaml")
    rng = np.random.default_rng([7, seed])
    planted = {name: float(quantile(case.parameters[name], rng.random(1))[0]) for name in NAMES}
    drawn = simulated(case, planted, YEARS, seed, dark=("weather",) if seed % 2 else ())
    found = sample_posterior(drawn, PARTICLES, rng=seed, workers=1)
    shares, held = [], []
    for k, name in enumerate(found.names):
        values = found.values[:, k]
        shares.append(float((values < planted[name]).mean()))
        low, high = np.quantile(values, [0.05, 0.95])
        held.append(bool(low <= planted[name] <= high))
    return shares, held, " ".join(found.names)


@pytest.fixture(scope="module")
def histories():
    if HISTORIES < 100:
        return [below(seed) for seed in range(HISTORIES)]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return list(pool.map(below, range(HISTORIES)))


def test_intervals_hold_the_truth_as_often_as_they_say(histories):
    held = np.array([h for _, h, _ in histories])
    share = held.mean()
    if HISTORIES >= 100:
        print(f"\n90 % intervals hold the truth in {share:.1%} of {held.size}; by parameter "
              f"{dict(zip(NAMES, held.mean(axis=0).round(3).tolist(), strict=True))}")  # fmt: skip
        assert 0.85 <= share <= 0.95
    assert held.sum() >= 0.6 * held.size
    assert {names for _, _, names in histories} == {" ".join(NAMES)}


def test_ranks_are_flat(histories):
    from scipy.stats import chisquare

    shares = np.array([s for s, _, _ in histories])
    bins = 5 if HISTORIES >= 100 else 2
    for k, name in enumerate(NAMES):
        counts = np.histogram(shares[:, k], bins, (0.0, 1.0))[0]
        found = chisquare(counts)
        if HISTORIES >= 100:
            print(f"\n{name}: {counts.tolist()}, p {found.pvalue:.2f}")
        assert found.pvalue > 0.005


def test_learning_narrows_what_the_record_speaks_of():
    case = read_case(TABLE, "table.yaml")
    drawn = simulated(case, {"zeal": 3.0, "worth": 2.0, "storms": 0.3}, YEARS, 3)
    found = sample_posterior(drawn, 60, rng=1, workers=1)
    spread = {name: np.std(found.scores[:, k]) for k, name in enumerate(found.names)}
    assert spread["storms"] < 0.7
    dark = sample_posterior(drawn, 60, rng=1, workers=1, without=["weather"])
    k = dark.names.index("storms")
    assert np.std(dark.scores[:, k]) > spread["storms"]
