"""Nash equilibria of two actors, mixed ones too: all that are extreme, in exact arithmetic.

Payoffs are taken as the decimals that they print as, those that differ by rounding alone as equal
(`detente.conflict.TIE`). Choices that another pure choice always beats are left out first: no
equilibrium uses them. Then the corners of both best-reply polyhedra are enumerated, and two corners
are an equilibrium where every choice is unused in the one or a best reply in the other (Avis,
Rosenberg, Savani & von Stengel 2010). So none is missed, none is made up, and it ends. In a
degenerate game equilibria may form continua; their corners are listed, and which ones hang together
(Jansen 1981). Cost: that of the corners, and a comparison for each pair of them; 10 choices a side
take a tenth of a second, 16 some ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.conflict import TIE, rank_from_utility
from detente.errors import InputError
from detente.oneshot._corners import MOST_LABELS, Ray, corners
from detente.oneshot._game import OneShot
from detente.oneshot._profile import StrategyProfile, strategy_profile
from detente.oneshot._pure import pure_equilibria
from detente.text import Result
from detente.values import Bools, Floats, Ints, plain_fields

_MOST_CORNERS = 100_000
_PIECE = 1000


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
    degenerate : bool
        Whether some mix has more best replies than choices in its support.
    complete : bool
        Whether all corners were searched; if not, the pure equilibria are listed.
    """

    game: OneShot
    equilibria: tuple[StrategyProfile, ...]
    component: tuple[int, ...]
    degenerate: bool
    complete: bool

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
                "pure ones only: too many choices for a full search; leave out options or levels, "
                "or take qre() with a high precision"
            )
        sets = len(set(self.component))
        if sets < len(self):
            return (
                f"corners of {sets} connected set{'' if sets == 1 else 's'}: the game is "
                "degenerate, and mixtures of corners of one set can be equilibria too"
            )
        return ""

    def __str__(self) -> str:
        """Return the equilibria, a line for each actor."""
        count = len(self)
        lines = [f"{count} Nash equilibri{'um' if count == 1 else 'a'}"]
        if self.note:
            lines[0] += f" ({self.note})"
        for found in self.equilibria:
            first, *others = str(found).splitlines()
            lines += [f"- {first}", *(f"  {other}" for other in others)]
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
    game: OneShot, progress: Callable[[int, int, int], None] | None = None
) -> MixedEquilibria:
    """Return all extreme Nash equilibria of a game in which two actors choose, pure and mixed.

    Parameters
    ----------
    game : OneShot
    progress : callable, optional
        Called with steps done, steps in all, and 0.

    Raises
    ------
    InputError
        When more than two actors have a choice.

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
    pair = sorted(np.argsort([n == 1 for n in game.shape], kind="stable")[:2].tolist())
    sizes = [game.shape[k] for k in pair] if len(pair) == 2 else [game.shape[0], 1]
    exactly = [exact(game.payoff[game.actors[k]]).reshape(sizes) for k in pair]
    first, second = exactly[0], exactly[-1]
    rows, columns = _undominated(first, second)
    sides = [
        second[np.ix_(rows, columns)].tolist(),
        first[np.ix_(rows, columns)].T.tolist(),
    ]
    found = _search(sides, progress)
    if found is None:
        pure = tuple(pure_equilibria(game))
        return MixedEquilibria(game, pure, tuple(range(len(pure))), False, False)
    (row_rays, column_rays), pairs, degenerate = found
    component = _components(pairs)
    profiles = []
    for one, other in pairs:
        mixes = [np.eye(n)[0] for n in game.shape]
        for k, own, ray in zip(
            pair, (rows, columns), (row_rays[one], column_rays[other]), strict=False
        ):
            mixes[k] = np.zeros(game.shape[k])
            mixes[k][own] = _shares(ray)
        profiles.append(strategy_profile(game, dict(zip(game.actors, mixes, strict=True))))
    order = sorted(range(len(pairs)), key=lambda k: _place(profiles[k]))
    number: dict[int, int] = {}
    for k in order:
        number.setdefault(component[k], len(number))
    return MixedEquilibria(
        game,
        tuple(profiles[k] for k in order),
        tuple(number[component[k]] for k in order),
        degenerate,
        True,
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
    beaten: Bools = np.array([(payoff > row).all(axis=1).any() for row in payoff])
    return beaten


def _search(
    sides: Sequence[Sequence[Sequence[int]]], progress: Callable[[int, int, int], None] | None
) -> tuple[list[list[Ray]], list[tuple[int, int]], bool] | None:
    """Return both actors' corners, the pairs that are equilibria, and whether it is degenerate."""
    sizes = [len(side) for side in sides]
    done, steps = 0, sum(sizes) + 1
    if sum(sizes) > MOST_LABELS:
        return None

    def advance() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, steps, 0)

    rays, labels = [], []
    for side in sides:
        found = corners(side, _MOST_CORNERS, advance)
        if found is None:
            return None
        rays.append(found[0])
        labels.append(found[1])
    degenerate = any(
        max(map(int.bit_count, label.tolist())) > size
        for label, size in zip(labels, sizes, strict=True)
    )
    unused, best = labels[1] & (1 << sizes[1]) - 1, labels[1] >> sizes[1]
    replies = unused << sizes[0] | best
    pairs = []
    for begin in range(0, labels[0].size, _PIECE):
        piece = labels[0][begin : begin + _PIECE]
        found = complementary(piece, replies, (1 << sum(sizes)) - 1)
        pairs += [(begin + one, other) for one, other in found.tolist()]
    advance()
    return rays, pairs, degenerate


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


def _components(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return which pairs hang together; those that share a mix do."""
    parent = list(range(len(pairs)))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    seen: dict[tuple[int, int], int] = {}
    for k, pair in enumerate(pairs):
        for mix in enumerate(pair):
            parent[root(k)] = root(seen.setdefault(mix, k))
    return [root(k) for k in range(len(pairs))]


def _shares(ray: Ray) -> list[float]:
    total = sum(ray[:-1])
    return [float(Fraction(x, total)) for x in ray[:-1]]


def _place(profile: StrategyProfile) -> tuple[Any, ...]:
    """Sort pure equilibria first, then small supports, then by their first choices."""
    used = [np.flatnonzero(mix).tolist() for mix in profile.mix.values()]
    return (sum(map(len, used)), used, [mix.tolist() for mix in profile.mix.values()])
