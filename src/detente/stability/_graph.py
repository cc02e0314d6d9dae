"""Stability of a conflict given as an explicit graph: the same questions, answered along its arcs.

Moves need not compose, and actors may share them, so who moved last counts: the least value that
sequences reach is worked out for each state and each actor who may move first, in rounds until
nothing becomes lower. Cost: O(arcs) per round, at most as many rounds as a longest shortest
sequence has moves; thousands of states are a matter of a second.

Source: Fang, Hipel & Kilgour (1993), chapter 4, for legal sequences by state and last mover.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.conflict import Conflict, GraphConflict
from detente.stability._extremes import NEVER, Ranks
from detente.stability._game import RankedGame
from detente.values import Bools, Ints


def ranked_game(conflict: Conflict) -> RankedGame:
    """Return a conflict as the concepts see it."""
    return RankedGraph(conflict) if isinstance(conflict, GraphConflict) else RankedGame(conflict)


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
        best = value.copy()
        np.maximum.at(best, source, value[target])
        return best

    def worst_by(self, movers: Sequence[str], value: Ranks, *, improving: bool) -> Ranks:
        """Return the least value over each state and all that sequences of some actors reach."""
        arcs = [self.arcs(mover, improving=improving) for mover in movers]
        # A row for each actor who may move first, then one for staying.
        worst: Ranks = np.full((len(arcs) + 1, value.size), NEVER, dtype=np.int32)
        worst[-1] = value
        lowered = True
        while lowered:
            lowered = False
            for k, (source, target) in enumerate(arcs):
                onward = np.delete(worst, k, axis=0).min(axis=0)
                found = worst[k].copy()
                np.minimum.at(found, source, onward[target])
                if (found < worst[k]).any():
                    worst[k], lowered = found, True
        return np.asarray(worst.min(axis=0))

    def targets(self, actor: str, state: int, *, improving: bool) -> Ints:
        """Return the states that an actor moves to from one state."""
        starts = self._starts[actor]
        onward = self._arcs[actor][starts[state] : starts[state + 1], 1]
        rank = self.rank(actor)
        return onward[rank[onward] > rank[state]] if improving else onward
