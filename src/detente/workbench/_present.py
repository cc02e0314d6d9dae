"""Where a setting starts from: its day, the levels of that day, and whether they can be.

On a day of the case's record the levels are those that the record knows at the end of it, as the
case was known by then; what it does not know stays as stated. Cost: linear in the rows and rules.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from detente.case import Case, Labels
from detente.errors import InputError
from detente.evidence import observed_record
from detente.text import day as day_words
from detente.text import spaced

_DAY = 0.5 / 365.25
"""Half a day in years: times of the record are whole days."""


def recorded_levels(case: Case, day: dt.date) -> dict[str, int]:
    """Return the levels that the record knows at the end of a day; none outside of the record.

    Examples
    --------
    >>> import detente
    >>> found = recorded_levels(detente.load("peninsula"), dt.date(2022, 6, 1))
    >>> found["china.council"], found["rivalry"]
    (1, 0)
    >>> recorded_levels(detente.load("chicken"), dt.date(2022, 6, 1))
    {}
    """
    return dict(_recorded(_Asked(case.sha256, day, case))) if case.history else {}


@dataclass(frozen=True)
class _Asked:
    """What is asked of a record; the text of a case says which record that is."""

    sha: str
    day: dt.date
    case: Case = field(compare=False)


@lru_cache(maxsize=32)
def _recorded(asked: _Asked) -> dict[str, int]:
    found: dict[str, int] = {}
    try:
        record = observed_record(asked.case, asked.day)
    except InputError:
        return found
    for track in record.tracks:
        known = [
            entry
            for entry in track.entries
            if entry.kind != "gap" and entry.holds > record.end - _DAY
        ]
        if known:
            found[track.variable] = int(
                max(known, key=lambda entry: entry.earliest).weights.argmax()
            )
    return found


def present(case: Case, today: Mapping[str, int], start: dt.date | None) -> Case:
    """Return a case with another present.

    Parameters
    ----------
    case : Case
        With its variants chosen; what they hold stays.
    today : mapping of str to int
        Levels that are moved; they win over those of the record.
    start : date, optional
        The day to start from.

    Raises
    ------
    InputError
        When the clock has ended by then, or the record not begun.
    """
    if start is None:
        return replace(case, status_quo={**case.status_quo, **today}) if today else case
    check_start(case, start)
    chosen = {f"{v.name}.{level.name}": level for v in case.variants for level in v.levels}
    held = {name: k for label in case.chosen for name, k in chosen[label].do.items()}
    levels = {**case.status_quo, **recorded_levels(case, start), **held, **today}
    return replace(case, status_quo=levels, start=start)


def check_start(case: Case, start: dt.date) -> None:
    """Refuse a day on which the clock cannot start (`InputError`).

    Examples
    --------
    >>> import detente
    >>> check_start(detente.load("peninsula"), dt.date(2022, 6, 1))
    """
    if case.end is not None and start >= case.end:
        ends = day_words(case.end)
        raise InputError(f"The clock of the case ends on {ends}; start on an earlier day.")
    if case.since is not None and start < case.since:
        since = day_words(case.since)
        raise InputError(f"The record of the case begins on {since}; start on that day or later.")


def moved_levels(usual: Case, changed: Case) -> dict[str, str]:
    """Return the levels at which the present of a case differs from what it usually is.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("chicken")
    >>> moved_levels(case, present(case, {"row.wheel": 0}, None))
    {'row.wheel': 'swerve'}
    """
    return {
        name: usual.namespace.variables[name].levels[level]
        for name, level in changed.status_quo.items()
        if level != usual.status_quo[name]
    }


def check_possible(case: Case, held: Mapping[str, int]) -> None:
    """Refuse a present that a rule of the case forbids, and say which rule.

    Parameters
    ----------
    case : Case
    held : mapping of str to int
        What is held from today on.

    Raises
    ------
    InputError
    """
    levels = {**case.status_quo, **held}
    values = {name: one.value for name, one in case.parameters.items()} | levels
    for rule in case.infeasible:
        if bool(rule.formula.evaluate(values)):
            names, variables = Labels(case), case.namespace.variables
            words = [
                f"{names.variable(name)} {spaced(variable.levels[levels[name]])}"
                for name, variable in variables.items()
                if name in rule.formula.uses
            ]
            why = f" ({rule.reason.rstrip('.')})" if rule.reason else ""
            raise InputError(
                f"The case rules this out: {'; '.join(words)}{why}. "
                "Choose another level of one of them, held or today."
            )
