"""Rival explanations, variants of one case: weighed by the record, told apart by what comes next.

For each level of a variant: the *marginal likelihood* of the record, the mean likelihood over draws
of that world's own parameters (simple Monte Carlo, Latin hypercube; its error is that of the mean
of the weights, and the effective sample size says how far to trust it); the *blind score* of its
posterior on what came after; and, from the end of what is known, its forecasts. How much one more
sighting of a variable would tell between the explanations is the expected information gain, the
mutual information of explanation and level, in bits, at even weights for those that the record
leaves a chance (Lindley 1956). A world in which the record cannot have happened has a marginal
likelihood of zero, and the reason is given. Cost: that of `detente.evidence.blind` for each level.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import fill
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.expression.error import suggestion
from detente.case.model import Case
from detente.errors import AnalysisError, InputError
from detente.evidence.blind import (
    Answer,
    Point,
    Progress,
    answer_all,
    commonest,
    given_a_chance,
    mixed,
    tempered,
)
from detente.evidence.filter import Start
from detente.evidence.history import YEAR, Record, record
from detente.evidence.questions import QUARTER, Question, questions
from detente.evidence.score import brier
from detente.study.design import make_design

Floats = NDArray[np.float64]

AHEAD = 3.0
"""Years ahead in which a telling observation is looked for."""


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
        Effective draws.
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
class Telling:
    """A sighting that would tell explanations apart.

    Attributes
    ----------
    variable, level : str
        The level whose chances differ most.
    date : datetime.date
    bits : float
        Expected information gain about the explanation.
    chances : mapping of str to float
        Of that level, by explanation.
    """

    variable: str
    level: str
    date: dt.date
    bits: float
    chances: Mapping[str, float]


@dataclass(frozen=True)
class Rivals:
    """Explanations side by side, the one that the record makes likeliest first.

    Attributes
    ----------
    case, variant : str
    until : datetime.date or None
        Last day of the record that is weighed; None for all of it.
    rivals : tuple of Rival
    telling : tuple of Telling
        For each variable the most telling date, the most telling variable first.
    draws, seed, asked : int
        Draws of each explanation; blind questions.
    held : mapping of str to float
        Parameters that were set alike in all.
    """

    case: str
    variant: str
    until: dt.date | None
    rivals: tuple[Rival, ...]
    telling: tuple[Telling, ...]
    draws: int
    seed: int
    asked: int
    held: Mapping[str, float]

    def __str__(self) -> str:
        """Return two tables."""
        held = "".join(f", {name} = {value:g}" for name, value in self.held.items())
        lines = [
            f"{self.case}: {self.variant}, record to {self.until or 'its end'}{held}",
            f"{self.draws} draws each, seed {self.seed}"
            + (f"; {self.asked} blind questions" if self.asked else ""),
            "",
            f"{'':16}{'log marginal':>13}{'error':>7}{'share':>7}{'effective':>11}{'Brier':>8}",
        ]
        for rival in self.rivals:
            score = "" if rival.blind is None else f"{rival.blind:8.3f}"
            lines.append(
                f"{rival.name[:15]:16}{'no chance':>13}"
                if rival.reason
                else f"{rival.name[:15]:16}{rival.log_evidence:13.2f}{rival.error:7.2f}"
                f"{rival.share:7.0%}{rival.ess:11.0f}{score}"
            )
        for reason in dict.fromkeys(rival.reason for rival in self.rivals if rival.reason):
            names = ", ".join(rival.name for rival in self.rivals if rival.reason == reason)
            lines += ["", fill(f"No chance in {names}: {reason}.", 80)]
        if not self.telling:
            return "\n".join([*lines, "", "One is left: there is nothing more to tell apart."])
        named = list(self.telling[0].chances)
        lines += [
            "",
            "The sighting of each variable that would tell most, and each one's chance of it:",
        ]
        lines.append(f"{'':25}{'date':>11}{'bits':>7}" + "".join(f"{n[:6]:>7}" for n in named))
        for told in self.telling:
            cells = "".join(f"{told.chances[name]:7.0%}" for name in named)
            what = f"{told.variable} {told.level}"
            lines.append(f"{what[:25]:25}{told.date!s:>11}{told.bits:7.3f}{cells}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "case": self.case,
            "variant": self.variant,
            "until": str(self.until) if self.until else None,
            "draws": self.draws,
            "seed": self.seed,
            "asked": self.asked,
            "held": dict(self.held),
            "rivals": [
                {
                    **rival.__dict__,
                    "log_evidence": _finite(rival.log_evidence),
                    "error": _finite(rival.error),
                }
                for rival in self.rivals
            ],
            "telling": [
                {**told.__dict__, "date": str(told.date), "chances": dict(told.chances)}
                for told in self.telling
            ],
        }

    def to_pandas(self) -> Any:
        """Return a row for each explanation (needs pandas)."""
        import pandas as pd

        return pd.DataFrame(self.to_dict()["rivals"]).set_index("name")


def rivals(
    case: Case,
    variant: str = "rivals",
    until: str | dt.date | None = None,
    draws: int = 200,
    rng: int = 1,
    *,
    held: Mapping[str, float] | None = None,
    start: Start = "uniform",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Rivals:
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
    rng : int
        Seed of the draws; the same for all levels.
    held : mapping of str to float, optional
        Parameters set alike in all levels.
    start : {"uniform", "long run"} or ndarray
        See `detente.evidence.weigh`.
    workers : int, optional
        Threads; all cores by default. They change nothing in the result.
    progress : callable, optional
        Told (done, all, failed).

    Returns
    -------
    Rivals

    Raises
    ------
    InputError
        When there is no such variant, parameter or history, or the date is outside it.
    AnalysisError
        When the record has no chance in any.

    See Also
    --------
    detente.evidence.blind.blind : The forecasts that are scored.
    """
    names = {one.name: one for one in case.variants}
    if variant not in names:
        raise InputError(
            f"{case.name} has no variant {variant!r}; {suggestion(variant, names, 'variant')}"
        )
    if draws < 2:
        raise InputError(f"draws is {draws}; give two or more")
    held = dict(held or {})
    whole, known = record(case), record(case, until)
    past = questions(whole, known.end)
    later = _later(known)
    levels = [level.name for level in names[variant].levels]
    found, forecasts = {}, {}
    seed = 0
    for number, level in enumerate(levels):
        world = _holding(case.variant(f"{variant}.{level}"), held)
        design = make_design(world, draws, rng)
        seed = design.seed
        points: list[Point] = [(design.draw(n), design.variant(n)) for n in range(len(design))]
        answers = answer_all(
            world,
            points,
            [(known, (*past, *later))],
            start,
            workers,
            _told(progress, number * draws, len(levels) * draws),
        )
        found[level], forecasts[level] = _weighed(level, answers, past)
    if all(rival.reason for rival in found.values()):
        reason = next(iter(found.values())).reason
        raise AnalysisError(f"the record has no chance in any level of {variant}: {reason}")
    top = max(rival.log_evidence for rival in found.values())
    sizes = {name: math.exp(rival.log_evidence - top) for name, rival in found.items()}
    total = math.fsum(sizes.values())
    ordered = sorted(
        (replace(rival, share=sizes[name] / total) for name, rival in found.items()),
        key=lambda rival: -rival.share,
    )
    alive = {name: given for name, given in forecasts.items() if given}
    return Rivals(
        case.name,
        variant,
        known.until,
        tuple(ordered),
        _telling(known, later, alive),
        draws,
        seed,
        len(past),
        held,
    )


