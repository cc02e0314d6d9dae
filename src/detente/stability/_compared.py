"""Comparisons as people give them: pairs of states, a matrix, or a difference in utility.

A difference is looked at between levels of a ranking, each of which counts as its least utility, so
that states that tie are compared alike; which levels it takes in is then a limit of rank for each
level. Cost: that of what is given; O(N log N) for a difference on N states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from detente.conflict import Conflict, State
from detente.errors import InputError
from detente.stability._extremes import Ranks
from detente.stability._inverse.move_sets import MoveSets, check_actor
from detente.text import suggestion
from detente.values import Bools, Floats, Ints

Pairs = Iterable[tuple[State, State]] | Bools
Given = float | tuple[tuple[int, int], ...]
"""A difference in utility, or pairs of flat states."""


def read(conflict: Conflict, given: Mapping[str, Pairs | float], what: str) -> dict[str, Given]:
    """Return for each actor what is given of it, as a difference or as pairs of flat states.

    Parameters
    ----------
    given : mapping
        By actor an iterable of pairs of states, a difference that is zero or more, or a matrix of
        bool over flat states ``[first, second]``; what it says of infeasible ones is left out.
    what : str
        What was given, for messages.
    """
    if not isinstance(given, Mapping):
        raise InputError(f"{what} is {given!r}; give pairs of states, or a difference, by actor")
    for actor in given:
        check_actor(conflict, actor)
    return {a: _read(conflict, given.get(a, ()), f"{what}[{a!r}]") for a in conflict.actors}


def _read(conflict: Conflict, given: Pairs | float, place: str) -> Given:
    if isinstance(given, int | float):
        if not given >= 0:
            raise InputError(f"{place} is {given}; a difference is zero or more")
        return float(given)
    if isinstance(given, np.ndarray):
        if given.shape != (conflict.size, conflict.size) or given.dtype != bool:
            raise InputError(
                f"{place} is an array of {given.dtype} of shape {given.shape}; give one of bool "
                f"of shape {(conflict.size, conflict.size)}, or a list of pairs"
            )
        feasible = conflict.feasible.reshape(-1)
        named = np.argwhere(given & feasible & feasible[:, None]).tolist()
        return tuple((first, second) for first, second in named)
    if not isinstance(given, Iterable):
        raise InputError(f"{place} is {given!r}; give pairs of two states, or a matrix of bool")
    found = set()
    for pair in given:
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise InputError(f"{place} holds {pair!r}; give pairs of two states")
        first, second = (conflict.index(state) for state in pair)
        found.add((first, second))
    return tuple(sorted(found))


def masks_of(board: MoveSets, pairs: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Return for each state of a board the set of states it comes first in a pair with."""
    masks = [0] * len(board.states)
    for first, second in pairs:
        masks[board.place[first]] |= 1 << board.place[second]
    return tuple(masks)


def masks_between(board: MoveSets, actor: str, low: Ranks, high: Ranks) -> tuple[int, ...]:
    """Return for each state of a board the others that rank above one limit and up to another."""
    rank = board.conflict.rank[actor].reshape(-1)[board.states]
    masks = []
    for x, state in enumerate(board.states):
        among = np.flatnonzero((rank > low[state]) & (rank <= high[state]))
        masks.append(sum(1 << y for y in among.tolist() if y != x))
    return tuple(masks)


def pair_table(given: Given) -> Ints:
    """Return pairs as rows; none for a difference."""
    pairs = () if isinstance(given, float) else given
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def unknown_between(conflict: Conflict, actor: str, margin: float) -> tuple[Ranks, Ranks]:
    """Return for each state the ranks up to which others are worse, and not better, for certain.

    Utilities that differ by less than the margin are not compared.
    """
    flow = _levels(conflict, actor)
    level = np.arange(flow.size)
    worse = _last(flow, flow - margin, lambda other: flow - flow[other] >= margin)
    near = _last(flow, flow + margin, lambda other: flow[other] - flow < margin)
    return _by_state(conflict, actor, worse), _by_state(conflict, actor, np.maximum(near, level))


def much_worse_to(conflict: Conflict, actor: str, much: float) -> Ranks:
    """Return for each state the rank up to which others are worse by more than a difference."""
    flow = _levels(conflict, actor)
    return _by_state(
        conflict, actor, _last(flow, flow - much, lambda other: flow - flow[other] > much)
    )


def _levels(conflict: Conflict, actor: str) -> Floats:
    """Return the least utility of each rank."""
    rank, flow = conflict.rank[actor].reshape(-1), conflict.utility[actor].reshape(-1)
    feasible = conflict.feasible.reshape(-1)
    least = np.full(int(rank.max()) + 1, np.inf)
    np.minimum.at(least, rank[feasible], flow[feasible])
    return least


def _last(flow: Floats, bound: Floats, holds: Callable[[Ints], Bools]) -> Ints:
    """Return for each level the highest other of which something holds, -1 for none.

    It holds up to about a bound, whose rounding may be off by a level.
    """
    place = np.searchsorted(flow, bound, side="right") - 1
    after = np.minimum(place + 1, flow.size - 1)
    place = np.where((after > place) & holds(after), after, place)
    return np.where((place >= 0) & ~holds(np.maximum(place, 0)), place - 1, place)


def _by_state(conflict: Conflict, actor: str, limit: Ints) -> Ranks:
    rank = conflict.rank[actor].reshape(-1)
    return np.where(rank < 0, -1, limit[rank]).astype(np.int32)


def known(name: str, names: Sequence[str], what: str) -> None:
    """Raise `InputError` with the nearest name when a name is none of those known."""
    if name not in names:
        hint = suggestion(str(name), names, what.partition(" ")[0])
        raise InputError(f"there is no {what} {name!r}; {hint}")
