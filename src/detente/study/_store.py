"""Study files (docs/design.md, 8): the case's text, the design and its seed, finished chunks.

`detente.engine` keeps them; here stands what is particular to studies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter

from detente.case import Case
from detente.claims import kind_of
from detente.engine import (
    Chunk,
    ChunkFile,
    FileKind,
    Heading,
    VisibleText,
    open_file,
    salvage_file,
)
from detente.study._design import Design, Kind
from detente.study._solve import LARGEST, POINTS, WORK, asked_claims

MOST_DRAWS = 10_000_000
_SLACK = 1e-3
"""By which a probability may be off: more than rounding ever is."""
_BOUNDS = {"share": (0.0, 1.0), "truth": (0.0, 1.0), "points": (-1.0, 1.0)}
"""Of the answers to a claim, by their kind."""


class StudyHeading(Heading):
    """What a study file says that was studied; see `detente.study._run.describe`."""

    version: VisibleText
    case: VisibleText
    sha256: VisibleText
    text: str
    settings: dict[VisibleText, float]
    variants: list[VisibleText]
    design: Kind
    draws: Annotated[int, Field(ge=1, le=MOST_DRAWS)]
    seed: Annotated[int, Field(ge=0, lt=2**128)]
    names: list[VisibleText]
    values: VisibleText
    claims: list[VisibleText]
    series: Annotated[int, Field(ge=1, le=2**20)]


def _widths(heading: Mapping[str, Any]) -> dict[str, int]:
    claims = len(heading["claims"])
    return {
        "parameters": len(heading["names"]),
        "answers": claims,
        "unscoped": claims,
        "paths": POINTS * heading["series"],
        "work": WORK,
        "seconds": 1,
    }


_Draw = Annotated[int, Field(ge=0, lt=MOST_DRAWS)]

STUDY = FileKind(
    name="study",
    mark=b"dtSt",
    format=3,
    heading=StudyHeading,
    numbers={
        "parameters": "<f8",
        "answers": "<f8",
        "unscoped": "<f8",
        "paths": "<f4",
        "work": "<f8",
        "seconds": "<f8",
    },
    texts={"failures": TypeAdapter(list[tuple[_Draw, VisibleText, VisibleText]])},
    widths=_widths,
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


def sound_chunks(file: ChunkFile, case: Case, design: Design) -> Iterator[Chunk]:
    """Yield the chunks of a study file.

    Raises
    ------
    InputError
        Where one could not be what was solved: draws of other parameters, probabilities out of
        bounds, a failure of another draw or claim.
    """
    for chunk in file.chunks():
        if not (_is_of(chunk, case, design) and _is_possible(chunk, case)):
            what = f"draws {chunk.draws.start} to {chunk.draws.stop - 1} are none of this study"
            raise STUDY.damaged(file.path, what)
        yield chunk


def _is_of(chunk: Chunk, case: Case, design: Design) -> bool:
    """Whether a chunk has the parameters of its draws, and failures of them and of claims."""
    columns, asked = chunk.columns, {"", *(claim.id for claim in asked_claims(case))}
    told = {(draw, claim) for draw, claim, _ in columns["failures"]}
    return (
        len(told) == len(columns["failures"])
        and all(draw in chunk.draws and claim in asked for draw, claim in told)
        and np.array_equal(
            columns["parameters"], design.values[chunk.draws.start : chunk.draws.stop]
        )
    )


def _is_possible(chunk: Chunk, case: Case) -> bool:
    """Whether draws that failed have no answers, and probabilities are within their bounds."""
    failed = {draw for draw, claim, _ in chunk.columns["failures"] if not claim}
    solved = np.array([draw not in failed for draw in chunk.draws])
    paths = chunk.columns["paths"].reshape(chunk.count, POINTS, -1)[solved]
    shares, work = paths[:, :, : sum(case.shape)], chunk.columns["work"][solved]
    bounds = [_BOUNDS.get(kind_of(claim), (-LARGEST, LARGEST)) for claim in asked_claims(case)]
    low, high = np.array(bounds).reshape(-1, 2).T
    return bool(
        not np.isnan(paths).any()
        and ((shares > -_SLACK) & (shares < 1.0 + _SLACK)).all()
        and ((work >= 0.0) & (work < np.inf)).all()
        and all(
            np.isnan(answers[~solved]).all()
            and not ((answers < low - _SLACK) | (answers > high + _SLACK)).any()
            for answers in (chunk.columns["answers"], chunk.columns["unscoped"])
        )
    )


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
