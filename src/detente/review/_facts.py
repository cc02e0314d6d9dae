"""What the rules read of a case: its conflict at the stated values, and where starts can lead.

The states that a start can lead to are found by spreading it along the axes: an actor's options at
once, as far as its moves allow, and conditions where a jump has a rate. A rate that is zero at the
stated values counts where a range could raise it, so nothing is called unreachable that some draw
may reach. Cost: a pass over the tensor for each step of the longest shortest path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from detente.case import (
    WARNING_KINDS,
    Arm,
    Case,
    Claim,
    GainQuestion,
    ProbabilityQuestion,
    Question,
    TableQuestion,
)
from detente.claims import claims_model
from detente.conflict import Conflict
from detente.engine import FAILURES
from detente.expression import Formula
from detente.model import SolvedModel, SolvedWorld, World
from detente.review._warning import CaseWarning
from detente.study import horizon
from detente.text import show
from detente.values import Bools, Floats

_LONGEST = 500.0
"""Years; a question about more has its unit wrong."""


@dataclass(frozen=True, eq=False)
class CaseFacts:
    """A case under review; everything is found when a rule first asks for it."""

    case: Case
    _reached: dict[tuple[World, str], Bools] = field(default_factory=dict)

    def warn(
        self, kind: str, subject: str, path: tuple[str | int, ...], message: str, remedy: str = ""
    ) -> CaseWarning:
        """Return a warning at a place of the file; the kind's own remedy by default."""
        line, column = self.case.places.of(*path)
        remedy = remedy or WARNING_KINDS[kind].remedy
        said = remedy[0].lower() + remedy[1:].removesuffix(".")
        return CaseWarning(kind, subject, self.case.path, line, column, message, said)

    @cached_property
    def model(self) -> SolvedModel:
        """The case at its stated values, for all that its claims ask."""
        return claims_model(self.case)

    @property
    def conflict(self) -> Conflict:
        """The conflict at the stated values."""
        return self.model.conflict

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The conflict and the actors' views of it."""
        return (self.conflict, *self.conflict.views.values())

    @cached_property
    def asked(self) -> tuple[tuple[int, Claim, Question], ...]:
        """The claims with a question, each with its place in the file."""
        return tuple(
            (index, claim, claim.ask)
            for index, claim in enumerate(self.case.claims)
            if claim.ask is not None
        )

    @cached_property
    def years(self) -> float:
        """How far the case looks: the end of its clock, or of its longest question in reason."""
        if self.case.start and self.case.end:
            return horizon(self.case)
        ends = [years for _, _, ask in self.asked if (years := end_of(ask)) <= _LONGEST]
        return max([*ends, 0.0]) or horizon(self.case)

    @cached_property
    def _through(self) -> dict[str, frozenset[str]]:
        """By issue the options, conditions and parameters behind it, itself among them."""
        found: dict[str, frozenset[str]] = {}
        for issue in self.case.issues:
            behind = [found.get(name, frozenset()) for name in issue.formula.uses]
            found[issue.name] = issue.formula.uses.union({issue.name}, *behind)
        return found

    def reads(self, *formulas: Formula) -> frozenset[str]:
        """Return every name behind formulas: their own, and those of the issues they read."""
        names = frozenset[str]().union(*(formula.uses for formula in formulas))
        return names.union(*(self._through.get(name, frozenset()) for name in names))

    def variables(self, *formulas: Formula) -> frozenset[str]:
        """Return the options and conditions behind formulas."""
        return self.reads(*formulas) & self.case.namespace.variables.keys()

    def ends(self, formula: Formula) -> tuple[float, float]:
        """Return the least and most that a number takes when one parameter moves at a time."""
        values = {name: parameter.value for name, parameter in self.case.parameters.items()}
        found = [float(formula.evaluate(values))]
        for name in formula.uses & values.keys():
            parameter = self.case.parameters[name]
            ends = (parameter.low, parameter.high)
            found += [float(formula.evaluate({**values, name: end})) for end in ends]
        return min(found), max(found)

    def world(self, arm: Arm) -> SolvedWorld:
        """Return the world of an arm, not solved yet."""
        return self.model.under(World.of(arm))

    def arms(self, claim: Claim, question: Question) -> Iterator[tuple[str, Arm]]:
        """Yield the arms of a claim, as `arms_of`, but those that leave no model."""
        for key, arm in arms_of(claim, question):
            try:
                self.world(arm)
            except FAILURES:
                continue
            yield key, arm

    def start(self, arm: Arm) -> Bools:
        """Return the states that an arm starts from; none where there are none."""
        try:
            return np.asarray(self.world(arm).weight(arm.given) > 0)
        except FAILURES:
            return np.zeros(self.conflict.shape, dtype=bool)

    def reach(self, arm: Arm) -> Bools:
        """Return the states that the start of an arm can lead to."""
        given = arm.given
        key = given.text if isinstance(given, Formula) else str(sorted((given or {}).items()))
        where = World.of(arm), key
        if where not in self._reached:
            world = self.world(arm)
            self._reached[where] = reachable(world.conflict, self.start(arm), self.loose)
        return self._reached[where]

    def holds(self, formula: Formula, arm: Arm) -> Bools:
        """Return the feasible states of an arm's world in which a formula holds."""
        conflict = self.world(arm).conflict
        truth = np.broadcast_to(formula.evaluate(conflict.values), conflict.shape)
        return np.asarray(truth.astype(bool) & conflict.feasible)

    def value(self, formula: Formula, arm: Arm) -> Floats:
        """Return a formula in every state of an arm's world."""
        conflict = self.world(arm).conflict
        return np.broadcast_to(formula.evaluate(conflict.values).astype(float), conflict.shape)

    @cached_property
    def asked_formulas(self) -> tuple[Formula, ...]:
        """The formulas of all claims: questions, scopes and starts."""
        found: list[Formula] = []
        for _, claim, question in self.asked:
            found += formulas_of(question)
            found += [claim.scope] if claim.scope is not None else []
            starts = [arm.given for _, arm in arms_of(claim, question)]
            found += [given for given in starts if isinstance(given, Formula)]
        return tuple(found)

    @cached_property
    def placed(self) -> tuple[tuple[str, int], ...]:
        """The variables, each with a level, that claims start from, hold or compare."""
        found: list[tuple[str, int]] = []
        for _, claim, question in self.asked:
            if isinstance(question, GainQuestion):
                found += question.levels.items()
            for _, arm in arms_of(claim, question):
                given = arm.given
                found += (arm.do or {}).items()
                found += () if given is None or isinstance(given, Formula) else given.items()
        return tuple(found)

    @cached_property
    def named_levels(self) -> set[tuple[int, int]]:
        """The (axis, level) pairs that claims, variants and the history name."""
        levels = list(self.placed)
        for variant in self.case.variants:
            for choice in variant.levels:
                levels += choice.do.items()
        for row in self.case.history:
            levels += [(row.variable, level) for level, _ in row.levels]
        return {(self.conflict.space.axis(name), level) for name, level in levels}

    @cached_property
    def loose(self) -> frozenset[tuple[int, int, int]]:
        """Jumps (condition, from, to) whose rate a range or variant may raise from zero."""
        moving = {name for name, p in self.case.parameters.items() if p.distribution != "fixed"}
        for variant in self.case.variants:
            moving |= {name for level in variant.levels for name in level.set}
        return frozenset(
            (k, start, to)
            for k, condition in enumerate(self.case.conditions)
            for start, to, rate in condition.rates
            if self.reads(rate) & moving
        )


