"""Sequential stability: every improvement is deterred by credible replies (Fraser & Hipel 1979).

A reply is a legal sequence of the others in which each step is an improvement for its mover; it
deters when the actor ends no better than where it started. Cost: that of the closure of
improvements, `detente.stability._closure`.
"""

from __future__ import annotations

from detente.engine import Bools
from detente.stability._game import RankedGame


def seq(game: RankedGame, actor: str) -> Bools:
    """Return where every improvement of the actor meets an improving sequence that undoes it."""
    return game.safe(actor, game.worst_reply(actor, game.rank(actor), improving=True))
