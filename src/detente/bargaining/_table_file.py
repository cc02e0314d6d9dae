"""Tables from files: the layouts of Decide and KTAB, and detente's own, told apart by their heads.

The own layout has a row a cell: ``issue,actor,position,salience,capability`` and, where known,
``reference``, the same in all rows of an issue, and ``red_line``. A row has as many cells as the
head, or says something in the first five alone: any other number may come of a decimal comma.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from detente.bargaining._cells import Cells, Place, Row, check_cells, rows_of, table_text
from detente.bargaining._decide_file import KINDS, read_decide, write_decide
from detente.bargaining._ktab_file import read_ktab, write_ktab
from detente.bargaining._table import SCALE, BargainingTable, bargaining_table
from detente.errors import InputError
from detente.files import write_file
from detente.text import listed, quote

Layout = Literal["detente", "decide", "ktab"]

_MOST_SAID = 20
_HEAD = ("issue", "actor", "position", "salience", "capability")
_MORE = ("reference", "red_line")


def read_table(path: Path | str) -> BargainingTable:
    r"""Read a table of bargaining from a file.

    Parameters
    ----------
    path : Path or str
        In detente's own layout, or that of Decide or KTAB.

    Raises
    ------
    InputError
        With row and column, for whatever is wrong.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "market.csv"
    >>> _ = path.write_text(
    ...     "issue,actor,position,salience,capability\ncut,a,100,0.9,2\ncut,b,0,0.5,1\n"
    ... )
    >>> read_table(path).position.tolist()
    [[100.0], [0.0]]
    """
    text, file = table_text(path), Path(path).name
    first = next((line for line in text.split("\n") if line.strip()), "")
    if first.lstrip("'\"")[:2] in KINDS:
        return read_decide(list(rows_of(text, file, "\t", "'")))
    rows = list(rows_of(text, file, ",", '"'))
    if not rows:
        raise InputError(f"{file}: empty; start with the line {','.join(_HEAD)}")
    if tuple(cell.lower() for cell in rows[0].cells[:5]) == _HEAD:
        return _own(rows)
    if len(rows) > 1 and rows[1].cells[0].lower() == "actor":
        return read_ktab(rows, file)
    if first.count(";") + first.count("\t") >= len(_HEAD) - 1:
        raise InputError(f"{file}, row 1: the cells are parted by other marks; save it with commas")
    head = [cell.lower() for cell in rows[0].cells]
    lacking = [name for name in _HEAD if name not in head]
    if 0 < len(lacking) < len(_HEAD) - 1:
        rows[0].refuse(_HEAD.index(lacking[0]), f"the column {lacking[0]} is missing; name it so")
    if not lacking:
        raise InputError(
            f"{file}, row 1: the columns are in another order; begin with {','.join(_HEAD)}"
        )
    raise InputError(
        f"{file}, row 1: neither a table of detente nor one of Decide or KTAB; start with the line "
        f"{','.join(_HEAD)}"
    )


def _own(rows: Iterable[Row]) -> BargainingTable:
    head, *body = rows
    columns = max(k for k, cell in enumerate(head.cells, 1) if cell)
    more = [cell.lower() for cell in head.cells[5:columns]]
    for column, name in enumerate(more, 5):
        if name not in _MORE:
            head.refuse(
                column,
                f"there is no column {quote(name)}; further ones may be {listed(list(_MORE))}",
            )
        if name in more[: column - 5]:
            head.refuse(column, f"the column {name} stands twice; give it once")
    found = _Found({name: column for column, name in enumerate(more, 5)})
    wrong: list[str] = []
    for row in body:
        try:
            if not _fits(row.cells, columns, len(head.cells)):
                row.refuse_length(columns)
            found.take(row)
        except InputError as error:
            wrong.append(str(error))
    if wrong:
        rest = [f"and {len(wrong) - _MOST_SAID} more"] if len(wrong) > _MOST_SAID else []
        raise InputError("\n".join([*wrong[:_MOST_SAID], *rest]))
    check_cells(head, found.cells, found.issues, found.actors)
    return bargaining_table(found.cells, found.reference, red_line=found.red_line)


def _fits(cells: tuple[str, ...], columns: int, with_blanks: int) -> bool:
    least = len(_HEAD)
    five_alone = len(cells) >= least and not any(cells[least:])
    return five_alone or (len(cells) in {columns, with_blanks} and not any(cells[columns:]))


@dataclass
class _Found:
    """What the rows so far say, and where; ``more`` holds where the further columns stand."""

    more: dict[str, int]
    cells: Cells = field(default_factory=dict)
    issues: dict[str, Place] = field(default_factory=dict)
    actors: dict[str, Place] = field(default_factory=dict)
    reference: dict[str, float] = field(default_factory=dict)
    red_line: dict[str, dict[str, float]] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """Put a row where it belongs; a blank position is that of no party."""
        issue, actor = row.text(0, "the issue"), row.text(1, "the actor")
        column = self.cells.setdefault(issue, {})
        self.issues.setdefault(issue, (row, 3))
        self.actors.setdefault(actor, (row, 1))
        if actor in column:
            row.refuse(1, f"{actor} has a position on {issue} already; give one")
        known = self._further(row, "reference", "the reference point")
        if known is not None and self.reference.setdefault(issue, known) != known:
            row.refuse(
                self.more["reference"], f"{issue} has another reference point above; give one"
            )
        position = row.point_at(2, "the position")
        line = self._further(row, "red_line", "the red line")
        if position is None:
            if line is not None:
                row.refuse(2, "a red line without a position; give both or neither")
            return
        salience = row.number_at(3, "the salience", 0, 1)
        capability = row.capability_at(4, "the capability")
        if salience is None or capability is None:
            row.refuse(3, "a position without salience or capability; give both")
        column[actor] = (position, salience, capability)
        if line is not None:
            self.red_line.setdefault(issue, {})[actor] = line

    def _further(self, row: Row, name: str, what: str) -> float | None:
        return row.point_at(self.more[name], what) if name in self.more else None


def write_table(table: BargainingTable, path: Path | str, layout: Layout = "detente") -> None:
    """Write a table to a file in one of the layouts that `read_table` reads.

    Those of Decide and KTAB have no place for reference points and red lines.
    """
    match layout:
        case "decide":
            text = write_decide(table)
        case "ktab":
            text = write_ktab(table)
        case "detente":
            text = _own_text(table)
    write_file(Path(path), text)


def _own_text(table: BargainingTable) -> str:
    for issue, scale in zip(table.issues, table.scale, strict=True):
        if tuple(scale) != SCALE:
            raise InputError(
                f"{quote(issue)} has a scale of its own, for which this layout has no place; write "
                "the layout of Decide"
            )
    parts = [table.position, table.salience, table.capability]
    parts.append(np.broadcast_to(table.reference, table.position.shape))
    more = ["reference"]
    if not np.isnan(table.red_line).all():
        more.append("red_line")
        parts.append(table.red_line)
    lines = [",".join((*_HEAD, *more))]
    for k, issue in enumerate(table.issues):
        for i, actor in enumerate(table.actors):
            if table.party[i, k]:
                numbers = [_number(float(part[i, k])) for part in parts]
                lines.append(",".join([_cell(issue), _cell(actor), *numbers]))
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return "" if np.isnan(value) else repr(value)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"') else text
