"""What runs have left in the folder: reports, results and studies, the newest first.

A report is shown as a page of its own that may do nothing: no script, no form, nothing from
elsewhere. Nothing but reports and results below ``results`` is given out. Cost: one look at each
file there, up to a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from detente.errors import InputError
from detente.files import inside

FOLDER = "results"
REPORT_HEADERS = {
    "Content-Security-Policy": (
        "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
"""A report has its style in it, and figures; it needs nothing else."""
_KINDS = {".html": "report", ".json": "results", ".sqlite": "study"}
_TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json"}
_LOOKED_AT = 2000
_MOST = 40


@dataclass(frozen=True)
class RecentResult:
    """A file that a run has left.

    Attributes
    ----------
    name : str
        From the folder that is served.
    kind : str
        ``report``, ``results`` or ``study``.
    when : datetime
    opens : bool
        Whether the page can show it.
    """

    name: str
    kind: str
    when: dt.datetime
    opens: bool


def recent_results(root: Path) -> tuple[RecentResult, ...]:
    """Return what lies in the folder of results, the newest first."""
    found = []
    for path in islice(_files(root / FOLDER, 1), _LOOKED_AT):
        kind = _KINDS.get(path.suffix)
        name = path.relative_to(root).as_posix()
        try:
            if kind and inside(root, name).is_file():
                when = dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone()
                found.append(RecentResult(name, kind, when, path.suffix in _TYPES))
        except (OSError, OverflowError, InputError):
            continue
    found.sort(key=lambda result: (result.when, result.name), reverse=True)
    return tuple(found[:_MOST])


def _files(folder: Path, deep: int) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for path in entries:
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path, deep - 1) if deep else ()
        else:
            yield path


def result_file(root: Path, name: str) -> tuple[Path, str]:
    """Return the path and type of a report or result that may be given out.

    Raises
    ------
    InputError
        When the name is that of nothing of the kind.
    """
    path = inside(root, name)
    parts = name.split("/")
    hidden = any(part.startswith(".") for part in parts)
    if parts[0] != FOLDER or hidden or path.suffix not in _TYPES or not path.is_file():
        raise InputError(f"{name!r} is no report in {FOLDER}; open one from the list of cases")
    return path, _TYPES[path.suffix]
