"""Nash stability: the actor has no improvement at all (Nash 1950, 1951).

Nothing that others might do counts, so a move's prospect is its own rank. Cost: O(N) for N states.
"""

from __future__ import annotations

from detente.engine import Bools
from detente.stability._game import RankedGame


def nash(game: RankedGame, actor: str) -> Bools:
    """Return where the actor's set of improvements is empty."""
    return game.safe(actor, game.rank(actor))
