"""The history of a case: each row by itself, then all rows of a variable, then all variables.

A row is checked for its names, its dates and its weights. The rows of one variable are then walked
in the order of time with the set of levels that the variable can be at, by what was recorded and
by the level changes that the case allows; a row that leaves none contradicts the one before it.
Last, at every date the levels that the rows leave must fit into a feasible state. Cost: linear in
the rows; for the last check times the number of states that the rows leave.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames, level_index
from detente.case._checks.parameters import check_source_id
from detente.case._checks.states import States
from detente.case._model import Actor, Condition, Observation
from detente.case._schema import CaseFile, ObservationFile
from detente.expression import Variable
from detente.values import Bools

Levels = NDArray[np.bool_]
FOREVER = math.inf


@dataclass(frozen=True, slots=True)
class _Row:
    """An observation, and where it stands in its section."""

    seen: Observation
    path: Path
    levels: Levels

    def __str__(self) -> str:
        row = self.seen
        until = f" to {row.until}" if row.until and row.until != row.date else ""
        return f"{row.date}{until}, {row.source}, {row.place}"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From ``time`` on (just after it when ``after``) a variable is at one of ``levels``."""

    time: float
    after: bool
    levels: Levels
    row: _Row


def allowed_changes(actors: Sequence[Actor], conditions: Sequence[Condition]) -> dict[str, Bools]:
    """Return by variable which changes from one level to another the case allows."""
    allowed = {
        option.full_name: np.array(option.allowed, dtype=bool)
        for actor in actors
        for option in actor.options
    }
    for condition in conditions:
        matrix = np.eye(len(condition.levels), dtype=bool)
        for start, end, _ in condition.rates:
            matrix[start, end] = True
        allowed[condition.name] = matrix
    return allowed


def read_history(
    file: CaseFile,
    names: KnownNames,
    allowed: Mapping[str, Bools],
    states: States | None,
    findings: Problems,
) -> tuple[Observation, ...]:
    """Check the rows of the record and build them, in their order in the file."""
    if isinstance(file.history, str):
        return ()
    rows = [
        row
        for index, body in enumerate(file.history)
        if (row := _read_row(file, index, body, names, findings)) is not None
    ]
    stretches: dict[str, list[_Stretch]] = {}
    for name, variable in names.variables.items():
        own = [row for row in rows if row.seen.variable == name]
        own.sort(key=lambda row: (row.seen.first, row.seen.kind != "seen"))
        changes = allowed.get(name)
        size = len(variable.levels)
        if changes is None or changes.shape != (size, size):
            changes = np.ones((size, size), dtype=bool)
        stretches[name] = _walk(variable, own, changes, findings)
    if states is not None and not findings.problems:
        _check_together(names, stretches, states, findings)
    return tuple(row.seen for row in rows)


def _read_row(
    file: CaseFile, index: int, body: ObservationFile, names: KnownNames, findings: Problems
) -> _Row | None:
    path: Path = ("history", index)
    check_source_id(body.source, (*path, "source"), file.sources, findings)
    sound = _check_dates(file, body, path, findings)
    if not findings.knows((*path, "variable"), body.variable, names.variables, "variable"):
        return None
    levels = _read_levels(body, names.variables[body.variable], path, findings)
    if levels is None or not sound or findings.maimed(path):
        return None
    mask = np.zeros(len(names.variables[body.variable].levels), dtype=bool)
    mask[[level for level, _ in levels]] = True
    made = Observation(
        body.date,
        body.variable,
        levels,
        body.source,
        body.kind,
        body.until,
        body.confidence or "",
        body.note,
        f"{findings.file_of(path)} line {findings.line(path)}",
    )
    return _Row(made, path, mask)


def _read_levels(
    body: ObservationFile, variable: Variable, path: Path, findings: Problems
) -> tuple[tuple[int, float], ...] | None:
    if body.kind == "gap":
        if body.level is not None:
            findings.add((*path, "level"), "in a gap no level is known", "leave the level out")
            return None
        return ()
    if body.level is None:
        if not findings.maimed(path):
            findings.add(path, "this row lacks a level", "add one, or write kind: gap")
        return None
    place = (*path, "level")
    made: dict[int, float] = {}
    for part in body.level.split("|"):
        level, _, weight = part.partition(":")
        found = level_index(level, variable, place, findings)
        if found is None:
            return None
        if found in made:
            findings.add(place, f"the level {level} appears twice", "name each level once")
            return None
        made[found] = float(weight or 1)
    if min(made.values()) <= 0:
        findings.add(place, "a weight is zero", "leave out the level that cannot be")
        return None
    if abs(math.fsum(made.values()) - 1) > 1e-6:
        total = math.fsum(made.values())
        findings.add(place, f"the weights sum to {total:g}", "make them sum to 1")
        return None
    if body.kind == "from" and len(made) == len(variable.levels):
        findings.add(
            place,
            "a change into any of all levels says nothing",
            "leave out the levels it was at before",
        )
        return None
    return tuple(made.items())


def _check_dates(file: CaseFile, body: ObservationFile, path: Path, findings: Problems) -> bool:
    if body.until is not None and body.until < body.date:
        message = f"{body.until} is before {body.date}"
        findings.add((*path, "until"), message, "swap the two dates")
        return False
    clock = file.clock
    if clock is None:
        return True
    first, end = clock.since or clock.start, clock.end
    for key, date in (("date", body.date), ("until", body.until)):
        if date is not None and (date < first or (end is not None and date > end)):
            message = f"{date} lies outside the clock ({first} to {end or '…'})"
            findings.add(
                (*path, key), message, "change the date, widen the clock, or delete the entry"
            )
            return False
    return True


