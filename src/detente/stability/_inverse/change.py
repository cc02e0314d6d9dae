"""A change of rankings: which pairs of states an actor compares differently, in words too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, utility_from_rank
from detente.errors import InputError
from detente.text import Result

_SHOWN = 5
_SIGNS = {-1: "worse than", 0: "equal to", 1: "better than"}


@dataclass(frozen=True, slots=True)
class Swap:
    """One pair of states that an actor compares differently.

    Parameters
    ----------
    actor : str
    first, second : int
        Flat indices.
    before, after : int
        1 where the actor likes the first better, 0 equally, -1 less.
    """

    actor: str
    first: int
    second: int
    before: int
    after: int


@dataclass(frozen=True, eq=False)
class RankChange(Result):
    """The smallest change of rankings, of those found, that makes a state an equilibrium.

    Parameters
    ----------
    conflict : Conflict
        Before the change.
    concept : str
    state : int or None
        Flat index of the state, None when no change can.
    ranks : mapping of str to ndarray of int32
        New ranks of the actors that change, of the conflict's shape.
    changes : int
        How many pairs of states are compared differently, over all actors; pairs with the same
        conditions only, since nobody moves between others.
    among : ndarray of int
        Flat indices of states; every such pair has a member here.
    at_least : int
        How many pairs every change that does it must compare differently; fewer than `changes`
        where the search was left off.
    why : str
        Why no change can; empty when one can.
    """

    conflict: Conflict
    concept: str
    state: int | None
    ranks: Mapping[str, NDArray[np.int32]]
    changes: int
    among: NDArray[np.intp]
    at_least: int
    why: str = ""

    @property
    def possible(self) -> bool:
        """Whether some change does it."""
        return self.state is not None

    @cached_property
    def swaps(self) -> tuple[Swap, ...]:
        """Every pair that is compared differently, actor by actor."""
        return tuple(
            swap
            for actor, changed in self.ranks.items()
            for swap in _swaps(self.conflict, actor, changed, self.among)
        )

    def apply(self) -> Conflict:
        """Return the conflict after the change; changed preferences are orders, not utilities."""
        if self.state is None:
            raise InputError(f"there is no change to apply: {self.why}")
        rank = {**self.conflict.rank, **self.ranks}
        utility = dict(self.conflict.utility)
        for actor, changed in self.ranks.items():
            utility[actor] = utility_from_rank(changed, self.conflict.feasible)
        cardinal = {**self.conflict.cardinal, **dict.fromkeys(self.ranks, False)}
        return replace(self.conflict, rank=rank, utility=utility, cardinal=cardinal)

    def words(self, most: int = _SHOWN) -> str:
        """Return the change in words, with at most this many pairs of each actor."""
        if self.state is None:
            return f"no change of rankings does it ({self.concept}): {self.why}"
        where = self._label(self.state)
        if not self.changes:
            return f"{where} is an equilibrium ({self.concept}) as things are"
        lines = [
            f"{where} would be an equilibrium ({self.concept}) if {_count(self.changes)} "
            "compared differently"
        ]
        if self.at_least < self.changes:
            lines[0] += f"; at least {self.at_least:,} must be, and fewer than these may do"
        for actor in self.ranks:
            own = [swap for swap in self.swaps if swap.actor == actor]
            lines += [f"- {actor}: {self._swap(swap)}" for swap in own[:most]]
            if len(own) > most:
                lines.append(f"- {actor}: and {len(own) - most:,} more")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: the state, every pair with its comparison before and after."""
        return {
            "concept": self.concept,
            "state": None if self.state is None else self.conflict.label(self.state),
            "changes": self.changes if self.possible else None,
            "at_least": self.at_least if self.possible else None,
            "pairs": [
                {
                    "actor": swap.actor,
                    "first": self.conflict.label(swap.first),
                    "second": self.conflict.label(swap.second),
                    "before": _SIGNS[swap.before],
                    "after": _SIGNS[swap.after],
                }
                for swap in self.swaps
            ],
            "why": self.why,
        }

    def __str__(self) -> str:
        """Return the change in a few lines."""
        return self.words()

    def _label(self, state: int) -> str:
        return self.conflict.space.words(state)

    def _swap(self, swap: Swap) -> str:
        return (
            f"({self._label(swap.first)}) {_SIGNS[swap.after]} ({self._label(swap.second)}), "
            f"which it now is {_SIGNS[swap.before]}"
        )


def condition_settings(conflict: Conflict) -> int:
    """Return how many combinations of levels the conditions have.

    They are the last axes: states whose indices leave the same remainder have the same conditions.
    """
    return prod(len(levels) for levels in conflict.conditions.values())


def _swaps(
    conflict: Conflict, actor: str, changed: NDArray[np.int32], among: NDArray[np.intp]
) -> list[Swap]:
    old, new = conflict.rank[actor].reshape(-1), changed.reshape(-1)
    feasible, settings = np.flatnonzero(conflict.feasible), condition_settings(conflict)
    taken = set(among.tolist())
    found = []
    for one in among.tolist():
        states = feasible[feasible % settings == one % settings]
        before, after = np.sign(old[one] - old[states]), np.sign(new[one] - new[states])
        for k in np.flatnonzero(before != after).tolist():
            other = int(states[k])
            if other not in taken or one < other:
                found.append(Swap(actor, one, other, int(before[k]), int(after[k])))
    return found


def _count(pairs: int) -> str:
    return f"{pairs:,} pair of states was" if pairs == 1 else f"{pairs:,} pairs of states were"
