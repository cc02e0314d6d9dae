"""The least change of one actor's own ranking: lift the wanted state, and nothing else.

Whether a state s is stable for an actor i depends, as far as i's own ranking goes, only on the set
B of states that i likes no better than s, under every concept; and the larger B, the easier: fewer
moves improve, more replies deter. Let r be the ranks, A the states above s that have to enter B,
and t the highest of them. For every u other than s and t with r(s) <= r(u) <= r(t), one of
the pairs {s, u}, {u, t} must change, or s < t would follow from the two; these pairs differ for
different u; and {s, t} changes. So at least #{x != s: r(s) <= r(x) <= r(t)} comparisons change, and
lifting s to a tie with t changes exactly that many and lets in all states up to t. The least change
therefore lifts s to the lowest rank at which it is stable, which is the best prospect that any move
of i has: the lesser of its rank and the worst that can follow. One maximum over moves gives it for
all states at once.

Cost: that of the concept, and one pass; any number of states.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.stability._extremes import Ranks
from detente.stability._game import RankedGame
from detente.stability._replies import RULES, Threats
from detente.values import Ints


def raised_to(game: RankedGame, concept: str, actor: str) -> Ranks:
    """Return for each state the rank to which the actor must lift it, its own where it is stable.

    Parameters
    ----------
    concept : str
        Not ``sim``. Under ``seq`` and ``sseq`` the rankings of the others stay as they are.

    Returns
    -------
    ndarray of int32
        Flat, -1 at infeasible states.
    """
    rank = game.rank(actor)
    prospect = rank
    if concept in RULES:
        prospect = np.minimum(rank, Threats.of(game, actor, RULES[concept]).worst)
    return np.where(game.feasible, np.maximum(rank, game.best_move(actor, prospect)), -1)


def raising_costs(game: RankedGame, actor: str, level: Ranks, settings: int = 1) -> Ints:
    """Return for each state how many comparisons change when it is lifted to a rank.

    Zero where the rank is the state's own, and at infeasible states. Only states with the same
    conditions count: no move leads from the one to the other otherwise. Conditions are the last
    axes, so states go through their ``settings`` in turn.
    """
    rank = game.rank(actor)
    own = (np.arange(rank.size) % settings) * (int(rank.max()) + 1)
    among = np.sort((own + rank)[game.feasible])
    last = np.searchsorted(among, own + level, side="right")
    cost = last - np.searchsorted(among, own + rank, side="left") - 1
    return np.where(game.feasible & (level > rank), cost, 0)


def raise_state(rank: NDArray[np.int32], state: int, level: int) -> NDArray[np.int32]:
    """Return ranks in which one state is on a level with all states of a higher rank.

    Examples
    --------
    >>> raise_state(np.array([0, 1, 2], dtype=np.int32), 0, 1).tolist()
    [0, 0, 1]
    """
    new = rank.copy()
    new.reshape(-1)[state] = level
    feasible = rank >= 0
    new[feasible] = np.unique(new[feasible], return_inverse=True)[1].reshape(-1)
    return new
