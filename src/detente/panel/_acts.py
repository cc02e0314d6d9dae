"""Dated acts of many conflicts in one table: rows as those of a case's history, with an id.

Cost: linear in the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

from detente.case import Case, Observation
from detente.errors import InputError
from detente.files import read_text
from detente.text import quote, suggestion

Kind = Literal["seen", "from", "gap"]
_RECORD = ("id", "date", "variable", "level")


def read_acts(
    path: Path, template: Case, ids: Sequence[str]
) -> tuple[tuple[tuple[Observation, ...], ...], str]:
    """Return the acts of each conflict, in the order of the ids, and the text that was read."""
    text = read_text(path, "give a table of acts", "split it")
    reader = csv.DictReader(io.StringIO(text))
    for name in _RECORD:
        if name not in (reader.fieldnames or ()):
            raise InputError(f"{path.name}, line 1: the column {name} is missing; add it")
    levels = {
        **{one.full_name: one.levels for actor in template.actors for one in actor.options},
        **{one.name: one.levels for one in template.conditions},
    }
    by_id: dict[str, list[Observation]] = {one: [] for one in ids}
    for row in reader:
        place = f"{path.name}, line {reader.line_num}"
        if row["id"] not in by_id:
            continue
        by_id[row["id"]].append(_act(row, levels, place))
    for one, rows in by_id.items():
        if not rows:
            raise InputError(
                f"{path.name}: nothing is recorded of {quote(one)}; add a row, or leave the "
                "conflict out"
            )
    return tuple(tuple(by_id[one]) for one in ids), text


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
