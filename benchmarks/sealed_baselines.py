"""What knows no strategy says to questions under seal: a table to seal beside the model's answers.

    python benchmarks/sealed_baselines.py iran docs/sealed/iran_questions.yaml > iran.csv

Two forecasters, as in blind scores (`detente.evidence._baselines`): *chain*, in which each variable
goes its own way at the rates of its own past, from the level last seen; and *no change*, which has
every variable stay at that level. Both know the record to the day that the questions name. Cost: a
matrix exponential or two for each question, over the states of the variables that it is about.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from scipy.linalg import expm

import detente
from detente.case import SealedQuestions, read_questions
from detente.evidence import Record, observed_record
from detente.evidence._baselines import fitted
from detente.evidence._questions import last_seen
from detente.expression import Query
from detente.values import Floats


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case")
    parser.add_argument("questions")
    given = parser.parse_args()
    sys.stdout.write(baselines(read_questions(given.questions, detente.load(given.case))))


def baselines(questions: SealedQuestions) -> str:
    """Return the table of forecasts."""
    known = observed_record(questions.case, questions.known)
    lines = ["forecaster,question,probability"]
    for name, pace in (("chain", 1.0), ("no change", 0.0)):
        lines += [
            f"{name},{question.id},{chance(questions, known, query, pace):.4f}"
            for question, query in zip(questions.fields.questions, questions.queries, strict=True)
        ]
    return "\n".join([*lines, ""])


def chance(questions: SealedQuestions, known: Record, query: Query, pace: float) -> float:
    """Return the chance of a question where rates are ``pace`` times those of the past."""
    conflict = questions.case.conflict()
    tracks = [track for track in known.tracks if track.variable in query.right.uses]
    truth = np.broadcast_to(query.right.evaluate(conflict.values), conflict.shape)
    others = {axis.name for axis in conflict.space.axes} - {track.variable for track in tracks}
    for k in sorted((known.tracks[k].axis for k in range(len(known.tracks))), reverse=True):
        if conflict.space.axes[k].name in others:
            truth = truth.take(0, axis=k)
    holds = truth.ravel()
    start, rates = np.ones(1), np.zeros((1, 1))
    for track in tracks:
        own = pace * fitted(track)
        seen = last_seen(track, -np.inf, known.end)
        time, level = seen or (known.end, np.full(len(track.levels), 1.0 / len(track.levels)))
        start = np.kron(start, level @ expm(own * (known.end - time)))
        rates = np.kron(rates, np.eye(len(own))) + np.kron(np.eye(len(rates)), own)
    if query.operator == "G":
        return 1.0 - _ever(start, rates, ~holds, query)
    assert query.operator == "F", "chain and no change answer F, G and plain formulas"
    return _ever(start, rates, holds, query)


def _ever(start: Floats, rates: Floats, holds: np.ndarray, query: Query) -> float:
    """Return the chance to be where something holds at some time of a period."""
    begin = start @ expm(rates * query.low)
    stays = np.where(holds[:, None], 0.0, rates)
    end = begin @ expm(stays * (query.high - query.low))
    return float(np.clip(end[holds].sum(), 0.0, 1.0))


if __name__ == "__main__":
    main()
