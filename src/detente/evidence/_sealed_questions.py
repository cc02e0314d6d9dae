"""Forecasts of questions under seal: from where things stand at the end of what is known.

For each draw of the parameters the record up to the last day known is filtered and the questions
are asked of the chain from there on. As with blind forecasts (`detente.evidence._blind`), *prior*
takes all draws alike and *posterior* weighs them by the likelihood of the record, tempered where
few would do the work; beside them stands *even odds*. Draws at which the record is impossible are
left out. Cost: an equilibrium, a filter and a pass a period for each draw.
"""

from __future__ import annotations

import numpy as np

from detente.case import SealedQuestions
from detente.engine import FAILURES, Backend, Progress, map_tasks, reason_of
from detente.errors import AnalysisError
from detente.evidence._blind import POSTERIOR, PRIOR, TOLERANCE, tempered_weights
from detente.evidence._filter import filter_record
from detente.evidence._record import Record, observed_record
from detente.forecast import chain_of, probability_from, solve_queries
from detente.model import SolvedModel
from detente.study import Point, make_design

EVEN = "even odds"

Given = tuple[float, list[float]] | str
"""Log likelihood, and the chance of each question; or why there are none."""


def question_chances(
    questions: SealedQuestions,
    draws: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, dict[str, float]]:
    """Return by question the chance that each model gives it.

    Raises
    ------
    AnalysisError
        When no draw gives the record a chance.
    """
    known = observed_record(questions.case, questions.known)
    design = make_design(questions.case, draws, seed)
    points = [design.point(n) for n in range(len(design))]
    found = map_tasks(
        _answer, (questions, known), points, Backend("threads", workers), progress=progress,
        failed=lambda one: isinstance(one, str),
    )  # fmt: skip
    there = [one for one in found if not isinstance(one, str)]
    if not there:
        raise AnalysisError(
            f"no draw of {questions.case.name} gives the record to {known.until} a chance, such as "
            f"the first: {found[0]}; the questions may `set` a parameter"
        )
    weights, _ = tempered_weights(np.array([likelihood for likelihood, _ in there]))
    chances = np.array([answers for _, answers in there])
    models = {PRIOR: chances.mean(axis=0), POSTERIOR: weights @ chances}
    return {
        question.id: {model: float(given[k]) for model, given in models.items()} | {EVEN: 0.5}
        for k, question in enumerate(questions.fields.questions)
    }


def _answer(asked: tuple[SealedQuestions, Record], point: Point) -> Given:
    questions, known = asked
    try:
        equilibrium = SolvedModel(questions.case, *point, tolerance=TOLERANCE).equilibrium
        evidence = filter_record(equilibrium, known)
        chain = chain_of(equilibrium, evidence.weight)
        start = chain.over_live(evidence.weight).astype(np.float64)
        solved = solve_queries(chain, [(query, None) for query in questions.queries])
        pairs = zip(questions.queries, solved, strict=True)
        return evidence.log_likelihood, [
            probability_from(query, one, start).value for query, one in pairs
        ]
    except FAILURES as error:
        return reason_of(error)
