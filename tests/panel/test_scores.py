"""Scores of a panel: nothing beats chance where there is nothing, and baselines are what they say.

Would catch: a model that looks at the later side, an outcome that leaks into a forecast, a verdict
with its sign turned round, forecasts from elsewhere that are none, an ablation that changes
nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from detente.errors import InputError
from detente.panel import (
    FinalOutcome,
    ablated_panels,
    baseline_forecasts,
    difference_by,
    load_panel,
)
from panel.made_panels import CLASSES, make_panel

BATCHES = int(os.environ.get("DETENTE_BATCHES", "0"))


def test_with_the_outcomes_dealt_out_anew_nothing_beats_the_base_rates() -> None:
    for seed in (1, 2):
        panel = load_panel("disputes").shuffled(seed)
        score = panel.fit(intervals=False).score().score("base rates")
        assert score.verdict != "beats"
        assert score.difference > -0.02


def test_a_way_of_forecasting_worse_than_the_model_is_beaten() -> None:
    scores = load_panel("disputes").fit(most=10, intervals=False).score()
    for one in scores.scores[1:]:
        model, low, high = scores.scores[0].mean["log"], *one.interval
        assert one.difference == pytest.approx(model - one.mean["log"], abs=1e-9)
        assert low <= one.difference <= high
        assert one.verdict == ("beats" if high < 0 else "loses" if low > 0 else "within chance")
    assert sum(one.count for one in scores.calibration) == 3 * 40
    for given in scores.forecasts.values():
        np.testing.assert_allclose(given.sum(axis=1), 1.0)


def test_forecasts_from_elsewhere_are_scored_beside_the_baselines() -> None:
    fit = load_panel("disputes").fit(most=5, intervals=False)
    rates = fit.score().forecasts["base rates"]
    scores = fit.score(beside={"oracle": np.eye(3)[fit.panel.happened("test")], "same": rates})
    assert scores.score("oracle").mean["log"] == pytest.approx(0.0)
    assert scores.score("oracle").verdict == "loses"
    assert scores.score("same").mean == scores.score("base rates").mean
    for name, given, why in (
        ("logit", rates, "choose another"),
        ("few", rates[:-1], "each of the 40 later conflicts"),
        ("much", 2.0 * rates, "divide them by their sum"),
    ):
        with pytest.raises(InputError, match=why):
            fit.score(beside={name: given})


def test_baselines_are_what_they_say(tmp_path: Path) -> None:
    rows = [f"a{k},{1950 + k},{k % 2},{'met' if k % 2 else 'dropped'},{k % 4}" for k in range(40)]
    panel = make_panel(
        tmp_path,
        "year: year\ngroup: dyad\nshared: {b: {value: 0, range: [-1, 1]}}\n"
        f"parameters: {{strain_target: exp(b * ratio)}}\noutcomes: {CLASSES}\n"
        "split: {train: year < 1980, test: year >= 1980}\n",
        rows, "dispute,year,ratio,outcome,dyad",
    )  # fmt: skip
    found = baseline_forecasts(panel)
    assert set(found) == {
        "base rates", "logit", "calendar", "logit with the calendar", "persistence",
    }  # fmt: skip
    happened = panel.happened("test")
    # Every group comes to the same again, and the column says which.
    for name in ("logit", "persistence"):
        assert (found[name][np.arange(10), happened] > 0.9).all()
    assert found["base rates"][0] == pytest.approx([15.5 / 31.5, 15.5 / 31.5, 0.5 / 31.5])


def test_groups_are_words_or_thirds_and_one_conflict_has_no_interval(tmp_path: Path) -> None:
    kind = ["war"] * 7 + ["trade"] * 12 + ["odd"]
    rows = [
        f"a{k},{1960 + k},{k % 10 / 10},{'met' if k % 3 else 'dropped'},{kind[k % 20]}"
        for k in range(40)
    ]
    panel = make_panel(
        tmp_path,
        "shared: {b: {value: 0, range: [-1, 1]}}\nparameters: {strain_target: exp(b * ratio)}\n"
        f"outcomes: {CLASSES}\nsplit: {{train: year < 1980, test: year >= 1980}}\n",
        rows, "dispute,year,ratio,outcome,kind",
    )  # fmt: skip
    scores = panel.fit(most=1, intervals=False).score()
    by_kind = difference_by(scores, "kind").groups
    assert [(one.group, one.conflicts) for one in by_kind] == [
        ("odd", 1),
        ("trade", 12),
        ("war", 7),
    ]
    assert np.isnan(by_kind[0].interval).all()
    assert not np.isnan(by_kind[1].interval).any()
    thirds = difference_by(scores, "ratio").groups
    assert [one.group for one in thirds] == ["below 0.3", "from 0.3 to below 0.6", "from 0.6"]


def test_the_verdict_names_everything_that_was_scored() -> None:
    scores = load_panel("disputes").fit(most=5, intervals=False).score()
    said = scores.verdict()
    assert said.startswith("By log score the model stands within chance of base rates")
    assert all(one.name in said for one in scores.scores[1:])


def test_an_ablation_can_be_asked_for_by_name() -> None:
    fit = load_panel("disputes").fit(most=5, intervals=False)
    names = [one.name for one in fit.score(ablations=["choices at random"], most=5).scores]
    assert names[-1] == "choices at random"
    assert "no time" not in names
    with pytest.raises(InputError, match="there is no ablation"):
        fit.score(ablations=["no luck"])


def test_without_strategy_the_covariate_says_nothing() -> None:
    panel = load_panel("disputes")
    found = ablated_panels(panel)
    side = found["choices at random"].side("train")
    assert isinstance(panel.outcome, FinalOutcome)
    values = {"pace": 1.0, "sharpness": 2.0, "strain_challenger": 0.5, "strain_target": 3.0}
    random = side.task.outcome
    assert isinstance(random, FinalOutcome)
    given = random.chances(side.task.template, list(values), values)
    assert given.value[0] == pytest.approx(given.value[1])
    assert given.slope[:, 1:] == pytest.approx(np.zeros((3, 3)), abs=1e-12)
    blind = found["target blind"].side("train").task
    seen = panel.outcome.chances(panel.template, list(values), values).value
    assert panel.outcome.chances(blind.template, list(values), values).value[0] < seen[0]


# Coverage is a share of many fits, and a hundred take longer than the suite may.
@pytest.mark.skipif(BATCHES == 0, reason="a hundred fits, two minutes; set DETENTE_BATCHES")
def test_planted_coefficients_are_within_their_intervals_as_often_as_stated(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    outcome = load_panel("disputes").outcome
    template = load_panel("disputes").template
    assert isinstance(outcome, FinalOutcome)
    planted = {"pace": 1.5, "b": 1.0}
    chances = {}
    for ratio in (0.1, 0.3, 0.5, 0.7, 0.9):
        values = {"pace": 1.5, "strain_target": float(np.exp(ratio))}
        chances[ratio] = outcome.chances(template, list(values), values).value
    covered = dict.fromkeys(planted, 0)
    runs = 100
    for run in range(runs):
        rows = []
        for k in range(250):
            ratio = float(rng.choice(list(chances)))
            ended = rng.choice(outcome.classes, p=chances[ratio] / chances[ratio].sum())
            rows.append(f"d{k},1950,{ratio},{ended}")
        panel = make_panel(
            tmp_path / str(run),
            "shared: {pace: {value: 1, range: [0.2, 6]}, b: {value: 0, range: [-6, 6]}}\n"
            f"parameters: {{pace: pace, strain_target: exp(b * ratio)}}\noutcomes: {CLASSES}",
            rows,
        )
        fit = panel.fit()
        for name, value in planted.items():
            low, high = fit.intervals[name]
            covered[name] += low <= value <= high
    print(covered)
    for name, count in covered.items():
        assert 85 <= 100 * count / runs <= 95, f"{name}: {count} of {runs}"
