"""What exchanges do to those who are no party to them, and which of these could block one.

Everybody else gains or loses by an exchange as its two outcomes come nearer or go away. Groups of
actors have the sums of their members.

A loser can outbid an exchange: from where all stand before it, there is another exchange of two
issues, between the loser and one of the two traders, that brings this trader more than the exchange
does, and by which the loser loses nothing. Both then prefer it: they are a blocking pair, as Gale
and Shapley (1962) have it for marriages; that an exchange is blocked so is our definition. Such a
counter-offer keeps all rules of exchanges but the equal gain: the two stand on opposite sides,
moves end where those of an exchange end, no position that was given in the round is given again.
(An exchange at equal gain is outbid by no other at equal gain, as it is the largest.) A loser that
paid as much as the exchange costs it could outbid nearly always, which would say nothing. Whether
it would, and whether it is outbid in turn, is not asked.

Cost: losers times the square of the issues, for each exchange.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np

from detente.bargaining._equal_gain import PositionExchange, PositionExchanges
from detente.bargaining._exchange_kernel import best_bid
from detente.bargaining._outcome import without_noise
from detente.bargaining._table import BargainingTable
from detente.errors import InputError
from detente.text import Result, and_more, plural, quote, show, suggestion
from detente.text import table as in_columns
from detente.values import Bools, Floats, data_frame, plain_fields

Groups = Mapping[str, Sequence[str]]

_SLACK = 1e-9
_WIDTH = 80


@dataclass(frozen=True)
class CounterOffer(Result):
    """An exchange by which a loser could draw one of the two traders away.

    Attributes
    ----------
    blocker, ally : str
        The loser, and the trader that it could win over.
    issues : pair of str
        On which the ally gives, and on which the blocker does.
    gain : float
        The most that the ally can get so, where the blocker loses nothing.
    instead_of : float
        What the exchange brings the ally.
    loss : float
        What the exchange costs the blocker.
    """

    blocker: str
    ally: str
    issues: tuple[str, str]
    gain: float
    instead_of: float
    loss: float

    def __str__(self) -> str:
        """Return who could offer whom what."""
        return (
            f"{self.blocker}, which loses {show(self.loss, 'fine')}, could offer {self.ally} up to "
            f"{show(self.gain, 'fine')} instead of {show(self.instead_of, 'fine')}, by giving on "
            f"{self.issues[1]} for {self.issues[0]}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the offer ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True, eq=False)
class ExchangeEffects:
    """What one exchange does to everybody else.

    Attributes
    ----------
    exchange : PositionExchange
    gained, lost : float
        Sums over those who gain and those who lose; the second is negative.
    groups : mapping of str to float
        Sum over the members of each group that are no traders of this exchange.
    offers : tuple of CounterOffer
        By loser and trader, those that would block it.
    """

    exchange: PositionExchange
    gained: float
    lost: float
    groups: Mapping[str, float]
    offers: tuple[CounterOffer, ...]


@dataclass(frozen=True)
class GroupEffects:
    """What all exchanges bring a group.

    Attributes
    ----------
    group : str
    actors : tuple of str
    traded : float
        What members gain by exchanges of their own.
    gained, lost : float
        What members gain, and lose, by exchanges of others; the second is negative.
    """

    group: str
    actors: tuple[str, ...]
    traded: float
    gained: float
    lost: float

    @property
    def outside(self) -> float:
        """What exchanges of others bring in all: the externality."""
        return float(without_noise(self.gained + self.lost))

    @property
    def total(self) -> float:
        """What all exchanges bring in all."""
        return float(without_noise(self.traded + self.gained + self.lost))


@dataclass(frozen=True, eq=False)
class ThirdParties(Result):
    """What exchanges do to those who are no party to them.

    Attributes
    ----------
    table : BargainingTable
    effects : tuple of ExchangeEffects
        In the order of the exchanges.
    groups : tuple of GroupEffects
        The groups that were asked for; each actor by itself where none were.
    """

    table: BargainingTable
    effects: tuple[ExchangeEffects, ...]
    groups: tuple[GroupEffects, ...]

    @property
    def rows(self) -> list[list[str]]:
        """Gains and losses in words: a row a group, the heading first."""
        head = ["gain", "all", "own exchanges", "others'", "others gain", "others lose"]
        rows = [
            [
                one.group,
                show(one.total, "signed"),
                show(one.traded, "fine"),
                *(show(part, "signed") for part in (one.outside, one.gained, one.lost)),
            ]
            for one in self.groups
        ]
        return [head, *rows]

    @property
    def outbid(self) -> tuple[str, ...]:
        """How many exchanges a loser could outbid, then each with the best of such offers.

        Nothing where no exchange is made.
        """
        if not self.effects:
            return ()
        found = [one for one in self.effects if one.offers]
        made = plural(len(self.effects), "exchange")
        lines = [f"{len(found) or 'none'} of {made} could be outbid by a loser"]
        for one in found:
            best = max(one.offers, key=lambda offer: offer.gain - offer.instead_of)
            first, second = one.exchange.givers
            lines.append(f"{first} and {second} on {' and '.join(one.exchange.issues)}: {best}")
        return tuple(lines)

    def words(self, most: int = 5) -> str:
        """Return gains and losses by group, then which exchanges could be outbid, and by whom."""
        best = self.outbid[1:]
        lines = [
            fill(words, _WIDTH, initial_indent="  ", subsequent_indent="    ")
            for words in best[:most]
        ]
        more = and_more(len(best) - most if most else 0)
        return "\n".join([*in_columns(self.rows, "< >"), *self.outbid[:1], *lines, *more])

    def __str__(self) -> str:
        """Return gains and losses, and the first exchanges that could be outbid."""
        return self.words()

    def to_dict(self) -> dict[str, Any]:
        """Return effects and groups ready for JSON."""
        return {
            "effects": [plain_fields(one) for one in self.effects],
            "groups": [{**plain_fields(one), "outside": one.outside} for one in self.groups],
        }

    def to_pandas(self) -> Any:
        """Return a row an exchange, a column a group."""
        return data_frame([
            {
                "giver": one.exchange.givers[0], "issue": one.exchange.issues[0],
                "other giver": one.exchange.givers[1], "other issue": one.exchange.issues[1],
                "gained": one.gained, "lost": one.lost,
                "outbid by": ", ".join(dict.fromkeys(offer.blocker for offer in one.offers)),
                **one.groups,
            }
            for one in self.effects
        ])  # fmt: skip


def third_parties(exchanges: PositionExchanges, groups: Groups | None = None) -> ThirdParties:
    """Say who else gains and loses by each exchange, in sum and by group, and who could block it.

    Parameters
    ----------
    exchanges : PositionExchanges
    groups : mapping of str to sequence of str, optional
        Actors by the name of their group; an actor may be in several. Each by itself by default.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table, exchange
    >>> cells = {
    ...     "cut": {"a": (100, 0.6, 2), "b": (0, 0.3, 3), "c": (0, 0.8, 2)},
    ...     "fund": {"a": (100, 1, 2), "b": (0, 0.9, 3), "c": (0, 0.1, 2)},
    ... }
    >>> found = third_parties(exchange(bargaining_table(cells)), {"south": ["b", "c"]})
    >>> print(found.effects[0].offers[0])
    c, which loses 18.3, could offer a up to 3.78 instead of 3.07, by giving on fund for cut
    >>> round(found.groups[0].traded, 1), round(found.groups[0].lost, 1)
    (5.2, -21.0)
    """
    table = exchanges.table
    chosen = _checked(table, groups)
    low, sizes = table.scale[:, 0], table.scale[:, 1] - table.scale[:, 0]
    ideal = (np.where(table.party, table.position, low) - low) / sizes
    room = np.clip((table.room - low) / sizes, 0.0, 1.0)
    fixed = (ideal, np.where(table.party, table.salience, 0.0), table.weight, room)
    effects = []
    steps = zip(exchanges.made, exchanges.standings(), exchanges.outcomes[:-1], strict=True)
    for one, (position, given), outcome in steps:
        stands = (np.where(table.party, position, low) - low) / sizes
        moment = (stands, (outcome - low) / sizes, given)
        gains = list(one.others.values())
        effects.append(
            ExchangeEffects(
                one,
                sum(gain for gain in gains if gain > 0),
                sum(gain for gain in gains if gain < 0),
                {
                    group: sum(one.others.get(actor, 0.0) for actor in members)
                    for group, members in chosen.items()
                },
                tuple(_offers(table, one, fixed, moment)),
            )
        )
    totals = [_total(exchanges, group, members) for group, members in chosen.items()]
    return ThirdParties(table, tuple(effects), tuple(totals))


def _checked(table: BargainingTable, groups: Groups | None) -> dict[str, tuple[str, ...]]:
    if not groups:
        return {actor: (actor,) for actor in table.actors}
    for group, members in groups.items():
        if group in table.actors:
            raise InputError(
                f"the group {quote(group)} has the name of an actor; give it another, so that a "
                "row is of one or the other"
            )
        if not members:
            raise InputError(f"the group {quote(group)} has no member; name one or more")
        for actor in members:
            if actor not in table.actors:
                raise InputError(
                    f"the group {quote(group)}: there is no actor {quote(actor)}; "
                    f"{suggestion(actor, table.actors, 'actor')}"
                )
    return {group: tuple(dict.fromkeys(members)) for group, members in groups.items()}


def _offers(
    table: BargainingTable,
    one: PositionExchange,
    fixed: tuple[Floats, Floats, Floats, Floats],
    moment: tuple[Floats, Floats, Bools],
) -> list[CounterOffer]:
    ideal, salience, weight, room = fixed
    stands, outcome, given = moment
    reach = weight / weight.sum(axis=0)
    found = []
    for blocker, change in one.others.items():
        if change > -_SLACK:
            continue
        k = table.actors.index(blocker)
        for ally, instead_of in zip(one.givers, one.gains, strict=True):
            gain, p, q = best_bid(
                k, table.actors.index(ally), ideal, stands, salience, reach, outcome, room,
                table.party, given,
            )  # fmt: skip
            if 100 * gain > instead_of + _SLACK:
                issues = (table.issues[p], table.issues[q])
                found.append(
                    CounterOffer(blocker, ally, issues, 100 * float(gain), instead_of, -change)
                )
    return found


def _total(exchanges: PositionExchanges, group: str, members: tuple[str, ...]) -> GroupEffects:
    traded = gained = lost = 0.0
    for one in exchanges.made:
        for actor in members:
            change = one.others.get(actor, 0.0)
            gained += max(change, 0.0)
            lost += min(change, 0.0)
        traded += sum(
            gain for giver, gain in zip(one.givers, one.gains, strict=True) if giver in members
        )
    return GroupEffects(group, members, traded, gained, lost)
