"""The timed game as plain arrays: what the kernels read, in units in which all actors are alike.

Utilities are centred and scaled to a span of one over the feasible states, precision and costs with
them, so that tolerances mean the same for every actor and adding a constant to a utility changes
nothing but the values. ``TimedGame.to_values`` maps back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.conflict import Conflict, used_levels
from detente.values import Bools, Floats, Ints

_LEAST_SPAN = 1e-4
"""Where utilities differ by less than this share of a cost, the cost sets the unit."""


class AxisLayout(NamedTuple):
    """Where each axis lies in the flat tensor; what all kernels share.

    ``first[j]`` to ``stop[j]`` are the axes of actor j. Axis k has ``size[k]`` levels at distance
    ``stride[k]``; its matrices start at ``offset[k]`` in the flat arrays of matrices. Row d of
    ``TimedGame.jumps`` holds the rates of jumps from each state s to s + ``shift[d]``.
    """

    first: Ints
    stop: Ints
    size: Ints
    stride: Ints
    offset: Ints
    shift: Ints


class TimedGame(NamedTuple):
    """Plain arrays of one conflict, scaled.

    Attributes
    ----------
    layout : AxisLayout
    feasible : ndarray of bool, (states,)
    flow : ndarray, (states, actors)
        Utility a year, centred, spanning one.
    rate, discount, precision : ndarray, (actors,)
        Precision is per span of utility.
    allowed : ndarray of bool
        All transition matrices ``[from, to]``, one after the other.
    cost : ndarray
        All cost matrices, in spans of their owner.
    jumps : ndarray, (shifts, states)
        Rates of the conditions' jumps: a row for each way a condition can move, zero where it
        cannot.
    leave : ndarray, (states,)
        Total rate of jumps out of each state.
    span, centre : ndarray, (actors,)
        Utility = span x flow + centre.
    """

    layout: AxisLayout
    feasible: Bools
    flow: Floats
    rate: Floats
    discount: Floats
    precision: Floats
    allowed: Bools
    cost: Floats
    jumps: Floats
    leave: Floats
    span: Floats
    centre: Floats

    def to_values(self, scaled: Floats) -> Floats:
        """Return values in the actors' own utility from scaled ones, both (states, actors)."""
        return self.span * scaled + self.centre / self.discount


def pack(conflict: Conflict) -> TimedGame:
    """Return the arrays of a conflict.

    Parameters
    ----------
    conflict : Conflict
    """
    space = conflict.space
    owned = [space.of(actor) for actor in conflict.actors]
    option_axes = range(space.conditions.start)
    squares = [space.shape[k] ** 2 for k in option_axes]
    shift, jumps = _shifts(conflict)
    layout = AxisLayout(
        first=np.array([own.start for own in owned], dtype=np.int64),
        stop=np.array([own.stop for own in owned], dtype=np.int64),
        size=np.array(space.shape, dtype=np.int64),
        stride=np.array(space.strides, dtype=np.int64),
        offset=np.cumsum([0, *squares], dtype=np.int64),
        shift=shift,
    )
    feasible = np.ascontiguousarray(conflict.feasible.reshape(-1))
    flow = np.stack([conflict.utility[a].reshape(-1) for a in conflict.actors])
    within = flow if feasible.all() else flow[:, feasible]
    used = used_levels(conflict.feasible)
    dearest = [max(_dearest(conflict, k, used[k]) for k in own) for own in owned]
    span = np.maximum(np.ptp(within, axis=1), _LEAST_SPAN * np.array(dearest))
    span[span == 0] = 1.0
    centre = within.mean(axis=1)
    flow -= centre[:, None]
    flow /= span[:, None]
    flow[:, ~feasible] = 0.0
    cost = [
        conflict.cost[k].reshape(-1) / span[conflict.actors.index(str(space.axes[k].owner))]
        for k in option_axes
    ]
    leave = sum((jump.sum(axis=-1).reshape(-1) for jump in conflict.jumps), np.zeros(conflict.size))
    return TimedGame(
        layout=layout,
        feasible=feasible,
        flow=flow.T,
        rate=_by_actor(conflict, conflict.rates),
        discount=_by_actor(conflict, conflict.discount),
        precision=_by_actor(conflict, conflict.precision) * span,
        allowed=np.concatenate([m.reshape(-1) for m in conflict.allowed]),
        cost=np.concatenate(cost),
        jumps=jumps,
        leave=leave,
        span=span,
        centre=centre,
    )


def _dearest(conflict: Conflict, axis: int, used: Ints) -> float:
    """Return the largest cost between levels that some feasible state has.

    The others may be left out of the tensor that is solved; the unit must not change by it.
    """
    return float(conflict.cost[axis][np.ix_(used, used)].max())


def _shifts(conflict: Conflict) -> tuple[Ints, Floats]:
    """Return how far jumps lead in the flat tensor, and their rates, (shifts, states)."""
    space, shift, rows = conflict.space, list[int](), list[Floats]()
    for k, jump in zip(space.conditions, conflict.jumps, strict=True):
        levels, after = space.shape[k], space.strides[k]
        rate = jump.reshape(-1, levels, after, levels)
        for step in (*range(1 - levels, 0), *range(1, levels)):
            row = np.zeros(rate.shape[:3])
            for level in range(max(0, -step), levels - max(0, step)):
                row[:, level] = rate[:, level, :, level + step]
            if row.any():
                shift.append(step * after)
                rows.append(row.reshape(-1))
    jumps = np.stack(rows) if rows else np.zeros((0, conflict.size))
    return np.array(shift, dtype=np.int64), jumps


def _by_actor(conflict: Conflict, values: object) -> Floats:
    return np.array([values[a] for a in conflict.actors], dtype=np.float64)  # type: ignore[index]
