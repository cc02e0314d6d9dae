"""Claims before and after a record: what the posterior changes, and that it is a study like any.

Catches particles that lose their parameters or their order on the way into a study, prior and
posterior mixed up, a shift of the wrong sign, and draws that depend on who does the work.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from detente.case import read_case
from detente.claims import answer_claim, claims_model
from detente.errors import InputError
from detente.evidence import sample_posterior, updated_verdicts
from detente.study import run_study
from planted_history import TABLE, simulated

CLAIMS = b"""
claims:
  - id: W
    says: It soon turns foul.
    words: likely
    ask: {probability: "F[0, 1] weather == foul"}
    expect: words
  - id: L
    says: Launches are rare.
    ask: {average: dprk.test == launch, over: 5}
    expect: "< 0.5"
"""


@pytest.fixture(scope="module")
def fitted():
    case = read_case(TABLE + CLAIMS, "table.yaml")
    drawn = simulated(case, {"zeal": 2.0, "worth": 1.0, "storms": 0.15}, 24.0, 3)
    drawn = dataclasses.replace(drawn, end=drawn.start + dt.timedelta(days=1826))
    return sample_posterior(drawn, 60, rng=1, workers=1)


def test_both_sides_are_the_answers_at_their_own_draws(fitted):
    found = updated_verdicts(fitted, draws=20, workers=2)
    case = fitted.problem.case
    assert np.array_equal(found.prior.values, run_study(case, 20, fitted.seed).values)
    particles = {row.tobytes() for row in fitted.values}
    for k, row in enumerate(found.posterior.design.values):
        assert row.tobytes() in particles
        model = claims_model(case, fitted.prior.point(row)[0])
        by_hand = [answer_claim(claim, model).value for claim in case.claims]
        assert found.posterior.values[k] == pytest.approx(by_hand, abs=1e-12)
    assert len({row.tobytes() for row in found.posterior.design.values}) > 5


def test_a_record_of_fair_weather_lowers_the_chance_of_foul(fitted):
    rows = {row["claim"]: row for row in updated_verdicts(fitted, draws=40).rows()}
    storms = fitted.values[:, fitted.names.index("storms")]
    before = fitted.before[:, fitted.names.index("storms")]
    assert np.median(storms) < np.median(before)  # or this test would be about nothing
    weather = rows["W"]
    assert weather["moved"] < -0.2
    assert weather["posterior"][1] < weather["prior"][1]
    low, high = weather["prior"][0], weather["prior"][2]
    assert weather["posterior"][2] - weather["posterior"][0] < high - low


def test_it_prints_within_eighty_columns_and_goes_to_tables(fitted):
    found = updated_verdicts(fitted, draws=10)
    text = str(found)
    assert max(map(len, text.splitlines())) <= 80
    assert "claims over 10 draws of the stated ranges and 10 of the posterior" in text
    plain = found.to_dict()
    assert [row["claim"] for row in plain["claims"]] == ["W", "L"]
    assert found.to_pandas().index.tolist() == ["W", "L"]


def test_draws_are_at_most_the_particles_and_too_few_are_refused(fitted):
    assert len(updated_verdicts(fitted, draws=1000).posterior.completed) == len(fitted)
    with pytest.raises(InputError, match="give two or more"):
        updated_verdicts(fitted, draws=1)
    bare = dataclasses.replace(
        fitted,
        problem=dataclasses.replace(
            fitted.problem, case=dataclasses.replace(fitted.problem.case, claims=())
        ),
    )
    with pytest.raises(InputError, match="no claim that is asked"):
        updated_verdicts(bare, draws=5)


def test_a_star_means_a_near_miss_here_too(fitted):
    """Would catch a star with a meaning of its own; what changed is said in words."""
    found = updated_verdicts(fitted, draws=20)
    lines = str(found).splitlines()
    for study, name in ((found.prior, "prior"), (found.posterior, "posterior")):
        near = [v.claim.id for v in study.verdicts() if v.near]
        assert any(line.startswith(f"{name}: * near miss: ") for line in lines) == bool(near)
    changed = [row["claim"] for row in found.rows() if row["prior_word"] != row["posterior_word"]]
    assert f"another verdict than before: {', '.join(changed) or 'none'}" in lines
    assert all(len(line) <= 80 for line in lines)
    assert any(row["prior_near"] or row["posterior_near"] for row in found.rows())
