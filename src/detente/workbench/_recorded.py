"""The record of a case beside what is forecast at a setting, and what sources are there for.

Cost: one solve for the forecast; without an equilibrium the record stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass

import numpy as np

from detente.case import Case, Claim
from detente.drawing import ForecastLevels
from detente.engine import FAILURES
from detente.evidence import Record, observed_record
from detente.expression import Formula, Query
from detente.forecast import expected_paths
from detente.report import RecordRows, SourceRow, recorded, source_rows, today_of
from detente.study import horizon
from detente.text import plural
from detente.workbench._bench import Scene


def recorded_beside(scene: Scene, only: Sequence[str] = ()) -> RecordRows | None:
    """Return the record beside the forecast at a setting; None where the case has no history.

    Parameters
    ----------
    scene : Scene
    only : sequence of str
        The variables that are wanted; all by default.
    """
    case = scene.case
    if not case.history:
        return None
    known = observed_record(case)
    try:
        forecasts = _forecasts(scene, known)
    except FAILURES:
        now = np.array([today_of(case, known)])
        forecasts = {
            track.variable: ForecastLevels(now, np.zeros((1, len(track.levels))), None)
            for track in known.tracks
        }
    return recorded(case, known, forecasts, only)


def _forecasts(scene: Scene, known: Record) -> dict[str, ForecastLevels]:
    case = scene.case
    paths = expected_paths(scene.world.equilibrium, horizon(case), None, probabilities=())
    ordered = {o.full_name: o.ordered for actor in case.actors for o in actor.options}
    ordered |= {condition.name: condition.ordered for condition in case.conditions}
    times = paths.times + today_of(case, known)
    found = {}
    for name, shares in paths.shares.items():
        levels = shares.shape[1]
        place = shares @ np.arange(levels)
        expected = np.stack([place] * 3) if ordered[name] or levels == 2 else None
        found[name] = ForecastLevels(times, shares, expected)
    return found


def variables_asked(claim: Claim, case: Case) -> tuple[str, ...]:
    """Return the options and conditions that a question is about, in the order of the case.

    Those held or given by an arm count too, and those of the issues that the question names.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("chicken")
    >>> variables_asked(case.claims[0], case)
    ('row.wheel', 'col.wheel')
    """
    issues = {issue.name: issue.formula.uses for issue in case.issues}
    used = set(_names(claim.ask)) | set(_names(claim.versus)) | set(_names(claim.scope))
    used |= {name for issue in used & set(issues) for name in issues[issue]}
    return tuple(name for name in case.namespace.variables if name in used)


def _names(part: object) -> set[str]:
    match part:
        case Formula():
            return set(part.uses)
        case Query():
            return _names(part.left) | _names(part.right)
        case Mapping():
            return {str(name) for name in part}
    if is_dataclass(part):
        return {name for field in fields(part) for name in _names(getattr(part, field.name))}
    return set()


@dataclass(frozen=True)
class SourceUse:
    """A source, and in words what it supports."""

    source: SourceRow
    supports: tuple[str, ...]


def source_uses(case: Case) -> tuple[SourceUse, ...]:
    """Return every source of a case with what it supports."""
    found = []
    for row in source_rows(case):
        lists = (
            ("place of", [c.id for c in case.claims if c.where and c.where.source == row.id]),
            ("evidence of how it turned out:", [
                c.id for c in case.claims if c.resolved and row.id in c.resolved.evidence
            ]),
            ("value of", [p.name for p in case.parameters.values() if p.source == row.id]),
        )  # fmt: skip
        rows = sum(observed.source == row.id for observed in case.history)
        supports = [f"{words} {', '.join(names)}" for words, names in lists if names]
        if rows:
            supports.append(f"{plural(rows, 'row')} of the record")
        found.append(SourceUse(row, tuple(supports)))
    return tuple(found)
