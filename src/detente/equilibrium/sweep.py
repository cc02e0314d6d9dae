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

from detente.equilibrium.game import Floats
from detente.equilibrium.moves import (
    SHARP,
    choice_weights,
    joint_matrices,
    sharp,
    spread,
    spread_cost,
)


@njit(cache=True, nogil=True)
def sweep(game, precision, kernel, priced, values, out, wide, narrow):  # type: ignore[no-untyped-def]
    """Write the improved values to ``out``; return the largest imbalance of the equations.

    Parameters
    ----------
    game : Game
    precision : ndarray, (actors,)
        May be below the game's own: the path to it starts at zero.
    kernel, priced : ndarray
        From `moves.kernels` at that precision.
    values, out : ndarray, (states, actors)
    wide : ndarray, (2, states x (actors + 1))
        Scratch.
    narrow : ndarray, (4, states)
        Scratch.
    """
    layout = game.layout
    states, actors = values.shape
    width = actors + 1
    out[:] = game.flow
    add_jumps(game, values, out)
    for mover in range(actors):
        own, after = 1, layout.stride[layout.stop[mover] - 1]
        for k in range(layout.first[mover], layout.stop[mover]):
            own *= layout.size[k]
        weight = narrow[0]
        widest = choice_weights(precision[mover], values, mover, game.feasible, own, after, weight)
        if widest > SHARP:
            add_sharp(game, precision[mover], mover, own, after, values, out)
            continue
        terms = wide[0]
        for s in range(states):
            terms[s * width] = weight[s]
            for i in range(actors):
                terms[s * width + 1 + i] = weight[s] * values[s, i]
        sums = spread(kernel, layout, mover, width, terms, wide[1])
        paid = spread_cost(kernel, priced, layout, mover, weight, narrow[1], narrow[2], narrow[3])
        rate = game.rate[mover]
        for s in range(states):
            if game.feasible[s]:
                factor = rate / sums[s * width]
                for i in range(actors):
                    out[s, i] += factor * sums[s * width + 1 + i]
                out[s, mover] -= factor * paid[s]
    worst = 0.0
    everyone = game.rate.sum()
    for s in range(states):
        if game.feasible[s]:
            for i in range(actors):
                factor = game.discount[i] + everyone + game.leave[s]
                worst = max(worst, abs(out[s, i] - factor * values[s, i]))
                out[s, i] /= factor
        else:
            out[s] = 0.0
    return worst


@njit(cache=True, nogil=True)
def add_jumps(game, values, out):  # type: ignore[no-untyped-def]
    """Add to ``out`` the flow of value through the conditions' jumps."""
    layout = game.layout
    for c in range(layout.conditions.size):
        k = layout.conditions[c]
        size, stride, start = layout.size[k], layout.stride[k], layout.jump_offset[c]
        for s in range(values.shape[0]):
            level = (s // stride) % size
            row = start + s * size
            for to in range(size):
                rate = game.jumps[row + to]
                if rate > 0.0:
                    target = s + (to - level) * stride
                    for i in range(values.shape[1]):
                        out[s, i] += rate * values[target, i]


@njit(cache=True, nogil=True)
def add_sharp(game, precision, mover, own, after, values, out):  # type: ignore[no-untyped-def]
    """Add to ``out`` the mover's choices, summed move by move: exact at any precision."""
    layout = game.layout
    allowed = np.empty((own, own))
    cost = np.empty((own, own))
    joint_matrices(game.allowed, layout, mover, allowed, False)
    joint_matrices(game.cost, layout, mover, cost, True)
    probability = np.empty(own)
    value = values[:, mover].copy()
    rate = game.rate[mover]
    block = own * after
    for start in range(0, value.size, block):
        for base in range(start, start + after):
            for here in range(own):
                s = base + here * after
                if game.feasible[s]:
                    sharp(
                        precision, allowed, cost, value, game.feasible, after, base, probability,
                        here,
                    )  # fmt: skip
                    for m in range(own):
                        chance = rate * probability[m]
                        if chance > 0.0:
                            out[s, mover] -= chance * cost[here, m]
                            for i in range(values.shape[1]):
                                out[s, i] += chance * values[base + m * after, i]


def scratch(states: int, actors: int) -> tuple[Floats, Floats]:
    """Return the two scratch arrays of `sweep`."""
    return np.empty((2, states * (actors + 1))), np.empty((4, states))
