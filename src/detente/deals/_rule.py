"""A conflict in which one option follows a rule instead of its owner's choice.

The option's axis becomes one that nobody owns: while the trigger holds it moves from rung to rung
at one set of rates, while it does not at another, so the level itself is the memory of the package
and the chain is exact. What a change of level costs, its owner still pays: an expected flow of rate
times cost. Cost: a copy of the arrays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict import (
    TIE,
    Axis,
    Conflict,
    Space,
    drop_infeasible_jumps,
    freeze,
    rank_from_utility,
    restrict,
)
from detente.equilibrium import Equilibrium
from detente.values import Floats


def contingent(
    conflict: Conflict, option: str, trigger: str, met: Floats, broken: Floats
) -> Conflict:
    """Return the conflict in which an option follows a trigger.

    Parameters
    ----------
    trigger : str
        State formula; an actor with a view of its own reads it as it sees the world.
    met, broken : ndarray, (levels, levels)
        Changes a year ``[from, to]`` while the trigger holds, and while it does not. Levels that
        these do not lead to from the status quo are left out; into infeasible states none happens.

    Returns
    -------
    Conflict
        The option keeps its name and levels but is a condition, the first of them. An owner that
        has no other option gets one of a single level.

    Examples
    --------
    >>> import numpy as np
    >>> conflict = Conflict.build(
    ...     options={"us": {"offer": ["none", "some"]}, "china": {"help": ["no", "yes"]}},
    ...     utility={"us": [[0, 3], [-1, 2]], "china": [[1, 0], [2, 1]]},
    ...     status_quo=0,
    ... )
    >>> up, down = np.array([[0, 2.0], [0, 0]]), np.array([[0, 0], [4.0, 0]])
    >>> bound = contingent(conflict, "us.offer", "china.help == yes", up, down)
    >>> [axis.name for axis in bound.space.axes]
    ['us.bound', 'china.help', 'us.offer']
    >>> bound.jumps[0][0, 1, 0].tolist(), bound.jumps[0][0, 0, 1].tolist()
    ([0.0, 2.0], [4.0, 0.0])
    """
    space = conflict.space
    k = space.axis(option)
    start = (conflict.index(), conflict.status_quo or ())[1][k]
    rungs = np.arange(len(space.axes[k].levels)) == start
    for _ in rungs:
        rungs = rungs | ((met + broken > 0.0) & rungs[:, None]).any(axis=0)
    return _bind(restrict(conflict, rungs[space.levels[option]]), k, trigger, met, broken)


def unannounced(equilibrium: Equilibrium, bound: Conflict, option: str) -> Equilibrium:
    """Return the conflict under a rule of which nobody knows.

    Parameters
    ----------
    equilibrium : Equilibrium
        Without the rule; everybody goes on acting on it.
    bound : Conflict
        From `contingent`, of the same conflict.

    Returns
    -------
    Equilibrium
        For questions about the chain; its values are those that the actors believe in.
    """
    k = equilibrium.conflict.space.axis(option)
    deaf = {actor: _moved(equilibrium.believed(actor), k) for actor in bound.actors}
    mine = _moved(replace(equilibrium, beliefs={}), k)
    return replace(mine, conflict=replace(bound, views={}), beliefs=deaf, heard=False)


def _moved(equilibrium: Equilibrium, k: int) -> Equilibrium:
    """Return an equilibrium over the axes of a conflict in which axis k is nobody's."""
    conflict = equilibrium.conflict
    scaled = equilibrium.scaled.reshape(*conflict.shape, -1)
    turned = _turn(scaled, conflict, k)
    return replace(
        equilibrium,
        conflict=_bind(conflict, k, None, None, None),
        value={a: _turn(value, conflict, k) for a, value in equilibrium.value.items()},
        scaled=turned.reshape(-1, turned.shape[-1]),
        beliefs={},
    )


def _bind(
    conflict: Conflict, k: int, trigger: str | None, met: Floats | None, broken: Floats | None
) -> Conflict:
    space, first = conflict.space, conflict.space.conditions.start
    axis, owner = space.axes[k], str(space.axes[k].owner)
    alone = len(space.of(owner)) == 1
    stub = [Axis(f"{owner}.bound", owner, ("bound",))] if alone else []
    others = [*space.axes[:k], *stub, *space.axes[k + 1 : first]]
    axes = (*others, replace(axis, owner=None), *space.axes[first:])
    count = len(axis.levels)

    def turn(array: NDArray[Any]) -> NDArray[Any]:
        return freeze(_turn(array, conflict, k))

    feasible = turn(conflict.feasible)
    rate = np.zeros((*feasible.shape, count))
    if trigger is not None and met is not None and broken is not None:
        holds = turn(conflict.where(trigger))
        level = np.arange(count).reshape(-1, *[1] * (len(axes) - 1 - len(others)))
        rate = np.where(holds[..., None], met[level], broken[level])
    rate = freeze(drop_infeasible_jumps(rate, feasible, len(others)))
    utility = {actor: turn(flow) for actor, flow in conflict.utility.items()}
    rank = {actor: turn(order) for actor, order in conflict.rank.items()}
    level = np.arange(count).reshape(-1, *[1] * (len(axes) - 1 - len(others)))
    paid = (rate * conflict.cost[k][level]).sum(axis=-1)
    if paid.any():
        utility[owner] = freeze(utility[owner] - paid)
        rank[owner] = freeze(rank_from_utility(utility[owner], feasible, TIE))

    def without(matrices: tuple[NDArray[Any], ...], single: NDArray[Any]) -> Any:
        return (*matrices[:k], *([single] if alone else []), *matrices[k + 1 :])

    start = conflict.status_quo
    if start is not None:
        rest = (*start[:k], *([0] if alone else []), *start[k + 1 : first])
        start = (*rest, start[k], *start[first:])
    return replace(
        conflict,
        space=Space(space.actors, axes),
        feasible=feasible,
        utility=utility,
        rank=rank,
        allowed=without(conflict.allowed, freeze(np.ones((1, 1), dtype=bool))),
        cost=without(conflict.cost, freeze(np.zeros((1, 1)))),
        jumps=(rate, *(turn(jump) for jump in conflict.jumps)),
        status_quo=start,
        numbers={n: turn(v) if np.ndim(v) else v for n, v in conflict.numbers.items()},
        views={a: _bind(view, k, trigger, met, broken) for a, view in conflict.views.items()},
        case=None,
    )


def _turn(array: NDArray[Any], conflict: Conflict, k: int) -> NDArray[Any]:
    """Return an array with axis k after the last option's; one level where it was, if alone."""
    space = conflict.space
    last = space.conditions.start - 1
    moved = np.moveaxis(array, k, last)
    alone = len(space.of(str(space.axes[k].owner))) == 1
    return np.expand_dims(moved, k) if alone else moved