def information(chances: Sequence[Floats]) -> float:
    """Return the mutual information of explanation and level, in bits, explanations all alike.

    Parameters
    ----------
    chances : sequence of ndarray, (levels,)
        One distribution for each explanation.

    Returns
    -------
    float

    Examples
    --------
    >>> information([np.array([1.0, 0.0]), np.array([0.0, 1.0])])
    1.0
    """
    table = np.array(chances)
    mean = table.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(table > 0.0, table * np.log2(table / mean), 0.0)
    return float(max(terms.sum(axis=1).mean(), 0.0))


def _holding(world: Case, held: Mapping[str, float]) -> Case:
    parameters = dict(world.parameters)
    for name, value in held.items():
        if name not in parameters:
            raise InputError(
                f"{world.name} has no parameter {name!r}; "
                f"{suggestion(name, parameters, 'parameter')}"
            )
        parameters[name] = replace(
            parameters[name],
            value=value,
            distribution="fixed",
            low=value,
            high=value,
            mode=value,
            sd=0.0,
            choices=(),
        )
    return replace(world, parameters=parameters)


def _later(known: Record) -> tuple[Question, ...]:
    """Return questions about each variable each quarter after what is known, without outcomes."""
    times = [known.end + (k + 1) * QUARTER for k in range(round(AHEAD / QUARTER))]
    return tuple(
        Question(track.variable, track.axis, time, np.zeros(len(track.levels)))
        for track in known.tracks
        for time in times
    )


def _weighed(
    name: str, answers: Sequence[list[Answer]], past: Sequence[Question]
) -> tuple[Rival, list[Floats]]:
    told = given_a_chance(answers, 0)
    if not told:
        return Rival(name, -math.inf, math.inf, 0.0, 0.0, None, commonest(answers, 0)), []
    logs = np.array([value for value, _ in told])
    top = float(logs.max())
    # A draw without a chance counts as likelihood zero.
    sizes = np.zeros(len(answers))
    sizes[: logs.size] = np.exp(logs - top)
    mean = float(sizes.mean())
    error = float(sizes.std(ddof=1)) / (mean * math.sqrt(sizes.size))
    ess = float(sizes.sum() ** 2 / (sizes**2).sum())
    weights, _ = tempered(logs)
    given = mixed([chances for _, chances in told], weights)
    scores = [brier(p, q.outcome) for p, q in zip(given, past, strict=False)]
    blind = math.fsum(scores) / len(scores) if scores else None
    return Rival(name, top + math.log(mean), error, 0.0, ess, blind, ""), given[len(past) :]


def _telling(
    known: Record, later: Sequence[Question], forecasts: Mapping[str, list[Floats]]
) -> tuple[Telling, ...]:
    if len(forecasts) < 2:
        return ()
    best: dict[str, Telling] = {}
    for k, question in enumerate(later):
        chances = [given[k] for given in forecasts.values()]
        bits = information(chances)
        if question.variable in best and bits <= best[question.variable].bits:
            continue
        level = int(np.argmax(np.ptp(np.array(chances), axis=0)))
        day = known.origin + dt.timedelta(days=round(question.time * YEAR) - 1)
        best[question.variable] = Telling(
            question.variable,
            known.tracks[question.axis].levels[level],
            day,
            bits,
            {name: float(given[k][level]) for name, given in forecasts.items()},
        )
    return tuple(sorted(best.values(), key=lambda told: -told.bits))


def _told(progress: Progress | None, before: int, total: int) -> Progress | None:
    if progress is None:
        return None
    tell = progress
    return lambda done, _, failed: tell(before + done, total, failed)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
