"""Morris trajectories: paths through a coarse grid that change one input at a time.

Each starts at a random point of a grid with four levels an axis and moves every axis once, in
random order, up or down by two thirds of the range (Morris 1991). A trajectory has a seed of its
own, so the first ones are the same however many there are. Cost: axes plus one points each.
"""

from __future__ import annotations

import numpy as np

from detente.errors import InputError
from detente.values import Floats

LEVELS = 4
STEP = LEVELS / (2.0 * (LEVELS - 1))
FEWEST_PATHS = 2


def morris_points(count: int, axes: int, seed: int) -> Floats:
    """Return as many whole trajectories as fit into a number of points.

    Parameters
    ----------
    count : int
        The most points to use.

    Raises
    ------
    InputError
        When fewer than two trajectories fit.

    Examples
    --------
    >>> points = morris_points(8, 2, 1)
    >>> points.shape, np.unique(np.abs(np.diff(points[:3], axis=0)).round(6)).tolist()
    ((6, 2), [0.0, 0.666667])
    """
    size = axes + 1
    paths = count // size
    if paths < FEWEST_PATHS:
        raise InputError(
            f"{count} draws are too few for Morris trajectories of {axes} inputs: each takes "
            f"{size}; give at least {FEWEST_PATHS * size}, better {20 * size}"
        )
    children = np.random.SeedSequence(seed).spawn(paths)
    return np.concatenate([_path(axes, np.random.default_rng(child)) for child in children])


def _path(axes: int, rng: np.random.Generator) -> Floats:
    low = rng.integers(LEVELS // 2, size=axes) / (LEVELS - 1.0)
    up = rng.random(axes) < 0.5
    start, end = np.where(up, low, low + STEP), np.where(up, low + STEP, low)
    turn = np.empty(axes, dtype=np.int64)
    turn[rng.permutation(axes)] = np.arange(axes)
    moved = np.arange(axes + 1)[:, None] > turn
    return np.asarray(np.where(moved, end, start), dtype=np.float64)
