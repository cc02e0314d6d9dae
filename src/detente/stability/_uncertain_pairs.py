"""Pairs of states as people give them: a list of pairs, or a matrix; kept as bit masks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from detente.conflict import State
from detente.errors import InputError
from detente.stability._inverse.move_sets import MoveSets
from detente.text import suggestion
from detente.values import Bools

Pairs = Iterable[tuple[State, State]] | Bools


def masks_of(board: MoveSets, given: Pairs, place: str) -> list[int]:
    """Return for each feasible state the set of states it comes first in a pair with.

    Parameters
    ----------
    given : iterable of pairs of states, or ndarray of bool
        A matrix is over flat states ``[first, second]``; what it says of infeasible ones is left
        out.
    place : str
        What was given, for messages.
    """
    masks = [0] * len(board.states)
    conflict = board.conflict
    if isinstance(given, np.ndarray):
        if given.shape != (conflict.size, conflict.size) or given.dtype != bool:
            raise InputError(
                f"{place} is an array of {given.dtype} of shape {given.shape}; give one of bool "
                f"of shape {(conflict.size, conflict.size)}, or a list of pairs"
            )
        for x, y in np.argwhere(given[np.ix_(board.states, board.states)]).tolist():
            masks[x] |= 1 << y
        return masks
    if not isinstance(given, Iterable):
        raise InputError(f"{place} is {given!r}; give pairs of two states, or a matrix of bool")
    for pair in given:
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise InputError(f"{place} holds {pair!r}; give pairs of two states")
        first, second = (board.place[conflict.index(state)] for state in pair)
        masks[first] |= 1 << second
    return masks


def known(name: str, names: Sequence[str], what: str) -> None:
    """Raise `InputError` with the nearest name when a name is none of those known."""
    if name not in names:
        hint = suggestion(str(name), names, what.partition(" ")[0])
        raise InputError(f"there is no {what} {name!r}; {hint}")
