"""How far shares of draws and a verdict's word could move by the luck of the draws: a bootstrap.

The draws of a claim are resampled with replacement (Efron 1979). Counts by word are then
multinomial, and the k-th smallest of n resampled answers is the answer at place ceil(n U) with U a
Beta(k, n - k + 1) variate, so no resample is ever made. Cost: O(resamples), whatever the draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.engine import Seed, generator_of

RESAMPLES = 2000
LEVEL = 0.95


def share_ranges(counts: Mapping[str, int], rng: Seed = 0) -> dict[str, tuple[float, float]]:
    """Return a 95 % bootstrap interval of each word's share of the draws.

    Parameters
    ----------
    counts : mapping of str to int
        Draws by word; one or more in all.
    rng : int, numpy Generator or None
        Seed or generator of the resamples.

    Examples
    --------
    >>> low, high = share_ranges({"agrees": 50, "weaker": 50})["agrees"]
    >>> 0.38 < low < 0.42, 0.58 < high < 0.62
    (True, True)
    """
    total = sum(counts.values())
    shares = np.array(list(counts.values())) / total
    found = generator_of(rng).multinomial(total, shares, RESAMPLES) / total
    tail = (1.0 - LEVEL) / 2.0
    ends = np.quantile(found, [tail, 1.0 - tail], axis=0)
    return {name: (float(low), float(high)) for name, low, high in zip(counts, *ends, strict=True)}


def steadiness(values: NDArray[np.float64], word: Callable[[float], str], rng: Seed = 0) -> float:
    """Return the share of resamples whose median gets the same word as the median of all.

    Parameters
    ----------
    values : ndarray
        Answers, none missing, one or more.
    word : callable
        From an answer to its word.
    rng : int, numpy Generator or None

    Examples
    --------
    >>> steadiness(np.linspace(0.0, 0.4, 50), lambda x: "low" if x < 0.5 else "high")
    1.0
    """
    ordered = np.sort(values)
    count = ordered.size
    middle = (count + 1) // 2
    generator = generator_of(rng)
    shares = generator.beta(middle, count - middle + 1, RESAMPLES)
    lower = ordered[_places(shares, count)]
    if count % 2 == 0:
        # Above the lower middle one, the next is the least of the rest.
        above = shares + (1.0 - shares) * generator.beta(1, count - middle, RESAMPLES)
        medians = (lower + ordered[_places(above, count)]) / 2.0
    else:
        medians = lower
    found, often = np.unique(medians, return_counts=True)
    wanted = word(float(np.median(ordered)))
    same = sum(int(n) for x, n in zip(found, often, strict=True) if word(float(x)) == wanted)
    return same / RESAMPLES


def _places(shares: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    return np.clip(np.ceil(count * shares).astype(np.int64) - 1, 0, count - 1)
