"""Studies of a small case: what a draw yields, failures kept, results free of how work is shared.

Catches: draws mixed up between threads, failures that stop a study or vanish, answers that are not
those of the draw's own parameters.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import detente
from detente.claims import answer_claim, claims_model
from detente.errors import AnalysisError, InputError
from detente.study import run_study

SMALL = Path(__file__).parent / "small.yaml"


@pytest.fixture(scope="module")
def case():
    return detente.load(SMALL)


@pytest.fixture(scope="module")
def study(case):
    return case.study(draws=16, rng=5)


def test_each_answer_is_that_of_its_own_parameters(case, study):
    for number in (0, 7, 15):
        model = claims_model(case, study.design.draw(number))
        for k, claim in enumerate(study.asked):
            found = answer_claim(claim, model)
            assert study.values[number, k] == found.value
            assert study.unscoped[number, k] == found.unscoped


def test_one_worker_and_two_give_the_same(case, study):
    again = run_study(case, 16, 5, workers=1)
    np.testing.assert_array_equal(again.values, study.values)
    np.testing.assert_array_equal(again.shares, study.shares)
    assert again.to_dict() == study.to_dict()


def test_shares_are_distributions_that_start_at_the_status_quo(case, study):
    for name, levels in study.variables.items():
        share = study.share(name)
        assert share.shape == (16, len(study.times), len(levels))
        np.testing.assert_allclose(share.sum(axis=2), 1.0, atol=1e-6)
        assert (share[:, 0, case.status_quo[name]] == 1.0).all()


def test_progress_counts_every_draw(case):
    seen = []
    run_study(case, 4, 1, progress=lambda *counts: seen.append(counts))
    assert seen == [(1, 4, 0), (2, 4, 0), (3, 4, 0), (4, 4, 0)]


def failing(tmp_path, formula: str):
    """Return the small case with a rate that goes wrong in part of the range."""
    text = SMALL.read_text().replace("dry -> wet: 0.5", f'dry -> wet: "{formula}"')
    path = tmp_path / "failing.yaml"
    path.write_text(text)
    return detente.load(path)


def test_a_failed_draw_is_kept_with_its_reason_and_the_study_goes_on(case, tmp_path):
    broken = failing(tmp_path, "(worth - 1) * (3 - worth)")
    study = run_study(broken, 20, 2)
    failed = {f.draw for f in study.failures if not f.claim}
    worth = study.design.values[:, study.design.names.index("worth")]
    assert failed == set(np.flatnonzero(worth < 1))
    assert failed
    assert all("negative" in f.reason for f in study.failures)
    assert set(study.completed) == set(range(20)) - failed
    assert len(study.values) == len(study.completed)


def test_when_every_draw_fails_the_first_reason_is_given(tmp_path):
    broken = failing(tmp_path, "1 - 1e6 * abs(drought - 0.2)")
    with pytest.raises(AnalysisError, match=r"all 4 draws failed; the first: .*rain"):
        run_study(broken, 4, 1)


def test_no_workers_is_refused(case):
    with pytest.raises(InputError, match="workers is 0"):
        run_study(case, 4, 1, workers=0)


def test_drivers_name_the_parameter_that_moves_the_answer(study):
    found = study.drivers("C4")
    assert found[0].parameter == "worth"
    assert found[0].correlation > 0.8
    assert found[0].high > found[0].low


def test_unknown_claims_and_variables_are_named(study):
    with pytest.raises(InputError, match="C99"):
        study.verdict("C99")
    with pytest.raises(InputError, match=r"upper\.dan"):
        study.share("upper.dan")
