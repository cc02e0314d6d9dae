"""The uniformized chain: one sparse step matrix and a Poisson clock.

A continuous-time chain with generator Q looks, at the ticks of a Poisson clock of rate Lambda (the
largest exit rate), like a discrete chain with step matrix P = I + Q / Lambda (Jensen 1953). Every
answer about time t is a Poisson mixture of answers about n steps, cut where the Poisson tails hold
less than a stated mass: that mass is the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detente.conflict import Conflict, reachable_box
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.values import Floats

TAIL = 1e-12
"""Poisson mass that is cut off, the bound on the error of a probability."""
MOST_TICKS = 1e7
"""Steps of a chain that are walked at most."""


@dataclass(frozen=True, eq=False)
class Chain:
    """A Markov chain, ready for questions.

    Attributes
    ----------
    conflict : Conflict
    live : ndarray of int
        Flat indices of the states it runs over: feasible, and within reach of the start.
    rate : float
        Ticks a year.
    step : scipy.sparse.csr_array
        The step matrix, rows sum to one.
    """

    conflict: Conflict
    live: NDArray[np.intp]
    rate: float
    step: csr_array

    @cached_property
    def back(self) -> csr_array:
        """The transposed step matrix: it moves distributions forward."""
        return csr_array(self.step.T)

    def over_live(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return an array over the tensor, or less wide, as a vector over the chain's states."""
        if array.shape == self.conflict.shape and array.flags.c_contiguous:
            return array.reshape(-1)[self.live]
        first = len(self.conflict.shape) - array.ndim
        at = tuple(
            self._levels[first + k] if length > 1 and stride else 0
            for k, (length, stride) in enumerate(zip(array.shape, array.strides, strict=True))
        )
        return np.broadcast_to(array[at], self.live.shape).copy()

    @cached_property
    def _levels(self) -> tuple[NDArray[np.intp], ...]:
        return np.unravel_index(self.live, self.conflict.shape)


def chain_of(equilibrium: Equilibrium, start: Floats | None = None) -> Chain:
    """Return the uniformized chain of an equilibrium.

    Parameters
    ----------
    equilibrium : Equilibrium
    start : ndarray of the conflict's shape, optional
        Only what can be reached from where this is positive matters, the rest is left out; without
        it the chain runs over all feasible states.
    """
    conflict = equilibrium.conflict
    if start is None:
        return uniformized(conflict, equilibrium.generator(), np.flatnonzero(conflict.feasible))
    begun = np.nonzero(start.reshape(conflict.shape))
    axes = conflict.space.axes
    levels = {axis.name: set(begun[k].tolist()) for k, axis in enumerate(axes)}
    box = reachable_box(conflict, levels)
    generator, live = equilibrium.generator(box), np.flatnonzero(conflict.feasible & box)
    reached = reachable(generator, np.flatnonzero(start.reshape(-1)[live]))
    if reached.size < live.size:
        generator, live = csr_array(generator[reached][:, reached]), live[reached]
    return uniformized(conflict, generator, live)


def uniformized(conflict: Conflict, generator: csr_array, live: NDArray[np.intp]) -> Chain:
    """Return the uniformized chain of a generator over some states, by their flat indices."""
    exits = -generator.diagonal()
    rate = float(exits.max(initial=0.0)) or 1.0
    generator.sort_indices()
    start, column, share = _steps(generator.indptr, generator.indices, generator.data, rate)
    step = csr_array((share, column, start), shape=generator.shape)
    return Chain(conflict, live, rate, step)


