"""The largest package of two actors: giving way on any number of issues at once, at equal gain.

An exchange trades one issue for one. Here a pair may move on all issues on which the two stand on
opposite sides of the compromise: on each, i gives up to the shift g_q of the outcome that its own
move towards j's position can bring, or j gives up to h_q. With saliences s the gains are

    G_i = sum_q s_iq (h_q - g_q),    G_j = sum_q s_jq (g_q - h_q),

and the largest t with G_i >= t and G_j >= t is a linear program of two lines: an upper bound on
what any exchange between the two can bring them from here, and on what they leave on the table. It
is solved without one: i gives where s_iq / s_jq is least and j where it is largest, so the best
package takes issues from both ends of that order until the two gains meet. Cost: a sort a pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from detente.bargaining._compromise import compromise_of
from detente.bargaining._equal_gain import PositionExchanges, exchange
from detente.bargaining._outcome import without_noise
from detente.bargaining._table import BargainingTable
from detente.text import Result, and_more, show, table
from detente.values import Floats, data_frame, plain_fields

_SMALLEST = 1e-12


@dataclass(frozen=True, eq=False)
class PairPackage:
    """What two actors could gain together.

    Attributes
    ----------
    actors : pair of str
    gain : float
        Of each, in salience times points of a scale of 100, by the best package from here.
    exchanged : float
        Of each, by the exchanges between the two that the round makes.
    gives : pair of mapping of str to float
        By issue, the shift of the outcome that each gives in the package, in points of 100.
    """

    actors: tuple[str, str]
    gain: float
    exchanged: float
    gives: tuple[Mapping[str, float], Mapping[str, float]]

    @property
    def left(self) -> float:
        """What each leaves on the table: the package less the exchanges.

        0 where exchanges bring more, as those of others can make room for further ones.
        """
        return max(float(without_noise(self.gain - self.exchanged)), 0.0)


@dataclass(frozen=True, eq=False)
class PairPackages(Result):
    """The best package of each pair that has one, largest gain first.

    Attributes
    ----------
    table : BargainingTable
    packages : tuple of PairPackage
    """

    table: BargainingTable
    packages: tuple[PairPackage, ...]

    def rows(self, most: int = 20) -> list[list[str]]:
        """Return the pairs that leave most on the table, in words, the heading first.

        Where there are more pairs, the last row says how many.
        """
        leave = [one for one in self.packages if one.left]
        first = sorted(leave, key=lambda one: -one.left)[:most]
        rows = [
            [
                " and ".join(one.actors),
                *(show(part, "fine") for part in (one.left, one.gain, one.exchanged)),
                " for ".join(str(len(give)) for give in one.gives),
            ]
            for one in first
        ]
        rows += [[line.strip(), "", "", "", ""] for line in and_more(len(leave) - len(first))]
        return [["gain of each", "left", "package", "exchanges", "issues"], *rows]

    def largest(self, most: int = 20) -> list[str]:
        """Return the pairs that leave most on the table, in lines."""
        rows = self.rows(most)
        if not rows[1:]:
            return ["no pair leaves anything on the table"]
        lines = table(rows, "< > > > <")
        return ["left on the table: what the best package of a pair is above its exchanges", *lines]

    def __str__(self) -> str:
        """Return the pairs, what they leave on the table, could gain, and gain by exchanges."""
        return "\n".join(self.largest())

    def to_dict(self) -> dict[str, Any]:
        """Return all packages ready for JSON."""
        return {"packages": [{**plain_fields(one), "left": one.left} for one in self.packages]}

    def to_pandas(self) -> Any:
        """Return a row a pair."""
        return data_frame([
            {"one": one.actors[0], "other": one.actors[1], "gain": one.gain,
             "exchanged": one.exchanged, "left": one.left,
             "issues": len(one.gives[0]) + len(one.gives[1])}
            for one in self.packages
        ])  # fmt: skip


def pair_packages(
    table: BargainingTable, exchanges: PositionExchanges | None = None
) -> PairPackages:
    """Find the largest package of every pair, beside what the pair's exchanges bring.

    Parameters
    ----------
    table : BargainingTable
    exchanges : PositionExchanges, optional
        Those of the table; made where left out.

    See Also
    --------
    detente.bargaining.exchange : One issue for one.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1)},
    ...     "fund": {"a": (100, 0.2, 1), "b": (0, 0.9, 1)},
    ... }
    >>> (found,) = pair_packages(bargaining_table(cells)).packages
    >>> found.actors, round(found.gain, 1), round(found.exchanged, 1)
    (('a', 'b'), 12.7, 12.7)
    """
    made = exchange(table) if exchanges is None else exchanges
    together: dict[frozenset[str], float] = {}
    for one in made.made:
        pair = frozenset(one.givers)
        together[pair] = together.get(pair, 0.0) + one.gain
    low, sizes = table.scale[:, 0], table.scale[:, 1] - table.scale[:, 0]
    position = (np.where(table.party, table.position, low) - low) / sizes
    outcome = compromise_of(table.weight, position)
    reach = table.weight / table.weight.sum(axis=0)
    room = (table.room - low) / sizes
    found = []
    for i, j in combinations(range(len(table.actors)), 2):
        opposed = table.party[i] & table.party[j]
        opposed &= (position[i] <= outcome) != (position[j] <= outcome)
        most_i, most_j = (
            np.minimum(
                reach[a] * np.abs(np.clip(position[b], room[0, a], room[1, a]) - position[a]),
                np.abs(position[b] - outcome),
            )
            * opposed
            for a, b in ((i, j), (j, i))
        )
        gain, gives_i, gives_j = best_package(table.salience[i], table.salience[j], most_i, most_j)
        if gain > _SMALLEST:
            actors = (table.actors[i], table.actors[j])
            gives = (_named(table, gives_i), _named(table, gives_j))
            exchanged = together.get(frozenset(actors), 0.0)
            found.append(PairPackage(actors, 100 * float(gain), exchanged, gives))
    found.sort(key=lambda one: -one.gain)
    return PairPackages(table, tuple(found))


def _named(table: BargainingTable, gives: Floats) -> dict[str, float]:
    return {
        issue: 100 * float(give)
        for issue, give in zip(table.issues, gives, strict=True)
        if give > _SMALLEST
    }


def best_package(
    salience_i: Floats, salience_j: Floats, most_i: Floats, most_j: Floats
) -> tuple[float, Floats, Floats]:
    """Return the largest equal gain, and the shifts that i and j give by issue.

    For a share u between the two gains' weights, an issue where u s_iq < (1 - u) s_jq is given by
    i and the other way round by j; at the u where the gains meet the package is the largest. On
    the issue whose ratio decides, the shares of both packages are mixed.
    """
    ratio = np.divide(
        salience_i, salience_j, out=np.full_like(salience_i, np.inf), where=salience_j > 0
    )
    order = np.argsort(ratio, kind="stable")
    # Start with j giving all it can, then turn issue after issue, cheapest for i first.
    gives_i, gives_j = np.zeros_like(most_i), most_j.copy()
    gain_i, gain_j = float(salience_i @ gives_j), float(-(salience_j @ gives_j))
    for q in order:
        turn_i = -salience_i[q] * (most_j[q] + most_i[q])
        turn_j = salience_j[q] * (most_j[q] + most_i[q])
        if gain_j + turn_j < gain_i + turn_i:
            gain_i, gain_j = gain_i + turn_i, gain_j + turn_j
            gives_i[q], gives_j[q] = most_i[q], 0.0
            continue
        slope = turn_j - turn_i
        share = (gain_i - gain_j) / slope if slope > 0 else 0.0
        net = most_j[q] - share * (most_j[q] + most_i[q])
        gives_j[q], gives_i[q] = max(net, 0.0), max(-net, 0.0)
        return gain_i + share * turn_i, gives_i, gives_j
    return min(gain_i, gain_j), gives_i, gives_j
