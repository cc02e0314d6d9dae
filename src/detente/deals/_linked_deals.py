"""The best linked deals of a conflict in one table: gains, outsiders, and whether each holds.

Exchanges come from `linked_exchanges`, the look into each from `holding`. Cost: all exchanges by
look-up, then a stability analysis and an equilibrium for each of the best; a few hundredths of a
second in all on the flagship, so once per draw is cheap.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from detente.conflict import Conflict
from detente.deals._deviation import LinkedDeal, first_deviation, gains_if_honoured
from detente.deals._linkage import linked_exchanges
from detente.deals._offers import flows
from detente.deals._terms import no_change_worth
from detente.equilibrium import Equilibrium, solve
from detente.errors import InputError
from detente.stability import Stability, known_concept
from detente.text import Result, show
from detente.values import data_frame, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing


Over = Literal["forecast", "today"]

_ACROSS = 7


@dataclass(frozen=True, eq=False)
class LinkedDeals(Result):
    """Linked deals, the largest smallest gain first; made by `linked_deals`.

    Attributes
    ----------
    actors : tuple of str
    over : {"forecast", "today"}
        What the gains are compared with.
    found, trades : int
        How many exchanges leave all their parties better off, and how many of them are trades.
    deals : tuple of LinkedDeal
        The best of them.
    """

    actors: tuple[str, ...]
    over: Over
    found: int
    trades: int
    deals: tuple[LinkedDeal, ...]

    def __len__(self) -> int:
        """Return how many deals were looked into."""
        return len(self.deals)

    def __iter__(self) -> Iterator[LinkedDeal]:
        """Iterate over the deals, the best first."""
        return iter(self.deals)

    def __getitem__(self, rank: int) -> LinkedDeal:
        """Return a deal by its rank, from 0."""
        return self.deals[rank]

    def plot(self) -> Drawing:
        """Draw who gains and who loses by each deal; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, gains_figure

        named = [
            ", ".join(f"{n} to {v}" for n, v in d.exchange.changes.items()) for d in self.deals
        ]
        gains = [dict(deal.exchange.gain) for deal in self.deals]
        return Drawing(gains_figure(named, gains)) if gains else Drawing()

    def __str__(self) -> str:
        """Return the deals as a table of at most 80 columns."""
        over = "the forecast" if self.over == "forecast" else "staying as today"
        if not self.found:
            return f"linked deals: none leaves all its parties better off than {over}"
        leave = "leaves all its parties" if self.found == 1 else "leave all their parties"
        lines = [
            *_wrapped(
                f"linked deals: {self.found} {leave} better off than {over}, "
                f"{self.trades} of them trades",
                "",
            ),
            *_row("", [f"{actor[:8]:>8} " for actor in self.actors]),
        ]
        for rank, deal in enumerate(self.deals, 1):
            exchange = deal.exchange
            moves = ", ".join(f"{name} to {level}" for name, level in exchange.changes.items())
            lines += _wrapped(moves, f"{rank}. ")
            lines += _row(
                "a year",
                [
                    f"{show(exchange.gain[a], 'signed'):>8} " if a in exchange.parties
                    else f"{'(' + show(exchange.gain[a], 'signed') + ')':>9}"
                    for a in self.actors
                ],
            )  # fmt: skip
            if deal.held:
                lines += _row(
                    "if held", [f"{show(deal.held[a], 'signed'):>8} " for a in self.actors]
                )
            lines += _wrapped(deal.standing(), "   ")
        if any(deal.exchange.outside for deal in self.deals):
            lines.append("   in brackets: no party to the deal")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the deals, ready for JSON."""
        return plain_fields(self, "over", "found", "trades", "deals")

    def to_pandas(self) -> Any:
        """Return one row per deal as a DataFrame (needs pandas)."""
        return data_frame(
            [
                {
                    "changes": ", ".join(f"{n} to {v}" for n, v in d.exchange.changes.items()),
                    "parties": ", ".join(d.exchange.parties),
                    "kind": d.kind,
                    "holds": d.deviation is None,
                    "breaks": "" if d.deviation is None else d.deviation.actor,
                    **{f"gain {a}": d.exchange.gain[a] for a in self.actors},
                    **{f"held {a}": d.held.get(a) for a in self.actors},
                }
                for d in self.deals
            ]
        )


def linked_deals(
    conflict: Conflict,
    size: int = 2,
    concept: str = "seq",
    best: int = 5,
    without: Equilibrium | None = None,
    over: Over = "forecast",
) -> LinkedDeals:
    """Return the best linked deals, and whether they hold.

    Parameters
    ----------
    conflict : Conflict
        With a status quo.
    size : int
        Most changes in one exchange, 2 or 3.
    concept : str
        Of stability.
    best : int
        How many deals to look into, in the order of `detente.deals.linked_exchanges`.
    without : Equilibrium, optional
        Without a deal; solved here by default.
    over : {"forecast", "today"}
        Gains of a kept agreement over the forecast without one, or of utility a year over
        everything staying as it is at the status quo. What a deal is worth when it is held is
        always over the forecast.

    Raises
    ------
    InputError
        When ``over``, ``best``, the size or the concept is none of those.
    AnalysisError
        When a game cannot be solved.

    Examples
    --------
    Each would rather take than give, so the exchange needs somebody to enforce it.

    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["defect", "give"]}, "col": {"act": ["defect", "give"]}},
    ...     utility={"row": [[2, 4], [1, 3]], "col": [[2, 1], [4, 3]]},
    ...     precision={"row": 5.0, "col": 5.0}, status_quo=0,
    ... )
    >>> (deal,) = linked_deals(conflict, concept="nash")
    >>> deal.deviation.actor, dict(deal.deviation.changes), deal.deviation.gain
    ('row', {'row.act': 'defect'}, 1.0)

    See Also
    --------
    detente.deals.linked_exchanges : every exchange, by look-up alone.
    """
    concept = known_concept(concept)
    if over not in ("forecast", "today"):
        raise InputError(f"gains over {over!r} are not known; ask for forecast or today")
    if best < 1:
        raise InputError(f"best is {best}; ask for one deal or more")
    solved = solve(conflict) if without is None else without
    today = flows(solved, conflict)
    if over == "forecast":
        deals = linked_exchanges(
            conflict, size=size, worth=no_change_worth(conflict), without=today
        )
    else:
        deals = linked_exchanges(conflict, size=size)
    stability = Stability(conflict)
    return LinkedDeals(
        actors=tuple(conflict.actors),
        over=over,
        found=len(deals),
        trades=sum(deal.trade for deal in deals),
        deals=tuple(
            LinkedDeal(
                exchange=deal,
                concept=concept,
                deviation=first_deviation(stability, deal.state, concept),
                held=gains_if_honoured(conflict, deal, today),
            )
            for deal in deals[:best]
        ),
    )


def _row(name: str, cells: list[str]) -> list[str]:
    """Return cells of nine columns behind a name, on as many lines as they need."""
    parts = [cells[k : k + _ACROSS] for k in range(0, len(cells), _ACROSS)]
    return [
        f"   {name if k == 0 else '':<12}{''.join(part)}".rstrip() for k, part in enumerate(parts)
    ]


def _wrapped(text: str, first: str) -> list[str]:
    return textwrap.wrap(text, 80, initial_indent=first, subsequent_indent="   ")
