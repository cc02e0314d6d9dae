"""The cells of a table file, and numbers in them, with errors that name row and column.

Rows are counted as in the file, from 1; columns too. Nothing but text comes out of here until a
number is asked for. Cost: linear in the file, which may have up to 8 MiB.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from detente.errors import InputError
from detente.files import read_text
from detente.text import hidden_character, plural, quote, show

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table file."""

    file: str
    number: int
    cells: tuple[str, ...]

    def refuse(self, column: int, message: str) -> NoReturn:
        """Refuse the cell of a column, counted from 0."""
        raise InputError(f"{self.file}, row {self.number}, column {column + 1}: {message}")

    def refuse_length(self, right: int) -> NoReturn:
        """Refuse a row that has more or fewer cells than the first, which has so many."""
        remedy = (
            "if a comma was a decimal sign, write a point"
            if len(self.cells) > right
            else "write a comma for each cell that is left empty, and a point as decimal sign"
        )
        cells = plural(len(self.cells), "cell")
        raise InputError(
            f"{self.file}: row {self.number} has {cells}, the first row {right}; {remedy}"
        )

    def text(self, column: int, what: str) -> str:
        """Return a cell that must say something."""
        found = self.cells[column] if column < len(self.cells) else ""
        if not found:
            self.refuse(column, f"{what} is missing; write it")
        return found

    def number_at(
        self, column: int, what: str, low: float = -math.inf, high: float = math.inf
    ) -> float | None:
        """Return the number in a cell; None where it is blank."""
        found = self.cells[column] if column < len(self.cells) else ""
        if not found:
            return None
        try:
            value = float(found)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in found:
            self.refuse(
                column,
                f"{what} is {quote(found)}, which is no number; write one with a decimal point, "
                "or leave the cell blank for no party",
            )
        if not low <= value <= high:
            bounds = f"from {show(low, 'fine')}"
            if high < math.inf:
                bounds += f" to {show(high, 'fine')}"
            else:
                bounds = f"of {show(low, 'fine')} or more"
            self.refuse(column, f"{what} is {show(value, 'fine')}; write a number {bounds}")
        return value


def table_text(path: Path | str) -> str:
    """Return the text of a table file."""
    text = read_text(Path(path), "name a table file", "split the table")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def rows_of(text: str, file: str, delimiter: str, mark: str) -> Iterator[Row]:
    """Yield the rows that say something, cells without blanks around them.

    Parameters
    ----------
    text, file : str
    delimiter, mark : str
        What stands between cells, and around a cell that holds one.
    """
    lines = [f"{line}\n" for line in text.split("\n")]
    for number, line in enumerate(lines, 1):
        hidden = hidden_character(line)
        if hidden is not None:
            raise InputError(
                f"{file}, row {number}: at character {hidden[0] + 1} {hidden[1]}; take it out"
            )
        try:
            cells = next(csv.reader([line], delimiter=delimiter, quotechar=mark), [])
        except csv.Error:  # the one that there is without `strict`
            raise InputError(
                f"{file}, row {number}: a cell of more than 100,000 characters; the most is "
                f"{_LONGEST}"
            ) from None
        found = tuple(cell.strip() for cell in cells)
        if cells and cells[-1].endswith("\n"):  # within quotes alone an end of line is text
            closed = _closed(lines[number - 1 :], delimiter, mark)
            Row(file, number, found).refuse(
                len(cells) - 1,
                "a name may not hold a line break; write it on one line"
                if closed
                else f"this quote is not closed; write {mark} at the end of the cell",
            )
        if any(found):
            for column, cell in enumerate(found):
                if len(cell) > _LONGEST:
                    raise InputError(
                        f"{file}, row {number}, column {column + 1}: a cell of {len(cell):,} "
                        f"characters; the most is {_LONGEST}"
                    )
            yield Row(file, number, found)


def _closed(lines: Sequence[str], delimiter: str, mark: str) -> bool:
    """Whether the quote that the first line leaves open is closed at the end of a cell."""
    try:
        next(csv.reader(lines, delimiter=delimiter, quotechar=mark, strict=True))
    except csv.Error:
        return False
    return True
