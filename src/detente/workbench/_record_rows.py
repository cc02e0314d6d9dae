"""The record as a table: its rows in the case or in a table beside it, and rows that are pasted.

Pasted cells are checked by the reader of cases itself, as a table that takes the place of the
record, so that every cell gets the message that a file would get. Cost: one reading of the case.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.case import beside, changed_text, read_case
from detente.errors import CaseError, InputError
from detente.workbench._edited import EditedText, Finding, TextOutline
from detente.workbench._form_changes import observation_row
from detente.workbench._form_choices import written
from detente.workbench._forms import COLUMNS
from detente.workbench._versions import CaseFiles

MOST_PASTED = 2000
_PASTED = "pasted.csv"


@dataclass(frozen=True)
class FormRow:
    """A row of the record: its number, its cells by column, and what is wrong in it."""

    number: int
    cells: Mapping[str, str]
    wrong: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


def record_rows(
    edited: EditedText, outline: TextOutline | None, findings: Sequence[Finding] = ()
) -> tuple[FormRow, ...]:
    """Return the rows of the record as they stand in a text, each with what is found in it."""
    own = [one for one in findings if not one.file]
    if edited.table:
        header, rows, lines = _table(edited.text)
        return tuple(
            FormRow(
                k,
                _cells(dict(zip(header, cells, strict=False))),
                {},
                tuple(one for one in own if before < one.line <= last),
            )
            for k, (cells, (before, last)) in enumerate(zip(rows, lines, strict=True))
        )
    history = outline.data.get("history") if outline else None
    if outline is None or not isinstance(history, list):
        return ()
    begins = [outline.places.of("history", k)[0] for k in range(len(history))]
    begins.append(_end_of_history(outline))
    return tuple(
        FormRow(
            k,
            _cells({key: written(value) for key, value in row.items()}),
            {},
            tuple(one for one in own if begins[k] <= one.line < begins[k + 1]),
        )
        for k, row in enumerate(history)
        if isinstance(row, dict)
    )


def _end_of_history(outline: TextOutline) -> int:
    starts = [outline.places.of(key)[0] for key in outline.data]
    here = outline.places.of("history")[0]
    return min((line for line in starts if line > here), default=10**9)


def _cells(row: Mapping[str, str]) -> Mapping[str, str]:
    """Return the cells of a row; one without a kind was seen at its level."""
    return {**row, "kind": row.get("kind") or "seen"}


def changed_cell(edited: EditedText, row: int, column: str, value: str) -> str:
    """Return the text with one cell of the record changed."""
    if column not in COLUMNS:
        raise InputError(f"the record has no column {column!r}; load the page again")
    made = observation_row({column: value}).get(column)
    if not edited.table:
        return changed_text(edited.text, {"history": {row: {column: made}}})
    header, rows, lines = _table(edited.text)
    if column not in header:
        raise InputError(f"the table has no column {column}; add it to its first line")
    if not 0 <= row < len(rows):
        raise InputError("the table has no such row any more; look at the text")
    place = header.index(column)
    cells = [*rows[row], *([""] * (len(header) - len(rows[row])))]
    cells[place] = "" if made is None else str(made)
    return _spliced(edited.text, lines[row], [cells])


def without_row(edited: EditedText, row: int) -> str:
    """Return the text without a row of the record."""
    if not edited.table:
        return changed_text(edited.text, {"history": {row: None}})
    _, rows, lines = _table(edited.text)
    if not 0 <= row < len(rows):
        raise InputError("the table has no such row any more; look at the text")
    return _spliced(edited.text, lines[row], [])


def added_rows(
    edited: EditedText, outline: TextOutline | None, rows: Sequence[Mapping[str, str]]
) -> str:
    """Return the text with rows added at the end of the record."""
    made = [observation_row(row) for row in rows]
    if edited.table:
        header, old, _ = _table(edited.text)
        missing = {column for row in made for column in row} - set(header)
        if missing:
            raise InputError(
                f"the table has no column {', '.join(sorted(missing))}; add it to its first line"
            )
        cells = [[str(row.get(column, "")) for column in header] for row in made]
        text = edited.text if edited.text.endswith("\n") or not old else edited.text + "\n"
        return text + _written(cells)
    history = outline.data.get("history") if outline else None
    if isinstance(history, str):
        raise InputError(f"the rows stand in {history}; open that table to add some")
    if isinstance(history, list) and history:
        start = len(history)
        return changed_text(
            edited.text, {"history": {start + k: row for k, row in enumerate(made)}}
        )
    return changed_text(edited.text, {"history": made})


def pasted_rows(pasted: str) -> list[dict[str, str]]:
    r"""Read rows copied from a spreadsheet or a file, with a first line of columns or without.

    Examples
    --------
    >>> pasted_rows("2021-05-01\t\tus.offer\tsome\n")[0]["variable"]
    'us.offer'
    >>> pasted_rows("variable,date\nus.offer,2021-05-01\n")
    [{'variable': 'us.offer', 'date': '2021-05-01'}]
    """
    first = next((line for line in pasted.splitlines() if line.strip()), "")
    mark = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    try:
        cells = [row for row in csv.reader(io.StringIO(pasted), delimiter=mark) if any(row)]
    except csv.Error as error:
        raise InputError(f"these rows cannot be read: {error}; copy them again") from None
    if len(cells) > MOST_PASTED:
        raise InputError(f"these are {len(cells):,} rows; paste at most {MOST_PASTED:,} at once")
    if not cells:
        raise InputError("paste rows from a spreadsheet first")
    head = [cell.strip().lower() for cell in cells[0]]
    named = sum(cell in COLUMNS for cell in head) >= 2
    columns = head if named else list(COLUMNS)
    wrong = [column for column in columns if column not in COLUMNS and column]
    if wrong:
        raise InputError(f"there is no column {wrong[0]!r}; use {', '.join(COLUMNS)}")
    return [
        {name: " ".join(cell.split()) for name, cell in zip(columns, row, strict=False) if name}
        for row in cells[named:]
    ]


def checked_rows(
    edited: EditedText, files: CaseFiles, rows: Sequence[Mapping[str, str]]
) -> tuple[FormRow, ...]:
    """Return pasted rows with what the reader of cases says of each cell."""
    text = files.read(edited.case).text if edited.table else edited.text
    lines, starts = [",".join(COLUMNS)], [list[int]()]
    for row in rows:
        cells = [_cell(row.get(column, "")) for column in COLUMNS]
        places = [1]
        for cell in cells[:-1]:
            places.append(places[-1] + len(cell) + 1)
        lines.append(",".join(cells))
        starts.append(places)
    table = ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")
    wrong: list[dict[str, str]] = [{} for _ in rows]
    other = beside(files.path(edited.case))
    try:
        read_case(
            changed_text(text, {"history": _PASTED}).encode("utf-8", "surrogatepass"),
            edited.case,
            lambda name: (name, table) if name == _PASTED else other(name),
        )
    except CaseError as error:
        for problem in error.problems:
            place = problem.line - 2
            if problem.file == _PASTED and 0 <= place < len(rows):
                column = (
                    _missing(problem.message, rows[place])
                    or (COLUMNS[bisect_right(starts[problem.line - 1], problem.column) - 1])
                )
                wrong[place].setdefault(column, f"{problem.message}; {problem.remedy}")
    return tuple(FormRow(k, row, wrong[k]) for k, row in enumerate(rows))


def _missing(message: str, row: Mapping[str, str]) -> str:
    """Return the column that a message asks for; what is missing has no place of its own."""
    words = message.replace("'", " ").split()
    return next((one for one in COLUMNS if one in words and not row.get(one)), "")


def _cell(text: str) -> str:
    return _written([[text, ""]]).rstrip("\n").removesuffix(",")


def _table(text: str) -> tuple[list[str], list[list[str]], list[tuple[int, int]]]:
    """Return the header of a table, its rows, and the lines of each, from 0."""
    reader = csv.reader(io.StringIO(text))
    header: list[str] = []
    rows, lines, before = list[list[str]](), list[tuple[int, int]](), 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if header:
                    rows.append([cell.strip() for cell in cells])
                    lines.append((before, reader.line_num))
                else:
                    header = [cell.strip() for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        raise InputError(f"the table cannot be read: {error}; mend its text") from None
    return header, rows, lines


def _spliced(text: str, lines: tuple[int, int], cells: Sequence[Sequence[str]]) -> str:
    old = io.StringIO(text).readlines()
    return "".join([*old[: lines[0]], _written(cells), *old[lines[1] :]])


def _written(cells: Sequence[Sequence[str]]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows(cells)
    return made.getvalue()
