"""What holds, in words: what each concept means, and the levels of the equilibria near today."""

from __future__ import annotations

from dataclasses import dataclass

from detente.analysis import CONCEPTS, nearest_equilibria
from detente.case import Labels
from detente.stability import Stability
from detente.text import spaced

_NEAREST = 8

MEANINGS = {
    "nash": "no move of the actor's own makes it better off",
    "gmr": "each gain can be undone by replies of the others, even ones that hurt them",
    "smr": "as gmr, and the actor cannot escape the reply",
    "seq": "each gain can be undone by replies that the others would themselves want to make",
    "sseq": "as seq, and the actor cannot escape the reply",
    "sim": "each gain is undone if others take an improvement at the same moment",
}


@dataclass(frozen=True, slots=True)
class NearEquilibria:
    """The equilibria nearest to today.

    Attributes
    ----------
    variables : tuple of (str, str, tuple of (str, bool))
        By variable its level today, and at each equilibrium with whether it differs.
    under : tuple of str
        By equilibrium the concepts it is one under.
    count : int
        How many there are, near or far.
    """

    variables: tuple[tuple[str, str, tuple[tuple[str, bool], ...]], ...]
    under: tuple[str, ...]
    count: int


def near_equilibria(stability: Stability, names: Labels) -> NearEquilibria:
    """Return the equilibria nearest to today."""
    conflict = stability.conflict
    found = nearest_equilibria(stability)
    nearest = [int(state) for state in found[:_NEAREST]]
    here = conflict.space.position(conflict.index())
    places = [conflict.space.position(state) for state in nearest]
    holds = {concept: stability.equilibria(concept).reshape(-1) for concept in CONCEPTS}
    return NearEquilibria(
        tuple(
            (
                names.variable(axis.name),
                spaced(axis.levels[here[k]]),
                tuple((spaced(axis.levels[p[k]]), p[k] != here[k]) for p in places),
            )
            for k, axis in enumerate(conflict.space.axes)
        ),
        tuple(", ".join(c for c in CONCEPTS if holds[c][state]) for state in nearest),
        len(found),
    )
