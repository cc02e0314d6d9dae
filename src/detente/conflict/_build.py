"""A conflict from plain arrays: every argument checked, then frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.case import check_size
from detente.conflict._arguments import (
    level_names,
    mapping,
    number,
    numeric_array,
    rate_array,
    real_array,
    truth_array,
)
from detente.conflict._preference import ScaledRanks, rank_from_order, rank_from_utility
from detente.conflict._space import Axis, Space, State
from detente.errors import InputError
from detente.values import Bools, Floats

if TYPE_CHECKING:
    from detente.conflict._conflict import Conflict, Moves


def build(
    cls: type[Conflict],
    options: Mapping[str, Mapping[str, Sequence[str] | int]],
    utility: Mapping[str, ArrayLike] | None,
    rank: Mapping[str, ArrayLike] | None,
    feasible: ArrayLike | None,
    moves: Moves | None,
    conditions: Mapping[str, Mapping[str, Any]] | None,
    rates: Mapping[str, float] | None,
    precision: Mapping[str, float] | None,
    discount: Mapping[str, float] | None,
    costs: Mapping[str, Mapping[str, ArrayLike]] | None,
    status_quo: State | None,
) -> Conflict:
    """Check every argument of `Conflict.build` and put the conflict together."""
    conditions = mapping("conditions", conditions)
    space = _space(mapping("options", options), conditions)
    whole = not utility and _whole(rank)
    check_size(space.shape, len(space.actors), "ranks" if whole else "order")
    actors = space.actors
    possible = np.ones(space.shape, dtype=bool)
    if feasible is not None:
        possible = truth_array("feasible", feasible, space.shape)
    if not possible.any():
        raise InputError("feasible leaves no state; allow at least one")

    utility, rank = mapping("utility", utility, actors), mapping("rank", rank, actors)
    utilities: dict[str, Floats] = {}
    ranks = {}
    for actor in actors:
        if (actor in utility) == (actor in rank):
            raise InputError(f"actor {actor!r} needs utility or rank; give exactly one of them")
        cardinal = actor in utility
        place = f"{'utility' if cardinal else 'rank'}[{actor!r}]"
        given = (utility if cardinal else rank)[actor]
        array = (real_array if cardinal else numeric_array)(place, given, space.shape)
        if array.dtype.kind == "f" and not np.isfinite(array[possible]).all():
            raise InputError(f"{place} is not finite in some feasible state; fix it")
        if cardinal:
            utilities[actor] = freeze(np.where(possible, array, 0.0))
        ranks[actor] = freeze((rank_from_utility if cardinal else rank_from_order)(array, possible))

    option_axes = space.axes[: space.conditions.start]
    moves, costs = mapping("moves", moves, actors), mapping("costs", costs, actors)
    allowed = tuple(_moves(axis, moves, space) for axis in option_axes)
    cost = tuple(_costs(axis, costs, space) for axis in option_axes)
    jumps = tuple(
        _jumps(space.axes[k], conditions[space.axes[k].name]["rate"], possible, k)
        for k in space.conditions
    )
    return cls(
        space=space,
        feasible=freeze(possible),
        utility=ScaledRanks(ranks, possible, utilities),
        rank=ranks,
        allowed=allowed,
        cost=cost,
        jumps=jumps,
        rates=_per_actor("rates", rates, actors, 1.0),
        precision=_per_actor("precision", precision, actors, 1.0),
        discount=_per_actor("discount", discount, actors, 0.1, positive=True),
        cardinal={actor: actor in utility for actor in actors},
        status_quo=None if status_quo is None else _start(space, status_quo, possible),
    )


def freeze(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, contiguous and read-only."""
    frozen = np.ascontiguousarray(array)
    frozen.setflags(write=False)
    return frozen


def transition(levels: int, moves: str | ArrayLike, name: str) -> Bools:
    """Return the possible level changes ``[from, to]``; staying is always possible."""
    everything = np.ones((levels, levels), dtype=bool)
    if isinstance(moves, str):
        named = {"any": everything, "up": np.triu(everything), "down": np.tril(everything)}
        if moves not in named:
            raise InputError(f"moves of {name} are {moves!r}; use any, up, down or a bool matrix")
        return named[moves]
    matrix = truth_array(f"moves of {name}", moves, (levels, levels))
    return matrix | np.eye(levels, dtype=bool)


def step_cost(levels: int, cost: float, kind: str) -> Floats:
    """Return the matrix of costs ``[from, to]`` of a cost per level step, or of a flat one."""
    steps = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels))).astype(float)
    return cost * (steps if kind == "step" else np.minimum(steps, 1.0))


