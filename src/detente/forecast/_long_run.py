"""Where things settle: the shares of time spent in each state in the long run.

From the start the chain ends up in one of its recurrent classes, the sets of states that it never
leaves and keeps coming back to. Within one, shares are the stationary distribution; between them
they are weighed by the probabilities of ending up there. Few states are eliminated without
subtraction, exact to rounding (`detente.forecast._gth`). Many are iterated, with a bound on the
error: with r the imbalance of the shares and h(s) the expected time from s to some state that is
often visited, the shares are off by at most 2 sum |r(s)| h(s) in total, because two starts differ
in their future visits by no more than the time until both have passed there. Cost: O(states^3)
for few, O(iterations x transitions) for many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from detente.forecast import _gth as gth
from detente.forecast import _linear as linear
from detente.forecast._chain import Chain, chain_of
from detente.forecast._quantity import Quantity, number_formula
from detente.forecast._start import Start, start_distribution
from detente.text import Result, show
from detente.values import Floats, plain

ERROR = 1e-11
"""Wanted."""
WORST = 1e-4
"""Error beyond which shares are not reported."""


@dataclass(frozen=True, eq=False)
class Settled:
    """A recurrent class: a set of states that is never left.

    Attributes
    ----------
    probability : float
        Of ending up in it.
    states : ndarray of int
        Flat indices.
    shares : ndarray
        Of time in each of them, once there; sum to one.
    """

    probability: float
    states: NDArray[np.intp]
    shares: Floats


@dataclass(frozen=True, eq=False)
class LongRun(Result):
    """Long-run shares of time.

    Attributes
    ----------
    conflict : Conflict
    share : ndarray
        Of time in each state, of the conflict's shape; sums to one.
    classes : tuple of Settled
        Where it can end, the likeliest first.
    error : float
        Bound on the sum of the errors of ``share``.
    """

    conflict: Conflict
    share: Floats
    classes: tuple[Settled, ...]
    error: float

    def of(self, formula: str) -> Quantity:
        """Return the long-run mean of an issue or formula, a truth being its share of time."""
        compiled = number_formula(self.conflict, formula)
        values = np.broadcast_to(compiled.evaluate(self.conflict.values), self.conflict.shape)
        visited = self.share > 0.0
        value = float(values[visited] @ self.share[visited])
        largest = float(np.abs(values[visited]).max())
        return Quantity(value, largest * self.error, f"{formula}, in the long run")

    @property
    def shares(self) -> Mapping[str, Floats]:
        """The share of time of each level, by option and condition."""
        return self.conflict.space.shares(self.share)

    def __str__(self) -> str:
        """Return one line per variable."""
        count = len(self.classes)
        odds = ", ".join(show(settled.probability, "fine") for settled in self.classes[:5])
        ends = f", in one of {count} sets of states with probability {odds}" if count > 1 else ""
        more = ", …" if count > 5 else ""
        lines = [f"in the long run{ends}{more} (error below {max(self.error, 1e-15):.0e})"]
        return "\n".join([*lines, *self.conflict.space.share_lines(self.shares)])

    def to_dict(self) -> dict[str, Any]:
        """Return the shares of levels and the classes' probabilities, ready for JSON."""
        classes = [
            {"probability": settled.probability, "states": int(settled.states.size)}
            for settled in self.classes
        ]
        return {"shares": plain(self.shares), "classes": classes, "error": self.error}


def long_run(equilibrium: Equilibrium, start: Start | None = None) -> LongRun:
    """Return the long-run shares of time.

    Parameters
    ----------
    equilibrium : Equilibrium
    start : state, str, ndarray or Filtered, optional
        The status quo by default. It only matters where there is more than one recurrent class.

    Raises
    ------
    InputError
        When the start is wrong.
    AnalysisError
        When the shares cannot be computed reliably.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}},
    ...     utility={"row": [0.0, 1.0]}, precision={"row": 1.0}, discount={"row": 1.0},
    ... )
    >>> print(conflict.equilibrium().long_run(start=0))
    in the long run (error below 1e-14)
      row.act: wait 38 %, go 62 %
    """
    conflict = equilibrium.conflict
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    members, odds, error = classes(chain, chain.over_live(weight).astype(np.float64))
    share = np.zeros(conflict.size)
    settled = []
    for inside, probability in zip(members, odds, strict=True):
        shares, wrong = stationary(within(chain, inside))
        error += probability * wrong
        states = chain.live[inside]
        share[states] = probability * shares
        settled.append(Settled(float(probability), states, shares))
    settled.sort(key=lambda one: -one.probability)
    if not error <= WORST:
        raise AnalysisError(
            f"the long-run shares are only known within {error:.1e}: some moves are too rare; "
            "ask for a distribution at a time instead"
        )
    return LongRun(conflict, share.reshape(conflict.shape), tuple(settled), float(error))


