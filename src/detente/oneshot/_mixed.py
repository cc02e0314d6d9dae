"""Nash equilibria of two actors, mixed ones too: all that are extreme, in exact arithmetic.

Payoffs are taken as the decimals that they print as, those that differ by rounding alone as equal
(`detente.conflict.TIE`). Choices that another pure choice always beats are left out first: no
equilibrium uses them. Then the corners of both best-reply polyhedra are enumerated, and two corners
are an equilibrium where every choice is unused in the one or a best reply in the other (Avis,
Rosenberg, Savani & von Stengel 2010). So none is missed, none is made up, and it ends; each is
verified once more by its regrets, exactly, among all choices. In a degenerate game equilibria may
form continua; their corners are listed, and which ones hang together (Jansen 1981). Where there
are too many corners, or no time for them, the paths of Lemke and Howson find some equilibria
(`detente.oneshot._paths`), and the result says after how long the search was left off. Cost: that
of the corners, and a comparison for each pair of them; 10 choices a side take a tenth of a second,
16 some ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import islice
from math import gcd, lcm
from time import monotonic
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.conflict import TIE, rank_from_utility
from detente.errors import AnalysisError, InputError
from detente.oneshot._corners import MOST_LABELS, Ray, corners
from detente.oneshot._game import OneShot
from detente.oneshot._paths import path_ends
from detente.oneshot._profile import StrategyProfile, strategy_profile
from detente.oneshot._pure import pure_equilibria
from detente.text import Result, show
from detente.values import Bools, Floats, Ints, plain_fields

_MOST_CORNERS = 100_000
_PIECE = 1000
_SHARES = (0.4, 0.8)
"""Of the time limit that may have gone when each actor's corners are left off."""

_PAIRED = 0.9
"""Of the time limit that may have gone when pairs of corners are left off."""

_MOST_ENDS = 100

