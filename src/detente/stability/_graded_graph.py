"""Stability with unknown or strong preferences in an explicit graph of any size, along its arcs.

The questions are those of the state tensor (`detente.stability._graded_tensor`), and so is what
follows from them; only the least that sequences reach is found by settling each state once
(`detente.stability._arcs`). Where actors share moves the others can bring an actor back to the
state that it left, which deters it even where nothing that ranks alike does: states from which that
may happen are judged one by one. Cost: O(states + arcs) for each actor and concept, and again for
each state that has exceptions or may be come back to.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from detente.stability._arcs import ArcsBack, least_along
from detente.stability._extremes import Ranks
from detente.stability._graded_tensor import GradedTensor, Look
from detente.stability._graph import RankedGraph
from detente.values import Bools, Ints


class GradedGraph(GradedTensor):
    """What the others can do to each actor along the arcs of a graph; see `GradedTensor`."""

    _unit = "states and arcs"
    _chosen: ArcsBack | None = None

    def stable(self, actor: str, concept: str, look: Look) -> Bools:
        """Return where every temptation of an actor is answered."""
        found = super().stable(actor, concept, look)
        if concept == "nash" or not look.itself:
            return found
        open_at = ~found & (self.game.rank(actor) > look.deterred)
        apart = np.flatnonzero(open_at & self._may_come_back(actor, look.tempted))
        why = f"others share moves of {actor} and may undo them from"
        self._check_visits(apart.size, why, "ask for the extensions c and d, or of a smaller graph")
        nothing = np.empty(0, dtype=np.int64)
        for state in apart.tolist():
            found[state] = self._answered(actor, concept, look, state, nothing)
        return found

    def _may_come_back(self, actor: str, tempted: Ranks) -> Bools:
        """Return the states that a temptation leads from to what others' arcs join with them."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        graph, size = cast("RankedGraph", self.game), self.game.feasible.size
        others = [a for a in graph.conflict.actors if a != actor]
        arcs = [np.empty((2, 0), dtype=np.int64), *map(np.array, map(self._all_arcs, others))]
        ends = np.concatenate(arcs, axis=1)
        joined = coo_array((np.ones(ends.shape[1], dtype=bool), tuple(ends)), shape=(size, size))
        part = connected_components(joined, directed=False)[1]
        source, target = self._arcs_beyond(actor, tempted, np.empty((0, 2), dtype=np.int64))
        found = np.zeros(size, dtype=bool)
        found[source[part[source] == part[target]]] = True
        return found

    def _all_arcs(self, actor: str) -> tuple[Ints, Ints]:
        return cast("RankedGraph", self.game).arcs(actor, improving=False)

    def _visits(self) -> int:
        arcs = sum(self.game.count_moves(actor) for actor in self.game.conflict.actors)
        return self.game.feasible.size + arcs

    def _least_beyond(self, actor: str, limit: Ranks, values: Ranks) -> Ranks:
        source, target = self._arcs_beyond(actor, limit, np.empty((0, 2), dtype=np.int64))
        return least_along(source, values[target], values.size)

    def _least(self, actor: str, concept: str, value: Ranks) -> Ranks:
        graph, actors = cast("RankedGraph", self.game), self.game.conflict.actors
        if concept != "seq":
            return graph.after_moving(actor, value)
        if self._chosen is None:
            arcs = [self._arcs_beyond(a, self._above[a], self._also[a]) for a in actors]
            self._chosen = ArcsBack.of(arcs, value.size)
        return self._chosen.least(value, np.array([other != actor for other in actors]))

    def _arcs_beyond(self, actor: str, limit: Ranks, also: Ints) -> tuple[Ints, Ints]:
        """Return an actor's arcs to states above a limit of rank, and those given besides."""
        source, target = self._all_arcs(actor)
        rank = self.game.rank(actor)
        taken: Bools = rank[target] > limit[source]
        if also.size:
            size = rank.size
            taken |= np.isin(source * size + target, also[:, 0] * size + also[:, 1])
        return source[taken], target[taken]
