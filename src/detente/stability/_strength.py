"""Strength of preference: stability by how much an actor stands to lose.

Each actor compares two states on three levels: equal (~), better (>) or much better (>>); the
ranking says which is better, and the strong pairs, given apart, which is much better. Improvements
are moves to better and to much better states alike. Sequences of the others are legal when nobody
moves twice in a row; each step is any move under ``gmr`` and ``smr``, an improvement of its mover
under ``seq``. State s is stable for actor i

- *in general*, as without strength: ``gmr``: from each improvement of i the others reach a z that i
  likes no better than s; ``smr``: and i likes no state that it moves to from z better than s
  either; ``seq``: as ``gmr``, by improvements of the others;
- *strongly*, when the same holds with "much worse than s" in place of "no better than s", for z and
  under ``smr`` for every state that i moves to from z. So a z from which i can go back to s deters
  in general, and not strongly;
- *weakly*, when in general and not strongly.

A state without improvements is strongly stable. An equilibrium is strong when the state is strongly
stable for every actor, weak when it is stable for all and weakly for some. ``nash`` knows no
strength. Cost: on options that of the usual concepts, any number of states
(`detente.stability._graded_tensor`), and in an explicit graph linear in its states and arcs.

Source: Hamouda, Kilgour & Hipel (2004), "Strength of preference in the graph model for conflict
resolution", Group Decision and Negotiation 13, 449-462, and (2006) "Strength of preference in graph
models for multiple-decision-maker conflicts", Applied Mathematics and Computation 179, 314-327.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.conflict import Conflict
from detente.errors import InputError
from detente.stability._compared import (
    Given,
    Pairs,
    known,
    masks_between,
    masks_of,
    much_worse_to,
    pair_table,
    read,
)
from detente.stability._extremes import Ranks
from detente.stability._graded import GradedStability
from detente.stability._graded_tensor import Look
from detente.stability._inverse.move_sets import above, check_actor
from detente.values import Bools, Ints

CONCEPTS = ("gmr", "smr", "seq")
DEGREES = ("general", "strong", "weak")


@dataclass(frozen=True, eq=False)
class StrengthStability(GradedStability):
    """Who is stable where, and how strongly; made by `strength_stability`.

    Parameters
    ----------
    conflict : Conflict
    much_worse : mapping of str to float or tuple of (int, int)
        By actor the difference in utility above which a state is much worse, or pairs of flat
        states of which the second is much worse.
    """

    much_worse: Mapping[str, Given]
    concepts = CONCEPTS
    degrees = DEGREES

    @cached_property
    def _much_worse(self) -> dict[str, tuple[int, ...]]:
        """By actor and state of the board, the states that are much worse."""
        return {
            actor: masks_between(
                self._board, actor, np.full(self.conflict.size, -1, dtype=np.int32),
                much_worse_to(self.conflict, actor, given),
            )
            if isinstance(given, float) else masks_of(self._board, given)
            for actor, given in self.much_worse.items()
        }  # fmt: skip

    @property
    def _given(self) -> Mapping[str, Given]:
        return self.much_worse

    def _chosen(self) -> tuple[Mapping[str, Ranks], Mapping[str, Ints]]:
        ranks = {a: rank.reshape(-1) for a, rank in self.conflict.rank.items()}
        return ranks, dict.fromkeys(ranks, pair_table(()))

    def _look(self, actor: str, degree: str) -> Look:
        rank, given = self.conflict.rank[actor].reshape(-1), self.much_worse[actor]
        if degree == "general":
            return Look(rank, rank, pair_table(()), None, True)
        if isinstance(given, float):
            limit = much_worse_to(self.conflict, actor, given)
        else:
            limit = np.full_like(rank, -1)
        return Look(rank, limit, pair_table(given), None, True)

    @cached_property
    def _better(self) -> list[list[int]]:
        return [above(rank) for rank in self._board.ranks]

    @cached_property
    def _improvements(self) -> list[list[int]]:
        return [
            [m & up for m, up in zip(moves, better, strict=True)]
            for moves, better in zip(self._board.moves, self._better, strict=True)
        ]

    def stable(self, concept: str, degree: str, actor: str) -> Bools:
        """Return where an actor is stable.

        Parameters
        ----------
        concept : {"gmr", "smr", "seq"}
        degree : {"general", "strong", "weak"}
        actor : str

        Returns
        -------
        ndarray of bool
            Of the conflict's shape, False at infeasible states.
        """
        known(concept, CONCEPTS, "concept of strength of preference")
        known(degree, DEGREES, "degree of stability")
        check_actor(self.conflict, actor)
        if degree == "weak":
            return self.stable(concept, "general", actor) & ~self.stable(concept, "strong", actor)
        if self._tensor is not None:
            look = self._look(actor, degree)
            return self._tensor.stable(actor, concept, look).reshape(self.conflict.shape)
        board = self._board
        i = board.actors.index(actor)
        steps = self._improvements if concept == "seq" else board.moves
        deterring: Sequence[int] = [board.all & ~better for better in self._better[i]]
        if degree == "strong":
            deterring = self._much_worse[actor]
        return self._answered(actor, concept, steps, self._improvements[i], deterring)

    def equilibria(self, concept: str, degree: str) -> Bools:
        """Return where every actor is stable, strongly so if asked; weak is the rest.

        Parameters
        ----------
        concept : {"gmr", "smr", "seq"}
        degree : {"general", "strong", "weak"}
        """
        known(degree, DEGREES, "degree of stability")
        if degree == "weak":
            return self.equilibria(concept, "general") & ~self.equilibria(concept, "strong")
        return super().equilibria(concept, degree)


def strength_stability(
    conflict: Conflict, strong: Mapping[str, Pairs | float]
) -> StrengthStability:
    """Analyse stability with preferences of two strengths.

    Parameters
    ----------
    conflict : Conflict
    strong : mapping
        By actor what it likes much better: a list of pairs of states, the better first, or a bool
        matrix ``[better, worse]`` over flat states, or a number: a difference in utility above it
        is much. An actor left out likes nothing much better.

    Raises
    ------
    InputError
        For an actor or a state that does not exist, and for a pair of which the first is not ranked
        higher.
    SizeError, AnalysisError
        Where asked, for more states than the memory at hand can take, and for pairs that single
        out too many states of a large conflict.

    Examples
    --------
    In the prisoner's dilemma each is deterred from exploiting the other, strongly so when to be
    exploited in turn is much worse.

    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...     utility={"row": [[3, 0], [4, 1]], "col": [[3, 4], [0, 1]]},
    ... )
    >>> print(strength_stability(conflict, {"row": 1.5, "col": 1.5}))
    equilibria  general   strong     weak
    gmr               2        2        0
    smr               2        2        0
    seq               2        2        0
    >>> print(strength_stability(conflict, {"row": 1.5, "col": 2.5}))
    equilibria  general   strong     weak
    gmr               2        1        1
    smr               2        1        1
    seq               2        1        1
    """
    found = read(conflict, strong, "strong")
    for actor, given in found.items():
        rank = conflict.rank[actor].reshape(-1)
        for first, second in pair_table(given).tolist():
            if rank[first] <= rank[second]:
                words = " over ".join(str(conflict.label(state)) for state in (first, second))
                raise InputError(
                    f"strong[{actor!r}] has {words}, which is not better by the ranking; "
                    "fix the pair or the ranking"
                )
    return StrengthStability(conflict, found)
