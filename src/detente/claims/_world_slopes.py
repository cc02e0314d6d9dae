"""The slopes of answers in one world: from the chain back to the parameters.

All questions of the world go side by side. A question about time moves with the rates of the chain;
these and gains in value with the values of each game on whose solution somebody acts; all of them,
and gains in utility, with the numbers of the conflicts, and so with the parameters. Cost: that of
`detente.forecast.answer_slopes` and `detente.equilibrium.add_value_slopes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case import (
    AverageQuestion,
    ExpectedQuestion,
    GainQuestion,
    ProbabilityQuestion,
    Question,
)
from detente.claims._answer import answer_alone, compared_states
from detente.claims._asked import LongRunQuestion, TimeQuestion
from detente.conflict import ConflictGradient
from detente.engine import FAILURES, reason_of
from detente.equilibrium import PlayedGames, add_rate_slopes
from detente.expression import Formula
from detente.forecast import AskedFrom, answer_slopes
from detente.model import ParameterSlopes
from detente.values import Floats

ScopedAsked = tuple[Question | LongRunQuestion | TimeQuestion, Formula | None]
SignedQuestion = tuple[float, ScopedAsked]
"""A question, and what its answer counts: 1, or -1 where it is taken away."""
Sums = Sequence[Sequence[SignedQuestion]]
Find = Callable[[Sums], list["SlopedAnswer"]]
_JUMPS = "is yes or no: it jumps, and has no slope"
_OF_TABLE = "is asked of the table of bargaining, whose slopes are not worked out"
_VOID = "no answer: the scope cannot hold"


@dataclass(frozen=True, eq=False)
class SlopedAnswer:
    """A sum of answers, its slopes by the parameters, and why it has none."""

    value: float
    slopes: Floats
    why_not: str = ""

    def plus(self, other: SlopedAnswer) -> SlopedAnswer:
        """Return the sum of two answers."""
        why_not = self.why_not or other.why_not
        return SlopedAnswer(self.value + other.value, self.slopes + other.slopes, why_not)


def world_slopes(by: ParameterSlopes, sums: Sums, threads: bool = False) -> list[SlopedAnswer]:
    """Return sums of answers in one world, with their slopes by some parameters.

    The questions of a sum are of one kind; what they move goes back together.
    """
    solver = _World(by, threads)
    kinds = {"moving": solver.moving, "gain": solver.utility_gains, "still": solver.still}
    found: dict[int, SlopedAnswer] = {}
    for kind, find in kinds.items():
        numbers = [k for k, ((_, (question, _)), *_) in enumerate(sums) if _kind(question) == kind]
        found |= zip(numbers, solver.tried(find, [sums[k] for k in numbers]), strict=True)
    return [found[k] for k in range(len(sums))]


def _kind(question: Question | LongRunQuestion | TimeQuestion) -> str:
    """Return how an answer moves: with what actors choose, with utilities alone, or not at all."""
    if isinstance(question, GainQuestion):
        return "gain" if question.by == "utility" else "moving"
    return "moving" if question.in_time else "still"


class _World:
    def __init__(self, by: ParameterSlopes, threads: bool) -> None:
        self.by, self.model, self.names, self.threads = by, by.model, by.names, threads
        self.solved, self.true = by.solved, by.true
        self.none = np.full(len(by.names), np.nan)

    def tried(self, find: Find, sums: Sums) -> list[SlopedAnswer]:
        """Return sums; where some question has no answer, each alone, or why there is none."""
        try:
            return find(sums) if sums else []
        except FAILURES as error:
            if len(sums) == 1:
                why_not = f"no answer: {reason_of(error)}"
                return [SlopedAnswer(math.nan, self.none, why_not)]
        return [self.tried(find, [one])[0] for one in sums]

    def still(self, sums: Sums) -> list[SlopedAnswer]:
        """Return answers without slopes: yes or no, and those of the table of bargaining."""
        return [
            SlopedAnswer(
                self._answer(one),
                self.none,
                _JUMPS if one[0][1][0].kind == "truth" else _OF_TABLE,
            )
            for one in sums
        ]

    def _answer(self, questions: Sequence[SignedQuestion]) -> float:
        return sum(
            sign * answer_alone(question, self.model, scope)
            for sign, (question, scope) in questions
            if not isinstance(question, LongRunQuestion | TimeQuestion)
        )

    def utility_gains(self, sums: Sums) -> list[SlopedAnswer]:
        """Return gains in utility."""
        conflict = self.solved.conflict
        gradient = ConflictGradient.zero(conflict, len(sums))
        for k, sign, (question, _) in _numbered(sums):
            assert isinstance(question, GainQuestion)
            own = gradient.utility[conflict.actors.index(question.actor), :, k]
            for now, changed, weight in compared_states(question, self.solved):
                own[changed] += sign * weight
                own[now] -= sign * weight
        slopes = self._at_edges(sums, self.true.through(gradient))
        values = [self._answer(one) for one in sums]
        return [SlopedAnswer(*one) for one in zip(values, slopes, strict=True)]

    def _at_edges(self, sums: Sums, slopes: Floats) -> Floats:
        """Put NaN where what a question asks about changes with a parameter."""
        for k, _, piece in _numbered(sums):
            slopes[k, self.true.at_edge(_truths(piece))] = np.nan
        return slopes

    def moving(self, sums: Sums) -> list[SlopedAnswer]:
        """Return the answers that hang on what actors choose."""
        count = len(sums)
        games = PlayedGames(self.solved.equilibrium, count)
        values, slopes = np.zeros(count), np.zeros((count, len(self.names)))
        self._add_timed(sums, games, values, slopes)
        for k, sign, (question, _) in _numbered(sums):
            if isinstance(question, GainQuestion):
                values[k] += sign * answer_alone(question, self.model)
                self._add_gain(question, games, k, sign)
        through = self.by.through(games, self.threads)
        slopes = self._at_edges(sums, slopes + through.slopes)
        found = []
        for k in range(count):
            why_not = _VOID if math.isnan(values[k]) else through.why_not[k]
            by = self.none if why_not else slopes[k]
            found.append(SlopedAnswer(float(values[k]), by, why_not))
        return found

    def _add_timed(self, sums: Sums, games: PlayedGames, values: Floats, slopes: Floats) -> None:
        """Fill in the answers to questions about time, and add what moves them."""
        timed = [one for one in _numbered(sums) if one[2][0].in_time]
        if not timed:
            return
        chain = self.solved.chain
        asked = [self._asked(piece) for _, _, piece in timed]
        share = np.zeros((len(timed), len(sums)))
        for row, (k, own, _) in enumerate(timed):
            share[row, k] = own
        found = answer_slopes(chain, asked, share, threads=self.threads)
        for (k, own, _), value in zip(timed, found.value, strict=True):
            values[k] += own * value
        add_rate_slopes(games, chain.live, chain.step, found.rate)
        for (k, own, _), one, weight in zip(timed, asked, found.number.T, strict=True):
            if isinstance(one.what, Formula):
                over = np.zeros((self.solved.conflict.size, 1))
                over[chain.live, 0] = own * weight
                slopes[k] += self.true.of_formula(one.what, over)[0]

    def _add_gain(
        self, question: GainQuestion, games: PlayedGames, number: int, sign: float
    ) -> None:
        """Add how a gain in value moves with the values."""
        acting = games.equilibrium.believed(question.actor)
        actor = acting.conflict.actors.index(question.actor)
        by_value, span = games.of(acting).value[actor, :, number], acting.game.span[actor]
        for now, changed, weight in compared_states(question, self.solved):
            by_value[changed] += sign * weight * span
            by_value[now] -= sign * weight * span

    def _asked(self, piece: ScopedAsked) -> AskedFrom:
        question, scope = piece
        start = self.solved.start(question.arm.given)
        if isinstance(question, ProbabilityQuestion):
            return AskedFrom(question.query, start, scope)
        if isinstance(question, TimeQuestion):
            return AskedFrom(question.formula, start, until=True)
        if isinstance(question, LongRunQuestion):
            return AskedFrom(question.formula, start, years=math.inf)
        assert isinstance(question, AverageQuestion | ExpectedQuestion)
        averaged = isinstance(question, AverageQuestion)
        return AskedFrom(question.formula, start, scope, question.years, averaged)


def _numbered(sums: Sums) -> Iterator[tuple[int, float, ScopedAsked]]:
    """Return each question with the number of its sum and its sign."""
    return ((k, sign, piece) for k, one in enumerate(sums) for sign, piece in one)


def _truths(piece: ScopedAsked) -> Iterable[Formula]:
    """Return the formulas of a question that say where something holds."""
    question, scope = piece
    parts: list[object] = [scope, question.arm.given]
    if isinstance(question, ProbabilityQuestion):
        parts += [question.query.left, question.query.right]
    elif isinstance(question, TimeQuestion):
        parts.append(question.formula)
    return [part for part in parts if isinstance(part, Formula)]