@njit(cache=True, nogil=True)
def _steps(start, column, rates, clock):  # type: ignore[no-untyped-def]
    """Return the rows of the step matrix, from those of a generator that are sorted by column."""
    states = start.size - 1
    begin = np.zeros_like(start)
    to, share = np.empty(column.size + states, dtype=column.dtype), np.empty(column.size + states)
    size = 0
    for s in range(states):
        low, high, stay = start[s], start[s + 1], 1.0
        middle = low + np.searchsorted(column[low:high], s)
        for k in range(low, middle):
            to[size], share[size], size = column[k], rates[k] / clock, size + 1
        if middle < high and column[middle] == s:
            stay += rates[middle] / clock
            middle += 1
        if stay != 0.0:
            to[size], share[size], size = s, stay, size + 1
        for k in range(middle, high):
            to[size], share[size], size = column[k], rates[k] / clock, size + 1
        begin[s + 1] = size
    return begin, to[:size].copy(), share[:size].copy()


def reachable(matrix: csr_array, start: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the states, in order, that steps of a sparse matrix lead to from some states."""
    return np.flatnonzero(_reached(matrix.indptr, matrix.indices, start))


@njit(cache=True, nogil=True)
def _reached(begin, column, start):  # type: ignore[no-untyped-def]
    found = np.zeros(begin.size - 1, dtype=np.bool_)
    line, last = np.empty(found.size, dtype=np.int64), 0
    for s in start:
        if not found[s]:
            found[s], line[last], last = True, s, last + 1
    first = 0
    while first < last:
        s, first = line[first], first + 1
        for k in range(begin[s], begin[s + 1]):
            if not found[column[k]]:
                found[column[k]], line[last], last = True, column[k], last + 1
    return found


def ticks(mean: float, tail: float = TAIL) -> tuple[int, Floats]:
    """Return the Poisson weights that matter: the first number of ticks and its weights on.

    Parameters
    ----------
    mean : float
        Expected number of ticks.
    tail : float
        Mass that may be cut off.

    Returns
    -------
    first : int
    weights : ndarray
        Sum to one within ``tail``; then scaled to sum to one.

    Raises
    ------
    InputError
        When there are more than can be walked.

    Examples
    --------
    >>> first, weights = ticks(2.0)
    >>> first, round(float(weights[2]), 6)
    (0, 0.270671)
    """
    if mean <= 0.0:
        return 0, np.ones(1)
    if not mean <= MOST_TICKS:
        raise InputError(
            f"that far ahead the chain takes {mean:.1g} steps, {MOST_TICKS:.0e} is the most; give "
            "fewer years, or ask for the long run"
        )
    first, weights = _weights(float(mean), float(tail))
    return int(first), weights


@njit(cache=True, nogil=True)
def _weights(mean, tail):  # type: ignore[no-untyped-def]
    reach = 8.0 * np.sqrt(mean) + 40.0
    low, middle = max(0, int(mean - reach)), int(mean)
    weights = np.ones(int(mean + reach) - low + 1)
    for n in range(middle + 1, low + weights.size):
        weights[n - low] = weights[n - low - 1] * (mean / n)
    for n in range(middle, low, -1):
        weights[n - low - 1] = weights[n - low] * (n / mean)
    weights /= weights.sum()
    first, last, cut = 0, weights.size, weights[0]
    while cut < tail / 2.0:
        first += 1
        cut += weights[first]
    cut = weights[last - 1]
    while cut < tail / 2.0:
        last -= 1
        cut += weights[last - 1]
    kept = weights[first:last]
    return low + first, kept / kept.sum()


def ticks_of_all(means: Sequence[float], tail: float = TAIL) -> tuple[int, Floats]:
    """Return the Poisson weights of several clocks side by side, from where the first begins.

    Returns
    -------
    first : int
    weights : ndarray, (ticks, means)

    Examples
    --------
    >>> first, weights = ticks_of_all([2.0, 0.0])
    >>> first, weights[:2].round(6).tolist()
    (0, [[0.135335, 1.0], [0.270671, 0.0]])
    """
    clocks = {mean: ticks(mean, tail) for mean in means}
    begin = min(first for first, _ in clocks.values())
    end = max(first + weights.size for first, weights in clocks.values())
    found = np.zeros((end - begin, len(means)))
    for k, mean in enumerate(means):
        first, weights = clocks[mean]
        found[first - begin : first - begin + weights.size, k] = weights
    return begin, found
