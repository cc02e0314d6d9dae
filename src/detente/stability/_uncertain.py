"""Stability when some comparisons are unknown: the four extensions a, b, c and d.

For some pairs of states it is not known which an actor likes better (U); every other pair is
compared as the actor's ranking says. From a state s actor i has improvements R+(s) and uncertain
moves RU(s). Sequences of the others are legal when nobody moves twice in a row; each step is any
move under ``gmr`` and ``smr``, an improvement or an uncertain move of its mover under ``seq``.

A *temptation* is a state i may want to move to from s; a *deterrent* is a state that i would not
risk to end in:

========= ===================== ==========================================
extension temptations           deterrents z
========= ===================== ==========================================
a         R+(s) and RU(s)       s at least as good as z, for certain
b         R+(s)                 s at least as good as z, for certain
c         R+(s) and RU(s)       s at least as good as z, or unknown
d         R+(s)                 s at least as good as z, or unknown
========= ===================== ==========================================

- ``nash``: there is no temptation (a and c are one, b and d are one);
- ``gmr``: from each temptation the others can reach a deterrent;
- ``smr``: the same, and every own move on from that deterrent leads to a deterrent too;
- ``seq``: as ``gmr``, by improvements and uncertain moves of the others.

So a implies b and c, and each of these implies d. With nothing unknown all four are the usual
concept. Cost: on options near that of the usual concepts, any number of states
(`detente.stability._graded_tensor`), and in an explicit graph linear in its states and arcs.

Source: Li, Hipel, Kilgour & Fang (2004), "Preference uncertainty in the graph model for conflict
resolution", IEEE Transactions on Systems, Man, and Cybernetics A 34 (4), 507-520, for any number
of actors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from detente.conflict import Conflict
from detente.errors import InputError
from detente.stability._compared import (
    Given,
    Pairs,
    known,
    masks_between,
    masks_of,
    pair_table,
    read,
    unknown_between,
)
from detente.stability._extremes import Ranks
from detente.stability._graded import GradedStability
from detente.stability._graded_tensor import Look
from detente.stability._inverse.move_sets import above, check_actor
from detente.values import Bools, Ints

EXTENSIONS = ("a", "b", "c", "d")
CONCEPTS = ("nash", "gmr", "smr", "seq")


@dataclass(frozen=True, eq=False)
class UncertainStability(GradedStability):
    """Who is stable where, under the four extensions; made by `uncertain_stability`.

    Parameters
    ----------
    conflict : Conflict
    unknown : mapping of str to float or tuple of (int, int)
        By actor the difference in utility below which states are not compared, or pairs of flat
        states, in either order, that are not.
    """

    unknown: Mapping[str, Given]
    concepts = CONCEPTS
    degrees = EXTENSIONS

    def _limits(self, actor: str) -> tuple[Ranks, Ranks]:
        """Return the ranks up to which others are worse, and not better, for certain."""
        given = self.unknown[actor]
        if isinstance(given, float):
            return unknown_between(self.conflict, actor, given)
        rank = self.conflict.rank[actor].reshape(-1)
        return rank, rank

    @cached_property
    def _unknown(self) -> dict[str, tuple[int, ...]]:
        """By actor and state of the board, the states that it is not compared with."""
        return {
            actor: masks_between(self._board, actor, *self._limits(actor))
            if isinstance(given, float) else masks_of(self._board, given)
            for actor, given in self.unknown.items()
        }  # fmt: skip

    @property
    def _given(self) -> Mapping[str, Given]:
        return self.unknown

    def _chosen(self) -> tuple[Mapping[str, Ranks], Mapping[str, Ints]]:
        above = {actor: self._limits(actor)[0] for actor in self.conflict.actors}
        also = {actor: pair_table(given) for actor, given in self.unknown.items()}
        return above, also

    def _look(self, actor: str, extension: str) -> Look:
        worse, not_better = self._limits(actor)
        tempts, deters = extension in "ac", extension in "cd"
        return Look(
            tempted=worse if tempts else not_better,
            deterred=not_better if deters else worse,
            exceptions=pair_table(self.unknown[actor]),
            tempts=tempts,
            deters=deters,
            itself=True,
        )

    @cached_property
    def _better(self) -> list[list[int]]:
        """By actor and state, the states that the actor likes better for certain."""
        return [
            [up & ~u for up, u in zip(above(rank), self._unknown[actor], strict=True)]
            for actor, rank in zip(self._board.actors, self._board.ranks, strict=True)
        ]

    @cached_property
    def _steps(self) -> list[list[int]]:
        """By actor and state, the improvements and uncertain moves."""
        return [
            [m & (b | u) for m, b, u in zip(moves, better, self._unknown[actor], strict=True)]
            for actor, moves, better in zip(
                self._board.actors, self._board.moves, self._better, strict=True
            )
        ]

    def stable(self, concept: str, degree: str, actor: str) -> Bools:
        """Return where an actor is stable under one of the four extensions.

        Parameters
        ----------
        concept : {"nash", "gmr", "smr", "seq"}
        degree : {"a", "b", "c", "d"}
        actor : str

        Returns
        -------
        ndarray of bool
            Of the conflict's shape, False at infeasible states.
        """
        known(concept, CONCEPTS, "concept of uncertain preference")
        known(degree, EXTENSIONS, "extension")
        check_actor(self.conflict, actor)
        if self._tensor is not None:
            look = self._look(actor, degree)
            return self._tensor.stable(actor, concept, look).reshape(self.conflict.shape)
        board = self._board
        i = board.actors.index(actor)
        better, unknown = self._better[i], self._unknown[actor]
        tempting = self._steps[i]
        if degree in "bd":
            tempting = [moves & up for moves, up in zip(board.moves[i], better, strict=True)]
        deterring = [board.all & ~up for up in better]
        if degree in "ab":
            deterring = [d & ~u for d, u in zip(deterring, unknown, strict=True)]
        steps = self._steps if concept == "seq" else board.moves
        return self._answered(actor, concept, steps, tempting, deterring)


def uncertain_stability(
    conflict: Conflict, unknown: Mapping[str, Pairs | float]
) -> UncertainStability:
    """Analyse stability when some comparisons are unknown.

    Parameters
    ----------
    conflict : Conflict
        Its rankings hold for every pair that is not unknown.
    unknown : mapping
        By actor the unknown pairs: a list of pairs of states in either order, or a bool matrix over
        flat states, taken both ways, or a number: utilities that differ by less are not compared.

    Raises
    ------
    InputError
        For an actor or a state that does not exist, or a state not compared with itself.
    SizeError, AnalysisError
        Where asked, for more states than the memory at hand can take, and for pairs that single
        out too many states of a large conflict.

    Examples
    --------
    The prisoner's dilemma, if row may like mutual cooperation better than to exploit:

    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ... )
    >>> stability = uncertain_stability(conflict, {"row": [(["c", "c"], ["d", "c"])]})
    >>> print(stability)
    equilibria     a     b     c     d
    nash           1     1     1     1
    gmr            2     2     2     2
    smr            2     2     2     2
    seq            2     2     2     2
    >>> stability.stable("nash", "a", "row").tolist()
    [[False, False], [False, True]]
    >>> stability.stable("nash", "b", "row").tolist()
    [[True, False], [True, True]]
    """
    found = read(conflict, unknown, "unknown")
    for actor, given in found.items():
        if isinstance(given, float):
            continue
        if any(first == second for first, second in given):
            raise InputError(f"unknown[{actor!r}] pairs a state with itself; leave that out")
        found[actor] = tuple(sorted({*given, *((second, first) for first, second in given)}))
    return UncertainStability(conflict, found)
