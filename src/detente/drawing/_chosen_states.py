"""Which states of a conflict a picture shows: all of a small one, the most telling of a large one.

Of more than 40 states a picture shows today's, the equilibria nearest to it and the states on the
shortest paths there, by improvements where there are any, else by legal moves; where no path leads
to an equilibrium, the states nearest to today by the fewest moves of anyone. Cost: that of
`Stability.status_quo_analysis`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from detente.conflict import Conflict
from detente.stability import Stability

MOST_STATES = 40
"""States of a conflict that is shown whole, and of any picture."""

FEW_STATES = 14
"""States of a picture of paths."""


def chosen_states(stability: Stability, concept: str) -> list[int]:
    """Return the states that a picture shows, flat indices.

    Parameters
    ----------
    stability : Stability
    concept : str
        Whose equilibria are shown.

    Returns
    -------
    list of int
        In their own order where all are shown, else from today outwards.
    """
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


def state_names(conflict: Conflict, states: Sequence[int]) -> list[str]:
    """Name states by the variables in which they differ, and today's as such.

    Parameters
    ----------
    conflict : Conflict
    states : sequence of int
        Flat indices.

    Returns
    -------
    list of str
        In the same order.
    """
    labels = [conflict.label(state) for state in states]
    today = None if conflict.status_quo is None else conflict.index()
    differ = [name for name in labels[0] if len({label[name] for label in labels}) > 1]
    return [
        ", ".join(f"{name} {label[name]}" for name in differ or label)
        + (" (today)" if state == today else "")
        for state, label in zip(states, labels, strict=True)
    ]


def _nearest(conflict: Conflict, start: int) -> list[int]:
    found, queue = [start], deque([start])
    known = {start}
    while queue and len(found) < MOST_STATES:
        here = queue.popleft()
        for states in conflict.moves_from(here).values():
            for state in states:
                if state not in known and len(found) < MOST_STATES:
                    known.add(state)
                    found.append(state)
                    queue.append(state)
    return found
