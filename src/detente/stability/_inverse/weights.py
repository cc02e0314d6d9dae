"""The least change of weights, within their ranges, that makes a wanted state an equilibrium.

Utilities are linear in the parameters that stand in the weights only (`linear`), so "u(z) <= u(s)"
is a linear inequality. ``nash`` asks it of every own move z from s. ``gmr`` asks, for each own move
t from s, for it at t or at some z that sequences of the others reach from t; ``smr`` asks at that z
also for each own move on from z. Who moves where does not depend on weights, so this is a mixed
linear program with one binary number per state: exact. The change is measured by the sum over
parameters of the change as a share of the range. Under ``seq``, ``sseq`` and ``sim`` the replies
themselves depend on the weights; there the question is refused.

Two utilities that come out equal are only equal up to rounding. So the answer is put to the
stability engine at the values found; where it fails there, gaps of 1e-9 and then 1e-6 of the
actor's span of utility are asked for, and the change is least up to these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case import Case
from detente.conflict import Conflict, State
from detente.engine import do_apart
from detente.errors import AnalysisError, InputError
from detente.stability._inverse.linear import Slopes, slopes
from detente.stability._inverse.move_sets import MoveSets, bits
from detente.stability._stability import Stability, known_concept
from detente.text import Result, show
from detente.values import Floats

MOST_STATES = 1_024
MOST_WANTED = 100
_GAPS = (0.0, 1e-9, 1e-6)
Values = dict[str, tuple[float, float]]
_EXACT = ("nash", "gmr", "smr")


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
    why : str
        Why no change does it; empty when one does.
    """

    case: Case
    concept: str
    state: dict[str, str] | None
    values: Mapping[str, tuple[float, float]]
    distance: float
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
        return "\n".join(lines)


def least_weight_change(
    case: Case,
    wanted: State | str,
    concept: str = "nash",
    parameters: Iterable[str] | None = None,
) -> WeightChange:
    """Find the least change of weights for a wanted state to be an equilibrium.

    Parameters
    ----------
    case : Case
    wanted : state or str
        A feasible state, or a formula: any state where it holds will do.
    concept : str
        ``nash``, ``gmr`` or ``smr``.
    parameters : iterable of str, optional
        Which may change; by default all that have a range and stand in weights only.

    Raises
    ------
    InputError
        For a state, a formula, a concept or a parameter that does not exist or does not count.
    AnalysisError
        For a concept under which replies depend on weights, for weights that are not linear in the
        parameters together, and beyond the sizes in `MOST_STATES` and `MOST_WANTED`.
    """
    if known_concept(concept) not in _EXACT:
        raise AnalysisError(
            f"under {concept} the replies depend on the weights themselves, and an exact least "
            "change of weights is found for nash, gmr and smr only; ask for one of these, or for "
            "the least change of rankings"
        )
    if not isinstance(case, Case):
        raise InputError("only a case has weights to change; give it, or ask least_rank_change")
    along = slopes(case, parameters)
    conflict = along.conflict
    where = [conflict.index(wanted)] if not isinstance(wanted, str) else []
    if isinstance(wanted, str):
        where = np.flatnonzero(conflict.where(wanted)).tolist()
    if not where:
        return WeightChange(case, concept, None, {}, np.inf, "no feasible state is as wanted")
    holds = Stability(conflict).equilibria(concept).reshape(-1)
    for state in where:
        if holds[state]:
            return WeightChange(case, concept, conflict.label(state), {}, 0.0)
    if not along.names:
        return WeightChange(case, concept, None, {}, np.inf, "no weight has a range to move in")
    if len(where) > MOST_WANTED:
        raise AnalysisError(
            f"{len(where):,} states are as wanted and the least change of weights tries at most "
            f"{MOST_WANTED}; narrow the formula"
        )
    board = MoveSets(conflict, MOST_STATES, "the least change of weights")
    found = []
    for state in where:
        program = _Program(along, board, concept, state)
        settled = program.settle(case)
        if settled is not None:
            found.append((*settled, state))
    if not found:
        why = _Program(along, board, concept, where[0]).why()
        if len(where) > 1:
            why = f"none of {len(where)} states can be one; in the first, {why}"
        return WeightChange(case, concept, None, {}, np.inf, why)
    distance, values, state = min(found, key=lambda item: item[0])
    return WeightChange(case, concept, conflict.label(state), values, distance)


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


