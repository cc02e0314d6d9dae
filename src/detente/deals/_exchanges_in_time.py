"""Whether exchanges of positions hold in time, in the terms of the table that they come from.

Each exchange is asked about in a timed game of its own (`exchange_case`), twice. It is
self-enforcing (Telser 1980) when each giver does its part as long as the other does: by taking it
back a giver has more until the exchange is off, at the rate `answer`, and from then on has less. So
it does its part just as long as it discounts by less than `answer` times what it gains by the
exchange over what it gains by breaking it, a year each; the giver with the lower bound breaks it
first. That takes no equilibrium. The forecast is stricter: there each also reckons with the other's
mistakes, and with its fear of one's own. It says whether an exchange that was made is still in
force after a year. Cost: an equilibrium of eight states an exchange, some hundredths of a second.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.bargaining import PositionExchange, PositionExchanges
from detente.case import Case
from detente.deals._deviation import LinkedDeal
from detente.deals._linked_deals import linked_deals
from detente.deals._traded_case import exchange_case
from detente.deals._traded_exchanges import TradedExchanges
from detente.equilibrium import solve
from detente.errors import AnalysisError
from detente.stability import known_concept
from detente.text import Result, plural, show
from detente.values import data_frame, plain_fields

_WIDTH = 80


@dataclass(frozen=True, eq=False)
class ExchangeInTime(Result):
    """An exchange of the table, and whether it holds in the timed game.

    Attributes
    ----------
    number : int
        Among the exchanges made, from 1.
    exchange : PositionExchange
    discount : float
        The rate at which both discount.
    at_once : mapping of str to float
        By giver, what it has more a year as soon as it takes its part back.
    most_discount : mapping of str to float
        By giver, the discount rate from which on it takes its part back, though the other does its
        own.
    deal : LinkedDeal or None
        The same as a linked deal of the game: its gains a year, and whether it is stable; None
        where it gains too little to be told from rounding, or the game has no solution.
    in_force : float
        How likely the exchange, once made, is still in force after a year, in the forecast.
    unsolved : str
        Why the game has no solution; empty where it has one.
    """

    number: int
    exchange: PositionExchange
    discount: float
    at_once: Mapping[str, float]
    most_discount: Mapping[str, float]
    deal: LinkedDeal | None = None
    in_force: float = float("nan")
    unsolved: str = ""

    @property
    def self_enforcing(self) -> bool:
        """Whether each giver does its part as long as the other does."""
        return self.discount < self.most_discount[self.first]

    @property
    def first(self) -> str:
        """The giver that would break it first."""
        return min(self.most_discount, key=lambda actor: self.most_discount[actor])

    def __str__(self) -> str:
        """Return the exchange and how it stands, in lines of at most 80 columns."""
        at_once = f"{show(self.at_once[self.first], 'signed')} a year at once"
        most = f"below a discount of {show(self.most_discount[self.first], 'fine')}"
        word = f"not self-enforcing, only {most}: {self.first} breaks it first"
        if self.self_enforcing:
            word = f"self-enforcing {most}: {self.first} would break it first"
        lines = [f"{self.number}. {self.exchange}", f"{word} ({at_once})", self._forecast()]
        return "\n".join(
            textwrap.fill(line, _WIDTH, initial_indent="   " * (k > 0), subsequent_indent="   ")
            for k, line in enumerate(lines)
        )

    def _forecast(self) -> str:
        if self.unsolved:
            return f"in the forecast: no answer, {self.unsolved}"
        return f"in the forecast: once made, in force after a year {show(self.in_force, 'share')}"

    def to_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        return {
            **plain_fields(self),
            "self_enforcing": self.self_enforcing,
            "first": self.first,
        }


@dataclass(frozen=True, eq=False)
class ExchangesInTime(Result):
    """Exchanges of a table, each with whether it holds; made by `exchanges_in_time`.

    Attributes
    ----------
    exchanges : PositionExchanges
        All that were made.
    found : tuple of ExchangeInTime
        Those that were asked about.
    assumed : mapping of str to float
        Chances to move, answers and discount a year.
    """

    exchanges: PositionExchanges
    found: tuple[ExchangeInTime, ...]
    assumed: Mapping[str, float]

    def __len__(self) -> int:
        """Return how many exchanges were asked about."""
        return len(self.found)

    def __iter__(self) -> Iterator[ExchangeInTime]:
        """Iterate over them in their order."""
        return iter(self.found)

    def __str__(self) -> str:
        """Return how many hold, on which assumptions, and each of them."""
        if not self.found:
            return "in time: no exchange is made on this table"
        holding = sum(one.self_enforcing for one in self.found)
        asked = plural(len(self.found), "exchange")
        terms = ", ".join(f"{name} {show(value, 'fine')}" for name, value in self.assumed.items())
        head = f"in time: {holding} of {asked} self-enforcing ({terms})"
        return "\n".join([textwrap.fill(head, _WIDTH), *map(str, self.found)])

    def to_dict(self) -> dict[str, Any]:
        """Return the exchanges that were asked about, ready for JSON."""
        return {"assumed": dict(self.assumed), "exchanges": [one.to_dict() for one in self.found]}

    def to_pandas(self) -> Any:
        """Return a row an exchange."""
        return data_frame([
            {
                "exchange": one.number,
                "giver": one.exchange.givers[0], "issue": one.exchange.issues[0],
                "other giver": one.exchange.givers[1], "other issue": one.exchange.issues[1],
                "gain": one.exchange.gain, "self enforcing": one.self_enforcing,
                "breaks first": one.first, "gain at once": one.at_once[one.first],
                "most discount": one.most_discount[one.first], "in force": one.in_force,
            }
            for one in self.found
        ])  # fmt: skip


def exchanges_in_time(
    exchanges: PositionExchanges,
    numbers: Sequence[int] | None = None,
    settings: Mapping[str, float] | None = None,
    concept: str = "seq",
) -> ExchangesInTime:
    """Ask of exchanges, each in a game of its own, whether they hold and who breaks them first.

    Parameters
    ----------
    exchanges : PositionExchanges
    numbers : sequence of int, optional
        Which of those made, from 1; all by default.
    settings : mapping of str to float, optional
        Values of the games' parameters: ``rate``, ``discount``, ``answer``, ``sharpness``.
    concept : str
        Of stability, for the linked deal.

    Raises
    ------
    InputError
        For a number that no exchange has, or a parameter that the games do not have.
    AnalysisError
        When a game cannot be solved.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table, exchange
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1)},
    ...     "fund": {"a": (100, 0.3, 1), "b": (0, 0.9, 1)},
    ... }
    >>> made = exchange(bargaining_table(cells))
    >>> [one.self_enforcing for one in exchanges_in_time(made)]
    [True]
    >>> [one.first for one in exchanges_in_time(made, settings={"discount": 8})]
    ['a']
    """
    concept = known_concept(concept)
    asked = range(1, len(exchanges.made) + 1) if numbers is None else numbers
    cases = {n: exchange_case(exchanges, n).set(settings or {}) for n in asked}
    found = tuple(_in_time(exchanges, n, case, concept) for n, case in cases.items())
    assumed = _assumed(next(iter(cases.values()))) if cases else {}
    return ExchangesInTime(exchanges, found, assumed)


def _assumed(case: Case) -> dict[str, float]:
    return {name: case.parameters[name].value for name in ("rate", "answer", "discount")}


def _in_time(exchanges: PositionExchanges, number: int, case: Case, concept: str) -> ExchangeInTime:
    one = exchanges.made[number - 1]
    trade = TradedExchanges(exchanges, number)
    options, actor = trade.options(number), trade.actor
    conflict = case.conflict()
    made = dict.fromkeys(options, "give")
    here, both = conflict.index(), conflict.index(made)
    answer = case.parameters["answer"].value
    at_once, most = {}, {}
    for giver, own in zip(one.givers, options, strict=True):
        flow = conflict.utility[actor[giver]].flat
        at_once[giver] = float(flow[conflict.index(made | {own: "hold"})] - flow[both])
        gain = float(flow[both] - flow[here])
        most[giver] = answer * gain / at_once[giver] if at_once[giver] > 0.0 else np.inf
    discount = case.parameters["discount"].value
    stated = ExchangeInTime(number, one, discount, at_once, most)
    try:
        solved = solve(conflict)
        deals = linked_deals(conflict, concept=concept, over="today", without=solved)
    except AnalysisError as error:
        return replace(stated, unsolved=str(error))
    stays = " and ".join(f"{own} == give" for own in options)
    return replace(
        stated,
        deal=next((deal for deal in deals if deal.exchange.state == both), None),
        in_force=solved.probability(f"G[0, 1] {stays}", made).value,
    )
