"""Study files (docs/design.md, 8): the case's text, the design and its seed, finished chunks.

`detente.engine` keeps them; here stands what is particular to studies.
"""

from __future__ import annotations

from pathlib import Path

from detente.engine import ChunkFile, FileKind, open_file, salvage_file

STUDY = FileKind(
    name="study",
    format=2,
    columns={
        "parameters": "<f8",
        "answers": "<f8",
        "unscoped": "<f8",
        "paths": "<f4",
        "work": "<f8",
        "seconds": "<f8",
        "failures": "json",
    },
    agreeing={
        "design": "design",
        "draws": "number of draws",
        "seed": "seed",
        "version": "version of detente",
        "settings": "parameters set:",
        "variants": "variants chosen:",
        "names": "parameters drawn",
    },
    finding="`detente study list FOLDER` shows the studies in a folder",
    mending="`detente study salvage {path} OUT` saves what is whole",
)


def open_store(path: Path | str) -> ChunkFile:
    """Open a study file, finished or not; its heading tells what was studied.

    Raises
    ------
    InputError
        When there is no such file, when it is no study, or when it is damaged.
    """
    return open_file(Path(path), STUDY)


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
    return salvage_file(Path(path), Path(target), STUDY)
