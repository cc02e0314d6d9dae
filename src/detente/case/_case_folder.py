"""A folder of cases that is open to others: which stand in it, and what may be read and written.

Nothing outside of it is touched: a name that leads out of the folder, by ``..``, by an absolute
path or by a link, is refused. Built-in cases can be read by name. Cost of a list: one look at each
file, up to a number.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from detente.case._case import Case
from detente.case._reader import builtin_cases, load
from detente.errors import CaseError, InputError
from detente.files import inside, stamp
from detente.text import hidden_character

_MOST = 500
"""Cases in a list."""
_LOOKED_AT = 5000
"""Files and folders that are looked at for it."""
_DEEP = 3
_NO_CASES = {"results", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class CaseFolder:
    """A folder of cases.

    Attributes
    ----------
    root : Path
    """

    root: Path

    def inside(self, name: str) -> Path:
        """Return the path of a name, which must stay inside of the folder.

        Raises
        ------
        InputError
            When it leads out.
        """
        return inside(self.root, name)

    def load(self, name: str) -> Case:
        """Read a built-in case by name, or a case of the folder.

        Raises
        ------
        CaseError
            With every problem, in files named as they lie in the folder.
        """
        if name in builtin_cases():
            return load(name)
        path = self.inside(name)
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
            raise InputError(f"{name} is no file; name the file of a case")
        try:
            return load(path)
        except CaseError as error:
            problems = [
                replace(one, file=self._name(one.file), remedy=self._without_root(one.remedy))
                for one in error.problems
            ]
            raise CaseError(problems) from None

    def _without_root(self, words: str) -> str:
        return words.replace(f"{self.root}{os.sep}", "")

    def _name(self, file: str) -> str:
        path = Path(file)
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else file

    def stamp(self, name: str) -> str:
        """Return what changes when the file of a case changes."""
        return "" if name in builtin_cases() else stamp(self.root, name)

    def cases(self) -> tuple[str, ...]:
        """Return the names of the case files of the folder, by name."""
        return tuple(name for name in self._found() if hidden_character(name) is None)

    def misnamed(self) -> tuple[str, ...]:
        """Return the names of case files that hold what cannot be seen, and cannot be opened."""
        return tuple(name for name in self._found() if hidden_character(name) is not None)

    def _found(self) -> tuple[str, ...]:
        found: list[str] = []
        left, looks = [(self.root, _DEEP)], 0
        while left and len(found) < _MOST and looks < _LOOKED_AT:
            folder, deep = left.pop()
            for path in _entries(folder):
                looks += 1
                if path.name.startswith(".") or path.name in _NO_CASES or path.is_symlink():
                    continue
                if path.is_dir() and deep:
                    left.append((path, deep - 1))
                elif path.suffix in {".yaml", ".yml"} and _is_case(path):
                    found.append(path.relative_to(self.root).as_posix())
        return tuple(sorted(found)[:_MOST])


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_case(path: Path) -> bool:
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        with path.open("rb") as file:
            head = file.read(65536)
    except OSError:
        return False
    return head.startswith(b"detente:") or b"\ndetente:" in head
