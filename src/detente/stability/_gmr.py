"""General metarationality: every improvement is deterred by some reply (Howard 1971).

A reply is any legal sequence of the others, even at their own cost; it deters when the actor ends
no better than where it started. Cost: that of the closure of moves, `detente.stability._closure`.
"""

from __future__ import annotations

from detente.engine import Bools
from detente.stability._game import RankedGame


def gmr(game: RankedGame, actor: str) -> Bools:
    """Return where every improvement of the actor meets a sequence of moves that undoes it."""
    return game.safe(actor, game.worst_reply(actor, game.rank(actor), improving=False))
