"""The rows of a table that somebody filled in: a head of known columns, and cells without blanks.

What is wrong is said with the row, before anything is made of it. Cost: linear in the text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from detente.errors import InputError
from detente.files import read_text
from detente.text import listed


def csv_rows(
    path: Path, holds: str, columns: Sequence[str], extra: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the number and the cells of each row that is not blank.

    Parameters
    ----------
    path : Path
        A file in CSV whose first line names the columns, in any order.
    holds : str
        What the rows are, for messages.
    columns, extra : sequence of str
        Those that must be there, and those that may.

    Raises
    ------
    InputError
        When it is no such table; names the row.
    """
    name = path.name
    text = read_text(
        path, f"give a table of {holds}", f"give fewer {holds}", "save it as CSV in UTF-8"
    )
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        head = [cell.strip().lower() for cell in next(reader, [])]
        lacking = [column for column in columns if column not in head]
        if lacking or len(set(head)) < len(head) or set(head) - {*columns, *extra}:
            wrong = f"lacks {listed(lacking)}" if lacking else "has other columns than it may"
            rest = f" (and {listed(list(extra))}, where there are several)" if extra else ""
            raise InputError(
                f"{name}, row 1: the head {wrong}; begin with the line {','.join(columns)}{rest}, "
                "commas between"
            )
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                raise InputError(
                    f"{name}, row {reader.line_num}: {len(cells)} cells, and the head has "
                    f"{len(head)}; write a decimal point, not a comma, and quote what has one"
                )
            yield (
                reader.line_num,
                {column: cell.strip() for column, cell in zip(head, cells, strict=True)},
            )
    except csv.Error as error:
        raise InputError(f"{name}, row {reader.line_num}: {error}; save it as CSV") from None
