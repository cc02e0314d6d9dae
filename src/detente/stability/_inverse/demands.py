"""What rankings must meet for a wanted state to hold: of several ways to stop a move, one.

Take rankings under which an actor would leave the state, to a state t that nothing undoes. Let the
others' improvements lead from t to the states R, none of which deters. Under any rankings that make
the state hold, either the actor likes t no better, or some member of R deters, or some step out of
R is an improvement: otherwise R would be all that is reached, and nothing in it would deter. Each
way is about a few pairs of states; one of them must come about. Under ``sim`` the ways are that t
is no better, and the joint choices of the others.

So a programme can begin without any of this and be given what its answers do not meet, until there
is nothing.

Cost: that of the concept for a look at rankings, and O(moves within R) for each move that is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from detente.conflict import Conflict
from detente.engine import poll
from detente.stability._extremes import Ranks
from detente.stability._game import RankedGame
from detente.stability._graph import ranked_game
from detente.stability._inverse.blocks import PricedRanking
from detente.stability._replies import RULES, Threats, joint_choice
from detente.values import Bools, Ints

NEVER = 1 << 60
_MOST_WAYS = 4000
_AT_ONCE = 8
"""Moves of each actor that are looked at in one round."""


@dataclass(frozen=True, slots=True)
class Compared:
    """That an actor likes one state better than another, or that it does not.

    Parameters
    ----------
    actor : int
        Position of the actor.
    first, second : int
        Flat indices.
    better : bool
    price : int
        How many pairs the actor must compare differently for it, at least.
    """

    actor: int
    first: int
    second: int
    better: bool
    price: int


Way = tuple[Compared, ...]


@dataclass(frozen=True, eq=False)
class Demand:
    """One of some ways must come about.

    Parameters
    ----------
    ways : tuple of tuple of Compared
        Cheapest first; all comparisons of a way must be so.
    further : int
        What any further way costs at least.
    """

    ways: tuple[Way, ...]
    further: int


class Demands:
    """What rankings of a conflict must meet for one state to hold.

    Parameters
    ----------
    conflict : Conflict
        As things are, at one setting of its conditions.
    concept : str
        ``seq``, ``sseq`` or ``sim``.
    state : int
        Flat index.
    free : sequence of int
        Positions of the actors whose ranking may change.
    """

    def __init__(self, conflict: Conflict, concept: str, state: int, free: Sequence[int]) -> None:
        self.conflict, self.concept, self.state, self.free = conflict, concept, state, tuple(free)
        ranks = (np.where(conflict.feasible, conflict.rank[a], -1) for a in conflict.actors)
        self.rankings = [PricedRanking(rank.reshape(-1)) for rank in ranks]

    def unmet(self, ranks: Sequence[Ranks], most: int, deadline: float) -> list[Demand]:
        """Return demands that some rankings do not meet, of ways up to a price; none if all are.

        Not all of them, and after a time of `monotonic` no more than one.
        """
        shaped = (rank.reshape(self.conflict.shape) for rank in ranks)
        game = ranked_game(
            replace(self.conflict, rank=dict(zip(self.conflict.actors, shaped, strict=True)))
        )
        found: list[Demand] = []
        for i, actor in enumerate(self.conflict.actors):
            for target in self._tempting(game, actor)[:_AT_ONCE].tolist():
                poll()
                if found and monotonic() > deadline:
                    return found
                own = self._comparison(i, target, self.state, better=False)
                ways = self._at_once if self.concept == "sim" else self._in_turn
                listed = [(own,), *ways(game, i, target, most)]
                listed = sorted((w for w in listed if _price(w) <= most), key=_price)
                beyond = NEVER if len(listed) <= _MOST_WAYS else _price(listed[_MOST_WAYS])
                found.append(Demand(tuple(listed[:_MOST_WAYS]), min(beyond, most + 1)))
        return found

    def _tempting(self, game: RankedGame, actor: str) -> Ints:
        """Return the moves from the state that improve and that nothing undoes, best first."""
        rank = game.rank(actor)
        moves = game.targets(actor, self.state, improving=True)
        moves = moves[np.argsort(-rank[moves], kind="stable")]
        if self.concept == "sim":
            some = (t for t in moves.tolist() if joint_choice(game, actor, self.state, t) is None)
            return np.array([t for t, _ in zip(some, range(_AT_ONCE), strict=False)], dtype=int)
        worst = Threats.of(game, actor, RULES[self.concept]).worst
        tempting: Ints = moves[worst[moves] > rank[self.state]]
        return tempting

    def _in_turn(self, game: RankedGame, i: int, target: int, most: int) -> Iterator[Way]:
        """Yield what deters where the others get from a move, and steps further than that."""
        actors = self.conflict.actors
        nodes, todo, asked = {(target, i)}, [(target, i)], set[tuple[int, int]]()
        steps: list[list[Ints]] = [[] for _ in actors]
        while todo:
            here, last = todo.pop()
            for j, actor in enumerate(actors):
                if j in (i, last) or (here, j) in asked:
                    continue
                asked.add((here, j))
                ahead, rank = game.targets(actor, here, improving=False), game.rank(actor)
                up = rank[ahead] > rank[here]
                steps[j].append(np.column_stack([ahead, np.full(ahead.size, here)])[~up])
                new = [(onward, j) for onward in ahead[up].tolist() if (onward, j) not in nodes]
                nodes.update(new)
                todo += new
        for j, parts in enumerate(steps):
            if parts:
                pairs = np.concatenate(parts)
                price = self._prices(j, pairs[:, 0], pairs[:, 1], better=True)
                for k in np.flatnonzero(price <= most).tolist():
                    onward, here = map(int, pairs[k])
                    if (onward, j) not in nodes:
                        yield (Compared(j, onward, here, True, int(price[k])),)
        for end in sorted({state for state, _ in nodes} - {target}):
            yield self._deterring(game, i, end)

    def _deterring(self, game: RankedGame, i: int, end: int) -> Way:
        """Return what it takes for a state to deter an actor: that no outcome is better."""
        actor = self.conflict.actors[i]
        outcomes = np.array([end])
        if self.concept == "sseq":
            outcomes = np.append(outcomes, game.targets(actor, end, improving=False))
        now, before = game.rank(actor), self.rankings[i].rank
        better = (now[outcomes] > now[self.state]) | (before[outcomes] > before[self.state])
        return tuple(
            self._comparison(i, outcome, self.state, better=False)
            for outcome in outcomes[better].tolist()
        )

    def _at_once(self, game: RankedGame, i: int, target: int, most: int) -> Iterator[Way]:
        """Yield joint choices of the others, each from the state, that may undo a move."""
        price, end = np.zeros(1, dtype=np.int64), np.array([target])
        chosen: list[Ints] = []
        for j, actor in enumerate(self.conflict.actors):
            if j == i:
                continue
            ahead = game.targets(actor, self.state, improving=False)
            own = self._prices(j, ahead, np.full(ahead.size, self.state), better=True)
            ahead, own = ahead[own <= most], own[own <= most]
            ahead, own = np.append(self.state, ahead), np.append(0, own)
            chosen = [np.repeat(c, ahead.size) for c in chosen] + [np.tile(ahead, price.size)]
            end = np.add.outer(end, ahead - self.state).reshape(-1)
            price = np.add.outer(price, own).reshape(-1)
        others = [j for j in range(len(self.conflict.actors)) if j != i]
        possible = game.feasible[end] & (end != target)
        here = np.full(end.size, self.state)
        price[possible] += self._prices(i, end[possible], here[possible], better=False)
        for k in np.flatnonzero(possible & (price <= most)).tolist():
            yield (
                self._comparison(i, int(end[k]), self.state, better=False),
                *(
                    self._comparison(j, int(c[k]), self.state, better=True)
                    for j, c in zip(others, chosen, strict=True)
                    if c[k] != self.state
                ),
            )

    def _comparison(self, i: int, first: int, second: int, *, better: bool) -> Compared:
        price = self._prices(i, np.array([first]), np.array([second]), better=better)
        return Compared(i, first, second, better, int(price[0]))

    def _prices(self, i: int, first: Ints, second: Ints, *, better: bool) -> Ints:
        rank = self.rankings[i].rank
        so: Bools = (rank[first] > rank[second]) == better
        price = self.rankings[i].price(first, second) if i in self.free else NEVER
        return np.where(so, 0, price)


def prices(way: Way) -> dict[int, int]:
    """Return what a way costs each actor at least: its dearest comparison."""
    dearest: dict[int, int] = {}
    for part in way:
        dearest[part.actor] = max(dearest.get(part.actor, 0), part.price)
    return dearest


def _price(way: Way) -> int:
    return sum(prices(way).values())
