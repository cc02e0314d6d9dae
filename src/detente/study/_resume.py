"""Whether a study file holds the study that is asked for, and if not, what differs."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from detente.errors import InputError
from detente.study._store import StudyHeader

_MOST_LINES = 40


def refuse_another(path: Path, stored: StudyHeader, wanted: StudyHeader) -> None:
    """Raise an error that shows the difference, unless two records are of the same study.

    Parameters
    ----------
    path : Path
        Of the study file.
    stored, wanted : StudyHeader

    Raises
    ------
    InputError
    """
    if stored.text != wanted.text:
        raise InputError(
            f"{path}: the case has changed since this study began; choose another file, or take "
            f"back the change:\n{_changes(stored, wanted)}"
        )
    said = {
        "design": (stored.design, wanted.design),
        "number of draws": (stored.draws, wanted.draws),
        "seed": (stored.seed, wanted.seed),
        "version of detente": (stored.version, wanted.version),
        "parameters drawn": (", ".join(stored.names), ", ".join(wanted.names)),
    }
    differing = [f"{what} {old}, not {new}" for what, (old, new) in said.items() if old != new]
    if not differing and stored.values != wanted.values:
        differing = ["other parameter values, as another version of SciPy draws them"]
    if differing:
        raise InputError(
            f"{path}: this is another study: it has {'; '.join(differing)}; ask for what it has, "
            "or choose another file"
        )


def _changes(stored: StudyHeader, wanted: StudyHeader) -> str:
    old, new = stored.text.splitlines(), wanted.text.splitlines()
    lines = list(unified_diff(old, new, "as studied", "now", n=1, lineterm=""))
    if not lines:
        return "only in line ends"
    more = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], *([f"and {more} more lines"] if more > 0 else [])])
