"""Exchanges of positions over draws: which are made how often, and what they bring.

An exchange is known by its two givers and by what each gives on. Cost: linear in the exchanges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.study._bargaining_draw import BargainingDraw, Traded
from detente.text import show, show_range
from detente.values import Floats

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class ExchangePattern:
    """An exchange by who gives on what, over the draws.

    Attributes
    ----------
    givers, issues : pair of str
        The first gives on the first, the second on the second.
    share : float
        Of draws in which it is made.
    gain : tuple of float
        Of each giver where it is made: quantiles at 5, 25, 50, 75 and 95 %.
    """

    givers: tuple[str, str]
    issues: tuple[str, str]
    share: float
    gain: tuple[float, ...]

    def __str__(self) -> str:
        """Return who gives on what, how often, and what it brings."""
        parts = zip(self.givers, self.issues, strict=True)
        gives = ", ".join(f"{giver} gives on {issue}" for giver, issue in parts)
        low, _, middle, _, high = self.gain
        gain = f"{show(middle, 'fine')} ({show_range(low, high, 'fine')})"
        return f"{show(self.share, 'share')}: {gives}; gain {gain}"


def patterns_of(found: Sequence[BargainingDraw]) -> tuple[ExchangePattern, ...]:
    """Return the exchanges made in any draw, those made in most first."""
    gains: dict[Traded, list[float]] = defaultdict(list)
    for one in found:
        for traded, gain in one.made.items():
            gains[traded].append(gain)
    done = sum(not one.failure for one in found)
    patterns = [
        ExchangePattern(*traded, len(some) / done, tuple(quantiles(np.array(some)).tolist()))
        for traded, some in gains.items()
    ]
    return tuple(sorted(patterns, key=lambda p: (-p.share, -p.gain[2], p.givers, p.issues)))


def quantiles(values: Floats) -> Floats:
    """Return quantiles down the first axis, without gaps; nan where there are only gaps."""
    found = np.full((len(QUANTILES), *values.shape[1:]), np.nan)
    some = ~np.isnan(values).all(axis=0)
    found[:, some] = np.nanquantile(values[:, some], QUANTILES, axis=0)
    return found
