"""What only shows over the draws of a study: answers that never move, draws that gave none."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from detente.review._facts import CaseFacts
from detente.review._warning import CaseWarning
from detente.study import Study
from detente.study import missing_answers as sentences_on_missing
from detente.text import show

_FEWEST = 5
"""Draws from which on equal answers say something."""
_SAME = 1e-9
_CHANCE = 5.0
"""Standard errors beyond which a rank correlation is no accident, among many inputs and claims."""


def equal_answers(facts: CaseFacts, study: Study) -> Iterator[CaseWarning]:
    """Warn about claims whose answer is the same in all draws; a yes or no may well be."""
    if not study.design.is_sample:
        return
    for index, claim, question in facts.asked:
        values = study.values[:, study.column(claim.id)]
        values = values[~np.isnan(values)]
        if values.size < _FEWEST or np.ptp(values) > _SAME or question.kind == "truth":
            continue
        told = show(float(values[0]), "signed" if claim.versus is not None else question.kind)
        message = f"{claim.id} has the answer {told} in all {values.size} draws: no range moves it"
        path, remedy = ("claims", index, "ask"), ""
        if claim.versus is not None and abs(float(values[0])) <= _SAME:
            remedy = "let the arms differ in something that the question depends on"
        yield facts.warn("same-in-all-draws", f"claim {claim.id}", path, message, remedy)


def missing_answers(facts: CaseFacts, study: Study) -> Iterator[CaseWarning]:
    """Warn about claims without an answer in some draws."""
    for claim, sentence in sentences_on_missing(study).items():
        index = next(i for i, one, _ in facts.asked if one.id == claim)
        yield facts.warn("no-answer", f"claim {claim}", ("claims", index, "ask"), sentence)


def moving_parameters(study: Study) -> frozenset[str]:
    """Return the parameters that move some answer beyond what chance gives; none without draws."""
    if not study.design.is_sample:
        return frozenset()
    least = _CHANCE / math.sqrt(max(len(study.completed), 1))
    return frozenset(
        driver.parameter
        for claim in study.asked
        for driver in study.drivers(claim.id)
        if abs(driver.correlation) > least
    )
