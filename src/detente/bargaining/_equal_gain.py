"""Exchange of positions: two actors give way to each other, each on what matters less to it.

Stokman and Van Oosten 1994. From the compromise outcome, every exchange of two issues between two
actors is looked at; the one with the largest gain is made, positions and outcomes change, and those
left are looked at anew, until nobody gains. A position is given once a round and never past a red
line; what an actor wants stays what it was. The arithmetic and its cost stand in
`detente.bargaining._exchange_kernel`. What an exchange does to third parties is the change of their
losses from before it to after it.

Exchanges are made in the order of gain; of equal gains the one comes first whose issues, then
actors, come first in the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from detente.bargaining._exchange_kernel import round_of_exchanges
from detente.bargaining._outcome import BargainingOutcome, without_noise
from detente.bargaining._table import BargainingTable
from detente.engine import Seed, generator_of
from detente.errors import InputError
from detente.text import Result, and_more, plural, quote, show, suggestion, table
from detente.values import Bools, Floats, data_frame, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing

Rate = Literal["equal", "random"]
"""How the gain of an exchange is shared out."""


@dataclass(frozen=True, eq=False)
class PositionExchange(Result):
    """One exchange that was made.

    Attributes
    ----------
    givers, issues : pair of str
        The first actor gives on the first issue, the second on the second.
    before, after : pair of float
        The positions that they give, on the scales of the issues.
    gains : pair of float
        Of each of the two, in salience times points of a scale of 100; the same at equal gain.
    others : mapping of str to float
        What each third party gains or loses by it.
    """

    givers: tuple[str, str]
    issues: tuple[str, str]
    before: tuple[float, float]
    after: tuple[float, float]
    gains: tuple[float, float]
    others: dict[str, float]

    @property
    def gain(self) -> float:
        """The mean gain of the two: at equal gain, that of each."""
        return sum(self.gains) / 2

    @property
    def moves(self) -> str:
        """Who moves from where to where, in words."""
        return ", ".join(
            f"{giver} moves from {show(start, 'fine')} to {show(end, 'fine')} on {issue}"
            for giver, issue, start, end in zip(
                self.givers, self.issues, self.before, self.after, strict=True
            )
        )

    @property
    def brings(self) -> str:
        """What each of the two gains, in words."""
        one, two = (show(gain, "fine") for gain in self.gains)
        first, second = self.givers
        return f"{one} each" if one == two else f"{one} to {first} and {two} to {second}"

    @property
    def rest(self) -> float:
        """What all third parties gain or lose by it together."""
        return float(without_noise(np.sum(list(self.others.values()))))

    def __str__(self) -> str:
        """Return who moves from where to where, and what it brings."""
        return f"{self.moves}: gain {self.brings}, all others {show(self.rest, 'signed')}"

    def to_dict(self) -> dict[str, Any]:
        """Return the exchange ready for JSON."""
        return {**plain_fields(self), "gain": self.gain}


@dataclass(frozen=True, eq=False)
class PositionExchanges(Result):
    """The exchanges of all rounds, and where they lead.

    Attributes
    ----------
    table : BargainingTable
        Before the first exchange.
    possible : int
        Exchanges with a gain before any is made.
    rounds : tuple of tuple of PositionExchange
    outcomes : ndarray, (exchanges + 1, issues)
        Before the first exchange and after each, on the scales of the issues.
    positions : ndarray, (actors, issues)
        After the last.
    """

    table: BargainingTable
    possible: int
    rounds: tuple[tuple[PositionExchange, ...], ...]
    outcomes: Floats
    positions: Floats

    @property
    def made(self) -> tuple[PositionExchange, ...]:
        """The exchanges of all rounds in their order."""
        return tuple(one for row in self.rounds for one in row)

    def gain(self, actor: str) -> float:
        """Return what an actor gains by all exchanges, its own and those of others."""
        i = self.table.actors.index(actor)
        before, after = (self.table.loss(row)[i] for row in (self.outcomes[0], self.outcomes[-1]))
        return float(without_noise(((before - after) / self._sizes()).sum()))

    def _sizes(self) -> Floats:
        sizes: Floats = (self.table.scale[:, 1] - self.table.scale[:, 0]) / 100
        return sizes

    def standings(self) -> Iterator[tuple[Floats, Bools]]:
        """Yield, before each exchange, the positions and which of them are given in its round."""
        for row, start in zip(self.rounds, self.positions_by_round, strict=False):
            positions, given = start.copy(), np.zeros(start.shape, dtype=np.bool_)
            for one in row:
                yield positions.copy(), given.copy()
                for place, after in self._moves(one):
                    positions[place], given[place] = after, True

    @property
    def positions_by_round(self) -> Floats:
        """Before the first round and after each, (rounds + 1, actors, issues)."""
        found = [self.table.position.copy()]
        for row in self.rounds:
            found.append(found[-1].copy())
            for one in row:
                for place, after in self._moves(one):
                    found[-1][place] = after
        return np.array(found)

    def _moves(self, one: PositionExchange) -> Iterator[tuple[tuple[int, int], float]]:
        for giver, issue, after in zip(one.givers, one.issues, one.after, strict=True):
            yield (self.table.actors.index(giver), self.table.issues.index(issue)), after

    @property
    def outcome(self) -> BargainingOutcome:
        """The outcome after the last exchange, as of the other models."""
        return BargainingOutcome(
            "exchange",
            "Pairs trade what matters less to each for what matters more, at equal gain.",
            "Stokman and Van Oosten 1994",
            self.table,
            self.outcomes[-1],
        )

    def plot(self) -> Drawing:
        """Draw who trades with whom; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, chord_figure

        return Drawing(chord_figure(self))

    @property
    def summary(self) -> str:
        """How many exchanges are possible and made, and what they bring."""
        total = 2 * sum(one.gain for one in self.made)
        return (
            f"{plural(self.possible, 'possible exchange')}, {len(self.made)} made, total gain "
            f"{show(total, 'fine')}"
        )

    def largest(self, most: int = 5) -> list[str]:
        """Return how many exchanges there are, and the first of them, in lines of words."""
        first = (
            fill(str(one), 78, initial_indent="  ", subsequent_indent="    ")
            for one in self.made[:most]
        )
        return [self.summary, *first, *and_more(len(self.made) - most if most else 0)]

    def __str__(self) -> str:
        """Return how many exchanges there are, the largest, and who gains and loses by them."""
        rows = [[actor, show(self.gain(actor), "signed")] for actor in self.table.actors]
        return "\n".join([*self.largest(), *table([["", "gain by all"], *rows], "< >")])

    def to_dict(self) -> dict[str, Any]:
        """Return all exchanges and outcomes ready for JSON."""
        return {
            "possible": self.possible,
            "rounds": [[one.to_dict() for one in row] for row in self.rounds],
            "outcomes": self.outcomes.tolist(),
            "gain": {actor: self.gain(actor) for actor in self.table.actors},
        }

    def to_pandas(self) -> Any:
        """Return a row an exchange."""
        return data_frame([
            {
                "round": number,
                "giver": one.givers[0], "issue": one.issues[0],
                "from": one.before[0], "to": one.after[0],
                "other giver": one.givers[1], "other issue": one.issues[1],
                "other from": one.before[1], "other to": one.after[1],
                "gain": one.gains[0], "other gain": one.gains[1],
                "all others": one.rest,
            }
            for number, row in enumerate(self.rounds, 1)
            for one in row
        ])  # fmt: skip


