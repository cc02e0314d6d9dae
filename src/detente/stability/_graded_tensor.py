"""Stability with unknown or strong preferences on the state tensor: as near to linear as the usual.

An actor's look at states is two limits of rank for each state: a move above the one tempts, an
outcome up to the other deters. So what matters of all that the others can reach from a state is
again the least rank, or for ``smr`` the least rank of what the actor can make of it by one more
move. A legal sequence may come back to where it began, and an outcome that is not known to be
better deters under some extensions: so only sequences of one move or more count, worked out by
first mover (`detente.stability._closure`).

Pairs given one by one are exceptions to the limits. Each state that has some is judged by itself:
what deters it is marked, and one pass over the tensor says from where the others reach a mark.

Cost: that of the usual concept where moves do not compose, once for each actor and concept; for
exceptions besides a pass over all N states for each state that has some.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.conflict import Conflict
from detente.engine import poll
from detente.errors import AnalysisError
from detente.stability._beyond import MovesBeyond
from detente.stability._closure import after_moving, lower_where
from detente.stability._extremes import NEVER, Ranks, lowest_after_moving
from detente.stability._graph import ranked_game
from detente.values import Bools, Ints

MOST_VISITS = 1 << 31
"""States that have exceptions, times all states."""
_FEWER = "give a difference in utility, or fewer pairs"


@dataclass(frozen=True, eq=False)
class Look:
    """How an actor looks at other states from each state.

    Parameters
    ----------
    tempted, deterred : ndarray of int32
        By flat state: above which rank others tempt, up to which rank they deter.
    exceptions : ndarray of int64
        Rows of two flat states, from the first of which the second is looked at otherwise.
    tempts, deters : bool or None
        Whether an exception does; None where it makes no difference.
    itself : bool
        Whether to come back deters, which only others who share an actor's moves can bring about.
    """

    tempted: Ranks
    deterred: Ranks
    exceptions: Ints
    tempts: bool | None
    deters: bool
    itself: bool = False


class GradedTensor:
    """What the others can do to each actor by steps that need not be improvements.

    Parameters
    ----------
    conflict : Conflict
        One of options.
    above : mapping of str to ndarray of int32
        By actor and flat state, above which rank others are worth a step where steps are chosen.
    also : mapping of str to ndarray of int64
        By actor rows of two flat states: steps from the first to the second are taken as well.
    """

    _unit = "states"

    def __init__(
        self, conflict: Conflict, above: Mapping[str, Ranks], also: Mapping[str, Ints]
    ) -> None:
        self.game = ranked_game(conflict)
        self._above, self._also = above, also
        self._steps: dict[str, tuple[MovesBeyond, Ints]] = {}
        self._worst: dict[tuple[str, str], Ranks] = {}

    def stable(self, actor: str, concept: str, look: Look) -> Bools:
        """Return where every temptation of an actor is answered, flat."""
        game = self.game
        worst = self._worst_of(actor, concept)
        # The greatest of what follows temptations: the least of its opposite.
        prospect = -self._least_beyond(actor, look.tempted, -worst)
        stable = game.feasible & (prospect <= look.deterred)
        apart = np.unique(look.exceptions[:, 0])
        if concept != "nash":
            self._check_visits(apart.size, f"pairs given for {actor} single out", _FEWER)
        for state in apart.tolist():
            others = look.exceptions[look.exceptions[:, 0] == state, 1]
            stable[state] = self._answered(actor, concept, look, state, others)
        return stable

    def _check_visits(self, states: int, why: str, remedy: str) -> None:
        """Raise `AnalysisError` for too many states that take a pass each."""
        if states * self._visits() > MOST_VISITS:
            raise AnalysisError(
                f"{why} {states:,} states, each of which takes a pass over {self._visits():,} "
                f"{self._unit}; {remedy}"
            )

    def _visits(self) -> int:
        return self.game.feasible.size

    def _least_beyond(self, actor: str, limit: Ranks, values: Ranks) -> Ranks:
        """Return the least value over an actor's moves to states that rank above a limit."""
        beyond = MovesBeyond.of(self.game.mover(actor), self.game.rank(actor), limit)
        return beyond.least(values)

    def _answered(self, actor: str, concept: str, look: Look, state: int, others: Ints) -> bool:
        """Tell whether all temptations of an actor from one state with exceptions are answered."""
        poll()
        game, rank = self.game, self.game.rank(actor)
        moves = game.targets(actor, state, improving=False)
        tempting = rank[moves] > look.tempted[state]
        if look.tempts is not None:
            tempting = np.where(np.isin(moves, others), look.tempts, tempting)
        moves = moves[tempting]
        if concept == "nash" or not moves.size:
            return not moves.size
        mark = (rank > look.deterred[state]).astype(np.int32)
        mark[others] = not look.deters
        if look.itself:
            mark[state] = 0
        mark[~game.feasible] = -1
        if concept == "smr":
            mark = game.best_move(actor, mark)
        return bool((self._least(actor, concept, mark)[moves] == 0).all())

    def _worst_of(self, actor: str, concept: str) -> Ranks:
        """Return the least rank that the others' sequences of one move or more lead an actor to."""
        if concept == "nash":
            return np.full(self.game.feasible.size, NEVER, dtype=np.int32)
        if (actor, concept) not in self._worst:
            poll()
            value = self.game.escape(actor) if concept == "smr" else self.game.rank(actor)
            self._worst[actor, concept] = self._least(actor, concept, value)
        return self._worst[actor, concept]

    def _least(self, actor: str, concept: str, value: Ranks) -> Ranks:
        game = self.game
        others = [other for other in game.conflict.actors if other != actor]

        def lower(k: int, source: Ranks, target: Ranks) -> bool:
            if concept == "seq":
                found = self._least_step(others[k], source)
            else:
                found = lowest_after_moving(game.mover(others[k]), source)
            return bool(lower_where(target, found, game.feasible))

        return after_moving(len(others), np.where(game.feasible, value, NEVER), lower)

    def _least_step(self, mover: str, source: Ranks) -> Ranks:
        """Return the least value over the steps that a mover would take."""
        if mover not in self._steps:
            moves, rank = self.game.mover(mover), self.game.rank(mover)
            beyond = MovesBeyond.of(moves, rank, self._above[mover])
            also = self._also[mover]
            legal = [
                bool(np.isin(second, self.game.targets(mover, first, improving=False)))
                for first, second in also.tolist()
            ]
            self._steps[mover] = beyond, also[np.array(legal, dtype=bool)]
        beyond, also = self._steps[mover]
        found = beyond.least(source)
        np.minimum.at(found, also[:, 0], source[also[:, 1]])
        return found
