"""The layout from which Sobol indices are read: points A and B, and A with one value from B.

A block is one point of A, then the same with its k-th value taken from B for each k in turn, then
the point of B (Saltelli et al. 2010). A and B are the two halves of a Sobol sequence of twice as
many axes. Eight such sequences, each scrambled by itself, take turns, block by block: what they
differ by tells how far chance moved the indices, which points of one sequence, made to even each
other out, cannot tell. Any number of first blocks is a layout too. Cost: axes plus two points a
block.
"""

from __future__ import annotations

import numpy as np

from detente.errors import InputError
from detente.study._designs.cube import sobol_points
from detente.values import Floats

FEWEST_BLOCKS = 2
SCRAMBLES = 8
"""Sequences that take turns; block k is of sequence k modulo this."""


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
    both = np.empty((blocks, 2 * axes))
    for k in range(min(SCRAMBLES, blocks)):
        own = both[k::SCRAMBLES]
        own[:] = sobol_points(len(own), 2 * axes, [seed, k])
    a, b = both[:, :axes], both[:, axes:]
    points = np.repeat(a[:, None, :], size, axis=1)
    for k in range(axes):
        points[:, k + 1, k] = b[:, k]
    points[:, -1] = b
    return points.reshape(-1, axes)


def are_blocks(points: Floats) -> bool:
    """Return whether points, (blocks, axes + 2, axes), are blocks of such a layout.

    Examples
    --------
    >>> points = saltelli_points(8, 2, 1).reshape(2, 4, 2)
    >>> are_blocks(points), are_blocks(points[:, [1, 0, 2, 3]])
    (True, False)
    """
    a, mixed, b = points[:, :1], points[:, 1:-1], points[:, -1:]
    own = np.eye(points.shape[2], dtype=bool)
    return bool((mixed == np.where(own, b, a)).all())
