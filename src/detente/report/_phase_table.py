"""What one variable does when another is held at each of its levels, as a heat table."""

from __future__ import annotations

from dataclasses import dataclass

from detente.analysis import HeldLevels
from detente.case import Labels
from detente.text import listed, show, spaced

_SHADES = 10


@dataclass(frozen=True, slots=True)
class PhaseTable:
    """A row names a level held; its cells are of the watched variable's levels.

    A cell is a probability as printed, its shade from 0 to 10, and whether it is the largest of
    the row.
    """

    held: str
    watched: str
    end: str
    left_out: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, int, bool], ...]], ...]


def phase_table(names: Labels, phase: HeldLevels | None) -> PhaseTable | None:
    """Return the heat table of a case's phase, where it has one."""
    if phase is None:
        return None
    left_out = [spaced(x) for x in names.levels(phase.held) if x not in phase.held_levels]
    return PhaseTable(
        held=names.variable(phase.held),
        watched=names.variable(phase.watched),
        end=names.when(phase.years),
        left_out=listed(left_out) if left_out else "",
        columns=tuple(map(spaced, phase.watched_levels)),
        rows=tuple(
            (
                spaced(level),
                tuple(
                    (show(float(share), "share"), shade(float(share)), k == row.argmax())
                    for k, share in enumerate(row)
                ),
            )
            for level, row in zip(phase.held_levels, phase.share, strict=True)
        ),
    )


def shade(share: float) -> int:
    """Return how dark a cell is, from 0 to 10, for its class ``shade-N``.

    Examples
    --------
    >>> shade(0.0), shade(0.26), shade(1.0)
    (0, 3, 10)
    """
    return round(_SHADES * min(max(share, 0.0), 1.0))
