"""The rows of a table beside a panel (CSV, RFC 4180), each with its line; what is wrong is refused.

Cost: linear in the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.errors import InputError
from detente.files import read_text
from detente.text import hidden_character, plural, quote

_OTHER_MARKS = {";": "semicolons", "\t": "tabs"}
_SAVE = "save it as CSV in UTF-8"


@dataclass(frozen=True, eq=False)
class CsvTable:
    """Cells without blanks around them, by row, with the line on which each row ends."""

    file: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    text: str


def read_csv(path: Path, holds: str, needed: Sequence[str] = ()) -> CsvTable:
    """Return the rows of a table that are not blank.

    Parameters
    ----------
    path : Path
    holds : str
        What a row is, for messages.
    needed : sequence of str
        Columns that must be there.
    """
    name = path.name
    text = read_text(path, f"give a table with a row for each {holds}", "split it", _SAVE)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if hidden := hidden_character(plain):
        line = plain.count("\n", 0, hidden[0]) + 1
        raise InputError(f"{name}, line {line}: {hidden[1]}; take it out")
    reader = csv.reader(io.StringIO(text))
    try:
        head = tuple(cell.strip() for cell in next(reader, []))
        for mark, word in _OTHER_MARKS.items():
            if len(head) == 1 and mark in head[0]:
                raise InputError(
                    f"{name}, line 1: the cells are separated by {word}; save it with commas "
                    "between the cells, and points in numbers"
                )
        for column in head:
            if not column or head.count(column) > 1:
                what = (
                    f"the column {quote(column)} stands twice" if column else "a column has no name"
                )
                raise InputError(f"{name}, line 1: {what}; name each column once")
        for column in needed:
            if column not in head:
                raise InputError(f"{name}, line 1: the column {column} is missing; add it")
        rows, lines = [], []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                remedy = (
                    'put a cell that holds a comma in "quotes"'
                    if len(cells) > len(head)
                    else "write a comma for each cell that is left empty"
                )
                raise InputError(
                    f"{name}, line {reader.line_num}: {plural(len(cells), 'cell')}, the head has "
                    f"{len(head)}; {remedy}"
                )
            rows.append(tuple(cell.strip() for cell in cells))
            lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: {error}; {_SAVE}") from None
    if not rows:
        raise InputError(f"{name}: no rows; give a head, and a row for each {holds}")
    return CsvTable(name, head, tuple(rows), tuple(lines), text)
