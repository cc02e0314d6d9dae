"""Tables from files: the layouts of Decide and KTAB, and detente's own, told apart by their heads.

The own layout has a row a cell: ``issue,actor,position,salience,capability`` and, where known,
``reference``, the same in all rows of an issue.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np

from detente.bargaining._cells import Row, rows_of, table_text
from detente.bargaining._decide_file import KINDS, read_decide, write_decide
from detente.bargaining._ktab_file import read_ktab, write_ktab
from detente.bargaining._table import BargainingTable, bargaining_table
from detente.errors import InputError
from detente.files import write_file
from detente.text import quote

Layout = Literal["detente", "decide", "ktab"]

_MOST_SAID = 20
_HEAD = ("issue", "actor", "position", "salience", "capability")


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
        return read_decide(rows_of(text, file, "\t", "'"))
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
    extra = head.cells[5:]
    if extra not in {(), ("reference",)}:
        head.refuse(5, f"there is no column {quote(extra[0])}; the sixth may be reference")
    cells: dict[str, dict[str, tuple[float, float, float]]] = {}
    reference: dict[str, float] = {}
    wrong: list[str] = []
    for row in body:
        try:
            _take(row, len(head.cells), cells, reference)
        except InputError as error:
            wrong.append(str(error))
    if wrong:
        more = [f"and {len(wrong) - _MOST_SAID} more"] if len(wrong) > _MOST_SAID else []
        raise InputError("\n".join([*wrong[:_MOST_SAID], *more]))
    if not any(cells.values()):
        head.refuse(0, "no row below has a position; write a row for each")
    return bargaining_table(cells, reference)


def _take(
    row: Row,
    columns: int,
    cells: dict[str, dict[str, tuple[float, float, float]]],
    reference: dict[str, float],
) -> None:
    """Put a row where it belongs; a blank position is that of no party."""
    issue, actor = row.text(0, "the issue"), row.text(1, "the actor")
    column = cells.setdefault(issue, {})
    if actor in column:
        row.refuse(1, f"{actor} has a position on {issue} already; give one")
    if len(row.cells) > columns:
        row.refuse(columns, "a cell beyond the last column; put texts in quotes")
    known = row.number_at(5, "the reference point")
    if known is not None and reference.setdefault(issue, known) != known:
        row.refuse(5, f"{issue} has another reference point above; give one")
    position = row.number_at(2, "the position")
    if position is None:
        return
    salience = row.number_at(3, "the salience", 0, 1)
    capability = row.number_at(4, "the capability", 0)
    if salience is None or capability is None:
        row.refuse(3, "a position without salience or capability; give both")
    column[actor] = (position, salience, capability)


def write_table(table: BargainingTable, path: Path | str, layout: Layout = "detente") -> None:
    """Write a table to a file in one of the layouts that `read_table` reads."""
    match layout:
        case "decide":
            text = write_decide(table)
        case "ktab":
            text = write_ktab(table)
        case "detente":
            text = _own_text(table)
    write_file(Path(path), text)


def _own_text(table: BargainingTable) -> str:
    lines = [",".join((*_HEAD, "reference"))]
    for k, issue in enumerate(table.issues):
        known = table.reference[k]
        last = "" if np.isnan(known) else repr(float(known))
        for i, actor in enumerate(table.actors):
            if table.party[i, k]:
                parts = (table.position, table.salience, table.capability)
                numbers = [repr(float(part[i, k])) for part in parts]
                lines.append(",".join([_cell(issue), _cell(actor), *numbers, last]))
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"') else text
