"""What is made of a study: bootstrap intervals, convergence, failures' whereabouts, phase diagrams.

Catches: a bootstrap that is not one, "enough draws" said of a verdict on the edge, failures put in
the wrong part of a range, a grid whose points are not solved at their own values.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.claims import (
    answer_claim,
    claims_model,
    judge_claim,
    verdict_word,
    word_over_draws,
)
from detente.claims._resampling import resampled_shares, share_ranges
from detente.errors import InputError
from detente.study import describe_failures, phase_diagram, run_study, study_function
from detente.study._convergence import convergence
from detente.study._target import answers_to, event_in_draws

SMALL = Path(__file__).parent / "small.yaml"


@pytest.fixture(scope="module")
def case():
    return detente.load(SMALL)


@pytest.fixture(scope="module")
def study(case):
    return case.study(draws=30, rng=5)


def test_intervals_of_shares_are_those_of_resampled_draws():
    counts = [12, 28, 0]
    found = share_ranges(resampled_shares(counts))
    draws = np.repeat(np.arange(3), counts)
    resampled = np.random.default_rng(2).choice(draws, (20_000, 40))
    for k, interval in enumerate(found):
        plain = np.quantile((resampled == k).mean(axis=1), [0.025, 0.975])
        np.testing.assert_allclose(interval, plain, atol=0.026)


@pytest.mark.parametrize("count", [1, 2, 9, 10, 101])
def test_steadiness_is_that_of_the_words_of_resampled_answers(case, count):
    claim = case.claim("C1")
    values = np.random.default_rng(count).random(count) ** 2
    found = judge_claim(claim, values)
    stands = np.array([verdict_word(v, claim.expect) for v in values])
    draws = np.random.default_rng(1).choice(stands, (4_000, count))
    again = [
        word_over_draws({word: int((row == word).sum()) for word in set(stands)}) == found.word
        for row in draws
    ]
    assert abs(found.steady - np.mean(again)) < 0.05


def test_draws_are_enough_away_from_the_edge_and_not_on_it(case):
    claim = case.claim("C1")
    inside = (claim.expect.low + claim.expect.high) / 2
    noise = np.random.default_rng(3).normal(0, 0.01, 400)
    assert convergence(claim, inside + noise).enough is True
    assert convergence(claim, claim.expect.high + noise).enough is False
    early = np.where(np.arange(400) < 220, inside, 1.0 - inside)
    assert convergence(replace(claim), early[:220]).enough is True
    assert convergence(claim, np.full(400, np.nan)).enough is None
    assert "enough draws" in convergence(claim, inside + noise).sentence


def test_failures_are_said_to_lie_where_they_lie(tmp_path):
    text = SMALL.read_text().replace("dry -> wet: 0.5", 'dry -> wet: "(worth - 1) * (3 - worth)"')
    (tmp_path / "failing.yaml").write_text(text)
    study = run_study(detente.load(tmp_path / "failing.yaml"), 60, 2)
    told = describe_failures(study)
    assert f"{len(study.failed)} of 60 draws failed." in told
    assert any("negative" in line for line in told)
    assert "worth" in told[-1]
    assert all(name not in told[-1] for name in ("thirst", "drought"))


def test_targets_are_the_numbers_of_the_study(study):
    np.testing.assert_array_equal(answers_to(study, "C4"), study.values[:, 3])
    wet = answers_to(study, "rain == wet")
    np.testing.assert_allclose(wet + answers_to(study, "rain == dry"), 1.0, atol=1e-6)
    draws, hits, label = event_in_draws(study, "C4 > 0.9 and worth < 2")
    worth = study.design.values[:, study.design.names.index("worth")]
    np.testing.assert_array_equal(hits, (study.values[:, 3] > 0.9) & (worth < 2))
    assert (draws.tolist(), label) == (list(range(30)), "C4 > 0.9 and worth < 2")
    draws, hits, label = event_in_draws(study, "C2")
    expect = study.case.claim("C2").expect
    assert label == "C2 breaks"
    assert hits.tolist() == [
        verdict_word(float(v), expect) in {"weaker", "contradicts"} for v in study.values[draws, 1]
    ]
    for wrong in ("C99", "rain == damp", "C4 > ", "worthy < 1"):
        with pytest.raises(InputError):
            event_in_draws(study, wrong)


def test_each_grid_point_is_solved_at_its_own_values(case):
    found = phase_diagram(case, "worth", "drought", "C4", points=3)
    claim = replace(case, claims=(case.claim("C4"),))
    for row, drought in enumerate(found.y.values):
        for column, worth in enumerate(found.x.values):
            model = claims_model(claim, {"worth": worth, "drought": drought})
            plain = answer_claim(claim.claims[0], model)
            assert found.median[row, column] == plain.value
    diagram = phase_diagram(case, "worth", "drought", "C1", points=2, draws=5)
    for row, words in zip(diagram.values, diagram.words, strict=True):
        for cell, word in zip(row, words, strict=True):
            assert word == judge_claim(diagram.claim, cell).word
    stated = phase_diagram(case, "worth", "upper.talk", "C4", points=3, draws=4)
    assert stated.counts.tolist() == [[4, 4, 4], [4, 4, 4]]
    assert stated.y.labels == ("no", "yes")


def test_a_function_is_called_with_arrays_and_its_failed_draws_stand_alone():
    calls = []

    def function(x):
        calls.append(len(x["a"]))
        if (x["a"] > 0.9).any():
            raise ValueError("too much")
        return {"y": 2 * x["a"]}

    found = study_function(function, {"a": (0.0, 1.0)}, 40, 3)
    high = found.inputs["a"] > 0.9
    assert [draw for draw, _ in found.failures] == np.flatnonzero(high).tolist()
    assert {reason for _, reason in found.failures} == {"too much"}
    np.testing.assert_array_equal(found.results["y"][~high], 2 * found.inputs["a"][~high])
    assert calls[0] == 40
    with pytest.raises(InputError, match="one per draw"):
        study_function(lambda x: {"y": 1.0}, {"a": (0.0, 1.0)}, 4, 3)
