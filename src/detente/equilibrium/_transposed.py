"""The transposed linearised equilibrium equations, for a few sides at once.

With F as in `detente.equilibrium._sweep`, m one number for each state and actor, and g(s, a) the
slope of m . F by the rate at which an actor changes s to a, (dF/dV)' m is what discount and leaving
take of m, less what changes of state bring to where they lead, and less what the choices make of g
(`detente.equilibrium._choices`). Few unknowns are solved for densely; more by BiCGSTAB (van der
Vorst 1992), scaled by the diagonal and begun again where it stands still, eight sides to a block, so
that a block stays in a core's own cache. Cost: O(actors x choices x sides) a product, some fifty.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit

from detente.engine import poll, side_by_side, stop_flag
from detente.equilibrium._choices import Choices
from detente.equilibrium._game import TimedGame
from detente.equilibrium._lanes import LANES, row_times_lanes
from detente.values import Bools, Floats, Ints

SIDES = LANES
"""Sides in a block."""
DENSE = 500
"""Unknowns up to which the equations are solved densely."""
_TILE = 16 * SIDES
"""Numbers of a block that are worked on at a time, so that the processor does several at once."""
_TOLERANCE = 1e-10
_ITERATIONS = 400
_ROUNDS = 6


class Equations(NamedTuple):
    """The equations over some states that nothing leaves, with who leads to a state in its row.

    Attributes
    ----------
    begin : ndarray of int, (actors, states + 1)
        Where the choices of an actor that lead to a state stand in the arrays of choices.
    source : ndarray of int, (choices,)
    rate, paid : ndarray, (choices,)
        Of the choice, a year; and that times its cost.
    values : ndarray, (actors, states)
    mean : ndarray, (movers, actors, states)
        Value expected of a mover's next choice; for the mover less its cost.
    precision : ndarray, (actors,)
    jump_begin, jump_source, jump_rate : ndarray
        The conditions' jumps, alike.
    leave : ndarray, (actors, states)
        Discount and all rates together.
    scale : ndarray, (states,)
        By which the unknowns are multiplied, and the rates above are divided: about
        the diagonal.
    """

    begin: Ints
    source: Ints
    rate: Floats
    paid: Floats
    values: Floats
    mean: Floats
    precision: Floats
    jump_begin: Ints
    jump_source: Ints
    jump_rate: Floats
    leave: Floats
    scale: Floats


def equations_of(
    game: TimedGame, values: Floats, choices: Sequence[Choices], jumps: tuple[Ints, Ints, Floats]
) -> Equations:
    """Return the equations from what actors choose, and the jumps from, to and at which rate.

    ``values`` is (actors, states).
    """
    actors, states = values.shape
    begin = np.zeros((actors, states + 1), dtype=np.int64)
    mean, stay = np.empty((actors, actors, states)), np.zeros(states)
    source, rate, paid, offset = [], [], [], 0
    for j, chosen in enumerate(choices):
        order = np.argsort(chosen.target, kind="stable")
        begin[j] = offset + np.searchsorted(chosen.target[order], np.arange(states + 1))
        offset += order.size
        rates = chosen.rate * chosen.chance
        source.append(chosen.source[order])
        rate.append(rates[order])
        paid.append((rates * chosen.cost)[order])
        for i in range(actors):
            worth = values[i, chosen.target] - (chosen.cost if i == j else 0.0)
            mean[j, i] = np.bincount(chosen.source, chosen.chance * worth, states)
        own = chosen.source == chosen.target
        stay += np.bincount(chosen.source[own], rates[own], states)
    order = np.argsort(jumps[1], kind="stable")
    left, to, rates = (part[order] for part in jumps)
    leave = game.discount[:, None] + game.rate.sum() + np.bincount(jumps[0], jumps[2], states)
    scale, sources = leave.mean(axis=0) - stay, np.concatenate(source)
    return Equations(
        begin, sources, np.concatenate(rate) / scale[sources],
        np.concatenate(paid) / scale[sources], values, mean,
        np.array([chosen.precision for chosen in choices]),
        np.searchsorted(to, np.arange(states + 1)), left, rates / scale[left], leave / scale, scale,
    )  # fmt: skip


def solve_transposed(
    equations: Equations, sides: Floats, threads: bool = False
) -> tuple[Floats, Bools]:
    """Solve for sides, (actors, states, sides); say for each whether it was solved."""
    actors, states, count = sides.shape
    size = actors * states
    if size <= DENSE:
        matrix = np.empty((size, size))
        for k in range(0, size, SIDES):
            unit = np.eye(size, SIDES, -k).reshape(actors, states, SIDES)
            image = np.empty_like(unit)
            transpose(equations, unit, image)
            matrix[:, k : k + SIDES] = image.reshape(-1, SIDES)[:, : size - k]
        try:
            found = np.linalg.solve(matrix, sides.reshape(size, count))
        except np.linalg.LinAlgError:
            return np.zeros_like(sides), np.zeros(count, dtype=bool)
        solved = np.isfinite(found).all(axis=0)
        return found.reshape(sides.shape) / equations.scale[:, None], solved
    found, solved = np.zeros_like(sides), np.zeros(count, dtype=bool)

    def block(k: int) -> None:
        width = min(SIDES, count - k)
        padded = np.zeros((actors, states, SIDES))
        padded[:, :, :width] = sides[:, :, k : k + width]
        x, fine = _iterate(equations, padded, _TOLERANCE, stop_flag())
        poll()
        found[:, :, k : k + width], solved[k : k + width] = x[:, :, :width], fine[:width]

    side_by_side([partial(block, k) for k in range(0, count, SIDES)], threads)
    return found / equations.scale[:, None], solved


@njit(cache=True, nogil=True, fastmath={"contract"})
def transpose(equations, m, out):  # type: ignore[no-untyped-def]
    """Write (dF/dV)' m to ``out``, m as scaled; both are (actors, states, sides)."""
    actors, states, _ = m.shape
    sums, expected = np.empty((actors + 2, SIDES)), np.empty((states, SIDES))
    source, rate, paid = equations.source, equations.rate, equations.paid
    for i in range(actors):
        for s in range(states):
            low, high = equations.jump_begin[s], equations.jump_begin[s + 1]
            came, leave = sums[0], equations.leave[i, s]
            row_times_lanes(low, high, equations.jump_rate, equations.jump_source, m[i], came)
            for q in range(SIDES):
                out[i, s, q] = leave * m[i, s, q] - came[q]
    for j in range(actors):
        for s in range(states):
            for q in range(SIDES):
                expected[s, q] = equations.mean[j, 0, s] * m[0, s, q]
            for i in range(1, actors):
                for q in range(SIDES):
                    expected[s, q] += equations.mean[j, i, s] * m[i, s, q]
        precision = equations.precision[j]
        for s in range(states):
            low, high = equations.begin[j, s], equations.begin[j, s + 1]
            for i in range(actors):
                row_times_lanes(low, high, rate, source, m[i], sums[i])
            row_times_lanes(low, high, rate, source, expected, sums[actors])
            row_times_lanes(low, high, paid, source, m[j], sums[actors + 1])
            pull, own = sums[actors + 1], out[j, s]
            for q in range(SIDES):
                pull[q] += sums[actors, q]
            for i in range(actors):
                came, value, there = sums[i], equations.values[i, s], out[i, s]
                for q in range(SIDES):
                    pull[q] -= value * came[q]
                    there[q] -= came[q]
            for q in range(SIDES):
                own[q] += precision * pull[q]


