"""What follows in one world, each thing found when first asked for.

The world can be looked at from another present: what was solved is used again, and the chain goes
on to be the one that was made for the questions' own starts as long as the new ones lie on it. Only
where they do not is a chain over all states made, once. Cost of another present: that of its
starts, well below a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from detente.conflict import Conflict
from detente.engine import FAILURES, side_by_side
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from detente.expression import Formula, Query
from detente.forecast import (
    Chain,
    ExpectedPaths,
    average_from,
    chain_of,
    expected_paths,
    paths_over,
    probability_from,
    start_distribution,
)
from detente.model._chain_answers import ChainAnswers, ScopedQuestion
from detente.model._found import Found
from detente.model._solved_table import SolvedTable
from detente.model._world import World
from detente.stability import Stability
from detente.values import Floats

Given = Formula | Mapping[str, int] | None
"""From where it is asked; see `detente.case.Arm`."""


@dataclass(eq=False)
class SolvedWorld:
    """One world of a model; see `SolvedModel.under`.

    ``conflict`` is that under the world's intervention; ``questions``, those that will be asked
    here, say how far the chain goes and are answered in one pass; ``solve`` finds the equilibrium;
    ``threads`` says whether what is independent is done at the same moment.
    """

    world: World
    conflict: Conflict
    questions: Sequence[ScopedQuestion]
    solve: Callable[[], Equilibrium]
    threads: bool = False
    _base: SolvedWorld | None = None
    _found: Found = field(default_factory=Found)

    @property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium, over what the model's questions need."""
        return self._found.get("equilibrium", self.solve)

    @property
    def is_solved(self) -> bool:
        """Whether the equilibrium is there."""
        return "equilibrium" in self._found

    @property
    def bargaining(self) -> SolvedTable:
        """The table of bargaining, for which nothing else is solved."""
        return self._found.get("bargaining", lambda: SolvedTable(self.conflict))

    @property
    def stability(self) -> Stability:
        """The stability analysis."""
        return self._found.get("stability", lambda: Stability(self.conflict))

    @property
    def chain(self) -> Chain:
        """The chain as far as the questions' starts lead; as far as today does without any."""
        return self._answers.chain

    @property
    def _answers(self) -> ChainAnswers:
        return self._found.get("answers", self._find_answers)

    def _find_answers(self) -> ChainAnswers:
        starts = {_key(question.arm.given): question.arm.given for question, _ in self.questions}
        weight = np.sum([self.weight(given) for given in (starts or {None: None}).values()], axis=0)
        if self._base is not None:
            return self._base.answers_from(weight)
        return ChainAnswers(chain_of(self.equilibrium, weight), self.questions)

    def answers_from(self, weight: Floats) -> ChainAnswers:
        """Return answers over a chain on which some starts lie."""
        near = self._answers
        inside = near.chain.over_live(weight)
        if np.count_nonzero(inside) == np.count_nonzero(weight):
            return near
        return self._found.get(
            "everywhere",
            lambda: ChainAnswers(chain_of(self.equilibrium), self.questions),
        )

    def answer_ahead(self) -> None:
        """Answer all questions that will be asked here."""
        side_by_side(self._answers.works(), self.threads)

    def at(self, conflict: Conflict) -> SolvedWorld:
        """Return the same world at another present, that of a conflict which is else the same."""
        return SolvedWorld(
            self.world,
            conflict,
            self.questions,
            lambda: self.equilibrium.at(conflict),
            self.threads,
            self,
        )

    def weight(self, given: Given) -> Floats:
        """Return a start as probabilities over all states."""
        return self._found.get(("weight", _key(given)), lambda: self._find_weight(given))

    def _find_weight(self, given: Given) -> Floats:
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
        return self._found.get(("start", _key(given)), lambda: self._find_start(given))

    def _find_start(self, given: Given) -> Floats:
        weight = self.weight(given)
        inside = np.asarray(self.chain.over_live(weight), dtype=np.float64)
        if np.count_nonzero(inside) < np.count_nonzero(weight):
            raise AnalysisError("a start lies outside of what the model was made for")
        return inside

    def paths(self, years: float, points: int) -> ExpectedPaths:
        """Return how things are expected to go from today, without quantiles.

        The chain of the questions serves, unless none of them starts where today is on it.
        """
        with suppress(*FAILURES):
            return paths_over(self.chain, self.start(None), np.linspace(0.0, years, points))
        return expected_paths(self.equilibrium, years, None, points, ())

    def probability(self, query: Query, scope: Formula | None, given: Given) -> float:
        """Return the probability of a query from a start, within a scope."""
        return probability_from(query, self._answers.query((query, scope)), self.start(given)).value

    def average(self, formula: Formula, years: float, scope: Formula | None, given: Given) -> float:
        """Return the average of a formula over years from a start, within a scope."""
        return average_from(self._answers.average((formula, years, scope)), self.start(given))

    def expected(
        self, formula: Formula, years: float, scope: Formula | None, given: Given
    ) -> float:
        """Return the expected value of a formula after years from a start, within a scope."""
        return average_from(self._answers.expected((formula, years, scope)), self.start(given))


def _key(given: Given) -> Hashable:
    return tuple(sorted(given.items())) if isinstance(given, Mapping) else given
