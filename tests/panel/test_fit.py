"""A panel's fit against what it must be: slopes by differences, fits one by one, one pooled fit.

Would catch: a wrong chain rule, a weight of quadrature forgotten, a conflict counted twice or under
another's covariates, a search that stops short, a resumed fit that ends elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from detente.engine import Backend, start_workers
from detente.errors import InputError
from detente.evidence import record_likelihood
from detente.panel import Panel, load_panel, read_fit
from detente.panel._likelihood import Likelihoods, solve_point
from detente.values import Floats
from panel.made_panels import CLASSES, EXAMPLE, make_panel

ROWS = ["a,1950,0.2,met", "b,1960,0.5,dropped", "c,1970,0.8,stand_off", "d,1980,0.8,met"]
VARYING = f"""
shared:
  pace: {{value: 1.2, range: [0.1, 6]}}
  tau: {{value: 0.5, range: [0.01, 3]}}
  b: {{value: 0.7, range: [-4, 4]}}
varying: {{own: {{spread: tau}}}}
parameters: {{pace: pace, strain_target: exp(b * (ratio - 0.5) + own)}}
outcomes: {CLASSES}
"""
AT_THE_END = """
shared: {pace: {value: 1.2, range: [0.1, 6]}, b: {value: 0.7, range: [-4, 4]}}
parameters: {pace: pace, strain_target: exp(b * ratio)}
outcomes: {column: outcome, at: 1.5, classes: {
  met: target.answer == conceded, dropped: target.answer == refused and challenger.claim == dropped,
  stand_off: else}}
