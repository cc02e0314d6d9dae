"""The table of conflicts beside a panel: a row a conflict, a column a fact, read as it stands.

A column is read as numbers where a formula asks for it, and any cell of it that is none is an error
with its row. Cost: linear in the file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detente.errors import InputError
from detente.panel._csv_table import read_csv
from detente.text import quote, suggestion
from detente.values import Floats


@dataclass(frozen=True, eq=False)
class ConflictTable:
    """Rows of text, by column.

    Attributes
    ----------
    file : str
    columns : mapping of str to tuple of str
    lines : tuple of int
        The line of each row, for messages.
    text : str
        The file as it was read.
    """

    file: str
    columns: dict[str, tuple[str, ...]]
    lines: tuple[int, ...]
    text: str

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    def words(self, name: str) -> tuple[str, ...]:
        """Return the cells of a column."""
        if name not in self.columns:
            hint = suggestion(name, self.columns, "column")
            raise InputError(f"{self.file}: there is no column {quote(name)}; {hint}")
        return self.columns[name]

    def numbers(self, name: str, rows: Sequence[int] | None = None) -> Floats:
        """Return a column as numbers, of all rows or of some."""
        cells = self.words(name)
        places = range(len(self)) if rows is None else rows
        found = np.empty(len(places))
        for place, row in enumerate(places):
            try:
                found[place] = float(cells[row])
            except ValueError:
                found[place] = math.nan
            if not math.isfinite(found[place]):
                said = quote(cells[row]) if cells[row] else "nothing"
                raise InputError(
                    f"{self.file}, line {self.lines[row]}: {name} is {said}, not a number; give "
                    "one, or leave the conflict out"
                )
        return found


def read_conflicts(path: Path) -> ConflictTable:
    r"""Read a table of conflicts.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "disputes.csv"
    >>> _ = path.write_text("id,ratio\nsuez,0.8\n")
    >>> read_conflicts(path).numbers("ratio").tolist()
    [0.8]
    """
    found = read_csv(path, "conflict")
    columns = dict(zip(found.head, zip(*found.rows, strict=True), strict=True))
    return ConflictTable(found.file, columns, found.lines, found.text)