class _Program:
    """The mixed linear program of one wanted state."""

    def __init__(self, along: Slopes, board: MoveSets, concept: str, state: int) -> None:
        self.along, self.board, self.concept, self.flat = along, board, concept, state
        self.state = board.place[state]
        states = board.states
        self._constant: list[Floats] = []
        self._slope: list[Floats] = []
        for actor in board.actors:
            utility = along.conflict.utility[actor].reshape(-1)
            span = float(np.ptp(utility[states])) or 1.0
            gap = (utility[states] - utility[state]) / span
            gap[np.abs(gap) <= 1e-9] = 0.0
            self._constant.append(gap)
            steep = along.slope[actor]
            self._slope.append((steep[:, states] - steep[:, [state]]) / span)

    def settle(self, case: Case) -> tuple[float, Values] | None:
        """Return the least change and its values, checked with the engine; None if none does."""
        actors = range(len(self.board.actors))
        met = False
        for gap in _GAPS:
            shares = self.solve(actors, gap)
            if shares is None:
                continue
            met = True
            for even in (False, True):
                values = _values(self.along, shares, even=even)
                changed = {name: new for name, (_, new) in values.items()}
                if Stability(case.conflict(changed)).equilibria(self.concept).flat[self.flat]:
                    return float(np.abs(shares).sum()), values
        if met:
            raise AnalysisError(
                "whether some weights do it hangs on differences of utility below 1e-6 of its "
                "span; round the ranges, or ask for the least change of rankings"
            )
        return None

    def why(self) -> str:
        """Say which actor cannot be kept at the state."""
        for i, actor in enumerate(self.board.actors):
            if self.solve([i], 0.0) is None:
                return f"{actor} would leave it whatever the weights within their ranges"
        return "each actor can be brought to stay, but not all by the same weights"

    def solve(self, actors: Iterable[int], gap: float) -> Floats | None:
        """Return the least change that keeps some actors at the state, by shares of ranges."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        count = len(self.along.names)
        binaries: dict[tuple[int, int, bool], int] = {}
        rows: list[dict[int, float]] = []
        limits: list[float] = []

        def holds(i: int, z: int, only_if: int | None) -> None:
            """Ask that actor i like z no better than the state, if a binary number is 1."""
            slope, constant = self._slope[i][:, z], float(self._constant[i][z])
            moved = bool(np.abs(slope).max(initial=0.0) > 1e-12)
            limit = -constant - (gap if moved else 0.0)
            row = {k: float(v) for k, v in enumerate(slope)}
            row |= {count + k: -float(v) for k, v in enumerate(slope)}
            if only_if is not None:
                most = float(np.maximum(slope * self.along.above, -slope * self.along.below).sum())
                slack = max(0.0, most - limit)
                row[only_if] = slack
                limit += slack
            rows.append(row)
            limits.append(limit)

        def choice(i: int, z: int, final: bool) -> int:
            if (i, z, final) not in binaries:
                binaries[i, z, final] = 2 * count + len(binaries)
                for x in (z, *bits(self.board.moves[i][z] if final else 0)):
                    if x != self.state:
                        holds(i, x, binaries[i, z, final])
            return binaries[i, z, final]

        for i in actors:
            for t in bits(self.board.moves[i][self.state]):
                if self.concept == "nash":
                    holds(i, t, None)
                    continue
                reached = self.board.reach(i, t, self.board.moves)
                ways = [choice(i, t, False)]
                ways += [choice(i, z, self.concept == "smr") for z in bits(reached)]
                rows.append(dict.fromkeys(ways, -1.0))
                limits.append(-1.0)
        if not rows:
            return np.zeros(count)
        size = 2 * count + len(binaries)
        matrix = np.zeros((len(rows), size))
        for r, row in enumerate(rows):
            matrix[r, list(row)] = list(row.values())
        high = np.concatenate([self.along.above, self.along.below, np.ones(len(binaries))])
        cost = np.concatenate([np.ones(2 * count), np.zeros(len(binaries))])
        answer = do_apart(
            lambda: milp(
                cost,
                integrality=1 - cost,
                bounds=Bounds(0.0, high),
                constraints=LinearConstraint(matrix, -np.inf, np.array(limits)),
                options={"mip_rel_gap": 0.0},
            )
        )
        if answer.x is None:
            return None
        return np.asarray(answer.x[:count] - answer.x[count : 2 * count], dtype=np.float64)
