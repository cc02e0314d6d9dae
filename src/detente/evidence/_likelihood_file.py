"""Likelihoods on disk while a posterior is drawn: one SQLite file, one transaction a piece.

Everything in a fit but the likelihoods follows from its seed, so a fit that was stopped is taken up
by doing it again with the likelihoods that were kept. A piece cut short by a kill or a power cut
leaves no trace; each carries a checksum. Only numbers and text are stored.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from detente.engine import Floats
from detente.errors import AnalysisError, InputError
from detente.study import page_fault

FORMAT = 1
_MAGIC = b"SQLite format 3\x00"
_TABLES = """
BEGIN;
CREATE TABLE fit (heading TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE piece (batch INTEGER NOT NULL, first INTEGER NOT NULL, numbers BLOB NOT NULL,
  reasons TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (batch, first));
COMMIT;
"""

Found = tuple[Floats, tuple[str, ...]]


class LikelihoodFile:
    """An open file of likelihoods, or none where nothing is to be kept; use it in a ``with`` block.

    Parameters
    ----------
    path : Path or None
    heading : mapping
        What the fit is about, ready for JSON; two runs belong together when it is equal.
    resume : bool
        Go on with a file; a new one is begun where there is none.

    Raises
    ------
    InputError
        When there is a file already and ``resume`` is not asked for, when it is about something
        else, and when it is damaged.
    AnalysisError
        When it cannot be written.
    """

    def __init__(self, path: Path | None, heading: Mapping[str, Any], resume: bool) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        old = path.exists()
        if old and not resume:
            raise InputError(
                f"{path}: there is a fit already; go on with it (--resume, resume=True), delete "
                "it, or choose another file"
            )
        if old and _head(path) != _MAGIC:
            raise InputError(f"{path}: no fit, or its beginning is lost; choose another file")
        text = json.dumps({"format": FORMAT, **heading}, sort_keys=True, ensure_ascii=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=30.0, isolation_level=None)
            self._connection.execute("PRAGMA synchronous = EXTRA")
            if old:
                self._compare(text)
            else:
                self._connection.executescript(_TABLES)
                self._connection.execute("INSERT INTO fit VALUES (?, ?)", (text, _sha256(text)))
        except (sqlite3.DatabaseError, OSError) as error:
            self.__exit__(None, None, None)
            if old:
                raise self._damaged(str(error)) from None
            raise AnalysisError(
                f"{path}: a fit cannot be written here ({error}); make room or choose another place"
            ) from None
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __enter__(self) -> LikelihoodFile:
        """Return the file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def pieces(self, batch: int) -> dict[int, Found]:
        """Return the pieces of a batch by their first point."""
        if self._connection is None:
            return {}
        query = "SELECT first, numbers, reasons, sha256 FROM piece WHERE batch = ?"
        try:
            rows = self._connection.execute(query, (batch,)).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from None
        found = {}
        for first, numbers, reasons, stated in rows:
            if _seal(batch, first, numbers, reasons) != stated:
                raise self._damaged(f"piece {first} of batch {batch} is changed")
            found[first] = np.frombuffer(numbers, dtype="<f8").copy(), tuple(json.loads(reasons))
        return found

    def add(self, batch: int, first: int, found: Found) -> None:
        """Store a piece for good; when this returns it survives a power cut."""
        if self._connection is None:
            return
        numbers, reasons = found[0].astype("<f8").tobytes(), json.dumps(found[1])
        row = (batch, first, numbers, reasons, _seal(batch, first, numbers, reasons))
        try:
            self._connection.execute("INSERT INTO piece VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.DatabaseError as error:
            raise AnalysisError(
                f"{self.path}: cannot be written ({error}); what was finished is kept: make room, "
                "let no other run write to it, and go on with --resume"
            ) from None

    def _compare(self, text: str) -> None:
        assert self._connection is not None
        if wrong := page_fault(self._connection):
            raise self._damaged(wrong)
        rows = self._connection.execute("SELECT heading, sha256 FROM fit").fetchall()
        if len(rows) != 1 or _sha256(str(rows[0][0])) != rows[0][1]:
            raise self._damaged("its heading is changed")
        there, here = json.loads(rows[0][0]), json.loads(text)
        different = sorted(name for name in here | there if here.get(name) != there.get(name))
        if different:
            name = different[0]
            was, is_ = (str(one.get(name))[:60] for one in (there, here))
            raise InputError(
                f"{self.path}: this is another fit ({name} was {was}, now {is_}); give the same "
                "options, or choose another file"
            )

    def _damaged(self, what: str) -> InputError:
        return InputError(f"{self.path}: the file is damaged ({what}); delete it and fit again")


def _head(path: Path) -> bytes:
    """Return the first bytes of a file; none of a folder or a device."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as stream:
            return stream.read(len(_MAGIC))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; choose another file") from None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _seal(batch: int, first: int, numbers: bytes, reasons: str) -> str:
    return hashlib.sha256(f"{batch} {first} {reasons} ".encode() + bytes(numbers)).hexdigest()