Mix = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class MixedEquilibria(Result):
    """Nash equilibria of two actors, and of others that have one choice only.

    Attributes
    ----------
    game : OneShot
    equilibria : tuple of StrategyProfile
        Pure ones first.
    component : tuple of int
        By equilibrium, the number of the connected set of equilibria that it is a corner of. All
        equilibria are among these and, in sets with several corners, mixtures of them.
    exact : tuple of mapping of str to tuple of Fraction
        By equilibrium and actor, the exact probability of each choice.
    degenerate : bool
        Whether some mix has more best replies than choices in its support.
    complete : bool
        Whether all corners were searched; if not, all pure equilibria are listed, and what else
        was found.
    seconds : float
        How long the search took.
    """

    game: OneShot
    equilibria: tuple[StrategyProfile, ...]
    component: tuple[int, ...]
    exact: tuple[Mapping[str, tuple[Fraction, ...]], ...]
    degenerate: bool
    complete: bool
    seconds: float

    def __len__(self) -> int:
        """Return how many were found."""
        return len(self.equilibria)

    def __iter__(self) -> Iterator[StrategyProfile]:
        """Go through them."""
        return iter(self.equilibria)

    @property
    def note(self) -> str:
        """What the list leaves out; empty when it is all there is."""
        if not self.complete:
            return (
                "all pure ones, and what else was found: there are too many corners to search in "
                f"the time, and it was left off after {show(self.seconds, 'fine', 2)} s; leave out "
                "options or levels, give it more time, or take qre() with a high precision"
            )
        sets = len(set(self.component))
        if sets < len(self):
            return (
                f"corners of {sets} connected set{'' if sets == 1 else 's'}: the game is "
                "degenerate, and mixtures of corners of one set can be equilibria too"
            )
        return ""

    def __str__(self) -> str:
        """Return the equilibria, a line for each actor, and the set that each is a corner of."""
        count = len(self)
        lines = [f"{count} Nash equilibri{'um' if count == 1 else 'a'}"]
        if self.note:
            lines[0] += f" ({self.note})"
        for found, component in zip(self.equilibria, self.component, strict=True):
            first, *others = str(found).splitlines()
            lines += [f"- {first}", *(f"  {other}" for other in others)]
            corner = self.component.count(component)
            if corner > 1:
                lines.append(f"  one of {corner} corners of set {component + 1}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the equilibria and what the list leaves out, ready for JSON."""
        return plain_fields(self, "equilibria", "component", "degenerate", "complete")

    def to_pandas(self) -> Any:
        """Return one row per choice of an actor in an equilibrium as a DataFrame (needs pandas)."""
        import pandas as pd

        frames = [found.to_pandas() for found in self.equilibria]
        return pd.concat(frames, keys=range(len(frames)), names=["equilibrium", "row"])


def mixed_equilibria(
    game: OneShot,
    progress: Callable[[int, int, int], None] | None = None,
    *,
    time_limit: float = 60.0,
) -> MixedEquilibria:
    """Return all extreme Nash equilibria of a game in which two actors choose, pure and mixed.

    Parameters
    ----------
    game : OneShot
    progress : callable, optional
        Called with steps done, steps in all, and 0.
    time_limit : float
        Seconds after which the search is left off, with what was found.

    Raises
    ------
    InputError
        When more than two actors have a choice, or the time limit is not positive.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"state": {"law": ["obey", "break"]}, "inspector": {"visit": ["no", "yes"]}},
    ...     utility={"state": [[0, 0], [2, -4]], "inspector": [[0, -1], [-3, 0]]},
    ... )
    >>> print(mixed_equilibria(conflict.one_shot()))
    1 Nash equilibrium
    - state      law obey 75.0 %; law break 25.0 % (payoff 0)
      inspector  visit no 66.7 %; visit yes 33.3 % (payoff −0.75)
    """
    count = len(game.choosing)
    if count > 2:
        raise InputError(
            f"mixed equilibria are found for two actors, not {count}; use pure() or qre()"
        )
    if not time_limit > 0.0:
        raise InputError(f"the time limit is {time_limit} seconds; give more than 0")
    pair = sorted(np.argsort([n == 1 for n in game.shape], kind="stable")[:2].tolist())
    sizes = [game.shape[k] for k in pair] if len(pair) == 2 else [game.shape[0], 1]
    exactly = [exact(game.payoff[game.actors[k]]).reshape(sizes) for k in pair]
    first, second = exactly[0], exactly[-1]
    begun = monotonic()
    found, degenerate, complete = _search(first, second, progress, time_limit)
    seconds = monotonic() - begun
    if not complete:
        cells = (tuple(cell[k] for k in pair) for cell in pure_equilibria(game).cells.tolist())
        found = list(dict.fromkeys([*found, *(_pure(cell, sizes) for cell in cells)]))
    for row, column in found:
        if not (_best(first, row, column) and _best(second.T, column, row)):
            raise AnalysisError("a profile with regrets was found; please report the game")
    listed = []
    for mixes, component in zip(found, _components(found), strict=True):
        shares: dict[str, tuple[Fraction, ...]] = dict.fromkeys(game.actors, (Fraction(1),))
        for k, mix in zip(pair, mixes, strict=False):
            shares[game.actors[k]] = tuple(Fraction(x, sum(mix)) for x in mix)
        floats = {actor: list(map(float, mix)) for actor, mix in shares.items()}
        profile = strategy_profile(game, floats)
        if profile.infeasible < 1.0:
            listed.append((_place(profile), component, profile, shares))
    listed.sort(key=lambda one: one[0])
    number: dict[int, int] = {}
    for _, component, _, _ in listed:
        number.setdefault(component, len(number))
    return MixedEquilibria(
        game,
        tuple(profile for _, _, profile, _ in listed),
        tuple(number[component] for _, component, _, _ in listed),
        tuple(shares for _, _, _, shares in listed),
        degenerate,
        complete,
        seconds,
    )


def exact(payoff: Floats) -> NDArray[Any]:
    """Return payoffs as whole numbers in proportion, ties but for rounding made equal.

    Examples
    --------
    >>> exact(np.array([0.5, 0.1 + 0.2, 0.3])).tolist()
    [5, 3, 3]
    """
    rank = rank_from_utility(payoff, np.ones(payoff.shape, dtype=bool), TIE)
    words = [""] * (int(rank.max()) + 1)
    for k, value in zip(rank.ravel().tolist(), payoff.ravel().tolist(), strict=True):
        word = repr(value)
        words[k] = min(words[k] or word, word, key=lambda text: (len(text), text))
    values = [Fraction(word) for word in words]
    scale = lcm(*(value.denominator for value in values))
    whole = np.array([int(value * scale) for value in values], dtype=object)
    return whole[rank]


def _undominated(first: NDArray[Any], second: NDArray[Any]) -> tuple[Ints, Ints]:
    """Return the rows and columns that survive eliminating what a pure choice strictly beats."""
    rows, columns = np.arange(first.shape[0]), np.arange(first.shape[1])
    while True:
        left = rows.size + columns.size
        rows = rows[~_beaten(first[np.ix_(rows, columns)])]
        columns = columns[~_beaten(second[np.ix_(rows, columns)].T)]
        if rows.size + columns.size == left:
            return rows, columns


def _beaten(payoff: NDArray[Any]) -> Bools:
    order = np.unique(payoff, return_inverse=True)[1].reshape(payoff.shape)
    beaten: Bools = np.array([(order > row).all(axis=1).any() for row in order])
    return beaten


def _search(
    first: NDArray[Any],
    second: NDArray[Any],
    progress: Callable[[int, int, int], None] | None,
    time_limit: float,
) -> tuple[list[tuple[Mix, Mix]], bool, bool]:
    """Return pairs of mixes that are equilibria, whether degenerate, and whether they are all."""
    begun = monotonic()
    own = _undominated(first, second)
    inner = first[np.ix_(*own)], second[np.ix_(*own)]

    def overdue(share: float) -> bool:
        return monotonic() - begun > share * time_limit

    found, degenerate, complete = _all_corners(*inner, progress, overdue)
    if not complete:
        ends = (
            _reduced((row, column))
            for row, column in path_ends(*inner, partial(overdue, 1.0))
            if _best(inner[0], row, column) and _best(inner[1].T, column, row)
        )
        found = list(dict.fromkeys([*found, *islice(ends, _MOST_ENDS)]))
    pairs = [
        (_among(row, own[0], len(first)), _among(column, own[1], len(first.T)))
        for row, column in found
    ]
    return pairs, degenerate, complete


def _all_corners(
    first: NDArray[Any],
    second: NDArray[Any],
    progress: Callable[[int, int, int], None] | None,
    overdue: Callable[[float], bool],
) -> tuple[list[tuple[Mix, Mix]], bool, bool]:
    """Search a game without dominated choices; return as `_search` does."""
    sides = [second.tolist(), first.T.tolist()]
    sizes = [len(side) for side in sides]
    done, steps = 0, sum(sizes) + 1
    if sum(sizes) > MOST_LABELS:
        return [], False, False

    def advance() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, steps, 0)

    rays, labels, complete = [], [], True
    for side, share in zip(sides, _SHARES, strict=True):
        corner, label, all_of_them = corners(side, _MOST_CORNERS, advance, partial(overdue, share))
        rays.append(corner)
        labels.append(label)
        complete &= all_of_them
    degenerate = any(
        max(map(int.bit_count, label.tolist()), default=0) > size
        for label, size in zip(labels, sizes, strict=True)
    )
    unused, best = labels[1] & (1 << sizes[1]) - 1, labels[1] >> sizes[1]
    replies = unused << sizes[0] | best
    pairs: list[tuple[Mix, Mix]] = []
    for begin in range(0, labels[0].size, _PIECE):
        if overdue(_PAIRED):
            return pairs, degenerate, False
        piece = labels[0][begin : begin + _PIECE]
        for one, other in complementary(piece, replies, (1 << sum(sizes)) - 1).tolist():
            pairs.append(_reduced((rays[0][begin + one][:-1], rays[1][other][:-1])))
    advance()
    return pairs, degenerate, complete


