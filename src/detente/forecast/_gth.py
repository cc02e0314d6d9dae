"""State elimination without subtraction: small chains solved to rounding, whatever their rates.

States are taken out one at a time; the jumps through the one that goes are shared out among those
that stay, in proportion to its rates. Only positive numbers are added, multiplied and divided, so
every entry keeps its relative accuracy even where rates differ by many orders of magnitude
(Grassmann, Taksar & Heyman 1985; O'Cinneide 1993). Cost: O(states^3), dense.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.engine import poll, stop_flag
from detente.values import Floats

LARGEST = 400
"""States up to which elimination is the first choice."""
LAST_RESORT = 3000
"""States up to which it is affordable where nothing else will do."""
SLACK = 1e-15
"""Relative error allowed for each state of an elimination."""


def gather(rates: Floats, exits: Floats, columns: Floats) -> Floats:
    """Return what a chain is expected to gather from each state until it leaves.

    Parameters
    ----------
    rates : ndarray, (states, states)
        Of jumps between states; the diagonal does not count.
    exits : ndarray, (states,)
        Rates of leaving for good; from every state there must be a way out.
    columns : ndarray, (states, quantities)
        Gathered a year in each state. A column of rates into a set outside gives the probability
        of leaving for that set; a column of ones the expected time until leaving.

    Examples
    --------
    A rare way out, at 1e-18 a year, and one still rarer:

    >>> rates = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> exits, to_first = np.array([3e-18, 1e-18]), np.array([[3e-18], [0.0]])
    >>> gather(rates, exits, to_first).round(12).ravel().tolist()
    [0.75, 0.75]
    """
    out = np.array(columns, dtype=np.float64)
    _gather(np.array(rates, dtype=np.float64), np.array(exits, dtype=np.float64), out, stop_flag())
    poll()
    return out


def stationary(rates: Floats) -> Floats:
    """Return the long-run shares of the states of an irreducible chain.

    Parameters
    ----------
    rates : ndarray, (states, states)
        Of jumps between states; the diagonal does not count.

    Examples
    --------
    >>> stationary(np.array([[0.0, 1e-14], [3e-14, 0.0]])).round(12).tolist()
    [0.75, 0.25]
    """
    out = np.empty(rates.shape[0])
    _stationary(np.array(rates, dtype=np.float64), out, stop_flag())
    poll()
    return out


@njit(cache=True, nogil=True)
def _gather(rates, exits, out, stop):  # type: ignore[no-untyped-def]
    states, quantities = out.shape
    leave = np.empty(states)
    for gone in range(states - 1, -1, -1):
        if stop[0]:
            return
        leave[gone] = exits[gone]
        for s in range(gone):
            leave[gone] += rates[gone, s]
        for s in range(gone):
            if rates[s, gone] > 0.0:
                through = rates[s, gone] / leave[gone]
                exits[s] += through * exits[gone]
                for to in range(gone):
                    rates[s, to] += through * rates[gone, to]
                for q in range(quantities):
                    out[s, q] += through * out[gone, q]
    for back in range(states):
        for q in range(quantities):
            total = out[back, q]
            for s in range(back):
                total += rates[back, s] * out[s, q]
            out[back, q] = total / leave[back]


@njit(cache=True, nogil=True)
def _stationary(rates, out, stop):  # type: ignore[no-untyped-def]
    states = out.size
    for gone in range(states - 1, 0, -1):
        if stop[0]:
            return
        leave = 0.0
        for s in range(gone):
            leave += rates[gone, s]
        for s in range(gone):
            if rates[s, gone] > 0.0:
                rates[s, gone] /= leave
                through = rates[s, gone]
                for to in range(gone):
                    rates[s, to] += through * rates[gone, to]
    out[0] = 1.0
    for back in range(1, states):
        out[back] = 0.0
        for s in range(back):
            out[back] += out[s] * rates[s, back]
    out /= out.sum()
