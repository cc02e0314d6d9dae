"""Move operators: expectations over an actor's logit choice, as a few products along axes.

The weight of moving from s to a is the product over the actor's options of
``kernel[from, to] = allowed * exp(-precision * cost)``, times ``weight(a)``, which is
``exp(precision * (value(a) - best))`` at feasible states and zero elsewhere. Summing over all joint
moves is therefore one small matrix product along each of the actor's axes: cost O(states x levels),
never a table of joint moves. The expected cost of a move is the derivative of the same product.

Where values differ by so much that weights would underflow, `sharp` sums over the joint moves of
each state with its own best move as the reference: slower by the number of moves, exact at any
precision.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.equilibrium.game import Floats, Layout

SHARP = 500.0
"""Spread of precision x value above which weights are summed move by move."""


@njit(cache=True, nogil=True)
def along(matrix, start, size, stride, vector, out, add):  # type: ignore[no-untyped-def]
    """Multiply a flat array by a small matrix [from, to] along the axis with this stride.

    With ``add`` the product is added to ``out``, otherwise it replaces it.
    """
    block = size * stride
    for base in range(0, vector.size, block):
        for level in range(size):
            to = out[base + level * stride : base + (level + 1) * stride]
            if not add:
                to[:] = 0.0
            for other in range(size):
                factor = matrix[start + level * size + other]
                if factor != 0.0:
                    come = vector[base + other * stride : base + (other + 1) * stride]
                    for b in range(stride):
                        to[b] += factor * come[b]


@njit(cache=True, nogil=True)
def spread(kernel, layout, actor, width, source, target):  # type: ignore[no-untyped-def]
    """Sum over all joint moves of an actor: sum over a of kernel(s, a) x source(a).

    ``source`` holds ``width`` numbers a state; both arrays are overwritten, the one returned holds
    the sums.
    """
    for k in range(layout.first[actor], layout.stop[actor]):
        along(
            kernel, layout.offset[k], layout.size[k], layout.stride[k] * width, source, target,
            False,
        )  # fmt: skip
        source, target = target, source
    return source


@njit(cache=True, nogil=True)
def spread_cost(kernel, priced, layout, actor, source, target, cost, cost_target):  # type: ignore[no-untyped-def]
    """Sum the cost of all joint moves: sum over a of kernel(s, a) x c(s, a) x source(a).

    ``priced`` is kernel x cost, entry by entry. The costs of options add up, so the sum is a
    derivative: along each axis the running cost goes through the kernel and the running weight
    through the priced kernel. All four arrays are overwritten, the one returned holds the sums.
    """
    cost[:] = 0.0
    for k in range(layout.first[actor], layout.stop[actor]):
        start, size, stride = layout.offset[k], layout.size[k], layout.stride[k]
        along(kernel, start, size, stride, cost, cost_target, False)
        along(priced, start, size, stride, source, cost_target, True)
        along(kernel, start, size, stride, source, target, False)
        source, target = target, source
        cost, cost_target = cost_target, cost
    return cost


@njit(cache=True, nogil=True)
def choice_weights(precision, values, actor, feasible, own, after, out):  # type: ignore[no-untyped-def]
    """Fill out(a) = exp(precision x (value(a) - best of its line)); return the largest spread.

    A line holds the states that differ in the actor's own options only: ``own`` of them, ``after``
    apart.
    """
    widest = 0.0
    block = own * after
    for base in range(0, out.size, block):
        for b in range(base, base + after):
            best, worst = -np.inf, np.inf
            for m in range(b, b + block, after):
                if feasible[m]:
                    best = max(best, values[m, actor])
                    worst = min(worst, values[m, actor])
            if best > worst:
                widest = max(widest, precision * (best - worst))
            for m in range(b, b + block, after):
                out[m] = np.exp(precision * (values[m, actor] - best)) if feasible[m] else 0.0
    return widest


@njit(cache=True, nogil=True)
def joint_matrices(matrices, layout, actor, joint, add):  # type: ignore[no-untyped-def]
    """Combine an actor's per-option matrices into one over joint levels, by sum or by product."""
    own = joint.shape[0]
    for here in range(own):
        for there in range(own):
            total = 0.0 if add else 1.0
            i, j = here, there
            for k in range(layout.stop[actor] - 1, layout.first[actor] - 1, -1):
                size = layout.size[k]
                entry = matrices[layout.offset[k] + (i % size) * size + j % size]
                total = total + entry if add else total * entry
                i //= size
                j //= size
            joint[here, there] = total


@njit(cache=True, nogil=True)
def sharp(precision, allowed, cost, value, feasible, after, base, probability, here):  # type: ignore[no-untyped-def]
    """Fill the logit choice from one state, with its own best move as the reference.

    ``allowed`` and ``cost`` are over joint levels; ``base`` is the first state of the line and
    ``here`` the joint level of the state that moves. Where no move is feasible the actor stays.
    """
    own = allowed.shape[0]
    best = -np.inf
    for m in range(own):
        if allowed[here, m] > 0.0 and feasible[base + m * after]:
            best = max(best, value[base + m * after] - cost[here, m])
    total = 0.0
    for m in range(own):
        probability[m] = 0.0
        if allowed[here, m] > 0.0 and feasible[base + m * after]:
            probability[m] = np.exp(precision * (value[base + m * after] - cost[here, m] - best))
            total += probability[m]
    if total == 0.0:
        probability[here] = 1.0
        return
    for m in range(own):
        probability[m] /= total


def kernels(
    allowed: NDArray[np.bool_], cost: Floats, layout: Layout, precision: Floats
) -> tuple[Floats, Floats]:
    """Return all kernels ``allowed x exp(-precision x cost)``, and the kernels times cost."""
    scale = np.zeros_like(cost)
    for actor in range(layout.first.size):
        own = slice(layout.offset[layout.first[actor]], layout.offset[layout.stop[actor]])
        scale[own] = precision[actor]
    kernel = np.where(allowed, np.exp(-scale * cost), 0.0)
    return kernel, kernel * cost
