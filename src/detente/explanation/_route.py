"""A shortest sequence of legal moves and jumps from a start to a formula, by breadth-first search.

Cost: O(transitions).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.sparse.csgraph import breadth_first_order

from detente.case import ReachabilityQuestion
from detente.explanation._step import Step, group_transitions
from detente.model import SolvedWorld


def shortest_route(question: ReachabilityQuestion, world: SolvedWorld) -> tuple[Step, ...] | None:
    """Return the steps of a shortest route, or None where there is none."""
    chain, conflict = world.chain, world.conflict
    truth = np.broadcast_to(question.formula.evaluate(conflict.values), conflict.shape)
    wanted = np.asarray(truth & conflict.feasible, dtype=bool).reshape(-1)[chain.live]
    best: list[int] | None = None
    for start in np.flatnonzero(world.start(question.arm.given)).tolist():
        order, before = breadth_first_order(chain.step, start)
        hits = order[wanted[order]]
        if hits.size:
            route = [int(hits[0])]
            while route[-1] != start:
                route.append(int(before[route[-1]]))
            if best is None or len(route) < len(best):
                best = route
    if best is None:
        return None
    states = chain.live[np.array(best[::-1])]
    steps = []
    for source, target in pairwise(states):
        ((step, _),) = group_transitions(conflict, np.array([source]), np.array([target]))
        steps.append(step)
    return tuple(steps)
