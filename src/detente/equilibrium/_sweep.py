"""One sweep of the equilibrium equations: from values to what the values ought to be.

For every actor i and state s (docs/design.md, section 5)

    (rho_i + Lambda + q(s)) V_i(s) = u_i(s) + sum_s' q(s,s') V_i(s')
        + sum_j lambda_j sum_a sigma_j(a|s) V_i(a)  -  lambda_i sum_a sigma_i(a|s) c_i(s,a).

The sweep returns the right side divided by the factor on the left, and the largest difference
between the sides. Cost: O(actors^2 x states x levels), one pass over the values for each mover.
Errors of choice earn nothing: values are expected utilities as in quantal response equilibrium
(McKelvey & Palfrey 1995), one mover at a time (Doraszelski & Judd 2012; Arcidiacono, Bayer,
Blevins & Ellickson 2016).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.equilibrium._moves import SHARP, gather, joint_matrices, sharp, spread, tiling

_PIECE = 1024
"""States at a time: what several jumps touch stays in a core's own cache."""


@njit(cache=True, nogil=True)
def sweep(game, precision, kernel, priced, values, out):  # type: ignore[no-untyped-def]
    """Write the improved values to ``out``; return the largest imbalance of the equations.

    Parameters
    ----------
    precision : ndarray, (actors,)
        May be below the game's own: the path to it starts at zero.
    kernel, priced : ndarray
        From `moves.kernels` at that precision.
    values, out : ndarray, (actors, states)
    """
    demand(game, precision, kernel, priced, values, out)
    return settle_accounts(game, values, out)


@njit(cache=True, nogil=True)
def demand(game, precision, kernel, priced, values, out):  # type: ignore[no-untyped-def]
    """Write the right side of the equations to ``out``."""
    start(game, values, out, 0, values.shape[1])
    for mover in range(values.shape[0]):
        own, after, lines = extent(game.layout, mover, values.shape[1])
        move(game, precision, kernel, priced, values, out, mover, own, after, lines, 0, lines)


@njit(cache=True, nogil=True)
def extent(layout, mover, states):  # type: ignore[no-untyped-def]
    """Return an actor's joint levels, how far apart they are, and the number of its lines."""
    own, after = 1, layout.stride[layout.stop[mover] - 1]
    for k in range(layout.first[mover], layout.stop[mover]):
        own *= layout.size[k]
    return own, after, states // own


@njit(cache=True, nogil=True, fastmath={"contract"})
def start(game, values, out, first, last):  # type: ignore[no-untyped-def]
    """Set ``out`` to the flow of utility and of value through jumps, at some states."""
    actors, states = values.shape
    for i in range(actors):
        out[i, first:last] = game.flow[first:last, i]
    for begin in range(first, last, _PIECE):
        for d in range(game.layout.shift.size):
            shift = game.layout.shift[d]
            low = max(begin, -shift)
            high = min(begin + _PIECE, last, states - shift)
            rate = game.jumps[d, low:high]
            for i in range(actors):
                there, here = values[i, low + shift : high + shift], out[i, low:high]
                for s in range(rate.size):
                    here[s] += rate[s] * there[s]


@njit(cache=True, nogil=True, fastmath={"contract"})
def move(  # type: ignore[no-untyped-def]
    game, precision, kernel, priced, values, out, mover, own, after, lines, first, last
):
    """Add to ``out`` what a mover's choices bring, on the lines from first to last."""
    actors = values.shape[0]
    runs, most = tiling(own, 1 + actors, after, lines)
    base, best = np.empty(runs, dtype=np.int64), np.empty((2, runs * most))
    tiles = np.empty((2, own * (1 + actors) * runs * most))
    rate, feasible = game.rate[mover], game.feasible
    while first < last:
        length = min(most, after - first % after)
        count = min(runs, (last - first) // length)
        for r in range(count):
            line = first + r * length
            base[r] = (line // after) * own * after + line % after
        first += count * length
        shape = (own, 1 + actors, count * length)
        tile = tiles[0, : own * (1 + actors) * count * length].reshape(shape)
        other = tiles[1, : own * (1 + actors) * count * length].reshape(shape)
        here = base[:count]
        if gather(values, feasible, mover, here, after, precision[mover], best, tile) > SHARP:
            move_sharply(game, precision[mover], values, out, mover, own, after, here, length)
            continue
        sums = spread(kernel, priced, game.layout, mover, tile, other)
        bring(rate, feasible, here, after, sums, out)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def bring(rate, feasible, base, after, sums, out):  # type: ignore[no-untyped-def]
    """Add a tile of sums, divided by those of weights, to ``out``."""
    own, slots, lines = sums.shape
    alone, length = base.size == lines, np.uintp(lines // base.size)
    for m in range(own):
        if alone:
            for b in range(lines):
                s = base[b] + m * after
                factor = rate / sums[m, 0, b] if feasible[s] else 0.0
                for i in range(slots - 1):
                    out[i, s] += factor * sums[m, 1 + i, b]
            continue
        for r in range(base.size):
            s, t = np.uintp(base[r] + m * after), np.uintp(r) * length
            for b in range(length):
                sums[m, 0, t + b] = rate / sums[m, 0, t + b] if feasible[s + b] else 0.0
            for i in range(slots - 1):
                for b in range(length):
                    out[i, s + b] += sums[m, 0, t + b] * sums[m, 1 + i, t + b]


@njit(cache=True, nogil=True)
def move_sharply(game, precision, values, out, mover, own, after, base, length):  # type: ignore[no-untyped-def]
    """Add to ``out`` the mover's choices, summed move by move: exact at any precision."""
    allowed = np.empty((own, own))
    cost = np.empty((own, own))
    joint_matrices(game.allowed, game.layout, mover, allowed, False)
    joint_matrices(game.cost, game.layout, mover, cost, True)
    probability = np.empty(own)
    rate = game.rate[mover]
    for line in range(base.size * length):
        first = base[line // length] + line % length
        for here in range(own):
            s = first + here * after
            if game.feasible[s]:
                sharp(
                    precision, allowed, cost, values[mover], game.feasible, after, first,
                    probability, here,
                )  # fmt: skip
                for m in range(own):
                    chance = rate * probability[m]
                    if chance > 0.0:
                        out[mover, s] -= chance * cost[here, m]
                        for i in range(values.shape[0]):
                            out[i, s] += chance * values[i, first + m * after]


@njit(cache=True, nogil=True, fastmath={"contract"})
def settle_accounts(game, values, out):  # type: ignore[no-untyped-def]
    """Divide the right side in ``out`` by the factor on the left; return the largest imbalance."""
    everyone = game.rate.sum()
    worst = 0.0
    for i in range(values.shape[0]):
        rate = game.discount[i] + everyone
        for s in range(values.shape[1]):
            if game.feasible[s]:
                factor = rate + game.leave[s]
                worst = max(worst, abs(out[i, s] - factor * values[i, s]))
                out[i, s] /= factor
            else:
                out[i, s] = 0.0
    return worst
