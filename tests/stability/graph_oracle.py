"""Stability in explicit graphs straight from the definitions, and random graphs to try it on."""

from __future__ import annotations

import numpy as np

from stability import oracle


class Oracle(oracle.Oracle):
    """The definitions on a list of arcs; the concepts are those of the tensor's oracle."""

    def __init__(self, states, moves, rank):
        self.actors = tuple(rank)
        self.states = list(range(states))
        self.rank = {actor: dict(enumerate(np.asarray(rank[actor]).tolist())) for actor in rank}
        self.arcs = moves
        self._memo = {}

    def _once(self, *key):
        if key not in self._memo:
            self._memo[key] = getattr(self, key[0])(*key[1:])
        return self._memo[key]

    def moves(self, actor, state):
        return {t for s, t in self.arcs[actor] if s == state and t != state}

    def improvements(self, actor, state):
        rank = self.rank[actor]
        return {t for t in self.moves(actor, state) if rank[t] > rank[state]}

    def reach(self, *question):
        return self._once("_reach", *question)

    def table(self, concept, actor):
        return np.array([self.stable(concept, actor, state) for state in self.states])


def random_graph(seed, most=9):
    """Return states, moves and ranks: sparse or dense, shared moves, one-way moves, ties."""
    rng = np.random.default_rng(seed)
    states, actors = int(rng.integers(1, most)), "abcde"[: rng.integers(1, 6)]
    density = rng.choice([0.1, 0.25, 0.5])
    shared = rng.random((states, states)) < rng.choice([0.0, 0.15])
    moves = {
        actor: np.argwhere((rng.random((states, states)) < density) | shared) for actor in actors
    }
    rank = {actor: oracle.random_rank(rng, states) for actor in actors}
    return states, {a: list(map(tuple, m.tolist())) for a, m in moves.items()}, rank
