"""One sweep of the equilibrium equations: from values to what the values ought to be.

For every actor i and state s (DESIGN section 5)

    (rho_i + Lambda + q(s)) V_i(s) = u_i(s) + sum_s' q(s,s') V_i(s')
        + sum_j lambda_j sum_a sigma_j(a|s) V_i(a)  -  lambda_i sum_a sigma_i(a|s) c_i(s,a).

The sweep returns the right side divided by the factor on the left, and the largest difference
between the sides. Cost: O(actors^2 x states x levels). Errors of choice earn nothing: values are
expected utilities as in quantal response equilibrium (McKelvey & Palfrey 1995), one mover at a time
(Doraszelski & Judd 2012; Arcidiacono, Bayer, Blevins & Ellickson 2016).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.equilibrium.moves import (
    SHARP,
    choice_weights,
    joint_matrices,
    sharp,
    spread,
    spread_cost,
)


@njit(cache=True, nogil=True)
def sweep(game, precision, kernel, priced, values, out, work):  # type: ignore[no-untyped-def]
    """Write the improved values to ``out``; return the largest imbalance of the equations.

    Parameters
    ----------
    game : Game
    precision : ndarray, (actors,)
        May be below the game's own: the path to it starts at zero.
    kernel, priced : ndarray
        From `moves.kernels` at that precision.
    values, out : ndarray, (actors, states)
    work : ndarray, (6, states)
        Scratch.
    """
    layout = game.layout
    actors, states = values.shape
    out[:] = game.flow
    add_jumps(game, values, out)
    for mover in range(actors):
        own, after = 1, layout.stride[layout.stop[mover] - 1]
        for k in range(layout.first[mover], layout.stop[mover]):
            own *= layout.size[k]
        weight = work[0]
        widest = choice_weights(
            precision[mover], values[mover], game.feasible, own, after, weight
        )
        if widest > SHARP:
            add_sharp(game, precision[mover], mover, own, after, values, out)
            continue
        rate = game.rate[mover]
        total, expected, spare, paid, paid_spare = work[1], work[2], work[3], work[4], work[5]
        expected[:] = weight
        spread_cost(kernel, priced, layout, mover, expected, total, spare, paid, paid_spare)
        for s in range(states):
            if game.feasible[s]:
                total[s] = rate / total[s]
                out[mover, s] -= total[s] * paid[s]
        for i in range(actors):
            for s in range(states):
                paid[s] = weight[s] * values[i, s]
            spread(kernel, layout, mover, paid, expected, spare)
            for s in range(states):
                if game.feasible[s]:
                    out[i, s] += total[s] * expected[s]
    worst = 0.0
    everyone = game.rate.sum()
    for i in range(actors):
        for s in range(states):
            if game.feasible[s]:
                factor = game.discount[i] + everyone + game.leave[s]
                worst = max(worst, abs(out[i, s] - factor * values[i, s]))
                out[i, s] /= factor
            else:
                out[i, s] = 0.0
    return worst


@njit(cache=True, nogil=True)
def add_jumps(game, values, out):  # type: ignore[no-untyped-def]
    """Add to ``out`` the flow of value through the conditions' jumps."""
    layout = game.layout
    for c in range(layout.conditions.size):
        k = layout.conditions[c]
        size, stride, start = layout.size[k], layout.stride[k], layout.jump_offset[c]
        for s in range(values.shape[1]):
            level = (s // stride) % size
            row = start + s * size
            for to in range(size):
                rate = game.jumps[row + to]
                if rate > 0.0:
                    target = s + (to - level) * stride
                    for i in range(values.shape[0]):
                        out[i, s] += rate * values[i, target]


@njit(cache=True, nogil=True)
def add_sharp(game, precision, mover, own, after, values, out):  # type: ignore[no-untyped-def]
    """Add to ``out`` the mover's choices, summed move by move: exact at any precision."""
    layout = game.layout
    allowed = np.empty((own, own))
    cost = np.empty((own, own))
    joint_matrices(game.allowed, layout, mover, allowed, False)
    joint_matrices(game.cost, layout, mover, cost, True)
    probability = np.empty(own)
    rate = game.rate[mover]
    block = own * after
    for start in range(0, values.shape[1], block):
        for base in range(start, start + after):
            for here in range(own):
                s = base + here * after
                if game.feasible[s]:
                    sharp(
                        precision, allowed, cost, values[mover], game.feasible, after, base,
                        probability, here,
                    )  # fmt: skip
                    for m in range(own):
                        chance = rate * probability[m]
                        if chance > 0.0:
                            out[mover, s] -= chance * cost[here, m]
                            for i in range(values.shape[0]):
                                out[i, s] += chance * values[i, base + m * after]
