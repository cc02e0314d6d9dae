"""Stability of a conflict given as an explicit graph: the same questions, answered along its arcs.

Moves need not compose, and actors may share them, so who moved last counts
(`detente.stability._arcs`). Cost: O(states + arcs); millions are a matter of seconds.

Source: Fang, Hipel & Kilgour (1993), chapter 4, for legal sequences by state and last mover.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case import check_size
from detente.conflict import Conflict, GraphConflict
from detente.stability._arcs import ArcsBack, least_along
from detente.stability._extremes import Ranks
from detente.stability._game import RankedGame
from detente.values import Bools, Ints

_ARC_BYTES = 60


def ranked_game(conflict: Conflict) -> RankedGame:
    """Return a conflict as the concepts see it."""
    return RankedGraph(conflict) if isinstance(conflict, GraphConflict) else RankedGame(conflict)


def check_memory(conflict: Conflict, further: int = 0) -> None:
    """Raise `SizeError` when the work arrays of stability, and bytes a state besides, are too much.

    Examples
    --------
    >>> check_memory(Conflict.from_graph(2, {"us": [(0, 1)]}, {"us": [0, 1]}))
    """
    if isinstance(conflict, GraphConflict):
        arcs = sum(map(len, conflict.arcs.values()))
        further += -(-_ARC_BYTES * arcs // conflict.size)
    check_size((conflict.size,), len(conflict.actors), "stability", further)


class RankedGraph(RankedGame):
    """An explicit graph as the concepts see it.

    Parameters
    ----------
    conflict : GraphConflict
    """

    simultaneous = False

    def __init__(self, conflict: GraphConflict) -> None:
        self.conflict: Conflict = conflict
        self.feasible: Bools = conflict.feasible
        self._arcs = conflict.arcs
        states = np.arange(conflict.size + 1)
        self._starts = {a: np.searchsorted(conflict.arcs[a][:, 0], states) for a in conflict.actors}
        self._back: dict[bool, ArcsBack] = {}

    def arcs(self, actor: str, *, improving: bool) -> tuple[Ints, Ints]:
        """Return where an actor's moves start and where they lead."""
        source, target = self._arcs[actor].T
        if improving:
            rank = self.rank(actor)
            gain = rank[target] > rank[source]
            return source[gain], target[gain]
        return source, target

    def moves(self, actor: str, *, improving: bool) -> tuple[Ints, Ints]:
        """Return all moves of an actor: where each state's begin in a list, and where they lead."""
        source, target = self.arcs(actor, improving=improving)
        return np.searchsorted(source, np.arange(self.feasible.size + 1)), target

    def count_moves(self, actor: str) -> int:
        """Return the number of an actor's moves."""
        return len(self._arcs[actor])

    def best_move(self, actor: str, value: Ranks) -> Ranks:
        """Return the greatest value over each state and the actor's own moves from it."""
        source, target = self.arcs(actor, improving=False)
        return np.maximum(value, -least_along(source, -value[target], value.size))

    def worst_by(self, movers: Sequence[str], value: Ranks, *, improving: bool) -> Ranks:
        """Return the least value over each state and all that sequences of some actors reach."""
        active = np.array([actor in movers for actor in self.conflict.actors])
        return np.minimum(value, self._arcs_back(improving=improving).least(value, active))

    def after_moving(self, actor: str, value: Ranks) -> Ranks:
        """Return the least value that sequences of the others reach by one move or more."""
        active = np.array([other != actor for other in self.conflict.actors])
        return self._arcs_back(improving=False).least(value, active)

    def _arcs_back(self, *, improving: bool) -> ArcsBack:
        if improving not in self._back:
            arcs = [self.arcs(actor, improving=improving) for actor in self.conflict.actors]
            self._back[improving] = ArcsBack.of(arcs, self.feasible.size)
        return self._back[improving]

    def targets(self, actor: str, state: int, *, improving: bool) -> Ints:
        """Return the states that an actor moves to from one state."""
        starts = self._starts[actor]
        onward = self._arcs[actor][starts[state] : starts[state + 1], 1]
        rank = self.rank(actor)
        return onward[rank[onward] > rank[state]] if improving else onward
