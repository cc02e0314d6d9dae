"""One sweep of the equilibrium equations: from values to what the values ought to be.

For every actor i and state s (DESIGN section 5)

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

from detente.equilibrium.moves import (
    SHARP,
    STRIP,
    gather,
    joint_matrices,
    sharp,
    spread,
    weigh,
)


@njit(cache=True, nogil=True)
def sweep(game, precision, kernel, priced, values, out):  # type: ignore[no-untyped-def]
    """Write the improved values to ``out``; return the largest imbalance of the equations.

    Parameters
    ----------
    game : Game
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
    start(game, values, out)
    for mover in range(values.shape[0]):
        own, after, lines = extent(game.layout, mover, values.shape[1])
        move(game, precision, kernel, priced, values, out, mover, own, after, 0, lines)


@njit(cache=True, nogil=True)
def extent(layout, mover, states):  # type: ignore[no-untyped-def]
    """Return an actor's joint levels, how far apart they are, and the number of its lines."""
    own, after = 1, layout.stride[layout.stop[mover] - 1]
    for k in range(layout.first[mover], layout.stop[mover]):
        own *= layout.size[k]
    return own, after, states // own


@njit(cache=True, nogil=True)
def start(game, values, out):  # type: ignore[no-untyped-def]
    """Set ``out`` to the flow of utility and of value through the conditions' jumps."""
    layout = game.layout
    for i in range(values.shape[0]):
        out[i] = game.flow[:, i]
    for c in range(layout.conditions.size):
        k = layout.conditions[c]
        size, stride, first = layout.size[k], layout.stride[k], layout.jump_offset[c]
        for s in range(values.shape[1]):
            level = (s // stride) % size
            row = first + s * size
            for to in range(size):
                rate = game.jumps[row + to]
                if rate > 0.0:
                    target = s + (to - level) * stride
                    for i in range(values.shape[0]):
                        out[i, s] += rate * values[i, target]


@njit(cache=True, nogil=True, fastmath={"contract"})
def move(game, precision, kernel, priced, values, out, mover, own, after, begin, end):  # type: ignore[no-untyped-def]
    """Add to ``out`` what a mover's choices bring on the lines from ``begin`` to ``end``."""
    actors = values.shape[0]
    row = (actors + 2) * STRIP
    base = np.empty(STRIP, dtype=np.int64)
    best = np.empty((2, STRIP))
    factor = np.empty(STRIP)
    tile, other = np.zeros(own * row), np.empty(own * row)
    rate = game.rate[mover]
    for first in range(begin, end, STRIP):
        count = min(STRIP, end - first)
        gather(values, game.feasible, mover, first, count, own, after, base, tile)
        if weigh(precision[mover], own, row, count, best, tile) > SHARP:
            move_sharply(game, precision[mover], values, out, mover, own, after, base[:count])
            continue
        sums = spread(kernel, priced, game.layout, mover, row, tile, other)
        near = base[count - 1] - base[0] == count - 1
        for m in range(own):
            at = m * row
            for b in range(count):
                s = base[b] + m * after
                factor[b] = rate / sums[at + b] if game.feasible[s] else 0.0
            last = at + row - STRIP
            for i in range(actors):
                here = at + (1 + i) * STRIP
                price = 1.0 if i == mover else 0.0
                if near:
                    to = out[i, base[0] + m * after : base[0] + m * after + count]
                    gain, paid = sums[here : here + STRIP], sums[last : last + STRIP]
                    for b in range(count):
                        to[b] += factor[b] * (gain[b] - price * paid[b])
                else:
                    for b in range(count):
                        more = factor[b] * (sums[here + b] - price * sums[last + b])
                        out[i, base[b] + m * after] += more


@njit(cache=True, nogil=True)
def move_sharply(game, precision, values, out, mover, own, after, base):  # type: ignore[no-untyped-def]
    """Add to ``out`` the mover's choices, summed move by move: exact at any precision."""
    allowed = np.empty((own, own))
    cost = np.empty((own, own))
    joint_matrices(game.allowed, game.layout, mover, allowed, False)
    joint_matrices(game.cost, game.layout, mover, cost, True)
    probability = np.empty(own)
    rate = game.rate[mover]
    for first in base:
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
