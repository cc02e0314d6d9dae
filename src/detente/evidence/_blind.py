"""Blind forecasts: what a model says after a day from what was known by it, and how it did.

For each draw of the parameters the case is solved once. For each origin, a day, the record up to it
is filtered (`detente.evidence._filter`): that gives the draw's likelihood and the distribution over
states at the end of the day, from which the chain runs on. Two models come of it: *prior*, all
draws alike, and *posterior*, draws weighted by likelihood; fit and start know the past only.
Beside them stand the baselines of `detente.evidence._baselines`. Draws at which the record is
impossible, or which cannot be solved, are left out of both, and counted.

Weighting draws of the prior is honest and cheap, and wasteful: the effective sample size says how
many draws do the work. When it falls below `FEW` the likelihood is raised to the largest power
that keeps it there (a tempered posterior), and the power is part of the result. Draws from a real
posterior (`detente evidence fit`) can be given instead.

Cost: an equilibrium per draw, a filter per draw and origin.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case import Case
from detente.engine import FAILURES, Backend, Progress, Seed, map_tasks, reason_of
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from detente.evidence._baselines import baseline_forecasts
from detente.evidence._filter import Start, filter_record
from detente.evidence._questions import ForecastQuestion, forecast_questions
from detente.evidence._record import YEAR, Record, observed_record
from detente.forecast import carry, chain_of
from detente.model import SolvedModel
from detente.study import Point, make_design
from detente.text import Result
from detente.values import Floats

PRIOR, POSTERIOR = "prior", "posterior"
FEW = 30.0
"""Effective draws below which the likelihood is tempered, or a tenth of the draws if fewer."""
TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class BlindForecasts(Result):
    """What was forecast from one day, and what came.

    Attributes
    ----------
    case : Case
    known : Record
        Up to the origin.
    asked : tuple of ForecastQuestion
    forecasts : mapping of str to list of ndarray
        By model, a distribution over the levels for each question.
    draws, failed : int
        Draws tried, and those left out.
    ess, power : float
        Effective sample size of the posterior's weights, and the power of the likelihood in them.
    seed : int
    particles : int
        Draws of a posterior that were given; zero where draws of the prior were weighted.
    """

    case: Case
    known: Record
    asked: tuple[ForecastQuestion, ...]
    forecasts: Mapping[str, Sequence[Floats]]
    draws: int
    failed: int
    ess: float
    power: float
    seed: int
    particles: int = 0

    @property
    def until(self) -> dt.date | None:
        """The last day known."""
        return self.known.until

    def date(self, question: ForecastQuestion) -> dt.date:
        """Return the day of a question."""
        return self.known.origin + dt.timedelta(days=round(question.time * YEAR) - 1)

    def rows(self) -> list[dict[str, Any]]:
        """Return a flat row for each question and level."""
        made = []
        for k, question in enumerate(self.asked):
            for level, name in enumerate(self.known.tracks[question.axis].levels):
                chances = {m: float(given[k][level]) for m, given in self.forecasts.items()}
                made.append(
                    {
                        "until": str(self.until),
                        "date": str(self.date(question)),
                        "variable": question.variable,
                        "level": name,
                        "happened": float(question.outcome[level]),
                        **chances,
                    }
                )
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "until": str(self.until),
            "draws": self.draws,
            "failed": self.failed,
            "ess": self.ess,
            "power": self.power,
            "particles": self.particles,
            "seed": self.seed,
            "questions": self.rows(),
        }

    def to_pandas(self) -> Any:
        """Return `rows` as a table (needs pandas)."""
        import pandas as pd

        return pd.DataFrame(self.rows())


def blind_forecasts(
    case: Case,
    until: str | dt.date | Sequence[str | dt.date],
    draws: int = 200,
    rng: Seed = 1,
    *,
    horizon: float | None = None,
    start: Start = "uniform",
    posterior: Sequence[Point] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[BlindForecasts, ...]:
    """Forecast what a case's record saw after one day or several, from what was known by then.

    Parameters
    ----------
    case : Case
        With a history.
    until : date or sequence of dates
        The origins: last days that may be known.
    draws : int
        Of the prior.
    rng : int, numpy Generator or None
        Seed or generator of the draws.
    horizon : float, optional
        Years after each origin; to the end of the record by default.
    start : {"uniform", "long run"} or ndarray
        Where things stood at the start of the record; see `detente.evidence.filter_record`.
    posterior : sequence of (parameters, variants), optional
        Draws of a posterior for the same day, of equal weight, used instead of weighted draws of
        the prior. For a single origin only.
    workers : int, optional
        Threads; all cores by default. They change nothing in the result.
    progress : callable, optional
        Told (done, all, failed).

    Returns
    -------
    tuple of BlindForecasts
        One for each origin.

    Raises
    ------
    InputError
        When there is no history, or a date is outside it.
    AnalysisError
        When no draw gives the record a chance.

    See Also
    --------
    detente.evidence.score_forecasts : How the forecasts did.
    """
    tasks = _tasks(case, until, horizon)
    if posterior is not None and len(tasks) > 1:
        raise InputError("draws of a posterior know one day's past; give that day alone")
    if draws < 2:
        raise InputError(f"draws is {draws}; give two or more")
    design = make_design(case, draws, rng)
    points: list[Point] = [design.point(n) for n in range(len(design))]
    points += list(posterior or ())
    found = answer_all(case, points, tasks, start, workers, progress)
    made = []
    for k, (known, asked) in enumerate(tasks):
        told = given_a_chance(found[:draws], k)
        if not told:
            raise AnalysisError(
                f"no draw of {case.name} gives the record to {known.until} a chance, most often: "
                f"{commonest(found, k)}"
            )
        weights, power = tempered_weights(np.array([value for value, _ in told]))
        forecasts = {PRIOR: mixed([s for _, s in told], np.full(len(told), 1.0 / len(told)))}
        if posterior is None:
            forecasts[POSTERIOR] = mixed([s for _, s in told], weights)
            ess = float(1.0 / (weights**2).sum())
        else:
            own = given_a_chance(found[draws:], k)
            if not own:
                raise AnalysisError("no draw of the posterior gives the record a chance")
            forecasts[POSTERIOR] = mixed([s for _, s in own], np.full(len(own), 1.0 / len(own)))
            ess, power = float(len(own)), 1.0
        forecasts |= baseline_forecasts(known, asked)
        failed = draws - len(told)
        given = len(posterior or ())
        made.append(
            BlindForecasts(
                case, known, asked, forecasts, draws, failed, ess, power, design.seed, given
            )
        )
    return tuple(made)


def blind_questions(
    case: Case, until: str | dt.date | Sequence[str | dt.date], horizon: float | None = None
) -> tuple[BlindForecasts, ...]:
    """Return what `blind_forecasts` asks, at once: nothing is solved, and no model answers.

    Examples
    --------
    >>> import detente
    >>> len(blind_questions(detente.load("iran"), "2021-04-09")[0].asked)
    69
    """
    return tuple(
        BlindForecasts(case, known, asked, {}, 0, 0, 0.0, 1.0, 0)
        for known, asked in _tasks(case, until, horizon)
    )


def _tasks(
    case: Case, until: str | dt.date | Sequence[str | dt.date], horizon: float | None
) -> list[Task]:
    """Return for each origin what is known, and what is asked."""
    days = [until] if isinstance(until, str | dt.date) else list(until)
    if not days:
        raise InputError("there is no day to forecast from; give one or more")
    if horizon is not None and not horizon > 0.0:
        raise InputError(f"horizon is {horizon:g} years; give more than none")
    whole = observed_record(case)
    return [
        (known, forecast_questions(whole, known.end, horizon))
        for known in (observed_record(case, d) for d in days)
    ]


def tempered_weights(log_likelihood: Floats) -> tuple[Floats, float]:
    """Return weights of draws, and the power of the likelihood that they use.

    Returns
    -------
    weights : ndarray, (draws,)
        Sum to one.
    power : float
        1, or less where fewer than `FEW` draws (a tenth, where that is less) would do the work.

    Examples
    --------
    >>> weights, power = tempered_weights(np.array([0.0, 0.0, -1.0]))
    >>> round(float(weights[2]), 3), power
    (0.155, 1.0)
    """
    wanted = min(FEW, max(log_likelihood.size / 10.0, 1.0))

    def at(power: float) -> Floats:
        weights = np.exp(power * (log_likelihood - log_likelihood.max()))
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    if 1.0 / (at(1.0) ** 2).sum() >= wanted:
        return at(1.0), 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if 1.0 / (at(middle) ** 2).sum() >= wanted else (low, middle)
    return at(low), low


Given = tuple[float, list[Floats]]
PointForecast = Given | str
"""Log likelihood and forecasts; or why there are none."""
Task = tuple[Record, tuple[ForecastQuestion, ...]]


def given_a_chance(found: Sequence[list[PointForecast]], origin: int) -> list[Given]:
    """Return the answers of the points at which a task's record has a chance."""
    there = (answers[origin] for answers in found)
    return [answer for answer in there if not isinstance(answer, str)]


