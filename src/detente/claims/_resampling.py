"""How far shares of draws, and so a verdict's word, could move with other draws: a bootstrap.

The draws of a claim are resampled with replacement (Efron 1979). Counts by word are then
multinomial, so no resample is ever made. Cost: O(resamples), whatever the draws.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.engine import Seed, generator_of

RESAMPLES = 2000
LEVEL = 0.95


def resampled_shares(counts: Sequence[int], rng: Seed = 0) -> NDArray[np.float64]:
    """Return the shares of draws by word in every resample, (resamples, words).

    Parameters
    ----------
    counts : sequence of int
        Draws by word; one or more in all.
    rng : int, numpy Generator or None
        Seed or generator of the resamples.
    """
    total = sum(counts)
    if total in counts:  # every resample is the same
        return np.tile(np.array(counts) / total, (RESAMPLES, 1))
    found = generator_of(rng).multinomial(total, np.array(counts) / total, RESAMPLES)
    return found / total


def share_ranges(shares: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return a 95 % bootstrap interval of each word's share of the draws.

    Examples
    --------
    >>> ((low, high), _) = share_ranges(resampled_shares([50, 50]))
    >>> 0.38 < low < 0.42, 0.58 < high < 0.62
    (True, True)
    """
    tail = (1.0 - LEVEL) / 2.0
    ends = np.quantile(shares, [tail, 1.0 - tail], axis=0)
    return [(float(low), float(high)) for low, high in ends.T]
