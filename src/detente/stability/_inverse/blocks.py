"""A ranking in blocks: the states that a programme speaks of, each alone, and the others together.

Let some states be named. Those on one level with a named state that are not named themselves form a
block, and so do all between two levels of named states. If what is asked of a ranking speaks of
pairs of named states only, some least change keeps each block together: of its members take the one
whose comparisons with the states outside change least, and put the others where it is, in the order
they had. Then they change no more than it does, and nothing among themselves. (Where it is level
with states outside, all of these but those of its own level were not level with it, so a place just
above them is as good.) One block after the other, this gives a change no larger. So a programme
needs a number for each pair of blocks only, at a cost of the product of their sizes.

Cost: O(N log N) once for N states, then O(named).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from detente.stability._extremes import Ranks
from detente.values import Bools, Ints


class PricedRanking:
    """An actor's ranking, and what it costs to compare two states differently.

    Parameters
    ----------
    rank : ndarray of int32
        Flat, -1 where infeasible.
    """

    def __init__(self, rank: Ranks) -> None:
        self.rank = rank
        self._ordered = np.sort(rank[rank >= 0])

    def price(self, first: Ints, second: Ints) -> Ints:
        """Return how many pairs change at least where two states are compared differently.

        Of each state between them, or level with either, one pair with the two must change too.
        """
        one, two = self.rank[first], self.rank[second]
        return self.up_to(np.maximum(one, two)) - self.below(np.minimum(one, two)) - 1

    def up_to(self, level: Ints) -> Ints:
        """Return how many states rank at a level or below."""
        return np.searchsorted(self._ordered, level, side="right")

    def below(self, level: Ints) -> Ints:
        """Return how many states rank below a level."""
        return np.searchsorted(self._ordered, level, side="left")


class Blocks:
    """Blocks of a ranking around named states.

    Parameters
    ----------
    ranking : PricedRanking
    named : collection of int

    Attributes
    ----------
    states : ndarray of int
        The named states: blocks of one, numbered first.
    weight : ndarray of int
        By block, how many states.
    place : ndarray of int
        By block, where it stands, higher is better: odd on a level of named states, even between.
    """

    def __init__(self, ranking: PricedRanking, named: Collection[int]) -> None:
        self._rank = ranking.rank
        self.states: Ints = np.array(sorted(named), dtype=np.int64)
        self._number = {state: k for k, state in enumerate(self.states.tolist())}
        own = self._rank[self.states].astype(np.int64)
        self._levels, counts = np.unique(own, return_counts=True)
        top = ranking.up_to(self._levels)
        bottom = ranking.below(self._levels)
        size = ranking.up_to(np.array([np.iinfo(np.int32).max]))
        between = np.concatenate([bottom, size]) - np.concatenate([[0], top])
        weight = np.zeros(between.size + counts.size, dtype=np.int64)
        weight[::2], weight[1::2] = between, top - bottom - counts
        others = np.flatnonzero(weight)
        self.place = np.concatenate([2 * np.searchsorted(self._levels, own) + 1, others])
        self.weight = np.concatenate([np.ones(own.size, dtype=np.int64), weight[others]])
        self._block_at = np.full(weight.size, -1)
        self._block_at[others] = own.size + np.arange(others.size)
        self._weight_below = np.concatenate([[0], np.cumsum(np.bincount(
            self.place, weights=self.weight, minlength=weight.size).astype(np.int64))])  # fmt: skip

    def number(self, state: int) -> int:
        """Return the block of a named state."""
        return self._number[state]

    def price(self, first: int, second: int) -> int:
        """Return how many pairs change at least where two blocks are compared differently."""
        low, high = sorted((int(self.place[first]), int(self.place[second])))
        one, two = int(self.weight[first]), int(self.weight[second])
        between = int(self._weight_below[high + 1] - self._weight_below[low]) - one - two
        return one * two + between * min(one, two)

    def spread(self, better: Bools) -> tuple[Ranks, Ints, int]:
        """Return ranks of all states after a change of the order of blocks.

        Parameters
        ----------
        better : ndarray of bool
            By pair of blocks, whether the first is better: a ranking.

        Returns
        -------
        ndarray of int32
        ndarray of int
            States of which every pair that changes has one.
        int
            How many pairs change.
        """
        level = 2 * better.sum(axis=1)
        level += self.place % 2 == 0
        rank = self._rank.astype(np.int64)
        place = self._places(rank)
        block = self._block_at[place]
        span = int(rank.max()) + 1
        key = level[block] * span + np.where(place % 2 == 0, rank, 0)
        key[self.states] = level[: self.states.size] * span
        new = np.full(rank.size, -1, dtype=np.int32)
        new[rank >= 0] = np.unique(key[rank >= 0], return_inverse=True)[1].reshape(-1)
        before = np.sign(np.subtract.outer(self.place, self.place))
        after = np.sign(np.subtract.outer(level, level))
        aside = self.place % 2 == 0
        together = (after == 0) & aside[:, None] & aside
        changed = (before != after) & ~together
        count = int((changed * np.multiply.outer(self.weight, self.weight)).sum()) // 2
        alone = self.states.size
        touched = [self.states[changed[:alone].any(axis=1)]]
        for k in np.flatnonzero(changed[alone:, alone:].any(axis=1)).tolist():
            mine = (block == alone + k) & (rank >= 0)
            mine[self.states] = False
            touched.append(np.flatnonzero(mine))
        return new, np.unique(np.concatenate(touched)), count

    def _places(self, rank: Ints) -> Ints:
        """Return where states of some ranks stand that are not named."""
        left = np.searchsorted(self._levels, rank, side="left")
        return left + np.searchsorted(self._levels, rank, side="right")
