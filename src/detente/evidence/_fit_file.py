"""Files of likelihoods, with which a fit that was stopped goes on.

`detente.engine` keeps them; here stands what is particular to fits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter

import detente
from detente.engine import Chunk, ChunkFile, FileKind, Heading, VisibleText
from detente.evidence._filter import Start
from detente.evidence._likelihood import FitProblem
from detente.evidence._prior import Prior
from detente.values import Floats

_LARGEST = 1e9
"""Of a log likelihood: no record is as long as that."""


class FitHeading(Heading):
    """What a file of likelihoods says that it is about."""

    version: VisibleText
    case: VisibleText
    text: str
    parameters: list[list[VisibleText | float]]
    inputs: list[VisibleText]
    until: VisibleText
    without: list[VisibleText]
    start: VisibleText
    particles: Annotated[int, Field(ge=1)]
    values: VisibleText
    seed: Annotated[int, Field(ge=0, lt=2**128)]


FIT = FileKind(
    name="fit",
    mark=b"dtFi",
    format=3,
    heading=FitHeading,
    numbers={"log_likelihood": "<f8"},
    texts={"reasons": TypeAdapter(list[VisibleText])},
    widths=lambda _: {"log_likelihood": 1},
    agreeing={
        "version": "version of detente",
        "case": "case",
        "parameters": "parameters",
        "inputs": "inputs",
        "until": "last day",
        "without": "left out",
        "start": "start",
        "particles": "number of particles",
        "seed": "seed",
    },
    finding="choose another file",
    mending="delete it and fit again",
)


def fit_heading(
    task: FitProblem,
    prior: Prior,
    scores: Floats,
    seed: int,
    without: tuple[str, ...],
    start: Start,
) -> dict[str, Any]:
    """Return what a file of likelihoods is about.

    All else in a fit follows from its seed, so a fit that was stopped is taken up by doing it again
    with the likelihoods that were stored.
    """
    if not isinstance(start, str):
        start = hashlib.sha256(np.asarray(start, dtype="<f8").tobytes()).hexdigest()
    return {
        "version": detente.__version__,
        "case": task.case.name,
        "text": task.case.text.decode("utf-8"),
        "parameters": [[p.name, p.value, p.low, p.high] for p in task.case.parameters.values()],
        "inputs": list(prior.names),
        "until": str(task.record.until),
        "without": sorted(without),
        "start": start,
        "particles": len(scores),
        "values": hashlib.sha256(scores.astype("<f8").tobytes()).hexdigest(),
        "seed": seed,
    }


def sound_chunks(file: ChunkFile, among: range) -> Iterator[Chunk]:
    """Yield the stored chunks that begin in a range, see `ChunkFile.chunks`.

    Raises
    ------
    InputError
        Where one could not be what was weighed: a likelihood that is no number, or a reason why
        it is zero where it is not.
    """
    for chunk in file.chunks(among):
        values, reasons = chunk.columns["log_likelihood"].ravel(), chunk.columns["reasons"]
        if len(reasons) != chunk.count or not all(
            np.isneginf(value) or (abs(value) < _LARGEST and not why)
            for value, why in zip(values, reasons, strict=True)
        ):
            what = f"draws {chunk.draws.start} to {chunk.draws.stop - 1} are no likelihoods"
            raise FIT.damaged(file.path, what)
        yield chunk
