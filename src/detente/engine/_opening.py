"""Opening an SQLite file that anybody may have made, without changing it and without trusting it.

A file without our mark in its first bytes is not given to SQLite at all, so the database of another
program stays as it is, locks and journal included. The rest is opened for reading only, unless a
run goes on with it. SQLite is told to trust nothing that the schema says, and the schema must be
ours to the letter before anything else is asked: a view, a trigger or an index of somebody else is
refused. No value may be longer than the file, and no question may take longer than it would in a
file of ours. A transaction that a kill cut short is undone in memory, from a copy, and only if its
journal names no other file: SQLite would delete that one. Source: "Defense against the dark arts",
SQLite documentation. Cost: a millisecond; with such a transaction, memory for the file.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from detente.engine._file_kind import FileKind
from detente.errors import AnalysisError, InputError
from detente.text import quote

_MAGIC = b"SQLite format 3\x00"
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_HEADER = 100
_ROLLBACK = b"\x01\x01"
"""What the header says of a file with a rollback journal."""
_UTF_8 = bytes([0, 0, 0, 1])
_WAIT = 30.0
"""Seconds that a writer waits for another."""
_READING = 3.0
"""Seconds that a reader waits for a writer, and of work that a question of a reader may take."""
_BYTES_A_SECOND = 2**24
"""Where a question goes through the whole file."""
_STEPS = 50_000
"""Of SQLite between two looks at the clock: tens of milliseconds."""
_LONGEST_SQL = 10_000
_LONGEST_HEADING = 2**24
LONGEST_VALUE = 2**31 - 1
"""In bytes, as SQLite counts them: no limit but its own."""


def open_bytes(path: Path, kind: FileKind, remedy: str) -> BinaryIO:
    """Open a file to read its bytes; no pipe, which would be waited for, and no device.

    Raises
    ------
    InputError
        When it cannot be opened, with what to do then.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise kind.foreign(path)
        return path.open("rb")
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: {reason}; {remedy}") from None


def check_header(path: Path, kind: FileKind, remedy: str) -> None:
    """Refuse a file that is not of a kind by its first bytes.

    Raises
    ------
    InputError
        When there is no such file, or it was made by another program or another detente.
    """
    with open_bytes(path, kind, remedy) as stream:
        head = stream.read(_HEADER)
    if len(head) < _HEADER or not head.startswith(_MAGIC):
        raise kind.foreign(path)
    if head[68:72] != kind.mark:
        raise InputError(
            f"{path}: an SQLite file, but no {kind.name} that this version of detente reads; "
            "choose another file"
        )
    version = int.from_bytes(head[60:64], "big")
    if version != kind.format:
        raise InputError(
            f"{path}: {kind.name} files of format {version} are not read, only of format "
            f"{kind.format}; use the detente that made it"
        )
    if head[56:60] != _UTF_8:
        raise kind.damaged(path, "its text is not in UTF-8")
    if head[18:20] != _ROLLBACK or _beside(path, "-wal").exists():
        raise InputError(
            f"{path}: another program has given the file a write-ahead log; set it back there "
            "with PRAGMA journal_mode = DELETE"
        )
    journal = _beside(path, "-journal")
    if journal.exists() and not journal.is_file():
        raise InputError(f"{journal}: no journal of a {kind.name}; delete it")


