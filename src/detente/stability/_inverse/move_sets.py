"""A small conflict as bit masks: who moves where, who improves where, what the others reach.

Feasible states are numbered from 0; a set of states is one Python integer, bit x for state x. This
is for analyses that ask about thousands of preferences on a few states; the tensor engine is for
one preference on many states.

Cost: O(actors x states x joint levels) once; a search for what sequences reach is O(moves) at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from detente.conflict import Conflict
from detente.stability._graph import ranked_game

Masks = Sequence[int]


class MoveSets:
    """Moves of every actor among the feasible states.

    Parameters
    ----------
    conflict : Conflict
    """

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        self.actors = conflict.actors
        self.states: list[int] = np.flatnonzero(conflict.feasible).tolist()
        self.all = (1 << len(self.states)) - 1
        self.place = {state: x for x, state in enumerate(self.states)}
        game = ranked_game(conflict)
        self.moves: list[list[int]] = []
        for actor in self.actors:
            own = []
            for state in self.states:
                onward = game.targets(actor, state, improving=False)
                own.append(sum(1 << self.place[target] for target in onward.tolist()))
            self.moves.append(own)

    @cached_property
    def ranks(self) -> tuple[tuple[int, ...], ...]:
        """The ranks of every actor over the feasible states."""
        flat = [self.conflict.rank[actor].reshape(-1)[self.states] for actor in self.actors]
        return tuple(tuple(map(int, rank)) for rank in flat)

    def reach(self, focal: int, start: int, steps: Sequence[Masks]) -> int:
        """Return the states that sequences of the others reach, nobody moving twice in a row.

        Parameters
        ----------
        focal : int
            Position of the actor who does not move.
        start : int
        steps : sequence of sequence of int
            By actor and state, the states that a step leads to.
        """
        seen = [0] * len(self.actors)
        todo = [(start, focal)]
        while todo:
            state, last = todo.pop()
            for mover in range(len(self.actors)):
                if mover in (focal, last):
                    continue
                new = steps[mover][state] & ~seen[mover]
                seen[mover] |= new
                todo += [(target, mover) for target in bits(new)]
        reached = 0
        for mask in seen:
            reached |= mask
        return reached


def check_actor(conflict: Conflict, actor: str) -> None:
    """Raise `InputError` for an actor that does not exist."""
    if actor not in conflict.actors:
        conflict.space.of(actor)


def bits(mask: int) -> Iterator[int]:
    """Yield the members of a set.

    Examples
    --------
    >>> list(bits(0b1010))
    [1, 3]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def above(rank: Sequence[int]) -> list[int]:
    """Return for each state the set of states that rank higher.

    Examples
    --------
    >>> [f"{mask:03b}" for mask in above([0, 1, 1])]
    ['110', '000', '000']
    """
    higher: dict[int, int] = {}
    seen = 0
    for level in sorted(set(rank), reverse=True):
        higher[level] = seen
        seen |= sum(1 << x for x, r in enumerate(rank) if r == level)
    return [higher[r] for r in rank]
