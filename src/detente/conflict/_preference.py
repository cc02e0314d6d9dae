"""From preferences to ranks and utilities (docs/design.md, section 3).

Ranks are integers from 0, higher is better, ties equal; infeasible states carry -1. Each function
sorts once: cost O(N log N) in the number of states N.

Sources: option prioritisation is Hipel, Fang & Kilgour (1997), "Decision support systems in
water resources", in the graph-model literature since Fang, Hipel & Kilgour (1993).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.values import Bools, Floats, Ints

INFEASIBLE = -1
_PIECE = 1 << 20
_DENSIFY_EVERY = 30
_CANCELLED = 1e-4
"""What is left of large terms that cancel is uncertain by this share of a tolerance of theirs."""


@dataclass(frozen=True, eq=False)
class _AtNeed(Mapping[str, NDArray[Any]]):
    """Arrays by actor: those that are known, others worked out when first read.

    Parameters
    ----------
    source : mapping of ndarray
        Of every actor, what its array is worked out from.
    feasible : ndarray of bool
    known : dict of ndarray
        Arrays that were given; those that are worked out join them.
    """

    source: Mapping[str, NDArray[Any]]
    feasible: Bools
    known: dict[str, NDArray[Any]] = field(default_factory=dict)

    def work_out(self, source: NDArray[Any]) -> NDArray[Any]:
        """Return an array that is not known."""
        raise NotImplementedError

    def __getitem__(self, actor: str) -> NDArray[Any]:
        """Return an actor's array."""
        if actor not in self.known:
            found = self.work_out(self.source[actor])
            found.setflags(write=False)
            self.known[actor] = found
        return self.known[actor]

    def __iter__(self) -> Iterator[str]:
        """Return the actors."""
        return iter(self.source)

    def __len__(self) -> int:
        """Return how many actors there are."""
        return len(self.source)


@dataclass(frozen=True, eq=False)
class RanksAtNeed(_AtNeed):
    """Ranks by actor, from utilities; most draws of a study never read any.

    Examples
    --------
    >>> utility, feasible = np.array([0.5, 2.0]), np.array([True, True])
    >>> RanksAtNeed({"us": utility}, feasible)["us"].tolist()
    [0, 1]
    """

    tolerance: float = 0.0

    def work_out(self, source: NDArray[Any]) -> NDArray[Any]:
        """Return ranks from utilities."""
        return rank_from_utility(source, self.feasible, self.tolerance)


class ScaledRanks(_AtNeed):
    """Utilities by actor, from ranks."""

    def work_out(self, source: NDArray[Any]) -> NDArray[Any]:
        """Return ranks as utilities."""
        return utility_from_rank(source, self.feasible)


def rank_from_utility(
    utility: Floats, feasible: Bools, tolerance: float = 0.0
) -> NDArray[np.int32]:
    """Rank states by utility.

    Parameters
    ----------
    utility, feasible : ndarray
        Of the conflict's shape.
    tolerance : float
        Neighbours in the order that lie no further apart than this share of the larger one, or of
        the span where that is less, are ties. Rounding makes equal sums differ in the last digits;
        a state that is worse than all others by far makes no others equal. 0 compares exactly.

    Returns
    -------
    ndarray of int32
        Of the same shape; -1 where infeasible.

    Examples
    --------
    >>> rank_from_utility(np.array([0.5, 2.0, 0.5]), np.array([True, True, True])).tolist()
    [0, 1, 0]
    """
    rank = np.full(utility.shape, INFEASIBLE, dtype=np.int32)
    values = utility[feasible]
    if values.size:
        order = np.argsort(values, kind="stable")
        ordered = values[order]
        gap: Floats | float = 0.0
        if tolerance:
            size = np.abs(ordered)
            near = np.minimum(np.maximum(size[1:], size[:-1]), ordered[-1] - ordered[0])
            gap = tolerance * np.maximum(near, _CANCELLED * size.max())
        ranks = np.zeros(values.size, dtype=np.int32)
        ranks[order[1:]] = np.cumsum(np.diff(ordered) > gap, dtype=np.int32)
        rank[feasible] = ranks
    return rank


def rank_from_order(order: NDArray[Any], feasible: Bools) -> NDArray[np.int32]:
    """Rank states by numbers, higher is better; whole numbers of small range without sorting.

    Examples
    --------
    >>> rank_from_order(np.array([7, 3, 7]), np.array([True, True, True])).tolist()
    [1, 0, 1]
    """
    whole = order.dtype.kind in "iu" and order.size > 0
    low, high = (int(order.min()), int(order.max())) if whole else (0, 0)
    if not whole or high - low > 2 * order.size or high > np.iinfo(np.int64).max:
        return rank_from_utility(order.astype(np.float64), feasible)
    taken = np.zeros(high - low + 1, dtype=bool)
    rank = np.full(order.size, INFEASIBLE, dtype=np.int32)
    numbers, possible = order.reshape(-1), feasible.reshape(-1)
    pieces = [slice(k, k + _PIECE) for k in range(0, order.size, _PIECE)]
    for piece in pieces:
        taken[numbers[piece][possible[piece]].astype(np.int64) - low] = True
    level = np.cumsum(taken, dtype=np.int32)
    for piece in pieces:
        own = numbers[piece][possible[piece]].astype(np.int64) - low
        rank[piece][possible[piece]] = level[own] - 1
    return rank.reshape(order.shape)


def rank_from_statements(holds: Iterable[Bools], feasible: Bools) -> NDArray[np.int32]:
    """Rank states lexicographically by prioritised statements, most important first.

    Parameters
    ----------
    holds : iterable of ndarray of bool
        Where each statement is true, broadcastable to the conflict's shape. Any number of them.
    feasible : ndarray of bool

    Examples
    --------
    >>> a, b = np.array([True, True, False]), np.array([False, True, True])
    >>> rank_from_statements([a, b], np.ones(3, dtype=bool)).tolist()
    [1, 2, 0]
    """
    score = np.zeros(feasible.shape, dtype=np.int64)
    for count, statement in enumerate(holds, start=1):
        score = 2 * score + statement
        if count % _DENSIFY_EVERY == 0:
            score = np.unique(score, return_inverse=True)[1].reshape(score.shape)
    return _dense(score, feasible)


def rank_from_groups(groups: Iterable[Bools], feasible: Bools) -> tuple[NDArray[np.int32], Bools]:
    """Rank states by a ranking of groups, best first; a state belongs to its first group.

    Returns
    -------
    rank : ndarray of int32
    unranked : ndarray of bool
        Feasible states that no group holds; they rank below all others.
    """
    place = np.full(feasible.shape, np.iinfo(np.int32).max, dtype=np.int64)
    for position, group in enumerate(groups):
        place = np.where(group & (place > position), position, place)
    unranked = feasible & (place == np.iinfo(np.int32).max)
    return _dense(-place, feasible), unranked


def utility_from_rank(rank: NDArray[np.int32], feasible: Bools) -> Floats:
    """Scale ranks to utilities from 0 to 1; the cardinal reading of an ordinal preference."""
    best = int(rank.max(initial=0))
    return np.where(feasible, rank / best if best > 0 else 0.0, 0.0)


def _dense(score: Ints, feasible: Bools) -> NDArray[np.int32]:
    rank = np.full(score.shape, INFEASIBLE, dtype=np.int32)
    if feasible.any():
        rank[feasible] = np.unique(score[feasible], return_inverse=True)[1].reshape(-1)
    return rank
