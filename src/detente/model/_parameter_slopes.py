"""From slopes in the games that are played to slopes by the parameters of the case.

What hangs on the chain of a world moves with the values on which actors act
(`detente.equilibrium.add_value_slopes`), and with the numbers of every game that somebody plays,
which the formulas of the case take from the parameters (`detente.conflict.CompileSlopes`): today's,
those of views, and those that an intervention makes. Cost: one transposed system a game.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from detente.conflict import CompileSlopes, Conflict
from detente.engine import side_by_side
from detente.equilibrium import Equilibrium, PlayedGames, add_value_slopes
from detente.model._solved_model import SolvedModel
from detente.model._world import TODAY, World
from detente.values import Floats

_STEEP = "no slope: the branch of equilibria turns here, or another crosses it"
_UNSOLVED = "no slope to rely on: the linearised equations could not be solved"


class SlopesThrough(NamedTuple):
    """Slopes by the parameters, (quantities, parameters), and why a quantity has none, or ""."""

    slopes: Floats
    why_not: tuple[str, ...]


class ParameterSlopes:
    """How what follows in one world moves with some parameters.

    Parameters
    ----------
    model : SolvedModel
    world : World
    names : sequence of str
    like : ParameterSlopes, optional
        Those of the same parameters in another world of the model.

    Attributes
    ----------
    true : CompileSlopes
        Of the numbers of the world itself.
    """

    def __init__(
        self,
        model: SolvedModel,
        world: World,
        names: Sequence[str],
        like: ParameterSlopes | None = None,
    ) -> None:
        self.model, self.world, self.names = model, world, names
        self.solved = model.under(world)
        self.true: CompileSlopes = CompileSlopes(
            self.solved.conflict,
            names,
            dict(world.parameters),
            like=None if like is None else like.true,
        )

    def through(self, games: PlayedGames, threads: bool = False) -> SlopesThrough:
        """Return slopes by the parameters of what moves with games that are played."""
        solved, steep = (
            np.ones(games.quantities, dtype=bool),
            np.zeros(games.quantities, dtype=bool),
        )
        works = [partial(add_value_slopes, game, threads=threads) for game in games]
        for fine, turning in side_by_side(works, threads):
            solved, steep = solved & fine, steep | turning
        slopes = np.zeros((games.quantities, len(self.names)))
        for game in games:
            slopes += self._compiled(game.equilibrium).through(game.numbers)
        why_not = [
            _STEEP if turns else "" if fine else _UNSOLVED
            for turns, fine in zip(steep, solved, strict=True)
        ]
        return SlopesThrough(slopes, tuple(why_not))

    def _compiled(self, acting: Equilibrium) -> CompileSlopes:
        """Return how the numbers of a game that is played move with the parameters."""
        if acting is self.solved.equilibrium:
            return self.true
        world = self.world if self.world.announced else TODAY
        outside: Conflict = self.model.under(world).conflict
        fixed = dict(world.parameters)
        for viewer, view in self.solved.equilibrium.beliefs.items():
            if view is acting and viewer in outside.views:
                view_of = outside, viewer, self.true
                return CompileSlopes(acting.conflict, self.names, fixed, *view_of)
        return CompileSlopes(acting.conflict, self.names, fixed, like=self.true)
