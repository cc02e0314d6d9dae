"""The least change of rankings that meets some demands, as a 0-1 programme.

A number for each ordered pair of blocks (`detente.stability._inverse.blocks`) says whether an actor
likes the first better; a pair costs the product of the sizes where it is compared differently. A
demand (`detente.stability._inverse.demands`) asks that one of its ways comes about. The cheapest
ways are written down, and one number for each actor stands for the others, at the price of the
cheapest; without these the programme is tighter than what is asked, with them looser.

A comparison costs its actor no less than its price. That the numbers form a ranking, ties allowed,
is asked from the start for the comparisons that the demands are about, where these are few, and
elsewhere once an answer violates it; then the programme is solved again. Cost: that of HiGHS, which
can be exponential, so time is limited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter
from time import monotonic

import numpy as np

from detente.engine import do_apart, poll
from detente.stability._inverse.blocks import Blocks
from detente.stability._inverse.demands import NEVER, Compared, Demand, Demands, Way, prices
from detente.values import Bools, Floats

MOST_NAMED = 500
"""States of an actor's ranking that demands may speak of."""
_ROUGHLY = 0.2
"""How far from the best an answer may be where it is only a change that does it."""
_MOST_CUTS = 5_000
_MOST_ROWS = 10_000

Part = tuple[float, int | float]


@dataclass(frozen=True, eq=False)
class ProgrammeAnswer:
    """What a programme came to.

    Parameters
    ----------
    bound : float
        No smaller change meets the demands; infinite where none does.
    better : mapping of int to ndarray of bool, or None
        By actor and pair of blocks, whether the first is better; None where time ran out or no
        change does it.
    beyond : list of int
        Demands that are met in ways that are not written down.
    changed : set of (int, int, int)
        Comparisons of demands that come out differently.
    """

    bound: float
    better: dict[int, Bools] | None
    beyond: list[int]
    changed: set[tuple[int, int, int]]


