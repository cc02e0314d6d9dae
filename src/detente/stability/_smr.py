"""Symmetric metarationality: as gmr, and the actor cannot escape by a further move (Howard 1971).

A reply deters when neither the state it ends in nor any move of the actor from there is better than
where the actor started. So a state counts for the best that the actor can make of it. Cost: that of
gmr, and one pass over the actor's own moves.
"""

from __future__ import annotations

from detente.engine import Bools
from detente.stability._game import RankedGame


def smr(game: RankedGame, actor: str) -> Bools:
    """Return where every improvement of the actor meets a reply that it cannot escape."""
    return game.safe(actor, game.worst_reply(actor, game.escape(actor), improving=False))
