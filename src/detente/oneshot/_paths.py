"""Equilibria at the ends of paths, for games with too many corners to search.

Two corners that have all labels between them are an equilibrium; dropping one label leaves a path
of pivots, and its other end is an equilibrium again (Lemke & Howson 1964). Paths start where nobody
chooses anything, then at each equilibrium found, with each label dropped in turn. So one at least
is found, unless time runs out; that there is no other is not said. Pivots are in floating point
with ties broken lexicographically, and no path is longer than `_MOST_PIVOTS`, so that each ends.
What it ends at is solved for anew in whole numbers.

Cost: O(rows x columns) a pivot; paths in games as they come are about as long as a side, at the
worst exponential; whole numbers take O(k^3) operations for k choices in use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.values import Floats, Ints

_MOST_PIVOTS = 100_000
_TIE = 1e-10

Ray = tuple[int, ...]


def path_ends(
    first: NDArray[Any], second: NDArray[Any], overdue: Callable[[], bool]
) -> Iterator[tuple[Ray, Ray]]:
    """Yield the mixes that paths end at, in proportion: equilibria, but for rounding on the way.

    Parameters
    ----------
    first, second : ndarray of int
        What rows and what columns get, exactly.
    overdue : callable
        Whether to leave off.

    Examples
    --------
    Matching pennies:

    >>> one = np.array([[1, 0], [0, 1]], dtype=object)
    >>> list(path_ends(one, 1 - one, lambda: False))
    [((1, 1), (1, 1))]
    """
    rows, columns = first.shape
    labels = np.arange(rows + columns)
    limits = _positive(second.T), _positive(first)
    ends: list[tuple[NDArray[Any], ...]] = [
        (_table(limits[0], 0, rows), labels[rows:].copy(),
         _table(limits[1], rows, 0), labels[:rows].copy())
    ]  # fmt: skip
    seen = {_key(labels[rows:], labels[:rows])}
    for end in ends:
        for label in labels.tolist():
            if overdue():
                return
            one, own, other, theirs = (part.copy() for part in end)
            if not follow(one, own, other, theirs, label, _MOST_PIVOTS):
                continue
            key = _key(own, theirs)
            if key not in seen:
                seen.add(key)
                row = _mix(limits[0], own, 0, rows, overdue)
                column = _mix(limits[1], theirs, rows, 0, overdue)
                if row and column:
                    ends.append((one, own, other, theirs))
                    yield row, column


def _key(own: Ints, theirs: Ints) -> bytes:
    return np.concatenate([np.sort(own), np.sort(theirs)]).tobytes()


def _positive(payoff: NDArray[Any]) -> NDArray[Any]:
    """Return payoffs moved up until all are positive, which changes no equilibrium."""
    least, most = payoff.min(), payoff.max()
    return np.asarray(payoff - least + max(most - least, 1))


def _table(limits: NDArray[Any], choices: int, slacks: int) -> Floats:
    """Return ``limits . mix + slack = 1`` with a column for each label, then the right side."""
    count, own = limits.shape
    table = np.zeros((count, count + own + 1))
    table[:, choices : choices + own] = (limits / limits.max()).astype(np.float64)
    table[:, slacks : slacks + count] = np.eye(count)
    table[:, -1] = 1.0
    return table


def _mix(
    limits: NDArray[Any], basis: Ints, choices: int, slacks: int, overdue: Callable[[], bool]
) -> Ray | None:
    """Return the mix of a basis in whole numbers; None where it is none, or time is over."""
    count, own = limits.shape
    used = np.flatnonzero(np.isin(np.arange(own) + choices, basis))
    tight = np.flatnonzero(~np.isin(np.arange(count) + slacks, basis))
    solved = _solve(limits[np.ix_(tight, used)], overdue) if used.size == tight.size else None
    if solved is None or min(solved) < 0:
        return None
    mix = [0] * own
    for k, x in zip(used.tolist(), solved, strict=True):
        mix[k] = x
    return tuple(mix)


def _solve(matrix: NDArray[Any], overdue: Callable[[], bool]) -> list[int] | None:
    """Return x, up to a positive factor, with the same product for every row, without a fraction.

    Examples
    --------
    >>> _solve(np.array([[2, 1], [1, 3]], dtype=object), lambda: False)
    [2, 1]
    """
    size = len(matrix)
    rows = np.hstack([matrix, np.ones((size, 1), dtype=object)]).astype(object)
    last = 1
    for k in range(size):
        pivot = next((r for r in range(k, size) if rows[r, k]), None)
        if pivot is None or overdue():
            return None
        rows[[k, pivot]] = rows[[pivot, k]]
        below = rows[k + 1 :, k : k + 1]
        rows[k + 1 :, k + 1 :] = (
            rows[k + 1 :, k + 1 :] * rows[k, k] - below * rows[k, k + 1 :]
        ) // last
        last = rows[k, k]
    solved = [0] * size
    for k in range(size - 1, -1, -1):
        rest = sum(rows[k, j] * solved[j] for j in range(k + 1, size))
        solved[k] = (rows[k, size] * last - rest) // rows[k, k]
    return [-x for x in solved] if last < 0 else solved


@njit(cache=True, nogil=True)
def follow(  # type: ignore[no-untyped-def]
    one, own, other, theirs, label, most
):  # pragma: no cover
    """Go along the path that dropping a label opens; say whether it ended.

    The tables and bases are changed to those of its other end.
    """
    entering, here = label, True
    for row in range(own.size):
        if own[row] == label:
            here = False
    for _ in range(most):
        table, basis = (one, own) if here else (other, theirs)
        row = leaving_row(table, basis, entering)
        if row < 0:
            return False
        leaving = basis[row]
        basis[row] = entering
        pivot = table[row, entering]
        for k in range(table.shape[1]):
            table[row, k] /= pivot
        for r in range(table.shape[0]):
            factor = table[r, entering]
            if r != row and factor != 0.0:
                for k in range(table.shape[1]):
                    table[r, k] -= factor * table[row, k]
                table[r, entering] = 0.0
        if leaving == label:
            return True
        entering, here = leaving, not here
    return False


@njit(cache=True, nogil=True)
def leaving_row(table, basis, entering):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return the row of least ratio, ties broken by the columns in turn; -1 where there is none."""
    best = -1
    last = table.shape[1] - 1
    for row in range(table.shape[0]):
        if table[row, entering] <= _TIE:
            continue
        if best < 0:
            best = row
            continue
        for column in range(-1, last):
            # The right side first, then each column: the order of the perturbation.
            k = last if column < 0 else column
            gap = table[row, k] / table[row, entering] - table[best, k] / table[best, entering]
            if abs(gap) > _TIE:
                if gap < 0.0:
                    best = row
                break
    return best
