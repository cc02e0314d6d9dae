"""Sets of yes-no states as few conditions on options, for files that people read.

A cube is a set of states in which some options are fixed and the others free. Each state not yet
covered grows into a cube by freeing one option after another as long as the cube stays within the
states that may be covered. Not the smallest cover, but exact and short; cost: at most options times
states for each cube.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Cube = dict[int, int]
"""Option to 0 (not taken) or 1 (taken); options left out are free."""


def cover(wanted: NDArray[np.bool_], may: NDArray[np.bool_]) -> list[Cube]:
    """Return cubes that hold every wanted state and no state outside both arrays.

    Parameters
    ----------
    wanted : ndarray of bool
        With an axis of length 2 for each option.
    may : ndarray of bool
        States that the cubes may hold without need.

    Examples
    --------
    >>> wanted = np.array([[False, False], [True, False]])
    >>> cover(wanted, np.zeros((2, 2), dtype=bool))
    [{0: 1, 1: 0}]
    >>> cover(wanted, np.array([[False, False], [False, True]]))
    [{0: 1}]
    """
    left, room = wanted.copy(), wanted | may
    cubes = []
    for position in np.argwhere(wanted):
        place: tuple[int | slice, ...] = tuple(map(int, position))
        if not left[place]:
            continue
        for option in range(wanted.ndim):
            freed = (*place[:option], slice(None), *place[option + 1 :])
            if room[freed].all():
                place = freed
        left[place] = False
        cubes.append({k: level for k, level in enumerate(place) if isinstance(level, int)})
    return cubes
