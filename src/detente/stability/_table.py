"""Stability as tables: a short text for a terminal, columns for pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from detente.stability._stability import Stability

_SHOWN = 12


def summary(stability: Stability) -> str:
    """Return the counts of stable states, then the equilibria with the concepts they hold under."""
    conflict, concepts = stability.conflict, stability.concepts
    lines = [f"Stability of {int(conflict.feasible.sum()):,} states"]
    if not concepts:
        return f"{lines[0]}; ask for equilibria by concept"
    head = ["stable states", *concepts]
    rows = [
        [actor, *(f"{int(stability.stable(c, actor).sum()):,}" for c in concepts)]
        for actor in conflict.actors
    ]
    rows.append(["equilibria", *(f"{int(stability.equilibria(c).sum()):,}" for c in concepts)])
    lines += _aligned(head, rows)

    anywhere = np.logical_or.reduce([stability.equilibria(c) for c in concepts])
    found = np.flatnonzero(anywhere)
    if found.size:
        names = [axis.name for axis in conflict.space.axes]
        rows = [
            [
                *conflict.label(int(state)).values(),
                " ".join(c for c in concepts if stability.equilibria(c).reshape(-1)[state]),
            ]
            for state in found[:_SHOWN]
        ]
        lines += ["", *_aligned([*names, "equilibrium under"], rows)]
        if found.size > _SHOWN:
            lines.append(f"... and {found.size - _SHOWN:,} more")
    return "\n".join(lines)


def records(stability: Stability) -> dict[str, Any]:
    """Return columns over the feasible states: levels, ranks, stability, equilibria."""
    conflict = stability.conflict
    states = np.flatnonzero(conflict.feasible)
    positions = np.unravel_index(states, conflict.shape)
    columns: dict[str, Any] = {
        axis.name: np.array(axis.levels)[levels]
        for axis, levels in zip(conflict.space.axes, positions, strict=True)
    }
    for actor in conflict.actors:
        columns[f"rank {actor}"] = conflict.rank[actor].reshape(-1)[states]
    for concept in stability.concepts:
        for actor in conflict.actors:
            columns[f"{concept} {actor}"] = stability.stable(concept, actor).reshape(-1)[states]
        columns[concept] = stability.equilibria(concept).reshape(-1)[states]
    return columns


def _aligned(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]
