"""What holds: how many states are stable for whom, and the equilibria from today outwards.

Equilibria come in the order of how many variables differ from today's, then of how many levels
apart they are, then as in the tensor. Cost: linear in the states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.stability import Stability

CONCEPTS = ("nash", "seq")
"""Whose equilibria an analysis counts and lists."""


@dataclass(frozen=True, slots=True)
class StableCounts:
    """Who would stay where, under one concept.

    Attributes
    ----------
    states : mapping of str to int
        By actor how many feasible states are stable for it.
    holders : tuple of str
        Actors for whom the status quo is stable.
    equilibria : int
        States that are stable for everyone.
    """

    states: Mapping[str, int]
    holders: tuple[str, ...]
    equilibria: int

    @property
    def equilibrium(self) -> bool:
        """Whether the status quo is an equilibrium."""
        return len(self.holders) == len(self.states)


def stable_counts(stability: Stability, concept: str) -> StableCounts:
    """Count the states that are stable under a concept, by actor and for all."""
    conflict, today = stability.conflict, stability.conflict.index()
    masks = {actor: stability.stable(concept, actor).reshape(-1) for actor in conflict.actors}
    return StableCounts(
        {actor: int(mask.sum()) for actor, mask in masks.items()},
        tuple(actor for actor, mask in masks.items() if mask[today]),
        int(stability.equilibria(concept).sum()),
    )


def nearest_equilibria(stability: Stability) -> NDArray[np.intp]:
    """Return the equilibria under any of `CONCEPTS`, flat indices, nearest to today first."""
    space, today = stability.conflict.space, stability.conflict.index()
    found = np.flatnonzero(np.logical_or.reduce([stability.equilibria(c) for c in CONCEPTS]))
    levels = np.stack(np.unravel_index(found, space.shape))
    apart = np.abs(levels - np.array(space.position(today))[:, None])
    ordered = np.array([axis.ordered for axis in space.axes])[:, None]
    steps = np.where(ordered, apart, apart > 0).sum(axis=0)
    return found[np.lexsort((found, steps, (apart > 0).sum(axis=0)))]
