"""Exchanges that are handed to the timed game: who is in it, where all stand, what all is called.

Names of the table can be any text; in a case they are identifiers, all different. Cost: linear in
the cells of the issues that are traded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.bargaining import PositionExchanges
from detente.case import identifiers
from detente.errors import InputError
from detente.text import plural
from detente.values import Floats

MOST_EXCHANGES = 4
"""In one case: each makes the game eight times larger."""
NUMBERS = ("salience", "capability")
"""Of the table, that are parameters of the case."""

_TAKEN = ("rate", "discount", "answer", "sharpness", "hold", "give", "stands", "void")
"""Names of the case that no actor of the table may have."""


class TradedExchanges:
    """Exchanges that are handed over together.

    Parameters
    ----------
    exchanges : PositionExchanges
    numbers : int or sequence of int
        Which of those made, from 1.

    Attributes
    ----------
    table : BargainingTable
    numbers : tuple of int
    made : dict of int to PositionExchange
    position : ndarray, (actors, issues)
        After the exchanges made before the first of these.
    issues, givers, others : list of str
        What is traded, by whom, and who else is party to it; names of the table.
    actor, option, outcome, third : dict of str to str
        Identifiers of givers; of issues as options, and as outcomes; of third parties.
    condition : dict of int to str
        Identifiers of the exchanges.
    distance : dict of (str, str) to str
        Identifiers of how far a giver is from what it wants on an issue.
    """

    def __init__(self, exchanges: PositionExchanges, numbers: int | Sequence[int]) -> None:
        self.numbers = _chosen(exchanges, numbers)
        self.table = exchanges.table
        self.made = {number: exchanges.made[number - 1] for number in self.numbers}
        self.position = _positions(exchanges, self.numbers[0] - 1)
        self._check()
        ones = self.made.values()
        self.issues = _in_order(self.table.issues, [p for one in ones for p in one.issues])
        self.givers = _in_order(self.table.actors, [a for one in ones for a in one.givers])
        self.others = [
            actor for actor in self.table.actors
            if actor not in self.givers and self.of(actor)
        ]  # fmt: skip
        self._name()

    def _check(self) -> None:
        for number, one in self.made.items():
            place = [
                (self.row(a), self.column(p)) for a, p in zip(one.givers, one.issues, strict=True)
            ]
            if not np.allclose([self.position[at] for at in place], one.before, rtol=1e-9):
                raise InputError(
                    f"exchange {number} moves a position that another one has moved by then; hand "
                    "it over by itself"
                )

    def _name(self) -> None:
        """Give all actors, conditions and issues names that differ; options and numbers too."""
        pairs = [(a, p) for a in self.givers for p in self.of(a)]
        raw = [
            *_TAKEN,
            *self.givers,
            *(f"exchange {number}" for number in self.numbers),
            *(f"{p[:20]} outcome" for p in self.issues),
            *(f"{a[:15]} from {p[:15]}" for a, p in pairs),
            *(f"{a[:20]} third party" for a in self.others),
        ]
        names = iter(identifiers(raw, "n")[len(_TAKEN) :])
        self.actor = {a: next(names) for a in self.givers}
        self.condition = {number: next(names) for number in self.numbers}
        self.outcome = {p: next(names) for p in self.issues}
        self.distance = {pair: next(names) for pair in pairs}
        self.third = {a: next(names) for a in self.others}
        words = [
            *self.issues,
            *(f"{p[:25]} {word}" for p in self.issues for word in NUMBERS),
        ]
        names = iter(identifiers(words, "issue"))
        self.option = {p: next(names) for p in self.issues}
        self._number = {(p, word): next(names) for p in self.issues for word in NUMBERS}

    def options(self, number: int) -> tuple[str, str]:
        """Return the options by which the two givers of an exchange give, with their actors."""
        one = self.made[number]
        first, second = (
            f"{self.actor[a]}.{self.option[p]}" for a, p in zip(one.givers, one.issues, strict=True)
        )
        return first, second

    def parameter(self, actor: str, issue: str, word: str) -> str:
        """Return the parameter that holds a giver's salience or capability on an issue."""
        return f"{self.actor[actor]}.{self._number[issue, word]}"

    def of(self, actor: str) -> list[str]:
        """Return the traded issues that an actor is party to."""
        return [p for p in self.issues if self.table.party[self.row(actor), self.column(p)]]

    def row(self, actor: str) -> int:
        """Return where an actor stands in the arrays of the table."""
        return self.table.actors.index(actor)

    def column(self, issue: str) -> int:
        """Return where an issue stands in the arrays of the table."""
        return self.table.issues.index(issue)


def _chosen(exchanges: PositionExchanges, numbers: int | Sequence[int]) -> tuple[int, ...]:
    chosen = tuple(sorted({numbers} if isinstance(numbers, int) else set(numbers)))
    count = len(exchanges.made)
    if not count:
        raise InputError("no exchange is made on this table, so there is none to ask about")
    for number in chosen:
        if not 1 <= number <= count:
            raise InputError(f"there is no exchange {number}; give a number from 1 to {count}")
    if not 1 <= len(chosen) <= MOST_EXCHANGES:
        said = plural(len(chosen), "exchange")
        raise InputError(f"{said} in one case; give from one to {MOST_EXCHANGES}")
    return chosen


def _positions(exchanges: PositionExchanges, count: int) -> Floats:
    """Return where everybody stands after the first exchanges."""
    table = exchanges.table
    position = np.array(table.position)
    for one in exchanges.made[:count]:
        for giver, issue, after in zip(one.givers, one.issues, one.after, strict=True):
            position[table.actors.index(giver), table.issues.index(issue)] = after
    return position


def _in_order(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    return [name for name in names if name in wanted]
