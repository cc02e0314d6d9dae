"""Why the model gives the answer that it gives: from the answer to the assumptions behind it.

1. The answer at the stated values, and its word.
2. Each arm's flow through transitions (`detente.forecast.query_flow`), gathered by move; for a
   stability question the improvement and the reply, for a reachability question a route, for one
   to the table of bargaining the exchanges or weights.
3. For the moves that carry most, what their actors gain by issue.
4. Each parameter alone: slope, and answers at the ends of its range; the other levels of variants.
5. The nearest change that flips the word, of one parameter and of two.

Cost: four solves a parameter and about a hundred for the flips.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

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
from detente.claims import answer_claim, answer_question, claims_model, verdict_word
from detente.engine import Backend, Progress
from detente.explanation._effects import ParameterEffect, Solver, parameter_effects
from detente.explanation._equilibrium import explain_equilibrium
from detente.explanation._flips import pair_flip, single_flips
from detente.explanation._gain import MoveGain, Outlook, move_gain, outlook, weighed
from detente.explanation._moves import MoveShare, less, net_of_returns, share_moves
from detente.explanation._query import claim_or_query
from detente.explanation._result import AnswerExplanation, VariantEffect
from detente.explanation._road import Word
from detente.explanation._route import shortest_route
from detente.explanation._step import variables_of
from detente.explanation._table_route import table_route
from detente.expression import Formula
from detente.forecast import Flow, average_flow, expected_flow, query_flow
from detente.model import SolvedModel, SolvedWorld, World
from detente.stability import Explanation

MOST_GAINS = 2
"""Moves for which gains are found."""


def explain_answer(
    case: Case,
    what: str,
    *,
    arm: Arm | None = None,
    search: bool = True,
    effects: Sequence[ParameterEffect] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> AnswerExplanation:
    """Explain the answer to a claim or a query, from the answer to the assumptions behind it.

    Parameters
    ----------
    case : Case
    what : str
        The id of a claim that is asked, or a query such as ``F[0, 5] us.offer == large``.
    arm : Arm, optional
        From where and under which intervention a query is asked; see `arm_of`.
    search : bool
        Whether to look for what the answer turns on and for the nearest flips; without it the
        explanation takes a single solve.
    effects : sequence of ParameterEffect, optional
        Where they are known already; then only changes of one parameter are searched.
    workers : int, optional
        Threads; all cores by default.
    progress : callable, optional
        Told (done, all, failed) as models are solved.

    Raises
    ------
    InputError
        When there is no such claim, it is not asked, or the query is wrong.
    AnalysisError
        When the question has no answer at these values.

    Examples
    --------
    >>> import detente
    >>> found = explain_answer(detente.load("sanctions"), "T1", search=False)
    >>> abs(found.base + sum(move.part for move in found.moves) - found.value) < 1e-9
    True
    >>> found.moves[0].step.actor
    'target'
    """
    steps = explain_in_steps(
        case, what, arm=arm, effects=effects, workers=workers, progress=progress
    )
    found = next(steps)
    if search:
        *_, found = steps
    return found


def explain_in_steps(
    case: Case,
    what: str,
    *,
    arm: Arm | None = None,
    effects: Sequence[ParameterEffect] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    searched: Progress | None = None,
) -> Iterator[AnswerExplanation]:
    """Explain an answer as `explain_answer` does, and give what is known as it is found.

    First who carries the answer and why, after a single solve; then with what the answer turns on;
    then with the flips of one parameter; last with that of two. ``searched`` is told of every batch
    of models that the search for flips solves.

    Examples
    --------
    >>> import detente
    >>> steps = explain_in_steps(detente.load("sanctions"), "T1")
    >>> [(found.effects != (), found.flips != ()) for found in steps]
    [(False, False), (True, False), (True, True), (True, True)]
    """
    claim = claim_or_query(case, what, arm)
    assert claim.ask is not None
    model = claims_model(case, claims=[claim], trail=True)
    value = answer_claim(claim, model).value
    base, moves, arms = _difference(claim, model)
    gain, explanations, route, bargained = None, list[Explanation](), None, None
    world = model.under(World.of(claim.ask.arm))
    match claim.ask:
        case EquilibriumQuestion():
            explanations = explain_equilibrium(claim.ask, world)
        case ReachabilityQuestion():
            route = shortest_route(claim.ask, world)
        case GainQuestion():
            gain = _stated_gain(claim.ask, world)
        case OutcomeQuestion() | ExchangeQuestion() | ExchangeGainQuestion():
            bargained = table_route(claim.ask, world)
    found = AnswerExplanation(
        case=case,
        claim=claim,
        value=value,
        word=_word(claim)(value),
        base=base,
        arms=arms,
        moves=_with_gains(moves, model, claim),
        gain=gain,
        stability=tuple(explanations),
        route=route,
        bargained=bargained,
    )
    yield found
    solver = Solver(case, claim, model, Backend("threads", workers), progress)
    known = effects is not None
    effects = parameter_effects(solver) if effects is None else tuple(effects)
    word = _word(claim)
    quiet = replace(solver, progress=searched)
    found = replace(found, effects=effects, variants=_variant_effects(quiet, word))
    yield found
    found = replace(found, flips=single_flips(quiet, effects, value, word))
    yield found
    pair = None if known else pair_flip(quiet, effects, value, word)
    yield replace(found, pair=pair, paired=not known)


def _word(claim: Claim) -> Word:
    """Return how an answer is put into a word: its verdict, or the side of even odds it is on."""
    expect = claim.expect

    def word(answer: float) -> str:
        if np.isnan(answer):
            return ""
        if expect is not None:
            return verdict_word(answer, expect)
        if claim.versus is not None or claim.ask is None or claim.ask.kind == "signed":
            return "above zero" if answer > 0.0 else "zero" if answer == 0.0 else "below zero"
        if claim.ask.kind == "truth":
            return "yes" if answer == 1.0 else "no"
        if claim.ask.kind == "plain":
            return "a number"
        return "more likely than not" if answer > 0.5 else "not more likely than not"

    return word


def _difference(
    claim: Claim, model: SolvedModel
) -> tuple[float, tuple[MoveShare, ...], tuple[float, ...]]:
    """Return what the start gives, what each move adds, and the answers of two arms if there are.

    Of two arms it is the first less the second.
    """
    assert claim.ask is not None
    base, moves = _arm_moves(claim.ask, model, claim.scope)
    net = tuple if isinstance(claim.ask, ProbabilityQuestion) else net_of_returns
    if claim.versus is None:
        return base, net(moves), ()
    other = replace(claim.ask, arm=claim.versus)
    arms = tuple(answer_question(one, model, claim.scope) for one in (claim.ask, other))
    second = _arm_moves(other, model, claim.scope)
    return base - second[0], net(less(moves, second[1])), arms


def _arm_moves(
    question: Question, model: SolvedModel, scope: Formula | None
) -> tuple[float, tuple[MoveShare, ...]]:
    world = model.under(World.of(question.arm))
    if not isinstance(question, ProbabilityQuestion | ExpectedQuestion | AverageQuestion):
        return 0.0, ()
    flow = _flow(question, world, scope)
    if isinstance(question, ProbabilityQuestion):
        formulas: list[Formula | None] = [question.query.left, question.query.right]
    else:
        formulas = [question.formula]
    return flow.base, share_moves(world.conflict, flow, variables_of(world.conflict, formulas))


def _flow(
    question: ProbabilityQuestion | ExpectedQuestion | AverageQuestion,
    world: SolvedWorld,
    scope: Formula | None,
) -> Flow:
    start = world.start(question.arm.given)
    match question:
        case ProbabilityQuestion(query):
            return query_flow(world.chain, query, start, scope)
        case ExpectedQuestion(formula, years):
            return expected_flow(world.chain, formula, start, years, scope)
        case AverageQuestion(formula, years):
            return average_flow(world.chain, formula, start, years, scope)


def _with_gains(
    moves: Sequence[MoveShare], model: SolvedModel, claim: Claim
) -> tuple[MoveShare, ...]:
    """Return the moves, those that carry most with what their actors gain by them."""
    assert claim.ask is not None
    if not moves:
        return ()
    equilibrium = model.under(World.of(claim.ask.arm)).equilibrium
    views: dict[str, Outlook] = {}
    found, gains = [], 0
    for move in moves:
        actor = move.step.actor
        if actor and gains < MOST_GAINS:
            gains += 1
            if actor not in views:
                views[actor] = outlook(equilibrium, actor)
            gain = move_gain(views[actor], move.source, move.target, move.weight)
            found.append(replace(move, gain=gain))
        else:
            found.append(move)
    return tuple(found)


def _stated_gain(question: GainQuestion, world: SolvedWorld) -> MoveGain | None:
    """Return the gain by issue that a gain question asks for, from its start."""
    conflict = world.conflict
    weights = world.weight(question.arm.given).reshape(-1)
    source = np.flatnonzero(weights)
    target = np.array(
        [
            conflict.space.index(dict(question.levels), conflict.space.position(int(state)))
            for state in source
        ]
    )
    view = outlook(world.equilibrium, question.actor)
    if question.by == "utility":
        # Utility is as the conflict has it, values are as the actor sees them.
        flows = weighed(conflict, question.actor)
        view = replace(view, flows={k: view.chain.over_live(v) for k, v in flows.items()})
    gain = move_gain(view, source, target, weights[source])
    return None if gain is None else replace(gain, cost=0.0, net=gain.net + gain.cost)


def _variant_effects(solver: Solver, word: Word) -> tuple[VariantEffect, ...]:
    """Return the answer at every other level of every variant that studies draw."""
    found = []
    for variant in solver.case.variants:
        if not variant.drawn:
            continue
        for level in variant.levels[1:]:
            name = f"{variant.name}.{level.name}"
            (answer,) = replace(solver, variants=(name,)).answers([({}, False)])
            found.append(VariantEffect(name, answer, word(answer)))
    return tuple(found)
