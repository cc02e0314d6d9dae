"""Exact slopes of the log likelihood of records against central differences of cold solves.

Would catch: evidence, changes at an instant or a stretch of the record left out on the way back, a
rate whose exit is seen but not its change, a view that moves with the wrong parameter, a slope
given where there is none. Histories have gaps, doubts, changes within a day and within months.
``DETENTE_BATCHES`` sets how many random cases are tried, ten to a batch, and then also tries every
parameter of the flagship.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import detente
from detente.case import Case, Observation, read_case
from detente.errors import InputError
from detente.evidence import Entry, Impossible, Record, filter_record, likelihood_slopes
from detente.evidence._likelihood import FitProblem, fit_problem
from detente.evidence._likelihood_slopes import slopes_of
from detente.model import SolvedModel
from planted_history import TABLE, simulated

BATCHES = int(os.environ.get("DETENTE_BATCHES", "0"))
SEEDS = range(10 * BATCHES or 4)
FINE = 1e-13
VIEWED = TABLE.replace(
    b"status_quo:", b"views: {china: {values: {worth: 0.5 * zeal}, reason: r}}\nstatus_quo:"
)


def doubted_case(seed: int) -> Case:
    """Return a case with a view and a history of which much is in doubt, late or not known."""
    rng = np.random.default_rng(seed)
    case = read_case(VIEWED, "viewed.yaml")
    at = {"zeal": rng.uniform(1, 3), "worth": rng.uniform(0, 2), "storms": rng.uniform(0.2, 1)}
    dark = ("weather",) if seed % 2 else ()
    drawn = simulated(case, at, 6.0, seed, dark)
    rows: list[Observation] = []
    for name in {row.variable: None for row in drawn.history}:
        rows += doubted([row for row in drawn.history if row.variable == name], rng)
    parameters = {
        name: replace(parameter, value=float(at[name]))
        for name, parameter in case.parameters.items()
    }
    return replace(drawn, history=tuple(rows), parameters=parameters)


def doubted(rows: list[Observation], rng: np.random.Generator) -> list[Observation]:
    """Return a variable's rows, some over weeks, some lost with a doubtful one after."""
    first, *changes = rows
    days = [first.date, *(row.date for row in changes), first.date + dt.timedelta(days=2190)]
    found = [first]
    for k, row in enumerate(changes, start=1):
        room = dt.timedelta(
            days=min((days[k] - days[k - 1]).days, (days[k + 1] - days[k]).days) // 3
        )
        level = row.levels[0][0]
        kind = rng.choice(["exact", "wide", "lost"])
        if room.days < 3 or kind == "exact":
            found.append(row)
        elif kind == "wide":
            found.append(replace(row, date=row.date - room, until=row.date + room))
        else:
            gap, later = row.date - room, row.date + room
            other = ((level, 0.7), (1 - min(level, 1), 0.3))
            found.append(replace(row, kind="gap", date=gap, until=row.date, levels=()))
            found.append(replace(row, kind="seen", date=later, until=later, levels=other))
    if found[0].until and len(found) > 1 and found[0].until >= found[1].date:
        found[0] = replace(found[0], until=found[1].date - dt.timedelta(days=1))
    return found


def differences(likelihood: Callable[[dict[str, float]], float], case: Case, name: str) -> float:
    """Return a central difference, extrapolated from two steps."""
    value = case.parameters[name].value
    step = 3e-4 * max(abs(value), 0.1)

    def over(width: float) -> float:
        return (likelihood({name: value + width}) - likelihood({name: value - width})) / (2 * width)

    return (4.0 * over(step) - over(2.0 * step)) / 3.0


def check(task: FitProblem) -> None:
    """Compare all slopes with differences."""

    def likelihood(change: dict[str, float]) -> float:
        model = SolvedModel(task.case, change, tolerance=FINE)
        return filter_record(model.equilibrium, task.record, task.start).log_likelihood

    case = task.case
    found = slopes_of(task, SolvedModel(case, tolerance=FINE), list(case.parameters))
    assert found.log_likelihood == pytest.approx(likelihood({}), abs=1e-9)
    for name, slope in zip(found.parameters, found.slope.tolist(), strict=True):
        if np.isnan(slope):
            continue  # It stands at an edge: on one side there is nothing to compare with.
        assert slope == pytest.approx(differences(likelihood, case, name), rel=1e-6, abs=1e-8), name


@pytest.mark.parametrize("seed", SEEDS)
def test_slopes_are_those_of_central_differences(seed: int) -> None:
    case = doubted_case(seed)
    conflict = case.conflict()
    even = np.where(conflict.feasible, np.arange(conflict.size).reshape(conflict.shape) + 1.0, 0.0)
    start = "uniform" if seed % 2 else even / even.sum()
    check(fit_problem(case, start=start))


def test_a_start_in_the_long_run_moves_with_the_parameters() -> None:
    check(fit_problem(doubted_case(1), start="long run"))


def test_changes_at_an_instant_move_the_density() -> None:
    case = doubted_case(1)
    record = fit_problem(case).record
    first = Entry("seen", 0.0, 0.5, 0.5, np.array([1.0, 0.0]))
    turn = Entry("from", 0.5, 0.5, 1.5, np.array([0.0, 1.0]))
    storm = Entry("from", 0.5, 0.5, 0.9, np.array([1.0, 0.0]))
    for told, possible in (
        ({"us.offer": (first, turn)}, True),
        ({"us.offer": (first, turn), "weather": (storm,)}, False),
    ):
        tracks = tuple(replace(t, entries=told.get(t.variable, ())) for t in record.tracks)
        task = FitProblem(case, Record(dt.date(1950, 1, 1), 0.0, 3.0, tracks))
        if possible:
            check(task)
        else:
            with pytest.raises(Impossible):  # Nobody moves at one instant with the weather.
                check(task)


# Two cold filters for each of 58 parameters: more than the whole suite has time for.
@pytest.mark.skipif(not BATCHES, reason="takes a minute: set DETENTE_BATCHES")
def test_slopes_of_the_flagship() -> None:
    check(fit_problem(detente.load("peninsula"), "2021-03-15"))


def test_what_it_prints_and_where_there_is_none() -> None:
    found = likelihood_slopes(doubted_case(0), ["zeal", "storms"], at={"zeal": 2.0})
    assert found.at[0] == 2.0
    assert "log likelihood" in str(found)
    assert list(found.to_dict()["parameters"]) == ["zeal", "storms"]
    with pytest.raises(InputError, match="did you mean 'zeal'"):
        likelihood_slopes(doubted_case(0), ["zeel"])
