"""The smallest change of rankings that makes a wanted state an equilibrium.

A change is measured by the pairs of states that an actor compares differently: better, equal or
worse. For strict orders it is the Kendall distance; a tie made or broken counts as one, as does a
reversal. Counts are summed over actors. Conditions stay as they are in this analysis, so pairs of
states that differ in one are never compared, and do not count.

Under ``nash``, ``gmr`` and ``smr`` an actor's stability depends on its own ranking only, so each
actor lifts the wanted state as far as it must (`detente.stability._inverse.raising`): exact on any
number of states. Under ``seq``, ``sseq`` and ``sim`` the rankings of the others decide what they
would answer: the exact search of `detente.stability._inverse.joint`, on small conflicts.

Sources: the question is that of inverse analysis in the graph model, Kinsara, Petersons, Hipel &
Kilgour (2015) and Wang, Hipel, Fang & Dang (2018); the measure and both methods are ours.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State, restrict
from detente.errors import InputError
from detente.stability._extremes import Ranks
from detente.stability._graph import ranked_game
from detente.stability._inverse.change import RankChange, condition_settings
from detente.stability._inverse.joint import MOST_STATES, Rank, RankChangeSearch
from detente.stability._inverse.move_sets import MoveSets, check_actor
from detente.stability._inverse.raising import raise_state, raised_to, raising_costs
from detente.stability._stability import Stability, known_concept
from detente.values import Bools, Ints

_SEPARATE = {"nash": "nash", "gmr": "gmr", "smr": "smr"}
_NEEDED = {"seq": "gmr", "sseq": "smr"}
"""What stability under a concept implies and one's own ranking decides."""


def least_rank_change(
    conflict: Conflict,
    wanted: State | str,
    concept: str = "nash",
    actors: Iterable[str] | None = None,
) -> RankChange:
    """Find the fewest comparisons to change for a wanted state to be an equilibrium.

    Parameters
    ----------
    conflict : Conflict
    wanted : state or str
        A feasible state, or a formula: any state where it holds will do.
    concept : str
        One of `detente.stability.CONCEPTS`.
    actors : iterable of str, optional
        Whose rankings may change; everybody's by default.

    Returns
    -------
    RankChange
        A smallest change, or why none does it. Lifting the state to the top of everybody's ranking
        always does, so without ``actors`` only a formula that holds nowhere has no answer.

    Raises
    ------
    InputError
        For a state, a formula, an actor or a concept that does not exist.
    AnalysisError
        Under ``seq``, ``sseq`` and ``sim``, where the exact search would take too long.

    Examples
    --------
    In the prisoner's dilemma cooperation holds under ``nash`` when both like it no less than to
    exploit the other.

    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ... )
    >>> print(least_rank_change(conflict, ["c", "c"]))
    row.act c, col.act c would be an equilibrium (nash)
    if 2 pairs of states were compared differently
    - row: (row.act c, col.act c) equal to (row.act d, col.act c), which it now is worse than
    - col: (row.act c, col.act c) equal to (row.act c, col.act d), which it now is worse than
    >>> least_rank_change(conflict, ["c", "c"], "seq").changes
    0
    """
    known_concept(concept)
    free = conflict.actors if actors is None else tuple(actors)
    for actor in free:
        check_actor(conflict, actor)
    where = _where(conflict, wanted)
    if not where.any():
        return _impossible(conflict, concept, "no feasible state is as wanted")
    game = ranked_game(conflict)
    if concept == "sim" and not game.simultaneous:
        raise InputError("sim stability needs options; ask for seq or sseq of an explicit graph")
    levels = {
        actor: raised_to(game, _SEPARATE.get(concept, _NEEDED.get(concept, "")), actor)
        for actor in conflict.actors
        if concept != "sim"
    }
    settings = condition_settings(conflict)
    costs = {a: raising_costs(game, a, level, settings) for a, level in levels.items()}
    for actor in conflict.actors:
        if actor not in free and actor in costs:
            where = where & (costs[actor] == 0)
            if not where.any():
                return _impossible(conflict, concept, _stays(actor))
    states = np.flatnonzero(where)
    if concept in _SEPARATE:
        total = sum((costs[actor][states] for actor in free), np.zeros(states.size, dtype=np.int64))
        return _lifted(conflict, concept, int(states[np.argmin(total)]), levels, costs)
    return _searched(conflict, concept, states, free, costs)


