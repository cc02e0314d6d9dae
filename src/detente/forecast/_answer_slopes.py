"""How answers over a chain move with its rates, and with the numbers that are asked about.

Every question is a few vectors that march from where it ends to today (`detente.forecast._until`,
`detente.forecast._average`), so that its slopes are those of the marches
(`detente.forecast._adjoint_march`): one march there and back for all questions. Without an end a
question is a linear system instead (`detente.forecast._endless_slopes`): its slope by the rate from
s to s' is the expected time in s times what the change from s to s' is worth. Within a scope an
answer is one march divided by another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detente.errors import InputError
from detente.expression import Formula, Query
from detente.forecast._adjoint_march import March, MarchAndBack
from detente.forecast._chain import Chain, ticks
from detente.forecast._endless_slopes import long_run_slopes, pulled, time_slopes
from detente.forecast._flow import expected_years
from detente.forecast._question import VOID, number, query_sides, within_scope
from detente.forecast._reach import eventually, sort_out
from detente.values import Bools, Floats


class AskedFrom(NamedTuple):
    """A question over a chain, and from where it is asked.

    ``what`` is a query, or a formula whose value after ``years``, or average over them, is wanted:
    its long-run mean where they are infinite. With ``until`` the years until the formula holds are
    wanted, over the paths on which it does. ``start`` holds probabilities over the states of the
    chain.
    """

    what: Query | Formula
    start: Floats
    scope: Formula | None = None
    years: float = 0.0
    averaged: bool = False
    until: bool = False


class AnswerSlopes(NamedTuple):
    """Answers and their slopes.

    Attributes
    ----------
    value : ndarray, (questions,)
        nan where the scope cannot hold; its slopes are zero then.
    rate : ndarray, (entries of the chain's step matrix, sums)
        By the rate of each change of state, which leaves less for staying.
    number : ndarray, (states, questions)
        By what the formula of a question is at each state; zero for queries.
    """

    value: Floats
    rate: Floats
    number: Floats


def answer_slopes(
    chain: Chain,
    asked: Sequence[AskedFrom],
    share: Floats | None = None,
    *,
    threads: bool = False,
) -> AnswerSlopes:
    """Return answers and how they move with the rates of a chain.

    ``share``, (questions, sums), says what each counts in sums of them, by default each in its own;
    slopes by rates are those of the sums. With ``threads`` vectors march at the same moment, eight
    by eight, which changes no digit.

    Examples
    --------
    Whoever moves at rate 2 has moved within a year with 1 - exp(-2 * 0.5):

    >>> from detente import Conflict
    >>> from detente.forecast._chain import chain_of
    >>> from detente.forecast._nested import read_query
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}}, moves={"row": {"act": "up"}},
    ...     utility={"row": [0.0, 0.0]}, rates={"row": 2.0}, precision={"row": 0.0},
    ... )
    >>> chain = chain_of(conflict.equilibrium())
    >>> query = read_query(conflict, "F[0, 1] row.act == go")
    >>> found = answer_slopes(chain, [AskedFrom(query, np.array([1.0, 0.0]))])
    >>> found.value.round(6).tolist(), found.rate.round(6).ravel().tolist()
    ([0.632121], [0.367879, 0.0])
    """
    late, early = _Marches(chain, threads), _Marches(chain, threads)
    share = np.eye(len(asked)) if share is None else share
    by_rate = np.zeros((chain.step.nnz, share.shape[1]))
    by_number = np.zeros((chain.live.size, len(asked)))
    answers = np.zeros(len(asked))
    questions = []
    for k, one in enumerate(asked):
        if isinstance(one.what, Query) or not (one.until or math.isinf(one.years)):
            questions.append(_Open(chain, k, one, late, early))
        elif one.until:
            answers[k], slopes = time_slopes(chain, one.what, one.start)
            _add_column(by_rate, slopes, share[k])
        else:
            found = long_run_slopes(chain, number(chain, one.what), one.start)
            answers[k], slopes, by_number[:, k] = found
            _add_column(by_rate, slopes, share[k])
    late.forward()
    for question in questions:
        question.go_on()
    early.forward()
    for question in questions:
        answers[question.owner] = question.settle()
    early.backward(share, by_rate)
    for question in questions:
        question.go_back(share, by_rate)
    late.backward(share, by_rate)
    for question in questions:
        by_number[:, question.owner] = question.by_number()
    return AnswerSlopes(answers, by_rate, by_number)


def _add_column(by_rate: Floats, slopes: Floats, share: Floats) -> None:
    """Add the slopes of a question to those of the sums in which it counts."""
    for k in np.flatnonzero(share):
        by_rate[:, k] += share[k] * slopes


class _Marches:
    """Vectors that march side by side, gathered one by one."""

    def __init__(self, chain: Chain, threads: bool) -> None:
        self.chain, self.threads = chain, threads
        self.owner: list[int] = []
        self.lead: list[int] = []
        self.clock: list[tuple[float, bool]] = []
        self.begin: list[Floats] = []
        self.walk: list[Floats] = []
        self.held: list[Floats] = []
        self.led: list[Floats] = []
        self.seed: list[Floats] = []
        self.total = self.slope_begin = self.slope_more = np.empty((0, 0))
        self._on_the_way: MarchAndBack | None = None

    def add(
        self, owner: int, years: float, walk: Bools, *, begin: Floats | None = None,
        held: Floats | None = None, led: Floats | None = None, lead: int = -1,
        averaged: bool = False,
    ) -> int:  # fmt: skip
        """Add a vector for a question; return its number."""
        nothing = np.zeros(walk.size)
        self.owner.append(owner)
        self.lead.append(lead)
        self.clock.append((years, averaged))
        self.walk.append(walk.astype(np.float64))
        for kept, given in ((self.begin, begin), (self.held, held), (self.led, led)):
            kept.append(nothing if given is None else given)
        self.seed.append(nothing)
        return len(self.owner) - 1

    def forward(self) -> None:
        """March; ``total`` is then (vectors, states)."""
        if self.owner:
            begin, walk, held, led = (
                np.stack(rows, axis=1) for rows in (self.begin, self.walk, self.held, self.led)
            )
            march = March(begin, walk, held, led, np.array(self.lead), self._weights())
            self._on_the_way = MarchAndBack(self.chain.step, march, self.threads)
            self.total = self._on_the_way.forward().T

    def _weights(self) -> Floats:
        """Return how much each tick of each vector counts."""
        found = {clock: ticks(self.chain.rate * clock[0]) for clock in self.clock}
        most = max(first + weights.size for first, weights in found.values())
        table = np.zeros((most, len(self.clock)))
        for k, clock in enumerate(self.clock):
            first, weights = found[clock]
            place = slice(first, first + weights.size)
            table[place, k] = (
                weights / np.arange(first + 1.0, place.stop + 1.0) if clock[1] else weights
            )
        return table

    def backward(self, share: Floats, by_rate: Floats) -> None:
        """Add the slopes by the rates of change; the others are then (vectors, states)."""
        if self._on_the_way is not None:
            seed, counts = np.stack(self.seed, axis=1), share[self.owner] / self.chain.rate
            slopes = self._on_the_way.backward(seed, counts, by_rate)
            self.slope_begin, self.slope_more = slopes.begin.T, slopes.more.T


class _Open:
    """A question on its way there and back."""

    def __init__(
        self, chain: Chain, owner: int, asked: AskedFrom, late: _Marches, early: _Marches
    ) -> None:
        self.chain, self.owner, self.asked, self.late, self.early = chain, owner, asked, late, early
        self.value = self.scope = self.value_before = self.scope_before = -1
        self.left = self.right = self.within = within_scope(chain, asked.scope)
        self.ever: Floats | None = None
        self.seed_ever = np.zeros(asked.start.size)
        scoped = not self.within.all()
        what = asked.what
        if isinstance(what, Formula):
            self._begin_number(number(chain, what), scoped)
            return
        self.left, self.right, self.within = query_sides(chain, what, asked.scope)
        if what.operator == "":
            return
        if math.isinf(what.high):
            if asked.scope is not None:
                raise InputError(f"{what.text!r} has no end, a scope needs one; write F[0, years]")
            self.ever, _ = eventually(chain, self.left, self.right)
        else:
            self._begin_until(what.high - what.low, scoped)
        if what.low > 0.0:
            within = self.left & self.within
            self.value_before = early.add(owner, what.low, within)
            if scoped:
                self.scope_before = early.add(owner, what.low, self.within)

    def _begin_number(self, numbers: Floats, scoped: bool) -> None:
        years, within, averaged = self.asked.years, self.within, self.asked.averaged
        self._begin_scope(years, scoped)
        begin = None if averaged else numbers * within
        held = numbers if averaged and not scoped else None
        led = numbers * within if averaged and scoped else None
        lead = self.scope if averaged else -1
        self.value = self.late.add(
            self.owner, years, within, begin=begin, held=held, led=led, lead=lead, averaged=averaged
        )

    def _begin_until(self, years: float, scoped: bool) -> None:
        self._begin_scope(years, scoped)
        there = (self.right & self.within).astype(np.float64)
        held, led = (None, there) if scoped else (there, None)
        walk = self.left & ~self.right & self.within
        self.value = self.late.add(self.owner, years, walk, held=held, led=led, lead=self.scope)

    def _begin_scope(self, years: float, scoped: bool) -> None:
        if scoped:
            begin = self.within.astype(np.float64)
            self.scope = self.late.add(self.owner, years, self.within, begin=begin)

    def _ends(self) -> Floats:
        """Return what the question is worth from each state when its period begins."""
        if self.ever is not None:
            return self.ever
        if self.value < 0:
            return (self.right & self.within).astype(np.float64)
        return np.asarray(self.late.total[self.value])

    def go_on(self) -> None:
        """March on to today from where the period begins."""
        if self.value_before >= 0:
            self.early.begin[self.value_before] = self._ends() * (self.left & self.within)
        if self.scope_before >= 0:
            self.early.begin[self.scope_before] = self.late.total[self.scope] * self.within

    def settle(self) -> float:
        """Return the answer, and seed the way back."""
        start, sign = self.asked.start, 1.0
        values, held = self._ends(), np.ones(start.size)
        if self.value_before >= 0:
            values = self.early.total[self.value_before]
        if self.scope_before >= 0:
            held = self.early.total[self.scope_before]
        elif self.scope >= 0:
            held = self.late.total[self.scope]
        elif self.value < 0 and self.ever is None:
            held = self.within.astype(np.float64)
        scoped = float(start @ held)
        if scoped < VOID:
            return math.nan
        answer = float(start @ values) / scoped
        if isinstance(self.asked.what, Query) and self.asked.what.operator == "G":
            sign = -1.0
        self._seed(self.value_before, self.value, sign / scoped * start)
        if self.scope >= 0:
            self._seed(self.scope_before, self.scope, -sign * answer / scoped * start)
        return 1.0 - answer if sign < 0.0 else answer

    def _seed(self, before: int, late: int, seed: Floats) -> None:
        if before >= 0:
            self.early.seed[before] = seed
        elif late >= 0:
            self.late.seed[late] = seed
        else:
            self.seed_ever = seed

    def go_back(self, share: Floats, by_rate: Floats) -> None:
        """Take the slopes back through where the period begins."""
        if self.value_before >= 0:
            seed = self.early.slope_begin[self.value_before] * (self.left & self.within)
            self._seed(-1, self.value, seed)
        if self.scope_before >= 0:
            seed = self.early.slope_begin[self.scope_before] * self.within
            self.late.seed[self.scope] = seed
        if self.ever is not None:
            _add_column(by_rate, self._by_rate_without_end(self.ever), share[self.owner])

    def _by_rate_without_end(self, ever: Floats) -> Floats:
        never, _ = sort_out(self.chain, self.left, self.right)
        years = expected_years(self.chain, ~never & ~self.right, self.seed_ever)
        return pulled(self.chain, years, ever)

    def by_number(self) -> Floats:
        """Return slopes by the number that is asked about at each state."""
        if isinstance(self.asked.what, Query):
            return np.zeros(self.within.size)
        slopes = self.late.slope_more if self.asked.averaged else self.late.slope_begin
        return np.asarray(slopes[self.value] * self.within)
