"""The table of bargaining of a case at one point of its parameters.

Every number of the table is a formula of parameters; here they are evaluated. A point at which one
makes no sense, such as a salience above 1, is refused with issue and party, so that a draw there
fails and says why. Cost: one evaluation a number of the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.bargaining._table import BargainingTable
from detente.case import Bargaining, Case, Stake
from detente.conflict import parameter_values
from detente.errors import AnalysisError, InputError
from detente.expression import Formula


@dataclass(frozen=True, slots=True)
class StatedVote:
    """A voting rule in numbers: who proposes, what share must accept, who must be among those."""

    setter: str
    threshold: float = 0.5
    veto: tuple[str, ...] = ()


def table_of(
    case: Case,
    parameters: Mapping[str, float] | None = None,
    variants: Sequence[str] = (),
) -> BargainingTable:
    """Return the table of bargaining of a case.

    Parameters
    ----------
    case : Case
        One with a part ``bargaining``.
    parameters : mapping of str to float, optional
        Values that replace the stated ones.
    variants : sequence of str
        Each as ``variant.level``; see `Case.variant`.

    Raises
    ------
    InputError
        Where the case has no such part, or a number is off its scale at these parameters.
    AnalysisError
        Where a number is not finite.

    Examples
    --------
    >>> from detente.case import read_case
    >>> text = b'''
    ... detente: 1
    ... title: A river
    ... parameters: {thirst: {value: 0.5}}
    ... actors:
    ...   upper: {options: {dam: [none, built]}, preferences: {statements: [upper.dam == built]}}
    ... status_quo: {upper.dam: none}
    ... bargaining:
    ...   issues:
    ...     flow:
    ...       parties:
    ...         upper: {position: 0, salience: 1}
    ...         lower: {position: 100, salience: thirst, capability: 2}
    ... '''
    >>> found = table_of(read_case(text, "river.yaml"), {"thirst": 0.8})
    >>> found.actors, found.salience.tolist()
    (('upper', 'lower'), [[1.0], [0.8]])
    """
    case = case.variant(*variants)
    return table_at(case, parameter_values(case, parameters))


def table_at(case: Case, values: Mapping[str, Any]) -> BargainingTable:
    """Return the table of a case where its parameters have these values."""
    stated = case.bargaining
    if stated is None:
        raise InputError(f"{case.name} has no table of bargaining; add a part `bargaining` to it")
    return _evaluated(stated, values, parameter_values(case))


def vote_at(case: Case, values: Mapping[str, Any]) -> StatedVote | None:
    """Return the voting rule of a case where its parameters have these values, if it states one."""
    rule = case.bargaining.voting if case.bargaining else None
    if rule is None:
        return None
    threshold = _number(rule.threshold, values, "the threshold of the vote")
    return StatedVote(rule.setter, threshold, rule.veto)


def _evaluated(
    stated: Bargaining, values: Mapping[str, Any], usual: Mapping[str, Any]
) -> BargainingTable:
    actors, issues = stated.parties, stated.issues
    shape = len(actors), len(issues)
    position, red_line = np.full(shape, np.nan), np.full(shape, np.nan)
    salience, capability = np.zeros(shape), np.zeros(shape)
    reference = np.full(len(issues), np.nan)
    for k, issue in enumerate(issues):
        if issue.reference is not None:
            what = f"the reference point of {issue.name}"
            reference[k] = _number(issue.reference, values, what)
        for stake in issue.stakes:
            i, who = actors.index(stake.party), f"of {stake.party} on {issue.name}"
            position[i, k] = _number(stake.position, values, f"the position {who}")
            salience[i, k] = _number(stake.salience, values, f"the salience {who}")
            capability[i, k] = _number(stake.capability, values, f"the capability {who}")
            if stake.red_line is not None:
                line = _number(stake.red_line, values, f"the red line {who}")
                red_line[i, k] = _line_at(position[i, k], line, stake, usual)
    scale = np.array([(issue.low, issue.high) for issue in issues])
    points = {issue.name: dict(issue.points) for issue in issues if issue.points}
    names = tuple(issue.name for issue in issues)
    return BargainingTable(
        actors, names, position, salience, capability, reference, scale, points, red_line
    )


def _line_at(position: float, line: float, stake: Stake, usual: Mapping[str, Any]) -> float:
    """Return a red line that stays on its side of the position.

    Which side that is, the stated values say. Where the position lies past the line, or the line
    stands at the position of an actor that never moves, the actor stays where it is.
    """
    assert stake.red_line is not None
    stated_line = float(stake.red_line.evaluate(usual))
    side = np.sign(float(stake.position.evaluate(usual)) - stated_line)
    never = side == 0 and line == stated_line
    return position if never or side * np.sign(position - line) < 0 else line


def _number(formula: Formula, values: Mapping[str, Any], what: str) -> float:
    number = float(formula.evaluate(values))
    if not np.isfinite(number):
        raise AnalysisError(
            f"{what} is {number:g} at these parameters; narrow the ranges or fix the formula"
        )
    return number
