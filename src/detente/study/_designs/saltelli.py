"""The layout from which Sobol indices are read: points A and B, and A with one value from B.

A block is one point of A, then the same with its k-th value taken from B for each k in turn, then
the point of B (Saltelli et al. 2010). The blocks follow each other, so any number of first blocks
is a layout too. A and B are the two halves of one Sobol sequence of twice as many axes. Cost: axes
plus two points a block.
"""

from __future__ import annotations

import numpy as np

from detente.errors import InputError
from detente.study._designs.cube import sobol_points
from detente.values import Floats

FEWEST_BLOCKS = 2


def saltelli_points(count: int, axes: int, seed: int) -> Floats:
    """Return as many whole blocks as fit into a number of points.

    Parameters
    ----------
    count : int
        The most points to use.

    Raises
    ------
    InputError
        When fewer than two blocks fit.

    Examples
    --------
    >>> points = saltelli_points(11, 2, 1)
    >>> points.shape
    (8, 2)
    >>> a, second, b = points[0], points[2], points[3]
    >>> bool(second[0] == a[0]), bool(second[1] == b[1])
    (True, True)
    """
    size = axes + 2
    blocks = count // size
    if blocks < FEWEST_BLOCKS:
        raise InputError(
            f"{count} draws are too few for Sobol indices of {axes} inputs: a block takes {size}; "
            f"give at least {FEWEST_BLOCKS * size}, better {100 * size}"
        )
    both = sobol_points(blocks, 2 * axes, seed)
    a, b = both[:, :axes], both[:, axes:]
    points = np.repeat(a[:, None, :], size, axis=1)
    for k in range(axes):
        points[:, k + 1, k] = b[:, k]
    points[:, -1] = b
    return points.reshape(-1, axes)
