"""Results on disk: one SQLite file, one transaction a chunk of consecutive draws.

A file has a heading in JSON, which says what it is about, and chunks, each with a checksum: named
columns of numbers, as little-endian bytes in C order, or of text, as JSON. A rollback journal with
``synchronous = EXTRA`` makes a chunk that was reported as stored survive a kill and a power cut; a
chunk cut short leaves no trace. A page that is lost or stands in another's place takes whole chunks
with it, which no checksum of a chunk can tell, so the pages are checked on opening. No object is
stored, only numbers and text. Cost: a write and a few flushes to disk a chunk; a look through the
file on opening.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from detente.engine._heading import difference
from detente.errors import AnalysisError, InputError

_MAGIC = b"SQLite format 3\x00"
_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class FileKind:
    """What files of one kind hold, and what is said of them.

    Attributes
    ----------
    name : str
        Of what a file holds, such as ``study``.
    format : int
        Raised when older files cannot be read any more.
    columns : mapping of str to str
        Parts of a chunk: the type of an array's numbers, such as ``<f8``, or ``json``.
    agreeing : mapping of str to str
        Entries of the heading that must agree to go on with a file, and what they are called.
    finding, mending : str
        What to do when a file cannot be opened, and when the file ``{path}`` is damaged.
    """

    name: str
    format: int
    columns: Mapping[str, str]
    agreeing: Mapping[str, str]
    finding: str
    mending: str

    def damaged(self, path: Path, what: str) -> InputError:
        """Return the error that says that a file is damaged and what to do."""
        return InputError(f"{path}: the file is damaged ({what}); {self.mending.format(path=path)}")


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Outcomes of the draws ``first`` to ``first + count - 1``, by column.

    An array has one row per draw; all else is ready for JSON.
    """

    first: int
    count: int
    columns: Mapping[str, Any]

    @property
    def draws(self) -> range:
        """Numbers of the draws."""
        return range(self.first, self.first + self.count)


class ChunkFile:
    """An open file of chunks; use it in a ``with`` block.

    Parameters
    ----------
    path : Path
    kind : FileKind
    heading : mapping
        What the file is about.
    connection : sqlite3.Connection
    """

    def __init__(
        self, path: Path, kind: FileKind, heading: Mapping[str, Any], connection: sqlite3.Connection
    ) -> None:
        self.path = path
        self.kind = kind
        self.heading = heading
        self._connection = connection

    def __enter__(self) -> ChunkFile:
        """Return the file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._connection.close()

    def done(self) -> list[range]:
        """Return the draws of every stored chunk, in order."""
        with _reading(self.path, self.kind):
            rows = self._connection.execute("SELECT first, count FROM chunk ORDER BY first")
            found = rows.fetchall()
        if not all(isinstance(first, int) and isinstance(count, int) for first, count in found):
            raise self.kind.damaged(self.path, "the lengths of chunks are changed")
        return [range(first, first + count) for first, count in found]

    def add(self, chunk: Chunk) -> None:
        """Store a chunk for good; when this returns it survives a power cut.

        Raises
        ------
        AnalysisError
            When the file cannot be written, as on a full disk; chunks stored before stay.
        """
        parts = [_to_bytes(chunk.columns[name], form) for name, form in self.kind.columns.items()]
        row = (chunk.first, chunk.count, _checksum(chunk.first, chunk.count, parts), *parts)
        marks = ", ".join("?" * len(row))
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.execute(f"INSERT INTO chunk VALUES ({marks})", row)
        except sqlite3.IntegrityError:
            raise AnalysisError(
                f"{self.path}: another run is writing to this {self.kind.name}; let one of them "
                "finish"
            ) from None
        except sqlite3.DatabaseError as error:
            raise AnalysisError(
                f"{self.path}: cannot be written ({error}); what was finished is kept: "
                "make room and go on with --resume"
            ) from None

    def chunks(self, among: range | None = None) -> Iterator[Chunk]:
        """Yield the stored chunks in order of draws; those only that begin in a range, if given.

        Raises
        ------
        InputError
            At a chunk that is not what was stored.
        """
        for draws in self.done():
            if among is None or draws.start in among:
                chunk = self.chunk(draws.start)
                if chunk is None:
                    what = f"draws {draws.start} to {draws.stop - 1} are changed"
                    raise self.kind.damaged(self.path, what)
                yield chunk

    def chunk(self, first: int) -> Chunk | None:
        """Return the chunk that begins with a draw; None where there is none that is intact."""
        with _reading(self.path, self.kind):
            rows = self._connection.execute("SELECT * FROM chunk WHERE first = ?", (first,))
            row = rows.fetchone()
        if row is None:
            return None
        _, count, stated, *parts = row
        if len(parts) != len(self.kind.columns) or not all(isinstance(p, bytes) for p in parts):
            return None
        if _checksum(first, count, parts) != stated:
            return None
        columns = {
            name: _from_bytes(part, form, count)
            for (name, form), part in zip(self.kind.columns.items(), parts, strict=True)
        }
        return Chunk(first, count, columns)


def create_file(path: Path, kind: FileKind, heading: Mapping[str, Any]) -> ChunkFile:
    """Make a new file of chunks.

    Parameters
    ----------
    path : Path
    kind : FileKind
    heading : mapping
        What the file is about, ready for JSON.

    Raises
    ------
    AnalysisError
        When it cannot be written.
    """
    text = json.dumps({"kind": kind.name, "format": kind.format, **heading}, ensure_ascii=False)
    columns = ", ".join(f"{name} BLOB NOT NULL" for name in kind.columns)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, "rwc")
        try:
            _make_safe(connection)
            connection.executescript(
                "BEGIN; CREATE TABLE heading (text TEXT NOT NULL, sha256 TEXT NOT NULL);"
                "CREATE TABLE chunk (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, "
                f"sha256 TEXT NOT NULL, {columns});"
            )
            connection.execute("INSERT INTO heading VALUES (?, ?)", (text, _sha256(text)))
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
    except (sqlite3.DatabaseError, OSError) as error:
        raise AnalysisError(
            f"{path}: a {kind.name} file cannot be written here ({error}); make room or choose "
            "another place"
        ) from None
    return ChunkFile(path, kind, heading, connection)


def open_file(path: Path, kind: FileKind, checked: bool = True) -> ChunkFile:
    """Open a file of chunks.

    Parameters
    ----------
    path : Path
    kind : FileKind
    checked : bool
        Whether to look through its pages first.

    Raises
    ------
    InputError
        When there is no such file, when it is of another kind, or when it is damaged.
    """
    with open_bytes(path, kind, kind.finding) as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise _foreign(path, kind)
    # Reading may have to undo a transaction that a kill cut short, so it writes where it may.
    connection = _connect(path, "rw" if os.access(path, os.W_OK) else "ro")
    try:
        with _reading(path, kind):
            _make_safe(connection)
            heading = _heading(path, kind, connection)
            if checked:
                wrong = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
                if wrong != "ok":
                    raise kind.damaged(path, " ".join(wrong.replace("***", "").split()))
    except BaseException:
        connection.close()
        raise
    return ChunkFile(path, kind, heading, connection)


def go_on(path: Path, kind: FileKind, heading: Mapping[str, Any], resume: bool) -> ChunkFile:
    """Open the file of chunks that a run goes on with, or make a new one where there is none.

    Parameters
    ----------
    path : Path
    kind : FileKind
    heading : mapping
        What the run is about; a file that is there must be about the same.
    resume : bool
        Whether there may be a file.

    Raises
    ------
    InputError
        When there is a file and ``resume`` is not asked for, or it is not of this run.
    AnalysisError
        When it cannot be written.
    """
    if not path.exists():
        return create_file(path, kind, heading)
    if not resume:
        own = is_of(path, kind, heading)
        raise InputError(
            f"{path}: there is a {kind.name} already{'' if own else ', and not this one'}; "
            f"{'go on with it (--resume, resume=True), ' if own else ''}delete it, or choose "
            "another file"
        )
    if _is_blank(path):
        return create_file(path, kind, heading)
    file = open_file(path, kind)
    if differing := difference(kind.name, file.heading, heading, kind.agreeing):
        file.__exit__()
        raise InputError(f"{path}: {differing}")
    return file


def is_of(path: Path, kind: FileKind, heading: Mapping[str, Any]) -> bool:
    """Return whether there is a file of chunks that a run with this heading can go on with."""
    try:
        with open_file(path, kind, checked=False) as file:
            return not difference(kind.name, file.heading, heading, kind.agreeing)
    except InputError:
        return False


def open_bytes(path: Path, kind: FileKind, remedy: str) -> BinaryIO:
    """Open a file to read its bytes; no pipe, which would be waited for, and no device.

    Raises
    ------
    InputError
        When it cannot be opened, with what to do then.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise _foreign(path, kind)
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; {remedy}") from None