class RankProgramme:
    """The programme of some demands.

    Parameters
    ----------
    demands : Demands
    asked : sequence of Demand
    written : sequence of int
        How many ways of each are written down.
    tied : set of (int, int, int)
        Comparisons whose states are tied to those between them from the start.
    most : int
        Larger changes are of no interest.
    beyond : bool
        Whether numbers stand for the other ways.

    Attributes
    ----------
    large : bool
        Whether demands speak of more states than `MOST_NAMED`; then there is nothing to solve.
    complete : bool
        Whether all ways that are of interest are written down.
    blocks : dict of int to Blocks
        By actor whose ranking the demands speak of.
    """

    def __init__(
        self, demands: Demands, asked: Sequence[Demand], written: Sequence[int],
        tied: set[tuple[int, int, int]], most: int, *, beyond: bool,
    ) -> None:  # fmt: skip
        self._most, self._beyond = most, beyond
        named: dict[int, set[int]] = {i: set() for i in demands.free}
        shown = [
            [way for way in demand.ways[:count] if all(c.price <= most for c in way)]
            for demand, count in zip(asked, written, strict=True)
        ]
        parts = {part for ways in shown for way in ways for part in way}
        for part in parts:
            if part.actor in named:
                named[part.actor] |= {part.first, part.second}
        self.large = max(map(len, named.values()), default=0) > MOST_NAMED
        self.blocks = {
            i: Blocks(demands.rankings[i], own)
            for i, own in named.items()
            if own and not self.large
        }
        self._pairs: dict[tuple[int, int, int], int] = {}
        self._rows: list[tuple[dict[int, float], float]] = []
        self._totals = {i: k for k, i in enumerate(self.blocks)}
        self._size = len(self._totals)
        self._stands: dict[int, int] = {}
        self._paid: dict[int, list[list[tuple[int, int, set[int]]]]] = {i: [] for i in self._totals}
        """By actor and demand: price, column and states of each way that costs the actor."""
        self._compared = parts
        self.complete = not any(map(self._others, asked, written))
        if self.large:
            return
        for k, (demand, ways) in enumerate(zip(asked, shown, strict=True)):
            self._ask(k, demand, ways, written[k], beyond=beyond)
        self._add_up()
        self._tie(tied)

    def answer(self, deadline: float) -> ProgrammeAnswer:
        """Solve until the numbers form rankings, or a time of `monotonic` has come."""
        bound = 0.0
        while True:
            poll()
            share = 2 / 3 if self._beyond else 1 / 4
            status, values, least = self._solve(max(0.1, (deadline - monotonic()) * share))
            if status == 2:
                return ProgrammeAnswer(np.inf, None, [], set())
            bound = max(bound, least)
            if values is None:
                return ProgrammeAnswer(bound, None, [], set())
            better = {i: np.greater.outer(b.place, b.place) for i, b in self.blocks.items()}
            for (i, first, second), column in self._pairs.items():
                better[i][first, second] = values[column] > 0.5
            if not self._cut(better):
                beyond = sorted({k for c, k in self._stands.items() if values[c] > 0.5})
                changed = {
                    (c.actor, c.first, c.second) for c in self._compared
                    if c.price and self._holds(c, better[c.actor])
                }  # fmt: skip
                return ProgrammeAnswer(bound, better, beyond, changed)
            if monotonic() > deadline:
                return ProgrammeAnswer(bound, None, [], set())

    def _holds(self, part: Compared, better: Bools) -> bool:
        number = self.blocks[part.actor].number
        return bool(better[number(part.first), number(part.second)]) == part.better

    def _better(self, i: int, first: int, second: int) -> int | float:
        """Return the column that says whether a block is better, or 0.0 or 1.0 if that is fixed."""
        if first == second:
            return 0.0
        blocks = self.blocks[i]
        if (i, first, second) not in self._pairs:
            if blocks.price(first, second) > self._most:
                return float(blocks.place[first] > blocks.place[second])
            self._pairs[i, first, second] = self._new()
            self._pairs[i, second, first] = self._new()
            self._at_most([(1.0, self._better(i, first, second)),
                           (1.0, self._better(i, second, first))], 1.0)  # fmt: skip
        return self._pairs[i, first, second]

    def _so(self, part: Compared) -> tuple[float, list[Part]]:
        """Return a comparison as a constant and a column: 1 where it is as wanted."""
        if part.actor not in self.blocks:
            return 1.0, []
        number = self.blocks[part.actor].number
        column = self._better(part.actor, number(part.first), number(part.second))
        return (0.0, [(1.0, column)]) if part.better else (1.0, [(-1.0, column)])

    def _at_most(self, parts: Iterable[Part], limit: float) -> None:
        """Ask that a sum of columns, times what stands before them, is at most a limit."""
        row: dict[int, float] = {}
        for factor, column in parts:
            if isinstance(column, float):
                limit -= factor * column
            else:
                row[column] = row.get(column, 0.0) + factor
        self._rows.append((row, limit))

    def _new(self) -> int:
        self._size += 1
        return self._size - 1

    def _ask(self, k: int, demand: Demand, ways: list[Way], count: int, *, beyond: bool) -> None:
        """Ask that one of the ways of a demand comes about, and that its price is paid."""
        taken: list[int] = []
        paid: dict[int, list[Part]] = {i: [] for i in self._totals}
        for demands in self._paid.values():
            demands.append([])
        for way in ways:
            taken.append(self._new())
            for part in way:
                constant, column = self._so(part)
                self._at_most([(1.0, taken[-1]), *((-f, c) for f, c in column)], constant)
            for i, price in prices(way).items():
                if price:
                    states = {s for c in way if c.actor == i for s in (c.first, c.second)}
                    paid[i].append((float(price), taken[-1]))
                    self._paid[i][-1].append((price, taken[-1], states))
        for i, price in self._others(demand, count).items() if beyond else ():
            taken.append(self._new())
            self._stands[taken[-1]] = k
            if i in paid:
                paid[i].append((float(price), taken[-1]))
        self._at_most([(-1.0, column) for column in taken], -1.0)
        for i, parts in paid.items():
            self._at_most([*parts, (-1.0, self._totals[i])], 0.0)

    def _add_up(self) -> None:
        """Ask that an actor pays for two demands together where their states are apart.

        Each pair in the price of a comparison has one of its two states. So of the pairs in the
        prices of two comparisons without a common state two are the same, at most.
        """
        for i, demands in self._paid.items():
            for one, other in combinations(demands, 2):
                if len(self._rows) > _MOST_ROWS // 2:
                    return
                taken = {state for _, _, states in one for state in states}
                apart = [paid for paid in other if not taken & paid[2]]
                if one and apart:
                    parts = [(float(price), column) for price, column, _ in (*one, *apart)]
                    self._at_most([*parts, (-1.0, self._totals[i])], 2.0)

    def _others(self, demand: Demand, count: int) -> dict[int, int]:
        """Return what ways that are not written down cost at least, by the actor who pays most."""
        rest: dict[int, int] = {}
        for way in demand.ways[count:]:
            i, price = max(prices(way).items(), key=itemgetter(1))
            rest[i] = min(rest.get(i, price), price)
        rest[-1] = demand.further
        return {i: price for i, price in rest.items() if price <= self._most}

    def _tie(self, tied: set[tuple[int, int, int]]) -> None:
        """Ask from the start for what ties the pairs that count to the blocks between them."""
        pairs = {(c.actor, c.first, c.second) for c in self._compared if c.price}
        for at_once in (tied & pairs, pairs - tied):
            for i, one, two in sorted(at_once):
                poll()
                blocks = self.blocks[i]
                first, second = blocks.number(one), blocks.number(two)
                place = blocks.place
                low, high = sorted((int(place[first]), int(place[second])))
                between = np.flatnonzero((place >= low) & (place <= high))
                if len(self._rows) + 6 * between.size > _MOST_ROWS:
                    continue
                for u in between.tolist():
                    if u in (first, second):
                        continue
                    for above, under in ((first, second), (second, first)):
                        self._over(i, above, under, u)
                        self._over(i, above, u, under)
                        self._over(i, u, under, above)

    def _over(self, i: int, high: int, low: int, between: int) -> None:
        """Ask that what is better than a block is better than a third, or the third than it."""
        self._at_most(
            [
                (1.0, self._better(i, high, low)),
                (-1.0, self._better(i, high, between)),
                (-1.0, self._better(i, between, low)),
            ],
            0.0,
        )

    def _solve(self, seconds: float) -> tuple[int, Floats | None, float]:
        """Return HiGHS's status, its answer and the lower bound that it proved."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        rows = [*self._rows, *self._sums()]
        limits = np.array([limit for _, limit in rows])
        if not self._size:
            return (0 if (limits >= 0.0).all() else 2), np.empty(0), 0.0
        columns = np.array([c for row, _ in rows for c in row], dtype=np.int64)
        factors = np.array([f for row, _ in rows for f in row.values()])
        starts = np.concatenate([[0], np.cumsum([len(row) for row, _ in rows])]).astype(np.int64)
        matrix = csr_array((factors, columns, starts), shape=(len(rows), self._size))
        cost, high, count = np.zeros(self._size), np.ones(self._size), len(self._totals)
        cost[:count], high[:count] = 1.0, np.inf
        found = do_apart(
            lambda: milp(
                cost,
                integrality=np.ones(self._size),
                bounds=Bounds(0.0, high),
                constraints=LinearConstraint(matrix, -np.inf, limits),
                options={"mip_rel_gap": 0.0 if self._beyond else _ROUGHLY, "time_limit": seconds},
            )
        )
        bound = getattr(found, "mip_dual_bound", None)
        bound = float(bound) if bound is not None and np.isfinite(bound) else 0.0
        return found.status, found.x, bound

    def _sums(self) -> list[tuple[dict[int, float], float]]:
        """Return what makes each total what its actor changes, and the totals no more than most."""
        rows = {i: ({total: -1.0}, 0.0) for i, total in self._totals.items()}
        for (i, first, second), column in self._pairs.items():
            blocks, (row, limit) = self.blocks[i], rows[i]
            cost = float(blocks.weight[first] * blocks.weight[second])
            if blocks.place[first] > blocks.place[second]:
                row[column], limit = -cost, limit - cost
            elif blocks.place[first] == blocks.place[second]:
                row[column] = cost
            rows[i] = row, limit
        most = float(self._most) if self._most < NEVER - 1 else np.inf
        return [*rows.values(), (dict.fromkeys(self._totals.values(), 1.0), most)]

    def _cut(self, better: dict[int, Bools]) -> bool:
        """Ask for a ranking wherever numbers form none; say whether there was such a place."""
        asked = 0
        for i, above in better.items():
            place = self.blocks[i].place
            moved = np.argwhere(above != np.greater.outer(place, place)).tolist()
            for p, q in moved:
                if asked > _MOST_CUTS:
                    break
                if above[p, q]:
                    broken = [(p, q, x) for x in np.flatnonzero(~above[p] & ~above[:, q]).tolist()]
                else:
                    broken = [(p, x, q) for x in np.flatnonzero(above[p] & ~above[q]).tolist()]
                    other = np.flatnonzero(above[:, q] & ~above[:, p])
                    broken += [(x, q, p) for x in other.tolist()]
                for high, low, between in broken:
                    if between not in (high, low) and high != low:
                        self._over(i, high, low, between)
                        asked += 1
        return asked > 0
