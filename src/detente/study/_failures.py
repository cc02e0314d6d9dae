"""Which draws failed, why, and where in the ranges they lie."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from detente.study.discovery import discover
from detente.text import show_range

if TYPE_CHECKING:
    from detente.study._result import Study

_MOST_REASONS = 3
_MOST_ENDS = 5


def describe_failures(study: Study) -> tuple[str, ...]:
    """Return plain sentences on a study's failed draws: how many, why, and where they lie.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of str
        One sentence when none failed.
    """
    failed, done = study.failed, np.concatenate([study.completed, study.failed])
    if not failed.size:
        return (f"None of {done.size} draws failed.",)
    reasons = Counter(f.reason for f in study.failures if not f.claim).most_common()
    told = [f"{count} of them: {reason}" for reason, count in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        told.append(f"and {len(reasons) - _MOST_REASONS} more reasons")
    design = study.design
    found = discover(
        design.names,
        design.values[done],
        np.isin(done, failed),
        design.levels,
        {name: parameter.unit for name, parameter in study.case.parameters.items()},
        "Draws fail",
        resamples=0,
    )
    ends = []
    for k, name in enumerate(design.names):
        column = design.values[done, k]
        low, high = design.values[failed, k].min(), design.values[failed, k].max()
        if name not in design.levels and high - low < 0.5 * np.ptp(column):
            ends.append(f"{name} {show_range(low, high, 'fine')}")
    where = found.sentence
    if not found.box.restrictions and ends:
        where = f"All of them have {', '.join(ends[:_MOST_ENDS])}."
    return (f"{failed.size} of {done.size} draws failed.", *told, where)