def reachable(conflict: Conflict, start: Bools, loose: frozenset[tuple[int, int, int]]) -> Bools:
    """Return the states that moves, and jumps with a rate or among ``loose``, lead to."""
    space = conflict.space
    first = space.conditions.start
    worlds = (conflict, *conflict.views.values())
    jumps = [
        np.any([world.jumps[k - first] > 0 for world in worlds], axis=0) for k in space.conditions
    ]
    for k, level, to in loose:
        here = space.levels[space.axes[first + k].name] == level
        jumps[k][..., to] |= here
    found = start & conflict.feasible
    while True:
        before = int(found.sum())
        for actor in conflict.actors:
            step = found
            for k in space.of(actor):
                step = _along(step, k, conflict.allowed[k])
            found = found | (step & conflict.feasible)
        for k in space.conditions:
            moved = np.moveaxis(found[..., None] & jumps[k - first], k, 0).any(axis=0)
            found = found | (np.moveaxis(moved, -1, k) & conflict.feasible)
        if int(found.sum()) == before:
            return found


def _along(states: Bools, axis: int, allowed: Bools) -> Bools:
    last = np.moveaxis(states, axis, -1).astype(np.float32)
    return np.moveaxis((last @ allowed.astype(np.float32)) > 0, -1, axis)


def levels_in(states: Bools, axis: int) -> Bools:
    """Return which levels of a variable some of the states have."""
    others = tuple(other for other in range(states.ndim) if other != axis)
    return np.asarray(states.any(axis=others), dtype=bool)


def end_of(question: Question) -> float:
    """Return the years that a question looks ahead; 0 where it asks about no time."""
    if isinstance(question, ProbabilityQuestion):
        return question.query.high
    return float(getattr(question, "years", 0.0))


def formulas_of(question: Question) -> tuple[Formula, ...]:
    """Return the formulas of a question."""
    if isinstance(question, ProbabilityQuestion):
        return tuple(f for f in (question.query.left, question.query.right) if f is not None)
    return () if isinstance(question, GainQuestion | TableQuestion) else (question.formula,)


def arms_of(claim: Claim, question: Question) -> Iterator[tuple[str, Arm]]:
    """Yield the arms of a claim, each with the key under which it stands."""
    yield "ask", question.arm
    if claim.versus is not None:
        yield "versus", claim.versus


def measure_path(index: int, question: Question, key: str = "") -> tuple[str | int, ...]:
    """Return the path of a question's measure, or of another of its keys."""
    return ("claims", index, "ask", key or question.measure)


def number(value: float) -> str:
    """Print a number to four digits, without commas, as a case file takes it."""
    return show(value, "fine", 4).replace(",", "")
