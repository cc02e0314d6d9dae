"""The same conflict over fewer states, and in the smallest tensor that holds them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict._build import drop_infeasible_jumps, freeze
from detente.conflict._conflict import Conflict
from detente.conflict._space import Space
from detente.errors import InputError
from detente.values import Bools, Floats


def restrict(conflict: Conflict, within: Bools) -> Conflict:
    """Return the conflict in which only some states are feasible.

    Parameters
    ----------
    conflict : Conflict
    within : ndarray of bool
        Broadcastable to the conflict's shape. Moves and jumps that lead out are no longer possible.

    Returns
    -------
    Conflict
        Its status quo is dropped where it is left out; views are restricted alike.
    """
    feasible = freeze(conflict.feasible & within)
    if not feasible.any():
        raise InputError("nothing feasible is left; leave out less")
    first = conflict.space.conditions.start
    jumps = tuple(
        freeze(drop_infeasible_jumps(rate, feasible, first + k))
        for k, rate in enumerate(conflict.jumps)
    )
    start = conflict.status_quo
    if start is not None and not feasible[start]:
        start = None
    views = {actor: restrict(view, within) for actor, view in conflict.views.items()}
    return replace(conflict, feasible=feasible, jumps=jumps, status_quo=start, views=views)


def reachable_box(conflict: Conflict, levels: Mapping[str, Collection[int]]) -> Bools:
    """Return a box of states that no move or jump leaves, in truth or in any actor's view.

    Parameters
    ----------
    conflict : Conflict
    levels : mapping of str to collection of int
        Level indices by variable to start from; all of a variable that is not named.

    Returns
    -------
    ndarray of bool
        Of the conflict's shape: every variable at a level that a chain of its own changes leads to.
    """
    box: Bools = np.ones((), dtype=bool)
    for k, axis in enumerate(conflict.space.axes):
        found = np.full(len(axis.levels), axis.name not in levels)
        if axis.name in levels:
            found[list(levels[axis.name])] = True
        if not found.all():
            found = leads_to(conflict, k)[found].any(axis=0)
        box = box[..., None] & found
    return box


def leads_to(conflict: Conflict, axis: int) -> Bools:
    """Return from which levels of a variable its own changes lead to which, ``[from, to]``.

    That is in any number of moves or jumps, in truth or in any actor's view.
    """
    first = conflict.space.conditions.start
    if axis < first:
        step = conflict.allowed[axis]
    else:
        worlds = (conflict, *conflict.views.values())
        step = np.any([_steps(w.jumps[axis - first], axis) for w in worlds], axis=0)
    step = step | np.eye(len(step), dtype=bool)
    while not (further := step @ step).all() and (further != step).any():
        step = further
    return further


def _steps(rate: Floats, axis: int) -> Bools:
    """Return which jumps along an axis there are anywhere, ``[from, to]``."""
    levels = rate.shape[-1]
    somewhere = (rate > 0.0).reshape(-1, levels, prod(rate.shape[axis + 1 : -1]), levels)
    return np.asarray(np.any(np.any(somewhere, axis=0), axis=1))


def used_levels(feasible: Bools) -> list[NDArray[np.intp]]:
    """Return for each axis the levels that some feasible state has.

    Examples
    --------
    >>> [used.tolist() for used in used_levels(np.array([[True, False], [True, False]]))]
    [[0, 1], [0]]
    """
    found = []
    for count, levels in zip(feasible.shape, np.nonzero(feasible), strict=True):
        used = np.zeros(count, dtype=bool)
        used[levels] = True
        found.append(np.flatnonzero(used))
    return found


def drop_unused_levels(conflict: Conflict) -> tuple[Conflict, NDArray[np.intp]]:
    """Leave out the levels that no feasible state has.

    Parameters
    ----------
    conflict : Conflict

    Returns
    -------
    conflict : Conflict
        In a smaller tensor where there were such levels, without its views and ranks.
    states : ndarray of int
        For each state of the smaller tensor its flat index in the larger one.
    """
    space, feasible = conflict.space, conflict.feasible
    if feasible.all():
        return replace(conflict, views={}), np.arange(conflict.size)
    kept = used_levels(feasible)
    states = np.arange(conflict.size).reshape(conflict.shape)[np.ix_(*kept)].reshape(-1)
    if states.size == conflict.size:
        return replace(conflict, views={}), states
    shape, first = tuple(map(len, kept)), space.conditions.start
    levels = [tuple(axis.levels[i] for i in kept[k]) for k, axis in enumerate(space.axes)]

    def within(array: NDArray[Any]) -> NDArray[Any]:
        return freeze(array.reshape(-1)[states].reshape(shape))

    small = replace(
        conflict,
        space=Space(
            space.actors,
            tuple(replace(axis, levels=levels[k]) for k, axis in enumerate(space.axes)),
        ),
        feasible=within(feasible),
        utility={actor: within(flow) for actor, flow in conflict.utility.items()},
        rank={},
        allowed=tuple(freeze(m[np.ix_(kept[k], kept[k])]) for k, m in enumerate(conflict.allowed)),
        cost=tuple(freeze(m[np.ix_(kept[k], kept[k])]) for k, m in enumerate(conflict.cost)),
        jumps=tuple(
            freeze(rate.reshape(-1, rate.shape[-1])[np.ix_(states, kept[first + k])]).reshape(
                *shape, -1
            )
            for k, rate in enumerate(conflict.jumps)
        ),
        status_quo=None,
        views={},
        numbers={},
        case=None,
    )
    return small, states
