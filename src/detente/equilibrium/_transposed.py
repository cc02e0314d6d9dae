"""The transposed linearised equilibrium equations, for a few sides at once.

With F as in `detente.equilibrium._sweep`, m one number for each state and actor, and g(s, a) the
slope of m . F by the rate at which an actor changes s to a, (dF/dV)' m is what discount and leaving
take of m, less what changes of state bring to where they lead, and less what the choices make of g
(`detente.equilibrium._choices`). Few unknowns are solved for densely; more by BiCGSTAB (van der
Vorst 1992), begun again where it stands still, eight sides to a block, so that a block stays in a
core's own cache. With D what a state makes of itself, E and L what earlier and later states bring,
so that (dF/dV)' = D - E - L, what is iterated is ``(D - E)^-1 (dF/dV)' (D - L)^-1 D``: Gauss-Seidel
to and fro, which costs no more than a product (Eisenstat 1981).

A shift of one actor's values that is the same at all states is felt by no choice and moves no jump:
with y one for that actor and 0 for others, ``y' (dF/dV)' = discount y'``. So y' m is known, y' side
/ discount, and m also solves ``((dF/dV)' + w y') m = side + w y' m`` for any w, which moves that
eigenvalue away and leaves all others (Brauer 1952). These are what iterations settle slowest. Cost:
O(actors x choices x sides) a product, some twenty.
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
from detente.equilibrium._lanes import (
    LANES,
    bring_and_solve,
    zeros_in_line,
)
from detente.equilibrium._tiles import (
    TILE,
    add_times,
    dots,
    go_on,
    over_states,
    take_off,
    turn_search,
)
from detente.values import Bools, Floats, Ints

SIDES = LANES
"""Sides in a block."""
DENSE = 500
"""Unknowns up to which the equations are solved densely."""
_ITERATIONS = 400
_ROUNDS = 6


class Equations(NamedTuple):
    """The equations over some states that nothing leaves, with who leads to a state in its row.

    Attributes
    ----------
    begin, middle : ndarray of int, (actors, states + 1)
        Where the choices of an actor that lead to a state from others stand in the arrays of
        choices, and where those from later ones do.
    source : ndarray of int, (choices,)
    rate, paid : ndarray, (choices,)
        Of the choice, a year; and that times its cost.
    values : ndarray, (actors, states)
    mean : ndarray, (states, movers, actors)
        Value expected of a mover's next choice; for the mover less its cost.
    precision, discount : ndarray, (actors,)
    jump_begin, jump_middle, jump_source, jump_rate : ndarray
        The conditions' jumps, alike.
    alone : ndarray, (states, actors, actors)
        The inverse of D.
    """

    begin: Ints
    middle: Ints
    source: Ints
    rate: Floats
    paid: Floats
    values: Floats
    mean: Floats
    precision: Floats
    discount: Floats
    jump_begin: Ints
    jump_middle: Ints
    jump_source: Ints
    jump_rate: Floats
    alone: Floats


def equations_of(
    game: TimedGame, values: Floats, choices: Sequence[Choices], jumps: tuple[Ints, Ints, Floats]
) -> Equations:
    """Return the equations from what actors choose, and the jumps from, to and at which rate.

    ``values`` is (actors, states).
    """
    actors, states = values.shape
    mean = np.zeros((states, actors, actors))
    leave = game.discount[:, None] + game.rate.sum() + np.bincount(jumps[0], jumps[2], states)
    alone = np.zeros((states, actors, actors))
    alone[:, range(actors), range(actors)] = leave.T
    listed = []
    for j, chosen in enumerate(choices):
        source, target, rate = chosen.source, chosen.target, chosen.rate * chosen.chance
        _expect(source, target, chosen.chance, chosen.cost, values, j, mean)
        stays = source == target
        stay = np.bincount(source[stays], rate[stays], states)
        alone[:, range(actors), range(actors)] -= stay[:, None]
        alone[:, j] -= chosen.precision * stay[:, None] * (values.T - mean[:, j])
        order, begin, middle = _rows(source[~stays], target[~stays], states)
        place = np.flatnonzero(~stays)[order]
        listed.append((begin, middle, source[place], rate[place], (rate * chosen.cost)[place]))
    begins, middles, sources, rates, paids = zip(*listed, strict=True)
    sizes = np.cumsum([0, *(source.size for source in sources)])[:-1, None]
    order, jump_begin, jump_middle = _rows(jumps[0], jumps[1], states)
    return Equations(
        np.stack(begins) + sizes, np.stack(middles) + sizes,
        np.concatenate(sources).astype(np.int32), np.concatenate(rates), np.concatenate(paids),
        values, mean, np.array([chosen.precision for chosen in choices]), game.discount,
        jump_begin, jump_middle, jumps[0][order], jumps[2][order],
        np.asarray(np.linalg.inv(alone), dtype=np.float64),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _expect(source, target, chance, cost, values, mover, mean):  # type: ignore[no-untyped-def]
    """Add up what each actor expects of a mover's choices; for the mover less the cost."""
    for e in range(source.size):
        row = mean[source[e], mover]
        for i in range(row.size):
            row[i] += chance[e] * values[i, target[e]]
        row[mover] -= chance[e] * cost[e]


