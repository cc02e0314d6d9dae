"""Whether the case of a stored study is still what its file says."""

from __future__ import annotations

from pathlib import Path

from detente.case import Case, builtin_cases, load
from detente.errors import CaseError


def case_changed(case: Case) -> str:
    """Return a sentence when the file that a case was read from is another now, empty otherwise.

    Where there is no such file any more nothing can be said.

    Examples
    --------
    >>> import detente
    >>> case_changed(detente.load("chicken"))
    ''
    """
    path = Path(case.path)
    names: list[str | Path] = [path] if _is_file(path) else []
    names += [path.stem] if path.stem in builtin_cases() and path.name == case.path else []
    hashes = [_hash(name) for name in names]
    if not hashes or case.sha256 in hashes:
        return ""
    return (
        f"{case.path} has changed since this study was made: the answers are those of the case as "
        "it was; solve it again for the new ones"
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, or a folder that may not be read
        return False


def _hash(name: str | Path) -> str:
    try:
        return load(name).sha256
    except CaseError:
        return ""
