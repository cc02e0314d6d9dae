"""What is whole in a damaged study file, saved into a new one.

Every draw number is tried as the beginning of a chunk, so that a hole in the file costs only what
lies in it; a chunk whose checksum is wrong is left behind. Cost: one look-up a draw.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from detente.errors import AnalysisError, InputError
from detente.study._chunk import Chunk
from detente.study._store import Store, create, open_store


def salvage(path: Path | str, target: Path | str) -> tuple[int, int]:
    """Copy the intact chunks of a study file into a new file, which can be resumed.

    Parameters
    ----------
    path : path or str
    target : path or str
        A file that does not exist yet.

    Returns
    -------
    saved, draws : int
        Draws saved, and draws of the study.

    Raises
    ------
    InputError
        When the beginning of the file, which says what was studied, is lost, or ``target`` exists.
    AnalysisError
        When no chunk is whole, or the new file cannot be written.
    """
    path, target = Path(path), Path(target)
    if target.exists():
        raise InputError(f"{target}: there is a file already; choose another name")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _copy_whole(path, draft)
        try:
            damaged = open_store(draft, checked=False)
        except InputError:
            raise InputError(
                f"{path}: what was studied stands at the beginning of the file and is lost; "
                "nothing can be saved"
            ) from None
        with damaged:
            return _copy_chunks(damaged, path, target)
    finally:
        draft.unlink(missing_ok=True)


def _copy_chunks(damaged: Store, path: Path, target: Path) -> tuple[int, int]:
    saved, first, draws = 0, 0, damaged.record.draws
    whole: list[int] = []
    while first < draws:
        chunk = _whole_chunk(damaged, first)
        if chunk is not None:
            whole.append(first)
        first += 1 if chunk is None else len(chunk)
    if not whole:
        raise AnalysisError(f"{path}: no chunk is whole; nothing can be saved")
    with create(target, damaged.record) as new:
        for first in whole:
            chunk = _whole_chunk(damaged, first)
            if chunk is not None:
                new.add(chunk)
                saved += len(chunk)
    return saved, draws


def _whole_chunk(damaged: Store, first: int) -> Chunk | None:
    try:
        return damaged.chunk(first)
    except InputError:
        return None


def _copy_whole(path: Path, draft: Path) -> None:
    """Copy a file and pad it to its stated length, without which SQLite reads nothing of it."""
    try:
        damaged = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; check its name") from None
    with damaged:
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
