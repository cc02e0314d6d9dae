"""A table of rows (CSV, RFC 4180) as nodes that know their line and column.

The rows become a list of mappings, the same tree that rows written in the case file give, so that
everything after this file checks both alike. Empty cells count as left out. Cost: linear in the
length of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.case._text_reading import Complain
from detente.case._yaml_reading import Node
from detente.text import quote, suggestion

_PLAIN = re.compile(r'[^,"\n]*')
_QUOTED = re.compile(r'(?:[^"]|"")*')


@dataclass(frozen=True, slots=True)
class TableCell:
    """The content of one cell, and where it starts."""

    text: str
    line: int
    column: int


def read_table(text: str, columns: tuple[str, ...], complain: Complain) -> Node | None:
    r"""Read a table with a header into a list of mappings; None when it makes no sense.

    Parameters
    ----------
    text : str
        With ``\n`` line ends and without control characters, see
        `detente.case._text_reading.decode`.
    columns : tuple of str
        The columns that the table may have, in any order.
    complain : callable
        Takes line, column, what is wrong and what to do; called for every problem.

    Returns
    -------
    Node or None
        A list with a mapping for each row; the text of every cell, without blanks around it.

    Examples
    --------
    >>> table = read_table('day,level\n2021-05-01,"dry, hot"\n', ("day", "level"), print)
    >>> table.data(), table.items[0].pairs["level"][1].column
    ([{'day': '2021-05-01', 'level': 'dry, hot'}], 12)
    >>> read_table("day,level\n1,2,3\n", ("day", "level"), print).data()
    2 5 this row has 3 cells, the header 2 put a cell that holds a comma in "quotes"
    []
    """
    rows = _rows(text, complain)
    if rows is None:
        return None
    if not rows:
        complain(1, 1, "the table is empty", f"start it with the line {','.join(columns)}")
        return None
    header, *body = rows
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and {n.strip(' "') for n in header[0].text.split(mark)} <= {*columns}:
            remedy = "save it as CSV with commas between the cells, and points in numbers"
            complain(1, 1, f"the cells of this table are separated by {name}", remedy)
            return None
    if not _known(header, columns, complain):
        return None
    if not body:
        complain(2, 1, "the table has no rows", "add one, or take the file out of the case")
        return None
    table = Node("list", header[0].line, header[0].column)
    for row in body:
        if len(row) != len(header):
            cell = row[min(len(header), len(row) - 1)]
            complain(
                cell.line,
                cell.column,
                f"this row has {len(row)} cells, the header {len(header)}",
                'put a cell that holds a comma in "quotes"'
                if len(row) > len(header)
                else "write a comma for each cell that is left empty",
            )
            continue
        table.items.append(_row(header, row))
    table.size += sum(item.size for item in table.items)
    return table


def _row(header: list[TableCell], row: list[TableCell]) -> Node:
    node = Node("map", row[0].line, row[0].column)
    for name, cell in zip(header, row, strict=True):
        if cell.text.strip():
            key = Node("scalar", cell.line, cell.column, name.line, name.text.strip())
            value = Node("scalar", cell.line, cell.column, cell.line, cell.text.strip(), '"')
            node.pairs[key.text] = key, value
    node.size += 2 * len(node.pairs)
    return node


def _known(header: list[TableCell], columns: tuple[str, ...], complain: Complain) -> bool:
    names = [cell.text.strip() for cell in header]
    sound = True
    for number, (name, cell) in enumerate(zip(names, header, strict=True)):
        if name not in columns:
            message = f"there is no column {quote(name)}"
            complain(cell.line, cell.column, message, suggestion(name, columns, "column"))
        elif name in names[:number]:
            complain(cell.line, cell.column, f"the column {name} appears twice", "keep one")
        else:
            continue
        sound = False
    return sound


def _rows(text: str, complain: Complain) -> list[list[TableCell]] | None:
    """Split into cells; lines without anything are skipped."""
    rows: list[list[TableCell]] = []
    row: list[TableCell] = []
    place, line, start = 0, 1, 0
    while place <= len(text):
        column, here = place - start + 1, line
        if text[place : place + 1] == '"':
            end = _end(_QUOTED, text, place + 1)
            if end == len(text):
                complain(here, column, "this quote is not closed", 'write " at the end of the cell')
                return None
            content = text[place + 1 : end]
            if "\n" in content:
                line += content.count("\n")
                start = text.rfind("\n", 0, end) + 1
            content, place = content.replace('""', '"'), end + 1
        else:
            end = _end(_PLAIN, text, place)
            content, place = text[place:end], end
        row.append(TableCell(" ".join(content.split("\n")), here, column))
        after = text[place : place + 1]
        if after not in {",", "\n", ""}:
            complain(
                line,
                place - start + 1,
                "there is a stray quote or text around a quoted cell",
                'double each " inside, and write nothing outside the quotes',
            )
            return None
        place += 1
        if after != ",":
            if len(row) > 1 or row[0].text.strip():
                rows.append(row)
            row, line, start = [], line + 1, place
    return rows


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
