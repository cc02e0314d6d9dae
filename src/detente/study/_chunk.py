"""Outcomes of consecutive draws, a chunk at a time: arrays in memory, plain bytes on disk.

Every array becomes little-endian bytes in C order, failures become JSON, and a SHA-256 over all of
it tells a whole chunk from a damaged one. Cost: a copy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.study._solve import POINTS, WORK, DrawOutcome

Floats = NDArray[np.float64]

COLUMNS = ("parameters", "answers", "unscoped", "paths", "work", "seconds", "failures")
"""Parts of a chunk on disk, in the order of the checksum."""


@dataclass(frozen=True, slots=True)
class ChunkLayout:
    """How wide the arrays of a study's chunks are."""

    parameters: int
    claims: int
    series: int


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Outcomes of the draws ``first`` to ``first + len(chunk) - 1``; nan where a draw failed.

    Attributes
    ----------
    first : int
    parameters : ndarray, (draws, parameters)
    answers, unscoped : ndarray, (draws, claims)
    paths : ndarray of float32, (draws, points, series)
    work : ndarray, (draws, 3)
    seconds : ndarray, (draws,)
    failures : tuple of (draw, claim id, reason)
    """

    first: int
    parameters: Floats
    answers: Floats
    unscoped: Floats
    paths: NDArray[np.float32]
    work: Floats
    seconds: Floats
    failures: tuple[tuple[int, str, str], ...]

    def __len__(self) -> int:
        """Return the number of draws."""
        return len(self.seconds)

    @property
    def draws(self) -> range:
        """Numbers of the draws."""
        return range(self.first, self.first + len(self))


def gather(parameters: Floats, outcomes: Sequence[DrawOutcome]) -> Chunk:
    """Put outcomes of consecutive draws together.

    Parameters
    ----------
    parameters : ndarray, (draws, parameters)
        Of these draws.
    outcomes : sequence of DrawOutcome
        In the order of their numbers.

    Returns
    -------
    Chunk
    """
    return Chunk(
        first=outcomes[0].number,
        parameters=parameters,
        answers=np.stack([o.values for o in outcomes]),
        unscoped=np.stack([o.unscoped for o in outcomes]),
        paths=np.stack([o.paths for o in outcomes]),
        work=np.stack([o.work for o in outcomes]),
        seconds=np.array([o.seconds for o in outcomes]),
        failures=tuple((o.number, *failure) for o in outcomes for failure in o.failures),
    )


def to_bytes(chunk: Chunk) -> dict[str, bytes]:
    """Return the parts of a chunk as bytes, by column."""
    found = {
        name: np.ascontiguousarray(getattr(chunk, name), dtype=_kind(name)).tobytes()
        for name in COLUMNS[:-1]
    }
    return {**found, "failures": json.dumps(chunk.failures, ensure_ascii=False).encode()}


def from_bytes(first: int, count: int, parts: dict[str, bytes], layout: ChunkLayout) -> Chunk:
    """Return the chunk that `to_bytes` took apart.

    Raises
    ------
    InputError
        When a part is too short or too long.
    """
    shapes = {
        "parameters": (count, layout.parameters),
        "answers": (count, layout.claims),
        "unscoped": (count, layout.claims),
        "paths": (count, POINTS, layout.series),
        "work": (count, WORK),
        "seconds": (count,),
    }
    arrays = {}
    for name, shape in shapes.items():
        flat = np.frombuffer(parts[name], dtype=_kind(name))
        if flat.size != np.prod(shape):
            raise InputError(f"the {name} of draws {first} to {first + count - 1} are not whole")
        arrays[name] = flat.reshape(shape)
    failures = tuple((int(n), str(c), str(r)) for n, c, r in json.loads(parts["failures"]))
    return Chunk(first=first, failures=failures, **arrays)


def checksum(first: int, count: int, parts: dict[str, bytes]) -> str:
    """Return the SHA-256 of a chunk's numbers and parts."""
    digest = hashlib.sha256(f"{first} {count}".encode())
    for name in COLUMNS:
        digest.update(f" {name} {len(parts[name])} ".encode())
        digest.update(parts[name])
    return digest.hexdigest()


def _kind(name: str) -> str:
    return "<f4" if name == "paths" else "<f8"
