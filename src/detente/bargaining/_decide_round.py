"""One round of exchanges at equal gain with the habits of the open program Decide, for comparison.

The model is `exchange`; this repeats, figure by figure, what that program does where it departs
from the definitions, so that its published runs can be compared with:

- what an actor demands is measured from the positions at the start of the round;
- a position that was given can be given again, from where it went, while all moves on it have one
  sign; the list of moves that decides so has the planned move in place of the one that was made;
- after an exchange only those that share a supplied, or a demanded, actor and issue are looked at
  anew, each with its own memory of the others' positions; all else keeps old numbers;
- a move that would take the outcome past the partner's position is cut first for the one and then
  for the other side, and the second cut may undo the first.

Red lines are unknown to it. Of equal gains (to nine digits) that program tosses a coin; here they
come in an order of `rng`, or of the table where there is none. Cost: quadratic in the number of
exchanges; a check, not a tool.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np

from detente.bargaining._table import BargainingTable
from detente.values import Floats

_LEAST = 1e-10
_SLACK = 1e-9


@dataclass(frozen=True)
class DecideRound:
    """What that program counts in a round.

    Attributes
    ----------
    potential, valid : int
        Pairs that stand on opposite sides, and those of them that can gain.
    made : tuple of (str, str, float, float)
        Each exchange: its two actors, the position that the first gives on its issue, and the gain.
    """

    potential: int
    valid: int
    made: tuple[tuple[str, str, float, float], ...]

    @property
    def gain(self) -> float:
        """The sum of the gains, each counted once an exchange."""
        return sum(one[3] for one in self.made)


@dataclass
class _Side:
    actor: int
    supply: int
    demand: int
    position: float
    wanted: float
    weight: float
    dear_supply: float
    dear_demand: float
    start: float
    moves: list[float] = field(default_factory=list)
    move: float = 0.0

    @property
    def after(self) -> float:
        return self.position + self.move

    def plan(self, length: float, goal: float) -> None:
        self.move = -length if self.position > goal else length

    def is_valid(self) -> bool:
        return (
            _LEAST < abs(self.move) <= 100 + _SLACK
            and -_SLACK <= self.after <= 100 + _SLACK
            and sum(self.moves) <= 100 + _SLACK
            and (max(self.moves) < 0 or min(self.moves) > 0)
        )


class _Pair:
    def __init__(self, table: BargainingTable, number: int, one: _Side, two: _Side) -> None:
        self.table, self.number = table, number
        self.sides = (one, two)
        self.others: dict[int, dict[int, float]] = {one.supply: {}, two.supply: {}}
        self.gain = 0.0
        self.valid = False
        self.calculate()

    def partner(self, side: _Side) -> _Side:
        return self.sides[1] if side is self.sides[0] else self.sides[0]

    def _rate(self, side: _Side) -> float:
        """Return the shift of the partner's issue that goes with a shift of the side's."""
        other = self.partner(side)
        return (side.dear_supply + other.dear_demand) / (other.dear_supply + side.dear_demand)

    def _outcome(self, side: _Side, position: float) -> float:
        issue = side.supply
        weight = self.table.weight[:, issue]
        places = np.nan_to_num(self.table.position[:, issue])
        for actor, elsewhere in self.others[issue].items():
            places[actor] = elsewhere
        places[side.actor] = position
        return float(weight @ places / weight.sum())

    def calculate(self) -> None:
        one, two = self.sides
        shift_two = abs(one.wanted - two.position) * two.weight
        shift_one = self._rate(two) * shift_two
        if shift_one / one.weight > abs(two.wanted - one.position):
            shift_one = abs(two.wanted - one.position) * one.weight
            shift_two = self._rate(one) * shift_one
        one.plan(shift_one / one.weight, two.wanted)
        two.plan(shift_two / two.weight, one.wanted)
        for side in self.sides:
            side.moves.append(side.move)
        self.gain = abs(shift_two * one.dear_demand - shift_one * one.dear_supply)
        self.valid = one.is_valid() and two.is_valid() and self.gain >= _LEAST
        if self.valid:
            for side in self.sides:
                self._cut(side)
            self.valid = one.is_valid() and two.is_valid()

    def _cut(self, side: _Side) -> None:
        other = self.partner(side)
        goal = other.wanted
        before, after = self._outcome(side, side.position), self._outcome(side, side.after)
        if not min(before, after) + _SLACK < goal < max(before, after) - _SLACK:
            return
        here = self.others[side.supply].get(side.actor, side.position)
        shift = abs(goal - self._outcome(side, here))
        side.plan(shift / side.weight, goal)
        other.plan(self._rate(side) * shift / other.weight, side.wanted)
        side.moves[-1], other.moves[-1] = side.move, other.move
        self.gain = abs(self._rate(side) * shift * side.dear_demand - shift * side.dear_supply)

    def heed(self, made: _Pair) -> None:
        """Take account of an exchange that was made, as far as that program does."""
        supplied = False
        for side in self.sides:
            for done in made.sides:
                if (side.actor, side.supply) == (done.actor, done.supply):
                    side.position = done.after
                    side.moves.append(done.moves[-1])
                    supplied = True
        if supplied:
            self._forget()
        anew = supplied
        for done in reversed(made.sides):
            if not any((done.actor, done.demand) == (s.actor, s.demand) for s in self.sides):
                continue
            mover = made.partner(done)
            known = self.others[done.demand]
            known[mover.actor] = _nearer(mover, known.get(mover.actor, mover.after))
            if not anew:
                self._forget()
                anew = True
        if anew:
            self.calculate()

    def _forget(self) -> None:
        for side in self.sides:
            side.moves.pop()


def _nearer(mover: _Side, known: float) -> float:
    """Return of two positions that a mover is known at the one nearer to where it started."""
    if mover.start <= known:
        return min(known, mover.after)
    return max(known, mover.after)


def decide_round(table: BargainingTable, rng: np.random.Generator | None = None) -> DecideRound:
    """Make one round of exchanges as the program Decide does, on scales from 0 to 100.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1)},
    ...     "fund": {"a": (100, 0.2, 1), "b": (0, 0.9, 1)},
    ... }
    >>> found = decide_round(bargaining_table(cells))
    >>> found.potential, found.valid, len(found.made)
    (1, 1, 1)
    """
    pairs = list(_pairs(table))
    order = np.arange(len(pairs)) if rng is None else rng.permutation(len(pairs))
    left = [pair for pair in pairs if pair.valid]
    valid = len(left)
    made = []
    while left:
        best = min(left, key=lambda pair: (-round(pair.gain, 9), order[pair.number]))
        one, two = best.sides
        made.append((table.actors[one.actor], table.actors[two.actor], one.after, best.gain))
        left.remove(best)
        for pair in left:
            pair.heed(best)
        left = [pair for pair in left if pair.valid]
    return DecideRound(len(pairs), valid, tuple(made))


def _pairs(table: BargainingTable) -> Iterator[_Pair]:
    total = table.weight.sum(axis=0)
    outcome = (table.weight * np.nan_to_num(table.position)).sum(axis=0) / total
    low = table.position <= outcome
    number = 0
    for p, q in combinations(range(len(table.issues)), 2):
        both = np.flatnonzero(table.party[:, p] & table.party[:, q])
        for side_q in (True, False):
            here = [i for i in both if low[i, p] and low[i, q] == side_q]
            there = [i for i in both if not low[i, p] and low[i, q] != side_q]
            for i, j in product(here, there):
                yield _pair(table, number, (int(i), int(j)), (p, q), total)
                number += 1


def _pair(
    table: BargainingTable, number: int, who: tuple[int, int], what: tuple[int, int], total: Floats
) -> _Pair:
    (i, j), (p, q) = who, what
    s = table.salience
    if s[i, p] * s[j, q] < s[j, p] * s[i, q]:
        i, j = j, i

    def side(actor: int, supply: int, demand: int) -> _Side:
        return _Side(
            actor, supply, demand,
            position=float(table.position[actor, supply]),
            wanted=float(table.position[actor, demand]),
            weight=float(table.weight[actor, supply] / total[supply]),
            dear_supply=float(s[actor, supply]),
            dear_demand=float(s[actor, demand]),
            start=float(table.position[actor, supply]),
        )  # fmt: skip

    return _Pair(table, number, side(i, q, p), side(j, p, q))
