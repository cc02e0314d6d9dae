"""What holds: counts of stable states by concept and actor, and the equilibria nearest to today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.report._findings import CONCEPTS, Analysis
from detente.report._labels import Labels
from detente.text import spaced

_NEAREST = 8

MEANINGS = {
    "nash": "no move of the actor's own makes it better off",
    "seq": "each gain can be undone by replies that the others would themselves want to make",
    "gmr": "each gain can be undone by some replies of the others",
    "smr": "as gmr, and the actor has no way out after the reply",
    "sseq": "as seq, and the actor has no way out after the reply",
    "sim": "each gain can be undone by the others' moving at the same time",
}


@dataclass(frozen=True, slots=True)
class Stable:
    """One cell: how many states are stable, and whether today's is among them."""

    states: int
    today: bool


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """One concept: a cell an actor, then the equilibria."""

    concept: str
    meaning: str
    actors: tuple[Stable, ...]
    all: Stable


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One variable: its level today and at each equilibrium shown (and whether that differs)."""

    variable: str
    today: str
    levels: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class StableStates:
    """The stability tables."""

    actors: tuple[str, ...]
    feasible: int
    concepts: tuple[ConceptRow, ...]
    found: int
    variables: tuple[LevelRow, ...]
    under: tuple[str, ...]


def stable_states(findings: Analysis) -> StableStates:
    """Return the stability tables at the stated parameter values."""
    conflict, stability = findings.conflict, findings.stability
    names, today = Labels(findings.case), conflict.index()
    rows = []
    for concept in CONCEPTS:
        masks = [stability.stable(concept, actor) for actor in conflict.actors]
        cells = [Stable(int(m.sum()), bool(m.reshape(-1)[today])) for m in masks]
        everyone = stability.equilibria(concept)
        total = Stable(int(everyone.sum()), bool(everyone.reshape(-1)[today]))
        rows.append(ConceptRow(concept, MEANINGS[concept], tuple(cells), total))
    held = {concept: stability.equilibria(concept).reshape(-1) for concept in CONCEPTS}
    found = np.flatnonzero(np.logical_or.reduce(list(held.values())))
    nearest = _nearest(findings, found, today)
    here = conflict.space.position(today)
    places = [conflict.space.position(int(state)) for state in nearest]
    return StableStates(
        actors=tuple(names.actor(actor) for actor in conflict.actors),
        feasible=int(conflict.feasible.sum()),
        concepts=tuple(rows),
        found=int(found.size),
        variables=tuple(
            LevelRow(
                names.variable(axis.name),
                spaced(axis.levels[here[k]]),
                tuple((spaced(axis.levels[p[k]]), p[k] != here[k]) for p in places),
            )
            for k, axis in enumerate(conflict.space.axes)
        ),
        under=tuple(
            ", ".join(concept for concept in CONCEPTS if held[concept][state]) for state in nearest
        ),
    )


def _nearest(findings: Analysis, found: np.ndarray, today: int) -> list[int]:
    """Order by number of variables that differ, then by levels apart, then as in the tensor."""
    space = findings.conflict.space
    apart = [
        np.abs(level - here)
        for level, here in zip(
            np.unravel_index(found, space.shape), space.position(today), strict=True
        )
    ]
    differ = np.sum([d > 0 for d in apart], axis=0)
    steps = np.sum(
        [d if axis.ordered else d > 0 for d, axis in zip(apart, space.axes, strict=True)], axis=0
    )
    order = np.lexsort((found, steps, differ))
    return [int(state) for state in found[order[:_NEAREST]]]
