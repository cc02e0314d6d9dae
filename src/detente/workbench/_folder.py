"""The folder that is served: which cases stand in it, and what may be read and written.

Nothing outside of it is touched: a name that leads out of the folder, by ``..``, by an absolute
path or by a link, is refused. Built-in cases can be read by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from detente.case import Case, builtin_cases, load
from detente.errors import InputError

_MOST = 500
"""Files that are looked at for the list of cases."""
_DEEP = 3
_NO_CASES = {"results", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Folder:
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
        root = self.root.resolve()
        try:
            path = (root / name).resolve()
        except (OSError, ValueError):
            path = root
        if path == root or not path.is_relative_to(root):
            raise InputError(f"{name!r} is no file of the folder that is open; name one in it")
        return path

    def load(self, name: str) -> Case:
        """Read a built-in case by name, or a case of the folder."""
        return load(name) if name in builtin_cases() else load(self.inside(name))

    def stamp(self, name: str) -> tuple[object, ...]:
        """Return what changes when the file of a case changes, or a table beside it."""
        if name in builtin_cases():
            return ()
        path = self.inside(name)
        try:
            files = [path, *sorted(path.parent.glob("*.csv"))]
            found = [(file.name, file.stat()) for file in files]
        except OSError:
            return ("gone",)
        return tuple((name, file.st_mtime_ns, file.st_size) for name, file in found)

    def cases(self) -> tuple[str, ...]:
        """Return the names of the case files of the folder, by name."""
        found: list[str] = []
        left = [(self.root, _DEEP)]
        while left and len(found) < _MOST:
            folder, deep = left.pop()
            for path in sorted(folder.iterdir()):
                if path.name.startswith(".") or path.name in _NO_CASES or path.is_symlink():
                    continue
                if path.is_dir() and deep:
                    left.append((path, deep - 1))
                elif path.suffix in {".yaml", ".yml"} and _is_case(path):
                    found.append(path.relative_to(self.root).as_posix())
        return tuple(sorted(found))


def _is_case(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(65536)
    except OSError:
        return False
    return head.startswith(b"detente:") or b"\ndetente:" in head
