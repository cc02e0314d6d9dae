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
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from detente.engine._file_kind import FileKind
from detente.engine._heading import difference
from detente.engine._opening import (
    LONGEST_VALUE,
    connect,
    is_blank,
    limited,
    make_safe,
    plain_connection,
)
from detente.errors import AnalysisError, InputError


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
        widths = kind.widths(heading)
        self._bytes = {
            name: widths[name] * np.dtype(form).itemsize for name, form in kind.numbers.items()
        }

    def __enter__(self) -> ChunkFile:
        """Return the file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._connection.close()

    def done(self) -> list[range]:
        """Return the draws of every stored chunk, in order.

        Raises
        ------
        InputError
            Where a chunk has not as many numbers as it claims to have draws, or draws that another
            has or that there cannot be.
        """
        lengths = ", ".join(f"length({name})" for name in self._bytes)
        with limited(self.path, self.kind, self._connection):
            rows = self._connection.execute(
                f"SELECT first, count, {lengths} FROM chunk ORDER BY first"
            ).fetchall()
        found, end = [], 0
        for first, count, *sizes in rows:
            if first < end or not self._fits(first, count, sizes):
                raise self.kind.damaged(self.path, "the lengths of chunks are changed")
            end = first + count
            found.append(range(first, end))
        return found

    def _fits(self, first: int, count: Any, sizes: Sequence[int]) -> bool:
        """Whether a chunk has as many bytes as its draws take, and such draws are possible."""
        return (
            isinstance(count, int)
            and 0 < count <= self.heading.get("draws", sys.maxsize) - first
            and list(sizes) == [count * size for size in self._bytes.values()]
        )

    def add(self, chunk: Chunk) -> None:
        """Store a chunk for good; when this returns it survives a power cut.

        Raises
        ------
        AnalysisError
            When the file cannot be written, as on a full disk; chunks stored before stay.
        """
        parts = [
            np.ascontiguousarray(chunk.columns[name], dtype=form).tobytes()
            for name, form in self.kind.numbers.items()
        ]
        for name in self.kind.texts:
            parts.append(json.dumps(chunk.columns[name], ensure_ascii=False).encode())
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
                if chunk is None or (among is not None and draws.stop > among.stop):
                    what = f"draws {draws.start} to {draws.stop - 1} are changed"
                    raise self.kind.damaged(self.path, what)
                yield chunk

    def chunk(self, first: int) -> Chunk | None:
        """Return the chunk that begins with a draw; None where there is none that is intact."""
        with limited(self.path, self.kind, self._connection):
            rows = self._connection.execute("SELECT * FROM chunk WHERE first = ?", (first,))
            row = rows.fetchone()
        if row is None:
            return None
        _, count, stated, *parts = row
        if not all(isinstance(part, bytes) for part in (stated, *parts)):
            return None
        arrays = dict(zip(self.kind.numbers, parts, strict=False))
        if not self._fits(first, count, [len(part) for part in arrays.values()]):
            return None
        if _checksum(first, count, parts).encode() != stated:
            return None
        columns: dict[str, Any] = {
            name: np.frombuffer(part, self.kind.numbers[name]).reshape(count, -1)
            for name, part in arrays.items()
        }
        texts = zip(self.kind.texts.items(), parts[len(arrays) :], strict=True)
        try:
            columns |= {name: form.validate_json(part, strict=True) for (name, form), part in texts}
        except ValidationError:
            return None
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
    InputError
        When it is about what could not be read again.
    AnalysisError
        When it cannot be written.
    """
    try:
        text = json.dumps(heading, ensure_ascii=False).encode()
        kind.read_heading(text)
    except (UnicodeEncodeError, InputError) as error:
        raise InputError(f"{path}: this {kind.name} cannot be stored: {error}") from None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = plain_connection(path, "rwc")
        try:
            make_safe(connection)
            connection.executescript(
                f"BEGIN; PRAGMA application_id = {int.from_bytes(kind.mark, 'big')};"
                f"PRAGMA user_version = {kind.format}; {'; '.join(kind.tables.values())};"
            )
            row = (text.decode(), hashlib.sha256(text).hexdigest())
            connection.execute("INSERT INTO heading VALUES (?, ?)", row)
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
    """Open a file of chunks to read it; neither the file nor its folder is changed.

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
    AnalysisError
        When another program does not let go of it.
    """
    return _open(path, kind, checked, writing=False)


def _open(path: Path, kind: FileKind, checked: bool, writing: bool) -> ChunkFile:
    connection = connect(path, kind, writing)
    try:
        heading = _heading(path, kind, connection)
        size = path.stat().st_size
        # No value is longer than the file; what is added may be.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE if writing else size)
        if checked:
            with limited(path, kind, connection, size):
                rows = connection.execute("PRAGMA integrity_check(1)")
                wrong = str(rows.fetchone()[0], "utf-8", "replace")
            if wrong != "ok":
                raise kind.damaged(path, " ".join(wrong.replace("***", "").split()))
        return ChunkFile(path, kind, heading, connection)
    except BaseException:
        connection.close()
        raise


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
    if is_blank(path, kind):
        return create_file(path, kind, heading)
    file = _open(path, kind, checked=True, writing=os.access(path, os.W_OK))
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


def _heading(path: Path, kind: FileKind, connection: sqlite3.Connection) -> dict[str, Any]:
    with limited(path, kind, connection):
        rows = connection.execute("SELECT text, sha256 FROM heading LIMIT 2").fetchall()
    if len(rows) != 1 or not all(isinstance(part, bytes) for part in rows[0]):
        raise kind.damaged(path, "its heading is changed")
    text, stated = rows[0]
    if hashlib.sha256(text).hexdigest().encode() != stated:
        raise kind.damaged(path, "its heading is changed")
    try:
        return kind.read_heading(text)
    except InputError as error:
        raise kind.damaged(path, f"its heading, {error}") from None


def _checksum(first: int, count: int, parts: Sequence[bytes]) -> str:
    digest = hashlib.sha256(f"{first} {count}".encode())
    for part in parts:
        digest.update(f" {len(part)} ".encode())
        digest.update(part)
    return digest.hexdigest()
