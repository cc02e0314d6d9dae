"""What a chain does in the end: the chance of an event without a time limit, and when it comes.

States that cannot reach the event, and states that cannot miss it, are found from the graph alone
(as for Markov chains in Baier & Katoen 2008, chapter 10). The others are a linear system of the
embedded jump chain: eliminated without subtraction where they are few, which keeps the relative
accuracy of the rarest jump, iterated with a bound on the error where they are many.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detente.errors import AnalysisError
from detente.forecast import _gth as gth
from detente.forecast import _linear as linear
from detente.forecast._chain import Chain
from detente.values import Bools, Floats

ERROR = 1e-11
"""Wanted of a question without an end."""
WORST = 1e-4
"""Error beyond which an answer is none."""


class Open(NamedTuple):
    """States of a chain whose end is open: they may still reach the event, or miss it.

    ``jumps`` are the rates among them (no diagonal), ``out`` their rates of leaving, ``into`` those
    of leaving for the event.
    """

    states: NDArray[np.intp]
    jumps: csr_array
    out: Floats
    into: Floats


def eventually(
    chain: Chain, left: Bools, right: Bools, error: float = ERROR
) -> tuple[Floats, Floats]:
    """Return the probability of ``left U right`` without an end, for each start, and its error."""
    values, errors = right.astype(np.float64), np.zeros(right.size)
    never, surely = sort_out(chain, left, right)
    values[surely] = 1.0
    rest = open_states(chain, ~never & ~surely, surely)
    if rest.states.size:
        found, wrong = solve(rest, rest.into[:, None], error)
        values[rest.states] = np.clip(found[:, 0], 0.0, 1.0)
        errors[rest.states] = wrong[:, 0]
    return values, errors


def time_until(chain: Chain, right: Bools) -> tuple[Floats, Floats, Floats, Floats]:
    """Return for each start the probability of ever reaching an event, and the expected time.

    Returns
    -------
    probability, probability_error : ndarray, (states,)
    time, time_error : ndarray, (states,)
        In years, counted as zero where the event is never reached: divide by the probability for
        the mean over the paths that reach it.
    """
    everywhere = np.ones(right.size, dtype=bool)
    reached, error = eventually(chain, everywhere, right)
    never, _ = sort_out(chain, everywhere, right)
    rest = open_states(chain, ~never & ~right, right)
    time, late = np.zeros(right.size), np.zeros(right.size)
    if rest.states.size:
        found, bound = solve(rest, reached[rest.states][:, None], worst=np.inf)
        time[rest.states] = found[:, 0]
        wrong = error[rest.states]
        extra = float(wrong.max(initial=0.0))
        if extra > 0.0:
            whole, _ = solve(rest, np.ones((rest.states.size, 1)), worst=np.inf)
            bound = bound + extra * whole
        late[rest.states] = bound[:, 0]
    return reached, error, time, late


def solve(
    rest: Open, columns: Floats, error: float = ERROR, worst: float = WORST
) -> tuple[Floats, Floats]:
    """Return what is gathered at yearly rates until leaving, and bounds on its error."""
    size = rest.states.size
    if size > gth.LARGEST:
        leave = rest.out + rest.jumps.sum(axis=1)
        share = rest.jumps.data / np.repeat(leave, np.diff(rest.jumps.indptr))
        embedded = csr_array((share, rest.jumps.indices, rest.jumps.indptr), shape=(size, size))
        found, bound = linear.solve(embedded, columns / leave[:, None], error)
        scale = np.maximum(1.0, np.abs(found).max(axis=0))
        if (bound <= 1e3 * error * scale).all():
            return found, bound
        if size > gth.LAST_RESORT:
            if np.isfinite(bound).all() and (bound <= worst * scale).all():
                return found, bound
            raise AnalysisError(
                f"a question without an end over {size:,} open states depends on events too rare "
                "to be distinguished from never; give it an end, such as F[0, 50]"
            )
    found = gth.gather(rest.jumps.toarray(), rest.out, columns)
    if not np.isfinite(found).all():
        raise AnalysisError(
            "a question without an end depends on rates too small to be distinguished from zero; "
            "give it an end, such as F[0, 50]"
        )
    return found, gth.SLACK * (size + 10) * np.abs(found)


def sort_out(chain: Chain, left: Bools, right: Bools) -> tuple[Bools, Bools]:
    """Return where ``left U right`` has probability zero, and where it has probability one."""
    arrays = chain.step.indptr, chain.step.indices, chain.step.data
    walk = left & ~right
    can = right.copy()
    spread_back(*arrays, walk, can)
    miss = ~can
    spread_back(*arrays, walk, miss)
    return ~can, ~miss


def open_states(chain: Chain, inside: Bools, event: Bools) -> Open:
    """Return some states of a chain with the rates at which they are left, for an event or not."""
    states = np.flatnonzero(inside)
    arrays = chain.step.indptr, chain.step.indices, chain.step.data
    place = np.cumsum(inside) - 1
    begin = np.zeros(states.size + 1, dtype=chain.step.indptr.dtype)
    out, into = np.zeros(states.size), np.zeros(states.size)
    count_inside(*arrays, chain.rate, states, inside, event, begin, out, into)
    column = np.empty(begin[-1], dtype=chain.step.indices.dtype)
    rate = np.empty(begin[-1])
    copy_inside(*arrays, chain.rate, states, inside, place, begin, column, rate)
    jumps = csr_array((rate, column, begin), shape=(states.size, states.size))
    return Open(states, jumps, out, into)


@njit(cache=True, nogil=True)
def count_inside(  # type: ignore[no-untyped-def]
    start, column, factor, rate, states, inside, event, begin, out, into
):
    """Fill where the rows of the jumps inside begin, and the rates of leaving."""
    for k in range(states.size):
        begin[k + 1] = begin[k]
        for e in range(start[states[k]], start[states[k] + 1]):
            there = column[e]
            if inside[there]:
                begin[k + 1] += there != states[k]
            else:
                out[k] += rate * factor[e]
                if event[there]:
                    into[k] += rate * factor[e]


@njit(cache=True, nogil=True)
def copy_inside(  # type: ignore[no-untyped-def]
    start, column, factor, rate, states, inside, place, begin, out_column, out_rate
):
    """Copy the jumps inside, without those from a state to itself."""
    for k in range(states.size):
        to = begin[k]
        for e in range(start[states[k]], start[states[k] + 1]):
            there = column[e]
            if inside[there] and there != states[k]:
                out_column[to], out_rate[to] = place[there], rate * factor[e]
                to += 1


@njit(cache=True, nogil=True)
def spread_back(start, column, factor, walk, found):  # type: ignore[no-untyped-def]
    """Add to ``found`` the states that walk into it, sweeping to and fro until nothing is new."""
    states = walk.size
    grew, forward = True, False
    while grew:
        grew = False
        for k in range(states):
            s = k if forward else states - 1 - k
            if walk[s] and not found[s]:
                for e in range(start[s], start[s + 1]):
                    if factor[e] > 0.0 and found[column[e]]:
                        found[s] = True
                        grew = True
                        break
        forward = not forward
