"""What is intact in a damaged file of chunks, saved into a new one.

The numbers that stand in the pages of the file are tried as beginnings of chunks, whatever leads to
them, so that a hole in the file costs only what lies in it; a chunk whose checksum is wrong is left
behind. Cost: linear in the file, whatever it says of its length.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from detente.engine._chunk_file import Chunk, ChunkFile, create_file, open_file
from detente.engine._file_kind import FileKind
from detente.engine._opening import check_header, open_bytes
from detente.errors import AnalysisError, InputError

_STATED_LENGTH = 28
"""Where the header of SQLite has the number of pages; zero is as many as there are."""
_LEAF = 13
"""First byte of a page of rows."""


def salvage_file(path: Path, target: Path, kind: FileKind) -> tuple[int, int]:
    """Copy the intact chunks of a file into a new file, with which a run can go on.

    Parameters
    ----------
    path : Path
    target : Path
        A file that does not exist yet.
    kind : FileKind
        Its heading says how many ``draws`` there are.

    Returns
    -------
    saved, draws : int
        Draws saved, and all draws.

    Raises
    ------
    InputError
        When the beginning of the file, which says what it is about, is lost, or ``target`` exists.
    AnalysisError
        When no chunk is intact, or the new file cannot be written.
    """
    if target.exists():
        raise InputError(f"{target}: there is a file already; choose another name")
    check_header(path, kind, "check its name")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _copy_bytes(path, draft, kind)
        try:
            damaged = open_file(draft, kind, checked=False)
        except InputError:
            raise InputError(
                f"{path}: what was studied stands at the beginning of the file and is lost; "
                "nothing can be saved"
            ) from None
        with damaged:
            intact = _intact(damaged, sorted(_beginnings(draft)))
            first = next(intact, None)
            if first is None:
                raise AnalysisError(f"{path}: no chunk is whole; nothing can be saved")
            saved = 0
            with create_file(target, kind, damaged.heading) as new:
                for chunk in chain([first], intact):
                    new.add(chunk)
                    saved += chunk.count
            return saved, damaged.heading["draws"]
    finally:
        draft.unlink(missing_ok=True)


def _intact(damaged: ChunkFile, beginnings: Sequence[int]) -> Iterator[Chunk]:
    end, draws = 0, damaged.heading["draws"]
    for first in beginnings:
        if not end <= first < draws:
            continue
        try:
            chunk = damaged.chunk(first)
        except InputError:
            chunk = None
        if chunk is not None:
            yield chunk
            end = chunk.draws.stop


def _beginnings(path: Path) -> set[int]:
    """Return the keys in all pages that may be leaves of a table (SQLite, "File Format", 1.6)."""
    found: set[int] = set()
    with path.open("rb") as stream:
        size = int.from_bytes(stream.read(18)[16:], "big")
        stream.seek(0)
        while page := stream.read(65536 if size == 1 else size):
            if page[0] == _LEAF:
                cells = range(8, 8 + 2 * int.from_bytes(page[3:5], "big"), 2)
                for cell in {int.from_bytes(page[k : k + 2], "big") for k in cells}:
                    found.add(_number(page, _number(page, cell)[1])[0])
    return found


def _number(page: bytes, place: int) -> tuple[int, int]:
    """Return the number of variable length at a place, and where it ends."""
    value = 0
    for end in range(place, place + 8):
        byte = page[end] if end < len(page) else 0
        value = value << 7 | byte & 127
        if byte < 128:
            return value, end + 1
    return value << 8 | (page[place + 8] if place + 8 < len(page) else 0), place + 9


def _copy_bytes(path: Path, draft: Path, kind: FileKind) -> None:
    """Copy a file, with the length that it has, not the one that it states."""
    with open_bytes(path, kind, "check its name") as damaged:
        try:
            with draft.open("wb") as stream:
                shutil.copyfileobj(damaged, stream)
                stream.seek(_STATED_LENGTH)
                stream.write(bytes(4))
        except OSError as error:
            raise AnalysisError(
                f"{draft.parent}: {error.strerror}; make room or choose another place for what is "
                "saved"
            ) from None
