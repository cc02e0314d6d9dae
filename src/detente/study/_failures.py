"""Which draws failed or gave no answer to a claim, why, and where in the ranges they lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.study.discovery import discover
from detente.text import plural, show_range
from detente.values import Ints

if TYPE_CHECKING:
    from detente.study._result import Study

_MOST_REASONS = 3
_MOST_ENDS = 5


def describe_failures(study: Study) -> tuple[str, ...]:
    """Return plain sentences on what a study lacks: how many draws and answers, why, and where.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of str
        One sentence when nothing is lacking.
    """
    done = study.completed.size + study.failed.size
    if not study.failed.size and not study.missing:
        return (f"None of {done} draws failed.",)
    return (*_of_draws(study), *_of_claims(study))


def _of_draws(study: Study) -> tuple[str, ...]:
    failed, done = study.failed, np.concatenate([study.completed, study.failed])
    if not failed.size:
        return ()
    reasons = Counter(f.reason for f in study.failures if not f.claim).most_common()
    words = [f"{count} of them: {reason}" for reason, count in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        words.append(f"and {len(reasons) - _MOST_REASONS} more reasons")
    box, restricted = _box(study, done, failed, "Draws fail")
    ends = [] if restricted else _ends(study, done, failed)
    where = [f"All of them have {', '.join(ends)}."] if ends else [box] if box else []
    return (f"{failed.size} of {done.size} draws failed.", *words, *where)


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
    found = {}
    for claim, count in study.missing.items():
        reasons = Counter(f.reason for f in study.failures if f.claim == claim).most_common()
        why = reasons[0][0] if reasons else "it is not a number there"
        more = f" (and {plural(len(reasons) - 1, 'other reason')})" if len(reasons) > 1 else ""
        draws = study.completed.size
        found[claim] = f"{count} of {plural(draws, 'draw')} gave {claim} no answer: {why}{more}"
    return found


def _of_claims(study: Study) -> tuple[str, ...]:
    words = []
    for claim, sentence in list(missing_answers(study).items())[:_MOST_REASONS]:
        words.append(f"{sentence}.")
        gaps = study.completed[np.isnan(study.values[:, study.column(claim)])]
        box, restricted = _box(study, study.completed, gaps, f"{claim} has no answer")
        if restricted:
            words.append(box)
    more = len(study.missing) - _MOST_REASONS
    return (*words, *([f"{plural(more, 'more claim')} without all answers"] if more > 0 else []))


def _box(study: Study, among: Ints, which: Ints, what: str) -> tuple[str, bool]:
    """Return where some draws lie among others, in a sentence, and whether any input is restricted.

    Nothing is said of points that are no draws, or where there is nothing to tell apart.
    """
    design = study.design
    if not design.is_sample or not design.names or among.size < 2:
        return "", False
    units = {name: parameter.unit for name, parameter in study.case.parameters.items()}
    found = discover(
        design.names, design.values[among], np.isin(among, which), design.levels, units, what,
        resamples=0,
    )  # fmt: skip
    return found.sentence, bool(found.box.restrictions)


def _ends(study: Study, among: Ints, which: Ints) -> list[str]:
    """Return the inputs whose values in some draws fill less than half of those in all."""
    design, ends = study.design, []
    for k, name in enumerate(design.names):
        low, high = design.values[which, k].min(), design.values[which, k].max()
        if name not in design.levels and high - low < 0.5 * np.ptp(design.values[among, k]):
            ends.append(f"{name} {show_range(low, high, 'fine')}")
    return ends[:_MOST_ENDS]
