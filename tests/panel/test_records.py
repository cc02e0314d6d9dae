"""Records of dated acts: what is known of their next acts without strategy, and by chance.

Would catch: a baseline that reads the act it forecasts, a model that learns from levels dealt out
anew, a dealing that loses an act, an ablation of time that mixes up the order of acts, a group of
conflicts that is counted twice.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from detente.errors import InputError
from detente.panel import (
    Panel,
    RecordOutcome,
    ablated_panels,
    difference_by,
    load_panel,
    record_baselines,
)

TEMPLATE = """detente: 1
title: Two that trade acts
about: Each acts mildly or harshly.
sources: {}
parameters:
  harsh: {value: 0, range: [-9, 9], reason: made up, source: judgement}
  pace: {value: 20, range: [0.1, 99], reason: made up, source: judgement}
actors:
  one:
    rate: pace
    precision: 1
    options: {act: {levels: [mild, harsh], cost: 0}}
    preferences: {weights: {harsh_one: harsh}}
issues: {harsh_one: {value: one.act == harsh, about: It acts harshly.}}
status_quo: {one.act: mild}
"""
PANEL = """template: t.yaml
conflicts: rows.csv
id: id
year: year
shared:
  harsh: {value: 0, range: [-4, 4], distribution: normal, centre: 0, sd: 1}
  pace: {value: 20, range: [1, 90]}
parameters: {harsh: harsh, pace: pace}
outcomes: {record: acts.csv, start: uniform}
split: {train: year < 2000, test: year >= 2000}
"""


def recorded(folder: Path, levels: list[str]) -> Panel:
    """Return a panel of ten records; each has the same levels, an act a month."""
    rows, acts = ["id,year"], ["id,date,variable,level"]
    for k in range(10):
        year = 1995 + k
        rows.append(f"c{k},{year}")
        for month, level in enumerate(levels, start=1):
            acts.append(f"c{k},{year}-{month:02d}-01,one.act,{level}")
    for name, lines in (("rows.csv", rows), ("acts.csv", acts)):
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "t.yaml").write_text(TEMPLATE, "utf-8")
    (folder / "p.yaml").write_text(PANEL, "utf-8")
    return load_panel(folder / "p.yaml")


def test_baselines_of_records_are_shares_of_the_earlier_side(tmp_path: Path) -> None:
    panel = recorded(tmp_path, ["mild", "mild", "harsh", "mild"])
    assert isinstance(panel.outcome, RecordOutcome)
    found = record_baselines(panel.template, panel.outcome, panel.train, panel.test)
    rates = np.array([15.5, 5.5]) / 21
    moves = np.array([[5.5, 5.5], [5.5, 0.5]])
    again = np.trace(moves) / moves.sum()
    moves /= moves.sum(axis=1, keepdims=True)
    asked = {
        "base rates": rates[0] * rates[1] * rates[0],
        "Markov chain": moves[0, 0] * moves[0, 1] * moves[1, 0],
        "persistence": again * (1 - again) * (1 - again),
    }
    for name, chance in asked.items():
        np.testing.assert_allclose(found[name], np.log(chance), err_msg=name)


def test_with_levels_dealt_out_anew_records_say_no_more_than_base_rates(tmp_path: Path) -> None:
    panel = recorded(tmp_path, ["mild"] * 5 + ["harsh"] * 5)
    for seed in (1, 2):
        dealt = panel.shuffled(seed)
        assert isinstance(dealt.outcome, RecordOutcome)
        assert isinstance(panel.outcome, RecordOutcome)
        for before, after in zip(panel.outcome.records, dealt.outcome.records, strict=True):
            assert [row.date for row in before] == [row.date for row in after]
        every = [row.level for record in dealt.outcome.records for row in record]
        assert every.count(0) == every.count(1) == 50
        assert dealt.fit(most=15, intervals=False).score().score("base rates").verdict != "beats"


def test_levels_dealt_out_across_the_split_may_change_sides(tmp_path: Path) -> None:
    """All acts of one side were mild and all of the other harsh; days and sums stay."""
    panel = recorded(tmp_path, ["mild"] * 4)
    assert isinstance(panel.outcome, RecordOutcome)
    harsh = tuple(
        tuple(replace(row, levels=((1, 1.0),)) for row in record) if k in panel.test else record
        for k, record in enumerate(panel.outcome.records)
    )
    panel = replace(panel, outcome=replace(panel.outcome, records=harsh))
    counts = []
    for across in (False, True):
        dealt = panel.shuffled(1, across=across).outcome
        assert isinstance(dealt, RecordOutcome)
        levels = [[row.level for row in record] for record in dealt.records]
        assert sum(map(sum, levels)) == 4 * len(panel.test)
        counts.append(sum(sum(levels[k]) for k in panel.train))
    assert counts[0] == 0
    assert 0 < counts[1] < 4 * len(panel.train)


def test_without_time_the_order_of_days_is_left(tmp_path: Path) -> None:
    panel = recorded(tmp_path, ["mild", "mild", "harsh", "mild"])
    timeless = ablated_panels(panel)["no time"].outcome
    assert isinstance(timeless, RecordOutcome)
    assert isinstance(panel.outcome, RecordOutcome)
    for before, after in zip(panel.outcome.records, timeless.records, strict=True):
        assert [row.levels for row in before] == [row.levels for row in after]
        days = [row.date for row in after]
        assert days[0] == before[0].date
        assert {(later - day).days for day, later in pairwise(days)} == {30}


@pytest.mark.parametrize(("kind", "cuts"), [("classes", (0.3, 0.6)), ("records", (2002,))])
def test_groups_by_a_column_make_up_the_difference(
    kind: str, cuts: tuple[float, ...], tmp_path: Path
) -> None:
    column = "ratio" if kind == "classes" else "year"
    panel = load_panel("disputes") if kind == "classes" else recorded(tmp_path, ["mild", "harsh"])
    scores = panel.fit(most=5, intervals=False).score()
    groups = difference_by(scores, column, cuts).groups
    assert len(groups) == len(cuts) + 1
    assert sum(one.conflicts for one in groups) == len(scores.happened)
    total = sum(one.conflicts * one.difference for one in groups) / len(scores.happened)
    assert total == pytest.approx(scores.score("base rates").difference)
    for one in groups:
        assert one.interval[0] - 1e-12 <= one.difference <= one.interval[1] + 1e-12
    with pytest.raises(InputError, match="nothing was scored under the name"):
        difference_by(scores, column, [0.5], rival="oracle")
