"""What holds: counts of stable states by concept and actor, and the equilibria nearest to today."""

from __future__ import annotations

from dataclasses import dataclass

from detente.analysis import CONCEPTS, Analysis
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
    conflict, names = findings.conflict, Labels(findings.case)
    rows = []
    for concept, counts in findings.stable.items():
        cells = [Stable(n, actor in counts.holders) for actor, n in counts.states.items()]
        total = Stable(counts.equilibria, all(cell.today for cell in cells))
        rows.append(ConceptRow(concept, MEANINGS[concept], tuple(cells), total))
    holds = {concept: findings.stability.equilibria(concept).reshape(-1) for concept in CONCEPTS}
    nearest = [int(state) for state in findings.equilibria[:_NEAREST]]
    here = conflict.space.position(conflict.index())
    places = [conflict.space.position(state) for state in nearest]
    return StableStates(
        actors=tuple(names.actor(actor) for actor in conflict.actors),
        feasible=int(conflict.feasible.sum()),
        concepts=tuple(rows),
        found=findings.equilibria.size,
        variables=tuple(
            LevelRow(
                names.variable(axis.name),
                spaced(axis.levels[here[k]]),
                tuple((spaced(axis.levels[p[k]]), p[k] != here[k]) for p in places),
            )
            for k, axis in enumerate(conflict.space.axes)
        ),
        under=tuple(
            ", ".join(concept for concept in CONCEPTS if holds[concept][state]) for state in nearest
        ),
    )
