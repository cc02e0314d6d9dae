"""One reading of ``rng`` everywhere: a seed, a generator, or nothing (SPEC 7)."""

from __future__ import annotations

import numpy as np

from detente.errors import InputError

Seed = int | np.random.Generator | None
"""What ``rng`` may be."""


def seed_of(rng: Seed = None) -> int:
    """Return the seed that draws are made from and results name.

    Parameters
    ----------
    rng : int, numpy Generator or None
        A seed is taken as it is; a generator draws one; None draws one from the system.

    Returns
    -------
    int
        Zero or more.

    Raises
    ------
    InputError
        For anything else, or a negative seed.

    Examples
    --------
    >>> seed_of(7), seed_of(np.random.default_rng(1)) == seed_of(np.random.default_rng(1))
    (7, True)
    """
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        if rng < 0:
            raise InputError(f"the seed is {rng}; it must be zero or more")
        return int(rng)
    if rng is None or isinstance(rng, np.random.Generator):
        return int(np.random.default_rng(rng).integers(2**32))
    raise InputError(f"rng is {rng!r}; give a seed, zero or more, or a numpy Generator")


def generator_of(rng: Seed = None) -> np.random.Generator:
    """Return the generator that resampling draws from: the one given, or one of the seed.

    Examples
    --------
    >>> float(generator_of(1).random()) == float(np.random.default_rng(1).random())
    True
    """
    return rng if isinstance(rng, np.random.Generator) else np.random.default_rng(seed_of(rng))
