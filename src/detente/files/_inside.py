"""Names of files that come from outside: which stay inside of the folder, and when one changes.

Only plain relative names are taken: nothing absolute, no ``..``, no name that Windows reads in its
own way, and no link on the way, so that what is named is what lies in the folder. Cost: one look at
each part of the name.
"""

from __future__ import annotations

import re
from pathlib import Path

from detente.errors import InputError
from detente.text import hidden_character

_LONGEST = 1024
_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789"),
}
_TABLE = re.compile(rb"""history["']?[ \t]*:[ \t]*["']?([^"'#\r\n,}]+\.csv)""")
_LARGEST = 2**20


def inside(root: Path, name: str) -> Path:
    """Return the path of a name, which must stay inside of the folder.

    Parameters
    ----------
    root : Path
    name : str
        With ``/`` between its parts.

    Raises
    ------
    InputError
        When it leads out, or goes over a link.

    Examples
    --------
    >>> inside(Path("/srv/cases"), "dams/nile.yaml").as_posix()
    '/srv/cases/dams/nile.yaml'
    >>> inside(Path("/srv/cases"), "../secret")
    Traceback (most recent call last):
    detente.errors.InputError: '../secret' is no file of the folder that is open; name one in it
    """
    path = root
    if not 0 < len(name) <= _LONGEST:
        raise _refused(name)
    for part in name.split("/"):
        if not is_plain(part):
            raise _refused(name)
        path /= part
        try:
            if path.is_symlink():
                raise _refused(name)
        except OSError:
            raise _refused(name) from None
    return path


def is_plain(part: str) -> bool:
    """Whether a part of a path is the plain name of a file or folder, on any system.

    Examples
    --------
    >>> is_plain("dam.yaml"), is_plain(".."), is_plain("nul.yaml")
    (True, False, False)
    """
    return (
        part not in {"", ".", ".."}
        and all(ord(sign) >= 32 and sign not in '\\:<>"|?*\x7f' for sign in part)
        and part[-1] not in ". "
        and part.partition(".")[0].lower() not in _DEVICES
        and hidden_character(part) is None
    )


def _refused(name: str) -> InputError:
    cut = name if len(name) <= 120 else f"{name[:120]}..."
    return InputError(f"{cut!r} is no file of the folder that is open; name one in it")


def stamp(root: Path, name: str) -> str:
    """Return what changes when the file of a case, or the table of its history, changes.

    A file that cannot be read, such as one that was taken away, and a built-in case have none.
    """
    try:
        path = inside(root, name)
        if not path.is_file():  # a pipe would be waited for
            return ""
        found = _mark(path)
        with path.open("rb") as file:
            tables = _TABLE.findall(file.read(_LARGEST))
    except (OSError, InputError):
        return ""
    folder, parts = name.rpartition("/")[0], [found]
    for table in tables:
        beside = table.strip().decode("utf-8", "replace")
        try:
            parts.append(_mark(inside(root, f"{folder}/{beside}" if folder else beside)))
        except (OSError, InputError):
            parts.append("none")
    return "+".join(parts)


def _mark(path: Path) -> str:
    found = path.stat()
    return f"{found.st_mtime_ns:x}.{found.st_ctime_ns:x}.{found.st_size:x}.{found.st_ino:x}"