@njit(cache=True, nogil=True, error_model="numpy")
def _iterate(equations, sides, tolerance, stop):  # type: ignore[no-untyped-def]
    """Return solutions, and whether each is one; see `solve_transposed`."""
    shape, size = sides.shape, sides.size
    rows = -(-size // _TILE)
    x, residual, search = (
        np.zeros((rows, _TILE)),
        np.zeros((rows, _TILE)),
        np.zeros((rows, _TILE)),
    )
    shadow, image, turned = (
        np.zeros((rows, _TILE)),
        np.zeros((rows, _TILE)),
        np.zeros((rows, _TILE)),
    )
    residual.reshape(-1)[:size] = sides.reshape(-1)
    right = residual.copy()
    allowed = tolerance * tolerance * _dots(residual, residual)
    fine = allowed == 0.0
    for _ in range(_ROUNDS):
        shadow[:], search[:] = residual, residual
        product = _dots(shadow, residual)
        for _ in range(_ITERATIONS):
            if stop[0] or fine.all():
                break
            _apply(equations, search, image, shape)
            step = _ratio(product, _dots(shadow, image), fine)
            _add(step, search, x)
            _add(-step, image, residual)
            _apply(equations, residual, turned, shape)
            damp = _ratio(_dots(turned, residual), _dots(turned, turned), fine)
            _add(damp, residual, x)
            _add(-damp, turned, residual)
            fine |= _dots(residual, residual) <= allowed
            after = _dots(shadow, residual)
            turn = _ratio(after * step, product * damp, fine)
            product = after
            _add(-damp, image, search)
            _turn(turn, residual, search)
        _apply(equations, x, image, shape)
        residual[:] = right - image
        fine = _dots(residual, residual) <= 4.0 * allowed
        if fine.all() or stop[0]:
            break
    return x.reshape(-1)[:size].reshape(shape), fine


@njit(cache=True, nogil=True)
def _apply(equations, vector, out, shape):  # type: ignore[no-untyped-def]
    size = shape[0] * shape[1] * shape[2]
    m = vector.reshape(-1)[:size].reshape(shape)
    transpose(equations, m, out.reshape(-1)[:size].reshape(shape))


@njit(cache=True, nogil=True, error_model="numpy")
def _ratio(above, below, fine):  # type: ignore[no-untyped-def]
    """Return quotients; 0 where there is none, and where nothing is to be done any more."""
    out = above / below
    for q in range(out.size):
        if fine[q] or not np.isfinite(out[q]):
            out[q] = 0.0
    return out


@njit(cache=True, nogil=True, fastmath={"contract"})
def _dots(one, other):  # type: ignore[no-untyped-def]
    """Return the inner product for each side."""
    sums, out = np.zeros(_TILE), np.zeros(SIDES)
    for k in range(one.shape[0]):
        a, b = one[k], other[k]
        for t in range(_TILE):
            sums[t] += a[t] * b[t]
    for t in range(_TILE):
        out[t % SIDES] += sums[t]
    return out


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add(factor, vector, into):  # type: ignore[no-untyped-def]
    """Add for each side a factor times a vector."""
    tile = _repeated(factor)
    for k in range(vector.shape[0]):
        a, b = vector[k], into[k]
        for t in range(_TILE):
            b[t] += tile[t] * a[t]


@njit(cache=True, nogil=True, fastmath={"contract"})
def _turn(factor, vector, into):  # type: ignore[no-untyped-def]
    """Multiply for each side by a factor, and add a vector."""
    tile = _repeated(factor)
    for k in range(vector.shape[0]):
        a, b = vector[k], into[k]
        for t in range(_TILE):
            b[t] = a[t] + tile[t] * b[t]


@njit(cache=True, nogil=True)
def _repeated(factor):  # type: ignore[no-untyped-def]
    tile = np.empty(_TILE)
    for t in range(_TILE):
        tile[t] = factor[t % SIDES]
    return tile
