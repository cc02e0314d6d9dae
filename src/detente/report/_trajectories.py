"""Where options and conditions are expected to go: fans over draws, with a table beside them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.analysis import Analysis
from detente.case import Labels
from detente.drawing import fan
from detente.text import listed, show, show_range, spaced

_ROWS = 5


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One variable: a fan per level, and the same numbers at a few times."""

    name: str
    title: str
    about: str
    today: str
    levels: tuple[str, ...]
    fans: tuple[Markup, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class PhaseTable:
    """What one variable does when another is held at each of its levels.

    A row names a level held; its cells are a probability as printed, its shade between 0 and 1, and
    whether it is the largest of the row.
    """

    held: str
    watched: str
    end: str
    left_out: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str, bool], ...]], ...]


def trajectories(findings: Analysis) -> tuple[Trajectory, ...]:
    """Return a trajectory for each option and condition, in the order of the case."""
    case, study = findings.case, findings.study
    names = Labels(case)
    abouts = {o.full_name: o.about for actor in case.actors for o in actor.options}
    abouts |= {condition.name: condition.about for condition in case.conditions}
    years = float(study.times[-1])
    ticks = names.ticks(years)
    found = []
    for variable, levels in study.variables.items():
        quantiles = findings.quantiles[variable]
        title = names.variable(variable)
        fans = [
            fan(study.times, quantiles[:, :, k], ticks, f"{title}, probability of {spaced(level)}")
            for k, level in enumerate(levels)
        ]
        rows = []
        for point in _points(study.times.size):
            cells = [
                (
                    show(float(quantiles[2, point, k]), "share"),
                    show_range(
                        float(quantiles[0, point, k]), float(quantiles[-1, point, k]), "share"
                    ),
                )
                for k in range(len(levels))
            ]
            rows.append((names.when(float(study.times[point])), tuple(cells)))
        found.append(
            Trajectory(
                name=variable,
                title=title,
                about=abouts[variable],
                today=spaced(levels[case.status_quo[variable]]),
                levels=tuple(map(spaced, levels)),
                fans=tuple(fans),
                rows=tuple(rows),
            )
        )
    return tuple(found)


def phase_table(findings: Analysis) -> PhaseTable | None:
    """Return the heat table of the case's phase, where it has one."""
    phase = findings.phase
    if phase is None:
        return None
    names = Labels(findings.case)
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
                    (show(float(share), "share"), f"{share:.2f}", k == row.argmax())
                    for k, share in enumerate(row)
                ),
            )
            for level, row in zip(phase.held_levels, phase.share, strict=True)
        ),
    )


def _points(size: int) -> list[int]:
    return sorted({round(k * (size - 1) / (_ROWS - 1)) for k in range(_ROWS)})
