"""What of a study is looked at: an answer per draw, or whether something happens in each draw.

A text names a claim, an issue at the end of the clock, the probability of a level then
(``rain == wet``), or, where a yes or no is wanted, any formula over claims, issues, inputs and
variants (``C3 > 0.5 and worth < 1``), parsed by the language of cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.claims import verdict_word
from detente.errors import AnalysisError, InputError
from detente.expression import ExpressionError, Namespace, Variable, compile_formula
from detente.text import suggestion
from detente.values import Bools, Floats, Ints

if TYPE_CHECKING:
    from detente.study._result import Study


BREAKS = ("weaker", "contradicts")
"""Where a draw's answer must stand for the draw to break a claim."""


def answers_to(study: Study, what: str) -> Floats:
    """Return one number per draw, nan where it has none.

    Parameters
    ----------
    what : str
        The id of an asked claim, an issue, or ``variable == level``, the last two at the end of the
        clock.

    Raises
    ------
    InputError
        When there is no such thing.
    """
    found = np.full(len(study.design), np.nan)
    found[study.completed] = _of_kept(study, what)
    return found


def event_in_draws(study: Study, what: str) -> tuple[Ints, Bools, str]:
    """Return in which draws something happens.

    Parameters
    ----------
    what : str
        The id of a claim with an interval (it breaks: it is weaker or contradicted), or a formula.

    Returns
    -------
    draws : ndarray of int
        Numbers of the draws that can tell.
    hits : ndarray of bool
        Whether it happens, for each of them.
    label : str
        What happens, in words.

    Raises
    ------
    InputError
        When the formula is wrong or the claim has no interval.
    AnalysisError
        When no draw can tell.
    """
    claims = {claim.id: claim for claim in study.asked}
    if what.strip() in claims or what.strip() in {c.id for c in study.case.claims}:
        values = answers_to(study, what.strip())
        expect = claims[what.strip()].expect
        if expect is None:
            raise InputError(
                f"{what} has no interval, so no draw breaks it; give a formula such as "
                f"'{what} > 0.5'"
            )
        draws = np.flatnonzero(~np.isnan(values))
        hits = np.array(
            [verdict_word(float(v), expect) in BREAKS for v in values[draws]], dtype=bool
        )
        label = f"{what.strip()} breaks"
    else:
        draws, hits = _by_formula(study, what)
        label = what.strip()
    if not draws.size:
        raise AnalysisError(f"no draw of {study.case.name} has an answer to {what}")
    return draws, hits, label


def _of_kept(study: Study, what: str) -> Floats:
    name, equals, level = (part.strip() for part in what.partition("=="))
    issues = [issue.name for issue in study.case.issues]
    if not equals and name in issues:
        return study.issues[:, -1, issues.index(name)].astype(np.float64)
    if equals and name in study.variables:
        levels = study.variables[name]
        if level not in levels:
            raise InputError(f"{name} has no level {level!r}; {suggestion(level, levels, 'level')}")
        return study.share(name)[:, -1, levels.index(level)].astype(np.float64)
    if what.strip() not in {claim.id for claim in study.case.claims}:
        names = [*(claim.id for claim in study.asked), *issues, *study.variables]
        raise InputError(
            f"there is no claim, issue or variable {name!r}; {suggestion(name, names, 'name')}"
        )
    return study.values[:, study.column(what.strip())]


def _by_formula(study: Study, what: str) -> tuple[Ints, Bools]:
    design = study.design
    numbers = {claim.id: "claim" for claim in study.asked}
    numbers |= {issue.name: "issue" for issue in study.case.issues}
    numbers |= {name: "parameter" for name in design.names if name not in design.levels}
    variants = {name: Variable(name, levels, False) for name, levels in design.levels.items()}
    try:
        formula = compile_formula(what, Namespace(variants, numbers), "truth")
    except ExpressionError as error:
        raise InputError(f"column {error.start + 1} of {what!r}: {error}") from None
    values: dict[str, Floats | Ints] = {}
    able = np.ones(len(study.completed), dtype=bool)
    for name in formula.uses:
        if name in design.names:
            column = design.values[study.completed, design.names.index(name)]
            values[name] = column.astype(np.int64) if name in design.levels else column
        else:
            values[name] = _of_kept(study, name)
            able &= ~np.isnan(values[name])
    hits = np.broadcast_to(formula.evaluate(values), able.shape).astype(bool)
    return study.completed[able], hits[able]
