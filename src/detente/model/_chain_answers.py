"""A chain with what was asked of it from every start at once.

Questions that are known beforehand are answered together when the first of them is asked: those
over the same period share one pass, and with threads the passes are made at the same moment. A
question that was not known is answered alone. Cost: a pass per period; see `detente.forecast`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from detente.case import AverageQuestion, ExpectedQuestion, ProbabilityQuestion, Question
from detente.engine import side_by_side
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

    def __init__(self, chain: Chain, questions: Sequence[ScopedQuestion], threads: bool) -> None:
        self.chain = chain
        self._threads = threads
        self._found = Found()
        self._queries: list[AskedQuery] = []
        self._averages: list[AskedNumber] = []
        self._expected: list[AskedNumber] = []
        for question, scope in questions:
            match question:
                case ProbabilityQuestion(query):
                    self._queries.append((query, scope))
                case AverageQuestion(formula, years):
                    self._averages.append((formula, years, scope))
                case ExpectedQuestion(formula, years):
                    self._expected.append((formula, years, scope))

    def query(self, asked: AskedQuery) -> SolvedUntil:
        """Return a query from every start."""
        return self._one("queries", self._queries, asked, self._solve_queries)

    def average(self, asked: AskedNumber) -> SolvedAverage:
        """Return an average over years from every start."""
        return self._one("averages", self._averages, asked, self._solve_averages)

    def expected(self, asked: AskedNumber) -> SolvedAverage:
        """Return an expected value after years from every start."""
        return self._one("expected", self._expected, asked, self._solve_expected)

    def works(self) -> list[Callable[[], object]]:
        """Return what is to be done for all questions that are known; calling it remembers."""
        kinds: list[tuple[Sequence[AskedQuery | AskedNumber], Callable[[], object]]] = [
            (self._averages, lambda: self.average(self._averages[0])),
            (self._queries, lambda: self.query(self._queries[0])),
            (self._expected, lambda: self.expected(self._expected[0])),
        ]
        return [work for asked, work in kinds if asked]

    def _one(
        self,
        kind: str,
        known: Sequence[Asked],
        asked: Asked,
        solve: Callable[[Sequence[Asked]], Mapping[Asked, Solved]],
    ) -> Solved:
        if asked in known:
            return self._found.get(kind, lambda: solve(list(dict.fromkeys(known))))[asked]
        return self._found.get((kind, asked), lambda: solve([asked]))[asked]

    def _solve_queries(self, asked: Sequence[AskedQuery]) -> Mapping[AskedQuery, SolvedUntil]:
        solved = solve_queries(self.chain, asked, threads=self._threads)
        return dict(zip(asked, solved, strict=True))

    def _solve_averages(self, asked: Sequence[AskedNumber]) -> Mapping[AskedNumber, SolvedAverage]:
        solved = solve_averages(self.chain, asked, threads=self._threads)
        return dict(zip(asked, solved, strict=True))

    def _solve_expected(self, asked: Sequence[AskedNumber]) -> Mapping[AskedNumber, SolvedAverage]:
        works = [partial(solve_expected, self.chain, *one) for one in asked]
        return dict(zip(asked, side_by_side(works, self._threads), strict=True))
