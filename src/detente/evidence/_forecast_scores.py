"""How blind forecasts did, side by side: a table, by variable, and calibration.

All models answer the same questions. The order is by Brier score, whoever wins. A log score turns
on the floor where a model all but excluded what happened, so it stands at three floors, and without
the variables on which the posterior did. Cost: that of `detente.evidence._scoring_rules`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.engine import Seed
from detente.errors import InputError
from detente.evidence._blind import POSTERIOR, PRIOR, BlindForecasts
from detente.evidence._outside_forecasts import OutsideScores, read_outside
from detente.evidence._scoring_rules import FLOOR, RULES, ModelScores, brier, log_score, mean_scores
from detente.text import Result, listed, plural, show, suggestion
from detente.values import Floats, data_frame, plain, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing


BINS = 10
FLOORS = (0.01, FLOOR, 1e-6)


@dataclass(frozen=True)
class CalibrationBin:
    """Forecast chances in a stretch: how many, their mean, and how often it happened."""

    low: float
    high: float
    count: int
    forecast: float
    happened: float


@dataclass(frozen=True, eq=False)
class ForecastScores(Result):
    """Scores of all models over the questions of one origin or several.

    Attributes
    ----------
    forecasts : tuple of BlindForecasts
    rows : tuple of ModelScores
        Best Brier score first.
    by_variable : mapping of str to mapping of str to float
        For each variable the mean Brier score of each model.
    counts : mapping of str to int
        Questions by variable.
    floors : mapping of str to mapping of str to float
        By model its mean log score at each floor.
    without : tuple of ModelScores
        The same without the variables on which the posterior all but excluded what happened
        (`no_chance`); empty where there are none, or no others.
    beside : tuple of OutsideScores
        Forecasters from outside, each with the models on the questions that it answered.
    """

    forecasts: tuple[BlindForecasts, ...]
    rows: tuple[ModelScores, ...]
    by_variable: dict[str, dict[str, float]]
    counts: dict[str, int]
    floors: dict[str, dict[str, float]]
    without: tuple[ModelScores, ...] = ()
    beside: tuple[OutsideScores, ...] = ()

    def row(self, model: str) -> ModelScores:
        """Return the scores of one model."""
        return {row.model: row for row in self.rows}[self._known(model)]

    def calibration(self, model: str = POSTERIOR, bins: int = BINS) -> tuple[CalibrationBin, ...]:
        """Return forecast chances beside how often they came true.

        Each level of each question is one chance. Empty stretches are left out.
        """
        name = self._known(model)
        pairs = [
            (float(p), float(o))
            for blind in self.forecasts
            for given, question in zip(blind.forecasts[name], blind.asked, strict=True)
            for p, o in zip(given, question.outcome, strict=True)
        ]
        chance, happened = np.array(pairs).T
        place = np.minimum((chance * bins).astype(np.int64), bins - 1)
        made = []
        for k in range(bins):
            here = place == k
            if here.any():
                means = float(chance[here].mean()), float(happened[here].mean())
                made.append(CalibrationBin(k / bins, (k + 1) / bins, int(here.sum()), *means))
        return tuple(made)

    def verdict(self) -> str:
        """Return who wins, in a few lines."""
        lines = [
            f"By {said} the posterior " + "; ".join(_compared(self.rows, rule)) + "."
            for rule, said in (("brier", "Brier score"), ("log", "log score"))
        ]
        no_chance = self.no_chance()
        if self.without:
            lines.append(
                f"By log score without {listed(list(no_chance))} it "
                + "; ".join(_compared(self.without, "log"))
                + "."
            )
        better = [
            f"{name} ({best})"
            for name, means in self.by_variable.items()
            if (best := min(means, key=lambda m: (means[m], m))) not in (POSTERIOR, PRIOR)
        ]
        if better:
            lines.append(f"A baseline is best on {', '.join(better)}.")
        if no_chance:
            told = ", ".join(f"{name} {count}" for name, count in no_chance.items())
            lines.append(f"The posterior gave what happened less than {FLOOR:g} on {told} times.")
        return "\n".join(fill(line, 80) for line in lines)

    def no_chance(self, model: str = POSTERIOR) -> dict[str, int]:
        """Return how often a model all but excluded what happened, by variable."""
        name, found = self._known(model), dict[str, int]()
        for blind in self.forecasts:
            for given, question in zip(blind.forecasts[name], blind.asked, strict=True):
                if (given[question.outcome > 0] < FLOOR).any():
                    found[question.variable] = found.get(question.variable, 0) + 1
        return found

    def _known(self, model: str) -> str:
        models = [row.model for row in self.rows]
        if model not in models:
            hint = suggestion(str(model), models, "model")
            raise InputError(f"there is no model {model!r}; {hint}")
        return model

    def plot(self, model: str = POSTERIOR) -> Drawing:
        """Draw the calibration of a model; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, calibration

        return Drawing(calibration(self, model))

    def __str__(self) -> str:
        """Return the table, at most 80 columns wide."""
        total = sum(self.counts.values())
        lines = [self._about(), ""]
        lines.append(
            f"{'model':11}{'Brier':>7} {'95 %':>13}{'log':>8} {'95 %':>13}{'ranked':>8} 95 %"
        )
        for row in self.rows:
            cells = "".join(
                f"{_number(row.mean[rule]):>{7 if rule == 'brier' else 8}} "
                f"{_range(row.interval[rule]):>13}"
                for rule in RULES
            )
            lines.append(f"{row.model:11}{cells}")
        lines += [
            "",
            f"{total} questions; lower is better. Brier score above the posterior's, 95 %:",
        ]
        for row in self.rows:
            if row.against:
                low, high = row.against["brier"]
                gap = row.mean["brier"] - self.row(POSTERIOR).mean["brier"]
                lines.append(f"  {row.model:11}{gap:+7.3f}  ({low:+.3f} to {high:+.3f})")
        models = [row.model for row in self.rows]
        lines += ["", f"{'Brier by variable':20}" + "".join(f"{m:>10}" for m in models)]
        for name, means in self.by_variable.items():
            lines.append(
                f"{name[:17]:17}{self.counts[name]:>3}"
                + "".join(f"{means[m]:10.3f}" for m in models)
            )
        lines += ["", *self._log_table(), "", self.verdict()]
        return "\n".join([*lines, *(f"\n{one}" for one in self.beside)])

    def _log_table(self) -> list[str]:
        """Return what the log score is at each floor, and without what the posterior excluded."""
        told = {row.model: f"{row.mean['log']:.3f}" for row in self.without}
        lines = [
            f"{'Log score, at floor':20}"
            + "".join(f"{floor:>10g}" for floor in FLOORS)
            + ("   without" if told else "")
            + f"{'below 0.001':>13}"
        ]
        for row in self.rows:
            scores = "".join(f"{score:10.3f}" for score in self.floors[row.model].values())
            end = f"{told[row.model]:>10}" if told else ""
            lines.append(f"{row.model:20}{scores}{end}{row.excluded:>13}")
        lines.append("Below 0.001: questions at which it gave less than that to what happened.")
        if told:
            lines.append(f"Without: at 0.001, without {listed(list(self.no_chance()))}.")
        return [line for one in lines for line in fill(one, 80).split("\n")]

    def _about(self) -> str:
        first = self.forecasts[0]
        days = [str(blind.until) for blind in self.forecasts]
        when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}, {len(days)} origins"
        ess = min(blind.ess for blind in self.forecasts)
        power = min(blind.power for blind in self.forecasts)
        told = f"{first.case.name}, known to {when}; {first.draws} draws, seed {first.seed}"
        failed = max(blind.failed for blind in self.forecasts)
        rest = f"effective draws {ess:.0f}, likelihood to the power {show(power, 'plain')}"
        if first.particles:
            rest = f"posterior by {first.particles} particles"
        return f"{told}\n{rest}" + (f"; {plural(failed, 'draw')} failed" if failed else "")

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            **plain_fields(self, "rows", "by_variable", "counts", "floors", "without"),
            "beside": plain(self.beside),
            "verdict": self.verdict(),
            "calibration": {
                row.model: [b.__dict__ for b in self.calibration(row.model)] for row in self.rows
            },
            "forecasts": plain(self.forecasts),
        }

    def to_pandas(self) -> Any:
        """Return the table (needs pandas)."""
        return data_frame([{"model": row.model, **row.mean} for row in self.rows])


