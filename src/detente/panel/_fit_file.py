"""The file with which a fit of a panel that was stopped goes on: what each step found.

A search takes the same steps from the same numbers, so a fit is taken up by doing it again with
what was stored. `detente.engine` keeps the file. Cost: a few flushes to disk a step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

import detente
from detente.engine import Chunk, ChunkFile, FileKind, Heading, VisibleText, go_on
from detente.errors import InputError
from detente.values import Floats


class PanelFitHeading(Heading):
    """What a file of a panel's steps says that it is about."""

    version: VisibleText
    panel: VisibleText
    hash: VisibleText
    parameters: list[VisibleText]
    conflicts: Annotated[int, Field(ge=1)]


STEPS = FileKind(
    name="panel fit",
    mark=b"dtPa",
    format=1,
    heading=PanelFitHeading,
    numbers={"at": "<f8", "value": "<f8", "slope": "<f8"},
    texts={},
    widths=lambda heading: {
        "at": len(heading["parameters"]),
        "value": 1,
        "slope": len(heading["parameters"]),
    },
    agreeing={
        "version": "version of detente",
        "panel": "panel",
        "hash": "content of the panel's files (by hash)",
        "parameters": "coefficients",
        "conflicts": "number of conflicts",
    },
    finding="choose another file",
    mending="delete it and fit again",
)

Step = tuple[float, Floats]
"""A log posterior density and its slopes."""


class StoredSteps:
    """Steps by number, from a file where there is one.

    Parameters
    ----------
    path : Path or str, optional
    resume : bool
    heading : PanelFitHeading
    """

    def __init__(self, path: Path | str | None, resume: bool, heading: PanelFitHeading) -> None:
        self._file: ChunkFile | None = None
        self._path = path
        self._found: list[Chunk] = []
        self.count = 0
        if path is not None:
            self._file = go_on(Path(path), STEPS, heading.model_dump(), resume)
            self._found = list(self._file.chunks())

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.__exit__()

    def step(self, at: Floats, find: Callable[[Floats], Step]) -> Step:
        """Return what is found at some coefficients, stored where it was found before."""
        number, self.count = self.count, self.count + 1
        if number < len(self._found):
            columns = self._found[number].columns
            if np.array_equal(columns["at"][0], at):
                return float(columns["value"][0, 0]), columns["slope"][0].copy()
            raise InputError(
                f"{self._path}: this search takes other steps than those stored, as on another "
                "kind of machine; delete the file and fit again"
            )
        value, slope = find(at)
        if self._file is not None:
            rows = {"at": at[None, :], "value": np.array([[value]]), "slope": slope[None, :]}
            self._file.add(Chunk(number, 1, rows))
        return value, slope


def heading_of(name: str, sha256: str, names: Sequence[str], conflicts: int) -> PanelFitHeading:
    """Return what a file of steps is about."""
    return PanelFitHeading(
        version=detente.__version__, panel=name, hash=sha256, parameters=list(names),
        conflicts=conflicts,
    )  # fmt: skip
