"""What every concept asks of a conflict, so that a concept is a line or two.

Three questions: how an actor ranks states, the greatest value among an actor's own moves, and the
worst that the others can do to it. Values are flat int32 arrays, one per state; ranks are never
negative at feasible states, -1 at infeasible ones. Movers and sorted lines are made once per actor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.conflict import Conflict
from detente.stability._closure import Replier, worst
from detente.stability._extremes import Ranks, highest
from detente.stability._lines import Lines, sort_lines
from detente.stability._listing import list_moves
from detente.stability._moves import ActorMoves
from detente.stability._pairs import Pairs
from detente.values import Bools, Ints


class RankedGame:
    """A conflict as the concepts see it.

    Parameters
    ----------
    conflict : Conflict

    Attributes
    ----------
    simultaneous : bool
        Whether moves of several actors at one moment have a joint outcome: whether moves are
        changes of options.
    """

    simultaneous = True

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        self.feasible: Bools = conflict.feasible.reshape(-1)
        self._movers = {actor: ActorMoves.of(conflict, actor) for actor in conflict.actors}
        self._better: dict[str, Lines | Pairs] = {}

    def rank(self, actor: str) -> Ranks:
        """Return an actor's ranks, -1 where infeasible."""
        return self.conflict.rank[actor].reshape(-1)

    def mover(self, actor: str) -> ActorMoves:
        """Return an actor's moves."""
        return self._movers[actor]

    def best_move(self, actor: str, value: Ranks) -> Ranks:
        """Return the greatest value over each state and the actor's own moves from it.

        The value must be -1 at infeasible states and no less elsewhere.
        """
        return highest(self._movers[actor], value)

    def escape(self, actor: str) -> Ranks:
        """Return the rank of the best that an actor can make of each state by one own move."""
        return self.best_move(actor, self.rank(actor))

    def worst_reply(self, actor: str, value: Ranks, *, improving: bool) -> Ranks:
        """Return the least value over each state and all that sequences of the others reach.

        Parameters
        ----------
        actor : str
            The focal actor, who does not move.
        value : ndarray of int32
        improving : bool
            Whether every step must be an improvement for its mover.
        """
        others = [other for other in self.conflict.actors if other != actor]
        return self.worst_by(others, value, improving=improving)

    def worst_by(self, movers: Sequence[str], value: Ranks, *, improving: bool) -> Ranks:
        """Return the least value over each state and all that sequences of some actors reach."""
        repliers = [
            Replier(self._movers[mover], self._improvements(mover) if improving else None)
            for mover in movers
        ]
        return worst(repliers, value, self.feasible)

    def targets(self, actor: str, state: int, *, improving: bool) -> Ints:
        """Return the states that an actor moves to from one state, by flat index."""
        mover, rank = self._movers[actor], self.rank(actor)
        return state + list_moves(mover, rank, state, state + 1, improving=improving)[1]

    def moves(self, actor: str, *, improving: bool) -> tuple[Ints, Ints]:
        """Return all moves of an actor: where each state's begin in a list, and where they lead."""
        size = self.feasible.size
        starts, offsets = list_moves(
            self._movers[actor], self.rank(actor), 0, size, improving=improving
        )
        return starts, np.repeat(np.arange(size), np.diff(starts)) + offsets

    def count_moves(self, actor: str) -> int:
        """Return a bound on the number of an actor's moves."""
        return self.feasible.size * self._movers[actor].block[1]

    def safe(self, actor: str, prospect: Ranks) -> Bools:
        """Return the states that no improvement of the actor leaves for a better prospect.

        Parameters
        ----------
        actor : str
        prospect : ndarray of int32
            What the actor must reckon with after it has moved to a state.

        Returns
        -------
        ndarray of bool
            Flat, False at infeasible states.

        Notes
        -----
        A move to a state of rank r and prospect m spoils a state of rank r0 when r > r0 (it is an
        improvement) and m > r0 (it is not deterred): when min(r, m) > r0. So one maximum over all
        moves decides, and lines need not be sorted for it.
        """
        rank = self.rank(actor)
        stable: Bools = self.best_move(actor, np.minimum(rank, prospect)) <= rank
        return np.logical_and(stable, self.feasible, out=stable)

    def _improvements(self, actor: str) -> Lines | Pairs:
        if actor not in self._better:
            mover, rank = self._movers[actor], self.rank(actor)
            self._better[actor] = Pairs.of(mover, rank) or sort_lines(rank, mover.block)
        return self._better[actor]
