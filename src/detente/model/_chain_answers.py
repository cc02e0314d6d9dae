"""A chain with what was asked of it from every start at once.

Questions that are known beforehand are answered together when the first of them is asked: those
of a kind share one pass. A question that was not known is answered alone. Cost: a pass per kind;
see `detente.forecast`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from detente.case import AverageQuestion, ExpectedQuestion, ProbabilityQuestion, Question
from detente.expression import Formula, Query
from detente.forecast import (
    Chain,
    SolvedAverage,
    SolvedUntil,
    solve_averages,
    solve_expected,
    solve_queries,
)
from detente.model._found import Found

ScopedQuestion = tuple[Question, Formula | None]
"""A question, and the formula while which it is asked."""
AskedQuery = tuple[Query, Formula | None]
AskedNumber = tuple[Formula, float, Formula | None]
Asked = TypeVar("Asked", bound=Hashable)
Solved = TypeVar("Solved")


class ChainAnswers:
    """What follows over one chain; see `SolvedWorld`.

    Attributes
    ----------
    chain : Chain
    """

    def __init__(self, chain: Chain, questions: Sequence[ScopedQuestion]) -> None:
        self.chain = chain
        self._found = Found()
        self._queries: dict[AskedQuery, None] = {}
        self._averages: dict[AskedNumber, None] = {}
        self._expected: dict[AskedNumber, None] = {}
        for question, scope in questions:
            match question:
                case ProbabilityQuestion(query):
                    self._queries[query, scope] = None
                case AverageQuestion(formula, years):
                    self._averages[formula, years, scope] = None
                case ExpectedQuestion(formula, years):
                    self._expected[formula, years, scope] = None

    def query(self, asked: AskedQuery) -> SolvedUntil:
        """Return a query from every start."""
        return self._one(self._queries, asked, solve_queries)

    def average(self, asked: AskedNumber) -> SolvedAverage:
        """Return an average over years from every start."""
        return self._one(self._averages, asked, solve_averages)

    def expected(self, asked: AskedNumber) -> SolvedAverage:
        """Return an expected value after years from every start."""
        return self._one(self._expected, asked, solve_expected)

    def works(self) -> list[Callable[[], object]]:
        """Return what is to be done for all questions that are known; calling it remembers."""
        return [
            *(partial(self.average, asked) for asked in islice(self._averages, 1)),
            *(partial(self.query, asked) for asked in islice(self._queries, 1)),
            *(partial(self.expected, asked) for asked in islice(self._expected, 1)),
        ]

    def _one(
        self,
        known: Mapping[Asked, None],
        asked: Asked,
        solve: Callable[[Chain, Sequence[Asked]], Sequence[Solved]],
    ) -> Solved:
        """Return the answer to a question; with the first of those known beforehand, all are."""
        if asked not in known:
            return self._found.get((solve, asked), lambda: solve(self.chain, [asked])[0])

        def all_known() -> dict[Asked, Solved]:
            return dict(zip(known, solve(self.chain, list(known)), strict=True))

        return self._found.get(solve, all_known)[asked]
