"""Placebos of a panel: what chance gives, beside each difference of scores.

Would catch: a null distribution that is not that of exchanged outcomes, a fit that beats its
placebos though there is nothing to learn, and a failed placebo that makes the model look better.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.panel import PanelFit, PanelPlacebos, load_panel, panel_placebos
from panel.test_records import recorded


@pytest.fixture(scope="module")
def fit() -> PanelFit:
    return load_panel("disputes").fit(most=10, intervals=False)


def test_exchanged_outcomes_have_the_mean_of_all_ways(fit: PanelFit) -> None:
    """By definition: over all ways each outcome meets each forecast alike."""
    scores = fit.score()
    found = panel_placebos(fit, scores, 400)
    came = np.bincount(scores.happened, minlength=3) / len(scores.happened)
    for test in found.tests:
        other = scores.forecasts[test.what]
        apart = np.log(other) - np.log(scores.forecasts["model"])
        assert test.mean == pytest.approx(float((apart @ came).mean()), abs=0.01)
        assert test.stated == scores.score(test.what).difference
        assert test.most[0] <= test.mean <= test.most[1]
    assert found.tests == panel_placebos(fit, scores, 400).tests
    assert max(map(len, str(found).splitlines())) <= 80


def test_the_chance_counts_the_ways_that_do_as_well(fit: PanelFit, monkeypatch) -> None:
    """Over all six orders of three conflicts, by hand."""
    scores = fit.score()
    few = type(scores)(
        scores.panel, scores.scores,
        {name: given[:3] for name, given in scores.forecasts.items()}, scores.happened[:3],
    )  # fmt: skip
    orders = iter([np.array(order) for order in permutations(few.happened)])

    class Dealer:
        def permutation(self, _: object) -> np.ndarray:
            return next(orders)

    monkeypatch.setattr("detente.panel._placebos.generator_of", lambda _: Dealer())
    [test, *_] = panel_placebos(fit, few, 6).tests
    model, base = few.forecasts["model"], few.forecasts["base rates"]
    gaps = [
        np.mean([np.log(base[k, c] / model[k, c]) for k, c in enumerate(order)])
        for order in permutations(few.happened)
    ]
    assert test.p == pytest.approx((1 + sum(gap <= test.stated for gap in gaps)) / 7)


def test_where_there_is_nothing_to_learn_few_differences_are_rare(fit: PanelFit) -> None:
    """Of twelve panels with outcomes dealt out, one or two have a p of a tenth or less."""
    found = []
    for seed in range(12):
        dealt = replace(fit, panel=fit.panel.shuffled(seed))
        found.append(panel_placebos(dealt, dealt.score(), 100).tests[0].p)
    assert sum(p <= 0.1 for p in found) <= 4
    assert max(found) > 0.5


def test_what_is_fitted_again_stands_beside(fit: PanelFit, monkeypatch) -> None:
    found = panel_placebos(fit, fit.score(), 0, 1)
    assert [(test.kind, test.ways) for test in found.tests] == [("fitted again", 1)] * 4
    assert "too few ways to tell" in found.verdict()

    def fail(*_: object, **__: object) -> None:
        raise AnalysisError("nothing fits")

    monkeypatch.setattr("detente.panel.Panel.fit", fail)
    none = panel_placebos(fit, fit.score(), 0, 2)
    assert (none.tests, none.failed) == ((), 2)
    assert "could not be fitted" in str(none)
    with pytest.raises(InputError, match="give one or more"):
        panel_placebos(fit, fit.score(), 0, 0)


def test_records_have_placebos_too(tmp_path: Path) -> None:
    panel = recorded(tmp_path, ["mild"] * 3 + ["harsh"] * 3)
    fit = panel.fit(most=5, intervals=False)
    told: list[tuple[int, int, int]] = []
    found = panel_placebos(fit, fit.score(), 3, progress=lambda *done: told.append(done))
    assert isinstance(found, PanelPlacebos)
    names = ["model as stated", "base rates", "persistence", "Markov chain"]
    assert [test.what for test in found.tests] == names
    assert told == [(1, 3, 0), (2, 3, 0), (3, 3, 0)]


def test_from_the_command_line(fit: PanelFit, tmp_path: Path) -> None:
    path = tmp_path / "fit.json"
    path.write_text(json.dumps(fit.to_dict()))
    words = ["panel", "score", "disputes", "--fit", str(path)]
    told = json.loads(CliRunner().invoke(main, [*words, "--placebos", "50", "--json"]).stdout)
    assert [test["ways"] for test in told["placebos"]["tests"]] == [50] * 4
    none = json.loads(CliRunner().invoke(main, [*words, "--placebos", "0", "--json"]).stdout)
    assert "placebos" not in none
    said = CliRunner().invoke(main, [*words, "--placebos", "50"]).output
    assert "outcomes dealt out, 50 ways" in said
