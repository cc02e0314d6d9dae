"""A study on disk: one SQLite file, one transaction a chunk of draws (docs/design.md, section 8).

The file names what was studied (the case's text, the design and its seed, the version) and holds
finished chunks, each with a checksum. A rollback journal with ``synchronous = EXTRA`` makes a chunk
that was reported as stored survive a kill and a power cut; a chunk cut short leaves no trace. No
object is stored, only numbers and text. Cost: a write and a few flushes to disk a chunk.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from detente.errors import AnalysisError, InputError
from detente.study._chunk import COLUMNS, Chunk, ChunkLayout, checksum, from_bytes, to_bytes
from detente.study._integrity import page_fault

FORMAT = "1"
_MAGIC = b"SQLite format 3\x00"
_WAIT = 30.0
_TABLES = f"""
CREATE TABLE study (name TEXT PRIMARY KEY, value TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE chunk (first INTEGER PRIMARY KEY, count INTEGER NOT NULL,
  {", ".join(f"{name} BLOB NOT NULL" for name in COLUMNS)}, sha256 TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class StudyHeader:
    """What a study file is about; two runs belong together when their records are equal.

    Attributes
    ----------
    version : str
        Of detente.
    case : str
        Name of the case's file.
    sha256, text : str
        Of the case's file.
    design : str
        Kind of the design.
    draws, seed : int
    names : tuple of str
        Parameters that vary.
    values : str
        SHA-256 of the design's values.
    claims : tuple of str
        Ids of the asked claims.
    series : int
        Levels of all axes, and issues.
    """

    version: str
    case: str
    sha256: str
    text: str
    design: str
    draws: int
    seed: int
    names: tuple[str, ...]
    values: str
    claims: tuple[str, ...]
    series: int

    @property
    def layout(self) -> ChunkLayout:
        """Widths of the chunks' arrays."""
        return ChunkLayout(len(self.names), len(self.claims), self.series)


class Store:
    """An open study file; use it in a ``with`` block.

    Parameters
    ----------
    path : Path
    record : StudyHeader
    connection : sqlite3.Connection
    """

    def __init__(self, path: Path, record: StudyHeader, connection: sqlite3.Connection) -> None:
        self.path = path
        self.record = record
        self._connection = connection

    def __enter__(self) -> Store:
        """Return the store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._connection.close()

    def done(self) -> list[range]:
        """Return the draws of every stored chunk, in order."""
        with _reading(self.path):
            rows = self._connection.execute("SELECT first, count FROM chunk ORDER BY first")
            found = rows.fetchall()
        if not all(isinstance(first, int) and isinstance(count, int) for first, count in found):
            raise damaged(self.path, "the lengths of chunks are changed")
        return [range(first, first + count) for first, count in found]

    def add(self, chunk: Chunk) -> None:
        """Store a chunk for good; when this returns it survives a power cut.

        Raises
        ------
        AnalysisError
            When the file cannot be written, as on a full disk; chunks stored before stay.
        """
        parts = to_bytes(chunk)
        row = (chunk.first, len(chunk), *parts.values(), checksum(chunk.first, len(chunk), parts))
        marks = ", ".join("?" * len(row))
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.execute(f"INSERT INTO chunk VALUES ({marks})", row)
        except sqlite3.IntegrityError:
            raise AnalysisError(
                f"{self.path}: another run is writing to this study; let one of them finish"
            ) from None
        except sqlite3.DatabaseError as error:
            raise AnalysisError(
                f"{self.path}: cannot be written ({error}); what was finished is kept: "
                "make room and go on with --resume"
            ) from None

    def chunks(self) -> Iterator[Chunk]:
        """Yield every stored chunk in order of draws.

        Raises
        ------
        InputError
            At a chunk that is not what was stored.
        """
        for draws in self.done():
            chunk = self.chunk(draws.start)
            if chunk is None:
                raise damaged(self.path, f"draws {draws.start} to {draws.stop - 1} are changed")
            yield chunk

    def chunk(self, first: int) -> Chunk | None:
        """Return the chunk that begins with a draw; None where there is none that is whole."""
        query = f"SELECT count, {', '.join(COLUMNS)}, sha256 FROM chunk WHERE first = ?"
        with _reading(self.path):
            row = self._connection.execute(query, (first,)).fetchone()
        if row is None:
            return None
        count, *blobs, stated = row
        parts = dict(zip(COLUMNS, blobs, strict=True))
        if not all(isinstance(part, bytes) for part in blobs):
            return None
        if checksum(first, count, parts) != stated:
            return None
        return from_bytes(first, count, parts, self.record.layout)


def create(path: Path, record: StudyHeader) -> Store:
    """Make a new study file.

    Raises
    ------
    AnalysisError
        When it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, "rwc")
        try:
            _make_safe(connection)
            connection.executescript("BEGIN;" + _TABLES)
            for name, value in {"format": FORMAT, **asdict(record)}.items():
                text = json.dumps(value, ensure_ascii=False)
                connection.execute(
                    "INSERT INTO study VALUES (?, ?, ?)", (name, text, _sha256(name, text))
                )
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        raise AnalysisError(
            f"{path}: a study file cannot be written here ({error}); make room or choose another "
            "place"
        ) from None
    return Store(path, record, connection)


def open_store(path: Path, checked: bool = True) -> Store:
    """Open a study file.

    Parameters
    ----------
    path : Path
    checked : bool
        Whether to look through the file first, see `detente.study._integrity`.

    Returns
    -------
    Store

    Raises
    ------
    InputError
        When there is no such file, when it is no study, or when it is damaged.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(len(_MAGIC))
    except OSError as error:
        raise InputError(
            f"{path}: {error.strerror}; `detente study list FOLDER` shows the studies in a folder"
        ) from None
    if head != _MAGIC:
        raise InputError(f"{path}: no study file, or its beginning is lost")
    # Reading may have to undo a transaction that a kill cut short, so it writes where it may.
    connection = _connect(path, "rw" if os.access(path, os.W_OK) else "ro")
    try:
        with _reading(path):
            _make_safe(connection)
            store = Store(path, _record(path, connection), connection)
            if checked and (wrong := page_fault(connection)):
                raise damaged(path, wrong)
            return store
    except BaseException:
        connection.close()
        raise


def damaged(path: Path, what: str) -> InputError:
    """Return the error that says a file is damaged and what to do."""
    return InputError(
        f"{path}: the file is damaged ({what}); `detente study salvage {path} OUT` saves what is "
        "whole"
    )


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", timeout=_WAIT, isolation_level=None, uri=True
    )


def _make_safe(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")


def _record(path: Path, connection: sqlite3.Connection) -> StudyHeader:
    rows = connection.execute("SELECT name, value, sha256 FROM study").fetchall()
    if any(_sha256(str(name), str(text)) != stated for name, text, stated in rows):
        raise damaged(path, "its heading is changed")
    fields = {name: json.loads(text) for name, text, _ in rows}
    form = fields.pop("format", None)
    if form != FORMAT:
        raise InputError(f"{path}: studies of format {form} are not read; use a newer detente")
    if set(fields) != set(StudyHeader.__dataclass_fields__):
        raise damaged(path, "its heading is not whole")
    fields |= {name: tuple(fields[name]) for name in ("names", "claims")}
    return StudyHeader(**fields)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "no such table" in str(error) or "no such column" in str(error):
            raise InputError(f"{path}: an SQLite file, but no study") from None
        if "locked" in str(error):
            raise AnalysisError(f"{path}: in use by another program; try again") from None
        raise damaged(path, str(error)) from None
    except sqlite3.DatabaseError as error:
        raise damaged(path, str(error)) from None


def _sha256(name: str, text: str) -> str:
    return hashlib.sha256(f"{name} {text}".encode()).hexdigest()
