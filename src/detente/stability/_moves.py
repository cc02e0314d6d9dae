"""What one actor may do to the state tensor: its moves as a few small factors.

An actor changes any of its own options at once, so its joint moves are the Kronecker product of the
transition matrices of its options, which is never built. Two factored forms are kept:

- *segments*: one for each option, neighbouring unrestricted options merged, for extremes taken axis
  by axis (`detente.stability._extremes`);
- *classes*: levels that reach, and are reached from, the same levels are one class; the actor's
  options are split in two halves, each with its classes and which reach which, for sweeps along
  sorted lines (`detente.stability._improve`). An unrestricted actor has one class.

Cost: that of the matrices; nothing here is of the size of the tensor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict
from detente.values import Bools

ANY, UP, DOWN, TABLE = range(4)


@dataclass(frozen=True, eq=False)
class Segment:
    """One axis, or several neighbouring ones taken together, along which an actor moves.

    Parameters
    ----------
    block : tuple of int
        Extents of the tensor before the segment, of the segment, after it.
    kind : int
        ``ANY``, ``UP``, ``DOWN`` or ``TABLE``.
    allowed : ndarray of bool
        ``[from, to]``; read for a ``TABLE`` only.
    """

    block: tuple[int, int, int]
    kind: int
    allowed: Bools


@dataclass(frozen=True, eq=False)
class Half:
    """Classes of the joint levels of some of an actor's options.

    Parameters
    ----------
    classes : ndarray of int32
        The class of each of the actor's joint levels.
    reach : ndarray of bool
        ``[from, to]`` over classes.
    """

    classes: NDArray[np.int32]
    reach: Bools

    @cached_property
    def onward(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Classes reached from each class, as row starts and columns."""
        return _rows(self.reach)

    @cached_property
    def back(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Classes that reach each class, as row starts and columns."""
        return _rows(self.reach.T)


@dataclass(frozen=True, eq=False)
class ActorMoves:
    """An actor's moves.

    Parameters
    ----------
    block : tuple of int
        Extents of the tensor before the actor's own axes, of its joint levels, after them.
    segments : tuple of Segment
    halves : tuple of Half
        Two of them.
    composes : bool
        Whether two moves in a row are one move, or none: every transition matrix is transitive.
    """

    block: tuple[int, int, int]
    segments: tuple[Segment, ...]
    halves: tuple[Half, Half]
    composes: bool

    @classmethod
    def of(cls, conflict: Conflict, actor: str) -> ActorMoves:
        """Read an actor's moves off a conflict."""
        own = conflict.space.of(actor)
        allowed = [conflict.allowed[k] for k in own]
        return cls(
            block=conflict.space.block(actor),
            segments=_segments(conflict.shape, own, allowed),
            halves=_halves(allowed),
            composes=all(map(is_transitive, allowed)),
        )


def is_transitive(allowed: Bools) -> bool:
    """Tell whether two allowed level changes in a row are always an allowed one.

    Examples
    --------
    >>> is_transitive(np.triu(np.ones((3, 3), dtype=bool)))
    True
    >>> is_transitive(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=bool))
    False
    """
    if _kind(allowed) != TABLE:
        return True
    steps = allowed.astype(np.float32)
    return not ((steps @ steps > 0) & ~allowed).any()


def _segments(shape: tuple[int, ...], own: range, allowed: Sequence[Bools]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for axis, matrix in zip(own, allowed, strict=True):
        block = (prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :]))
        kind = _kind(matrix)
        if kind == ANY and segments and segments[-1].kind == ANY:
            before, levels, _ = segments.pop().block
            block = (before, levels * block[1], block[2])
        segments.append(Segment(block, kind, matrix))
    return tuple(segments)


def _kind(allowed: Bools) -> int:
    full = np.ones_like(allowed)
    for kind, pattern in ((ANY, full), (UP, np.triu(full)), (DOWN, np.tril(full))):
        if np.array_equal(allowed, pattern):
            return kind
    return TABLE


def _halves(allowed: Sequence[Bools]) -> tuple[Half, Half]:
    found = [_classes(matrix) for matrix in allowed]
    counts = [len(reach) for _, reach in found]
    cut = min(range(len(found) + 1), key=lambda k: max(prod(counts[:k]), prod(counts[k:])))
    sizes = [len(matrix) for matrix in allowed]
    levels = np.indices(sizes, dtype=np.int32).reshape(len(sizes), -1)
    first, second = range(cut), range(cut, len(found))
    return _half(found, levels, first), _half(found, levels, second)


def _classes(allowed: Bools) -> tuple[NDArray[np.int32], Bools]:
    levels = len(allowed)
    if _kind(allowed) == ANY:
        return np.zeros(levels, dtype=np.int32), np.ones((1, 1), dtype=bool)
    if _kind(allowed) != TABLE:
        return np.arange(levels, dtype=np.int32), allowed
    _, first, classes = np.unique(
        np.hstack([allowed, allowed.T]), axis=0, return_index=True, return_inverse=True
    )
    return classes.reshape(-1).astype(np.int32), allowed[np.ix_(first, first)]


def _half(
    found: Sequence[tuple[NDArray[np.int32], Bools]],
    levels: NDArray[np.int32],
    options: range,
) -> Half:
    classes = np.zeros(levels.shape[1], dtype=np.int32)
    reach = np.ones((1, 1), dtype=bool)
    for k in options:
        own, matrix = found[k]
        classes = (classes * len(matrix) + own[levels[k]]).astype(np.int32)
        reach = np.kron(reach, matrix).astype(bool)
    return Half(classes, reach)


def _rows(reach: Bools) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    starts = np.concatenate([[0], np.cumsum(reach.sum(axis=1))]).astype(np.int32)
    return starts, np.nonzero(reach)[1].astype(np.int32)
