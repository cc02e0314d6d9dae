"""The graph of moves: who can move from which state to which, and who would stay where.

A small conflict is shown as a whole. Of more than 40 states those are chosen that say most:
today's, the equilibria nearest to it and the states on the shortest paths there, by improvements
where there are any, else by legal moves; where no path leads to an equilibrium, the states nearest
to today by the fewest moves of anyone. Cost: that of `Stability.status_quo_analysis`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict
from detente.stability import Stability

MOST_STATES = 40
"""States of a conflict that is shown as a whole, and of any graph."""

FEW_STATES = 14
"""States of a graph of paths."""


@dataclass(frozen=True, eq=False)
class MoveGraph:
    """The states of a conflict that are worth drawing, the moves between them, and who stays.

    Attributes
    ----------
    concept : str
        Whose stability is shown.
    states : tuple of int
        Flat indices.
    names : tuple of str
        Of the states, by the variables in which they differ; today's is marked.
    today : int or None
        Today's state, where the conflict has one.
    arcs : mapping of str to set of (int, int)
        By actor its moves between these states, from and to.
    stable : ndarray of bool, (states, actors + 1)
        Whether each state is stable for each actor, and last for all: an equilibrium.
    feasible : int
        How many states the conflict has.

    Examples
    --------
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ...     status_quo=(0, 0),
    ... )
    >>> found = move_graph(Stability(conflict))
    >>> found.names[0], len(found.arcs["row"]), found.stable[:, -1].tolist()
    ('row.act c, col.act c (today)', 4, [True, False, False, True])
    """

    concept: str
    states: tuple[int, ...]
    names: tuple[str, ...]
    today: int | None
    arcs: Mapping[str, frozenset[tuple[int, int]]]
    stable: NDArray[np.bool_]
    feasible: int

    @property
    def complete(self) -> bool:
        """Whether all states are shown."""
        return len(self.states) == self.feasible


def move_graph(stability: Stability, concept: str = "seq") -> MoveGraph:
    """Choose the states of a conflict to draw, and find the moves between them.

    Parameters
    ----------
    stability : Stability
    concept : str
        Whose stability and equilibria are shown.
    """
    conflict = stability.conflict
    states = _chosen(stability, concept)
    holds = [stability.stable(concept, actor).reshape(-1)[states] for actor in conflict.actors]
    holds.append(stability.equilibria(concept).reshape(-1)[states])
    today = None if conflict.status_quo is None else conflict.index()
    moves = {state: conflict.moves_from(state) for state in states}
    return MoveGraph(
        concept,
        tuple(states),
        _names(conflict, states, today),
        today,
        {
            actor: frozenset((s, t) for s in states for t in moves[s][actor] if t in moves)
            for actor in conflict.actors
        },
        np.stack(holds, axis=1),
        int(conflict.feasible.sum()),
    )


def _chosen(stability: Stability, concept: str) -> list[int]:
    """Return the states shown: in their own order where all are, else from today outwards."""
    conflict = stability.conflict
    feasible = np.flatnonzero(conflict.feasible)
    if feasible.size <= MOST_STATES:
        return [int(state) for state in feasible]
    if conflict.status_quo is None:
        return _nearest(conflict, int(feasible[0]))
    found = [conflict.index()]
    for route in stability.status_quo_analysis(concept).routes:
        path = route.legal if route.improving is None else route.improving
        new = [step.state for step in path or () if step.state not in found]
        if len(found) + len(new) > FEW_STATES:
            break
        found += new
    return found if len(found) > 1 else _nearest(conflict, found[0])


def _names(conflict: Conflict, states: list[int], today: int | None) -> tuple[str, ...]:
    labels = [conflict.label(state) for state in states]
    differ = [name for name in labels[0] if len({label[name] for label in labels}) > 1]
    return tuple(
        ", ".join(f"{name} {label[name]}" for name in differ or label)
        + (" (today)" if state == today else "")
        for state, label in zip(states, labels, strict=True)
    )


def _nearest(conflict: Conflict, start: int) -> list[int]:
    found, queue = [start], deque([start])
    known = {start}
    while queue and len(found) < MOST_STATES:
        here = queue.popleft()
        for ends in conflict.moves_from(here).values():
            for state in ends:
                if state not in known and len(found) < MOST_STATES:
                    known.add(state)
                    found.append(state)
                    queue.append(state)
    return found
