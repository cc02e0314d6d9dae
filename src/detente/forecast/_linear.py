"""Sparse systems of chains that leave for good, solved by iteration with a bound on the error.

``(I - A) x = b`` with A the jump probabilities among states from which there is a way out, solved
by BiCGSTAB (van der Vorst 1992), started again from where it stands. The inverse of I - A has no
negative entry, so for any y >= 0 with (I - A) y = z > 0 a residual r means an error of at most
max(|r| / z) times y: a rough y, about the expected number of jumps until leaving, bounds the error
of every state. Along the rows, ``x (I - A) = b``, a bound is even simpler: what the residual still
adds to the mass that leaves is at most the sum of its sizes. Cost: O(iterations x jumps).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from detente.forecast._march import multiplier
from detente.values import Floats

_ROUNDS = 12
_ITERATIONS = 250
_ROUNDING = 4e-16


def solve(jumps: csr_array, sides: Floats, error: float) -> tuple[Floats, Floats]:
    """Solve ``(I - A) x = b`` for several right sides.

    Parameters
    ----------
    jumps : scipy.sparse.csr_array
        A, square, no negative entry; rows sum to at most one and each leads to a row that sums to
        less.
    sides : ndarray, (states, systems)
    error : float
        Wanted; what was reached is returned.

    Returns
    -------
    solution, bound : ndarray, (states, systems)

    Examples
    --------
    >>> jumps = csr_array([[0.0, 0.5], [0.5, 0.0]])
    >>> solution, bound = solve(jumps, np.array([[0.5], [0.0]]), 1e-12)
    >>> solution.round(9).ravel().tolist(), bool((bound < 1e-12).all())
    ([0.666666667, 0.333333333], True)
    """
    times = multiplier(jumps)
    rough, ground = longest(jumps)
    solution, bound = np.zeros_like(sides), np.full_like(sides, np.inf)
    if not np.isfinite(rough).all():
        return solution, bound
    for k in range(sides.shape[1]):
        side = np.ascontiguousarray(sides[:, k])

        def left_out(residual: Floats, x: Floats, side: Floats = side) -> float:
            noise = _ROUNDING * (np.abs(x) + np.abs(side))
            return float(np.max((np.abs(residual) + noise) / ground))

        wanted = error / max(float(rough.max(initial=0.0)), 1e-300)
        x, reached = iterate(lambda v: v - times(v), side, left_out, wanted)
        solution[:, k], bound[:, k] = x, reached * rough
    return solution, bound


def solve_forward(jumps: csr_array, start: Floats, error: float) -> tuple[Floats, float]:
    """Solve ``x (I - A) = b``: the expected visits to every state, started from b.

    Returns
    -------
    visits : ndarray, (states,)
    bound : float
        On the sum of the errors of the probabilities of where the chain leaves to.
    """
    times = multiplier(csr_array(jumps.T))

    def left_out(residual: Floats, x: Floats) -> float:
        return float(np.abs(residual).sum() + _ROUNDING * np.abs(x).sum())

    return iterate(lambda v: v - times(v), start, left_out, error)


def longest(jumps: csr_array) -> tuple[Floats, Floats]:
    """Return y >= 0 and (I - A) y > 0, about one everywhere; y is infinite where none is found.

    For any b > 0 the solution of ``(I - A) x = b`` is at most max(b / ((I - A) y)) times y.
    """
    times = multiplier(jumps)
    ones = np.ones(jumps.shape[0])

    def left_out(residual: Floats, _: Floats) -> float:
        return float(np.abs(residual).max())

    rough, reached = iterate(lambda v: v - times(v), ones, left_out, 0.5)
    if reached > 0.9 or rough.min() < 0.0:
        return np.full_like(ones, np.inf), ones
    return rough, rough - times(rough)


def iterate(
    apply: Callable[[Floats], Floats],
    side: Floats,
    measure: Callable[[Floats, Floats], float],
    wanted: float,
) -> tuple[Floats, float]:
    """Return the best solution of a linear system that BiCGSTAB comes to, and its measure."""
    best, residual = np.zeros_like(side), side
    reached = measure(residual, best)
    for _ in range(_ROUNDS):
        if reached <= wanted:
            break
        x = best + _correct(apply, residual, best, measure, wanted)
        left = side - apply(x)
        now = measure(left, x)
        if not now < reached:
            break
        slow = now > 0.5 * reached
        best, reached, residual = x, now, left
        if slow:
            break
    return best, reached


def _correct(
    apply: Callable[[Floats], Floats],
    side: Floats,
    base: Floats,
    measure: Callable[[Floats, Floats], float],
    wanted: float,
) -> Floats:
    """Return what to add to the base, as far as one round of BiCGSTAB comes."""
    x = np.zeros_like(side)
    residual, shadow, search = side.copy(), side.copy(), side.copy()
    product = _dot(shadow, residual)
    for _ in range(_ITERATIONS):
        image = apply(search)
        along = _dot(shadow, image)
        if along == 0.0 or product == 0.0:
            break
        step = product / along
        half = residual - step * image
        turned = apply(half)
        size = _dot(turned, turned)
        damp = _dot(turned, half) / size if size > 0.0 else 0.0
        x += step * search + damp * half
        residual = half - damp * turned
        if not np.isfinite(x).all():
            return np.zeros_like(side)
        if damp == 0.0 or measure(residual, base + x) <= 0.5 * wanted:
            break
        product, before = _dot(shadow, residual), product
        search = residual + product / before * step / damp * (search - damp * image)
    return x


def _dot(one: Floats, other: Floats) -> float:
    """Return the inner product without BLAS, whose own threads wait for busy cores."""
    return float(np.einsum("s,s->", one, other))
