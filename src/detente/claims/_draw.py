"""One draw of the parameters: its conflict, and every equilibrium that some claim asks for.

Arms that differ only in where they start share an equilibrium; each is solved once, when first
asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from detente.case import Arm, Ask, Case
from detente.conflict import Conflict, compile_case, reachable_box, restrict
from detente.engine import Floats
from detente.equilibrium import Equilibrium, changed_conflict, intervene, solve
from detente.errors import AnalysisError
from detente.expression import Formula, Query
from detente.forecast import (
    Chain,
    SolvedAverage,
    SolvedUntil,
    average_from,
    chain_of,
    probability_from,
    solve_averages,
    solve_queries,
    start_distribution,
)
from detente.stability import Stability

TODAY = Arm()


class Draw:
    """A case at given parameter values, with what has been solved so far.

    Parameters
    ----------
    case : Case
    parameters : mapping of str to float, optional
        Values that replace the stated ones.
    """

    def __init__(self, case: Case, parameters: Mapping[str, float] | None = None) -> None:
        self.case = case
        self.conflict: Conflict = compile_case(case, parameters)
        self._changed: dict[Any, Conflict] = {}
        self._solved: dict[Any, Equilibrium] = {}
        self._chains: dict[Any, Chain] = {}
        self._answers: dict[Any, SolvedUntil] = {}
        self._averages: dict[Any, SolvedAverage] = {}

    @cached_property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium without an intervention, over what the claims' starts can lead to."""
        return solve(restrict(self.conflict, reachable_box(self.conflict, self._starts)))

    @cached_property
    def stability(self) -> Stability:
        """The stability analysis without an intervention."""
        return Stability(self.conflict)

    def under(self, arm: Arm) -> Equilibrium:
        """Return the equilibrium under an arm's intervention."""
        key = _key(arm)
        if key == _key(TODAY):
            return self.equilibrium
        if key not in self._solved:
            self._solved[key] = intervene(self.equilibrium, arm.do, arm.set, arm.announced)
        return self._solved[key]

    def changed(self, arm: Arm) -> Conflict:
        """Return the conflict under an arm's intervention, which costs no solving."""
        key = _key(arm)
        if key not in self._changed:
            self._changed[key] = changed_conflict(self.conflict, arm.do, arm.set)
        return self._changed[key]

    def chain(self, arm: Arm) -> Chain:
        """Return the chain under an arm's intervention, as far as any such arm's start leads."""
        key = _key(arm)
        if key not in self._chains:
            like = [a for a in self._arms if _key(a) == key]
            starts = sum((self.weight(a) for a in like), self.weight(arm))
            self._chains[key] = chain_of(self.under(arm), starts)
        return self._chains[key]

    def probability(self, query: Query, scope: Formula | None, arm: Arm) -> float:
        """Return the probability of a query under an arm; all of that arm are solved together."""
        key = _key(arm)
        if (query, scope, key) not in self._answers:
            asked = [(q, c) for q, c, a in self._queries if _key(a) == key]
            asked = list(dict.fromkeys([*asked, (query, scope)]))
            for (q, c), found in zip(asked, solve_queries(self.chain(arm), asked), strict=True):
                self._answers[q, c, key] = found
        return probability_from(query, self._answers[query, scope, key], self.start(arm)).value

    def average(self, formula: Formula, years: float, scope: Formula | None, arm: Arm) -> float:
        """Return the time average of a formula under an arm; all of one arm are solved together."""
        key = _key(arm)
        if (formula, years, scope, key) not in self._averages:
            asked = [(f, y, c) for f, y, c, a in self._averaged if _key(a) == key]
            asked = list(dict.fromkeys([*asked, (formula, years, scope)]))
            found = solve_averages(self.chain(arm), asked)
            self._averages |= {(*what, key): one for what, one in zip(asked, found, strict=True)}
        return average_from(self._averages[formula, years, scope, key], self.start(arm))

    def start(self, arm: Arm) -> Floats:
        """Return where an arm starts, as probabilities over the states of its chain."""
        return np.asarray(self.chain(arm).over_live(self.weight(arm)), dtype=np.float64)

    def weight(self, arm: Arm) -> Floats:
        """Return where an arm starts, as probabilities over all states."""
        conflict = self.changed(arm)
        if isinstance(arm.given, Formula):
            chosen = np.broadcast_to(arm.given.evaluate(conflict.values), conflict.shape)
            chosen = chosen & conflict.feasible
            if not chosen.any():
                raise AnalysisError(f"no feasible state satisfies {arm.given.text!r}")
            return np.asarray(chosen / chosen.sum(), dtype=np.float64)
        levels = {**(arm.given or {}), **(arm.do or {})}
        return start_distribution(conflict, levels or None)

    @property
    def _starts(self) -> dict[str, set[int]]:
        today = self.conflict.status_quo or ()
        levels = {axis.name: {today[k]} for k, axis in enumerate(self.conflict.space.axes)}
        for arm in self._arms:
            if isinstance(arm.given, Formula):
                return {}
            for name, level in {**(arm.given or {}), **(arm.do or {})}.items():
                levels[name].add(level)
        for claim in self.case.claims:
            if claim.ask is not None and claim.ask.by == "value":
                for name, level in (claim.ask.levels or {}).items():
                    levels[name].add(level)
        return levels

    @cached_property
    def _arms(self) -> list[Arm]:
        return [arm for _, _, arm in self._asked]

    @cached_property
    def _queries(self) -> list[tuple[Query, Formula | None, Arm]]:
        return [(a.query, scope, arm) for a, scope, arm in self._asked if a.query is not None]

    @cached_property
    def _averaged(self) -> list[tuple[Formula, float, Formula | None, Arm]]:
        return [
            (a.formula, a.horizon, scope, arm)
            for a, scope, arm in self._asked
            if a.measure == "average" and a.formula is not None
        ]

    @cached_property
    def _asked(self) -> list[tuple[Ask, Formula | None, Arm]]:
        """What claims ask, with and without their scope, under either arm."""
        return [
            (claim.ask, scope, arm)
            for claim in self.case.claims
            if claim.ask is not None
            for arm in (claim.ask.arm, claim.versus)
            if arm is not None
            for scope in dict.fromkeys((None, claim.scope))
        ]


def _key(arm: Arm) -> Any:
    changed = bool(arm.do or arm.set)
    return (
        tuple(sorted((arm.do or {}).items())),
        tuple(sorted((arm.set or {}).items())),
        arm.announced or not changed,
    )