def commonest(found: Sequence[list[PointForecast]], origin: int) -> str:
    """Return the commonest reason why a task's record has none."""
    there = (answers[origin] for answers in found)
    return Counter(why for why in there if isinstance(why, str)).most_common(1)[0][0]


def answer_all(
    case: Case,
    points: Sequence[Point],
    tasks: Sequence[Task],
    start: Start,
    workers: int | None,
    progress: Progress | None,
) -> list[list[PointForecast]]:
    """Return, for each point and task, its log likelihood and forecasts, or why there are none."""
    return map_tasks(
        answer_at, (case, tasks, start), points, Backend("threads", workers), progress=progress,
        failed=lambda answers: any(isinstance(answer, str) for answer in answers),
    )  # fmt: skip


def answer_at(asked: tuple[Case, Sequence[Task], Start], point: Point) -> list[PointForecast]:
    case, tasks, start = asked
    try:
        equilibrium = SolvedModel(case, *point, tolerance=TOLERANCE).equilibrium
    except FAILURES as error:
        return [f"no equilibrium: {reason_of(error)}" for _ in tasks]
    return [_answer(equilibrium, known, asked, start) for known, asked in tasks]


def _answer(
    equilibrium: Equilibrium, known: Record, asked: Sequence[ForecastQuestion], start: Start
) -> PointForecast:
    try:
        evidence = filter_record(equilibrium, known, start)
    except FAILURES as error:
        return reason_of(error)
    return evidence.log_likelihood, chances(equilibrium, evidence.weight, known.end, asked)


def chances(
    equilibrium: Equilibrium, weight: Floats, now: float, asked: Sequence[ForecastQuestion]
) -> list[Floats]:
    """Return the distribution over the levels for each question, from one over the states."""
    if not asked:
        return []
    chain = chain_of(equilibrium, weight)
    times = sorted({question.time for question in asked})
    spread = carry(chain, chain.over_live(weight).astype(np.float64), np.array(times) - now)
    axes = equilibrium.conflict.space.axes
    place = {q.axis: chain.over_live(equilibrium.conflict.space.levels[q.variable]) for q in asked}
    made = []
    for q in asked:
        share = np.bincount(place[q.axis], spread[times.index(q.time)], len(axes[q.axis].levels))
        made.append(share / share.sum())
    return made


def mixed(answers: Sequence[Sequence[Floats]], weights: Floats) -> list[Floats]:
    """Return forecasts averaged with weights."""
    count = len(answers[0])
    return [
        np.sum([w * given[k] for w, given in zip(weights, answers, strict=True)], axis=0)
        for k in range(count)
    ]
