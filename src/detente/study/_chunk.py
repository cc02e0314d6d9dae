"""Outcomes of consecutive draws, a chunk at a time: arrays in memory, plain bytes on disk.

Every array becomes little-endian bytes in C order, failures become JSON. Cost: a copy.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.engine import StoredChunk
from detente.study._solve import POINTS, DrawOutcome

Floats = NDArray[np.float64]

_SHAPES: dict[str, tuple[int, ...]] = {
    "parameters": (-1,),
    "answers": (-1,),
    "unscoped": (-1,),
    "paths": (POINTS, -1),
    "work": (-1,),
    "seconds": (),
}
COLUMNS = (*_SHAPES, "failures")
"""Parts of a chunk on disk."""


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


def gather(first: int, parameters: Floats, outcomes: Sequence[DrawOutcome]) -> Chunk:
    """Put outcomes of consecutive draws together.

    Parameters
    ----------
    first : int
        Number of the first draw.
    parameters : ndarray, (draws, parameters)
        Of these draws.
    outcomes : sequence of DrawOutcome

    Returns
    -------
    Chunk
    """
    return Chunk(
        first=first,
        parameters=parameters,
        answers=np.stack([o.values for o in outcomes]),
        unscoped=np.stack([o.unscoped for o in outcomes]),
        paths=np.stack([o.paths for o in outcomes]),
        work=np.stack([o.work for o in outcomes]),
        seconds=np.array([o.seconds for o in outcomes]),
        failures=tuple((n, *why) for n, o in enumerate(outcomes, first) for why in o.failures),
    )


def to_stored(chunk: Chunk) -> StoredChunk:
    """Return a chunk as bytes."""
    parts = {
        name: np.ascontiguousarray(getattr(chunk, name), dtype=_kind(name)).tobytes()
        for name in _SHAPES
    }
    parts["failures"] = json.dumps(chunk.failures, ensure_ascii=False).encode()
    return StoredChunk(chunk.first, len(chunk), parts)


def from_stored(stored: StoredChunk) -> Chunk:
    """Return the chunk that `to_stored` took apart."""
    arrays = {
        name: np.frombuffer(stored.columns[name], dtype=_kind(name)).reshape(stored.count, *shape)
        for name, shape in _SHAPES.items()
    }
    told = json.loads(stored.columns["failures"])
    failures = tuple((int(n), str(c), str(r)) for n, c, r in told)
    return Chunk(first=stored.first, failures=failures, **arrays)


def _kind(name: str) -> str:
    return "<f4" if name == "paths" else "<f8"