def _foreign(path: Path, kind: FileKind) -> InputError:
    return InputError(f"{path}: no {kind.name} file, or its beginning is lost; choose another file")


def _is_blank(path: Path) -> bool:
    """Whether a run was killed before it had written the beginning of its file."""
    if not path.is_file():
        return False
    try:
        with closing(_connect(path, "rw")) as connection:
            return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError:
        return False


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", timeout=_WAIT, isolation_level=None, uri=True
    )


def _make_safe(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")


def _heading(path: Path, kind: FileKind, connection: sqlite3.Connection) -> dict[str, Any]:
    rows = connection.execute("SELECT text, sha256 FROM heading").fetchall()
    if len(rows) != 1 or _sha256(str(rows[0][0])) != rows[0][1]:
        raise kind.damaged(path, "its heading is changed")
    heading: dict[str, Any] = json.loads(rows[0][0])
    name, form = heading.pop("kind"), heading.pop("format")
    if name != kind.name:
        raise InputError(f"{path}: holds a {name}, but no {kind.name}; choose another file")
    if form != kind.format:
        raise InputError(f"{path}: {name} files of format {form} are not read; use a newer detente")
    return heading


@contextmanager
def _reading(path: Path, kind: FileKind) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "no such table" in str(error) or "no such column" in str(error):
            raise InputError(f"{path}: an SQLite file, but no {kind.name}") from None
        if "locked" in str(error):
            raise AnalysisError(f"{path}: in use by another program; try again") from None
        raise kind.damaged(path, str(error)) from None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _to_bytes(column: Any, form: str) -> bytes:
    if form == "json":
        return json.dumps(column, ensure_ascii=False).encode()
    return np.ascontiguousarray(column, dtype=form).tobytes()


def _from_bytes(part: bytes, form: str, count: int) -> Any:
    return json.loads(part) if form == "json" else np.frombuffer(part, form).reshape(count, -1)


def _checksum(first: int, count: int, parts: Sequence[bytes]) -> str:
    digest = hashlib.sha256(f"{first} {count}".encode())
    for part in parts:
        digest.update(f" {len(part)} ".encode())
        digest.update(part)
    return digest.hexdigest()
