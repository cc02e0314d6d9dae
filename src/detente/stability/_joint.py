"""Legal sequences of a set of actors, searched over (state, last mover) along lists of moves.

`unspoiled` looks forward from every state in turn: cost O(moves) of the set a state, as far as
its sequences lead. `reaching` looks back from a set of states once: cost O(moves).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.errors import AnalysisError
from detente.stability._game import RankedGame
from detente.values import Bools, Ints

MOST_MOVES = 1 << 28
"""Moves above which an analysis that lists them is refused: 2 GB of them."""


@dataclass(frozen=True, eq=False)
class MoveList:
    """The moves of some actors in one list.

    Parameters
    ----------
    starts : ndarray of int64
        A row for each actor: where each state's moves begin in ``ends``, one more than states.
    ends : ndarray of int64
    """

    starts: Ints
    ends: Ints

    @classmethod
    def of(
        cls, game: RankedGame, actors: Sequence[str], *, improving: bool = False, back: bool = False
    ) -> MoveList:
        """List the moves of actors, onward or back to where they come from.

        Raises
        ------
        AnalysisError
            When there may be more than `MOST_MOVES`.
        """
        size = game.feasible.size
        count = sum(map(game.count_moves, actors))
        if count > MOST_MOVES:
            raise AnalysisError(
                f"coalitions of {' and '.join(actors)} have up to {count:.1e} moves on {size:,} "
                "states to list; leave options or levels out"
            )
        starts, ends, past = [], [np.empty(0, dtype=np.int64)], 0
        for actor in actors:
            own, targets = game.moves(actor, improving=improving)
            if back:
                sources = np.repeat(np.arange(size), np.diff(own))
                order = np.argsort(targets, kind="stable")
                own = np.searchsorted(targets[order], np.arange(size + 1))
                targets = sources[order]
            starts.append(own + past)
            ends.append(targets)
            past += targets.size
        table = np.array(starts, dtype=np.int64).reshape(len(actors), size + 1)
        return cls(table, np.concatenate(ends).astype(np.int64))


def unspoiled(moves: MoveList, rank: NDArray[np.int32], prospect: NDArray[np.int32]) -> Bools:
    """Return the states that no sequence leaves for a state that is better for every member.

    Parameters
    ----------
    moves : MoveList
        Of the members.
    rank, prospect : ndarray of int32
        A row for each member: its rank of each state, and what it must reckon with there. Both
        must be above the rank of the state that is left.

    Returns
    -------
    ndarray of bool
        Flat.
    """
    return np.asarray(_unspoiled(moves.starts, moves.ends, rank, prospect))


def reaching(moves: MoveList, goal: Bools) -> Bools:
    """Return the states from which a legal sequence, perhaps of no move, leads into a set.

    Parameters
    ----------
    moves : MoveList
        Listed back.
    goal : ndarray of bool
        Flat.
    """
    if not moves.starts.size:
        return goal.copy()
    return np.asarray(_reaching(moves.starts, moves.ends, goal) >= 0)


@njit(cache=True, nogil=True)
def _unspoiled(
    starts: Ints, ends: Ints, rank: NDArray[np.int32], prospect: NDArray[np.int32]
) -> Bools:  # pragma: no cover
    members, states = rank.shape
    found = np.ones(states, dtype=np.bool_)
    seen = np.full((states, members), -1, dtype=np.int64)
    queue = np.empty((states * members + 1, 2), dtype=np.int64)
    for state in range(states):
        queue[0, 0], queue[0, 1] = state, -1
        done, length = 0, 1
        while done < length and found[state]:
            here, last = queue[done]
            done += 1
            for mover in range(members):
                if mover == last:
                    continue
                for arc in range(starts[mover, here], starts[mover, here + 1]):
                    end = ends[arc]
                    if seen[end, mover] == state:
                        continue
                    seen[end, mover] = state
                    queue[length, 0], queue[length, 1] = end, mover
                    length += 1
                    spoils = True
                    for k in range(members):
                        floor = rank[k, state]
                        spoils &= rank[k, end] > floor and prospect[k, end] > floor
                    if spoils:
                        found[state] = False
    return found


@njit(cache=True, nogil=True)
def _reaching(starts: Ints, ends: Ints, goal: Bools) -> Ints:  # pragma: no cover
    """Return -1, or who moves first: one actor, or the number of actors when any may.

    A state that sequences leave by different actors, or that lies in the goal, may be entered by
    anyone; one that they leave by a single actor, by all others.
    """
    actors, states = starts.shape[0], starts.shape[1] - 1
    first = np.full(states, -1, dtype=np.int64)
    queue = np.empty((states * actors, 2), dtype=np.int64)
    length = 0
    for state in range(states):
        if goal[state]:
            first[state] = actors
            for mover in range(actors):
                queue[length, 0], queue[length, 1] = state, mover
                length += 1
    done = 0
    while done < length:
        here, mover = queue[done]
        done += 1
        for arc in range(starts[mover, here], starts[mover, here + 1]):
            state = ends[arc]
            before = first[state]
            if before == -1:
                first[state] = mover
                for other in range(actors):
                    if other != mover:
                        queue[length, 0], queue[length, 1] = state, other
                        length += 1
            elif before not in (mover, actors):
                first[state] = actors
                queue[length, 0], queue[length, 1] = state, before
                length += 1
    return first
