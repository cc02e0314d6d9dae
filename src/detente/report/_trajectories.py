"""Where options, conditions and issues are expected to go: fans, with a table beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from detente.analysis import QUANTILES, Analysis
from detente.case import Labels
from detente.drawing import fan
from detente.text import Kind, show, show_range, spaced
from detente.values import Floats

_ROWS = 5
_MEDIAN = QUANTILES.index(0.5)
_MEAN = "expected value"


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One variable or issue: a fan per level, and the same numbers at a few times.

    A cell of ``rows`` is a number, and the range of 90 % of draws where there are draws.
    """

    name: str
    title: str
    about: str
    today: str
    levels: tuple[str, ...]
    fans: tuple[Markup, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def trajectories(findings: Analysis) -> tuple[Trajectory, ...]:
    """Return a trajectory for each option and condition, in the order of the case."""
    names, times = Labels(findings.case), findings.study.times
    return tuple(
        level_trajectory(names, variable, times, findings.quantiles[variable])
        for variable in findings.study.variables
    )


def level_trajectory(
    names: Labels,
    variable: str,
    times: Floats,
    quantiles: Floats | None = None,
    stated: Floats | None = None,
) -> Trajectory:
    """Return how likely each level of an option or condition is over time.

    Parameters
    ----------
    names : Labels
        Of the case.
    variable : str
    times : ndarray, (points,)
        Years from the start.
    quantiles : ndarray, (5, points, levels), optional
        At `detente.analysis.QUANTILES` of draws.
    stated : ndarray, (points, levels), optional
        At given parameters; the line and the numbers are then these, else the medians.
    """
    case = names.case
    abouts = {o.full_name: o.about for actor in case.actors for o in actor.options}
    abouts |= {condition.name: condition.about for condition in case.conditions}
    levels, title = names.levels(variable), names.variable(variable)
    return _trajectory(
        names,
        (variable, title, abouts[variable], spaced(levels[case.status_quo[variable]])),
        [(spaced(k), f"{title}, probability of {spaced(k)}") for k in levels],
        times,
        (quantiles, stated),
        "share",
    )


def issue_trajectory(
    names: Labels,
    issue: str,
    times: Floats,
    quantiles: Floats | None = None,
    stated: Floats | None = None,
) -> Trajectory:
    """Return how the mean of an issue goes; as `level_trajectory`, for one series."""
    about = {one.name: one.about for one in names.case.issues}[issue]
    title = spaced(issue).capitalize()
    found = quantiles if quantiles is None else quantiles[:, :, None]
    line = stated if stated is None else stated[:, None]
    words = [(_MEAN, f"{title}, {_MEAN}")]
    return _trajectory(names, (issue, title, about, ""), words, times, (found, line), "fine")


def _trajectory(
    names: Labels,
    heading: tuple[str, str, str, str],
    levels: list[tuple[str, str]],
    times: Floats,
    series: tuple[Floats | None, Floats | None],
    kind: Kind,
) -> Trajectory:
    quantiles, stated = series
    line = stated if stated is not None else quantiles[_MEDIAN] if quantiles is not None else None
    assert line is not None, "neither draws nor a stated path"
    ticks = names.ticks(float(times[-1]))
    fans = []
    for k, (_, title) in enumerate(levels):
        bands = None if quantiles is None else quantiles[:, :, k]
        fans.append(fan(times, bands, ticks, title, stated=line[:, k], kind=kind))
    rows = []
    for point in _points(times.size):
        cells = [
            (
                show(float(line[point, k]), kind),
                "" if quantiles is None else _spread(quantiles[:, point, k], kind),
            )
            for k in range(len(levels))
        ]
        rows.append((names.when(float(times[point])), tuple(cells)))
    return Trajectory(*heading, tuple(level for level, _ in levels), tuple(fans), tuple(rows))


def _spread(quantiles: Floats, kind: Kind) -> str:
    return show_range(float(quantiles[0]), float(quantiles[-1]), kind)


def _points(size: int) -> list[int]:
    return sorted(set(np.linspace(0, size - 1, _ROWS).round().astype(int).tolist()))
