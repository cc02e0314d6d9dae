"""Stability by concept and degree: what strength and unknown preferences have in common.

Both ask for each state whether every temptation is answered: whether the others can reach from it a
deterrent, under ``smr`` one from which the actor can only move on to deterrents. They differ in
which states tempt and which deter. Conflicts of options are worked out on the tensor
(`detente.stability._graded_tensor`), explicit graphs along their arcs
(`detente.stability._graded_graph`). Where pairs are given one by one on up to `FEW_STATES` states,
sets of states are bit masks, at the cost of a search from every temptation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from detente.conflict import Conflict, GraphConflict
from detente.stability._compared import Given
from detente.stability._extremes import Ranks
from detente.stability._graded_graph import GradedGraph
from detente.stability._graded_tensor import GradedTensor
from detente.stability._graph import check_memory
from detente.stability._inverse.move_sets import MoveSets, bits
from detente.text import Result
from detente.values import Bools, Ints

FEW_STATES = 1_024


@dataclass(frozen=True, eq=False)
class GradedStability(Result):
    """Who is stable where, by concept and degree."""

    conflict: Conflict
    concepts: ClassVar[tuple[str, ...]]
    degrees: ClassVar[tuple[str, ...]]

    @cached_property
    def _board(self) -> MoveSets:
        return MoveSets(self.conflict)

    @cached_property
    def _tensor(self) -> GradedTensor | None:
        """The conflict on its tensor or graph; None for bit masks."""
        few = int(self.conflict.feasible.sum()) <= FEW_STATES
        if few and any(isinstance(given, tuple) and given for given in self._given.values()):
            return None
        check_memory(self.conflict, 28 + 24 * len(self.conflict.actors))
        kind = GradedGraph if isinstance(self.conflict, GraphConflict) else GradedTensor
        return kind(self.conflict, *self._chosen())

    @property
    def _given(self) -> Mapping[str, Given]:
        raise NotImplementedError

    def _chosen(self) -> tuple[Mapping[str, Ranks], Mapping[str, Ints]]:
        """Return which steps actors choose where they choose; see `GradedTensor`."""
        raise NotImplementedError

    def stable(self, concept: str, degree: str, actor: str) -> Bools:
        """Return where an actor is stable."""
        raise NotImplementedError

    def _answered(
        self,
        actor: str,
        concept: str,
        steps: list[list[int]],
        tempting: Sequence[int],
        deterring: Sequence[int],
    ) -> Bools:
        """Return where the others' steps lead from every temptation of an actor to a deterrent."""
        board = self._board
        i = board.actors.index(actor)
        reached: dict[int, int] = {}
        found = np.zeros(self.conflict.size, dtype=bool)
        for s, state in enumerate(board.states):
            final = deterrents = deterring[s]
            if concept == "smr":
                final = sum(1 << z for z in bits(final) if not board.moves[i][z] & ~deterrents)
            found[state] = True
            for t in bits(tempting[s]):
                if t not in reached:
                    reached[t] = 0 if concept == "nash" else board.reach(i, t, steps)
                if not reached[t] & final:
                    found[state] = False
                    break
        return found.reshape(self.conflict.shape)

    def equilibria(self, concept: str, degree: str) -> Bools:
        """Return where every actor is stable; see `stable`."""
        found = self.conflict.feasible.copy()
        for actor in self.conflict.actors:
            found &= self.stable(concept, degree, actor)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the equilibria by concept and degree, as level names."""
        return {
            concept: {
                degree: [
                    self.conflict.label(int(state))
                    for state in np.flatnonzero(self.equilibria(concept, degree))
                ]
                for degree in self.degrees
            }
            for concept in self.concepts
        }

    def __str__(self) -> str:
        """Return a table of how many equilibria there are."""
        wide = max(4, *map(len, self.degrees))
        lines = ["equilibria  " + "  ".join(f"{d:>{wide}}" for d in self.degrees)]
        for concept in self.concepts:
            counts = (int(self.equilibria(concept, d).sum()) for d in self.degrees)
            lines.append(f"{concept:<12}" + "  ".join(f"{count:>{wide},}" for count in counts))
        return "\n".join(lines)
