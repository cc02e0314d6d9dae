"""The way that one game's branch took, which shows the way to the branch of a game like it.

At every point that a branch was balanced at, a trail has the share of the precision and by how much
the point lay off what was extrapolated from those before it. A like game takes the same steps, with
its own points extrapolated and these misses added: the corrections that are left are small, while
every point is still held against its own extrapolation, as without a trail. Where that fails, the
rest of the branch is followed without it. Cost: about three quarters of the sweeps; the trail takes
the memory of the values at each point.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from detente.values import Floats

_MOST = 24
"""Points of a branch that is worth following once more; one with more bends too much."""


class Trail(NamedTuple):
    """The points of a branch.

    Attributes
    ----------
    shares : ndarray, (points,)
        Of the precision, from zero to one.
    misses : ndarray, (points, actors, states)
        The values less their extrapolation, in the game's scaled units.
    """

    shares: Floats
    misses: Floats

    def until(self, points: int) -> Trail | None:
        """Return the points that were noted, or None where there were more than fit."""
        if points > self.shares.size:
            return None
        return Trail(self.shares[:points].copy(), self.misses[:points].copy())


def blank(actors: int, states: int, noted: bool) -> Trail:
    """Return a trail to be noted in, or an empty one that says nothing."""
    points = _MOST if noted else 0
    return Trail(np.zeros(points), np.zeros((points, actors, states)))


@njit(cache=True, nogil=True)
def note(trail, point, share, found, predicted):  # type: ignore[no-untyped-def]
    """Write down a point, where there is room."""
    if point < trail.shares.size:
        trail.shares[point] = share
        for i in range(found.shape[0]):
            for s in range(found.shape[1]):
                trail.misses[point, i, s] = found[i, s] - predicted[i, s]
