"""Coalitions: what actors can gain by moving together, and what the others can do about it.

For a set H of actors and a state s, R_H(s) are the states that legal sequences of members reach
(nobody twice in a row); a *coalition improvement* is one of them that every member strictly
prefers to s. For the set as a whole a state is "no better" than s when at least one member does not
strictly prefer it. Then s is stable for H under

- ``nash`` when H has no coalition improvement (Kilgour, Hipel, Fang & Peng 2001);
- ``gmr`` when from every coalition improvement some legal sequence of the actors outside H leads to
  a state that is no better for H;
- ``smr`` when besides no legal sequence of H leads from that state to one that is better for H;
- ``seq`` as ``gmr``, each step of the sequence being an improvement for the one who takes it

These are the coalition versions after Inohara & Hipel (2008), for any set H, with one choice of our
own to know: under ``seq`` outsiders answer one by one, and a step that pays only as part of a joint
improvement of several outsiders is not a reply. A coalition of one is the actor alone.

How: ``nash``, ``gmr`` and ``seq`` need each member's worst reply, from the closure of the single
concepts, and a search from each state; ``smr`` two searches back for each state that ``gmr`` leaves
open. Cost: O(N M) at most for N states and M moves, usually far less but for ``smr``, where
thousands of states are practical (4,096 take seconds); too many moves to list are refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State, freeze
from detente.errors import AnalysisError, InputError
from detente.stability._coalition_improvement import (
    CoalitionImprovement,
    CoalitionImprovements,
    CoalitionMove,
)
from detente.stability._explain import step_between
from detente.stability._graph import ranked_game
from detente.stability._joint import MoveList, reaching, unspoiled
from detente.text import listing
from detente.values import Bools

COALITION_CONCEPTS = ("nash", "gmr", "smr", "seq")
"""The concepts with a version for coalitions."""

_MOST_COALITIONS = 4096


class Coalitions:
    """What any set of actors can do together.

    Parameters
    ----------
    conflict : Conflict

    Examples
    --------
    The prisoner's dilemma: mutual defection is Nash, and both together would leave it.

    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["stay", "defect"]}, "col": {"act": ["stay", "defect"]}},
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ... )
    >>> coalitions = Coalitions(conflict)
    >>> coalitions.stable("nash", ["row", "col"]).tolist()
    [[True, True], [True, False]]
    >>> print(coalitions.improving_coalitions(["defect", "defect"]))
    1 of 1 coalition would leave row.act defect, col.act defect (nash)
    - row and col: row (act to stay), then col (act to stay)
    """

    def __init__(self, conflict: Conflict) -> None:
        self._game = ranked_game(conflict)
        self._stable: dict[tuple[str, tuple[str, ...]], Bools] = {}
        self._lists: dict[tuple[tuple[str, ...], bool, bool], MoveList] = {}

    @property
    def conflict(self) -> Conflict:
        """The conflict that was analysed."""
        return self._game.conflict

    def stable(self, concept: str, members: Iterable[str]) -> Bools:
        """Return where a coalition has no reason to move, under a concept.

        Parameters
        ----------
        concept : str
            One of `COALITION_CONCEPTS`.
        members : iterable of str
            One or more actors, in any order.

        Returns
        -------
        ndarray of bool
            Of the conflict's shape, read-only, False at infeasible states.

        Raises
        ------
        InputError
            For a concept or an actor that does not exist, or no member.
        AnalysisError
            When there are too many moves to list.
        """
        key = (self._concept(concept), self._members(members))
        if key not in self._stable:
            found = self._judge(*key) & self._game.feasible
            self._stable[key] = freeze(found.reshape(self.conflict.shape))
        return self._stable[key]

    def improvements(
        self, state: State | None, members: Iterable[str]
    ) -> tuple[CoalitionMove, ...]:
        """Return a coalition's improvements from a state, each with a shortest legal sequence.

        Parameters
        ----------
        state : state or None
            A feasible one, None for the status quo.
        members : iterable of str
        """
        start, chosen = self.conflict.index(state), self._members(members)
        gains = self._better(chosen, start)
        return tuple(joint for joint in self._sequences(start, chosen) if gains[joint.end])

    def improving_coalitions(
        self,
        state: State | None,
        concept: str = "nash",
        coalitions: Iterable[Iterable[str]] | None = None,
    ) -> CoalitionImprovements:
        """Tell which coalitions would leave a state, and by which moves.

        Parameters
        ----------
        state : state or None
            A feasible one, such as an equilibrium; None for the status quo.
        concept : str
            One of `COALITION_CONCEPTS`.
        coalitions : iterable, optional
            Sets of actors, which may overlap; by default all of two or more.

        Returns
        -------
        CoalitionImprovements
            With a shortest sequence to an improvement that nothing deters, for each coalition that
            has one.
        """
        self._concept(concept)
        start = self.conflict.index(state)
        if coalitions is not None and not isinstance(coalitions, Iterable):
            raise InputError(
                f"coalitions is {coalitions!r}; give sets of actors, such as [['us', 'dprk']]"
            )
        asked = self._all() if coalitions is None else [*map(self._members, coalitions)]
        found = []
        for members in asked:
            gains = self._undeterred(concept, members, start)
            best = next((j for j in self._sequences(start, members) if gains[j.end]), None)
            if best is not None:
                found.append(CoalitionImprovement(members, best))
        return CoalitionImprovements(self.conflict, start, concept, len(asked), tuple(found))

    def _judge(self, concept: str, members: tuple[str, ...]) -> Bools:
        game, moves = self._game, self._list(members)
        rank = np.array([game.rank(member) for member in members])
        if concept == "smr":
            stable = unspoiled(moves, rank, rank)
            open_cases = ~stable & unspoiled(moves, rank, self._prospect("gmr", members))
            for state in np.flatnonzero(open_cases & game.feasible).tolist():
                gains = self._undeterred(concept, members, state)
                stable[state] = not any(gains[end] for end in self._ends(state, moves))
            return stable
        return unspoiled(moves, rank, self._prospect(concept, members))

    def _prospect(self, concept: str, members: tuple[str, ...]) -> NDArray[np.int32]:
        """Return for each member the least rank that replies to the coalition bring it to."""
        ranks = [self._game.rank(member) for member in members]
        if concept != "nash":
            outside, improving = self._outside(members), concept == "seq"
            ranks = [self._game.worst_by(outside, own, improving=improving) for own in ranks]
        return np.array(ranks)

    def _better(self, members: tuple[str, ...], state: int) -> Bools:
        ranks = [self._game.rank(member) for member in members]
        return np.asarray(np.logical_and.reduce([own > own[state] for own in ranks]))

    def _undeterred(self, concept: str, members: tuple[str, ...], state: int) -> Bools:
        """Return where every member is better off than in a state, and no reply deters."""
        better = self._better(members, state)
        if concept == "nash":
            return better
        no_better = ~better & self._game.feasible
        if concept == "smr":
            no_better &= ~reaching(self._list(members, back=True), better)
        outside = self._outside(members)
        replies = self._list(outside, improving=concept == "seq", back=True)
        return better & ~reaching(replies, no_better)

    def _ends(self, state: int, moves: MoveList) -> set[int]:
        """Return the states that sequences of movers reach from one."""
        actors = range(len(moves.starts))
        seen: set[tuple[int, int]] = set()
        todo = [(state, -1)]
        while todo:
            here, last = todo.pop()
            for mover in actors:
                if mover != last:
                    a, b = moves.starts[mover, here], moves.starts[mover, here + 1]
                    fresh = {(end, mover) for end in moves.ends[a:b].tolist()} - seen
                    seen |= fresh
                    todo += fresh
        return {end for end, _ in seen}

    def _sequences(self, start: int, members: tuple[str, ...]) -> Iterable[CoalitionMove]:
        """Yield the states that a coalition reaches, nearest first, with shortest sequences."""
        conflict = self.conflict
        todo: deque[tuple[int, str, CoalitionMove]] = deque([(start, "", CoalitionMove((), start))])
        seen: set[tuple[int, str]] = set()
        told = {start}
        while todo:
            here, last, path = todo.popleft()
            for mover in members:
                if mover == last:
                    continue
                for end in self._game.targets(mover, here, improving=False).tolist():
                    if (end, mover) in seen:
                        continue
                    seen.add((end, mover))
                    onward = CoalitionMove(
                        (*path.moves, step_between(conflict, mover, here, end)), end
                    )
                    todo.append((end, mover, onward))
                    if end not in told:
                        told.add(end)
                        yield onward

    def _list(
        self, actors: tuple[str, ...], *, improving: bool = False, back: bool = False
    ) -> MoveList:
        key = (actors, improving, back)
        if key not in self._lists:
            self._lists[key] = MoveList.of(self._game, actors, improving=improving, back=back)
        return self._lists[key]

    def _outside(self, members: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(actor for actor in self.conflict.actors if actor not in members)

    def _members(self, members: Iterable[str]) -> tuple[str, ...]:
        if not isinstance(members, Iterable):
            raise InputError(f"a coalition is {members!r}; name its members in a list")
        listed = [members] if isinstance(members, str) else list(members)
        for member in listed:
            if not isinstance(member, str) or member not in self.conflict.actors:
                self.conflict.space.of(str(member))
        chosen = set(listed)
        if not chosen:
            raise InputError("the coalition has no member; name at least one actor")
        return tuple(actor for actor in self.conflict.actors if actor in chosen)

    def _all(self) -> Sequence[tuple[str, ...]]:
        actors = self.conflict.actors
        if 2 ** len(actors) > _MOST_COALITIONS:
            raise AnalysisError(
                f"{len(actors)} actors form {2 ** len(actors):,} coalitions; name those that matter"
            )
        return [c for size in range(2, len(actors) + 1) for c in combinations(actors, size)]

    @staticmethod
    def _concept(concept: str) -> str:
        if concept not in COALITION_CONCEPTS:
            names = listing(COALITION_CONCEPTS)
            raise InputError(f"there is no coalition concept {concept!r}; use {names}")
        return concept
