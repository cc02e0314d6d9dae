"""Nash equilibria in pure choices, by enumeration, for any number of actors.

A profile is an equilibrium when every actor's choice pays as much as any other of its choices
against the same choices of the others: one pass over each actor's payoffs, line by line. Payoffs
within `TIE` of their span count as equal. Cost: O(actors x profiles).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.oneshot._game import OneShot
from detente.oneshot._profile import StrategyProfile, strategy_profile
from detente.text import Result
from detente.values import Bools, Floats, data_frame

TIE = 1e-9
"""Payoffs that differ by less than this share of their span are equal but for rounding."""
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
            pays = ", ".join(f"{self.game.payoff[a][tuple(cell)]:.4g}" for a in self.game.actors)
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
    nash = np.ones(game.shape, dtype=bool)
    strict = np.ones(game.shape, dtype=bool)
    for k, actor in enumerate(game.actors):
        block = (prod(game.shape[:k]), game.shape[k], prod(game.shape[k + 1 :]))
        slack = TIE * game.span(actor)
        payoff: Floats = np.ascontiguousarray(game.payoff[actor]).reshape(block)
        keep_best(payoff, slack, nash.reshape(block), strict.reshape(block))
    return PureEquilibria(game, np.argwhere(nash), strict[nash])


@njit(cache=True, nogil=True)
def keep_best(payoff, slack, nash, strict):  # type: ignore[no-untyped-def]
    """Clear the profiles where an actor's choice is not best, and strict where it is not alone."""
    before, own, after = payoff.shape
    for i in range(before):
        for j in range(after):
            best = -np.inf
            for m in range(own):
                best = max(best, payoff[i, m, j])
            ties = 0
            for m in range(own):
                if payoff[i, m, j] >= best - slack:
                    ties += 1
                else:
                    nash[i, m, j] = False
            if ties > 1:
                for m in range(own):
                    strict[i, m, j] = False
