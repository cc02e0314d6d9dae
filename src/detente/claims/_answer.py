"""The model's answer to a claim at one draw of the parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.csgraph import breadth_first_order

from detente.case import Arm, Ask, Claim
from detente.claims._draw import Draw
from detente.conflict import Conflict
from detente.errors import AnalysisError
from detente.expression import Formula
from detente.forecast import ask_expected

SAME = 1e-9
"""Share of an answer up to which two arms give the same: equilibria are no more precise."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says to a claim.

    Attributes
    ----------
    value : float
        As the claim is stated: within its scope, and less the second arm where it has one.
    unscoped : float
        The same without the scope condition; equal to ``value`` where there is none.
    """

    value: float
    unscoped: float


def answer_claim(claim: Claim, draw: Draw) -> Answer:
    """Answer a claim at one draw of the parameters.

    Parameters
    ----------
    claim : Claim
        One that is asked.
    draw : Draw

    Returns
    -------
    Answer

    Raises
    ------
    AnalysisError
        When the question has no answer at these parameters, such as a scope that cannot hold.
    """
    if claim.ask is None:
        raise AnalysisError(f"{claim.id} is not asked: {claim.unasked}")
    unscoped = _difference(claim.ask, claim.versus, draw, None)
    if claim.scope is None:
        return Answer(unscoped, unscoped)
    return Answer(_difference(claim.ask, claim.versus, draw, claim.scope), unscoped)


def _difference(ask: Ask, versus: Arm | None, draw: Draw, scope: Formula | None) -> float:
    value = answer_question(ask, draw, scope)
    if versus is None:
        return value
    other = answer_question(replace(ask, arm=versus), draw, scope)
    return 0.0 if math.isclose(value, other, rel_tol=SAME) else value - other


def answer_question(ask: Ask, draw: Draw, scope: Formula | None = None) -> float:
    """Return what one question measures at one draw; see `detente.case.Ask`."""
    match ask.measure:
        case "probability":
            assert ask.query is not None
            return draw.probability(ask.query, scope, ask.arm)
        case "expected":
            assert ask.formula is not None
            chain, start = draw.chain(ask.arm), draw.start(ask.arm)
            return ask_expected(chain, ask.formula, start, ask.horizon, scope)
        case "average":
            assert ask.formula is not None
            return draw.average(ask.formula, ask.horizon, scope, ask.arm)
        case "gain":
            return _gain(ask, draw)
        case "equilibrium":
            return _holds_at_equilibrium(ask, draw)
        case "possible":
            return _possible(ask, draw)


def _gain(ask: Ask, draw: Draw) -> float:
    conflict = draw.changed(ask.arm)
    by_utility = ask.by == "utility"
    worth = conflict.utility if by_utility else draw.under(ask.arm).value
    worth_now = worth[ask.actor].reshape(-1)
    weights = draw.weight(ask.arm).reshape(-1)
    total = 0.0
    for state in np.flatnonzero(weights):
        now = conflict.space.position(int(state))
        changed = conflict.space.index(dict(ask.levels or {}), now)
        if not conflict.feasible.reshape(-1)[changed]:
            words = ", ".join(f"{k} {v}" for k, v in conflict.label(changed).items())
            raise AnalysisError(f"the state compared with ({words}) is infeasible")
        total += float(weights[state]) * float(worth_now[changed] - worth_now[state])
    return total


def _holds_at_equilibrium(ask: Ask, draw: Draw) -> float:
    assert ask.formula is not None
    conflict = draw.changed(ask.arm)
    stability = draw.stability if conflict is draw.conflict else conflict.stability()
    return float((_where(conflict, ask.formula) & stability.equilibria(ask.concept)).any())


def _possible(ask: Ask, draw: Draw) -> float:
    assert ask.formula is not None
    chain = draw.chain(ask.arm)
    wanted = _where(chain.conflict, ask.formula).reshape(-1)[chain.live]
    for start in np.flatnonzero(draw.start(ask.arm)):
        found = breadth_first_order(chain.step, start, return_predecessors=False)
        if wanted[found].any():
            return 1.0
    return 0.0


def _where(conflict: Conflict, formula: Formula) -> np.ndarray:
    truth = np.broadcast_to(formula.evaluate(conflict.values), conflict.shape)
    return np.asarray(truth & conflict.feasible, dtype=bool)
