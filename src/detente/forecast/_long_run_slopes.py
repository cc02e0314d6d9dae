"""How what hangs on the long run moves with the rates of a chain.

With P what the chain settles to from each state and D = sum over time of what it is still away from
that, the long run v = e P from a start e moves with the generator Q by dv = v dQ D + e D dQ P
(Meyer 1975; Schweitzer 1968): a rate from s to t has the slope

    v(s) (x(t) - x(s))  +  y(s) (g(t) - g(s)),      g = P b,  x = D b,  y = e D,

where b is the slope by the shares. Only states that are left for good need y, which there is the
expected time in each. Cost: a linear system a recurrent class, three more where states are left for
good; see `detente.forecast._reach` for how they are solved.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, diags_array

from detente.conflict import Conflict
from detente.forecast._linear import solve_forward
from detente.forecast._long_run import LongRun
from detente.forecast._reach import ERROR, Open, solve
from detente.values import Floats, Ints


def long_run_slopes(
    settled: LongRun, generator: csr_array, start: Floats, by_share: Floats
) -> Floats:
    """Return slopes by the rates of a chain of what hangs on its long run.

    Parameters
    ----------
    settled : LongRun
        From the start.
    generator : scipy.sparse.csr_array
        Over the feasible states.
    start, by_share : ndarray, (feasible states,)
        Where the chain starts; and the slope by the long-run share of each state.

    Returns
    -------
    ndarray, (entries of ``generator``,)
        By the rate of each, which leaves less for staying; zero on the diagonal.

    Examples
    --------
    One state is left at the rate 2 and come back to at the rate 1: its share is a third, and falls
    by a ninth for each unit of the first.

    >>> from detente import Conflict
    >>> conflict = Conflict.build({"us": {"offer": ["none", "some"]}}, {"us": [0.0, 1.0]})
    >>> settled = conflict.equilibrium().long_run(start=0)
    >>> rates = csr_array([[-2.0, 2.0], [1.0, -1.0]])
    >>> from dataclasses import replace
    >>> one = replace(settled.classes[0], shares=np.array([1.0, 2.0]) / 3.0)
    >>> settled = replace(settled, share=one.shares, classes=(one,))
    >>> long_run_slopes(settled, rates, np.ones(2) / 2, np.array([1.0, 0.0])).round(4).tolist()
    [0.0, -0.1111, 0.2222, 0.0]
    """
    rates = csr_array(generator.copy())
    rates.setdiag(0.0)
    states = rates.shape[0]
    place = _places(settled.conflict)
    x, g, y = np.zeros(states), np.zeros(states), np.zeros(states)
    passing = np.ones(states, dtype=bool)
    for one in settled.classes:
        inside = place[one.states]
        passing[inside] = False
        g[inside] = one.shares @ by_share[inside]
        if inside.size > 1:
            # Told apart from one state that is often visited; shares times x sum to zero.
            others = np.delete(inside, int(np.argmax(one.shares)))
            x[others] = _gather(rates, others, (by_share - g)[others])
            x[inside] -= one.shares @ x[inside]
    left = np.flatnonzero(passing)
    if left.size:
        g[left] = _gather(rates, left, (rates @ g)[left])
        x[left] = _gather(rates, left, (rates @ x + by_share - g)[left])
        y[left] = _spent(rates, left, start[left])
    row, column = np.repeat(np.arange(states), np.diff(generator.indptr)), generator.indices
    v = settled.share.reshape(-1)[settled.conflict.feasible.reshape(-1)]
    return np.asarray(v[row] * (x[column] - x[row]) + y[row] * (g[column] - g[row]))


def _places(conflict: Conflict) -> Ints:
    """Return where each state stands among the feasible ones."""
    return np.asarray(np.cumsum(conflict.feasible.reshape(-1)) - 1)


def _open(rates: csr_array, states: Ints) -> Open:
    outside = np.ones(rates.shape[0])
    outside[states] = 0.0
    rows = csr_array(rates[states])
    out = np.asarray(rows @ outside)
    return Open(states, csr_array(rows[:, states]), out, out)


def _gather(rates: csr_array, states: Ints, yearly: Floats) -> Floats:
    """Return what is gathered until some states are left, from each of them."""
    found, _ = solve(_open(rates, states), yearly[:, None])
    return np.asarray(found[:, 0])


def _spent(rates: csr_array, states: Ints, start: Floats) -> Floats:
    """Return the expected time in each of some states until they are left."""
    rest = _open(rates, states)
    leave = rest.out + rest.jumps.sum(axis=1)
    visits, _ = solve_forward(csr_array(diags_array(1.0 / leave) @ rest.jumps), start, ERROR)
    return np.asarray(visits / leave)
