"""How answers without an end move with the rates of a chain: expected times, and the long run.

With y(s) the years expected in s, a change of the rate from s to s' moves an answer by y(s) times
what the step is worth (as in `detente.forecast._answer_slopes`):

- *time*: the years that a step puts the event off; and, as only paths that reach it count, the
  probability that it adds, in the years still to come and against the mean;
- *long run*: within a set of states that is never left, its shares are the years, and a step is
  worth what comes in before both ends have passed at one state, above the mean (the bias; Puterman
  1994, *Markov Decision Processes*, 8.2); before it is reached, the step is worth the means.

Cost: a few linear systems over the states of the chain a question.
"""

from __future__ import annotations

import numpy as np

from detente.errors import AnalysisError
from detente.expression import Formula
from detente.forecast._chain import Chain
from detente.forecast._flow import expected_years
from detente.forecast._long_run import classes, stationary, within
from detente.forecast._question import truth
from detente.forecast._reach import open_states, solve, sort_out, time_until
from detente.values import Bools, Floats, Ints


def pulled(chain: Chain, years: Floats, worth: Floats) -> Floats:
    """Return the slope by the rate of each change: years where it starts times what it adds."""
    step = chain.step
    source = np.repeat(np.arange(years.size), np.diff(step.indptr))
    moved = years[source] * (worth[step.indices] - worth[source])
    return np.asarray(np.where(step.data > 0.0, moved, 0.0))


def time_slopes(chain: Chain, event: Formula, start: Floats) -> tuple[float, Floats]:
    """Return the expected years to an event, over the paths that reach it, and slopes by rates."""
    there = truth(chain, event)
    reached, error, time, _ = time_until(chain, there)
    ever = float(start @ reached)
    if ever <= float(start @ error):
        raise AnalysisError(f"{event.text!r} never holds from this start")
    never, _ = sort_out(chain, np.ones(there.size, dtype=bool), there)
    years = expected_years(chain, ~never & ~there, start)
    later = expected_years(chain, ~never & ~there, years)
    mean = float(start @ time) / ever
    slopes = pulled(chain, years, time - mean * reached) + pulled(chain, later, reached)
    return mean, slopes / ever


def long_run_slopes(chain: Chain, numbers: Floats, start: Floats) -> tuple[float, Floats, Floats]:
    """Return a long-run mean, and how it moves with the rates of a chain and with the numbers.

    Parameters
    ----------
    chain : Chain
    numbers : ndarray, (states,)
        What is averaged.
    start : ndarray, (states,)
        Probabilities.

    Returns
    -------
    mean : float
    by_rate : ndarray, (entries of ``chain.step``,)
    by_number : ndarray, (states,)
        The long-run shares.

    Examples
    --------
    One state is left at the rate 2 and come back to at the rate 1: its share is a third, and falls
    by a ninth for each unit of the first.

    >>> from scipy.sparse import csr_array
    >>> from detente import Conflict
    >>> from detente.forecast._chain import uniformized
    >>> conflict = Conflict.build({"us": {"offer": ["none", "some"]}}, {"us": [0.0, 1.0]})
    >>> chain = uniformized(conflict, csr_array([[-2.0, 2.0], [1.0, -1.0]]), np.arange(2))
    >>> mean, by_rate, _ = long_run_slopes(chain, np.array([1.0, 0.0]), np.ones(2) / 2)
    >>> round(mean, 4), by_rate.round(4).tolist()
    (0.3333, [-0.1111, 0.2222, 0.0])
    """
    size = start.size
    share, worth, mean = np.zeros(size), np.zeros(size), np.zeros(size)
    passing = np.ones(size, dtype=bool)
    members, odds, _ = classes(chain, start)
    for inside, probability in zip(members, odds, strict=True):
        shares, _ = stationary(within(chain, inside))
        share[inside], passing[inside] = probability * shares, False
        mean[inside] = shares @ numbers[inside]
        worth[inside] = _bias(chain, inside[np.argmax(shares)], inside, numbers, mean[inside[0]])
    slopes = pulled(chain, share, worth)
    if start[passing].any():
        least = mean[~passing].min()
        rest = open_states(chain, passing, ~passing)
        into = chain.step[rest.states] @ np.where(passing, 0.0, mean - least) * chain.rate
        mean[rest.states] = least + solve(rest, into[:, None])[0][:, 0]
        slopes += pulled(chain, expected_years(chain, passing, start), mean)
    return float(share @ numbers), slopes, share


def _bias(chain: Chain, base: int, inside: Ints, numbers: Floats, mean: float) -> Floats:
    """Return what comes in from each state until ``base`` is reached, above the mean."""
    others: Bools = np.zeros(numbers.size, dtype=bool)
    others[inside] = True
    others[base] = False
    found = np.zeros(numbers.size)
    if others.any():
        least = numbers[others].min()
        columns = np.stack([numbers[others] - least, np.ones(int(others.sum()))], axis=1)
        gathered, _ = solve(open_states(chain, others, ~others), columns, worst=np.inf)
        found[others] = gathered[:, 0] - (mean - least) * gathered[:, 1]
    return np.asarray(found[inside])
