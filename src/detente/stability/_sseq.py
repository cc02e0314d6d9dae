"""Symmetric sequential stability: as seq, and no escape by a further move (Rêgo & Vieira 2017).

A reply is an improving sequence of the others; it deters when neither the state it ends in nor any
move of the actor from there is better than where the actor started. Cost: that of seq, and one pass
over the actor's own moves.
"""

from __future__ import annotations

from detente.engine import Bools
from detente.stability._game import RankedGame


def sseq(game: RankedGame, actor: str) -> Bools:
    """Return where every improvement meets an improving reply that the actor cannot escape."""
    return game.safe(actor, game.worst_reply(actor, game.escape(actor), improving=True))