def score_forecasts(
    forecasts: Sequence[BlindForecasts], rng: Seed = 0, *, beside: Path | str | None = None
) -> ForecastScores:
    """Score blind forecasts on what followed.

    Parameters
    ----------
    forecasts : sequence of BlindForecasts
        As `detente.evidence.blind_forecasts` makes them.
    rng : int, numpy Generator or None
        Of the bootstrap.
    beside : path or str, optional
        A table of outside forecasts on the same questions, scored beside the models.

    Raises
    ------
    InputError
        When the table is wrong, with row and column, or a forecast is no distribution over the
        levels, as where a chance is no number.
    AnalysisError
        When there is nothing to score.
    """
    forecasts = tuple(forecasts)
    # Read before anything is counted, so that a wrong cell is said at once.
    outside = {} if beside is None else read_outside(beside, forecasts)
    pairs = [(blind, k) for blind in forecasts for k in range(len(blind.asked))]
    asked = [blind.asked[k] for blind, k in pairs]
    order = {
        option.full_name: option.ordered
        for actor in forecasts[0].case.actors
        for option in actor.options
    } | {condition.name: condition.ordered for condition in forecasts[0].case.conditions}
    models = {m: [blind.forecasts[m][k] for blind, k in pairs] for m in forecasts[0].forecasts}
    outcomes = [q.outcome for q in asked]

    def scored(
        numbers: Sequence[int], other: str = "", answers: Sequence[Floats] = ()
    ) -> tuple[ModelScores, ...]:
        added = {other: answers} if other else {}
        return mean_scores(
            {m: [given[n] for n in numbers] for m, given in models.items()} | added,
            [outcomes[n] for n in numbers],
            [order[asked[n].variable] for n in numbers],
            [(asked[n].variable, pairs[n][0].date(asked[n]).year) for n in numbers],
            other or POSTERIOR,
            rng,
        )

    rows = scored(range(len(asked)))
    names = list(dict.fromkeys(q.variable for q in asked))
    by_variable, counts = {}, {}
    for name in names:
        own = [n for n, q in enumerate(asked) if q.variable == name]
        counts[name] = len(own)
        by_variable[name] = {
            m: float(np.mean([brier(given[n], outcomes[n]) for n in own]))
            for m, given in models.items()
        }
    floors = {
        m: {
            f"{floor:g}": float(
                np.mean([log_score(p, o, floor) for p, o in zip(given, outcomes, strict=True)])
            )
            for floor in FLOORS
        }
        for m, given in models.items()
    }
    beside_scores = []
    for name, told in outside.items():
        places = [(forecasts.index(blind), k) for blind, k in pairs]
        answered = [n for n, place in enumerate(places) if place in told]
        missing = [
            f"{asked[n].variable} on {pairs[n][0].date(asked[n])}"
            + (f" (known to {pairs[n][0].until})" if len(forecasts) > 1 else "")
            for n, place in enumerate(places)
            if place not in told
        ]
        scores = scored(answered, name, [told[places[n]] for n in answered])
        beside_scores.append(OutsideScores(name, len(answered), tuple(missing), scores))
    made = ForecastScores(forecasts, rows, by_variable, counts, floors, beside=tuple(beside_scores))
    excluded = made.no_chance()
    others = [n for n, q in enumerate(asked) if q.variable not in excluded]
    return replace(made, without=scored(others)) if excluded and others else made


def _compared(rows: Sequence[ModelScores], rule: str) -> list[str]:
    """Return how the posterior stands to each other model, in words."""
    own = next(row for row in rows if row.model == POSTERIOR)
    said = []
    for row in rows:
        if row.model == POSTERIOR:
            continue
        low, high = row.against[rule]
        if low > 0.0:
            said.append(f"beats {row.model}")
        elif high < 0.0:
            said.append(f"loses to {row.model}")
        else:
            word = "better" if own.mean[rule] < row.mean[rule] else "no better"
            said.append(f"is within chance {word} than {row.model}")
    return said


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _range(ends: tuple[float, float]) -> str:
    return "" if math.isnan(ends[0]) else f"{ends[0]:.2f} to {ends[1]:.2f}"
