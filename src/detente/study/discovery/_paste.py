"""Pasting: each end of a box found by peeling is moved to where the box fits best.

Peeling is greedy and goes in coarse slices: it may have cut off too much early on, or too little.
In turn each end of each restricted input moves to the place, of all places, with the best fit of
box and hits while the rest stays; a level is taken back or put out; a restriction that brings
nothing is lifted. Rounds go on while the fit gains (after the pasting of Friedman &
Fisher 1999, which only widens, slice by slice). Cost: a sort of the draws for each end and round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from detente.study.discovery._box import Restriction, inside
from detente.values import Bools, Floats

_MOST_ROUNDS = 20
_GAIN = 1e-9


def fit(draws: Any, hits: Any, all_draws: int, all_hits: int) -> Floats:
    """Return the correlation between lying in a box and being a hit (the phi coefficient).

    It weighs coverage against density, and does so alike whether hits are rare or common.

    Parameters
    ----------
    draws, hits : array_like
        Draws and hits inside a box.

    Returns
    -------
    ndarray
        0 for a box that holds nothing or everything.

    Examples
    --------
    >>> fit([5, 10], [5, 5], 10, 5).tolist()
    [1.0, 0.0]
    """
    count, inside = np.asarray(draws, dtype=np.float64), np.asarray(hits, dtype=np.float64)
    spread = np.sqrt(count * (all_draws - count)) * np.sqrt(all_hits * (all_draws - all_hits))
    shared = all_draws * inside - count * all_hits
    return np.asarray(np.where(spread > 0.0, shared / np.where(spread > 0.0, spread, 1.0), 0.0))


def paste(
    restrictions: tuple[Restriction, ...],
    inputs: Floats,
    hits: Bools,
    levels: Sequence[tuple[str, ...]],
    same_ends: bool = False,
) -> tuple[Restriction, ...]:
    """Return the box with its ends where it fits best.

    Parameters
    ----------
    inputs : ndarray, (inputs, draws)
    hits : ndarray of bool, (draws,)
    levels : sequence of tuple of str
        The levels of each input, none for a number.
    same_ends : bool
        Whether every end stays an end, and no other is put in.
    """
    box = {r.column: r for r in restrictions}
    best = _worth(box, inputs, hits)
    for _ in range(_MOST_ROUNDS):
        before = best
        for column in list(box):
            rest = {k: r for k, r in box.items() if k != column}
            others = inside(rest.values(), inputs)
            lifted = _worth(rest, inputs, hits)
            if not same_ends and lifted >= best - _GAIN:
                box, best = rest, lifted
                continue
            for moved in _moved(box[column], inputs[column], hits, others, levels[column]):
                if same_ends and not _like(moved, box[column], levels[column]):
                    continue
                found = _worth({**rest, column: moved}, inputs, hits)
                if found > best + _GAIN:
                    box[column], best = moved, found
        if best <= before + _GAIN:
            break
    return tuple(box[k] for k in sorted(box))


def _like(moved: Restriction, old: Restriction, levels: tuple[str, ...]) -> bool:
    """Return whether a restriction has ends on the same sides, and leaves out some level."""
    if levels:
        return len(moved.places) < len(levels)
    ends = ((moved.low, old.low), (moved.high, old.high))
    return all(np.isfinite(new) == np.isfinite(before) for new, before in ends)


def _worth(box: dict[int, Restriction], inputs: Floats, hits: Bools) -> float:
    mask = inside(box.values(), inputs)
    return float(fit(mask.sum(), (mask & hits).sum(), hits.size, int(hits.sum())))


def _moved(
    old: Restriction,
    column: Floats,
    hits: Bools,
    others: Bools,
    levels: tuple[str, ...],
) -> Iterator[Restriction]:
    """Yield the restriction with one end at its best place, or one level in or out."""
    if levels:
        for place in range(len(levels)):
            places = tuple(sorted({place} ^ set(old.places)))
            if places:
                yield replace(old, places=places, allowed=tuple(levels[p] for p in places))
        return
    everything = hits.size, int(hits.sum())
    below = others & (column < old.high)
    low = replace(old, low=-_best_end(-column[below], hits[below], *everything))
    yield low
    for start in (old, low):
        above = others & (column > start.low)
        yield replace(start, high=_best_end(column[above], hits[above], *everything))


def _best_end(values: Floats, hits: Bools, all_draws: int, all_hits: int) -> float:
    """Return the upper end with the best fit, infinite where none is better."""
    order = np.argsort(values)
    ranked = values[order]
    counts = np.arange(1, ranked.size + 1)
    worth = fit(counts, np.cumsum(hits[order]), all_draws, all_hits)
    worth[:-1][ranked[1:] == ranked[:-1]] = -2.0
    place = ranked.size - 1 - int(np.argmax(worth[::-1]))
    if place == ranked.size - 1:
        return np.inf
    return float((ranked[place] + ranked[place + 1]) / 2.0)
