"""A conflict from plain arrays: every argument checked, then frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.case.size import check_size
from detente.conflict.preference import rank_from_utility, utility_from_rank
from detente.conflict.space import Axis, Space, State
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.conflict.conflict import Conflict, Moves

MOST_LEVELS = 1000
"""Levels of one variable; each option keeps matrices of levels by levels."""


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
    space = _space(options, conditions or {})
    check_size(space.shape, len(space.actors))
    actors = space.actors
    possible = np.ones(space.shape, dtype=bool)
    if feasible is not None:
        possible = _array("feasible", feasible, space.shape, bool)
    if not possible.any():
        raise InputError("feasible leaves no state; allow at least one")

    utility, rank = utility or {}, rank or {}
    _known("utility", utility, actors)
    _known("rank", rank, actors)
    utilities, ranks = {}, {}
    for actor in actors:
        if (actor in utility) == (actor in rank):
            raise InputError(
                f"actor {actor!r} needs utility or rank, one of them; give exactly one"
            )
        if actor in utility:
            flow = _array(f"utility[{actor!r}]", utility[actor], space.shape, float)
            if not np.isfinite(flow[possible]).all():
                raise InputError(
                    f"utility[{actor!r}] is not finite in some feasible state; mend it"
                )
            utilities[actor] = freeze(np.where(possible, flow, 0.0))
            ranks[actor] = freeze(rank_from_utility(flow, possible))
        else:
            order = _array(f"rank[{actor!r}]", rank[actor], space.shape, float)
            dense = rank_from_utility(order, possible)
            ranks[actor] = freeze(dense)
            utilities[actor] = freeze(utility_from_rank(dense, possible))

    option_axes = space.axes[: space.conditions.start]
    allowed = tuple(_moves(axis, moves or {}, actors, space) for axis in option_axes)
    cost = tuple(_costs(axis, costs or {}, space) for axis in option_axes)
    jumps = tuple(
        _jumps(space.axes[k], (conditions or {})[space.axes[k].name], space.shape, possible, k)
        for k in space.conditions
    )
    return cls(
        space=space,
        feasible=freeze(possible),
        utility=utilities,
        rank=ranks,
        allowed=allowed,
        cost=cost,
        jumps=jumps,
        rates=_per_actor("rates", rates, actors, 1.0, least=0.0),
        precision=_per_actor("precision", precision, actors, 1.0, least=0.0),
        discount=_per_actor("discount", discount, actors, 0.1, least=np.nextafter(0.0, 1.0)),
        cardinal={actor: actor in utility for actor in actors},
        status_quo=None if status_quo is None else _start(space, status_quo, possible),
    )


def freeze(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, contiguous and read-only."""
    frozen = np.ascontiguousarray(array)
    frozen.setflags(write=False)
    return frozen


def transition(levels: int, moves: str | ArrayLike, name: str) -> NDArray[np.bool_]:
    """Return the possible level changes ``[from, to]``; staying is always possible."""
    everything = np.ones((levels, levels), dtype=bool)
    if isinstance(moves, str):
        named = {"any": everything, "up": np.triu(everything), "down": np.tril(everything)}
        if moves not in named:
            raise InputError(f"moves of {name} are {moves!r}; use any, up, down or a bool matrix")
        return named[moves]
    matrix = _array(f"moves of {name}", moves, (levels, levels), bool)
    return matrix | np.eye(levels, dtype=bool)


def step_cost(levels: int, cost: float, kind: str) -> NDArray[np.float64]:
    """Return the matrix of costs ``[from, to]`` of a cost a level step, or of a flat one."""
    steps = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels))).astype(float)
    return cost * (steps if kind == "step" else np.minimum(steps, 1.0))


def drop_infeasible_jumps(
    rate: NDArray[np.float64], feasible: NDArray[np.bool_], axis: int
) -> NDArray[np.float64]:
    """Return jump rates without those to the own level, from or into infeasible states."""
    levels = feasible.shape[axis]
    here: NDArray[np.intp] = np.indices(feasible.shape, sparse=True)[axis]
    own: NDArray[np.bool_] = here[..., None] == np.arange(levels)
    target = np.moveaxis(feasible, axis, -1)
    target = np.expand_dims(target, axis)
    return np.where(~own & feasible[..., None] & target, rate, 0.0)


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
        for option, levels in levers.items():
            names = _levels(levels, f"options[{actor!r}][{option!r}]")
            axes.append(Axis(f"{actor}.{option}", actor, names))
    for name, condition in conditions.items():
        if "levels" not in condition or "rate" not in condition:
            raise InputError(f"conditions[{name!r}] needs the keys 'levels' and 'rate'; give both")
        axes.append(Axis(name, None, _levels(condition["levels"], f"conditions[{name!r}]")))
    return Space(tuple(options), tuple(axes))


