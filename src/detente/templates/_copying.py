"""A copy of a case under another name, with the tables beside it.

Cost: reading the case twice, and a second for a long file that gets another title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from detente.case import beside, builtin_cases, changed_text, load, read_outline

_TABLES = (("history",), ("bargaining",), ("bargaining", "table"))
"""Where a case may name a table."""


def copied_files(source: str, name: str, title: str = "") -> dict[str, bytes]:
    """Return the files of a copy, by name.

    Parameters
    ----------
    source : str
        A built-in case or the path of a case file.
    name : str
        Of the new file, without its ending.
    title : str, optional
        Of the copy; that of the source where it is empty.

    Raises
    ------
    CaseError
        With every problem of the source.

    Examples
    --------
    >>> list(copied_files("sanctions", "mine"))
    ['mine.yaml']
    """
    load(source)
    path = Path(source)
    if source in builtin_cases():
        path = Path(str(files("detente").joinpath("cases"))) / f"{source}.yaml"
    text = path.read_bytes().decode()
    tables = {}
    for place in _TABLES:
        table = _table_at(text, place)
        if table:
            own = f"{name}_{place[0]}.csv"
            text = _with_table(text, table, own, place)
            tables[own] = beside(path)(table)[1]
    if title:
        text = changed_text(_plain(text), {"title": title})
    return {f"{name}.yaml": text.encode(), **tables}


def _table_at(text: str, place: Sequence[str]) -> str:
    """Return the name of a table beside a case; nothing where its rows stand in it."""
    outline = read_outline(text)
    found: Any = outline[0] if outline else None
    for key in place:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found.strip() if isinstance(found, str) else ""


def _with_table(text: str, table: str, own: str, place: Sequence[str]) -> str:
    """Return a text that names another table, all else as it stands."""
    outline = read_outline(text)
    assert outline is not None
    lines = text.split("\n")
    before, after = lines[: (line := outline[1].of(*place)[0] - 1)], lines[line:]
    new = "\n".join([*before, "\n".join(after).replace(table, own, 1)])
    change: Any = own
    for key in reversed(place):
        change = {key: change}
    return new if _table_at(new, place) == own else changed_text(_plain(text), change)


def _plain(text: str) -> str:
    """Return a text with plain line ends and without a mark of its encoding."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")
