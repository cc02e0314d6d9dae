"""A change of the state in words: who changes which variables, from which level to which.

Transitions between many states are one step where they change the same variables between the same
levels. Cost of gathering: O(transitions x variables).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.conflict import Conflict
from detente.expression import Formula
from detente.text import Result, listed, spaced
from detente.values import Bools, Ints


@dataclass(frozen=True, slots=True)
class Step(Result):
    """A move of an actor, or a jump of a condition.

    Attributes
    ----------
    actor : str
        Empty for a jump.
    changes : tuple of (str, str, str)
        Variable, level before, level after.

    Examples
    --------
    >>> print(Step("us", (("us.offer", "none", "large"),)))
    us: offer from none to large
    """

    actor: str
    changes: tuple[tuple[str, str, str], ...]

    @property
    def words(self) -> str:
        """The changes in words."""
        return listed(
            [
                f"{spaced(name.rpartition('.')[2])} from {spaced(before)} to {spaced(after)}"
                for name, before, after in self.changes
            ]
        )

    def __str__(self) -> str:
        """Return who changes what."""
        return f"{self.actor}: {self.words}" if self.actor else self.words

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {"actor": self.actor or None, "changes": [list(change) for change in self.changes]}


def group_transitions(
    conflict: Conflict, source: Ints, target: Ints, matters: Bools | None = None
) -> list[tuple[Step, Ints]]:
    """Gather transitions into steps, each with the numbers of its transitions.

    Parameters
    ----------
    conflict : Conflict
    source, target : ndarray of int
        Flat indices of the states before and after.
    matters : ndarray of bool, (variables,), optional
        Variables to look at: what else a transition changes is left out, unless nothing is left.
    """
    if source.size == 0:
        return []
    before = np.stack(np.unravel_index(source, conflict.shape), axis=1)
    after = np.stack(np.unravel_index(target, conflict.shape), axis=1)
    moved = before != after
    if matters is not None:
        some = moved & matters
        moved = np.where(some.any(axis=1)[:, None], some, moved)
    keys = np.concatenate([np.where(moved, before, -1), np.where(moved, after, -1)], axis=1)
    found, place = np.unique(keys, axis=0, return_inverse=True)
    axes, count = conflict.space.axes, len(conflict.space.axes)
    groups = []
    for number, key in enumerate(found):
        changed = np.flatnonzero(key[:count] >= 0)
        changes = tuple(
            (axes[k].name, axes[k].levels[key[k]], axes[k].levels[key[count + k]]) for k in changed
        )
        step = Step(axes[int(changed[0])].owner or "", changes)
        groups.append((step, np.flatnonzero(place.reshape(-1) == number)))
    return groups


def variables_of(conflict: Conflict, formulas: Iterable[Formula | None]) -> Bools:
    """Return which variables the values of some formulas depend on."""
    matters = np.zeros(len(conflict.shape), dtype=bool)
    for formula in formulas:
        if formula is not None:
            values = np.broadcast_to(formula.evaluate(conflict.values), conflict.shape)
            for k in range(values.ndim):
                first = np.take(values, [0], axis=k)
                matters[k] |= bool((values != first).any())
    return matters
