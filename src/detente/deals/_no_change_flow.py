"""What each combination of options is worth if it is kept for good while the conditions move.

With all options held at levels o, actor i's value over the joint conditions c solves

    (rho_i + q(o, c)) W_i(o, c) = u_i(o, c) + sum_c' q(o; c, c') W_i(o, c'),

one small linear system for each o and i: O(options' combinations x conditions^3). Given as an
average flow, rho_i W_i, so that it compares with utilities a year. Nobody moves, so neither chances
to move nor precision enter: this is what a kept agreement is worth, the yardstick of bargaining.
"""

from __future__ import annotations

import numpy as np

from detente.conflict import Conflict
from detente.errors import SizeError
from detente.values import Floats

_MOST_JOINT = 2_000
_BLOCK = 4_000_000


def no_change_flow(conflict: Conflict) -> dict[str, Floats]:
    """Return each actor's average flow if today's options in a state are never changed again.

    Returns
    -------
    dict of str to ndarray
        By actor, utility a year, discounted at the actor's rate, of the conflict's shape; nan at
        infeasible states.

    Raises
    ------
    SizeError
        With more than 2,000 joint levels of the conditions.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"us": {"offer": 2}},
    ...     utility={"us": [[0.0, 4.0], [1.0, 1.0]]},
    ...     conditions={"trust": {"levels": 2, "rate": [[0.0, 0.1], [0.0, 0.0]]}},
    ...     discount={"us": 0.1},
    ... )
    >>> no_change_flow(conflict)["us"].tolist()
    [[2.0, 4.0], [1.0, 1.0]]
    """
    space = conflict.space
    joint = int(np.prod([space.shape[k] for k in space.conditions], dtype=np.int64))
    if joint > _MOST_JOINT:
        raise SizeError(
            f"the conditions have {joint:,} joint levels; a kept agreement is valued for "
            f"{_MOST_JOINT:,} at most: leave out conditions or levels"
        )
    combinations = conflict.size // joint
    feasible = conflict.feasible.reshape(combinations, joint)
    flows = np.stack([conflict.utility[a].reshape(combinations, joint) for a in conflict.actors])
    flows = np.where(feasible, flows, 0.0)
    found = np.empty_like(flows)
    each = max(1, _BLOCK // joint**2)
    for first in range(0, combinations, each):
        rows = slice(first, min(first + each, combinations))
        rates = _joint_rates(conflict, joint, rows)
        leave = rates.sum(axis=2)
        for i, actor in enumerate(conflict.actors):
            discount = conflict.discount[actor]
            matrix = -rates
            matrix[:, np.arange(joint), np.arange(joint)] += discount + leave
            solved = np.linalg.solve(matrix, flows[i, rows, :, None])[..., 0]
            found[i, rows] = discount * solved
    found[:, ~feasible] = np.nan
    return {a: found[i].reshape(conflict.shape) for i, a in enumerate(conflict.actors)}


def _joint_rates(conflict: Conflict, joint: int, rows: slice) -> Floats:
    """Return the rates ``[combination, from, to]`` between the joint levels of the conditions."""
    space = conflict.space
    rates = np.zeros((rows.stop - rows.start, joint, joint))
    for k, jumps in zip(space.conditions, conflict.jumps, strict=True):
        size, stride = space.shape[k], space.strides[k]
        by_target = jumps.reshape(-1, joint, size)[rows]
        level = np.arange(joint) // stride % size
        for to in range(size):
            target = np.arange(joint) + (to - level) * stride
            rates[:, np.arange(joint), target] += np.where(level == to, 0.0, by_target[:, :, to])
    return rates
