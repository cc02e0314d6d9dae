"""The model's answer to a claim at one point of its parameters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.csgraph import breadth_first_order

from detente.case import (
    Arm,
    AverageQuestion,
    Case,
    Claim,
    EquilibriumQuestion,
    ExchangeGainQuestion,
    ExchangeQuestion,
    ExpectedQuestion,
    GainQuestion,
    OutcomeQuestion,
    ProbabilityQuestion,
    Question,
    ReachabilityQuestion,
)
from detente.conflict import Conflict
from detente.errors import AnalysisError
from detente.expression import Formula
from detente.model import SolvedModel, SolvedWorld, World

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


def claims_model(
    case: Case,
    parameters: Mapping[str, float] | None = None,
    variants: Sequence[str] = (),
    claims: Iterable[Claim] | None = None,
    near: SolvedModel | None = None,
    *,
    threads: bool = False,
    anywhere: bool = False,
    trail: bool = False,
    tolerance: float = 1e-10,
) -> SolvedModel:
    """Return the model that answers claims at one point of the parameters.

    Parameters
    ----------
    case : Case
    parameters, variants
        As `detente.model.SolvedModel` takes them.
    claims : iterable of Claim, optional
        Those that will be asked; the case's by default.
    near, threads, anywhere, trail, tolerance
        As `detente.model.SolvedModel` takes them.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("chicken")
    >>> answer_claim(case.claims[0], claims_model(case)).value
    1.0
    """
    questions = [
        (claim.ask if arm is claim.ask.arm else replace(claim.ask, arm=arm), scope)
        for claim in (case.claims if claims is None else claims)
        if claim.ask is not None
        for arm in (claim.ask.arm, claim.versus)
        if arm is not None
        for scope in dict.fromkeys((None, claim.scope))
    ]
    return SolvedModel(
        case, parameters, variants, questions,
        near=near, threads=threads, anywhere=anywhere, trail=trail, tolerance=tolerance,
    )  # fmt: skip


def answer_claim(claim: Claim, model: SolvedModel) -> Answer:
    """Answer a claim.

    Parameters
    ----------
    claim : Claim
        One that is asked.
    model : SolvedModel
        Made for this claim, maybe beside others; see `claims_model`.

    Raises
    ------
    AnalysisError
        When the question has no answer at these parameters, such as a scope that cannot hold.
    """
    if claim.ask is None:
        raise AnalysisError(f"{claim.id} is not asked: {claim.unasked}")
    unscoped = _difference(claim.ask, claim.versus, model, None)
    if claim.scope is None:
        return Answer(unscoped, unscoped)
    return Answer(_difference(claim.ask, claim.versus, model, claim.scope), unscoped)


def _difference(
    question: Question, versus: Arm | None, model: SolvedModel, scope: Formula | None
) -> float:
    value = answer_question(question, model, scope)
    if versus is None:
        return value
    other = answer_question(replace(question, arm=versus), model, scope)
    return 0.0 if math.isclose(value, other, rel_tol=SAME) else value - other


def answer_question(question: Question, model: SolvedModel, scope: Formula | None = None) -> float:
    """Return the answer to one question, for which all of the model's may be answered at once."""
    model.answer_ahead()
    return answer_alone(question, model, scope)


def answer_alone(question: Question, model: SolvedModel, scope: Formula | None = None) -> float:
    """Return the answer to one question and no other; see `detente.case.Question`."""
    world, given = model.under(World.of(question.arm)), question.arm.given
    match question:
        case ProbabilityQuestion(query):
            return world.probability(query, scope, given)
        case ExpectedQuestion(formula, years):
            return world.expected(formula, years, scope, given)
        case AverageQuestion(formula, years):
            return world.average(formula, years, scope, given)
        case GainQuestion():
            return _gain(question, world)
        case EquilibriumQuestion(formula, concept):
            holds = _where(world.conflict, formula)
            return float((holds & world.stability.equilibria(concept)).any())
        case ReachabilityQuestion(formula):
            return _leads_to(formula, world, world.start(given))
        case OutcomeQuestion(issue, bargaining_model):
            return world.bargaining.settled(issue, bargaining_model)
        case ExchangeQuestion((one, other), issues):
            return float(bool(world.bargaining.between(one, other, issues)))
        case ExchangeGainQuestion(party, issues):
            return world.bargaining.gain(party, issues)


def _gain(question: GainQuestion, world: SolvedWorld) -> float:
    worth = world.conflict.utility if question.by == "utility" else world.equilibrium.value
    flat = worth[question.actor].reshape(-1)
    return sum(
        (
            weight * float(flat[changed] - flat[now])
            for now, changed, weight in compared_states(question, world)
        ),
        start=0.0,
    )


def compared_states(question: GainQuestion, world: SolvedWorld) -> list[tuple[int, int, float]]:
    """Return the states between which a gain is: each start, what it is changed to, its weight."""
    conflict = world.conflict
    weights = world.weight(question.arm.given).reshape(-1)
    found = []
    for state in np.flatnonzero(weights):
        now = conflict.space.position(int(state))
        changed = conflict.space.index(dict(question.levels), now)
        if not conflict.feasible.reshape(-1)[changed]:
            words = ", ".join(f"{k} {v}" for k, v in conflict.label(changed).items())
            raise AnalysisError(f"the state compared with ({words}) is infeasible")
        found.append((int(state), changed, float(weights[state])))
    return found


def _leads_to(formula: Formula, world: SolvedWorld, starts: np.ndarray) -> float:
    chain = world.chain
    wanted = _where(chain.conflict, formula).reshape(-1)[chain.live]
    for start in np.flatnonzero(starts):
        found = breadth_first_order(chain.step, start, return_predecessors=False)
        if wanted[found].any():
            return 1.0
    return 0.0


def _where(conflict: Conflict, formula: Formula) -> np.ndarray:
    truth = np.broadcast_to(formula.evaluate(conflict.values), conflict.shape)
    return np.asarray(truth & conflict.feasible, dtype=bool)
