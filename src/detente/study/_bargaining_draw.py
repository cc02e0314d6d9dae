"""What one draw of a table of bargaining comes to: outcomes by model, exchanges, gains.

It depends on the table and the drawn values only, never on who else is at work. A model that finds
no outcome leaves a gap; a draw whose table makes no sense fails with its reason. Cost: that of the
models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.bargaining import (
    TABLE_MODELS,
    BargainingTable,
    StatedVote,
    exchange,
    procedural,
    table_of,
    vote_at,
)
from detente.case import Case
from detente.conflict import parameter_values
from detente.engine import FAILURES, reason_of
from detente.study._design import Point
from detente.study._table_ranges import TableRanges
from detente.values import Floats

Traded = tuple[tuple[str, str], tuple[str, str]]
"""Givers, and the issues that they give on."""


@dataclass(frozen=True)
class BargainingTask:
    """What is asked of every draw."""

    subject: Case | TableRanges
    models: tuple[str, ...]
    rounds: int
    vote: StatedVote | None

    def table(self, point: Point) -> BargainingTable:
        """Return the table at a point."""
        parameters, variants = point
        if isinstance(self.subject, TableRanges):
            return self.subject.at(parameters)
        return table_of(self.subject, parameters, variants)

    def rule(self, point: Point) -> StatedVote | None:
        """Return the voting rule at a point: the one asked for, or that of the case."""
        if self.vote is not None or isinstance(self.subject, TableRanges):
            return self.vote
        parameters, variants = point
        case = self.subject.variant(*variants)
        return vote_at(case, parameter_values(case, parameters))


@dataclass(frozen=True, slots=True, eq=False)
class BargainingDraw:
    """What one draw gave.

    Attributes
    ----------
    outcomes : ndarray, (models, issues)
        nan where a model finds none.
    gains : ndarray, (actors,)
        By all exchanges.
    made : mapping of Traded to float
        The gain of each exchange that is made; summed over rounds.
    failure : str
        Why the draw gave nothing; empty where it did.
    """

    outcomes: Floats
    gains: Floats
    made: Mapping[Traded, float]
    failure: str = ""


def bargain_in_draw(task: BargainingTask, point: Point) -> BargainingDraw:
    """Ask all models of one draw; a failure becomes part of the outcome."""
    try:
        table = task.table(point)
        exchanges = exchange(table, task.rounds)
    except FAILURES as error:
        return lost_draw(task, reason_of(error))
    outcomes = np.full((len(task.models), len(table.issues)), np.nan)
    for m, model in enumerate(task.models):
        if model == "exchange":
            outcomes[m] = exchanges.outcomes[-1]
        else:
            outcomes[m] = _outcome(task, point, table, model)
    made: dict[Traded, float] = {}
    for one in exchanges.made:
        traded = one.givers, one.issues
        made[traded] = made.get(traded, 0.0) + one.gain
    return BargainingDraw(outcomes, np.array([exchanges.gain(a) for a in table.actors]), made)


def lost_draw(task: BargainingTask, reason: str) -> BargainingDraw:
    """Return what stands for a draw that gave nothing, and why."""
    return BargainingDraw(np.zeros((0, 0)), np.zeros(0), {}, reason)


def _outcome(task: BargainingTask, point: Point, table: BargainingTable, model: str) -> Floats:
    try:
        if model != "procedural":
            return TABLE_MODELS[model](table).outcome
        rule = task.rule(point)
        assert rule is not None, "without a rule the model is not asked"
        return procedural(table, rule.setter, rule.threshold, rule.veto).outcome
    except FAILURES:
        return np.full(len(table.issues), np.nan)
