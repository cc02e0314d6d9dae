"""A copy of a case under another name, with the table of its history beside it.

Cost: reading the case, and a second for a long file whose table gets another name.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from detente.case import beside, builtin_cases, changed_text, load, read_outline


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
    >>> list(copied_files("peninsula", "mine"))
    ['mine.yaml', 'mine_history.csv']
    """
    load(source)
    path = Path(source)
    if source in builtin_cases():
        path = Path(str(files("detente").joinpath("cases"))) / f"{source}.yaml"
    content = path.read_bytes()
    text = content.decode("utf-8-sig")
    outline = read_outline(text)
    assert outline is not None
    changes: dict[str, object] = {"title": title} if title else {}
    tables = {}
    table = outline[0].get("history")
    if isinstance(table, str):
        changes["history"] = f"{name}_history.csv"
        tables[f"{name}_history.csv"] = beside(path)(table.strip())[1]
    if changes:
        content = changed_text(text, changes).encode()
    return {f"{name}.yaml": content, **tables}
