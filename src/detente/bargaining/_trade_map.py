"""Who trades what with whom: the exchanges that were made, summed by pair of actors.

A pair of actors has what each of the two gains by the exchanges between them, how many there are,
and which issues each gives way on; a flow is what one of them gives the other on one issue. Cost:
linear in the exchanges.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np

from detente.bargaining._equal_gain import PositionExchanges
from detente.bargaining._table import BargainingTable
from detente.text import Result, plural, show
from detente.text import table as in_columns
from detente.values import Floats, data_frame, plain_fields

_WIDTH = 80


@dataclass(frozen=True)
class TradeFlow:
    """What one actor gives another on an issue, over all their exchanges.

    Attributes
    ----------
    giver, issue, receiver : str
    moved : float
        How far the giver's position moves towards the receiver's, in points of a scale of 100.
    shift : float
        How far that moves the outcome of the issue, in the same points.
    gain : float
        What the receiver gains by that shift: its salience times the shift.
    """

    giver: str
    issue: str
    receiver: str
    moved: float
    shift: float
    gain: float


@dataclass(frozen=True)
class TradePair:
    """The exchanges between two actors.

    Attributes
    ----------
    actors : pair of str
        In the order of the table.
    gains : pair of float
        Of each, in salience times points of a scale of 100.
    exchanges : int
    issues : pair of tuple of str
        On which the first gives way, and on which the second.
    """

    actors: tuple[str, str]
    gains: tuple[float, float]
    exchanges: int
    issues: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def gain(self) -> float:
        """What the two gain together."""
        return sum(self.gains)

    def __str__(self) -> str:
        """Return what the two gain together, and who gives what."""
        (one, two), (given, taken) = self.actors, self.issues
        return (
            f"{one} and {two}: {plural(self.exchanges, 'exchange')}, gain "
            f"{show(self.gain, 'fine')}; {one} gives {', '.join(given)}; "
            f"{two} gives {', '.join(taken)}"
        )


@dataclass(frozen=True, eq=False)
class TradeMap(Result):
    """Who trades what with whom.

    Attributes
    ----------
    table : BargainingTable
    pairs : tuple of TradePair
        Those that trade, largest gain first.
    flows : tuple of TradeFlow
        In the order of the table: giver, issue, receiver.
    """

    table: BargainingTable
    pairs: tuple[TradePair, ...]
    flows: tuple[TradeFlow, ...]

    @property
    def gains(self) -> Floats:
        """What each actor (row) gains by its exchanges with each other one, (actors, actors)."""
        place = {actor: k for k, actor in enumerate(self.table.actors)}
        found = np.zeros((len(place), len(place)))
        for pair in self.pairs:
            i, j = (place[actor] for actor in pair.actors)
            found[i, j], found[j, i] = pair.gains
        return found

    def __str__(self) -> str:
        """Return gains by actor and partner, then what each pair gives for what."""
        if not self.pairs:
            return "nobody trades with anybody"
        traders = [
            actor for actor in self.table.actors if any(actor in p.actors for p in self.pairs)
        ]
        rows = np.isin(self.table.actors, traders)
        cells = self.gains[rows][:, rows]
        head = ["gain with", *traders, "all"]
        body = [
            [
                actor,
                *(show(float(gain), "fine") if gain else "-" for gain in row),
                show(float(row.sum()), "fine"),
            ]
            for actor, row in zip(traders, cells, strict=True)
        ]
        lines = in_columns([head, *body], "< >")
        if max(map(len, lines)) > _WIDTH:
            lines = in_columns([["gain with", "all"], *([row[0], row[-1]] for row in body)], "< >")
        lines += [fill(str(pair), _WIDTH, subsequent_indent="  ") for pair in self.pairs]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return pairs and flows ready for JSON."""
        return {
            "pairs": [{**plain_fields(pair), "gain": pair.gain} for pair in self.pairs],
            "flows": [plain_fields(flow) for flow in self.flows],
        }

    def to_pandas(self) -> Any:
        """Return a row a flow: who gives whom how much on which issue."""
        return data_frame([plain_fields(flow) for flow in self.flows])


def trade_map(exchanges: PositionExchanges) -> TradeMap:
    """Sum exchanges by pair of actors.

    Parameters
    ----------
    exchanges : PositionExchanges
        Of one round or several.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table, exchange
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1)},
    ...     "fund": {"a": (100, 0.2, 1), "b": (0, 0.9, 1)},
    ... }
    >>> print(trade_map(exchange(bargaining_table(cells))))
    gain with     a     b   all
    a             -  12.7  12.7
    b          12.7     -  12.7
    a and b: 1 exchange, gain 25.5; a gives fund; b gives cut
    """
    table = exchanges.table
    actors, issues = table.actors, table.issues
    flows: dict[tuple[int, int, int], list[float]] = {}
    totals: dict[tuple[int, int], list[float]] = {}
    sizes = (table.scale[:, 1] - table.scale[:, 0]) / 100
    reach = table.weight / table.weight.sum(axis=0)
    for one in exchanges.made:
        who = [actors.index(giver) for giver in one.givers]
        first, second = (0, 1) if who[0] < who[1] else (1, 0)
        total = totals.setdefault((who[first], who[second]), [0.0, 0.0, 0])
        total[0] += one.gains[first]
        total[1] += one.gains[second]
        total[2] += 1
        for side in (0, 1):
            giver, receiver = who[side], who[1 - side]
            k = issues.index(one.issues[side])
            moved = abs(one.after[side] - one.before[side]) / sizes[k]
            shift = moved * reach[giver, k]
            flow = flows.setdefault((giver, k, receiver), [0.0, 0.0, 0.0])
            flow[0] += moved
            flow[1] += shift
            flow[2] += shift * table.salience[receiver, k]
    pairs = [
        TradePair(
            (actors[i], actors[j]),
            (float(one), float(two)),
            int(count),
            (_given(flows, i, j, issues), _given(flows, j, i, issues)),
        )
        for (i, j), (one, two, count) in sorted(totals.items())
    ]
    return TradeMap(
        table,
        tuple(sorted(pairs, key=lambda pair: -pair.gain)),
        tuple(
            TradeFlow(actors[i], issues[k], actors[j], *map(float, numbers))
            for (i, k, j), numbers in sorted(flows.items())
        ),
    )


def _given(
    flows: dict[tuple[int, int, int], list[float]], i: int, j: int, issues: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(issues[k] for giver, k, taker in sorted(flows) if (giver, taker) == (i, j))
