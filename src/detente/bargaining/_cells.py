"""The cells of a table file, and numbers in them, with errors that name row and column.

Rows are counted as in the file, from 1; columns too. Nothing but text comes out of here until a
number is asked for. Cost: linear in the file, which may have up to 8 MiB.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from detente.bargaining._table import LARGEST_CAPABILITY, SCALE
from detente.errors import InputError
from detente.files import read_text
from detente.text import hidden_character, plural, quote, show

_LONGEST = 400


Cells = dict[str, dict[str, tuple[float, float, float]]]
"""By issue and actor: position, salience and capability."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table file."""

    file: str
    number: int
    cells: tuple[str, ...]

    def refuse(self, column: int, message: str) -> NoReturn:
        """Refuse the cell of a column, counted from 0."""
        raise InputError(f"{self.file}, row {self.number}, column {column + 1}: {message}")

    def refuse_length(self, right: int, head: str = "the first row") -> NoReturn:
        """Refuse a row that has more or fewer cells than the head, which has so many."""
        remedy = (
            "if a comma was a decimal sign, write a point"
            if len(self.cells) > right
            else "write a comma for each cell that is left empty, and a point as decimal sign"
        )
        cells = plural(len(self.cells), "cell")
        raise InputError(f"{self.file}: row {self.number} has {cells}, {head} {right}; {remedy}")

    def text(self, column: int, what: str) -> str:
        """Return a cell that must say something."""
        found = self.cells[column] if column < len(self.cells) else ""
        if not found:
            self.refuse(column, f"{what} is missing; write it")
        return found

    def number_at(
        self,
        column: int,
        what: str,
        low: float = -math.inf,
        high: float = math.inf,
        remedy: str = "write a number",
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
            bounds = f"from {show(low, 'fine')} to {show(high, 'fine')}"
            self.refuse(column, f"{what} is {show(value, 'fine')}; {remedy} {bounds}")
        return value

    def point_at(self, column: int, what: str, scale: tuple[float, float] = SCALE) -> float | None:
        """Return the point of a scale in a cell; None where it is blank."""
        return self.number_at(column, what, *scale, "move it onto the scale")

    def capability_at(self, column: int, what: str) -> float | None:
        """Return the capability in a cell; None where it is blank."""
        return self.number_at(column, what, 0, LARGEST_CAPABILITY)


def table_text(path: Path | str) -> str:
    """Return the text of a table file."""
    save = "save it as CSV in UTF-8"
    text = read_text(Path(path), "name a table file", "split the table", save)
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


Place = tuple[Row, int]
"""A row, and a column counted from 0."""


def check_cells(
    head: Row, cells: Cells, issues: Mapping[str, Place], actors: Mapping[str, Place]
) -> None:
    """Refuse where it stands what is no bargaining: one actor alone, an issue that moves nobody.

    Parameters
    ----------
    head : Row
    cells : dict
    issues, actors : mapping of str to tuple
        Where each is named.
    """
    for issue, column in cells.items():
        if column and not any(salience * power > 0 for _, salience, power in column.values()):
            row, at = issues[issue]
            row.refuse(
                at,
                f"nobody on {issue} has salience and capability above 0; give at least one actor "
                "both, or leave the issue out",
            )
    found = {actor for column in cells.values() for actor in column}
    if not found:
        head.refuse(0, "no row below has a position; write a row for each")
    if len(found) == 1:
        (actor,) = found
        row, at = actors[actor]
        row.refuse(at, f"{actor} is the only actor with a position; bargaining takes two, add one")
    for issue, column in cells.items():
        if not column:
            row, at = issues[issue]
            row.refuse(at, f"nobody has a position on {issue}; give one, or leave the issue out")
