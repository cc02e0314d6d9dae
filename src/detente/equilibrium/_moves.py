"""Move operators: expectations over an actor's logit choice, as a few products along axes.

The weight of moving from s to a is the product over the actor's options of
``kernel[from, to] = allowed * exp(-precision * cost)``, times ``weight(a)``, which is
``exp(precision * (value(a) - best))`` at feasible states and zero elsewhere. Summing over all joint
moves is therefore one small matrix product along each of the actor's axes: cost O(states x levels),
never a table of joint moves. The expected cost of a move is the derivative of the same product.

States that differ in the mover's own options only form a line. As many lines as fit the cache are
worked on at a time in a tile, ``tile[level, slot, line]``, with the slots weight and weight x each
actor's value. The innermost index runs over lines, which share all factors.

Where values differ by so much that weights would underflow, `sharp` sums over the joint moves of
each state with its own best move as the reference: slower by the number of moves, exact at any
precision.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.equilibrium._exponential import exponential

SHARP = 500.0
"""Spread of precision x value above which weights are summed move by move."""

ROOM = 4096
"""Numbers in a tile, about: two tiles fit a core's own cache."""

_LEAST = 32
"""Lines in a tile at least, where there are as many."""
_RUN = 8
"""Lines side by side that are worth copying as a run."""


