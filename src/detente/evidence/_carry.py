"""A distribution carried for some years under what is left of a generator, and slopes taken back.

On the way there the distribution moves by uniformization (Jensen 1953) over the states that can
still be reached: x_n = P' x_(n-1), where P = 1 + A / clock, and what comes out is the sum of the
Poisson weights w_n times x_n. On the way back y_n = w_n b + P y_(n+1), where b is the slope by what
comes out, is the slope by x_n, and the entry of A from s to t has the slope
sum_n x_(n-1)(s) y_n(t) / clock: all terms positive, so nothing cancels. What goes from s to t does
not stay, so a rate has the slope of its entry less that of the exit. The distributions between two
pieces of the way are stored, those within a piece found again (checkpoints). Cost: there as
`detente.evidence._filter` says; back four times as much, and memory O(ticks of a piece x states).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from detente.values import Bools, Floats, Ints

MOST_TICKS = 50.0
"""Expected ticks of the Poisson clock in one go; longer stretches are cut into several."""
_MOST_TERMS = 600
"""More than a piece ever has where every state is reached within its expected ticks."""


class OpenRates(NamedTuple):
    """A generator and what of it would not have been seen.

    Attributes
    ----------
    start, column, rate : ndarray
        Its rows, columns and entries.
    exits : ndarray, (states,)
    levels : ndarray of int, (axes, states)
    axes : ndarray of int
        Those of which something is known.
    masks : ndarray of bool, (axes known, levels, levels)
        Their allowed changes, padded.
    """

    start: Ints
    column: Ints
    rate: Floats
    exits: Floats
    levels: Ints
    axes: Ints
    masks: Bools


@njit(cache=True, nogil=True)
def _open_edges(rates, before):  # type: ignore[no-untyped-def]
    """Return the states still reached, how deep the last lies, the open edges, and the clock.

    An edge has the place of where it starts and leads to, and its number among the entries.
    """
    start, column, rate, exits, levels, axes, masks = rates
    number = np.full(before.size, -1, dtype=np.int64)
    states = np.empty(before.size, dtype=np.int64)
    depth = np.zeros(before.size, dtype=np.int64)
    live = 0
    for s in range(before.size):
        if before[s] > 0.0:
            states[live] = s
            number[s] = live
            live += 1
    source, target = np.empty(rate.size, dtype=np.int64), np.empty(rate.size, dtype=np.int64)
    entry = np.empty(rate.size, dtype=np.int64)
    edges = 0
    place = 0
    clock = 0.0
    while place < live:
        s = states[place]
        clock = max(clock, exits[s])
        for e in range(start[s], start[s + 1]):
            t = column[e]
            keeps = t != s and rate[e] > 0.0
            for k in range(axes.size):
                if not keeps:
                    break
                keeps = masks[k, levels[axes[k], s], levels[axes[k], t]]
            if keeps:
                if number[t] < 0:
                    number[t] = live
                    states[live] = t
                    depth[live] = depth[place] + 1
                    live += 1
                source[edges], target[edges], entry[edges] = place, number[t], e
                edges += 1
        place += 1
    return states[:live], depth[live - 1], source[:edges], target[:edges], entry[:edges], clock


@njit(cache=True, nogil=True)
def _step(source, target, factor, leave, now, after):  # type: ignore[no-untyped-def]
    """Write P' now, where states are left with the chance ``leave``."""
    for k in range(now.size):
        after[k] = now[k] * (1.0 - leave[k])
    for e in range(source.size):
        after[target[e]] += factor[e] * now[source[e]]


@njit(cache=True, nogil=True)
def _is_last(n, weight, mean, depth):  # type: ignore[no-untyped-def]
    return n > 2.0 * mean and weight < 1e-40 and n >= depth


@njit(cache=True, nogil=True)
def _along(source, target, factor, leave, depth, mean, now):  # type: ignore[no-untyped-def]
    """Return a distribution after a piece of the way, scaled to one, and what it was scaled by."""
    after, total = np.empty(now.size), np.empty(now.size)
    now = now.copy()
    weight = np.exp(-mean)
    total[:] = weight * now
    n = 0
    while True:
        n += 1
        weight *= mean / n
        _step(source, target, factor, leave, now, after)
        now, after = after, now
        for k in range(now.size):
            total[k] += weight * now[k]
        if _is_last(n, weight, mean, depth):
            break
    # Scaled after every piece: a long stretch may be less likely than any double.
    share = total.sum()
    return total / share, share


@njit(cache=True, nogil=True)
def carry(rates, before, years):  # type: ignore[no-untyped-def]
    """Move a distribution for some years under what is left of a generator (`OpenRates`).

    Returns
    -------
    now : ndarray
        Scaled to one.
    stayed : float
        Logarithm of the probability that nothing else happened.
    """
    states, depth, source, target, entry, clock = _open_edges(rates, before)
    if clock == 0.0:
        return before / before.sum(), np.log(before.sum())
    now, factor, leave = before[states], rates.rate[entry] / clock, rates.exits[states] / clock
    pieces = int(np.ceil(clock * years / MOST_TICKS))
    stayed = 0.0
    for _ in range(pieces):
        now, share = _along(source, target, factor, leave, depth, clock * years / pieces, now)
        stayed += np.log(share)
    out = np.zeros(before.size)
    out[states] = now
    return out, stayed


@njit(cache=True, nogil=True)
def carry_back(rates, before, years, ahead, entries, leaving):  # type: ignore[no-untyped-def]
    """Take slopes of a log likelihood back over what `carry` does.

    Parameters
    ----------
    rates, before, years
        As for `carry`.
    ahead : ndarray, (states,)
        By the distribution that comes out, scaled to one.
    entries, leaving : ndarray
        To which the slopes by the entries and the exit rates are added.

    Returns
    -------
    ndarray, (states,)
        By the distribution that went in; zero for states that could not be reached.
    """
    states, depth, source, target, entry, clock = _open_edges(rates, before)
    if clock == 0.0:
        return ahead / before.sum()
    factor, leave = rates.rate[entry] / clock, rates.exits[states] / clock
    pieces = int(np.ceil(clock * years / MOST_TICKS))
    mean = clock * years / pieces
    stored, shares = np.empty((pieces, states.size)), np.empty(pieces)
    now = before[states]
    for piece in range(pieces):
        stored[piece] = now
        now, shares[piece] = _along(source, target, factor, leave, depth, mean, now)
    weights = np.empty(max(_MOST_TERMS, depth + 1))
    weights[0] = np.exp(-mean)
    last = 0
    while not (last and _is_last(last, weights[last], mean, depth)):
        last += 1
        weights[last] = weights[last - 1] * mean / last
    x, b = np.empty((last + 1, states.size)), ahead[states]
    y, z = np.empty(states.size), np.empty(states.size)
    for piece in range(pieces - 1, -1, -1):
        x[0] = stored[piece]
        for n in range(1, last + 1):
            _step(source, target, factor, leave, x[n - 1], x[n])
        b /= shares[piece]
        y[:] = weights[last] * b
        for n in range(last, 0, -1):
            held = x[n - 1]
            for k in range(states.size):
                leaving[states[k]] -= held[k] * y[k] / clock
                z[k] = weights[n - 1] * b[k] + y[k] * (1.0 - leave[k])
            for e in range(source.size):
                entries[entry[e]] += held[source[e]] * y[target[e]] / clock
                z[source[e]] += factor[e] * y[target[e]]
            y, z = z, y
        b = y.copy()
    out = np.zeros(before.size)
    out[states] = b
    return out