def connect(path: Path, kind: FileKind, writing: bool = False) -> sqlite3.Connection:
    """Open a file that is of a kind, with its tables and nothing else in it.

    Parameters
    ----------
    path : Path
    kind : FileKind
    writing : bool
        Whether chunks will be added; else neither the file nor its folder is changed.

    Raises
    ------
    InputError
        When it is not of the kind, or when it is damaged.
    AnalysisError
        When another program does not let go of it.
    """
    check_header(path, kind, kind.finding)
    if writing:
        _check_journal(path, path, kind)
    connection = plain_connection(path, "rw" if writing else "ro", _WAIT if writing else _READING)
    try:
        try:
            found = _tables(path, kind, connection)
        except _CutShort:
            connection.close()
            connection = _undone(path, kind)
            found = _tables(path, kind, connection)
        _check_tables(path, kind, found)
        if writing:
            make_safe(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def is_blank(path: Path, kind: FileKind) -> bool:
    """Return whether a run was killed before it had written the beginning of its file."""
    with open_bytes(path, kind, kind.finding) as stream:
        head = stream.read(_HEADER)
    if any(head) and head[68:72] != kind.mark:
        return False
    _check_journal(path, path, kind)
    if not any(head):
        return True
    check_header(path, kind, kind.finding)
    with closing(plain_connection(path, "rw")) as connection:
        return not _tables(path, kind, connection)


def plain_connection(path: Path, mode: str, wait: float = _WAIT) -> sqlite3.Connection:
    """Open a file in a mode of SQLite, ``ro``, ``rw`` or ``rwc``; text is read as bytes."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", timeout=wait, isolation_level=None, uri=True
    )
    connection.text_factory = bytes
    return connection


def make_safe(connection: sqlite3.Connection) -> None:
    """Make each transaction survive a power cut once it is reported as done."""
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")


@contextmanager
def limited(
    path: Path, kind: FileKind, connection: sqlite3.Connection, size: int = 0
) -> Iterator[None]:
    """Ask a file something, within a time that goes with the bytes that must be read for it.

    Raises
    ------
    InputError
        When the file is damaged, or when it takes longer.
    AnalysisError
        When another program does not let go of the file.
    """
    end = time.thread_time() + _READING + size / _BYTES_A_SECOND
    connection.set_progress_handler(lambda: time.thread_time() > end, _STEPS)
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if "locked" in str(error):
            raise AnalysisError(f"{path}: in use by another program; try again") from None
        if getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY_ROLLBACK":
            raise _CutShort(f"{path}: a run was cut short while it wrote; try again") from None
        if "interrupted" in str(error):
            raise kind.damaged(path, f"reading it takes longer than any {kind.name}") from None
        what = "its schema is no text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise kind.damaged(path, what) from None
    finally:
        connection.set_progress_handler(None, 0)


class _CutShort(AnalysisError):
    """The last transaction of a file must be undone before it can be read."""


def _tables(path: Path, kind: FileKind, connection: sqlite3.Connection) -> list[tuple[bytes, ...]]:
    """Return the first few objects of a database, each as type, name, table and SQL."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_HEADING)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _LONGEST_SQL)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    with limited(path, kind, connection):
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
        return rows.fetchmany(4)


def _check_tables(path: Path, kind: FileKind, found: list[tuple[bytes, ...]]) -> None:
    wanted = [(b"table", *map(str.encode, (n, n, sql))) for n, sql in kind.tables.items()]
    if found == wanted:
        return
    names = set(kind.tables)
    for what, name, *_ in found:
        told = [str(part, "utf-8", "replace") if part else "" for part in (what, name)]
        if told[0] != "table" or told[1] not in names:
            raise InputError(
                f"{path}: holds the {told[0] or 'object'} {quote(told[1])}, which no {kind.name} "
                "of detente has, so it may have been made to deceive; choose another file"
            )
    raise kind.damaged(path, "its tables are changed")


def _beside(path: Path, ending: str) -> Path:
    """Return the path of a journal, which SQLite looks for beside what a link points to."""
    real = path.resolve()
    return real.with_name(real.name + ending)


def _check_journal(path: Path, place: Path, kind: FileKind) -> None:
    """Refuse a journal that would delete another file, or make this one as long as it likes."""
    journal = _beside(place, "-journal")
    try:
        with journal.open("rb") as stream:
            head = stream.read(28)
            stream.seek(max(0, stream.seek(0, 2) - len(_JOURNAL_MAGIC)))
            names_another = stream.read() == _JOURNAL_MAGIC
    except FileNotFoundError:
        return
    pages, page = int.from_bytes(head[16:20], "big"), int.from_bytes(head[24:28], "big")
    if names_another or pages * page > place.stat().st_size:
        raise kind.damaged(path, "the journal beside it is none of detente")


def _undone(path: Path, kind: FileKind) -> sqlite3.Connection:
    """Return, in memory, a file without the transaction that a kill cut short."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    memory.text_factory = bytes
    try:
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            shutil.copyfile(path, copy)
            shutil.copyfile(_beside(path, "-journal"), _beside(copy, "-journal"))
            _check_journal(path, copy, kind)
            with closing(plain_connection(copy, "rw")) as file:
                file.backup(memory)
    except sqlite3.Error as error:
        memory.close()
        raise kind.damaged(path, str(error)) from None
    except OSError as error:
        memory.close()
        raise AnalysisError(
            f"{path}: a run was cut short while it wrote to the file, and what it had stored "
            f"before cannot be read ({error.strerror}); try again, or go on with --resume"
        ) from None
    except BaseException:
        memory.close()
        raise
    return memory
