"""Best fits and profiles, against dense grids of likelihoods solved one by one.

Would catch: a search that stops at its start or leaves the ranges, profiles that do not fit the
other parameters again, intervals read off on the wrong side, silence told of what speaks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.case.reader import read_case
from detente.errors import InputError
from detente.evidence.fit import DROP, best_fit, profile
from detente.evidence.likelihood import likelihood
from planted_history import TABLE, simulated


@pytest.fixture(scope="module")
def case():
    """Two parameters vary; sharpness is known."""
    whole = read_case(TABLE, "table.yaml")
    drawn = simulated(whole, {"zeal": 3.0, "worth": 2.0, "storms": 0.3}, 20.0, 3)
    known = replace(drawn.parameters["zeal"], low=3.0, high=3.0, value=3.0, distribution="fixed")
    return replace(drawn, parameters={**drawn.parameters, "zeal": known})


@pytest.fixture(scope="module")
def table(case):
    worths, storms = np.linspace(-1, 3, 11), np.linspace(0.1, 2, 12)
    return worths, storms, np.array(
        [[likelihood(case, {"worth": w, "storms": s}).log_likelihood for s in storms]
         for w in worths]
    )  # fmt: skip


@pytest.fixture(scope="module")
def fit(case):
    return best_fit(case)


def test_nothing_on_a_dense_grid_beats_the_fit(fit, table):
    assert fit.log_likelihood >= table[2].max() - 1e-3
    assert fit.settled
    assert list(fit.parameters) == ["worth", "storms"]
    assert -1 <= fit.parameters["worth"] <= 3
    assert "best log likelihood" in str(fit)


def test_it_is_the_likelihood_there(case, fit):
    there = likelihood(case, fit.parameters).log_likelihood
    assert fit.log_likelihood == pytest.approx(there, abs=1e-9)
    assert fit.stated == pytest.approx(likelihood(case).log_likelihood, abs=1e-9)


def test_a_profile_is_the_upper_edge_of_the_grid(case, fit, table):
    _, storms, levels = table
    found = profile(case, "storms", 5, fit=fit)
    edge = np.interp(found.values, storms, levels.max(axis=0))
    assert found.log_likelihood == pytest.approx(edge, abs=0.6)
    assert (found.log_likelihood >= edge - 0.6).all()
    assert not found.silent
    low, high = found.interval
    assert high is not None
    assert high < 2.0
    inside = storms[levels.max(axis=0) >= levels.max() - DROP]
    assert low is None or low <= inside.min() + 0.2
    assert high >= inside.max() - 0.05


def test_what_no_row_speaks_of_is_silent(case):
    rows = tuple(row for row in case.history if row.variable == "dprk.test")
    unseen = replace(case, history=rows[:1])
    assert profile(unseen, "worth", 3).silent


def test_senseless_asks_are_refused(case, fit):
    with pytest.raises(InputError, match="did you mean"):
        profile(case, "storm", fit=fit)
    with pytest.raises(InputError, match="three or more"):
        profile(case, "storms", 2, fit=fit)
    with pytest.raises(InputError, match="no history"):
        best_fit(replace(case, history=()))