def exchange(
    table: BargainingTable, rounds: int = 1, rate: Rate = "equal", rng: Seed = None
) -> PositionExchanges:
    """Make all exchanges, from the largest gain down.

    Parameters
    ----------
    table : BargainingTable
    rounds : int
        In each further round the positions that the last one led to can be given again.
    rate : {"equal", "random"}
        At ``equal`` gain both gain the same. At a ``random`` rate a coin says who of the two is
        favoured. It gets what it gains at equal gain and a drawn share, uniform from 0 to 1, of the
        extra gain: what it gains beyond that at its Pareto limit, where the exchange, within the
        limits of both moves, leaves its partner no gain. The partner gets the most that this leaves
        it, from its equal gain down to nothing; neither ever loses. Which exchange is made is still
        decided by the gain at equal rates.
    rng : int or Generator, optional
        Draws the rates.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1)},
    ...     "fund": {"a": (100, 0.2, 1), "b": (0, 0.9, 1)},
    ... }
    >>> found = exchange(bargaining_table(cells))
    >>> print(found.made[0])
    b moves from 0 to 100 on cut, a moves from 100 to 0 on fund: gain 12.7 each, all others 0
    >>> [round(gain, 1) for gain in exchange(bargaining_table(cells), 1, "random", 1).made[0].gains]
    [0.6, 15.4]
    """
    if rounds < 1:
        raise InputError(f"{plural(rounds, 'round')} of exchanges; give one or more")
    if rate not in get_args(Rate):
        raise InputError(f"a rate {quote(rate)}; {suggestion(rate, get_args(Rate), 'rate')}")
    generator = generator_of(rng)
    low = table.scale[:, 0]
    sizes = table.scale[:, 1] - low
    position = (np.where(table.party, table.position, low) - low) / sizes
    ideal = position.copy()
    weight, salience = table.weight, np.where(table.party, table.salience, 0.0)
    room = np.clip((table.room - low) / sizes, 0.0, 1.0)
    draws = np.zeros((table.position.size, 2))
    found: list[tuple[PositionExchange, ...]] = []
    outcomes: list[Floats] = []
    possible = 0
    for number in range(rounds):
        if rate == "random":
            draws = generator.random(draws.shape)
        who, numbers, shifts, count = round_of_exchanges(
            ideal, position, salience, weight, room, table.party, draws
        )
        possible = count if number == 0 else possible
        outcomes.append(shifts if number == 0 else shifts[1:])
        found.append(
            tuple(
                _exchange(table, *row)
                for row in zip(who, numbers, shifts[:-1], shifts[1:], strict=True)
            )
        )
        if not len(who):
            break
    after = np.where(table.party, low + sizes * position, np.nan)
    return PositionExchanges(
        table, possible, tuple(found), low + sizes * np.concatenate(outcomes), after
    )


def _exchange(
    table: BargainingTable, who: Any, numbers: Floats, before: Floats, after: Floats
) -> PositionExchange:
    i, j, p, q = map(int, who)
    low, sizes = table.scale[:, 0], table.scale[:, 1] - table.scale[:, 0]
    losses = [table.loss(low + sizes * row) * 100 / sizes for row in (before, after)]
    gain = without_noise((losses[0] - losses[1]).sum(axis=1))
    others = {
        actor: float(gain[k])
        for k, actor in enumerate(table.actors)
        if k not in (i, j) and table.party[k, [p, q]].any()
    }
    (p_start, q_start), (p_end, q_end) = (
        without_noise(low[[p, q]] + sizes[[p, q]] * numbers[k], sizes[[p, q]]).tolist()
        for k in ([2, 4], [3, 5])
    )
    one, other = without_noise(numbers[:2] * 100).tolist()
    return PositionExchange(
        (table.actors[i], table.actors[j]),
        (table.issues[p], table.issues[q]),
        (p_start, q_start),
        (p_end, q_end),
        (one, other),
        others,
    )
