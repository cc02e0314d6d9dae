"""The setting after the record: what a finished fit leads to from the list of jobs."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case import CaseFolder
from detente.errors import InputError
from detente.evidence import sample_posterior
from detente.workbench._bench import Bench
from detente.workbench._fitted import fitted_setting
from detente.workbench._jobs import Job

VALVE = """detente: 1
title: A valve
parameters:
  pace: {value: 1, range: [0.1, 9], reason: guess, source: judgement}
  idle: {value: 1, range: [0, 2], reason: guess, source: judgement}
actors:
  keeper: {rate: pace, options: {valve: [shut, open]}, preferences: {weights: {none: idle}}}
issues: {none: 0}
status_quo: {keeper.valve: shut}
clock: {since: 2020-01-01, start: 2021-12-31, end: 2021-12-31}
history:
  - {date: 2020-01-01, variable: keeper.valve, level: shut, source: log, until: 2020-05-31}
  - {date: 2020-06-01, variable: keeper.valve, level: open, source: log, kind: from}
  - {date: 2021-06-01, variable: keeper.valve, level: shut, source: log, kind: from}
sources: {log: {title: The log}}
"""


def test_a_fit_leads_to_the_medians_that_it_learned(tmp_path: Path) -> None:
    """Would catch: medians of another fit, parameters that the record is silent about."""
    file, store = tmp_path / "valve.yaml", "results/valve/fit.sqlite"
    file.write_text(VALVE)
    bench = Bench(CaseFolder(tmp_path))
    (tmp_path / store).parent.mkdir(parents=True)
    found = sample_posterior(bench.case("valve.yaml"), 40, 3, 1, store=tmp_path / store)
    median = next(row["posterior"][1] for row in found.rows() if row["name"] == "pace")
    command = ("evidence", "fit", "valve.yaml", "--particles", "40", "--seed", "3")
    asked = {"address": "?case=valve.yaml&today.keeper.valve=open"}
    job = Job("1", asked, "fit", case="valve.yaml", command=command, store=store, state="done")
    setting = fitted_setting(bench, job)
    assert list(setting.parameters) == ["pace"]
    assert setting.parameters["pace"] == pytest.approx(median)
    assert not setting.today
    file.write_text(VALVE.replace("2021-06-01", "2021-07-01"))
    with pytest.raises(InputError):
        fitted_setting(bench, job)