@njit(cache=True, nogil=True)
def tiling(own, slots, after, lines):  # type: ignore[no-untyped-def]
    """Return how many runs of lines that lie side by side a tile has, and how long they are.

    Parameters
    ----------
    own, slots : int
        Joint levels of the mover, and numbers kept for each state.
    after, lines : int
        How far apart those levels are; lines in all.
    """
    most = max(ROOM // (own * slots), _LEAST)
    if after < _RUN:
        return min(most, lines), 1
    if after <= most:
        return min(most, lines) // after, after
    pieces = (after + most - 1) // most
    return 1, (after + pieces - 1) // pieces


@njit(cache=True, nogil=True, fastmath={"contract"})
def gather(values, feasible, actor, base, after, precision, best, tile):  # type: ignore[no-untyped-def]
    """Fill a tile with weights and weighted values of the states on some lines.

    Parameters
    ----------
    values : ndarray, (actors, states)
    feasible : ndarray of bool, (states,)
    actor : int
        The mover.
    base : ndarray of int, (runs,)
        The first state of each run of lines; runs are alike in length.
    after : int
        How far apart the mover's joint levels are.
    best : ndarray, (2, lines)
        Scratch.
    tile : ndarray, (own, 1 + actors, lines)

    Returns
    -------
    float
        Largest spread of precision x value; above `SHARP` the tile is not complete.
    """
    own, slots, lines = tile.shape
    alone, length = base.size == lines, np.uintp(lines // base.size)
    for b in range(lines):
        best[0, b] = -np.inf
        best[1, b] = np.inf
    for m in range(own):
        if alone:
            for b in range(lines):
                s = base[b] + m * after
                value = values[actor, s]
                real = feasible[s]
                tile[m, 0, b] = value if real else -np.inf
                best[0, b] = value if real and value > best[0, b] else best[0, b]
                best[1, b] = value if real and value < best[1, b] else best[1, b]
            continue
        for r in range(base.size):
            s, t = np.uintp(base[r] + m * after), np.uintp(r) * length
            for b in range(length):
                value = values[actor, s + b]
                real = feasible[s + b]
                tile[m, 0, t + b] = value if real else -np.inf
                best[0, t + b] = value if real and value > best[0, t + b] else best[0, t + b]
                best[1, t + b] = value if real and value < best[1, t + b] else best[1, t + b]
    widest = 0.0
    for b in range(lines):
        if best[0, b] == -np.inf:
            best[0, b] = 0.0
        else:
            widest = max(widest, precision * (best[0, b] - best[1, b]))
    if widest > SHARP:
        return widest
    for m in range(own):
        for b in range(lines):
            gap = tile[m, 0, b] - best[0, b]
            tile[m, 0, b] = exponential(precision * gap) if gap > -np.inf else 0.0
        for i in range(slots - 1):
            if alone:
                for b in range(lines):
                    tile[m, 1 + i, b] = tile[m, 0, b] * values[i, base[b] + m * after]
                continue
            for r in range(base.size):
                s, t = np.uintp(base[r] + m * after), np.uintp(r) * length
                for b in range(length):
                    tile[m, 1 + i, t + b] = tile[m, 0, t + b] * values[i, s + b]
    return widest


@njit(cache=True, nogil=True)
def spread(kernel, priced, layout, actor, source, target):  # type: ignore[no-untyped-def]
    """Sum a tile over all joint moves of an actor: sum over a of kernel(s, a) x tile(a).

    ``priced`` is kernel x cost, entry by entry. The costs of options add up, so the sum of
    kernel(s, a) x c(s, a) x weight(a) is a derivative: along each axis the running cost goes
    through the kernel and the running weight through the priced kernel. It is taken off the
    actor's own weighted value as it comes. Both tiles are overwritten; the one returned holds the
    sums.
    """
    own, slots, lines = source.shape
    stride = own
    for k in range(layout.first[actor], layout.stop[actor]):
        size, begin = layout.size[k], layout.offset[k]
        block, stride = stride, stride // size
        shape = (own // block, size, stride * slots * lines)
        mix(kernel[begin:], source.reshape(shape), target.reshape(shape))
        fine = (own // block, size, stride, slots, lines)
        charge(priced[begin:], 1 + actor, source.reshape(fine), target.reshape(fine))
        source, target = target, source
    return source


@njit(cache=True, nogil=True, fastmath={"contract"})
def mix(factor, source, target):  # type: ignore[no-untyped-def]
    """Set target[:, here] to the sum over ``there`` of factor[here, there] x source[:, there].

    Four at a time, since each pass over ``target`` costs as much as a multiplication.
    """
    blocks, size, length = source.shape
    for o in range(blocks):
        for here in range(size):
            row = here * size
            done = (size - 1) % 4 + 1
            p, q = factor[row], factor[row + 1] if done > 1 else 0.0
            r, s = (factor[row + 2] if done > 2 else 0.0, factor[row + 3] if done > 3 else 0.0)
            if done == 1:
                for i in range(length):
                    target[o, here, i] = p * source[o, 0, i]
            elif done == 2:
                for i in range(length):
                    target[o, here, i] = p * source[o, 0, i] + q * source[o, 1, i]
            elif done == 3:
                for i in range(length):
                    near = p * source[o, 0, i] + q * source[o, 1, i]
                    target[o, here, i] = near + r * source[o, 2, i]
            else:
                for i in range(length):
                    near = p * source[o, 0, i] + q * source[o, 1, i]
                    target[o, here, i] = near + r * source[o, 2, i] + s * source[o, 3, i]
            for t in range(done, size, 4):
                p, q = factor[row + t], factor[row + t + 1]
                r, s = factor[row + t + 2], factor[row + t + 3]
                for i in range(length):
                    near = p * source[o, t, i] + q * source[o, t + 1, i]
                    target[o, here, i] += near + r * source[o, t + 2, i] + s * source[o, t + 3, i]


@njit(cache=True, nogil=True, fastmath={"contract"})
def charge(priced, slot, source, target):  # type: ignore[no-untyped-def]
    """Take what moves along an axis cost off one slot of a tile."""
    blocks, size, stride, _, lines = source.shape
    for o in range(blocks):
        for here in range(size):
            row = here * size
            for j in range(stride):
                for t in range(0, size - 1, 2):
                    p, q = priced[row + t], priced[row + t + 1]
                    if p != 0.0 or q != 0.0:
                        for i in range(lines):
                            paid = p * source[o, t, j, 0, i] + q * source[o, t + 1, j, 0, i]
                            target[o, here, j, slot, i] -= paid
                if size % 2 == 1:
                    p = priced[row + size - 1]
                    if p != 0.0:
                        for i in range(lines):
                            target[o, here, j, slot, i] -= p * source[o, size - 1, j, 0, i]


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
