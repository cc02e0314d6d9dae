"""The history of a case in a table of its own, beside the case file.

``history: history.csv`` names a file in the folder of the case file or below it; nothing outside
that folder is ever opened. Its rows are put where its name stood, in the tree of nodes and in the
text, so that later stages see one case in one file. Cost: linear in both files.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

from detente.case._checks.findings import Problems
from detente.case._schema import ObservationFile
from detente.case._table_reading import read_table
from detente.case._text_reading import LARGEST_FILE, FileTooLarge, decode, read_limited
from detente.case._yaml_reading import MOST_NODES, Node
from detente.text import quote

COLUMNS = tuple(ObservationFile.model_fields)
"""The columns of the table: the keys of a row."""

Beside = Callable[[str], tuple[str, bytes]]
"""Takes a name as the case gives it; returns the name for messages and the bytes of the file."""


class Refused(Exception):
    """A file that cannot be read, as (message, remedy)."""


def beside(path: Path) -> Beside:
    """Return what reads the neighbours of a case file, and nothing else.

    Examples
    --------
    >>> beside(Path("cases/dam.yaml"))("../a.csv")
    Traceback (most recent call last):
    detente.case._history_file.Refused: ("'../a.csv' is outside the folder of the case file", ...
    """

    def read(name: str) -> tuple[str, bytes]:
        _check_name(name)
        file = path.parent / name
        try:
            inside = file.resolve().is_relative_to(path.parent.resolve())
            if not inside:
                raise Refused(f"{quote(name)} is a link out of the folder", "put a copy there")
            if not file.is_file():
                raise Refused(f"there is no file {quote(name)} beside the case", "check its name")
            return str(file), read_limited(file)
        except FileTooLarge as error:
            message, remedy = error.args
            raise Refused(f"{quote(name)} cannot be read: {message}", remedy) from None
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            message = f"{quote(name)} cannot be read: {reason}"
            raise Refused(message, "check its name and permissions") from None

    return read


def _check_name(name: str) -> None:
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    parts = {*posix.parts, *windows.parts}
    if posix.is_absolute() or windows.anchor or ".." in parts or "\0" in name:
        message = f"{quote(name)} is outside the folder of the case file"
        raise Refused(message, "put the table beside the case file and give its name")
    if posix.suffix.lower() != ".csv":
        raise Refused(f"{quote(name)} is not a table", "name a file that ends in .csv")


def graft_history(text: str, findings: Problems, read: Beside | None) -> str:
    """Put the rows of the table that a case names in the place of its name.

    Parameters
    ----------
    text : str
        The case file, whose tree is ``findings.root``; the tree is changed in place.
    read : callable or None
        What reads files beside the case; None when there is no folder to look in.

    Returns
    -------
    str
        The text with the rows in it; the same text where no table is named or it is unsound.
    """
    root = findings.root
    node = root.pairs["history"][1] if root.kind == "map" and "history" in root.pairs else None
    if node is None or node.kind != "scalar" or not isinstance(node.data(), str):
        return text
    nothing = Node("list", node.line, node.column)
    nothing.maimed = True
    root.pairs["history"] = root.pairs["history"][0], nothing
    name = node.text.strip()
    if read is None:
        findings.complain(
            node.line, node.column, f"there is no folder to look for {quote(name)} in",
            "write the rows into the case",
        )  # fmt: skip
        return text
    try:
        shown, raw = read(name)
    except Refused as refused:
        findings.complain(node.line, node.column, *refused.args)
        return text

    def complain(line: int, column: int, message: str, remedy: str) -> None:
        findings.complain(line, column, message, remedy, shown)

    content = decode(raw, complain)
    table = None if content is None else read_table(content, COLUMNS, complain)
    if table is None:
        return text
    whole = _with_rows(text, node, table)
    if whole is None:
        findings.complain(
            node.line, node.column, "the name of a table stands on one line", "write it plainly"
        )
        return text
    if len(whole.encode()) > LARGEST_FILE or root.size + table.size > MOST_NODES:
        message = "the case is too long with these rows"
        findings.complain(node.line, node.column, message, "shorten the history")
        return text
    findings.elsewhere["history"] = shown
    root.pairs["history"] = root.pairs["history"][0], table
    return whole


def _with_rows(text: str, node: Node, table: Node) -> str | None:
    lines = text.split("\n")
    line = lines[node.line - 1]
    before, after = line[: node.column - 1], line[node.column - 1 :]
    written = next(
        (
            form
            for form in (node.text, f'"{node.text}"', f"'{node.text}'")
            if after.startswith(form)
        ),
        None,
    )
    if written is None or node.end != node.line:
        return None
    rows = [
        "  {"
        + ", ".join(
            f"{key}: {json.dumps(value.text, ensure_ascii=False)}"
            for key, (_, value) in row.pairs.items()
        )
        + "},"
        for row in table.items
    ]
    lines[node.line - 1] = "\n".join([f"{before}[", *rows, "  ]" + after[len(written) :]])
    return "\n".join(lines)