def _reduced(pair: tuple[Ray, Ray]) -> tuple[Mix, Mix]:
    """Return two mixes without common factor."""
    row, column = (tuple(x // gcd(*mix) for x in mix) for mix in pair)
    return row, column


def _among(mix: Mix, own: Ints, count: int) -> Mix:
    """Return a mix of some choices as one of all."""
    everything = [0] * count
    for k, x in zip(own.tolist(), mix, strict=True):
        everything[k] = x
    return tuple(everything)


def _pure(cell: Sequence[int], sizes: Sequence[int]) -> tuple[Mix, Mix]:
    """Return a pair of pure choices as mixes."""
    one, other = (*cell, 0)[:2]
    return (
        tuple(int(k == one) for k in range(sizes[0])),
        tuple(int(k == other) for k in range(sizes[1])),
    )


def _best(payoff: NDArray[Any], mix: Mix, other: Mix) -> bool:
    """Say whether a mix has no regret: each choice it uses is a best reply to the other."""
    pays = payoff.dot(np.array(other, dtype=object)).tolist()
    return all(pay == max(pays) for pay, x in zip(pays, mix, strict=True) if x)


@njit(cache=True)
def complementary(first, second, everything):  # type: ignore[no-untyped-def]
    """Return the pairs of labels that have every bit between them."""
    found = [(0, 0) for _ in range(0)]
    for one in range(first.size):
        for other in range(second.size):
            if first[one] | second[other] == everything:
                found.append((one, other))
    pairs = np.empty((len(found), 2), dtype=np.int64)
    for k, pair in enumerate(found):
        pairs[k, 0], pairs[k, 1] = pair
    return pairs


def _components(pairs: Sequence[tuple[Mix, Mix]]) -> list[int]:
    """Return which pairs hang together; those that share a mix do."""
    parent = list(range(len(pairs)))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    seen: dict[tuple[int, Mix], int] = {}
    for k, pair in enumerate(pairs):
        for mix in enumerate(pair):
            parent[root(k)] = root(seen.setdefault(mix, k))
    return [root(k) for k in range(len(pairs))]


def _place(profile: StrategyProfile) -> tuple[Any, ...]:
    """Sort pure equilibria first, then small supports, then by their first choices."""
    used = [np.flatnonzero(mix).tolist() for mix in profile.mix.values()]
    return (sum(map(len, used)), used, [mix.tolist() for mix in profile.mix.values()])
