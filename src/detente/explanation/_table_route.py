"""What carries an answer of the table of bargaining: exchanges with their gains, or weights.

Of an outcome after exchanges, those that move the issue; of a gain, those that bring or cost most;
of an exchange, the exchange itself, or what is made instead. Of any other outcome, who has how much
of the weight on the issue, and where it stands. Cost: none beyond the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from detente.bargaining import PositionExchange
from detente.case import ExchangeQuestion, OutcomeQuestion, TableQuestion
from detente.model import SolvedWorld
from detente.text import listed, show
from detente.values import plain_fields

_MOST = 3
_SMALL = 1e-9


@dataclass(frozen=True, slots=True)
class TableRoute:
    """How the table of bargaining comes to an answer.

    Attributes
    ----------
    assumption : str
        What the model takes for granted, in a sentence; empty where exchanges carry the answer.
    start : float
        Where the issue stands before any exchange; 0 for other questions.
    exchanges : tuple of (PositionExchange, float)
        Those that carry the answer, most first, with what each adds to it.
    possible : int
        How many exchanges could be made at first.
    weights : tuple of (str, float, float)
        Party, position, and share of the weight on the issue, most first.
    """

    assumption: str = ""
    start: float = 0.0
    exchanges: tuple[tuple[PositionExchange, float], ...] = ()
    possible: int = 0
    weights: tuple[tuple[str, float, float], ...] = ()


def table_route(question: TableQuestion, world: SolvedWorld) -> TableRoute:
    """Say what carries the answer to a question in its world."""
    asked = world.bargaining
    if isinstance(question, ExchangeQuestion):
        found = asked.between(*question.parties, question.issues)
        made = [(one, 1.0) for one in found] or [(one, 0.0) for one in asked.exchanges.made]
        return TableRoute(exchanges=tuple(made[:_MOST]), possible=asked.exchanges.possible)
    if not isinstance(question, OutcomeQuestion):
        return TableRoute(
            exchanges=_most(asked.gains(question.actor, question.issues)),
            possible=asked.exchanges.possible,
        )
    table = asked.table
    k = table.issues.index(question.issue)
    if question.model == "exchange":
        points = asked.exchanges.outcomes[:, k].tolist()
        steps = [after - before for before, after in pairwise(points)]
        moved = list(zip(asked.exchanges.made, steps, strict=True))
        return TableRoute("", points[0], _most(moved), asked.exchanges.possible)
    weight = table.weight[:, k]
    shares = [
        (party, float(table.position[i, k]), float(weight[i] / weight.sum()))
        for i, party in enumerate(table.actors)
        if table.party[i, k]
    ]
    weights = tuple(sorted(shares, key=lambda one: -one[2]))
    return TableRoute(asked.outcome(question.model).assumption, weights=weights)


def plain_route(route: TableRoute) -> dict[str, Any]:
    """Return it ready for JSON."""
    made = [{**one.to_dict(), "adds": adds} for one, adds in route.exchanges]
    rest = plain_fields(route, "assumption", "start", "possible", "weights")
    return {**rest, "exchanges": made}


def _most(
    moved: list[tuple[PositionExchange, float]],
) -> tuple[tuple[PositionExchange, float], ...]:
    some = [one for one in moved if abs(one[1]) > _SMALL]
    return tuple(sorted(some, key=lambda one: -abs(one[1])))


def route_words(question: TableQuestion, route: TableRoute) -> str:
    """Put into words what carries an answer."""
    first = [one for one, _ in route.exchanges[:_MOST]]
    if isinstance(question, ExchangeQuestion):
        if not first:
            return "No exchange between anybody pays."
        if route.exchanges[0][1]:
            return f"It is made: {first[0]}."
        return f"It is not among the exchanges that are made; the first of those: {first[0]}."
    if route.weights:
        told = [
            f"{party} at {show(position, 'fine')} with {show(share, 'share')}"
            for party, position, share in route.weights[:_MOST]
        ]
        return f"{route.assumption} Most of the weight have {listed(told)}."
    adds = [
        str(one) if abs(by - one.gain) < _SMALL else f"{one} (adds {show(by, 'signed')})"
        for one, by in route.exchanges[:_MOST]
    ]
    carried = "; then ".join(adds)
    if isinstance(question, OutcomeQuestion):
        start = f"Before any exchange it stands at {show(route.start, 'fine')}"
        return f"{start}; what moves it most: {carried}." if adds else f"{start}; none moves it."
    return f"It comes by these exchanges: {carried}." if adds else "No exchange touches it."