def _walk(
    variable: Variable, rows: Sequence[_Row], allowed: Levels, findings: Problems
) -> list[_Stretch]:
    """Follow one variable through its rows; return the levels that they leave, in time."""
    reach = _closure(allowed)
    levels = np.ones(len(variable.levels), dtype=bool)
    found: list[_Stretch] = []
    known_until: float = -FOREVER
    before: _Row | None = None
    spoken: _Row | None = None
    for row in rows:
        seen = row.seen
        overlap = spoken is not None and seen.first < spoken.seen.last
        if spoken and overlap and {seen.kind, spoken.seen.kind} != {"seen"}:
            message = f"these days overlap those of another row of {variable.name} ({spoken})"
            findings.add((*row.path, "date"), message, "change the dates of one of them")
            continue
        if spoken is None or seen.last > spoken.seen.last:
            spoken = row
        held = seen.first <= known_until
        start = levels if held else _from(levels, reach)
        if seen.kind == "gap":
            levels, known_until = start, min(known_until, seen.first)
            found.append(_Stretch(seen.first, True, _from(levels, reach), row))
            continue
        if seen.kind == "seen":
            left = start & row.levels
            known_until = max(known_until, seen.last)
        else:
            start = start & ~row.levels
            left = row.levels & _from(start, allowed)
            found.append(_Stretch(seen.first, True, start | left, row))
            known_until = FOREVER
        if not left.any():
            _complain_of_change(variable, row, before, held, findings)
            left = row.levels
        at = seen.first if seen.kind == "seen" else seen.last
        found.append(_Stretch(at, False, left, row))
        if known_until < FOREVER:
            found.append(_Stretch(known_until, True, _from(left, reach), row))
        levels, before = left, row
    return found


def _complain_of_change(
    variable: Variable, row: _Row, before: _Row | None, held: bool, findings: Problems
) -> None:
    new = _named(variable, row.levels)
    place: Path = (*row.path, "level")
    name, source = variable.name, row.seen.source
    if before is None:
        message = f"nothing leads {name} to {new} by a change that the case allows"
        findings.add(place, f"{message} ({source})", "allow the change, or write kind: seen")
        return
    old = _named(variable, before.levels)
    if not held:
        findings.add(
            place,
            f"no allowed changes lead {name} from {old} ({before}) to {new} ({source})",
            "correct one of the rows, or allow the change",
        )
    elif row.seen.kind == "from" and not (before.levels & ~row.levels).any():
        message = f"{name} was at {old} already ({before})"
        findings.add(place, message, "write kind: seen, or correct one of the rows")
    elif row.seen.kind == "from":
        findings.add(
            place,
            f"the case forbids {name} to change from {old} ({before}) to {new} ({source})",
            "correct one of the rows, or allow the change",
        )
    else:
        line = "" if not before.seen.place else f", {before}"
        message = f"{name} was at {old} on {before.seen.date} too (line {_line(before, findings)})"
        if before.seen.date != row.seen.date:
            message = f"{name} cannot be at {new} ({source}): it is at {old} then{line}"
        remedy = "keep the level at the end of that day"
        if before.seen.date != row.seen.date:
            remedy = "add a row of kind 'from' or 'gap' between the two"
        findings.add(place, message, remedy)


def _line(row: _Row, findings: Problems) -> int:
    return findings.line((*row.path, "level"))


def _named(variable: Variable, levels: Levels) -> str:
    return " or ".join(name for name, on in zip(variable.levels, levels, strict=True) if on)


def _from(levels: Levels, allowed: Levels) -> Levels:
    return np.asarray(np.any(levels[:, None] & allowed, axis=0), dtype=bool)


def _closure(allowed: Levels) -> Levels:
    reach = allowed | np.eye(len(allowed), dtype=bool)
    for middle in range(len(reach)):
        reach |= reach[:, middle, None] & reach[middle]
    return reach


def _check_together(
    names: KnownNames, stretches: Mapping[str, list[_Stretch]], states: States, findings: Problems
) -> None:
    """Check that at every time some feasible state has the levels that the rows leave."""
    full = {name: np.ones(len(v.levels), dtype=bool) for name, v in names.variables.items()}
    moments = sorted(
        ((s.time, s.after, number, name) for name, own in stretches.items()
         for number, s in enumerate(own))
    )  # fmt: skip
    now = dict(full)
    rows: dict[str, _Row] = {}
    for place, (time, after, number, name) in enumerate(moments):
        stretch = stretches[name][number]
        now[name], rows[name] = stretch.levels, stretch.row
        if moments[place + 1 : place + 2] and moments[place + 1][:2] == (time, after):
            continue
        if _possible(states, list(now.values())):
            continue
        narrow = [other for other in names.variables if not now[other].all()]
        pair = [
            other
            for other in narrow
            if other != name
            and not _possible(
                states,
                [now[v] if v in {name, other} else full[v] for v in names.variables],
            )
        ]
        others = pair[:1] or [other for other in narrow if other != name]
        told = " and ".join(
            f"{other} at {_named(names.variables[other], now[other])} ({rows[other]})"
            for other in others
        )
        row = stretch.row
        day = dt.date.fromordinal(max(1, int(time) - (row.seen.kind == "seen" or not after)))
        findings.add(
            (*row.path, "level"),
            f"on {day} {name} at {_named(names.variables[name], now[name])} "
            f"({row.seen.source}) cannot go with {told}: no such state is feasible",
            "correct one of the rows, or the rule against it",
        )
        return


def _possible(states: States, levels: Sequence[Levels]) -> bool:
    return bool(states.feasible[np.ix_(*(np.flatnonzero(own) for own in levels))].any())