def _levels(levels: Sequence[str] | int, place: str) -> tuple[str, ...]:
    listed = range(min(levels, MOST_LEVELS + 1)) if isinstance(levels, int) else levels
    names = tuple(map(str, listed))
    if len(names) < 2:
        raise InputError(f"{place} has {len(names)} level; give two or more")
    if len(names) > MOST_LEVELS:
        raise InputError(f"{place} has more than {MOST_LEVELS:,} levels; merge some")
    if len(set(names)) < len(names):
        raise InputError(f"{place} names a level twice; make the names differ")
    return names


def _known(argument: str, given: Iterable[str], names: Iterable[str]) -> None:
    names = tuple(names)
    for name in given:
        if name not in names:
            raise InputError(f"{argument} names {name!r}; known are {', '.join(names)}")


def _array(place: str, value: Any, shape: tuple[int, ...], dtype: type) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.array(value, dtype=dtype)
    except (TypeError, ValueError):
        raise InputError(
            f"{place} is no array of {dtype.__name__}; give one of shape {shape}"
        ) from None
    if array.shape != shape:
        raise InputError(f"{place} has shape {array.shape}; it must have {shape}")
    return array


def _per_actor(
    argument: str,
    given: Mapping[str, float] | None,
    actors: tuple[str, ...],
    default: float,
    least: float,
) -> dict[str, float]:
    _known(argument, given or {}, actors)
    values = {actor: float((given or {}).get(actor, default)) for actor in actors}
    for actor, value in values.items():
        if not (np.isfinite(value) and value >= least):
            kind = "positive" if least > 0 else "zero or more"
            raise InputError(f"{argument}[{actor!r}] is {value:g}; it must be {kind}")
    return values


def _moves(axis: Axis, moves: Moves, actors: tuple[str, ...], space: Space) -> NDArray[np.bool_]:
    _known("moves", moves, actors)
    own = moves.get(str(axis.owner), {})
    _known(f"moves[{axis.owner!r}]", own, [space.axes[k].option for k in space.of(str(axis.owner))])
    return freeze(transition(len(axis.levels), own.get(axis.option, "any"), axis.name))


def _costs(
    axis: Axis, costs: Mapping[str, Mapping[str, ArrayLike]], space: Space
) -> NDArray[np.float64]:
    _known("costs", costs, space.actors)
    own = costs.get(str(axis.owner), {})
    _known(f"costs[{axis.owner!r}]", own, [space.axes[k].option for k in space.of(str(axis.owner))])
    cost = own.get(axis.option, 0.0)
    levels = len(axis.levels)
    if np.ndim(cost) == 0:
        matrix = step_cost(levels, float(np.asarray(cost)), "step")
    else:
        matrix = _array(f"costs of {axis.name}", cost, (levels, levels), float)
        matrix = matrix * ~np.eye(levels, dtype=bool)
    if not np.isfinite(matrix).all() or (matrix < 0).any():
        raise InputError(f"the cost of {axis.name} must be finite and zero or more; mend it")
    return freeze(matrix)


def _jumps(
    axis: Axis,
    condition: Mapping[str, Any],
    shape: tuple[int, ...],
    feasible: NDArray[np.bool_],
    position: int,
) -> NDArray[np.float64]:
    full = (*shape, len(axis.levels))
    try:
        rate = np.broadcast_to(np.asarray(condition["rate"], dtype=float), full)
    except ValueError:
        raise InputError(
            f"conditions[{axis.name!r}]['rate'] has shape {np.shape(condition['rate'])}; "
            f"it must broadcast to {full}, the last axis being the level jumped to"
        ) from None
    rate = drop_infeasible_jumps(rate, feasible, position)
    if not np.isfinite(rate).all() or (rate < 0).any():
        raise InputError(
            f"conditions[{axis.name!r}]['rate'] must be finite and zero or more; mend it"
        )
    return freeze(rate)


def _start(space: Space, state: State, feasible: NDArray[np.bool_]) -> tuple[int, ...]:
    position = space.position(state)
    if not feasible[position]:
        raise InputError("the status quo is infeasible; choose a feasible state")
    return position
