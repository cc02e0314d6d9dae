"""The least change of weights, within their ranges, that makes a wanted state an equilibrium.

Utilities are linear in the parameters that stand in the weights only (`linear`), so "u(z) <= u(s)"
is a linear inequality. ``nash`` asks it of every own move z from s. ``gmr`` asks, for each own move
t from s, for it at t or at some z that sequences of the others reach from t; ``smr`` asks at that z
also for each own move on from z. Who moves where does not depend on weights, so this is a mixed
linear programme; it is solved with few of its numbers at a time, and the state tensor says which
are wanting (`weight_programme`). The change is measured by the sum over parameters of the change as
a share of the range. Under ``seq``, ``sseq`` and ``sim`` the replies themselves depend on the
weights; there the question is refused.

Two utilities that come out equal are only equal up to rounding. So the answer is put to the
stability engine at the values found; where it fails there, gaps of 1e-9 and then 1e-6 of the
actor's span of utility are asked for, and the change is least up to these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import numpy as np

from detente.case import Case, check_size
from detente.conflict import Conflict, State
from detente.errors import AnalysisError, InputError
from detente.stability._inverse.linear import Slopes, slopes
from detente.stability._inverse.weight_programme import WeightProgramme
from detente.stability._stability import Stability, known_concept
from detente.text import Result, show
from detente.values import Floats

MOST_WANTED = 100
_GAPS = (0.0, 1e-9, 1e-6)
_STEPS = 16
_EXACT = ("nash", "gmr", "smr")
_NEEDED = {"seq": "gmr", "sseq": "smr"}
"""What stability under a concept implies."""
Values = dict[str, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class WeightChange(Result):
    """The least change of parameters that makes a state an equilibrium.

    Parameters
    ----------
    case : Case
    concept : str
    state : dict of str to str, or None
        Level names by variable; None when no change within the ranges does it.
    values : mapping of str to (float, float)
        Each parameter that changes: stated value, new value.
    distance : float
        Sum of the changes as shares of the ranges; infinite when no change does it.
    at_least : float
        No change of a smaller sum does it; less than `distance` where the search was left off.
    why : str
        Why no change does it; empty when one does.
    """

    case: Case
    concept: str
    state: dict[str, str] | None
    values: Mapping[str, tuple[float, float]]
    distance: float
    at_least: float
    why: str = ""

    @property
    def possible(self) -> bool:
        """Whether some change within the ranges does it."""
        return self.state is not None

    def apply(self) -> Conflict:
        """Return the conflict at the new values."""
        return self.case.conflict({name: new for name, (_, new) in self.values.items()})

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "concept": self.concept,
            "state": self.state,
            "distance": self.distance if self.possible else None,
            "at_least": self.at_least if self.possible else None,
            "values": {name: {"from": old, "to": new} for name, (old, new) in self.values.items()},
            "why": self.why,
        }

    def __str__(self) -> str:
        """Return the change in a few lines."""
        if self.state is None:
            return f"no change of weights within their ranges does it ({self.concept}): {self.why}"
        where = ", ".join(f"{name} {level}" for name, level in self.state.items())
        if not self.values:
            return f"{where} is an equilibrium ({self.concept}) as things are"
        lines = [f"{where} would be an equilibrium ({self.concept}) if"]
        lines += [f"- {name} were {show(new, 'fine', 6)}, not {old:g}" for name, (old, new) in
                  self.values.items()]  # fmt: skip
        if self.at_least < self.distance:
            lines.append(
                f"these changes sum to {show(self.distance, 'fine')} of the ranges; at least "
                f"{show(self.at_least, 'fine')} is needed, and less than these may do"
            )
        return "\n".join(lines)


def least_weight_change(
    case: Case,
    wanted: State | str,
    concept: str = "nash",
    parameters: Iterable[str] | None = None,
    *,
    time_limit: float = 60.0,
) -> WeightChange:
    """Find the least change of weights for a wanted state to be an equilibrium.

    Parameters
    ----------
    case : Case
    wanted : state or str
        A feasible state, or a formula: any state where it holds will do.
    concept : str
        One of `detente.stability.CONCEPTS`.
    parameters : iterable of str, optional
        Which may change; by default all that have a range and stand in weights only.
    time_limit : float
        Seconds for the search.

    Returns
    -------
    WeightChange
        A least change, or why none does it; where the search is left off, and under ``seq``,
        ``sseq`` and ``sim``, the smallest change that was found, and how much is needed at least.

    Raises
    ------
    InputError
        For a state, a formula, a concept or a parameter that does not exist or does not count.
    SizeError
        When there are too many states for the memory at hand.
    AnalysisError
        For weights that are not linear in the parameters together, beyond `MOST_WANTED` states, and
        where no change was found in the time, or under ``seq``, ``sseq`` and ``sim`` at all.
    """
    known_concept(concept)
    if not isinstance(case, Case):
        raise InputError("only a case has weights to change; give it, or ask least_rank_change")
    if not time_limit > 0.0:
        raise InputError(f"the time limit is {time_limit} seconds; give more than 0")
    along = slopes(case, parameters)
    conflict = along.conflict
    where = [conflict.index(wanted)] if not isinstance(wanted, str) else []
    if isinstance(wanted, str):
        where = np.flatnonzero(conflict.where(wanted)).tolist()
    if not where:
        return _impossible(case, concept, "no feasible state is as wanted")
    holds = Stability(conflict).equilibria(concept).reshape(-1)
    for state in where:
        if holds[state]:
            return WeightChange(case, concept, conflict.label(state), {}, 0.0, 0.0)
    if not along.names:
        return _impossible(case, concept, "no weight has a range to move in")
    if len(where) > MOST_WANTED:
        raise AnalysisError(
            f"{len(where):,} states are as wanted and the least change of weights tries at most "
            f"{MOST_WANTED}; narrow the formula"
        )
    check_size((conflict.size,), len(conflict.actors), "stability", 32 + 8 * len(along.issues))
    deadline = monotonic() + time_limit
    open_at: list[float] = []
    best = _impossible(case, concept)
    for state in where:
        if open_at and monotonic() > deadline:
            open_at.append(0.0)
            break
        settled = _settled if concept in _EXACT else _bounded
        found = settled(along, case, concept, state, deadline, best.distance)
        open_at.append(found.at_least)
        if found.distance < best.distance:
            best = found
    least = min(best.distance, *open_at)
    if best.possible:
        return replace(best, at_least=least)
    if least < np.inf and concept not in _EXACT:
        needed = f"; they would sum to {show(least, 'fine')} of the ranges or more" if least else ""
        raise AnalysisError(
            f"no change of weights within their ranges was found that does it ({concept}), nor is "
            f"it ruled out, as replies depend on the weights themselves{needed}; ask for nash, gmr "
            "or smr, or for the least change of rankings"
        )
    if least < np.inf:
        raise AnalysisError(
            f"whether weights within their ranges do it ({concept}) was not settled in "
            f"{time_limit:g} s: the changes sum to {show(least, 'fine')} of the ranges or more "
            f"({conflict.size:,} states, {len(along.names)} parameters may change); name fewer "
            "parameters, narrow the formula, or give more time"
        )
    why = _why(along, _NEEDED.get(concept, concept), where[0], monotonic() + time_limit)
    if len(where) > 1:
        why = f"none of {len(where)} states can be one; in the first, {why}"
    return replace(best, why=why)


def _impossible(case: Case, concept: str, why: str = "") -> WeightChange:
    return WeightChange(case, concept, None, {}, np.inf, np.inf, why)


def _settled(
    along: Slopes, case: Case, concept: str, state: int, deadline: float, enough: float
) -> WeightChange:
    """Return the least change for one state, checked with the engine; none above what is enough."""
    label, least = along.conflict.label(state), 0.0
    for gap in _GAPS:
        programme = WeightProgramme(along, concept, state, along.conflict.actors, gap)
        answer = programme.answer(deadline, enough)
        least = max(least, answer.least) if gap == 0.0 else least
        if answer.shares is None:
            if gap == 0.0 or answer.least < np.inf:
                break
            continue
        for even in (False, True):
            values = _values(along, answer.shares, even=even)
            changed = {name: new for name, (_, new) in values.items()}
            if Stability(case.conflict(changed)).equilibria(concept).flat[state]:
                settled = answer.least >= answer.distance
                bound = answer.distance if settled else least
                return WeightChange(case, concept, label, values, answer.distance, bound)
    else:
        raise AnalysisError(
            "whether some weights do it hangs on differences of utility below 1e-6 of its span; "
            "round the ranges, or ask for the least change of rankings"
        )
    return WeightChange(case, concept, None, {}, np.inf, least)


def _bounded(
    along: Slopes, case: Case, concept: str, state: int, deadline: float, enough: float
) -> WeightChange:
    """Return a change for one state where replies depend on weights, and how much is needed."""
    best = WeightChange(case, concept, None, {}, np.inf, 0.0)
    for implied in (_NEEDED.get(concept), "nash"):
        if implied is None or best.at_least >= enough:
            continue
        # The first change may fail under the concept, the second does it.
        end = _settled(along, case, implied, state, deadline, np.inf)
        if implied != "nash":
            best = replace(best, at_least=end.at_least)
        for step in (_STEPS, *range(1, _STEPS)) if end.possible else ():
            share = step / _STEPS
            late = step < _STEPS and monotonic() > deadline
            if late or share * end.distance >= best.distance:
                continue
            values = dict(end.values)
            if step < _STEPS:
                values = {n: (old, old + share * (new - old)) for n, (old, new) in values.items()}
            changed = {name: new for name, (_, new) in values.items()}
            if Stability(case.conflict(changed)).equilibria(concept).flat[state]:
                label = along.conflict.label(state)
                least = min(best.at_least, share * end.distance)
                best = WeightChange(case, concept, label, values, share * end.distance, least)
        if end.at_least == np.inf and implied != "nash":
            break
    return best


def _why(along: Slopes, concept: str, state: int, deadline: float) -> str:
    """Say which actor cannot be made to stay."""
    for actor in along.conflict.actors:
        alone = WeightProgramme(along, concept, state, [actor], 0.0).answer(deadline)
        if alone.least == np.inf:
            return f"{actor} would leave it whatever the weights within their ranges"
    return "each actor can be brought to stay, but not all by the same weights"


def _values(along: Slopes, shares: Floats, *, even: bool) -> Values:
    """Return what changes; if even, to round numbers, where many ties lie."""
    new = np.clip(
        along.value + shares * along.width,
        along.value - along.below * along.width,
        along.value + along.above * along.width,
    )
    if even:
        digits = [7 - int(np.floor(np.log10(width))) for width in along.width]
        new = np.array([round(float(x), d) for x, d in zip(new, digits, strict=True)])
    return {
        name: (float(old), float(value))
        for name, old, value, share in zip(along.names, along.value, new, shares, strict=True)
        if abs(share) > 1e-12
    }
