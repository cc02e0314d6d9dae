"""How the answers of claims move with the parameters: exact slopes, all in one go.

An answer hangs on the rates of a chain, those on the values that actors act on, and values and
rates on the numbers of the compiled conflict, which the formulas of the case take from the
parameters. Slopes are taken back along this way, for all questions of a world side by side: through
the marches (`detente.forecast.answer_slopes`), the choices and the equilibrium equations of each
game that somebody plays (`detente.equilibrium`), and the formulas (`detente.conflict`). Cost: a
little more than answering, whatever the number of parameters. More in docs/slopes.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from detente.case import Case, Claim
from detente.claims._answer import claims_model
from detente.claims._slope_table import ClaimSlopes
from detente.claims._world_slopes import SlopedAnswer, world_slopes
from detente.errors import InputError
from detente.model import SolvedModel, World
from detente.text import suggestion
from detente.values import Floats


def claim_slopes(
    case: Case,
    claims: Iterable[str] | None = None,
    parameters: Iterable[str] | None = None,
    *,
    model: SolvedModel | None = None,
    threads: bool = True,
) -> ClaimSlopes:
    """Return how the answers of claims move with the parameters, at one point of them.

    Parameters
    ----------
    case : Case
    claims : iterable of str, optional
        By id; all that are asked by default.
    parameters : iterable of str, optional
        By name; all by default.
    model : SolvedModel, optional
        Made for these claims, at other values or with what was answered already; see
        `claims_model`.
    threads : bool
        Whether what is independent is done at the same moment. Changes no digit.

    Raises
    ------
    InputError
        For a claim or parameter that does not exist, and for a claim that is not asked.

    Examples
    --------
    >>> import detente
    >>> found = claim_slopes(detente.load("sanctions"), ["T1"])
    >>> found.slope.shape == (1, len(found.parameters))
    True
    """
    asked = _claims(case, claims)
    names = list(case.parameters if parameters is None else parameters)
    for name in names:
        if name not in case.parameters:
            hint = suggestion(str(name), case.parameters, "parameter")
            raise InputError(f"{case.name} has no parameter {name!r}; {hint}")
    if model is None:
        model = claims_model(case, claims=asked, threads=threads)
    pieces = [
        (claim.id, (replace(claim.ask, arm=arm), claim.scope))
        for claim in asked
        if claim.ask is not None
        for arm in (claim.ask.arm, claim.versus)
        if arm is not None
    ]
    worlds: dict[World, list[int]] = {}
    for k, (_, (question, _)) in enumerate(pieces):
        worlds.setdefault(World.of(question.arm), []).append(k)
    found: dict[int, SlopedAnswer] = {}
    for world, numbers in worlds.items():
        answers = world_slopes(model, world, [pieces[k][1] for k in numbers], names, threads)
        found |= zip(numbers, answers, strict=True)
    both = [[found[k] for k, (name, _) in enumerate(pieces) if name == claim.id] for claim in asked]
    values = model.conflict.numbers
    return ClaimSlopes(
        claims=tuple(claim.id for claim in asked),
        parameters=tuple(names),
        at=np.array([float(values[name]) for name in names]),
        value=np.array([_difference([np.array(one.value) for one in pair]) for pair in both]),
        slope=np.stack([_difference([one.slopes for one in pair]) for pair in both]),
        why_not={
            claim.id: next(one.why_not for one in pair if one.why_not)
            for claim, pair in zip(asked, both, strict=True)
            if any(one.why_not for one in pair)
        },
    )


def _claims(case: Case, ids: Iterable[str] | None) -> list[Claim]:
    """Return claims by id, or all that are asked; or say which is not there or not asked."""
    if ids is None:
        return [claim for claim in case.claims if claim.ask is not None]
    by_id = {claim.id: claim for claim in case.claims}
    found = []
    for name in ids:
        if name not in by_id:
            raise InputError(
                f"{case.name} has no claim {name!r}; {suggestion(str(name), by_id, 'claim')}"
            )
        if by_id[name].ask is None:
            raise InputError(f"{name} is not asked: {by_id[name].unasked}; choose another claim")
        found.append(by_id[name])
    return found


def _difference(arms: Sequence[Floats]) -> Floats:
    return arms[0] if len(arms) == 1 else arms[0] - arms[1]
