"""Random tables of bargaining, with blanks, ties and positions on the ends of the scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.bargaining import BargainingTable


def random_table(
    rng: np.random.Generator,
    actors: int,
    issues: int,
    blank: float = 0.1,
    reference: bool = True,
    lines: float = 0.0,
) -> BargainingTable:
    position = rng.uniform(0, 100, (actors, issues))
    if rng.random() < 0.5:
        position = np.round(position, -1)
    position[rng.random(position.shape) < blank] = np.nan
    position[rng.integers(actors)] = 50.0
    points = rng.choice([0.0, 100.0, 37.0], issues) if reference else np.full(issues, np.nan)
    table = BargainingTable(
        tuple(f"a{k}" for k in range(actors)),
        tuple(f"q{k}" for k in range(issues)),
        position,
        rng.uniform(0.05, 1, (actors, issues)),
        rng.uniform(0.1, 5, (actors, 1)) * np.ones((1, issues)),
        points,
        np.tile([0.0, 100.0], (issues, 1)),
    )
    if not lines:
        return table
    line = rng.choice([0.0, 100.0, *rng.uniform(0, 100, 4)], position.shape)
    line = np.where(rng.random(position.shape) < 0.2, position, line)
    return replace(
        table, red_line=np.where(rng.random(position.shape) < lines, line, np.nan) + 0 * position
    )
