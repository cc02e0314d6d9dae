"""The smallest change of rankings that makes a wanted state an equilibrium.

A change is measured by the pairs of states that an actor compares differently: better, equal or
worse. For strict orders it is the Kendall distance; a tie made or broken counts as one, as does a
reversal. Counts are summed over actors. Conditions stay as they are in this analysis, so pairs of
states that differ in one are never compared, and do not count.

Under ``nash``, ``gmr`` and ``smr`` an actor's stability depends on its own ranking only, so each
actor lifts the wanted state as far as it must (`detente.stability._inverse.raising`): exact on any
number of states. Under ``seq``, ``sseq`` and ``sim`` the rankings of the others decide what they
would answer. Lifting the state alone, everybody's answers as they are, gives a change that does it,
and what each actor needs under ``gmr`` or ``smr`` whatever the others do says how few cannot: where
the two are equal that is the least change. Between them a search finds it
(`detente.stability._inverse.rank_search`), on any number of states, or comes nearer from both sides
until time is up.

Sources: the question is that of inverse analysis in the graph model, Kinsara, Petersons, Hipel &
Kilgour (2015) and Wang, Hipel, Fang & Dang (2018); the measure and both methods are ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State, restrict
from detente.errors import AnalysisError, InputError
from detente.stability._extremes import Ranks
from detente.stability._game import RankedGame
from detente.stability._graph import ranked_game
from detente.stability._inverse.change import RankChange, condition_settings
from detente.stability._inverse.demands import NEVER, Demands
from detente.stability._inverse.move_sets import check_actor
from detente.stability._inverse.raising import raise_state, raised_to, raising_costs
from detente.stability._inverse.rank_search import RankSearch
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
    *,
    time_limit: float = 60.0,
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
    time_limit : float
        Seconds for the search under ``seq``, ``sseq`` and ``sim``.

    Returns
    -------
    RankChange
        A smallest change, or why none does it; where the search is left off, the smallest change
        that was found, and how many are needed at least. Lifting the state to the top of
        everybody's ranking always does, so without ``actors`` only a formula that holds nowhere has
        no answer.

    Raises
    ------
    InputError
        For a state, a formula, an actor or a concept that does not exist.
    AnalysisError
        Under ``seq``, ``sseq`` and ``sim``, where no change was found in the time.

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
    if not time_limit > 0.0:
        raise InputError(f"the time limit is {time_limit} seconds; give more than 0")
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
    return _searched(game, concept, states, free, costs, time_limit)


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
    return RankChange(conflict, concept, state, ranks, changes, np.array([state]), changes)


def _searched(
    game: RankedGame,
    concept: str,
    states: NDArray[np.intp],
    free: tuple[str, ...],
    needed: dict[str, Ints],
    time_limit: float,
) -> RankChange:
    conflict, deadline = game.conflict, monotonic() + time_limit
    holds = Stability(conflict).equilibria(concept).reshape(-1)[states]
    if holds.any():
        state = int(states[np.argmax(holds)])
        return RankChange(conflict, concept, state, {}, 0, np.empty(0, dtype=np.intp), 0)
    # Nobody's answers change with a lift where they cannot come back to the state.
    lift = concept if concept != "sim" and game.simultaneous else "nash"
    levels = {actor: raised_to(game, lift, actor) for actor in conflict.actors}
    settings = condition_settings(conflict)
    costs = {a: raising_costs(game, a, level, settings) for a, level in levels.items()}
    total, least = (sum((c[states] for c in x.values()), 0 * states) for x in (costs, needed))
    least = np.maximum(least, 1)
    enough = np.all([costs[a][states] == 0 for a in conflict.actors if a not in free], axis=0)
    best: RankChange | None = None
    if np.any(enough):
        total = np.where(enough, total, np.iinfo(np.int64).max)
        best = _lifted(conflict, concept, int(states[np.argmin(total)]), levels, costs)
    open_at: list[int] = []
    for k in np.argsort(least, kind="stable").tolist():
        if best is not None and least[k] >= best.changes:
            break
        most = NEVER - 1 if best is None else best.changes - 1
        answer = _sought(conflict, concept, int(states[k]), free, most, deadline)
        if isinstance(answer, int):
            open_at.append(max(answer, int(least[k])))
        elif answer is not None:
            best = answer
            open_at.append(max(answer.at_least, int(least[k])))
    if best is not None:
        return replace(best, at_least=min([best.changes, *open_at]))
    held = [actor for actor in conflict.actors if actor not in free]
    if open_at:
        raise AnalysisError(
            f"whether a change of rankings does it ({concept}) was not settled: it takes "
            f"{min(open_at):,} or more, found in {time_limit:g} s; ask for more actors, a smaller "
            "conflict, more time, or gmr or smr"
        )
    return _impossible(conflict, concept, _stays(" or ".join(held)))


def _sought(
    conflict: Conflict, concept: str, state: int, free: tuple[str, ...], most: int, deadline: float
) -> RankChange | int | None:
    """Return a change for a state, up to a size; how large it is at least; or None for none."""
    settings = condition_settings(conflict)
    within = _with_conditions(conflict, state % settings, settings)
    movable = [k for k, actor in enumerate(conflict.actors) if actor in free]
    answer = RankSearch(Demands(within, concept, state, movable), most).answer(deadline)
    if answer.ranks is None:
        return answer.least if answer.least < NEVER else None
    states = np.flatnonzero(within.feasible)
    ranks = {
        conflict.actors[k]: _put_in(conflict.rank[conflict.actors[k]], states, new)
        for k, new in answer.ranks.items()
    }
    least = min(answer.least, answer.changes)
    return RankChange(conflict, concept, state, ranks, answer.changes, answer.among, least)


def _with_conditions(conflict: Conflict, own: int, settings: int) -> Conflict:
    """Return the conflict at one setting of its conditions, which stay as they are."""
    if settings == 1:
        return conflict
    within = np.arange(conflict.size) % settings == own
    return restrict(conflict, within.reshape(conflict.shape))


def _put_in(rank: NDArray[np.int32], states: Ints, new: Ranks) -> NDArray[np.int32]:
    """Return ranks with a new order among some states, spread over the levels they had."""
    levels = rank.reshape(-1).astype(np.float64)
    had = np.unique(levels[states])
    order = np.unique(new[states], return_inverse=True)[1].astype(np.float64)
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
    return RankChange(conflict, concept, None, {}, 0, np.empty(0, dtype=np.intp), 0, why)