@njit(cache=True, nogil=True)
def _rows(source, target, states):  # type: ignore[no-untyped-def]
    """Return the order by target, where rows begin, and where in them later sources do."""
    begin, middle = np.zeros(states + 1, dtype=np.int64), np.zeros(states + 1, dtype=np.int64)
    for e in range(source.size):
        begin[target[e] + 1] += 1
        middle[target[e]] += source[e] < target[e]
    begin = np.cumsum(begin)
    middle += begin
    early, late = begin.copy(), middle.copy()
    order = np.empty(source.size, dtype=np.int64)
    for e in range(source.size):
        place = early if source[e] < target[e] else late
        order[place[target[e]]] = e
        place[target[e]] += 1
    return order, begin, middle


def solve_transposed(
    equations: Equations, sides: Floats, tolerance: Floats, threads: bool = False
) -> tuple[Floats, Bools]:
    """Solve for sides, (actors, states, sides); say for each whether it was solved.

    ``tolerance`` is, for each side, how large what is left may be beside it.
    """
    actors, states, count = sides.shape
    found, solved = np.zeros_like(sides), np.zeros(count, dtype=bool)
    if sides.size == 0:
        return found, solved
    dense = actors * states <= DENSE
    common = np.zeros((actors, actors)) if dense else _common(equations)
    matrix = _matrix(equations, common) if dense else None
    known = np.zeros((actors, count + SIDES))
    if not dense:
        with np.errstate(over="ignore"):
            known[:, :count] = sides.sum(axis=1) / equations.discount[:, None]

    def block(k: int) -> None:
        width = min(SIDES, count - k)
        x, m, expected = (zeros_in_line((actors, states, SIDES)) for _ in range(3))
        _multiply(equations.alone, sides[:, :, k : k + width], x)
        _sweep(equations, False, x, m, tuple(m), expected, x)
        if matrix is None:
            allowed = np.zeros(SIDES)
            allowed[:width] = tolerance[k : k + width] ** 2 * (x**2).sum(axis=(0, 1))[:width]
            own = np.ascontiguousarray(known[:, k : k + SIDES])
            _add_known(equations, common, own, x, m, tuple(m), expected)
            x, fine = _iterate(equations, common, x, allowed, stop_flag(), m, tuple(m), expected)
            poll()
        else:
            x = np.linalg.solve(matrix, x.reshape(-1, SIDES)).reshape(x.shape)
            fine = np.isfinite(x).all(axis=(0, 1))
        _sweep(equations, True, x, m, tuple(m), expected, m)
        found[:, :, k : k + width], solved[k : k + width] = m[:, :, :width], fine[:width]

    side_by_side([partial(block, k) for k in range(0, count, SIDES)], threads)
    return found, solved


def _matrix(equations: Equations, common: Floats) -> Floats:
    """Return what is iterated as a dense matrix."""
    shape = (*equations.values.shape, SIDES)
    size = equations.values.size
    matrix = np.empty((size, size))
    for k in range(0, size, SIDES):
        unit = np.eye(size, SIDES, -k).reshape(shape)
        m, image = np.empty(shape), np.empty(shape)
        to_and_fro(equations, common, unit, m, tuple(m), np.empty(shape), image)
        matrix[:, k : k + SIDES] = image.reshape(-1, SIDES)[:, : size - k]
    return matrix


@njit(cache=True, nogil=True)
def _sweep(equations, late, v, m, blocks, expected, out):  # type: ignore[no-untyped-def]
    """Sweep from the last state to the first, or the first to the last.

    With ``late`` ``out`` becomes (D - L)^-1 D v, and so does ``m``; without it ``out`` becomes
    m + (D - E)^-1 D (v - m), and ``m`` what that has more than it. ``m`` is (actors, states,
    sides), and ``blocks`` are those of it as a tuple.
    """
    states = v.shape[1]
    e = equations
    for k in range(states):
        bring_and_solve(
            states - 1 - k if late else k, states, late, v, out, m, expected,
            e.begin, e.middle, e.source, e.rate, e.paid, e.values, e.mean, e.precision,
            e.jump_begin, e.jump_middle, e.jump_source, e.jump_rate, e.alone, blocks,
        )  # fmt: skip


