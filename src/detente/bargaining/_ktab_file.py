"""Tables of the program KTAB: one row an actor, two columns an issue, salience from 0 to 100.

The first row has the name, a description, and the numbers of actors and of issues; the second the
heads ``Actor, Description, Power, NAME Position, NAME Salience, ...``. A capability holds for all
issues of its actor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from detente.bargaining._cells import Cells, Place, Row, check_cells
from detente.bargaining._table import BargainingTable, bargaining_table
from detente.errors import InputError
from detente.text import quote

_FIXED = 3
_LABEL = re.compile(r"[\s_]*(?:position|pstn|salience|sal)(\d*)$", re.IGNORECASE)


def read_ktab(rows: Iterable[Row], file: str) -> BargainingTable:
    """Return the table in the rows of a file of KTAB."""
    found = [Row(row.file, row.number, _without_tail(row.cells)) for row in rows]
    if len(found) < 3:
        raise InputError(f"{file}: no actors; a table of KTAB has two heads and a row an actor")
    head, body = found[1], found[2:]
    names = [_issue(head, k) for k in range(_FIXED, len(head.cells) - 1, 2)]
    if not names or (len(head.cells) - _FIXED) % 2:
        head.refuse(len(head.cells) - 1, "an issue has a position and a salience; give both")
    columns = len(head.cells)
    issues = {name: (head, _FIXED + 2 * k) for k, name in enumerate(names)}
    actors: dict[str, Place] = {}
    cells: Cells = {}
    for k, name in enumerate(names):
        if name in cells:
            head.refuse(_FIXED + 2 * k, f"the issue {quote(name)} stands twice; give it once")
        cells[name] = {}
    for row in body:
        if not columns - 1 <= len(row.cells) <= columns:
            row.refuse_length(columns, f"row {head.number} has")
        actor = row.text(0, "the actor")
        if actor in actors:
            row.refuse(0, f"the actor {quote(actor)} stands twice; give it once")
        actors[actor] = row, 0
        power = row.capability_at(2, "the power")
        if power is None:
            row.refuse(2, "the power is missing; write it")
        for k, name in enumerate(names):
            position = row.point_at(_FIXED + 2 * k, "the position")
            if position is not None:
                salience = row.number_at(_FIXED + 2 * k + 1, "the salience", 0, 100)
                if salience is None:
                    row.refuse(_FIXED + 2 * k + 1, "the salience is missing; write it")
                cells[name][actor] = (position, salience / 100, power)
    check_cells(head, cells, issues, actors)
    return bargaining_table(cells)


def _without_tail(cells: tuple[str, ...]) -> tuple[str, ...]:
    return cells[:-1] if cells and not cells[-1] else cells


def _issue(head: Row, column: int) -> str:
    text = head.text(column, "the name of the issue")
    bare = _LABEL.sub(r"\1", text).strip()
    return f"issue {bare}" if bare.isdigit() or not bare else bare


def write_ktab(table: BargainingTable) -> str:
    """Return a table as a file of KTAB, which has one capability an actor."""
    lines = [
        f"detente, , {len(table.actors)}, {len(table.issues)},",
        "Actor,Description,Power,"
        + "".join(f"{issue} Position,{issue} Salience," for issue in table.issues),
    ]
    low, sizes = table.scale[:, 0], table.scale[:, 1] - table.scale[:, 0]
    for i, actor in enumerate(table.actors):
        own = {float(value) for value in table.capability[i, table.party[i]]}
        if len(own) != 1:
            raise InputError(
                f"{actor} has a capability that differs by issue, which KTAB cannot say; "
                "write the table for Decide"
            )
        cells = [
            f"{float(100 * (table.position[i, k] - low[k]) / sizes[k])!r},"
            f"{float(100 * table.salience[i, k])!r},"
            if table.party[i, k]
            else ",,"
            for k in range(len(table.issues))
        ]
        lines.append(f"{actor},,{own.pop()!r},{''.join(cells)}")
    return "\n".join(lines) + "\n"
