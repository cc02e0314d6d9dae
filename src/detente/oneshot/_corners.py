"""The corners of a best-reply polyhedron, exactly: double description in whole numbers.

The polyhedron of an actor holds its mixes x with a bound v on what the other actor can get against
them: x >= 0, v >= x . payoff of each of the other's choices. As a cone it starts with the first of
those choices alone, whose rays are known; each further choice cuts it, and a ray of the new cone is
an old one on the right side or lies between two neighbours on different sides (Motzkin, Raiffa,
Thompson & Thrall 1953; Fukuda & Prodon 1996). Two rays are neighbours when no third has all the
equalities that they share, which holds in degenerate games too. Nothing is rounded: rays are
integers without common factor.

Cost: the pairs of rays on both sides of each cut, at a few operations a pair; the number of corners
is exponential in the number of choices, some thousand for 12 a side and at most 24,752.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import gcd

import numpy as np
from numba import njit
from numpy.typing import NDArray

MOST_LABELS = 62
"""Equalities that fit into one number."""

_AT_ONCE = 100_000_000
"""Comparisons between two looks at the time, at most."""

Ray = tuple[int, ...]


def corners(
    payoff: Sequence[Sequence[int]],
    most: int,
    advance: Callable[[], None],
    overdue: Callable[[], bool] = lambda: False,
) -> tuple[list[Ray], NDArray[np.int64], bool]:
    """Return the corners of the polyhedron of one actor, and the equalities that hold at each.

    Parameters
    ----------
    payoff : sequence of sequence of int
        What the other actor gets: a row for each choice of the actor, a column for each of the
        other's.
    most : int
        Rays at most.
    advance : callable
        Called after each cut.
    overdue : callable
        Whether to leave off.

    Returns
    -------
    rays : list of tuple of int
        The actor's mix, in proportion, and what the other gets for it, by the same factor.
    labels : ndarray of int64
        By ray, a bit for each choice of the actor that is not used, then for each choice of the
        other that is a best reply.
    complete : bool
        Whether these are all; where it was left off or there are too many rays, they are those
        found so far.

    Examples
    --------
    Matching pennies: against an even mix both replies are best.

    >>> rays, labels, _ = corners([[1, 0], [0, 1]], 100, lambda: None)
    >>> sorted(zip(rays, labels.tolist()))
    [((0, 1, 1), 9), ((1, 0, 1), 6), ((1, 1, 1), 12)]
    """
    own, others = len(payoff), len(payoff[0])
    rays: list[Ray] = [(0,) * own + (1,)]
    rays += [_unit(k, own, row[0]) for k, row in enumerate(payoff)]
    everything = (1 << own) - 1
    labels = np.array(
        [everything, *((everything ^ 1 << k) | 1 << own for k in range(own))], dtype=np.int64
    )
    advance()
    for cut in range(1, others):
        slack = _slack(rays, payoff, cut)
        sign = np.array([(s > 0) - (s < 0) for s in slack], dtype=np.int8)
        inside, outside = np.flatnonzero(sign > 0), np.flatnonzero(sign < 0)
        bit = np.int64(1 << (own + cut))
        labels[sign == 0] |= bit
        pieces = np.array_split(inside, 1 + inside.size * labels.size // _AT_ONCE)
        new: list[Ray] = []
        new_labels = []
        for far, piece in product(outside.tolist(), pieces):
            if overdue() or len(rays) - outside.size + len(new) > most:
                return *_standing(rays[1:], labels[1:], payoff, range(cut, others)), False
            for near in neighbours(labels, far, piece, own - 1).tolist():
                a, b = slack[near], -slack[far]
                mixed = [b * x + a * y for x, y in zip(rays[near], rays[far], strict=True)]
                factor = gcd(*mixed)
                new.append(tuple(x // factor for x in mixed))
                new_labels.append(labels[near] & labels[far] | bit)
        keep = np.flatnonzero(sign >= 0)
        rays = [rays[k] for k in keep.tolist()] + new
        labels = np.concatenate([labels[keep], np.array(new_labels, dtype=np.int64)])
        advance()
    return rays[1:], labels[1:], True


def _standing(
    rays: list[Ray], labels: NDArray[np.int64], payoff: Sequence[Sequence[int]], cuts: range
) -> tuple[list[Ray], NDArray[np.int64]]:
    """Return the rays that no cut to come takes away: corners of the end, with their labels."""
    for cut in cuts:
        slack = _slack(rays, payoff, cut)
        labels = labels | np.array([int(s == 0) << (len(payoff) + cut) for s in slack], np.int64)
        keep = [k for k, s in enumerate(slack) if s >= 0]
        rays, labels = [rays[k] for k in keep], labels[keep]
    return rays, labels


def _slack(rays: Sequence[Ray], payoff: Sequence[Sequence[int]], cut: int) -> list[int]:
    """Return by how much each ray satisfies a cut."""
    return [
        ray[-1] - sum(x * row[cut] for x, row in zip(ray, payoff, strict=False) if x)
        for ray in rays
    ]


def _unit(place: int, own: int, value: int) -> Ray:
    return (*(int(k == place) for k in range(own)), value)


@njit(cache=True)
def neighbours(labels, one, others, least):  # type: ignore[no-untyped-def]
    """Return which of the other rays are neighbours of one: they share an edge of the cone.

    Where one of them has no more equalities than it needs, to share all but one is enough.
    """
    found = np.empty(others.size, dtype=np.int64)
    count, simple = 0, size(labels[one]) == least + 1
    for other in others:
        shared = labels[one] & labels[other]
        if size(shared) < least:
            continue
        alone = True
        if not simple and size(labels[other]) > least + 1:
            for third in range(labels.size):
                if labels[third] & shared == shared and third not in (one, other):
                    alone = False
                    break
        if alone:
            found[count] = other
            count += 1
    return found[:count]


@njit(cache=True)
def size(bits):  # type: ignore[no-untyped-def]
    """Return how many bits are set."""
    count = 0
    while bits != 0:
        bits &= bits - 1
        count += 1
    return count
