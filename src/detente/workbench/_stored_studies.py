"""The studies that were stored in the folder that is served, for the pages to read.

Cost: a look at the heading of each file, and one reading of a study per change of its file.
"""

from __future__ import annotations

from functools import partial

from detente.case import CaseFolder
from detente.errors import DetenteError, InputError
from detente.study import Study, open_store, open_study
from detente.workbench._bench import Remembered

_FOLDER = "results"
_MOST = 100
"""Files that are looked at."""

_read = Remembered(3)
_headings = Remembered(2 * _MOST)


def stored_studies(folder: CaseFolder) -> tuple[tuple[str, str], ...]:
    """Return the studies of a folder by the path of their file, each with what it is in words."""
    root = folder.root.resolve()
    found = []
    for path in sorted((root / _FOLDER).rglob("*.sqlite"))[:_MOST]:
        name = path.relative_to(root).as_posix()
        try:
            key = (folder.inside(name), folder.stamp(name))
        except InputError:
            continue
        words = _headings.get(key, partial(_heading, folder, name))
        if words:
            found.append((name, words))
    return tuple(found)


def stored_study(folder: CaseFolder, name: str) -> Study:
    """Return a study of the folder.

    Raises
    ------
    InputError
        For a file outside of the folder, or that is no study of draws from ranges.
    """
    path = folder.inside(name)
    study = _read.get((path, folder.stamp(name)), lambda: open_study(path))
    study.design.check_sample()
    return study


def _heading(folder: CaseFolder, name: str) -> str:
    try:
        with open_store(folder.inside(name)) as file:
            head = file.heading
    except DetenteError:
        return ""
    return f"{head['draws']:,} draws of {head['case']}"
