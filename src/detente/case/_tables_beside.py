"""Parts of a case in tables of their own, beside the case file: the history, and bargaining.

``history: history.csv`` names a file in the folder of the case file or below it; nothing outside
that folder is ever opened. Its rows are put where its name stood, in the tree of nodes and in the
text, so that later stages see one case in one file. So it is with ``bargaining: market.csv``, or
the ``table`` in it. Cost: linear in all files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from detente.case._bargaining_schema import StakeRowFile
from detente.case._checks.findings import Path as Place
from detente.case._checks.findings import Problems
from detente.case._schema import ObservationFile
from detente.case._table_reading import read_table
from detente.case._text_reading import LARGEST_FILE, FileTooLarge, decode, read_limited
from detente.case._yaml_reading import MOST_NODES, Node
from detente.text import quote

HISTORY = tuple(ObservationFile.model_fields)
"""The columns of a history: the keys of a row."""
STAKES = tuple(StakeRowFile.model_fields)
"""The columns of a table of bargaining."""

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
    detente.case._tables_beside.Refused: ("'../a.csv' is outside the folder of the case file", ...
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


@dataclass(frozen=True, slots=True)
class _Named:
    """A place of a case where the name of a table stands, what it is about, and its columns."""

    place: Place
    node: Node
    columns: tuple[str, ...]
    about: str
    within: str = ""
    """The key under which the rows go, where the name stands for the whole part."""


def graft_tables(text: str, findings: Problems, read: Beside | None) -> str:
    """Put the rows of the tables that a case names in the place of their names.

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
    # The last first, so that the places of the others stay what they are.
    for named in sorted(_named(findings.root), key=_backwards):
        text = _graft(text, named, findings, read)
    return text


def _backwards(named: _Named) -> tuple[int, int]:
    return -named.node.line, -named.node.column


def _named(root: Node) -> Iterator[_Named]:
    if (node := _name_at(root, "history")) is not None:
        yield _Named(("history",), node, HISTORY, "history")
    if (node := _name_at(root, "bargaining")) is not None:
        yield _Named(("bargaining",), node, STAKES, "table of bargaining", "table")
    elif root.kind == "map" and "bargaining" in root.pairs:
        inside = root.pairs["bargaining"][1]
        if (node := _name_at(inside, "table")) is not None:
            yield _Named(("bargaining", "table"), node, STAKES, "table of bargaining")


def _name_at(owner: Node, key: str) -> Node | None:
    node = owner.pairs[key][1] if owner.kind == "map" and key in owner.pairs else None
    return node if node and node.kind == "scalar" and isinstance(node.data(), str) else None


def _graft(text: str, named: _Named, findings: Problems, read: Beside | None) -> str:
    node, root = named.node, findings.root
    _put(named, root, None)
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

    before = len(findings.problems)
    content = decode(raw, complain)
    table = None if content is None else read_table(content, named.columns, complain)
    if table is None:
        return text
    whole = _with_rows(text, named, table)
    if whole is None:
        findings.complain(
            node.line, node.column, "the name of a table stands on one line", "write it plainly"
        )
        return text
    if len(whole.encode()) > LARGEST_FILE or root.size + table.size > MOST_NODES:
        message = "the case is too long with these rows"
        findings.complain(node.line, node.column, message, f"shorten the {named.about}")
        return text
    table.maimed = len(findings.problems) > before
    findings.elsewhere[(*named.place, named.within) if named.within else named.place] = shown
    root.size += table.size
    _put(named, root, table)
    return whole


def _put(named: _Named, root: Node, table: Node | None) -> None:
    """Put rows, or None for what could not be read, in the place of a name."""
    *above, key = named.place
    owner = root
    for part in above:
        owner = owner.pairs[str(part)][1]
    node = named.node
    new = table or Node("map" if named.within else "list", node.line, node.column)
    new.maimed |= table is None
    if table is not None and named.within:
        new = Node("map", node.line, node.column)
        new.pairs[named.within] = node, table
    owner.pairs[str(key)] = owner.pairs[str(key)][0], new


def _with_rows(text: str, named: _Named, table: Node) -> str | None:
    node = named.node
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
    inset = " " * (len(line) - len(line.lstrip()) + 2)
    rows = [
        inset
        + "{"
        + ", ".join(
            f"{key}: {json.dumps(value.text, ensure_ascii=False)}"
            for key, (_, value) in row.pairs.items()
        )
        + "},"
        for row in table.items
    ]
    opening, closing = (f"{{{named.within}: [", "]}") if named.within else ("[", "]")
    lines[node.line - 1] = "\n".join(
        [before + opening, *rows, inset + closing + after[len(written) :]]
    )
    return "\n".join(lines)
