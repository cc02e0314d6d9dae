"""What an actor would gain over one state, as the weights move: on the state tensor, at any point.

From the wanted state s an actor moves to t, and from there the others answer. Who moves where does
not depend on weights, so one pass back along the others' moves from all t at once marks what they
can answer with: no move of theirs leaves the part of the tensor in which the actor's own options
are as at t, so a mark belongs to the t of its part. At given weights t tempts where it is better
than s and the least bad answer is still better than s; under ``smr`` an answer counts for the best
that the actor can make of it by one more move.

Cost: that of ``gmr`` once for each actor; at a point O(N) for N states and each issue that moves,
under ``smr`` O(N log N); about 40 bytes a state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detente.conflict import Conflict
from detente.stability._extremes import Ranks
from detente.stability._game import RankedGame
from detente.stability._inverse.linear import Slopes
from detente.values import Bools, Floats, Ints

TOLERANCE = 1e-9
"""Gains over a state below this share of the actor's span of utility are rounding."""
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Temptation:
    """A move from the wanted state that no answer undoes at some weights.

    Parameters
    ----------
    target : int
        Flat index of the state that it leads to.
    short : float
        What the actor gains over the wanted state in the end.
    ending : int
        The state that this gain is counted at.
    """

    target: int
    short: float
    ending: int


class Gaps:
    """How much better than one state an actor likes the others, by weights.

    Parameters
    ----------
    along : Slopes
    concept : str
        ``nash``, ``gmr`` or ``smr``.
    actor : str
    state : int
        Flat index.
    margin : float
        What is asked for besides where a gap moves with the weights, as a share of the span.
    """

    def __init__(self, along: Slopes, concept: str, actor: str, state: int, margin: float) -> None:
        conflict = along.conflict
        self.actor, self.state, self.concept = actor, state, concept
        self._game = RankedGame(conflict)
        feasible = self._game.feasible
        flow = conflict.utility[actor].reshape(-1)
        span = float(np.ptp(flow[feasible])) or 1.0
        self._base = (flow - flow[state]) / span
        self._base[np.abs(self._base) <= TOLERANCE] = 0.0
        self._issues, self._origin = along.issues, along.issues[:, state]
        self._weight = along.weight[actor] / span
        if margin:
            self._base[self._moves()] += margin
        self.moves = self._game.targets(actor, state, improving=False)
        self._answers = self._reached() if concept != "nash" else np.zeros(0, dtype=bool)

    def forms(self, states: Ints) -> Floats:
        """Return gaps of some states as linear forms, a row each.

        The first number is the gap as things are; then what each parameter adds when it rises by
        its range, then when it falls. So a form is at most another where its numbers are, as none
        of what they multiply is negative.
        """
        steep = self._weight @ (self._issues[:, states] - self._origin[:, None])
        return np.vstack([self._base[states], steep, -steep]).T

    def extent(self, states: Ints) -> tuple[Floats, Floats]:
        """Return the least and the greatest of each number of some states' forms."""
        low, high = np.inf, -np.inf
        for first in range(0, states.size, _PIECE):
            part = self.forms(states[first : first + _PIECE])
            low, high = np.minimum(low, part.min(axis=0)), np.maximum(high, part.max(axis=0))
        return np.asarray(low), np.asarray(high)

    def numbers(self, states: Ints, place: int) -> Floats:
        """Return the numbers at one place of some states' forms."""
        pieces = range(0, states.size, _PIECE)
        return np.concatenate([self.forms(states[k : k + _PIECE])[:, place] for k in pieces])

    def tempting(self, shares: Floats, most: int) -> tuple[list[Temptation], Ints | None]:
        """Return the strongest temptations at changed weights, and what answers count as.

        Parameters
        ----------
        shares : ndarray of float
            Changes of the parameters, in shares of their ranges.
        most : int
            Return this many at most.

        Returns
        -------
        list of Temptation
        ndarray of int or None
            By state, where the actor would end after it; None for there.
        """
        by_issue = shares @ self._weight
        gap = self._base + by_issue @ self._issues - by_issue @ self._origin
        moves = self.moves[gap[self.moves] > TOLERANCE]
        if not moves.size:
            return [], None
        if self.concept == "nash":
            return _strongest(moves, gap[moves], moves, most), None
        onward = self._onward(gap) if self.concept == "smr" else None
        outcome = gap if onward is None else gap[onward]
        _, own, after = block = self._game.mover(self.actor).block
        lowest = np.where(self._answers, outcome, np.inf).reshape(block).min(axis=(0, 2))
        level = moves // after % own
        short = np.minimum(gap[moves], lowest[level])
        found = _strongest(moves, short, moves, most)
        ended = []
        for move in found:
            answers = self.answers(move.target)
            best = int(answers[np.argmin(outcome[answers])])
            ending = best if onward is None else int(onward[best])
            ended.append(replace(move, ending=ending) if gap[ending] < gap[move.target] else move)
        return ended, onward

    def answers(self, target: int) -> Ints:
        """Return the states that the others' sequences reach from a state, itself among them."""
        before, own, after = self._game.mover(self.actor).block
        level = target // after % own
        row, column = np.nonzero(self._answers.reshape(before, own, after)[:, level])
        return np.asarray((row * own + level) * after + column, dtype=np.int64)

    def _reached(self) -> Bools:
        """Mark what the others can answer with to any of the actor's moves."""
        value: Ranks = np.ones(self._game.feasible.size, dtype=np.int32)
        value[self.moves] = 0
        back = RankedGame(_turned(self._game.conflict))
        return np.asarray(back.worst_reply(self.actor, value, improving=False) == 0)

    def _onward(self, gap: Floats) -> Ints:
        """Return for each state the best that the actor can make of it by one move or none."""
        order = np.argsort(np.where(self._game.feasible, gap, -np.inf), kind="stable")
        place: Ranks = np.empty(order.size, dtype=np.int32)
        place[order] = np.arange(order.size, dtype=np.int32)
        place[~self._game.feasible] = -1
        return np.asarray(order[self._game.best_move(self.actor, place)])

    def _moves(self) -> Bools:
        """Return whose gap moves with the weights."""
        found = np.zeros(self._base.size, dtype=bool)
        for steep in self._weight:
            found |= np.abs(steep @ self._issues - steep @ self._origin) > 1e-12
        return found


def _strongest(moves: Ints, short: Floats, endings: Ints, most: int) -> list[Temptation]:
    order = np.argsort(-short, kind="stable")[:most]
    return [
        Temptation(int(moves[k]), float(short[k]), int(endings[k]))
        for k in order.tolist()
        if short[k] > TOLERANCE
    ]


def _turned(conflict: Conflict) -> Conflict:
    """Return the conflict in which every move leads back."""
    return replace(conflict, allowed=tuple(matrix.T for matrix in conflict.allowed), views={})
