"""A ledger of sealed entries: lines of JSON that chain by hash.

Every line is the canonical JSON of one entry (sorted keys, no spaces, ASCII) and a newline. It
holds the SHA-256 of the line before it (``previous``, zeros in the first) and of itself without
that field (``hash``). A changed byte makes a line that is not canonical, or one whose hash does not
fit, so it is found in the entry where it is; an entry taken out or put in breaks the chain. Someone
who may rewrite the whole file can make another ledger that is intact: what guards against that is
the last hash, kept by somebody else. Cost: linear in the bytes of the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from detente.errors import AnalysisError, InputError

try:
    import fcntl
except ImportError:  # pragma: no cover - only where there are no such locks
    fcntl = None  # type: ignore[assignment]

FIRST = "0" * 64
"""What the first entry has for the hash of the one before."""
LARGEST = 2**30
"""Bytes of a ledger; larger ones are refused unread."""
_PATIENCE = 10.0
"""Seconds to wait for another writer, which needs milliseconds."""
_SEALED = re.compile(rb'"(?:hash|previous)":"[0-9a-f]{64}"')


def read_ledger(path: Path | str) -> tuple[dict[str, Any], ...]:
    """Return the entries of a ledger, their chain checked.

    Returns
    -------
    tuple of dict
        With ``number`` (from 1), ``previous`` and ``hash`` among the keys.

    Raises
    ------
    InputError
        When there is no such file, it cannot be read, or it is no ledger.
    AnalysisError
        When an entry was changed, is out of place, or was cut short; names the entry.

    See Also
    --------
    append : Add an entry.
    """
    try:
        _refuse_what_is_no_file(Path(path))
        with Path(path).open("rb") as file:
            _refuse_what_is_too_long(os.fstat(file.fileno()).st_size, str(path))
            data = file.read()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such ledger; make one with `detente seal`") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; give a ledger that can be read") from None
    return _entries(data, str(path))


def append(path: Path | str, make: Callable[[int], Mapping[str, Any]]) -> dict[str, Any]:
    """Add an entry to a ledger: whole and on disk when this returns, or not at all.

    Parameters
    ----------
    path : path or str
        Made when it is not there.
    make : callable
        Takes the number of the entry, returns what it says, ready for JSON.

    Returns
    -------
    dict
        The entry as written, with ``number``, ``previous`` and ``hash``.

    Raises
    ------
    InputError
        When the file is no ledger.
    AnalysisError
        When the ledger is not intact or cannot be written: nothing is added to it.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ledger.jsonl"
    >>> first = append(path, lambda number: {"says": "rain"})
    >>> second = append(path, lambda number: {"says": "sun"})
    >>> second["number"], second["previous"] == first["hash"], len(read_ledger(path))
    (2, True, 2)
    """
    try:
        with _alone(Path(path)) as file:
            return _append(file, str(path), make)
    except OSError as error:
        raise AnalysisError(
            f"{path}: {error.strerror}; make room or choose another place"
        ) from None


def _refuse_what_is_too_long(size: int, name: str) -> None:
    if size > LARGEST:
        raise InputError(
            f"{name}: the ledger has {size:,} bytes, more than {LARGEST:,}; begin a new one"
        )


def _append(file: int, name: str, make: Callable[[int], Mapping[str, Any]]) -> dict[str, Any]:
    size = os.fstat(file).st_size
    _refuse_what_is_too_long(size, name)
    before = _entries(os.pread(file, size, 0) if size else b"", name)
    number = len(before) + 1
    entry = {
        **make(number),
        "number": number,
        "previous": before[-1]["hash"] if before else FIRST,
    }
    entry["hash"] = _digest(entry)
    line = _canonical(entry) + b"\n"
    try:
        written = 0
        if not size:
            _bring_folder_to_disk(Path(name).parent)
        while written < len(line):
            written += os.write(file, line[written:])
        os.fsync(file)
    except BaseException:
        os.ftruncate(file, size)
        raise
    return entry


def _bring_folder_to_disk(folder: Path) -> None:
    """Make the name of a new ledger outlive a loss of power, where the system can."""
    with suppress(OSError):
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)


def _refuse_what_is_no_file(path: Path) -> None:
    """Refuse folders and devices, of which some never end."""
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: not a file; give a ledger, or a name for a new one")


@contextmanager
def _alone(path: Path) -> Any:
    """Open a file to append to, with other writers kept out."""
    _refuse_what_is_no_file(path)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        if fcntl is not None:
            _lock(file, str(path))
        yield file
    finally:
        os.close(file)


def _lock(file: int, name: str) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise AnalysisError(
                    f"{name}: another program holds this ledger and does not let go of it; end "
                    "that one, or try again later"
                ) from None
            time.sleep(0.02)
        else:
            return


def _entries(data: bytes, name: str) -> tuple[dict[str, Any], ...]:
    lines = data.split(b"\n")
    cut_short = lines.pop()
    # A first entry whose writing was interrupted has no hash yet; all else without one is no entry.
    begun = not lines and data.startswith(b'{"')
    if data and not begun and not _SEALED.search(data):
        raise InputError(
            f"{name}: this is no ledger: no line of it was made by `detente seal`; give a ledger, "
            "or a name for a new one"
        )
    entries: list[dict[str, Any]] = []
    previous = FIRST
    for number, line in enumerate(lines, start=1):
        entry = _checked(line, number, previous, name)
        entries.append(entry)
        previous = entry["hash"]
    if cut_short:
        raise AnalysisError(
            f"{name}: entry {len(lines) + 1}, the last, is cut short: its writing was interrupted, "
            "or its end was taken away; restore it from a copy, or delete that line to go on with "
            f"the {len(lines)} before it"
        )
    return tuple(entries)


def _checked(line: bytes, number: int, previous: str, name: str) -> dict[str, Any]:
    changed = AnalysisError(
        f"{name}: entry {number} is not what was sealed: it was changed after its hash was made; "
        "restore the ledger from a copy"
    )
    try:
        entry = json.loads(line)
        if not isinstance(entry, dict) or _canonical(entry) != line:
            raise changed
        if entry.get("hash") != _digest({k: v for k, v in entry.items() if k != "hash"}):
            raise changed
    except (ValueError, RecursionError):  # no JSON, a number that is none, or nested without end
        raise changed from None
    if entry.get("number") != number or entry.get("previous") != previous:
        raise AnalysisError(
            f"{name}: entry {number} does not follow the one before it: entries were taken out, "
            "put in or moved; restore the ledger from a copy"
        )
    return entry


def _canonical(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _digest(entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(entry)).hexdigest()