def _common(equations: Equations) -> Floats:
    """Return by what to lower each actor's m for the sums over states of everybody's.

    It is such that products leave what all states have in common as it is, on average.
    """
    actors, states = equations.values.shape
    sums = np.empty((actors, actors))
    for first in range(0, actors, SIDES):
        here = range(first, min(first + SIDES, actors))
        v, m, expected = (zeros_in_line((actors, states, SIDES)) for _ in range(3))
        v[here, :, range(len(here))] = 1.0
        _sweep(equations, True, v, m, tuple(m), expected, m)
        sums[:, here] = over_states(m)[:, : len(here)]
    if not np.isfinite(sums).all():
        return np.zeros((actors, actors))
    return np.asarray(np.eye(actors) / states - np.linalg.pinv(sums))


@njit(cache=True, nogil=True)
def _add_known(equations, common, known, sides, m, blocks, expected):  # type: ignore[no-untyped-def]
    """Add to sides what is known of their solutions: (D - E)^-1 w y' m."""
    more = np.zeros_like(sides)
    m[:] = 0.0
    take_off(common, known, m)
    _sweep(equations, False, more, m, blocks, expected, more)
    sides += more


@njit(cache=True, nogil=True)
def to_and_fro(equations, common, v, m, blocks, expected, out):  # type: ignore[no-untyped-def]
    """Write (D - E)^-1 ((dF/dV)' + w y') (D - L)^-1 D v to ``out``; see `_common` for w y'.

    All are (actors, states, sides).
    """
    _sweep(equations, True, v, m, blocks, expected, m)
    take_off(common, over_states(m), m)
    _sweep(equations, False, v, m, blocks, expected, out)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _multiply(alone, sides, out):  # type: ignore[no-untyped-def]
    """Write the products of each state's table and what the actors have there."""
    for i in range(out.shape[0]):
        for s in range(out.shape[1]):
            for j in range(out.shape[0]):
                for q in range(sides.shape[2]):
                    out[i, s, q] += alone[s, i, j] * sides[j, s, q]


@njit(cache=True, nogil=True, error_model="numpy")
def _iterate(equations, common, sides, allowed, stop, work, blocks, other):  # type: ignore[no-untyped-def]
    """Return solutions, and whether each is one: what is left has at most the squares allowed."""
    shape, size = sides.shape, sides.size
    rows = -(-size // TILE)
    x, residual, search = (
        np.zeros((rows, TILE)),
        np.zeros((rows, TILE)),
        np.zeros((rows, TILE)),
    )
    shadow, image, turned = (
        np.zeros((rows, TILE)),
        np.zeros((rows, TILE)),
        np.zeros((rows, TILE)),
    )
    residual.reshape(-1)[:size] = sides.reshape(-1)
    right = residual.copy()
    fine = allowed == 0.0
    for _ in range(_ROUNDS):
        shadow[:], search[:] = residual, residual
        product, _ = dots(shadow, residual, residual)
        for _ in range(_ITERATIONS):
            if stop[0] or fine.all():
                break
            _apply(equations, common, search, image, work, blocks, other)
            step = _ratio(product, dots(image, shadow, shadow)[0], fine)
            add_times(-step, image, residual)
            _apply(equations, common, residual, turned, work, blocks, other)
            along, square = dots(turned, residual, turned)
            damp = _ratio(along, square, fine)
            left, after = go_on(step, damp, search, turned, shadow, residual, x)
            fine |= left <= allowed
            turn = _ratio(after * step, product * damp, fine)
            product = after
            turn_search(turn, damp, image, residual, search)
        _apply(equations, common, x, image, work, blocks, other)
        residual[:] = right - image
        fine = dots(residual, residual, residual)[0] <= 4.0 * allowed
        if fine.all() or stop[0]:
            break
    return x.reshape(-1)[:size].reshape(shape), fine


@njit(cache=True, nogil=True)
def _apply(equations, common, vector, out, work, blocks, other):  # type: ignore[no-untyped-def]
    v = vector.reshape(-1)[: work.size].reshape(work.shape)
    image = out.reshape(-1)[: work.size].reshape(work.shape)
    to_and_fro(equations, common, v, work, blocks, other, image)


@njit(cache=True, nogil=True, error_model="numpy")
def _ratio(above, below, fine):  # type: ignore[no-untyped-def]
    """Return quotients; 0 where there is none, and where nothing is to be done any more."""
    out = above / below
    for q in range(out.size):
        if fine[q] or not np.isfinite(out[q]):
            out[q] = 0.0
    return out
