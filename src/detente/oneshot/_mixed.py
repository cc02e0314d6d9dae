"""Nash equilibria of two actors, mixed ones too, by the algorithms of nashpy, each one checked.

Choices that another pure choice always beats are left out first: no equilibrium uses them. Then the
vertices of the two best-reply polytopes are enumerated and matched (Avis, Rosenberg, Savani & von
Stengel 2010), which finds every equilibrium of a game that is not degenerate; where that would be
too many, Lemke & Howson's (1964) paths find one or more. In a degenerate game some mix has more
best replies than choices in its support; equilibria may then form continua, of which corners are
found. Whatever is found is kept only if no actor can gain `REGRET` of the span of its payoffs.
Cost: exponential in the number of choices, or some pivots a path.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import AnalysisError, InputError
from detente.oneshot._game import OneShot
from detente.oneshot._profile import StrategyProfile, strategy_profile
from detente.oneshot._pure import pure_equilibria
from detente.text import Result
from detente.values import Bools, Floats, plain_fields

REGRET = 1e-8
"""Largest regret of an equilibrium, as a share of the span of payoffs."""
_SAME = 1e-6
_MOST_FOR_VERTICES = 14
_MOST_PATHS = 200
_MOST_CHOICES = 400


@dataclass(frozen=True, eq=False)
class MixedEquilibria(Result):
    """Nash equilibria of two actors.

    Attributes
    ----------
    game : OneShot
    equilibria : tuple of StrategyProfile
        Pure ones first.
    degenerate : bool
        Whether the game is seen to be degenerate: there may be more equilibria, even continua.
    complete : bool
        Whether all vertices were searched.
    """

    game: OneShot
    equilibria: tuple[StrategyProfile, ...]
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
        """What is not sure about the list; empty when it is all there is."""
        if not self.complete:
            return "found along paths, not by full search: there may be others"
        if self.degenerate:
            return "the game is degenerate: these may be corners of continua of equilibria"
        return ""

    def __str__(self) -> str:
        """Return the equilibria, two lines each."""
        count = len(self)
        lines = [f"{count} Nash equilibri{'um' if count == 1 else 'a'}"]
        if self.note:
            lines[0] += f" ({self.note})"
        for found in self.equilibria:
            first, second = str(found).splitlines()
            lines += [f"- {first}", f"  {second}"]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the equilibria and what is not sure about them, ready for JSON."""
        return plain_fields(self, "equilibria", "degenerate", "complete")

    def to_pandas(self) -> Any:
        """Return one row per choice of an actor in an equilibrium as a DataFrame (needs pandas)."""
        import pandas as pd

        frames = [found.to_pandas() for found in self.equilibria]
        return pd.concat(frames, keys=range(len(frames)), names=["equilibrium", "row"])


def mixed_equilibria(game: OneShot) -> MixedEquilibria:
    """Return the Nash equilibria of a game of two actors, pure and mixed.

    Parameters
    ----------
    game : OneShot

    Raises
    ------
    InputError
        When there are not two actors, or more choices than can be searched.
    AnalysisError
        When no equilibrium that was found stands the check.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"state": {"law": ["obey", "break"]}, "inspector": {"visit": ["no", "yes"]}},
    ...     utility={"state": [[0, 0], [2, -4]], "inspector": [[0, -1], [-3, 0]]},
    ... )
    >>> print(mixed_equilibria(conflict.one_shot()))
    1 Nash equilibrium
    - state      law obey 75.0%; law break 25.0% (payoff 0)
      inspector  visit no 66.7%; visit yes 33.3% (payoff -0.75)
    """
    if len(game.actors) != 2:
        raise InputError(
            f"mixed equilibria are found for two actors, not {len(game.actors)}; use pure() "
            "or qre()"
        )
    first, second = (game.payoff[actor] / game.span(actor) for actor in game.actors)
    rows, columns = _undominated(first, second)
    if rows.size + columns.size > _MOST_CHOICES:
        raise InputError(
            f"the actors have {rows.size} and {columns.size} choices that are not dominated, "
            f"{_MOST_CHOICES} together can be searched; use pure() or qre()"
        )
    small = first[np.ix_(rows, columns)], second[np.ix_(rows, columns)]
    complete = rows.size + columns.size <= _MOST_FOR_VERTICES
    found = list(pure_equilibria(game))
    for row, column in _candidates(*small, complete):
        mixes = np.zeros(first.shape[0]), np.zeros(first.shape[1])
        mixes[0][rows], mixes[1][columns] = row, column
        trial = strategy_profile(game, dict(zip(game.actors, mixes, strict=True)))
        if trial.largest_regret <= REGRET and not any(_same(trial, known) for known in found):
            found.append(trial)
    if not found:
        raise AnalysisError(
            "no equilibrium was found to the accuracy wanted; use qre() with a high precision"
        )
    degenerate = complete and (len(found) % 2 == 0 or any(map(_loose, found)))
    return MixedEquilibria(game, tuple(found), degenerate, complete)


def _undominated(first: Floats, second: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows and columns that survive eliminating what a pure choice strictly beats."""
    rows, columns = np.arange(first.shape[0]), np.arange(first.shape[1])
    while True:
        left = rows.size + columns.size
        rows = rows[~_beaten(first[np.ix_(rows, columns)])]
        columns = columns[~_beaten(second[np.ix_(rows, columns)].T)]
        if rows.size + columns.size == left:
            return rows, columns


def _beaten(payoff: Floats) -> Bools:
    beaten: Bools = np.array([(payoff > row).all(axis=1).any() for row in payoff])
    return beaten


def _candidates(first: Floats, second: Floats, complete: bool) -> Iterator[tuple[Floats, Floats]]:
    """Go through what nashpy finds; pure equilibria are known and may be left out."""
    from nashpy import Game
    from nashpy.algorithms.lemke_howson_lex import lemke_howson_lex
    from scipy.spatial import QhullError

    if min(first.shape) == 1:
        return
    # The polytopes are bounded where all payoffs are positive.
    first, second = first - first.min() + 1.0, second - second.min() + 1.0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if complete:
            game = Game(first, second)
            try:
                yield from map(_clean, game.vertex_enumeration())
            except QhullError:
                yield from map(_clean, game.support_enumeration())
            return
        for label in range(min(sum(first.shape), _MOST_PATHS)):
            try:
                found = _clean(lemke_howson_lex(first, second, label))
            except (np.linalg.LinAlgError, IndexError, ValueError):
                continue
            if found[0].shape + found[1].shape == first.shape:
                yield found


def _clean(found: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    row, column = (np.clip(np.nan_to_num(mix), 0.0, None) for mix in found)
    return row / (row.sum() or 1.0), column / (column.sum() or 1.0)


def _same(one: StrategyProfile, other: StrategyProfile) -> bool:
    return all(np.abs(one.mix[a] - other.mix[a]).max() < _SAME for a in one.mix)


def _loose(found: StrategyProfile) -> bool:
    """Say whether some mix has more best replies than choices in its support."""
    sizes = [int((mix > _SAME).sum()) for mix in found.mix.values()]
    best = [
        int((reply >= reply.max() - REGRET * found.game.span(actor)).sum())
        for actor, reply in found.replies.items()
    ]
    return best[0] > sizes[1] or best[1] > sizes[0]
