"""All rules over one case or study, and what the case says is meant.

A warning that the case calls meant keeps its place and gets the reason; what is called meant and
was looked for in vain is a warning of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from detente.case import WARNING_KINDS, Case
from detente.engine import Progress
from detente.review import _claims, _horizons, _levels, _preferences, _unread, _worded
from detente.review._answers import equal_answers, missing_answers, moving_parameters
from detente.review._facts import CaseFacts
from detente.review._solved import MOST_STATES, solved_case
from detente.review._warning import CaseWarning, Review
from detente.study import Study

Rule = Callable[[CaseFacts], Iterator[CaseWarning]]

RULES: tuple[Rule, ...] = (
    _claims.settled_claims,
    _claims.same_arms,
    _claims.values_outside,
    _claims.intervals_that_cannot_fail,
    _horizons.times,
    _horizons.scopes_at_the_start,
    _worded.worded_claims,
    _preferences.sharpness,
    _preferences.discounts,
    _preferences.rates,
    _preferences.costs,
    _preferences.free_gains,
    _levels.idle_variables,
    _levels.alike_levels,
    _levels.reached_levels,
    _unread.unread_issues,
    _unread.unread_parameters,
)
"""What needs no solution."""

_SETTLED = ("about-held", "impossible", "decided-at-start", "always", "same-arms", "scope-never")
_FOLLOWS = {
    "no-answer": ("scope-never",),
    "same-in-all-draws": _SETTLED,
}
"""What a warning about the same claim explains."""
_UNITS = (
    "year-number", "months", "discount-unit", "rate-unit", "cost-beyond-gain", "choice-is-noise",
    "too-sharp",
)  # fmt: skip
_CAUSES: Mapping[str, set[str]] = {
    "parameter-idle": {*_SETTLED, *_UNITS, "no-answer", "no-solution"},
    "level-unused": {*_UNITS},
}
"""While one of these stands and is not meant, what a parameter or level does is not yet seen."""


def review_case(case: Case, *, quick: bool = False, progress: Progress | None = None) -> Review:
    """Look for what is sound in a case and may not be meant.

    Parameters
    ----------
    case : Case
    quick : bool
        Leave out what needs a solution at the stated values.
    progress : callable, optional
        Called with (parameters tried, parameters, 0).

    Returns
    -------
    Review

    Examples
    --------
    >>> import detente
    >>> text = b'''
    ... detente: 1
    ... title: A dam
    ... parameters: {thirst: {value: 1}}
    ... actors:
    ...   upstream:
    ...     options: {dam: {levels: [none, built], cost: 0.1}}
    ...     preferences: {statements: [upstream.dam == built]}
    ... status_quo: {upstream.dam: none}
    ... '''
    >>> print(review_case(detente.read_case(text, "dam.yaml")).open[0])
    dam.yaml:4:14: warning: no formula reads the parameter thirst; use it, or take it out \
[parameter-unused, parameter thirst]

    See Also
    --------
    review_study : The same with what the draws of a study show.
    """
    facts = CaseFacts(case)
    seen, unseen = _seen(facts, quick)
    found = [*_static(facts), *(solved_case(facts, progress) if "solved" in seen else ())]
    return _settle(facts, found, seen, unseen)


def review_study(study: Study, *, quick: bool = False, progress: Progress | None = None) -> Review:
    """Look for what may not be meant in a case, and in the answers over draws.

    Parameters
    ----------
    study : Study
    quick, progress
        As `review_case` takes them.

    Returns
    -------
    Review
    """
    facts = CaseFacts(study.case)
    seen, unseen = _seen(facts, quick)
    missing = list(missing_answers(facts, study))
    found = [
        *missing,
        *_static(facts),
        *equal_answers(facts, study),
        *(solved_case(facts, progress, moving_parameters(study)) if "solved" in seen else ()),
    ]
    if study.design.is_sample:
        seen.add("draws")
    return _settle(facts, found, seen, unseen)


def _seen(facts: CaseFacts, quick: bool) -> tuple[set[str], str]:
    if quick:
        return {"case"}, ""
    states = int(facts.conflict.feasible.sum())
    if states > MOST_STATES:
        return {"case"}, (
            f"With {states:,} states the model was not solved for warnings; those that need a "
            f"solution are looked for up to {MOST_STATES:,} states."
        )
    return {"case", "solved"}, ""


def _static(facts: CaseFacts) -> Iterator[CaseWarning]:
    for rule in RULES:
        yield from rule(facts)


def _settle(facts: CaseFacts, found: Iterable[CaseWarning], seen: set[str], unseen: str) -> Review:
    by_key: dict[tuple[str, str], CaseWarning] = {}
    for warning in found:
        by_key.setdefault((warning.kind, warning.subject), warning)
    meant_so = {(one.warning, one.of) for one in facts.case.meant}
    causes = {kind for kind, subject in by_key.keys() - meant_so}
    for kind, subject in [*by_key]:
        explained = any((one, subject) in by_key for one in _FOLLOWS.get(kind, ()))
        if explained or causes & _CAUSES.get(kind, set()):
            del by_key[kind, subject]
    for index, meant in enumerate(facts.case.meant):
        key = meant.warning, meant.of
        if key in by_key:
            by_key[key] = replace(by_key[key], meant=meant.reason)
        elif WARNING_KINDS[meant.warning].seen in seen:
            message = f"there is no warning {meant.warning} about {meant.of}"
            one = facts.warn("meant-nothing", meant.of, ("meant", index), message)
            by_key[f"meant-nothing {index}", meant.of] = one
    order = {kind: place for place, kind in enumerate(WARNING_KINDS)}
    return Review(
        tuple(sorted(by_key.values(), key=lambda w: (w.line, w.column, order[w.kind], w.subject))),
        unseen,
    )
