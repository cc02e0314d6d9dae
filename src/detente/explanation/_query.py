"""A query as a claim that expects nothing, so that it is explained in the same way."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case import Arm, Case, Claim, ProbabilityQuestion
from detente.conflict import space_of
from detente.errors import InputError
from detente.expression import ExpressionError, compile_formula, compile_query


def arm_of(
    case: Case,
    given: Mapping[str, str] | str | None = None,
    do: Mapping[str, str] | None = None,
    announced: bool = True,
) -> Arm:
    """Return from where and under which intervention a query is asked.

    Parameters
    ----------
    case : Case
    given : mapping of str to str, or str, optional
        Levels that replace today's, or a formula.
    do : mapping of str to str, optional
        Level of each option or condition that is held.
    announced : bool
        Whether the actors know.

    Examples
    --------
    >>> import detente
    >>> arm_of(detente.load("sanctions"), {"tension": "high"}).given
    {'tension': 1}
    """
    space = space_of(case)

    def numbers(levels: Mapping[str, str] | None) -> dict[str, int] | None:
        found = {}
        for name, level in (levels or {}).items():
            axis = space.axes[space.axis(name)]
            found[axis.name] = axis.level(level)
        return found or None

    if isinstance(given, str):
        try:
            start = compile_formula(given, case.namespace, "truth")
        except ExpressionError as wrong:
            raise InputError(f"given {given!r}, column {wrong.start + 1}: {wrong}") from None
        return Arm(start, numbers(do), None, announced)
    return Arm(numbers(given), numbers(do), None, announced)


def claim_or_query(case: Case, what: str, arm: Arm | None) -> Claim:
    """Return the claim that is meant, or a query as a claim."""
    if what.isidentifier() or what in {claim.id for claim in case.claims}:
        claim = case.claim(what)
        if arm is not None:
            raise InputError(
                f"{what} is a claim, and says itself from where and under which intervention it "
                "is asked; leave out the start and what is held, or ask a query"
            )
        if claim.ask is None:
            raise InputError(f"{what} is not asked ({claim.unasked}); choose a claim that is")
        return claim
    try:
        query = compile_query(what, case.namespace)
    except ExpressionError as wrong:
        raise InputError(f"query {what!r}, column {wrong.start + 1}: {wrong}") from None
    return Claim(
        id="query", says=what, where=None, words="", scale="icd203",
        ask=ProbabilityQuestion(query, arm or Arm()), unasked="", expect=None, versus=None,
        scope=None, resolved=None,
    )  # fmt: skip
