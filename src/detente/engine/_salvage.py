"""What is intact in a damaged file of chunks, saved into a new one.

Every draw number is tried as the beginning of a chunk, so that a hole in the file costs only what
lies in it; a chunk whose checksum is wrong is left behind. Cost: one look-up per draw.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from detente.engine._chunk_file import (
    Chunk,
    ChunkFile,
    FileKind,
    create_file,
    open_bytes,
    open_file,
)
from detente.errors import AnalysisError, InputError


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
            intact = _intact(damaged)
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


def _intact(damaged: ChunkFile) -> Iterator[Chunk]:
    number = 0
    while number < damaged.heading["draws"]:
        try:
            chunk = damaged.chunk(number)
        except InputError:
            chunk = None
        if chunk is not None:
            yield chunk
        number += 1 if chunk is None else chunk.count


def _copy_bytes(path: Path, draft: Path, kind: FileKind) -> None:
    """Copy a file and pad it to its stated length, without which SQLite reads nothing of it."""
    with open_bytes(path, kind, "check its name") as damaged:
        try:
            with draft.open("wb") as stream:
                shutil.copyfileobj(damaged, stream)
        except OSError as error:
            raise AnalysisError(
                f"{draft.parent}: {error.strerror}; make room or choose another place for what is "
                "saved"
            ) from None
    with draft.open("r+b") as stream:
        head = stream.read(100)
        page = int.from_bytes(head[16:18], "big")
        stated = int.from_bytes(head[28:32], "big") * (65536 if page == 1 else page)
        stream.seek(0, os.SEEK_END)
        if stream.tell() < stated:
            stream.truncate(stated)
