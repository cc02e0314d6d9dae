"""How the answers of claims move with the parameters: exact slopes, all in one go.

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

import numpy as np

from detente.case import Case, Claim
from detente.claims._answer import claims_model
from detente.claims._slope_table import ClaimSlopes
from detente.claims._world_slopes import SignedQuestion, world_slopes
from detente.errors import InputError
from detente.model import SolvedModel, World
from detente.text import suggestion


def claim_slopes(
    case: Case,
    claims: Iterable[str | Claim] | None = None,
    parameters: Iterable[str] | None = None,
    *,
    model: SolvedModel | None = None,
    threads: bool = True,
) -> ClaimSlopes:
    """Return how the answers of claims move with the parameters, at one point of them.

    Parameters
    ----------
    case : Case
    claims : iterable of str or Claim, optional
        By id, or as they are; all that are asked by default.
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
    worlds: dict[World, dict[int, list[SignedQuestion]]] = {}
    for k, claim in enumerate(asked):
        assert claim.ask is not None
        for sign, arm in ((1.0, claim.ask.arm), (-1.0, claim.versus)):
            if arm is not None:
                own = worlds.setdefault(World.of(arm), {}).setdefault(k, [])
                own.append((sign, (replace(claim.ask, arm=arm), claim.scope)))
    value, slope = np.zeros(len(asked)), np.zeros((len(asked), len(names)))
    why_not: dict[str, str] = {}
    for world, sums in worlds.items():
        answers = world_slopes(model, world, list(sums.values()), names, threads)
        for k, one in zip(sums, answers, strict=True):
            value[k] += one.value
            slope[k] += one.slopes
            if one.why_not:
                why_not.setdefault(asked[k].id, one.why_not)
    values = model.conflict.numbers
    return ClaimSlopes(
        claims=tuple(claim.id for claim in asked),
        parameters=tuple(names),
        at=np.array([float(values[name]) for name in names]),
        value=value,
        slope=slope,
        why_not=why_not,
    )


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
