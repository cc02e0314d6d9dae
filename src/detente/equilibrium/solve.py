"""Solve a conflict in time: the true game, and each actor's view of it (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.conflict import Conflict, squeeze
from detente.equilibrium.game import pack
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.trace import trace
from detente.errors import InputError


def solve(conflict: Conflict, tolerance: float = 1e-10) -> Equilibrium:
    """Solve the timed game and the games that actors with a view believe in.

    Each actor solves the game as it believes it to be and acts on that; an actor without a view
    believes in the true game, and that the others do too (first-level hypergame).

    Parameters
    ----------
    conflict : Conflict
    tolerance : float
        Largest imbalance of the equilibrium equations, in spans of each actor's utility a year.

    Returns
    -------
    Equilibrium

    Raises
    ------
    AnalysisError
        When the tolerance is not reached; the message says where and what to try.

    Examples
    --------
    >>> import numpy as np
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["cooperate", "defect"]}, "col": {"act": ["c", "d"]}},
    ...     utility={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ...     precision={"row": 2.0, "col": 2.0},
    ... )
    >>> solve(conflict).residual < 1e-9
    True

    See Also
    --------
    detente.equilibrium.trace.trace : the branch from zero precision.
    """
    if not tolerance > 0.0:
        raise InputError(f"tolerance is {tolerance}; it must be positive")
    small, states = squeeze(conflict)
    game = pack(small)
    branch = trace(game, tolerance)
    beliefs = {
        actor: solve(replace(view, views={}), tolerance) for actor, view in conflict.views.items()
    }
    scaled, values = np.zeros((2, conflict.size, len(conflict.actors)))
    scaled[states], values[states] = branch.values, game.to_values(branch.values)
    value = {
        actor: np.where(conflict.feasible, values[:, k].reshape(conflict.shape), 0.0)
        for k, actor in enumerate(conflict.actors)
    }
    for actor, belief in beliefs.items():
        value[actor] = belief.value[actor]
    solved = list(beliefs.values())
    return Equilibrium(
        conflict=conflict,
        value=value,
        residual=max([branch.residual, *(b.residual for b in solved)]),
        sweeps=branch.sweeps + sum(b.sweeps for b in solved),
        points=branch.points + sum(b.points for b in solved),
        folds=branch.folds + tuple(share for b in solved for share in b.folds),
        scaled=scaled,
        beliefs=beliefs,
    )
