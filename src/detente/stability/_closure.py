"""The worst that others can do: least value over the states their legal sequences reach.

For a set H of movers and a value v, ``worst(s)`` is the least v over s itself and over R_H(s), the
states that legal sequences of moves of members of H reach from s (or R_H+(s), of improvements): any
member any number of times, none twice in a row. Including s is harmless in all concepts: there s is
an improvement for the focal actor over the state it left, so s sanctions nothing.

*Where the moves of every member compose* (all transition matrices transitive), the rule of turns
is no restriction. Take any sequence in which k moves twice in a row, from s over s' to s''. Either
s'' = s, and both moves can be left out; or s'' is a move of k from s, as matrices are transitive
and only s'' needs to be feasible, and one move does. Each step shortens the sequence, so it ends
with a legal one to the same state. Improvements compose too, as k prefers s'' to s' to s, and
s'' = s cannot happen. So one tensor is enough: lower it by each mover in turn until a whole round
changes nothing.

*Where some matrix is not transitive*, who moves first matters, and there is one tensor per mover:
f_k(s) = min over moves a of k from s of min(v(a), min over j != k of f_j(a)), least fixpoint by
rounds from "nothing reached".

Cost: O(N) per step for N states (see `detente.stability._extremes` and
`detente.stability._improve`); a step for each mover per round; as many rounds as the longest
deterring sequence needs, in practice a handful, at the worst N.

Sources: Fang, Hipel & Kilgour (1993), Interactive Decision Making, for the reachable lists of
coalitions; the fixpoint on the tensor is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from detente.stability._extremes import NEVER, Ranks, lowest, lowest_after_moving
from detente.stability._improve import Agenda, lower_to_improvements
from detente.stability._lines import Lines
from detente.stability._moves import ActorMoves
from detente.stability._pairs import Pairs
from detente.values import Bools


@dataclass(frozen=True, eq=False)
class Replier:
    """A mover as a member of H: with how to find its improvements where it takes only those."""

    mover: ActorMoves
    better: Lines | Pairs | None


def worst(repliers: Sequence[Replier], value: Ranks, feasible: Bools) -> Ranks:
    """Return the least value over each state and all that the repliers' sequences reach from it.

    Parameters
    ----------
    repliers : sequence of Replier
        The members of H.
    value : ndarray of int32
        Flat, one per state.
    feasible : ndarray of bool
        Flat; infeasible states are never reached.

    Returns
    -------
    ndarray of int32
        Flat; ``NEVER`` at infeasible states.
    """
    start = np.where(feasible, value, NEVER)
    agenda = Agenda([replier.mover for replier in repliers])

    def lower(k: int, source: Ranks, target: Ranks) -> bool:
        mover, better = repliers[k].mover, repliers[k].better
        if better is not None:
            return lower_to_improvements(mover, better, source, target, agenda, k)
        take = lowest if source is target else lowest_after_moving
        return bool(lower_where(target, take(mover, source), feasible))

    if all(replier.mover.composes for replier in repliers):
        _until_settled(len(repliers), lambda k: lower(k, start, start))
        return start
    return np.minimum(start, after_moving(len(repliers), start, lower))


def after_moving(count: int, start: Ranks, lower: Callable[[int, Ranks, Ranks], bool]) -> Ranks:
    """Return the least value that legal sequences of one move or more reach from each state.

    Parameters
    ----------
    count : int
        How many may move.
    start : ndarray of int32
        The values; ``NEVER`` at infeasible states.
    lower : callable
        Lowers a tensor, given last, to the least of another over one mover's moves; says whether
        anything became lower.

    Returns
    -------
    ndarray of int32
        ``NEVER`` where nobody can move.
    """
    first = [np.full_like(start, NEVER) for _ in range(count)]

    def step(k: int) -> bool:
        onward = start.copy()
        for j, tensor in enumerate(first):
            if j != k:
                np.minimum(onward, tensor, out=onward)
        return lower(k, onward, first[k])

    _until_settled(count, step)
    least = np.full_like(start, NEVER)
    for tensor in first:
        np.minimum(least, tensor, out=least)
    return least


def _until_settled(count: int, step: Callable[[int], bool]) -> None:
    """Take steps in turn until each has been idle since the last change.

    A step that has just changed something would be idle at once, so the others are asked first.
    """
    idle, k = 0, 0
    while idle < count:
        idle = 1 if step(k) else idle + 1
        k = (k + 1) % count


@njit(cache=True, nogil=True)
def lower_where(target: Ranks, candidate: Ranks, where: Bools) -> bool:  # pragma: no cover
    changed = False
    for s in range(target.size):
        if where[s] and candidate[s] < target[s]:
            target[s] = candidate[s]
            changed = True
    return changed
