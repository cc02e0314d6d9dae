"""Nash equilibria in pure choices, by enumeration, for any number of actors.

A profile is an equilibrium when every actor's choice pays as much as any other of its choices
against the same choices of the others: one pass over each actor's payoffs, line by line. Payoffs
that differ by rounding alone (`detente.conflict.TIE`) count as equal. A profile that leads to no
feasible state is no equilibrium, whatever the rule pays for it, unless all then stays as it is.
Cost: a sort of each actor's payoffs, and O(actors x profiles).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.conflict import TIE, rank_from_utility
from detente.oneshot._game import OneShot
from detente.oneshot._profile import StrategyProfile, strategy_profile
from detente.text import Result, show
from detente.values import Bools, data_frame

_SHOWN = 20


@dataclass(frozen=True, eq=False)
class PureEquilibria(Result):
    """All Nash equilibria in pure choices.

    Attributes
    ----------
    game : OneShot
    cells : ndarray of int, (equilibria, actors)
        The number of each actor's choice.
    strict : ndarray of bool, (equilibria,)
        Whether every actor would lose by any other choice.
    """

    game: OneShot
    cells: NDArray[np.intp]
    strict: Bools

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.cells)

    def __iter__(self) -> Iterator[StrategyProfile]:
        """Go through them as profiles."""
        actors = self.game.actors
        for cell in self.cells.tolist():
            yield strategy_profile(self.game, dict(zip(actors, cell, strict=True)))

    def states(self) -> tuple[Mapping[str, str], ...]:
        """Return the states they lead to, as level names by variable."""
        flat = self.game.state[tuple(self.cells.T)]
        return tuple(self.game.conflict.label(int(state)) for state in flat)

    def __str__(self) -> str:
        """Return one line per equilibrium."""
        count = len(self)
        lines = [f"{count:,} Nash equilibri{'um' if count == 1 else 'a'} in pure choices"]
        for cell, strict in zip(self.cells[:_SHOWN].tolist(), self.strict, strict=False):
            pairs = list(zip(self.game.actors, cell, strict=True))
            words = "; ".join(f"{actor} {self.game.name(actor, k)}" for actor, k in pairs)
            payoff = (self.game.payoff[actor][tuple(cell)] for actor in self.game.actors)
            pays = ", ".join(show(value, "fine", 4) for value in payoff)
            lines.append(f"- {words} (payoffs {pays}{'' if strict else '; not strict'})")
        if count > _SHOWN:
            lines.append(f"- and {count - _SHOWN:,} more")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return choices, payoffs and whether strict, ready for JSON."""
        game = self.game
        return {
            "equilibria": [
                {
                    "choices": {
                        actor: dict(game.choices[actor][k])
                        for actor, k in zip(game.actors, cell, strict=True)
                    },
                    "payoff": {a: float(game.payoff[a][tuple(cell)]) for a in game.actors},
                    "strict": bool(strict),
                }
                for cell, strict in zip(self.cells.tolist(), self.strict, strict=True)
            ]
        }

    def to_pandas(self) -> Any:
        """Return one row per equilibrium as a DataFrame (needs pandas)."""
        game = self.game
        columns: dict[str, Any] = {
            actor: [game.name(actor, int(c)) for c in self.cells[:, k]]
            for k, actor in enumerate(game.actors)
        }
        for actor in game.actors:
            columns[f"payoff {actor}"] = game.payoff[actor][tuple(self.cells.T)]
        return data_frame({**columns, "strict": self.strict})


def pure_equilibria(game: OneShot) -> PureEquilibria:
    """Return all Nash equilibria in pure choices.

    Parameters
    ----------
    game : OneShot

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["cooperate", "defect"]}, "col": {"act": ["c", "d"]}},
    ...     utility={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ... )
    >>> print(pure_equilibria(conflict.one_shot()))
    1 Nash equilibrium in pure choices
    - row act defect; col act d (payoffs 2, 2)
    """
    nash, strict, every = (np.ones(game.shape, dtype=bool) for _ in range(3))
    for k, actor in enumerate(game.actors):
        block = (prod(game.shape[:k]), game.shape[k], prod(game.shape[k + 1 :]))
        rank = rank_from_utility(game.payoff[actor], every, TIE).reshape(block)
        keep_best(rank, nash.reshape(block), strict.reshape(block))
    if game.rule != "stay":
        nash &= ~game.infeasible
    return PureEquilibria(game, np.argwhere(nash), strict[nash])


@njit(cache=True, nogil=True)
def keep_best(rank, nash, strict):  # type: ignore[no-untyped-def]
    """Clear the profiles where an actor's choice is not best, and strict where it is not alone."""
    before, own, after = rank.shape
    for i in range(before):
        for j in range(after):
            best = 0
            for m in range(own):
                best = max(best, rank[i, m, j])
            ties = 0
            for m in range(own):
                if rank[i, m, j] == best:
                    ties += 1
                else:
                    nash[i, m, j] = False
            if ties > 1:
                for m in range(own):
                    strict[i, m, j] = False
