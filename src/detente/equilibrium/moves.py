"""Move operators: expectations over an actor's logit choice, as a few products along axes.

The weight of moving from s to a is the product over the actor's options of
``kernel[from, to] = allowed * exp(-precision * cost)``, times ``weight(a)``, which is
``exp(precision * (value(a) - best))`` at feasible states and zero elsewhere. Summing over all joint
moves is therefore one small matrix product along each of the actor's axes: cost O(states x levels),
never a table of joint moves. The expected cost of a move is the derivative of the same product.

States that differ in the mover's own options only form a line. Lines are worked on `STRIP` at a
time in a tile that fits the cache: ``tile[level, slot, line]`` with the slots weight, weight x each
actor's value, and cost. The innermost index runs over lines, which share all factors.

Where values differ by so much that weights would underflow, `sharp` sums over the joint moves of
each state with its own best move as the reference: slower by the number of moves, exact at any
precision.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.equilibrium.exponential import exponential

SHARP = 500.0
"""Spread of precision x value above which weights are summed move by move."""

STRIP = 16
"""Lines in a tile."""


@njit(cache=True, nogil=True)
def gather(values, feasible, actor, first, count, own, after, base, tile):  # type: ignore[no-untyped-def]
    """Copy the values on some lines into a tile; their weight slots hold the actor's own value.

    Parameters
    ----------
    values : ndarray, (actors, states)
    feasible : ndarray of bool, (states,)
    actor, first, count : int
        The mover, its first line here and how many.
    own, after : int
        Joint levels of the mover, and how far apart they are.
    base : ndarray of int, (STRIP,)
        Filled with the first state of each line.
    tile : ndarray, (own x (actors + 2) x STRIP,)
        The weight of infeasible states becomes minus infinity.
    """
    actors = values.shape[0]
    row = (actors + 2) * STRIP
    block = own * after
    for b in range(count):
        line = first + b
        base[b] = (line // after) * block + line % after
    if base[count - 1] - base[0] == count - 1:
        for m in range(own):
            start = base[0] + m * after
            for i in range(actors):
                slot = tile[m * row + (1 + i) * STRIP :][:STRIP]
                come = values[i, start : start + count]
                for b in range(count):
                    slot[b] = come[b]
            slot, come = tile[m * row :][:STRIP], values[actor, start : start + count]
            real = feasible[start : start + count]
            for b in range(count):
                slot[b] = come[b] if real[b] else -np.inf
    else:
        for m in range(own):
            for i in range(actors):
                at = m * row + (1 + i) * STRIP
                for b in range(count):
                    tile[at + b] = values[i, base[b] + m * after]
            at = m * row
            for b in range(count):
                s = base[b] + m * after
                tile[at + b] = values[actor, s] if feasible[s] else -np.inf


@njit(cache=True, nogil=True, fastmath={"contract"})
def weigh(precision, own, row, count, best, tile):  # type: ignore[no-untyped-def]
    """Turn a tile of values into one of weights and weighted values; return the largest spread.

    ``best`` is scratch, (2, STRIP). The lines beyond ``count`` repeat nothing: they get weight 0.
    """
    for b in range(STRIP):
        best[0, b] = -np.inf
        best[1, b] = np.inf
    high, low = best[0], best[1]
    for m in range(own):
        weight = tile[m * row : m * row + STRIP]
        for b in range(count):
            value = weight[b]
            high[b] = value if value > high[b] else high[b]
            real = value > -np.inf and value < low[b]
            low[b] = value if real else low[b]
    widest = 0.0
    for b in range(count):
        if best[0, b] > best[1, b]:
            widest = max(widest, precision * (best[0, b] - best[1, b]))
        if best[0, b] == -np.inf:
            best[0, b] = 0.0
    for m in range(own):
        level = tile[m * row : (m + 1) * row]
        weight = level[:STRIP]
        for b in range(count):
            gap = weight[b] - high[b]
            weight[b] = exponential(precision * gap) if gap > -np.inf else 0.0
        weight[count:] = 0.0
        for slot in range(1, row // STRIP - 1):
            weighted = level[slot * STRIP : (slot + 1) * STRIP]
            for b in range(STRIP):
                weighted[b] *= weight[b]
        level[row - STRIP :] = 0.0
    return widest


@njit(cache=True, nogil=True, fastmath={"contract"})
def spread(kernel, priced, layout, actor, row, source, target):  # type: ignore[no-untyped-def]
    """Sum a tile over all joint moves of an actor: sum over a of kernel(s, a) x tile(a).

    ``priced`` is kernel x cost, entry by entry. The costs of options add up, so the sum of
    kernel(s, a) x c(s, a) x weight(a) is a derivative: along each axis the running cost goes
    through the kernel and the running weight through the priced kernel. Both tiles are overwritten,
    the one returned holds the sums.
    """
    own = source.size // row
    stride = own
    for k in range(layout.first[actor], layout.stop[actor]):
        size, start = layout.size[k], layout.offset[k]
        block, stride = stride, stride // size
        for outer in range(0, own, block):
            for here in range(size):
                for inner in range(stride):
                    at = (outer + here * stride + inner) * row
                    to = target[at : at + row]
                    to[:] = 0.0
                    for there in range(size):
                        factor = kernel[start + here * size + there]
                        if factor != 0.0:
                            come = source[(outer + there * stride + inner) * row :][:row]
                            for b in range(row):
                                to[b] += factor * come[b]
                            price = priced[start + here * size + there]
                            if price != 0.0:
                                paid = to[row - STRIP :]
                                for b in range(STRIP):
                                    paid[b] += price * come[b]
        source, target = target, source
    return source


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


@njit(cache=True, nogil=True)
def kernels(allowed, cost, layout, precision):  # type: ignore[no-untyped-def]
    """Return all kernels ``allowed x exp(-precision x cost)``, and the kernels times cost."""
    kernel, priced = np.zeros_like(cost), np.zeros_like(cost)
    for actor in range(precision.size):
        for at in range(layout.offset[layout.first[actor]], layout.offset[layout.stop[actor]]):
            if allowed[at]:
                kernel[at] = np.exp(-precision[actor] * cost[at])
                priced[at] = kernel[at] * cost[at]
    return kernel, priced