def _lifted(
    conflict: Conflict,
    concept: str,
    state: int,
    levels: dict[str, Ranks],
    costs: dict[str, Ints],
) -> RankChange:
    ranks = {
        actor: raise_state(conflict.rank[actor], state, int(level[state]))
        for actor, level in levels.items()
        if costs[actor][state]
    }
    changes = sum(int(cost[state]) for cost in costs.values())
    return RankChange(conflict, concept, state, ranks, changes, np.array([state]))


def _searched(
    conflict: Conflict,
    concept: str,
    states: NDArray[np.intp],
    free: tuple[str, ...],
    costs: dict[str, Ints],
) -> RankChange:
    holds = Stability(conflict).equilibria(concept).reshape(-1)[states]
    if holds.any():
        state = int(states[np.argmax(holds)])
        return RankChange(conflict, concept, state, {}, 0, np.empty(0, dtype=np.intp))
    settings = condition_settings(conflict)
    boards = {
        own: MoveSets(
            _with_conditions(conflict, own, settings),
            MOST_STATES,
            f"the exact change of rankings for {concept}",
        )
        for own in np.unique(states % settings).tolist()
    }
    least = [[int(costs[a][s]) if costs else 0 for a in conflict.actors] for s in states.tolist()]
    movable = [k for k, actor in enumerate(conflict.actors) if actor in free]
    best: tuple[int, tuple[Rank, ...], int] | None = None
    for own, state in sorted(zip(least, states.tolist(), strict=True), key=lambda x: sum(x[0])):
        limit = None if best is None else best[0]
        board = boards[state % settings]
        if limit is not None and sum(own) >= limit:
            break
        found = RankChangeSearch(board, concept, board.place[state], movable, own).best(limit)
        if found is not None:
            best = (found[0], found[1], state)
    if best is None:
        held = [actor for actor in conflict.actors if actor not in free]
        return _impossible(conflict, concept, _stays(" or ".join(held)))
    board = boards[best[2] % settings]
    ranks = {
        actor: _put_in(conflict.rank[actor], board.states, best[1][k])
        for k, actor in enumerate(conflict.actors)
        if best[1][k] != board.ranks[k]
    }
    among = np.array(board.states, dtype=np.intp)
    return RankChange(conflict, concept, best[2], ranks, best[0], among)


def _with_conditions(conflict: Conflict, own: int, settings: int) -> Conflict:
    """Return the conflict at one setting of its conditions, which stay as they are."""
    if settings == 1:
        return conflict
    within = np.arange(conflict.size) % settings == own
    return restrict(conflict, within.reshape(conflict.shape))


def _put_in(rank: NDArray[np.int32], states: list[int], new: Rank) -> NDArray[np.int32]:
    """Return ranks with a new order among some states, spread over the levels they had."""
    levels = rank.reshape(-1).astype(np.float64)
    had = np.unique(levels[states])
    order = np.unique(new, return_inverse=True)[1].astype(np.float64)
    levels[states] = np.interp(order, np.linspace(0.0, max(order.max(), 1.0), had.size), had)
    changed = np.full(rank.size, -1, dtype=np.int32)
    feasible = rank.reshape(-1) >= 0
    changed[feasible] = np.unique(levels[feasible], return_inverse=True)[1].reshape(-1)
    return changed.reshape(rank.shape)


def _where(conflict: Conflict, wanted: State | str) -> Bools:
    if isinstance(wanted, str):
        return conflict.where(wanted).reshape(-1)
    where = np.zeros(conflict.size, dtype=bool)
    where[conflict.index(wanted)] = True
    return where


def _stays(actor: str) -> str:
    return f"{actor} would leave every such state, and the ranking of {actor} stays as it is"


def _impossible(conflict: Conflict, concept: str, why: str) -> RankChange:
    return RankChange(conflict, concept, None, {}, 0, np.empty(0, dtype=np.intp), why)
