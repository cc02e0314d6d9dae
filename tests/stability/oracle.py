"""Stability straight from the definitions, with Python sets, and random conflicts to try it on.

Nothing here is shared with the package: moves are listed one by one, legal sequences are searched
over (state, last mover), and each concept is its sentence in the table of definitions.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np

from detente.conflict import Conflict

KINDS = ("any", "any", "up", "down", "matrix")


class Oracle:
    """The definitions, on tuples of level indices."""

    def __init__(self, conflict):
        self.conflict = conflict
        self.actors = conflict.actors
        self.axes = {
            actor: [k for k, axis in enumerate(conflict.space.axes) if axis.owner == actor]
            for actor in self.actors
        }
        self.states = [tuple(map(int, s)) for s in np.argwhere(conflict.feasible)]
        self.feasible = set(self.states)
        self.rank = {
            actor: {s: int(conflict.rank[actor][s]) for s in self.states} for actor in self.actors
        }
        self.moves = cache(self._moves)
        self.improvements = cache(self._improvements)
        self.reach = cache(self._reach)

    def _moves(self, actor, state):
        own = self.axes[actor]
        choices = [np.flatnonzero(self.conflict.allowed[k][state[k]]) for k in own]
        found = set()
        for choice in product(*choices):
            target = list(state)
            for k, level in zip(own, choice, strict=True):
                target[k] = int(level)
            if tuple(target) != state and tuple(target) in self.feasible:
                found.add(tuple(target))
        return frozenset(found)

    def _improvements(self, actor, state):
        rank = self.rank[actor]
        return frozenset(t for t in self.moves(actor, state) if rank[t] > rank[state])

    def _reach(self, focal, start, improving):
        """States that legal sequences of all actors but the focal one reach."""
        step = self.improvements if improving else self.moves
        seen, todo = set(), [(start, None)]
        while todo:
            state, last = todo.pop()
            for mover in self.actors:
                if mover in (focal, last):
                    continue
                for target in step(mover, state):
                    if (target, mover) not in seen:
                        seen.add((target, mover))
                        todo.append((target, mover))
        return frozenset(state for state, _ in seen)

    def stable(self, concept, actor, state):
        rank, here = self.rank[actor], self.rank[actor][state]

        def not_better(s):
            return rank[s] <= here

        def no_escape(s):
            return not_better(s) and all(map(not_better, self.moves(actor, s)))

        def deterred(s1):
            match concept:
                case "nash":
                    return False
                case "gmr":
                    return any(map(not_better, self.reach(actor, s1, False)))
                case "smr":
                    return any(map(no_escape, self.reach(actor, s1, False)))
                case "seq":
                    return any(map(not_better, self.reach(actor, s1, True)))
                case "sseq":
                    return any(map(no_escape, self.reach(actor, s1, True)))
                case "sim":
                    return any(
                        s2 in self.feasible and not_better(s2)
                        for s2 in self.joint(actor, state, s1)
                    )
            raise AssertionError(concept)

        return all(map(deterred, self.improvements(actor, state)))

    def joint(self, actor, state, s1):
        """States of s1 joined with improvements of the others from the state left."""
        others = [other for other in self.actors if other != actor]
        for choice in product(*({state} | self.improvements(o, state) for o in others)):
            target = list(s1)
            for other, chosen in zip(others, choice, strict=True):
                for k in self.axes[other]:
                    target[k] = chosen[k]
            yield tuple(target)

    def table(self, concept, actor):
        found = np.zeros(self.conflict.shape, dtype=bool)
        for state in self.states:
            found[state] = self.stable(concept, actor, state)
        return found


def random_conflict(seed, most=40):
    """Return one of 2-5 actors: ties, infeasible states, restricted moves, conditions."""
    rng = np.random.default_rng(seed)
    numbers = [n for n in (2, 3, 4, 5) if 2**n <= most]
    share = np.array([0.3, 0.3, 0.2, 0.2][: len(numbers)])
    actors = "abcde"[: rng.choice(numbers, p=share / share.sum())]
    many = len(actors) > 3
    counts, levels = ([1, 1, 1, 1, 1, 2], 4) if many else ([1, 1, 2, 3], 5)
    while True:
        options = {
            actor: {f"o{k}": int(rng.integers(2, levels)) for k in range(rng.choice(counts))}
            for actor in actors
        }
        conditions = {"c": {"levels": 2, "rate": 0.0}} if rng.random() < 0.15 else {}
        shape = tuple(n for own in options.values() for n in own.values()) + (2,) * len(conditions)
        if np.prod(shape) <= most:
            break
    restricted = rng.random() < 0.6
    moves = {
        actor: {
            option: random_moves(rng, levels) if restricted else "any"
            for option, levels in own.items()
        }
        for actor, own in options.items()
    }
    feasible = rng.random(shape) >= rng.choice([0.0, 0.1, 0.4])
    feasible.flat[rng.integers(feasible.size)] = True
    size = int(np.prod(shape))
    ranks = {actor: random_rank(rng, size).reshape(shape) for actor in actors}
    return Conflict.build(
        options, rank=ranks, feasible=feasible, moves=moves, conditions=conditions
    )


def random_moves(rng, levels):
    kind = rng.choice(KINDS)
    return str(kind) if kind != "matrix" else rng.random((levels, levels)) < rng.choice([0.3, 0.6])


def random_rank(rng, size):
    return (
        rng.permutation(size) if rng.random() < 0.4 else rng.integers(rng.integers(2, 7), size=size)
    )
