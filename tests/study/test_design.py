"""Latin hypercube designs.

Catches: a stratum used twice or left out, a distribution with the wrong quantiles, values outside
their range, a design that depends on anything but seed and size.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from detente.case.model import Parameter
from detente.errors import InputError
from detente.study import latin_hypercube
from detente.study.designs.quantile import quantile


def parameter(distribution: str, low=1.0, high=3.0, mode=1.5, sd=0.4, choices=()) -> Parameter:
    return Parameter("p", 1.5, distribution, low, high, mode, sd, choices, "", "", "")


SHARES = np.linspace(0.001, 0.999, 101)


@pytest.mark.parametrize(
    ("distribution", "law"),
    [
        ("uniform", stats.uniform(1, 2)),
        ("loguniform", stats.loguniform(1, 3)),
        ("triangular", stats.triang(0.25, 1, 2)),
        ("normal", stats.truncnorm(-0.5 / 0.4, 1.5 / 0.4, 1.5, 0.4)),
    ],
)
def test_quantiles_are_those_of_the_named_law(distribution, law):
    found = quantile(parameter(distribution), SHARES)
    np.testing.assert_allclose(law.cdf(found), SHARES, atol=1e-9)
    assert (found >= 1).all()
    assert (found <= 3).all()


def test_choices_share_the_draws_evenly():
    found = quantile(parameter("choices", choices=(1.0, 2.0, 5.0)), (np.arange(300) + 0.5) / 300)
    assert np.unique(found, return_counts=True)[1].tolist() == [100, 100, 100]


def case_of(count: int):
    names = [f"p{k}" for k in range(count)]
    return SimpleNamespace(
        name="made",
        correlations=(),
        variants=(),
        parameters={n: replace(parameter("uniform", 0.0, 1.0), name=n) for n in names}
        | {"still": parameter("fixed")},
    )


def test_every_stratum_is_used_once_and_fixed_parameters_do_not_vary():
    design = latin_hypercube(case_of(5), 64, 7)
    assert design.names == ("p0", "p1", "p2", "p3", "p4")
    strata = np.sort((design.values * 64).astype(int), axis=0)
    assert (strata == np.arange(64)[:, None]).all()


def test_seed_alone_decides():
    one, same, other = (latin_hypercube(case_of(3), 16, seed).values for seed in (1, 1, 2))
    assert (one == same).all()
    assert not (one == other).all()


def test_a_drawn_seed_is_named_and_repeats_the_design():
    design = latin_hypercube(case_of(2), 8, np.random.default_rng(3))
    assert (latin_hypercube(case_of(2), 8, design.seed).values == design.values).all()


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (5, -1)])
def test_senseless_sizes_and_seeds_are_refused(draws, seed):
    with pytest.raises(InputError, match=r"draws is 0|the seed is -1"):
        latin_hypercube(case_of(1), draws, seed)
