"""Dated acts of many conflicts in one table: rows as those of a case's history, with an id.

Cost: linear in the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

from detente.case import Case, Observation
from detente.errors import InputError
from detente.panel._csv_table import read_csv
from detente.text import quote, suggestion

Kind = Literal["seen", "from", "gap"]
_RECORD = ("id", "date", "variable", "level")


def read_acts(
    path: Path, template: Case, ids: Sequence[str]
) -> tuple[tuple[tuple[Observation, ...], ...], str]:
    """Return the acts of each conflict, in the order of the ids, and the text that was read."""
    found = read_csv(path, "act", _RECORD)
    levels = {
        **{one.full_name: one.levels for actor in template.actors for one in actor.options},
        **{one.name: one.levels for one in template.conditions},
    }
    by_id: dict[str, list[Observation]] = {one: [] for one in ids}
    for cells, line in zip(found.rows, found.lines, strict=True):
        row = dict(zip(found.head, cells, strict=True))
        # Acts of conflicts that were left out of the table may stay.
        if row["id"] in by_id:
            by_id[row["id"]].append(_act(row, levels, f"{found.file}, line {line}"))
    for one, rows in by_id.items():
        if not rows:
            raise InputError(
                f"{path.name}: nothing is recorded of {quote(one)}; add a row, or leave the "
                "conflict out"
            )
    return tuple(tuple(by_id[one]) for one in ids), found.text


def _act(row: Mapping[str, str], levels: Mapping[str, Sequence[str]], place: str) -> Observation:
    name, kind = row["variable"], row.get("kind") or "seen"
    if name not in levels:
        hint = suggestion(name, levels, "variable")
        raise InputError(f"{place}: there is no variable {quote(name)}; {hint}")
    if kind not in ("seen", "from", "gap"):
        raise InputError(f"{place}: the kind {quote(kind)} is none; write seen, from or gap")
    if kind != "gap" and row["level"] not in levels[name]:
        hint = suggestion(row["level"], levels[name], "level")
        raise InputError(f"{place}: {name} has no level {quote(row['level'])}; {hint}")
    try:
        date = dt.date.fromisoformat(row["date"])
        until = dt.date.fromisoformat(row["until"]) if row.get("until") else None
    except ValueError:
        raise InputError(f"{place}: not a date; write it as 2021-03-15") from None
    if until is not None and until < date:
        raise InputError(f"{place}: it ends before it begins; turn the dates round")
    own = () if kind == "gap" else ((levels[name].index(row["level"]), 1.0),)
    return Observation(date, name, own, "", cast("Kind", kind), until, place=place)
