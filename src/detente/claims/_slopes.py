"""How answers move with the parameters: exact slopes, all in one go.

An answer hangs on the rates of a chain, those on the values that actors act on, and values and
rates on the numbers of the compiled conflict, which the formulas of the case take from the
parameters. Slopes are taken back along this way, for all questions of a world side by side: through
the marches (`detente.forecast.answer_slopes`), the choices and the equilibrium equations of each
game that somebody plays (`detente.equilibrium`), and the formulas (`detente.conflict`). Cost: a
little more than answering, whatever the number of parameters. More in docs/slopes.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import numpy as np

from detente.case import Case, Claim, ExpectedQuestion
from detente.claims._asked import LongRunQuestion, TimeQuestion, read_asked
from detente.claims._slope_table import ClaimSlopes
from detente.claims._world_slopes import (
    ScopedAsked,
    SignedQuestion,
    SlopedAnswer,
    world_slopes,
)
from detente.engine import side_by_side
from detente.errors import InputError
from detente.model import ParameterSlopes, ScopedQuestion, SolvedModel, World
from detente.text import suggestion


def claim_slopes(
    case: Case,
    claims: Iterable[str | Claim] | None = None,
    parameters: Iterable[str] | None = None,
    *,
    queries: Iterable[str] = (),
    model: SolvedModel | None = None,
    threads: bool = True,
) -> ClaimSlopes:
    """Return how the answers of claims and to queries move with the parameters, at one point.

    Parameters
    ----------
    case : Case
    claims : iterable of str or Claim, optional
        By id, or as they are; all that are asked by default, and none where there are queries.
    parameters : iterable of str, optional
        By name; all by default.
    queries : iterable of str
        Asked from today: a query, such as ``F[0, 5] us.offer > none``, for its probability, or one
        of ``after YEARS: FORMULA`` (expected value), ``average YEARS: FORMULA``, ``until: FORMULA``
        (expected years until it holds, over the paths on which it does) and ``long run: FORMULA``.
    model : SolvedModel, optional
        Made for these claims and for queries from today, at other values or with what was answered
        already; see `claims_model`.
    threads : bool
        Whether what is independent is done at the same moment. Changes no digit.

    Raises
    ------
    InputError
        For a claim or parameter that does not exist, for a claim that is not asked, and for a query
        that cannot be read.

    Examples
    --------
    >>> import detente
    >>> found = claim_slopes(detente.load("sanctions"), ["T1"])
    >>> found.slope.shape == (1, len(found.parameters))
    True
    >>> lasting = claim_slopes(detente.load("chicken"), queries=["long run: row.wheel == swerve"])
    >>> lasting.claims
    ('long run: row.wheel == swerve',)
    """
    questions = {text: read_asked(case, text) for text in queries}
    asked = _claims(case, () if claims is None and questions else claims)
    sums: dict[str, list[SignedQuestion]] = {}
    for claim in asked:
        assert claim.ask is not None
        sums[claim.id] = [
            (sign, (replace(claim.ask, arm=arm), claim.scope))
            for sign, arm in ((1.0, claim.ask.arm), (-1.0, claim.versus))
            if arm is not None
        ]
    sums |= {text: [(1.0, (question, None))] for text, question in questions.items()}
    names = list(case.parameters if parameters is None else parameters)
    for name in names:
        if name not in case.parameters:
            hint = suggestion(str(name), case.parameters, "parameter")
            raise InputError(f"{case.name} has no parameter {name!r}; {hint}")
    if model is None:
        starts = [_as_of_claim(piece) for signed in sums.values() for _, piece in signed]
        model = SolvedModel(case, questions=starts, threads=threads)
    worlds: dict[World, dict[str, list[SignedQuestion]]] = {}
    for name, signed in sums.items():
        for sign, piece in signed:
            here = worlds.setdefault(World.of(piece[0].arm), {})
            here.setdefault(name, []).append((sign, piece))
    answers = dict.fromkeys(sums, SlopedAnswer(0.0, np.zeros(len(names))))
    works, by = [], None
    for world, here in worlds.items():
        by = ParameterSlopes(model, world, names, by)
        works.append(partial(world_slopes, by, list(here.values()), threads))
    for here, found in zip(worlds.values(), side_by_side(works, threads), strict=True):
        for name, one in zip(here, found, strict=True):
            answers[name] = answers[name].plus(one)
    values = model.conflict.numbers
    return ClaimSlopes(
        claims=tuple(sums),
        parameters=tuple(names),
        at=np.array([float(values[name]) for name in names]),
        value=np.array([one.value for one in answers.values()]),
        slope=np.array([one.slopes for one in answers.values()]).reshape(len(sums), len(names)),
        why_not={name: one.why_not for name, one in answers.items() if one.why_not},
    )


def _as_of_claim(piece: ScopedAsked) -> ScopedQuestion:
    """Return a question that a model can answer, from the same start in the same world."""
    question, scope = piece
    if isinstance(question, LongRunQuestion | TimeQuestion):
        question = ExpectedQuestion(question.formula, 1.0, question.arm)
    return question, scope


def _claims(case: Case, ids: Iterable[str | Claim] | None) -> list[Claim]:
    """Return claims, or all that are asked; or say which is not there or not asked."""
    if ids is None:
        return [claim for claim in case.claims if claim.ask is not None]
    by_id = {claim.id: claim for claim in case.claims}
    found = []
    for name in ids:
        if isinstance(name, Claim):
            found.append(name)
            continue
        if name not in by_id:
            raise InputError(
                f"{case.name} has no claim {name!r}; {suggestion(str(name), by_id, 'claim')}"
            )
        if by_id[name].ask is None:
            raise InputError(f"{name} is not asked: {by_id[name].unasked}; choose another claim")
        found.append(by_id[name])
    return found
