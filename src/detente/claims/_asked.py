"""Questions of an answer's slopes that no claim asks, read from one line of text.

They are asked from today and without an intervention. Times and the long run are no questions for
claims, whose periods end.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar

from detente.case import Arm, AverageQuestion, Case, ExpectedQuestion, ProbabilityQuestion
from detente.errors import InputError
from detente.expression import ExpressionError, Formula, compile_formula, compile_query
from detente.text import Kind

_KINDS = re.compile(r"\s*(?:(after|average)\s+([^\s:]+)|(until|long run))\s*:\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TimeQuestion:
    """How many years pass until a formula holds, over the paths on which it ever does."""

    formula: Formula
    arm: ClassVar[Arm] = Arm()
    kind: ClassVar[Kind] = "plain"
    in_time: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class LongRunQuestion:
    """The mean of a formula in the long run, which for a truth is its share of time."""

    formula: Formula
    arm: ClassVar[Arm] = Arm()
    kind: ClassVar[Kind] = "plain"
    in_time: ClassVar[bool] = True


AskedQuestion = (
    ProbabilityQuestion | ExpectedQuestion | AverageQuestion | TimeQuestion | LongRunQuestion
)


def read_asked(case: Case, text: str) -> AskedQuestion:
    """Return the question that a line of text asks.

    Parameters
    ----------
    case : Case
    text : str
        A query, such as ``F[0, 5] us.offer > none``, for its probability; or a formula after
        ``after YEARS:``, ``average YEARS:``, ``long run:`` or ``until:``.

    Raises
    ------
    InputError
        When it cannot be read; says where.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("sanctions")
    >>> read_asked(case, "F[0, 5] tension == high").measure
    'probability'
    >>> read_asked(case, "after 3: tension == high").years
    3.0
    """
    found = _KINDS.fullmatch(text)
    if found is None:
        try:
            return ProbabilityQuestion(compile_query(text, case.namespace))
        except ExpressionError as wrong:
            raise InputError(f"query {text!r}, column {wrong.start + 1}: {wrong}") from None
    kind, years, endless, formula = found.groups()
    try:
        what = compile_formula(formula, case.namespace, "truth" if endless == "until" else "number")
    except ExpressionError as wrong:
        place = found.start(4) + wrong.start + 1
        raise InputError(f"{text!r}, column {place}: {wrong}") from None
    if endless:
        return TimeQuestion(what) if endless == "until" else LongRunQuestion(what)
    return (
        ExpectedQuestion(what, _years(text, years))
        if kind == "after"
        else AverageQuestion(what, _years(text, years))
    )


def _years(text: str, number: str) -> float:
    try:
        years = float(number)
    except ValueError:
        years = math.nan
    if not 0.0 < years < math.inf:
        raise InputError(
            f"{text!r}: {number!r} is no number of years; write after 3: or average 3:"
        )
    return years