def drop_infeasible_jumps(rate: Floats, feasible: Bools, axis: int) -> Floats:
    """Return jump rates without those to the own level, from or into infeasible states."""
    levels = feasible.shape[axis]
    along = prod(feasible.shape[:axis]), levels, prod(feasible.shape[axis + 1 :])
    there, given = feasible.reshape(along), rate.reshape(*along, levels)
    kept = np.zeros(given.shape)
    for level, to in permutations(range(levels), 2):
        possible = there[:, level] & there[:, to]
        np.copyto(kept[:, level, :, to], given[:, level, :, to], where=possible)
    return kept.reshape(rate.shape)


def _whole(rank: Mapping[str, ArrayLike] | None) -> bool:
    """Tell whether all is given as ranks, in arrays of whole numbers, which take less to hold."""
    given = [*rank.values()] if isinstance(rank, Mapping) else []
    return bool(given) and all(isinstance(r, np.ndarray) and r.dtype.kind in "iu" for r in given)


def _space(
    options: Mapping[str, Mapping[str, Sequence[str] | int]],
    conditions: Mapping[str, Mapping[str, Any]],
) -> Space:
    if not options:
        raise InputError("options names no actor; give at least one")
    axes = []
    for actor, levers in options.items():
        if not levers:
            raise InputError(f"options[{actor!r}] is empty; every actor needs an option")
        for option, levels in mapping(f"options[{actor!r}]", levers).items():
            place = f"options[{actor!r}][{option!r}]"
            if "." in option:
                raise InputError(f"{place} has a dot in its name; take it out")
            axes.append(Axis(f"{actor}.{option}", actor, level_names(place, levels)))
    for name, condition in conditions.items():
        place = f"conditions[{name!r}]"
        if set(mapping(place, condition, ("levels", "rate"))) != {"levels", "rate"}:
            raise InputError(f"{place} needs the keys 'levels' and 'rate'; give both")
        if name in [axis.name for axis in axes]:
            raise InputError(f"{place} has the name of an option; choose another")
        axes.append(Axis(name, None, level_names(place, condition["levels"])))
    return Space(tuple(options), tuple(axes))


def _per_actor(
    argument: str,
    given: Mapping[str, float] | None,
    actors: tuple[str, ...],
    default: float,
    positive: bool = False,
) -> dict[str, float]:
    values = mapping(argument, given, actors)
    return {
        actor: number(f"{argument}[{actor!r}]", values.get(actor, default), positive)
        for actor in actors
    }


def _own(argument: str, given: Mapping[str, Any], axis: Axis, space: Space) -> Mapping[str, Any]:
    """Return what an argument says of the options of an axis's actor."""
    owner = str(axis.owner)
    options = [space.axes[k].option for k in space.of(owner)]
    return mapping(f"{argument}[{owner!r}]", given.get(owner), options)


def _moves(axis: Axis, moves: Mapping[str, Any], space: Space) -> Bools:
    kind = _own("moves", moves, axis, space).get(axis.option, "any")
    return freeze(transition(len(axis.levels), kind, axis.name))


def _costs(axis: Axis, costs: Mapping[str, Any], space: Space) -> Floats:
    cost = _own("costs", costs, axis, space).get(axis.option, 0.0)
    levels = len(axis.levels)
    if not isinstance(cost, list | tuple | np.ndarray) or np.array(cost, object).ndim == 0:
        step = number(f"the cost of {axis.name}", cost)
        return freeze(step_cost(levels, step, "step"))
    matrix = real_array(f"the cost of {axis.name}", cost, (levels, levels))
    np.fill_diagonal(matrix, 0.0)
    if not np.isfinite(matrix).all() or (matrix < 0).any():
        raise InputError(f"the cost of {axis.name} must be finite and zero or more; fix it")
    return freeze(matrix)


def _jumps(axis: Axis, given: Any, feasible: Bools, position: int) -> Floats:
    place = f"conditions[{axis.name!r}]['rate']"
    rate = rate_array(place, given, (*feasible.shape, len(axis.levels)))
    rate = drop_infeasible_jumps(rate, feasible, position)
    if not np.isfinite(rate).all() or (rate < 0).any():
        raise InputError(f"{place} must be finite and zero or more; fix it")
    return freeze(rate)


def _start(space: Space, state: State, feasible: Bools) -> tuple[int, ...]:
    try:
        position = space.position(state)
    except InputError as error:
        raise InputError(f"status_quo: {error}") from None
    if not feasible[position]:
        raise InputError("the status quo is infeasible; choose a feasible state")
    return position