def classes(chain: Chain, start: Floats) -> tuple[list[NDArray[np.intp]], Floats, float]:
    """Return the recurrent classes, the probabilities of ending up in each, and their error."""
    count, label = connected_components(chain.step, directed=True, connection="strong")
    row = np.repeat(np.arange(label.size), np.diff(chain.step.indptr))
    leaves = (label[row] != label[chain.step.indices]) & (chain.step.data > 0.0)
    recurrent = np.ones(count, dtype=bool)
    recurrent[label[row[leaves]]] = False
    order = np.argsort(label, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1])
    members = [groups[k] for k in np.flatnonzero(recurrent)]
    if len(members) == 1:
        return members, np.ones(1), 0.0
    number = np.cumsum(recurrent) - 1
    final = np.where(recurrent[label], number[label], -1)
    odds: Floats = np.zeros(len(members))
    np.add.at(odds, final[final >= 0], start[final >= 0])
    passing = np.flatnonzero(final < 0)
    error = 0.0
    if passing.size and start[passing].any():
        rates = within(chain, passing)
        ends = csr_array(
            (np.ones(label.size - passing.size), (np.flatnonzero(final >= 0), final[final >= 0])),
            shape=(label.size, len(members)),
        )
        into = csr_array(chain.step[passing] @ ends) * chain.rate
        out = into.sum(axis=1)
        if passing.size <= gth.LARGEST:
            share = into.toarray()
            found = gth.gather(rates.toarray(), out, share)
            odds = odds + start[passing] @ found
            error = gth.SLACK * (passing.size + 10)
        else:
            leave = out + rates.sum(axis=1)
            visits, error = linear.solve_forward(_scaled(rates, leave), start[passing], ERROR)
            odds = odds + (visits / leave) @ into
    return members, odds / odds.sum(), 2.0 * error


def stationary(rates: csr_array) -> tuple[Floats, float]:
    """Return the stationary distribution of an irreducible chain, and a bound on its error.

    Parameters
    ----------
    rates : scipy.sparse.csr_array
        Without a diagonal.

    Returns
    -------
    shares : ndarray, (states,)
    error : float
        On the sum of their errors.
    """
    size = rates.shape[0]
    if size <= gth.LARGEST:
        return gth.stationary(rates.toarray()), gth.SLACK * (size + 10)
    leave = rates.sum(axis=1)
    embedded = _scaled(rates, leave)
    back = csr_array(embedded.T)
    visits = np.full(size, 1.0 / size)
    for _ in range(40):
        visits = 0.5 * (visits + back @ visits)
    base = int(np.argmax(visits))
    others = np.flatnonzero(np.arange(size) != base)
    inner = csr_array(embedded[others][:, others])
    source = embedded[[base]].toarray().reshape(-1)[others]
    times, _ = linear.solve_forward(inner, source, ERROR * 1e-3)
    visits = np.zeros(size)
    visits[base], visits[others] = 1.0, np.maximum(times, 0.0)
    shares = visits / leave
    shares /= shares.sum()
    imbalance = np.abs(shares @ rates - shares * leave) + 4e-16 * shares * leave
    away, ground = linear.longest(inner)
    error = 2.0 * float(imbalance[others] @ away) / float((ground * leave[others]).min())
    if not error <= WORST and size <= gth.LAST_RESORT:
        return gth.stationary(rates.toarray()), gth.SLACK * (size + 10)
    return shares, error


def within(chain: Chain, states: NDArray[np.intp]) -> csr_array:
    """Return the rates among some states of a chain, without a diagonal."""
    inner = csr_array(chain.step[states][:, states]) * chain.rate
    inner.setdiag(0.0)
    inner.eliminate_zeros()
    return csr_array(inner)


def _scaled(rates: csr_array, leave: Floats) -> csr_array:
    share = rates.data / np.repeat(leave, np.diff(rates.indptr))
    return csr_array((share, rates.indices, rates.indptr), shape=rates.shape)
