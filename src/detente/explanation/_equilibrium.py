"""Why a state with a formula is an equilibrium, or why none is: the improvement and the reply.

Of several equilibria the one nearest to the status quo speaks; where there is none, the state with
the formula at which fewest actors have an improvement that nothing deters. Cost: that of the
explanations, see `detente.stability._explain`.
"""

from __future__ import annotations

import numpy as np

from detente.case import EquilibriumQuestion
from detente.model import SolvedWorld
from detente.stability import Explanation


def explain_equilibrium(question: EquilibriumQuestion, world: SolvedWorld) -> list[Explanation]:
    """Return an explanation for each actor at the state that speaks; empty if no state can."""
    conflict, stability = world.conflict, world.stability
    holds = np.broadcast_to(question.formula.evaluate(conflict.values), conflict.shape)
    wanted = np.asarray(holds & conflict.feasible, dtype=bool)
    if not wanted.any():
        return []
    stable = np.stack([stability.stable(question.concept, actor) for actor in conflict.actors])
    unstable = np.where(wanted, (~stable).sum(axis=0), len(conflict.actors) + 1)
    today = conflict.status_quo or (0,) * len(conflict.shape)
    away = np.zeros(conflict.shape, dtype=np.int64)
    for axis, level in zip(conflict.space.axes, today, strict=True):
        away = away + (conflict.space.levels[axis.name] != level)
    order = np.lexsort((away.reshape(-1), unstable.reshape(-1)))
    state = int(order[0])
    return [stability.explain(actor, state, question.concept) for actor in conflict.actors]
