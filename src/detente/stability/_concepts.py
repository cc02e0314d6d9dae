"""Who is stable where under the concepts that ask for no reply, or for a sequence of replies.

An actor is safe in a state when each of its improvements leads to a prospect no better for it than
that state. The concepts differ in what the others may do and in how the actor looks on where that
ends. Cost: that of the closure of moves or improvements, `detente.stability._closure`; for
``nash`` O(N) for N states, for ``smr`` and ``sseq`` one pass over the actor's own moves besides.
"""

from __future__ import annotations

from detente.stability._game import RankedGame
from detente.values import Bools


def nash(game: RankedGame, actor: str) -> Bools:
    """Return where the actor has no improvement at all (Nash 1950, 1951).

    Nothing that others might do counts, so a move's prospect is its own rank.
    """
    return game.safe(actor, game.rank(actor))


def gmr(game: RankedGame, actor: str) -> Bools:
    """General metarationality: every improvement is deterred by some reply (Howard 1971).

    A reply is any legal sequence of the others, even at their own cost; it deters when the actor
    ends no better than where it started.
    """
    return game.safe(actor, game.worst_reply(actor, game.rank(actor), improving=False))


def smr(game: RankedGame, actor: str) -> Bools:
    """Symmetric metarationality: as gmr, and no escape by a further move (Howard 1971).

    A reply deters when neither the state it ends in nor any move of the actor from there is better
    than where the actor started. So a state counts for the best that the actor can make of it.
    """
    return game.safe(actor, game.worst_reply(actor, game.escape(actor), improving=False))


def seq(game: RankedGame, actor: str) -> Bools:
    """Sequential stability: every improvement meets credible replies (Fraser & Hipel 1979).

    As gmr, with sequences in which each step is an improvement for its mover.
    """
    return game.safe(actor, game.worst_reply(actor, game.rank(actor), improving=True))


def sseq(game: RankedGame, actor: str) -> Bools:
    """Symmetric sequential stability: as seq, and no escape as in smr (Rêgo & Vieira 2017)."""
    return game.safe(actor, game.worst_reply(actor, game.escape(actor), improving=True))
