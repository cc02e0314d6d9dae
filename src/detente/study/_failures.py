"""Which draws failed, why, and where in the ranges they lie; which answers are missing, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.study.discovery import discover
from detente.text import plural

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
        One sentence when none failed; then one for each claim that some draws left unanswered.
    """
    return (*_describe_failed_draws(study), *(f"{one}." for one in missing_answers(study).values()))


def missing_answers(study: Study) -> Mapping[str, str]:
    """Say by claim how many draws gave it no answer, and the commonest reason.

    Parameters
    ----------
    study : Study

    Returns
    -------
    mapping of str to str
        By the id of the claim; empty when every completed draw answered every claim.
    """
    by_claim: dict[str, Counter[str]] = defaultdict(Counter)
    for failure in study.failures:
        if failure.claim:
            by_claim[failure.claim][failure.reason] += 1
    draws = study.completed.size
    found = {}
    for claim, reasons in by_claim.items():
        reason = reasons.most_common(1)[0][0]
        more = f" (and {plural(len(reasons) - 1, 'other reason')})" if len(reasons) > 1 else ""
        found[claim] = f"{reasons.total()} of {draws} draws gave {claim} no answer: {reason}{more}"
    return found


def _describe_failed_draws(study: Study) -> tuple[str, ...]:
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
            ends.append(f"{name} {low:.3g}" if low == high else f"{name} {low:.3g} to {high:.3g}")
    where = found.sentence
    if not found.box.restrictions and ends:
        where = f"All of them have {', '.join(ends[:_MOST_ENDS])}."
    return (f"{failed.size} of {done.size} draws failed.", *told, where)