"""


def weighed(panel: Panel, at: Floats) -> Likelihoods:
    side = panel.side("train")
    with start_workers(solve_point, side.task, Backend("threads", 1)) as run:
        return side.likelihoods(at, run)


@pytest.mark.parametrize("text", [VARYING, AT_THE_END])
def test_slopes_are_those_of_differences(tmp_path: Path, text: str) -> None:
    panel = make_panel(tmp_path, text, ROWS)
    at = np.array([one.value for one in panel.coefficients])
    found = weighed(panel, at)
    for k in range(at.size):
        step = np.zeros(at.size)
        step[k] = 1e-5
        apart = weighed(panel, at + step).value - weighed(panel, at - step).value
        np.testing.assert_allclose(found.slope[:, k], apart / 2e-5, rtol=2e-4, atol=1e-7)


def test_what_varies_is_integrated_out(tmp_path: Path) -> None:
    panel = make_panel(tmp_path, VARYING, ROWS[:1])
    at = np.array([1.2, 0.25, 0.7])
    fine = replace(panel, shared=replace(panel.shared, nodes=40))
    assert weighed(panel, at).value[0] == pytest.approx(weighed(fine, at).value[0], abs=1e-4)
    # By hand: a fine sum over the normal distribution, each place a panel of its own.
    places = np.linspace(-4, 4, 41)
    weights = np.exp(-0.5 * places**2)
    chances = []
    for own in places:
        shift = float(0.7 * (0.2 - 0.5) + 0.25 * own)
        one = make_panel(
            tmp_path / "one",
            f"shared: {{pace: 1.2, s: {shift!r}}}\n"
            f"parameters: {{pace: pace, strain_target: exp(s)}}\noutcomes: {CLASSES}",
            ROWS[:1],
        )
        chances.append(np.exp(weighed(one, np.array([1.2, shift])).value[0]))
    by_hand = np.log(weights @ np.array(chances) / weights.sum())
    assert weighed(panel, at).value[0] == pytest.approx(by_hand, abs=2e-4)


def test_with_nothing_shared_it_is_the_fits_one_by_one(tmp_path: Path) -> None:
    acts = ["dispute,year,outcome,first,second", "a,1950,x,1,0", "b,1960,x,0,1"]
    record = "id,date,variable,level,kind\n" + "".join(
        f"{one},2000-01-01,challenger.claim,pressed,seen\n"
        f"{one},{year}-06-01,target.answer,conceded,from\n"
        for one, year in (("a", 2000), ("b", 2002))
    )
    (tmp_path / "acts.csv").write_text(record, "utf-8")
    apart = "\n".join(
        [
            "shared: {one: {value: 1, range: [0.1, 6]}, two: {value: 1, range: [0.1, 6]}}",
            "parameters: {pace: one * first + two * second}",
            "outcomes: {record: acts.csv}",
        ]
    )
    panel = make_panel(tmp_path, apart, acts[1:], acts[0])
    fit = panel.fit(intervals=False)
    for number, name in enumerate(("one", "two")):
        alone = minimize_scalar(
            lambda pace, n=number: -_log_likelihood(panel, n, pace),
            bounds=(0.1, 6.0), method="bounded", options={"xatol": 1e-7},
        )  # fmt: skip
        assert fit.estimates[name] == pytest.approx(alone.x, rel=1e-3)
    together = make_panel(
        tmp_path,
        "shared: {one: {value: 1, range: [0.1, 6]}}\nparameters: {pace: one}\n"
        "outcomes: {record: acts.csv}",
        acts[1:], acts[0],
    )  # fmt: skip
    pooled = minimize_scalar(
        lambda pace: -sum(_log_likelihood(panel, n, pace) for n in (0, 1)),
        bounds=(0.1, 6.0), method="bounded", options={"xatol": 1e-7},
    )  # fmt: skip
    found = together.fit()
    assert found.estimates["one"] == pytest.approx(pooled.x, rel=1e-3)
    assert found.log_likelihood == pytest.approx(-pooled.fun, abs=1e-5)
    low, high = found.intervals["one"]
    assert low < found.estimates["one"] < high


def _log_likelihood(panel: Panel, number: int, pace: float) -> float:
    """Return the log likelihood of one record by the filter of single cases."""
    rows = panel.outcome.records[number]  # type: ignore[union-attr]  # the test's panels have them
    case = replace(
        panel.template, history=rows, since=min(row.date for row in rows),
        end=max(row.date for row in rows),
    )  # fmt: skip
    conflict = case.conflict()
    start = np.zeros(conflict.shape)
    start[conflict.status_quo] = 1.0
    return record_likelihood(case, {"pace": pace}, start=start).log_likelihood


def test_conflicts_alike_are_solved_once() -> None:
    side = load_panel("disputes").side("train")
    points, whose, _ = side.points(np.array([1.0, 2.0, 0.5]))
    assert len(side.ids) == 60
    assert len(points) == len(set(side.covariates["ratio"])) == whose.max() + 1


def test_a_fit_that_was_stopped_ends_at_the_same_place(tmp_path: Path) -> None:
    panel = load_panel(EXAMPLE / "disputes.yaml")
    stopped = tmp_path / "steps.sqlite"

    def stop(done: int, *_: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        panel.fit(store=stopped, progress=stop, intervals=False)
    with pytest.raises(InputError, match="--resume"):
        panel.fit(store=stopped)
    done = panel.fit(store=stopped, resume=True, intervals=False)
    afresh = panel.fit(intervals=False)
    assert done.estimates == afresh.estimates
    assert done.evaluations == afresh.evaluations
    with pytest.raises(InputError, match="another panel fit"):
        panel.shuffled(1).fit(store=stopped, resume=True)


def test_a_fit_is_read_back_and_belongs_to_its_panel(tmp_path: Path) -> None:
    import json

    panel = load_panel("disputes")
    fit = panel.fit(most=2, intervals=False)
    path = tmp_path / "fit.json"
    path.write_text(json.dumps(fit.to_dict()), "utf-8")
    assert read_fit(panel, path).to_dict() == fit.to_dict()
    for wrong in (math.nan, 99.0):
        told = fit.to_dict()
        path.write_text(json.dumps({**told, "estimates": {**told["estimates"], "pace": wrong}}))
        with pytest.raises(InputError, match="estimate of pace is outside of its range"):
            read_fit(panel, path)
    path.write_text(json.dumps(fit.to_dict()), "utf-8")
    with pytest.raises(InputError, match="have changed since"):
        read_fit(panel.shuffled(1), path)
    path.write_text("{}", "utf-8")
    with pytest.raises(InputError, match="no fit of the panel"):
        read_fit(panel, path)
