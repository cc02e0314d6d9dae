"""A case at one point of its parameters: compiled once, solved once in each world, on demand.

Told beforehand which questions will be asked, a model solves no more of the state space than their
starts can lead to. Cost: an equilibrium per world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from detente.case import AverageQuestion, Case, GainQuestion, ProbabilityQuestion, Question
from detente.conflict import Conflict, compile_case, reachable_box, restrict
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
from detente.model._world import TODAY, World
from detente.stability import Stability
from detente.values import Floats

ScopedQuestion = tuple[Question, Formula | None]
"""A question, and the formula while which it is asked."""
Given = Formula | Mapping[str, int] | None
"""From where it is asked; see `detente.case.Arm`."""


@dataclass(eq=False)
class SolvedWorld:
    """What follows in one world, each thing found when first asked for; see `SolvedModel.under`.

    ``conflict`` is that under the world's intervention; ``questions``, those that will be asked
    here, say how far the chain goes and are answered in one pass; ``solve`` finds the equilibrium.
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


class SolvedModel:
    """A case at given parameter values and variants, with what has been solved so far.

    Parameters
    ----------
    case : Case
    parameters : mapping of str to float, optional
        Values that replace the stated ones.
    variants : sequence of str
        Each as ``variant.level``; see `Case.variant`.
    questions : iterable of ScopedQuestion, optional
        What will be asked, each with its scope condition or None; without them the whole state
        space is solved.
    tolerance : float
        Of the equilibria; see `detente.equilibrium.solve`.
    near : SolvedModel, optional
        Of the same case at a point nearby. What is solved there is a start here, where that is
        safe; answers then agree within the tolerance, not in every digit.

    Attributes
    ----------
    conflict : Conflict

    Examples
    --------
    >>> import detente
    >>> model = SolvedModel(detente.load("chicken"))
    >>> model.equilibrium.residual < 1e-9, list(model.worlds) == [TODAY]
    (True, True)
    >>> model.forget(TODAY)
    >>> model.worlds
    {}
    """

    def __init__(
        self,
        case: Case,
        parameters: Mapping[str, float] | None = None,
        variants: Sequence[str] = (),
        questions: Iterable[ScopedQuestion] | None = None,
        *,
        tolerance: float = 1e-10,
        near: SolvedModel | None = None,
    ) -> None:
        self.conflict: Conflict = compile_case(case.variant(*variants), parameters)
        self._questions = None if questions is None else tuple(questions)
        self._tolerance = tolerance
        self._starts = {} if near is None else near.worlds
        self._worlds: dict[World, SolvedWorld] = {}

    @property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium without an intervention."""
        return self.under(TODAY).equilibrium

    @property
    def worlds(self) -> dict[World, Equilibrium]:
        """The worlds solved so far, with their equilibria."""
        found = self._worlds.items()
        return {world: one.equilibrium for world, one in found if "equilibrium" in one.__dict__}

    def under(self, world: World) -> SolvedWorld:
        """Return one world; nothing of it is solved until it is asked for."""
        if world not in self._worlds:
            held, values = dict(world.held), dict(world.parameters)
            # No reference to the model, so that one that is done with is freed at once.
            conflict, questions, tolerance = self.conflict, self._questions, self._tolerance
            today = None if world == TODAY else self.under(TODAY)
            start = _unfolded(self._starts[world]) if world in self._starts else None

            def solved() -> Equilibrium:
                if today is None:
                    return solve(_needed(conflict, questions), tolerance, start)
                known, base = world.announced, today.equilibrium
                return intervene(base, held, values, known, tolerance=tolerance, start=start)

            asked = [one for one in questions or () if World.of(one[0].arm) == world]
            changed = changed_conflict(conflict, held, values)
            self._worlds[world] = SolvedWorld(world, changed, asked, solved)
        return self._worlds[world]

    def forget(self, *worlds: World) -> None:
        """Drop what was found of some worlds."""
        for world in worlds:
            self._worlds.pop(world, None)


def _needed(conflict: Conflict, questions: Sequence[ScopedQuestion] | None) -> Conflict:
    """Return the conflict over what the questions' starts can lead to."""
    if questions is None:
        return conflict
    today = conflict.status_quo or ()
    levels = {axis.name: {today[k]} for k, axis in enumerate(conflict.space.axes)}
    for question, _ in questions:
        arm = question.arm
        if isinstance(arm.given, Formula):
            levels = {}
            break
        starts = [arm.given or {}, arm.do or {}]
        if isinstance(question, GainQuestion) and question.by == "value":
            starts.append(question.levels)
        for start in starts:
            for name, level in start.items():
                levels[name].add(level)
    return restrict(conflict, reachable_box(conflict, levels))


def _unfolded(start: Equilibrium) -> Equilibrium:
    """Return an equilibrium that can be started from although its branch has folds.

    Points that are near lie on the same sheet, wherever the branch to it has been.
    """
    beliefs = {actor: _unfolded(belief) for actor, belief in start.beliefs.items()}
    return replace(start, folds=(), beliefs=beliefs)
