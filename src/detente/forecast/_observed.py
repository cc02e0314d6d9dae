"""What an observed path says about where things stand: an exact forward filter over the chain.

Between observations the distribution moves under the generator; at an observation it is cut down to
the states that agree and scaled to one. The product of the shares that agreed is the likelihood of
the observations (Bayes' rule; the forward pass of a hidden Markov model, Rabiner 1989). What
happened between two observations is left open: only the observed moments count. Cost: O(rate x
years x transitions).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from detente.forecast._chain import TAIL, Chain, chain_of
from detente.forecast._paths import carry
from detente.forecast._start import Start, start_distribution
from detente.text import Result, show
from detente.values import Bools, Floats, plain, plain_fields

Observation = tuple[float, Mapping[str, str | int] | str]


@dataclass(frozen=True, eq=False)
class FilteredStart(Result):
    """Where things stand after some observations; a start for any question.

    Attributes
    ----------
    conflict : Conflict
    weight : ndarray
        Probability of each state at the last observation, of the conflict's shape.
    time : float
        Years from the start to the last observation.
    log_likelihood : float
        Of the observations, given the start.
    error : float
        Bound on the error of the sum of ``weight``'s errors.
    """

    conflict: Conflict
    weight: Floats
    time: float
    log_likelihood: float
    error: float

    def __str__(self) -> str:
        """Return a line, and one for each variable."""
        fit = show(self.log_likelihood, "fine", 4)
        lines = [f"after {self.time:g} years, log likelihood {fit}"]
        space = self.conflict.space
        return "\n".join([*lines, *space.share_lines(space.shares(self.weight))])

    def to_dict(self) -> dict[str, Any]:
        """Return the shares of every variable's levels, ready for JSON."""
        shares = plain(self.conflict.space.shares(self.weight))
        return {**plain_fields(self, "time", "log_likelihood", "error"), "shares": shares}


def filter_observations(
    equilibrium: Equilibrium,
    observations: Sequence[Observation],
    start: Start | None = None,
) -> FilteredStart:
    """Return where things stand after some observations.

    Parameters
    ----------
    equilibrium : Equilibrium
    observations : sequence of (float, mapping or str)
        Years from the start, in order, and what was seen then: levels of some variables, or a
        formula that held.
    start : state, str, ndarray or FilteredStart, optional
        Where things stood at time 0, before the first observation; the status quo by default.

    Returns
    -------
    FilteredStart
        Give it as ``start`` to any question; time then counts from the last observation.

    Raises
    ------
    InputError
        When there are no observations, or times or names are wrong.
    AnalysisError
        When an observation is impossible after those before it.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}, "col": {"act": ["wait", "go"]}},
    ...     utility={"row": [[0, 0], [0, 1]], "col": [[0, 0], [0, 1]]},
    ... )
    >>> seen = conflict.equilibrium().observe([(1.0, {"row.act": "go"})], start=0)
    >>> print(seen)
    after 1 years, log likelihood −0.9531
      row.act: wait 0 %, go 100 %
      col.act: wait 57 %, go 43 %
    """
    if not observations:
        raise InputError("there are no observations; give (years, levels) pairs")
    conflict = equilibrium.conflict
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    now = chain.over_live(weight).astype(np.float64)
    seen = [(time, agreeing(conflict, what)) for time, what in observations]
    final, total, error = run_filter(chain, now, seen)
    full = np.zeros(conflict.size)
    full[chain.live] = final
    return FilteredStart(conflict, full.reshape(conflict.shape), float(seen[-1][0]), total, error)


def agreeing(conflict: Conflict, what: Mapping[str, str | int] | str) -> Bools:
    """Return the feasible states that agree with what was seen."""
    if isinstance(what, str):
        return conflict.where(what)
    there = conflict.feasible
    for name, level in what.items():
        axis = conflict.space.axes[conflict.space.axis(name)]
        there = there & (conflict.space.levels[axis.name] == axis.level(level))
    return there


def run_filter(
    chain: Chain, start: Floats, seen: Sequence[tuple[float, Bools]]
) -> tuple[Floats, float, float]:
    """Return the filtered distribution over the chain's states, the log likelihood, the error."""
    now, time, total, error = start, 0.0, 0.0, 0.0
    for number, (when, there) in enumerate(seen):
        if not (math.isfinite(when) and when >= time):
            raise InputError(
                f"observation {number + 1} is at {when:g} years; times count from 0 and must not "
                "run backwards"
            )
        now = carry(chain, now, np.array([when - time]))[0] * chain.over_live(there)
        share = float(now.sum())
        error = 2.0 * (error + 2.0 * TAIL) / share if share > 0.0 else math.inf
        if error > 0.01:
            raise AnalysisError(
                f"observation {number + 1}, at {when:g} years, has probability {share:.1e} after "
                "those before it; check its levels, or start from a formula that leaves more open"
            )
        now, time, total = now / share, when, total + math.log(share)
    return now, total, error
