"""Is it the preferences? A case beside placebos: the same case with preferences that mean nothing.

A model can agree with an argument because of who wants what, which is what the argument is about,
or because of all else: the options, the rates, how the questions are put. So every claim is
answered again with placebos of the preferences (`detente.evidence._placebo_kinds`), at the stated
values, and so is the record, if a day is given: the score of a blind forecast from that day.
Cost: the claims' equilibria for each placebo, and a filter of the record where it is scored.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.case import Case, Claim, OneSidedBound
from detente.claims import answer_claim, claims_model, judge_answer
from detente.engine import FAILURES, Backend, Progress, Seed, map_tasks, reason_of, seed_of
from detente.errors import AnalysisError, InputError
from detente.evidence._baselines import baseline_forecasts
from detente.evidence._blind import Task, answer_at
from detente.evidence._placebo_kinds import KINDS, placebo_cases
from detente.evidence._placebo_result import Placebo, PlaceboRuns
from detente.evidence._questions import forecast_questions
from detente.evidence._record import observed_record
from detente.evidence._scoring_rules import brier
from detente.text import suggestion
from detente.values import Floats


@dataclass(frozen=True, slots=True)
class _Outcome:
    """By claim its word, or nothing where it has no answer; the score, nan without one."""

    words: tuple[str, ...]
    brier: float
    reason: str = ""


def placebo(
    case: Case,
    draws: int = 200,
    rng: Seed = 1,
    *,
    kinds: Sequence[str] = tuple(KINDS),
    until: str | dt.date | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Placebo:
    """Answer a case's claims with placebos of its preferences, and score its record if asked.

    Parameters
    ----------
    case : Case
    draws : int
        Placebos of each kind, at most: all where a kind has no more, else a random sample.
    rng : int, numpy Generator or None
        Seed or generator of the samples.
    kinds : sequence of str
        Of ``swapped``, ``turned``, ``signs`` and ``shuffled``.
    until : date, optional
        Score blind forecasts, at the stated values, of what the record saw after this day.
    workers : int, optional
        Threads; all cores by default. They change nothing in the result.
    progress : callable, optional
        Told (done, all, failed).

    Raises
    ------
    InputError
        When there are no actors, or nothing is to be compared; for an unknown kind.
    AnalysisError
        When the case as stated cannot be solved.

    Examples
    --------
    >>> import detente
    >>> found = placebo(detente.load("chicken"), draws=20)
    >>> found.shares()["K3"]["swapped"]
    1.0
    """
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(
                f"there is no placebo {kind!r}; {suggestion(str(kind), KINDS, 'placebo')}"
            )
    if draws < 1:
        raise InputError(f"draws is {draws}; give one or more")
    if not case.actors:
        raise InputError(f"{case.name} has no actors, so it has no preferences to change")
    claims = tuple(c for c in case.claims if c.ask is not None and c.expect is not None)
    tasks = _tasks(case, until)
    if not claims and not tasks:
        raise InputError(
            f"{case.name} has no claim that is asked and expects something; add one, or give a day "
            "to score its record from (until, --until)"
        )
    seed = seed_of(rng)
    made = {
        kind: placebo_cases(case, kind, draws, np.random.default_rng([seed, number]))
        for number, kind in enumerate(KINDS)
        if kind in kinds
    }
    stated, *found = map_tasks(
        _answer, (claims, tasks), [case, *(one for cases, _ in made.values() for one in cases)],
        Backend("threads", workers), progress=progress, failed=lambda one: bool(one.reason),
    )  # fmt: skip
    if stated.reason:
        raise AnalysisError(f"{case.name} as stated cannot be solved: {stated.reason}")
    there = [k for k, word in enumerate(stated.words) if word]
    runs, place = [], 0
    for kind, (cases, everything) in made.items():
        own = found[place : place + len(cases)]
        place += len(cases)
        if own:
            words = [[one.words[k] for k in there] for one in own]
            runs.append(_runs(kind, everything, words, [one.brier for one in own]))
    return Placebo(
        case=case.name,
        claims=tuple(claims[k].id for k in there),
        words=tuple(stated.words[k] for k in there),
        directional=tuple(_is_directional(claims[k]) for k in there),
        runs=tuple(runs),
        until=str(tasks[0][0].until) if tasks else None,
        questions=len(tasks[0][1]) if tasks else 0,
        scores=_scores(tasks, stated.brier),
        seed=seed,
    )


def _runs(
    kind: str, everything: bool, words: Sequence[Sequence[str]], scores: Sequence[float]
) -> PlaceboRuns:
    given = np.array(words, dtype=object).reshape(len(words), -1)
    return PlaceboRuns(
        kind, KINDS[kind], everything, given == "agrees", given != "", np.array(scores)
    )


def _is_directional(claim: Claim) -> bool:
    """Whether a claim is about the sign of an answer alone."""
    expect = claim.expect
    return isinstance(expect, OneSidedBound) and expect.even is None and expect.value == 0.0


def _tasks(case: Case, until: str | dt.date | None) -> tuple[Task, ...]:
    if until is None:
        return ()
    known = observed_record(case, until)
    asked = forecast_questions(observed_record(case), known.end)
    if not asked:
        raise InputError(f"the record of {case.name} has nothing to score after {until}")
    return ((known, asked),)


def _scores(tasks: Sequence[Task], own: float) -> dict[str, float]:
    found = {}
    for known, asked in tasks:
        found["model"] = own
        outcomes = [question.outcome for question in asked]
        for name, given in baseline_forecasts(known, asked).items():
            found[name] = _brier(given, outcomes)
    return found


def _brier(given: Sequence[Floats], outcomes: Sequence[Floats]) -> float:
    return float(np.mean([brier(p, o) for p, o in zip(given, outcomes, strict=True)]))


def _answer(asked: tuple[Sequence[Claim], Sequence[Task]], case: Case) -> _Outcome:
    claims, tasks = asked
    words, reason = [], ""
    try:
        model = claims_model(case, claims=claims)
    except FAILURES as error:
        return _Outcome(("",) * len(claims), math.nan, reason_of(error))
    for claim in claims:
        try:
            words.append(judge_answer(claim, answer_claim(claim, model).value).word)
        except FAILURES:
            words.append("")
    score = math.nan
    if tasks:
        [forecasts] = answer_at((case, tasks, "uniform"), ({}, ()))
        if isinstance(forecasts, str):
            reason = forecasts
        else:
            score = _brier(forecasts[1], [question.outcome for question in tasks[0][1]])
    return _Outcome(tuple(words), score, reason)
