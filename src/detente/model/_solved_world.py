"""One world of a model: what follows there, each thing found when it is first asked for.

The questions known beforehand say how far its chain goes, and are answered in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from detente.case import AverageQuestion, ProbabilityQuestion, Question
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from detente.expression import Formula, Query
from detente.forecast import (
    Chain,
    Floats,
    SolvedAverage,
    SolvedUntil,
    average_from,
    chain_of,
    probability_from,
    solve_averages,
    solve_queries,
    start_distribution,
)
from detente.model._world import World
from detente.stability import Stability

ScopedQuestion = tuple[Question, Formula | None]
"""A question, and the formula while which it is asked."""
Given = Formula | Mapping[str, int] | None
"""From where it is asked; see `detente.case.Arm`."""


@dataclass(eq=False)
class SolvedWorld:
    """What follows in one world; made by `SolvedModel.under`.

    Attributes
    ----------
    world : World
    conflict : Conflict
        Under the world's intervention.
    questions : sequence of ScopedQuestion
        Those that will be asked here.
    solve : callable
        Returns the equilibrium.
    """

    world: World
    conflict: Conflict
    questions: Sequence[ScopedQuestion]
    solve: Callable[[], Equilibrium]
    _queries: dict[tuple[Query, Formula | None], SolvedUntil] = field(default_factory=dict)
    _averages: dict[tuple[Formula, float, Formula | None], SolvedAverage] = field(
        default_factory=dict
    )

    @cached_property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium, over what the model's questions need."""
        return self.solve()

    @cached_property
    def stability(self) -> Stability:
        """The stability analysis."""
        return Stability(self.conflict)

    @cached_property
    def chain(self) -> Chain:
        """The chain as far as the questions' starts lead; as far as today does without any."""
        starts = [self.weight(question.arm.given) for question, _ in self.questions]
        return chain_of(self.equilibrium, np.sum(starts or [self.weight(None)], axis=0))

    def weight(self, given: Given) -> Floats:
        """Return a start as probabilities over all states."""
        conflict = self.conflict
        if isinstance(given, Formula):
            chosen = np.broadcast_to(given.evaluate(conflict.values), conflict.shape)
            chosen = chosen & conflict.feasible
            if not chosen.any():
                raise AnalysisError(f"no feasible state satisfies {given.text!r}")
            return np.asarray(chosen / chosen.sum(), dtype=np.float64)
        return start_distribution(conflict, {**(given or {}), **dict(self.world.held)} or None)

    def start(self, given: Given) -> Floats:
        """Return a start as probabilities over the states of the chain."""
        weight = self.weight(given)
        inside = np.asarray(self.chain.over_live(weight), dtype=np.float64)
        if np.count_nonzero(inside) < np.count_nonzero(weight):
            raise AnalysisError("a start lies outside of what the model was made for")
        return inside

    def probability(self, query: Query, scope: Formula | None, given: Given) -> float:
        """Return the probability of a query from a start, within a scope."""
        if (query, scope) not in self._queries:
            known = [(q.query, c) for q, c in self.questions if isinstance(q, ProbabilityQuestion)]
            asked = list(dict.fromkeys([*known, (query, scope)]))
            self._queries |= zip(asked, solve_queries(self.chain, asked), strict=True)
        return probability_from(query, self._queries[query, scope], self.start(given)).value

    def average(self, formula: Formula, years: float, scope: Formula | None, given: Given) -> float:
        """Return the average of a formula over years from a start, within a scope."""
        what = (formula, years, scope)
        if what not in self._averages:
            averages = [(q, c) for q, c in self.questions if isinstance(q, AverageQuestion)]
            known = [(q.formula, q.years, c) for q, c in averages]
            asked = list(dict.fromkeys([*known, what]))
            self._averages |= zip(asked, solve_averages(self.chain, asked), strict=True)
        return average_from(self._averages[what], self.start(given))
