"""How one conflict can end, and how likely each end is in the template, with slopes.

Three kinds. At a horizon the conditions of the classes part the states, and a class is as likely
as its states are then. Of first events a class is as likely as its event is to come before all
others within the horizon; what is left, that none comes or two at once, is a class too. A record is
as likely as the exact filter finds it (`detente.evidence.likelihood_slopes`). Slopes go back
through march, choices and equilibrium in one go, as those of claims do. Cost: an equilibrium, a
march there and back, and a transposed system.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from detente.case import Case, Observation
from detente.conflict import Conflict
from detente.equilibrium import PlayedGames, add_rate_slopes
from detente.errors import AnalysisError, InputError
from detente.evidence import likelihood_slopes
from detente.expression import ExpressionError, Formula, Query, compile_formula, compile_query
from detente.forecast import AskedFrom, answer_slopes
from detente.model import TODAY, ParameterSlopes, SolvedModel
from detente.panel._conflict_table import ConflictTable
from detente.text import nearest, quote
from detente.values import Bools, Floats

REST = "else"
"""The condition of the class of all that no other class says."""
TOLERANCE = 1e-9
"""Of the equilibria: their slopes are differenced for intervals."""


class EndChances(NamedTuple):
    """Chances of classes, (classes,), or a log likelihood, (1,), and slopes, (.., parameters)."""

    value: Floats
    slope: Floats


@dataclass(frozen=True)
class FinalOutcome:
    """Classes of which a conflict ends in one.

    Attributes
    ----------
    column : str
        Where the table says which.
    classes : tuple of str
    conditions : tuple of str
        Formulas of the template's state; one may be ``else``.
    horizon : float
        Years.
    first : bool
        Whether the first event counts, else the state at the horizon.
    ordered : bool
        Whether the classes stand in an order.
    """

    column: str
    classes: tuple[str, ...]
    conditions: tuple[str, ...]
    horizon: float
    first: bool = False
    ordered: bool = False

    def checked(self, template: Case, place: str) -> FinalOutcome:
        """Refuse conditions that leave a state without a class, or with two."""
        held = []
        conflict = template.conflict()
        for name, text in zip(self.classes, self.conditions, strict=True):
            if text == REST:
                continue
            try:
                formula = compile_formula(text, template.namespace, "truth")
            except ExpressionError as error:
                raise InputError(f"{place}: the class {name}: {error}") from None
            held.append(_over(formula, conflict))
        count = np.sum(held, axis=0)[conflict.feasible]
        if not self.first and (count > 1).any():
            raise InputError(
                f"{place}: two classes hold in one state of the template; let their conditions "
                "exclude each other"
            )
        if not self.first and REST not in self.conditions and (count == 0).any():
            raise InputError(
                f"{place}: a state of the template is in no class; add one with the condition else"
            )
        if self.first and REST not in self.conditions:
            raise InputError(
                f"{place}: nothing is said of what it is called when no event comes; add a class "
                "with the condition else"
            )
        return self

    def chances(self, case: Case, names: Sequence[str], at: dict[str, float]) -> EndChances:
        """Return how likely each class is, with slopes by some parameters of the template."""
        model = SolvedModel(case, at, tolerance=TOLERANCE)
        solved = model.under(TODAY)
        by = ParameterSlopes(model, TODAY, names)
        asked = [
            AskedFrom(what, solved.start(None), None, self.horizon, False)
            for what in self._asked(case)
        ]
        games = PlayedGames(solved.equilibrium, len(asked))
        chain = solved.chain
        found = answer_slopes(chain, asked, threads=False)
        add_rate_slopes(games, chain.live, chain.step, found.rate)
        through = by.through(games)
        if any(through.why_not):
            raise AnalysisError(next(filter(None, through.why_not)))
        value = np.empty(len(self.classes))
        slope = np.empty((len(self.classes), len(names)))
        said = np.array([text != REST for text in self.conditions])
        value[said], slope[said] = found.value, through.slopes
        if not said.all():
            value[~said] = 1.0 - found.value.sum()
            slope[~said] = -through.slopes.sum(axis=0)
        return EndChances(np.clip(value, 0.0, 1.0), slope)

    def _asked(self, case: Case) -> list[Formula | Query]:
        said = [text for text in self.conditions if text != REST]
        if not self.first:
            return [compile_formula(text, case.namespace, "truth") for text in said]
        asked: list[Formula | Query] = []
        within = "" if math.isinf(self.horizon) else f"[0, {self.horizon!r}]"
        for text in said:
            others = " or ".join(f"({other})" for other in said if other != text)
            before = f"not ({others}) U" if others else "F"
            alone = f"({text}) and not ({others})" if others else text
            asked.append(compile_query(f"{before}{within} ({alone})", case.namespace))
        return asked


@dataclass(frozen=True)
class RecordOutcome:
    """Dated acts of each conflict, in rows as those of a case's history.

    Attributes
    ----------
    records : tuple of tuple of Observation
        By conflict.
    start : {"uniform", "status quo"}
        Where the template stands when a record begins.
    """

    records: tuple[tuple[Observation, ...], ...]
    start: str = "status quo"

    def chances(
        self, case: Case, names: Sequence[str], at: dict[str, float], number: int
    ) -> EndChances:
        """Return the log likelihood of one record, with slopes."""
        rows = self.records[number]
        own = replace(
            case,
            history=rows,
            since=min(row.date for row in rows),
            start=None,
            end=max(row.until or row.date for row in rows),
        )
        if self.start == "uniform":
            found = likelihood_slopes(own, names, at=at)
        else:
            conflict = own.conflict(at)
            begin = np.zeros(conflict.shape)
            begin[conflict.status_quo] = 1.0
            found = likelihood_slopes(own, names, at=at, start=begin)
        if found.why_not:
            raise AnalysisError(found.why_not)
        return EndChances(np.array([found.log_likelihood]), found.slope[None, :])

    def opening(self) -> RecordOutcome:
        """Return the rows of the day on which each record opens."""
        days = [min(row.date for row in rows) for rows in self.records]
        found = (
            tuple(row for row in rows if row.date == day)
            for rows, day in zip(self.records, days, strict=True)
        )
        return replace(self, records=tuple(found))

    def evenly(self) -> RecordOutcome:
        """Return records whose days keep their order alone: each as far on as is usual in all."""
        every = [sorted({*_days(rows)}) for rows in self.records]
        steps = sum(len(days) - 1 for days in every)
        apart = sum((days[-1] - days[0]).days for days in every)
        step = dt.timedelta(days=max(1, round(apart / max(steps, 1))))
        found = []
        for rows, days in zip(self.records, every, strict=True):
            moved = {day: days[0] + k * step for k, day in enumerate(days)}
            found.append(tuple(
                replace(row, date=moved[row.date], until=row.until and moved[row.until])
                for row in rows
            ))  # fmt: skip
        return replace(self, records=tuple(found))

    def dealt(self, numbers: Sequence[int], random: np.random.Generator) -> RecordOutcome:
        """Return records in which the levels of some are dealt out anew, variable by variable."""
        records = [list(rows) for rows in self.records]
        places: dict[str, list[tuple[int, int]]] = {}
        for number in numbers:
            for k, row in enumerate(records[number]):
                if row.levels:
                    places.setdefault(row.variable, []).append((number, k))
        for own in places.values():
            levels = [records[number][k].levels for number, k in own]
            for (number, k), deal in zip(own, random.permutation(len(own)), strict=True):
                records[number][k] = replace(records[number][k], levels=levels[deal])
        return replace(self, records=tuple(map(tuple, records)))


def _days(rows: Sequence[Observation]) -> Iterator[dt.date]:
    for row in rows:
        yield row.date
        if row.until is not None:
            yield row.until


def class_numbers(outcome: FinalOutcome, table: ConflictTable, rows: Sequence[int]) -> np.ndarray:
    """Return the class of each conflict of some rows by its number."""
    numbers = {name: k for k, name in enumerate(outcome.classes)}
    cells = table.words(outcome.column)
    for row in rows:
        if cells[row] not in numbers:
            best = nearest(cells[row], outcome.classes)
            hint = f"did you mean {quote(best)}? Else name" if best else "name"
            raise InputError(
                f"{table.file}, line {table.lines[row]}: the outcome {quote(cells[row])} is none "
                f"of the classes {', '.join(outcome.classes)}; {hint} it among the classes, or "
                "leave the conflict out"
            )
    return np.array([numbers[cells[row]] for row in rows], dtype=np.intp)


def _over(formula: Formula, conflict: Conflict) -> Bools:
    return np.broadcast_to(formula.evaluate(conflict.values), conflict.shape)
