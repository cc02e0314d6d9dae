"""Points that fill the unit cube: a Latin hypercube and a scrambled Sobol sequence.

A Latin hypercube cuts each axis into as many slices of equal probability as there are points and
uses every slice once (McKay, Beckman & Conover 1979); a Sobol sequence also fills the projections
on several axes evenly (Sobol 1967, scrambled as in Owen 1998). Cost: linear in points times axes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.values import Floats


def latin_points(count: int, axes: int, seed: int) -> Floats:
    """Return a Latin hypercube, (count, axes)."""
    from scipy.stats import qmc

    points = qmc.LatinHypercube(axes, rng=np.random.default_rng(seed)).random(count)
    return np.asarray(points, dtype=np.float64)


def sobol_points(count: int, axes: int, seed: int | Sequence[int]) -> Floats:
    """Return the first points of a scrambled Sobol sequence, (count, axes)."""
    from scipy.stats import qmc

    power = max(0, (count - 1).bit_length())
    sequence = qmc.Sobol(axes, scramble=True, rng=np.random.default_rng(seed))
    return np.asarray(sequence.random_base2(power)[:count], dtype=np.float64)
