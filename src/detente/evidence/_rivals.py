"""Rival explanations, variants of one case: weighed by the record, told apart by what comes next.

For each level of a variant: the *marginal likelihood* of the record, by draws of the posterior
(`detente.evidence._posterior`) or, cheaper and rougher, as the mean likelihood over draws of that
world's own parameters (the error is that of the mean of the weights, and the effective sample size
says how far to trust it); the *blind score* of its posterior on what came after; and, from the end
of what is known, its forecasts, from which `detente.evidence._diagnostic` says what would tell the
explanations apart. A world in which the record cannot have happened has a marginal likelihood of
zero, and the reason is given. Cost: that of `detente.evidence._blind`, or of a posterior, for each
level.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.case import Case
from detente.engine import Progress, Seed, seed_of
from detente.errors import AnalysisError, InputError
from detente.evidence._blind import (
    PointForecast,
    answer_all,
    commonest,
    given_a_chance,
    mixed,
    tempered_weights,
)
from detente.evidence._diagnostic import DiagnosticSighting, diagnostic_sightings, later_questions
from detente.evidence._filter import Start
from detente.evidence._questions import ForecastQuestion, forecast_questions
from detente.evidence._record import observed_record
from detente.evidence._scoring_rules import brier
from detente.study import Point, make_design
from detente.text import Result, show, suggestion, table
from detente.values import Floats, data_frame, plain_fields

if TYPE_CHECKING:
    from detente.evidence._posterior import Posterior


FEW = 10.0
ROUGH = "Few effective draws: errors are larger than they look, and close values are not apart"


@dataclass(frozen=True)
class Rival:
    """One explanation.

    Attributes
    ----------
    name : str
    log_evidence, error : float
        Log marginal likelihood of the record, minus infinity where it has no chance, and its
        standard error.
    share : float
        Probability of this explanation among those compared, all alike before the record.
    ess : float
        Effective draws; with particles, those of the first ones that have descendants.
    blind : float or None
        Mean Brier score on what came after; None where nothing did, or without a chance.
    reason : str
        Why the record has no chance.
    """

    name: str
    log_evidence: float
    error: float
    share: float
    ess: float
    blind: float | None
    reason: str


@dataclass(frozen=True)
class RivalComparison(Result):
    """Explanations side by side, the one that the record makes likeliest first.

    Attributes
    ----------
    case, variant : str
    until : datetime.date or None
        Last day of the record that is weighed; None for all of it.
    rivals : tuple of Rival
    sightings : tuple of DiagnosticSighting
        For each variable the most telling date, the most telling variable first.
    draws, seed, asked : int
        Draws of each explanation; blind questions.
    from_posterior : bool
        Whether the draws are particles of the posterior.
    held : mapping of str to float
        Parameters that were set alike in all.
    """

    case: str
    variant: str
    until: dt.date | None
    rivals: tuple[Rival, ...]
    sightings: tuple[DiagnosticSighting, ...]
    draws: int
    seed: int
    asked: int
    from_posterior: bool
    held: Mapping[str, float]

    def __str__(self) -> str:
        """Return two tables."""
        held = "".join(f", {name} = {value:g}" for name, value in self.held.items())
        lines = [
            f"{self.case}: {self.variant}, record to {self.until or 'its end'}{held}",
            f"{self.draws} {'particles' if self.from_posterior else 'draws'} each, seed {self.seed}"
            + (f"; {self.asked} blind questions" if self.asked else ""),
            "",
        ]
        rows = [["", "log marginal", "error", "share", "effective", "Brier"]]
        for rival in self.rivals:
            score = "" if rival.blind is None else f"{rival.blind:.3f}"
            share = show(rival.share, "share")
            numbers = [f"{rival.log_evidence:.2f}", f"{rival.error:.2f}", share,
                       f"{rival.ess:.0f}", score]  # fmt: skip
            rows.append([rival.name[:15], *(["no chance"] if rival.reason else numbers)])
        lines += table(rows, "<16 >13 >7 >7 >11 >8", "")
        for reason in dict.fromkeys(rival.reason for rival in self.rivals if rival.reason):
            names = ", ".join(rival.name for rival in self.rivals if rival.reason == reason)
            lines += ["", fill(f"No chance in {names}: {reason}.", 80)]
        if any(0 < rival.ess < FEW for rival in self.rivals):
            lines += [
                "",
                fill(f"{ROUGH}; give {'more' if self.from_posterior else '--particles'}.", 80),
            ]
        if not self.sightings:
            return "\n".join([*lines, "", "One is left: there is nothing more to tell apart."])
        named = list(self.sightings[0].chances)
        lines += [
            "",
            "The sighting of each variable that would tell most, and each one's chance of it:",
        ]
        rows = [["", "date", "bits", *(name[:6] for name in named)]]
        for told in self.sightings:
            what = f"{told.variable} {told.level}"[:25]
            chances = (show(told.chances[name], "share") for name in named)
            rows.append([what, str(told.date), f"{told.bits:.3f}", *chances])
        return "\n".join([*lines, *table(rows, "<25 >11 >7 >7", "")])

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return plain_fields(
            self, "case", "variant", "until", "draws", "seed", "asked", "from_posterior", "held",
            "rivals", "sightings",
        )  # fmt: skip

    def to_pandas(self) -> Any:
        """Return a row for each explanation (needs pandas)."""
        return data_frame(self.to_dict()["rivals"]).set_index("name")


def compare_rivals(
    case: Case,
    variant: str = "rivals",
    until: str | dt.date | None = None,
    draws: int = 200,
    rng: Seed = 1,
    *,
    particles: int = 0,
    held: Mapping[str, float] | None = None,
    start: Start = "uniform",
    workers: int | None = None,
    progress: Progress | None = None,
) -> RivalComparison:
    """Compare the levels of a variant by a case's record.

    Parameters
    ----------
    case : Case
        With a history and the variant.
    variant : str
    until : date, optional
        Last day of the record that is weighed; what comes after is forecast and scored.
    draws : int
        Of the parameters, for each level.
    rng : int, numpy Generator or None
        Seed or generator of the draws; the same for all levels.
    particles : int
        Of the posterior of each level, instead of weighted draws; see
        `detente.evidence.sample_posterior`, which sets the cost.
    held : mapping of str to float, optional
        Parameters set alike in all levels.
    start : {"uniform", "long run"} or ndarray
        See `detente.evidence.filter_record`.
    workers : int, optional
        Threads; all cores by default. They change nothing in the result.
    progress : callable, optional
        Told (done, all, failed).

    Raises
    ------
    InputError
        When there is no such variant, parameter or history, or the date is outside it.
    AnalysisError
        When the record has no chance in any.

    See Also
    --------
    detente.evidence.blind_forecasts : The forecasts that are scored.
    """
    names = {one.name: one for one in case.variants}
    if variant not in names:
        raise InputError(
            f"{case.name} has no variant {variant!r}; {suggestion(variant, names, 'variant')}"
        )
    if draws < 2:
        raise InputError(f"draws is {draws}; give two or more")
    seed = seed_of(rng)
    held = dict(held or {})
    whole, known = observed_record(case), observed_record(case, until)
    past = forecast_questions(whole, known.end)
    later = later_questions(known)
    levels = [level.name for level in names[variant].levels]
    found: dict[str, Rival] = {}
    forecasts: dict[str, list[Floats]] = {}
    for number, level in enumerate(levels):
        world = case.variant(f"{variant}.{level}").set(held)
        tell = _told(progress, number, len(levels))
        fitted, reason = _fitted(world, particles, seed, until, start, workers, tell)
        if reason:
            found[level], forecasts[level] = _excluded(level, reason), []
            continue
        if fitted is None:
            design = make_design(world, draws, seed)
            points: list[Point] = [design.point(n) for n in range(draws)]
        else:
            points = [fitted.point(n) for n in range(len(fitted))]
        answers = answer_all(world, points, [(known, (*past, *later))], start, workers, tell)
        found[level], forecasts[level] = _weighed(level, answers, past, fitted)
    if all(rival.reason for rival in found.values()):
        reason = next(iter(found.values())).reason
        raise AnalysisError(f"the record has no chance in any level of {variant}: {reason}")
    top = max(rival.log_evidence for rival in found.values())
    sizes = {name: math.exp(rival.log_evidence - top) for name, rival in found.items()}
    together = math.fsum(sizes.values())
    ordered = sorted(
        (replace(rival, share=sizes[name] / together) for name, rival in found.items()),
        key=lambda rival: -rival.share,
    )
    alive = {name: given for name, given in forecasts.items() if given}
    return RivalComparison(
        case.name,
        variant,
        known.until,
        tuple(ordered),
        diagnostic_sightings(known, later, alive),
        particles or draws,
        seed,
        len(past),
        particles > 0,
        held,
    )


def _fitted(
    world: Case,
    particles: int,
    seed: int,
    until: str | dt.date | None,
    start: Start,
    workers: int | None,
    progress: Progress | None,
) -> tuple[Posterior | None, str]:
    """Return the posterior of one world where it is asked for, and why there is none."""
    if not particles:
        return None, ""
    from detente.evidence._posterior import sample_posterior

    def tell(_: int, reached: float, failed: int) -> None:
        if progress is not None:
            progress(round(reached * particles), particles, failed)

    day = None if until is None else str(until)
    try:
        found = sample_posterior(world, particles, seed, workers, tell, until=day, start=start)
        return found, ""
    except AnalysisError as error:
        return None, str(error)


def _excluded(name: str, reason: str) -> Rival:
    return Rival(name, -math.inf, math.inf, 0.0, 0.0, None, reason)


def _weighed(
    name: str,
    answers: Sequence[list[PointForecast]],
    past: Sequence[ForecastQuestion],
    fitted: Posterior | None,
) -> tuple[Rival, list[Floats]]:
    told = given_a_chance(answers, 0)
    if not told:
        return _excluded(name, commonest(answers, 0)), []
    logs = np.array([value for value, _ in told])
    if fitted is None:
        top = float(logs.max())
        # A draw without a chance counts as likelihood zero.
        sizes = np.zeros(len(answers))
        sizes[: logs.size] = np.exp(logs - top)
        mean = float(sizes.mean())
        log_evidence = top + math.log(mean)
        error = float(sizes.std(ddof=1)) / (mean * math.sqrt(sizes.size))
        ess = float(sizes.sum() ** 2 / (sizes**2).sum())
        weights, _ = tempered_weights(logs)
    else:
        log_evidence, error = fitted.log_evidence, fitted.error
        ess = fitted.ess
        weights = np.full(logs.size, 1.0 / logs.size)
    given = mixed([chances for _, chances in told], weights)
    scores = [brier(p, q.outcome) for p, q in zip(given, past, strict=False)]
    blind = math.fsum(scores) / len(scores) if scores else None
    return Rival(name, log_evidence, error, 0.0, ess, blind, ""), given[len(past) :]


def _told(progress: Progress | None, number: int, count: int) -> Progress | None:
    """Return what tells of one world as part of all."""
    if progress is None:
        return None
    tell = progress
    return lambda done, total, failed: tell(number * total + done, count * total, failed)
