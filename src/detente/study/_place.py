"""Where a study goes that was given no file.

A study of a case as it was before an edit is a result like any other: a new one goes beside it, and
nothing is lost. What is in a file is told by its heading. Cost: a look at the heading of each.
"""

from __future__ import annotations

from pathlib import Path

from detente.case import Case
from detente.engine import Seed, is_of, names_beside, open_file
from detente.errors import InputError
from detente.study._design import make_design
from detente.study._run import describe
from detente.study._store import STUDY


def study_place(
    case: Case,
    draws: int,
    rng: Seed,
    design: str,
    folder: Path | str,
    resume: bool = False,
) -> tuple[Path, str]:
    """Return the file in a folder that a study goes into: its own, or else one that is free.

    Parameters
    ----------
    case : Case
    draws, rng, design
        As `detente.study.run_study` takes them.
    folder : path or str
    resume : bool
        Whether the study is to be gone on with; then where none is its own, the newest is given,
        for `run_study` to tell what differs.

    Returns
    -------
    path : Path
        ``study.sqlite``, ``study-2.sqlite`` and so on.
    why : str
        Why it is not the first of these; empty where it is.

    Examples
    --------
    >>> import detente
    >>> study_place(detente.load("chicken"), 10, 1, "lhs", "no_such_folder")[1]
    ''
    """
    heading = describe(case, make_design(case, draws, rng, design))
    why, last = "", None
    for path in names_beside(Path(folder) / "study.sqlite"):
        if not path.exists():
            return (last, "") if resume and last is not None else (path, why)
        if is_of(path, STUDY, heading):
            return path, why
        why, last = why or _holds(path, case), path
    raise AssertionError("names do not end")


def _holds(path: Path, case: Case) -> str:
    try:
        with open_file(path, STUDY, checked=False) as file:
            if file.heading["text"] != case.text.decode("utf-8"):
                return f"{path} is of another edition of the case"
    except InputError:
        return f"{path} cannot be read as a study"
    return f"{path} is of another design, seed, number of draws, setting or variant"
