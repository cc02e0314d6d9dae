"""Operations on blocks of eight sides, a tile of sixteen rows at a time.

The processor works on several numbers of a tile at once; what goes by side is repeated along it.
They are the steps of BiCGSTAB in `detente.equilibrium._transposed`, and what is common to all
states. Cost: one pass over a block each.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.equilibrium._lanes import LANES

TILE = 16 * LANES
"""Numbers of a block that are worked on at a time, so that the processor does several at once."""


@njit(cache=True, nogil=True, fastmath={"contract"})
def dots(vector, one, other):  # type: ignore[no-untyped-def]
    """Return the inner products with two vectors for each side."""
    first, second = np.zeros(TILE), np.zeros(TILE)
    for k in range(vector.shape[0]):
        v, a, b = vector[k], one[k], other[k]
        for t in range(TILE):
            first[t] += v[t] * a[t]
            second[t] += v[t] * b[t]
    return _by_side(first), _by_side(second)


@njit(cache=True, nogil=True, fastmath={"contract"})
def go_on(step, damp, search, turned, shadow, residual, x):  # type: ignore[no-untyped-def]
    """Take both steps; return the squares of the residual, and its products with the shadow."""
    first, second = np.zeros(TILE), np.zeros(TILE)
    steps, damps = _repeated(step), _repeated(damp)
    for k in range(x.shape[0]):
        p, v, w, r, y = search[k], turned[k], shadow[k], residual[k], x[k]
        for t in range(TILE):
            y[t] += steps[t] * p[t] + damps[t] * r[t]
            r[t] -= damps[t] * v[t]
            first[t] += r[t] * r[t]
            second[t] += r[t] * w[t]
    return _by_side(first), _by_side(second)


@njit(cache=True, nogil=True, fastmath={"contract"})
def add_times(factor, vector, into):  # type: ignore[no-untyped-def]
    """Add for each side a factor times a vector."""
    tile = _repeated(factor)
    for k in range(vector.shape[0]):
        a, b = vector[k], into[k]
        for t in range(TILE):
            b[t] += tile[t] * a[t]


@njit(cache=True, nogil=True, fastmath={"contract"})
def turn_search(turn, damp, image, residual, search):  # type: ignore[no-untyped-def]
    """Find for each side where to search next."""
    turns, damps = _repeated(turn), _repeated(damp)
    for k in range(search.shape[0]):
        a, r, p = image[k], residual[k], search[k]
        for t in range(TILE):
            p[t] = r[t] + turns[t] * (p[t] - damps[t] * a[t])


@njit(cache=True, nogil=True)
def _by_side(tile):  # type: ignore[no-untyped-def]
    out = np.zeros(LANES)
    for t in range(TILE):
        out[t % LANES] += tile[t]
    return out


@njit(cache=True, nogil=True)
def _repeated(factor):  # type: ignore[no-untyped-def]
    tile = np.empty(TILE)
    for t in range(TILE):
        tile[t] = factor[t % LANES]
    return tile


@njit(cache=True, nogil=True)
def over_states(m):  # type: ignore[no-untyped-def]
    """Return the sums over states, (actors, sides)."""
    total = np.empty((m.shape[0], LANES))
    for i in range(m.shape[0]):
        tile, row = np.zeros(TILE), m[i].reshape(-1)
        full = row.size - row.size % TILE
        for k in range(0, full, TILE):
            piece = row[k : k + TILE]
            for t in range(TILE):
                tile[t] += piece[t]
        for t in range(row.size - full):
            tile[t] += row[full + t]
        total[i] = _by_side(tile)
    return total


@njit(cache=True, nogil=True)
def take_off(common, total, m):  # type: ignore[no-untyped-def]
    """Take off every state's m what is common, given the sums."""
    for i in range(m.shape[0]):
        by, row = np.zeros(LANES), m[i].reshape(-1)
        for k in range(m.shape[0]):
            by += common[i, k] * total[k]
        tile = _repeated(by)
        full = row.size - row.size % TILE
        for k in range(0, full, TILE):
            piece = row[k : k + TILE]
            for t in range(TILE):
                piece[t] -= tile[t]
        for t in range(row.size - full):
            row[full + t] -= tile[t]
