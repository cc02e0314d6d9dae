"""The axes of the state tensor: which variable stands where, and states by name.

A state is an index into a tensor with one axis for each option and condition, axes grouped by
owner in the order of the actors, conditions last (docs/design.md, section 2). Everything here is
bookkeeping; its cost does not depend on the number of states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.expression import Namespace, Variable
from detente.text import show, suggestion
from detente.values import Floats

State = int | Sequence[int] | Sequence[str] | Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the state tensor; ``owner`` is None for a condition."""

    name: str
    owner: str | None
    levels: tuple[str, ...]
    ordered: bool = True

    @property
    def option(self) -> str:
        """The option's own name, without its actor."""
        return self.name.rpartition(".")[2]

    def level(self, level: str | int) -> int:
        """Return the index of a level given by name or index."""
        if isinstance(level, str):
            if level in self.levels:
                return self.levels.index(level)
            hint = suggestion(level, self.levels, "level")
            raise InputError(f"{self.name} has no level {level!r}; {hint}")
        if not isinstance(level, int | np.integer):
            raise InputError(f"{self.name} has no level {level!r}; give a name or a whole number")
        if not 0 <= level < len(self.levels):
            raise InputError(
                f"{self.name} has no level {level}; its levels are 0 to {len(self.levels) - 1}"
            )
        return int(level)


@dataclass(frozen=True)
class Space:
    """The product of the levels of all options and conditions.

    Parameters
    ----------
    actors : tuple of str
        In the order of their axes.
    axes : tuple of Axis
        Options grouped by owner in the order of ``actors``, then conditions.
    """

    actors: tuple[str, ...]
    axes: tuple[Axis, ...]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of levels on each axis."""
        return tuple(len(axis.levels) for axis in self.axes)

    @cached_property
    def size(self) -> int:
        """Number of states, feasible or not."""
        return prod(self.shape)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """Distance in the flat tensor between neighbours on each axis."""
        return tuple(prod(self.shape[k + 1 :]) for k in range(len(self.shape)))

    @cached_property
    def namespace(self) -> Namespace:
        """The names that a formula about states may use."""
        return Namespace({a.name: Variable(a.name, a.levels, a.ordered) for a in self.axes}, {})

    @cached_property
    def levels(self) -> Mapping[str, NDArray[np.intp]]:
        """For each variable its level in every state, as an array that broadcasts to `shape`."""
        along = np.indices(self.shape, sparse=True)
        return {axis.name: along[k] for k, axis in enumerate(self.axes)}

    def axis(self, name: str) -> int:
        """Return the position of a variable among the axes."""
        names = [axis.name for axis in self.axes]
        if name in names:
            return names.index(name)
        hint = suggestion(str(name), names, "name")
        raise InputError(f"there is no option or condition {name!r}; {hint}")

    def of(self, actor: str) -> range:
        """Return the positions of an actor's axes."""
        if actor not in self.actors:
            hint = suggestion(str(actor), self.actors, "actor")
            raise InputError(f"there is no actor {actor!r}; {hint}")
        own = [k for k, axis in enumerate(self.axes) if axis.owner == actor]
        return range(own[0], own[-1] + 1)

    @cached_property
    def conditions(self) -> range:
        """The positions of the conditions' axes."""
        first = sum(axis.owner is not None for axis in self.axes)
        return range(first, len(self.axes))

    def block(self, actor: str) -> tuple[int, int, int]:
        """Return the tensor's extents (before, own, after) as seen by an actor.

        A flat array reshaped to these three has the actor's joint levels as its middle axis.
        """
        own = self.of(actor)
        return (
            prod(self.shape[: own.start]),
            prod(self.shape[own.start : own.stop]),
            prod(self.shape[own.stop :]),
        )

    def index(self, state: State, default: Sequence[int] | None = None) -> int:
        """Return the flat index of a state.

        Parameters
        ----------
        state : int, sequence or mapping
            A flat index, one level (name or index) per axis, or levels by variable name.
        default : sequence of int, optional
            Levels of the variables that a mapping leaves out; without it they are required.
        """
        if isinstance(state, int | np.integer):
            if not 0 <= state < self.size:
                raise InputError(f"there is no state {state}; states are 0 to {self.size - 1}")
            return int(state)
        if isinstance(state, Mapping):
            known = {self.axis(name): level for name, level in state.items()}
            missing = [a.name for k, a in enumerate(self.axes) if k not in known]
            if missing and default is None:
                raise InputError(f"the state leaves out {', '.join(missing)}; give every variable")
            levels: list[str | int] = [
                known[k] if k in known else int((default or ())[k]) for k in range(len(self.axes))
            ]
        elif isinstance(state, str) or not isinstance(state, Sequence | np.ndarray):
            raise InputError(
                f"{state!r} is not a state; give a number, a list of levels, or levels by variable"
            )
        else:
            levels = list(state)
        if len(levels) != len(self.axes):
            raise InputError(
                f"a state needs {len(self.axes)} levels, one for each of "
                f"{', '.join(a.name for a in self.axes)}; {len(levels)} were given"
            )
        return sum(
            axis.level(level) * stride
            for axis, level, stride in zip(self.axes, levels, self.strides, strict=True)
        )

    def position(self, state: State) -> tuple[int, ...]:
        """Return the level indices of a state, one per axis."""
        return tuple(map(int, np.unravel_index(self.index(state), self.shape)))

    def label(self, state: State) -> dict[str, str]:
        """Return the level names of a state by variable."""
        return {
            axis.name: axis.levels[level]
            for axis, level in zip(self.axes, self.position(state), strict=True)
        }

    def words(self, state: State) -> str:
        """Return a state in words."""
        return ", ".join(f"{name} {level}" for name, level in self.label(state).items())

    def shares(self, weight: Floats) -> dict[str, Floats]:
        """Return the share of each level by variable, from that of each state."""
        axes = range(len(self.axes))
        return {
            axis.name: weight.sum(axis=tuple(j for j in axes if j != k))
            for k, axis in enumerate(self.axes)
        }

    def share_lines(self, shares: Mapping[str, Floats]) -> list[str]:
        """Return one line per variable with the share of each level, to print."""
        return [
            f"  {axis.name}: "
            + ", ".join(
                f"{level} {show(share, 'share')}"
                for level, share in zip(axis.levels, shares[axis.name], strict=True)
            )
            for axis in self.axes
        ]
