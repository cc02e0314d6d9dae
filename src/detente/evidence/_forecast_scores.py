"""How blind forecasts did, side by side: a table, by variable, and calibration.

All models answer the same questions. The order is by Brier score, whoever wins. Cost: that of
`detente.evidence._scoring_rules`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.engine import Seed
from detente.errors import InputError
from detente.evidence._blind import POSTERIOR, PRIOR, BlindForecasts
from detente.evidence._scoring_rules import FLOOR, RULES, ModelScores, brier, mean_scores
from detente.text import Result, suggestion
from detente.values import data_frame, plain, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing


BINS = 10


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
    """

    forecasts: tuple[BlindForecasts, ...]
    rows: tuple[ModelScores, ...]
    by_variable: dict[str, dict[str, float]]
    counts: dict[str, int]

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
            f"By {said} the posterior " + "; ".join(self._against(rule)) + "."
            for rule, said in (("brier", "Brier score"), ("log", "log score"))
        ]
        better = [
            f"{name} ({best})"
            for name, means in self.by_variable.items()
            if (best := min(means, key=lambda m: (means[m], m))) not in (POSTERIOR, PRIOR)
        ]
        if better:
            lines.append(f"A baseline is best on {', '.join(better)}.")
        if no_chance := self.no_chance():
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

    def _against(self, rule: str) -> list[str]:
        own, said = self.row(POSTERIOR), []
        for row in self.rows:
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
        lines += ["", f"{'Brier by variable':20}" + "".join(f"{m:>11}" for m in models)]
        for name, means in self.by_variable.items():
            lines.append(
                f"{name[:17]:17}{self.counts[name]:>3}"
                + "".join(f"{means[m]:11.3f}" for m in models)
            )
        floored = [f"{row.model} {row.floored}" for row in self.rows if row.floored]
        if floored:
            lines.append(f"Log score held at {-math.log(FLOOR):.1f}: {', '.join(floored)} times.")
        lines += ["", self.verdict()]
        return "\n".join(lines)

    def _about(self) -> str:
        first = self.forecasts[0]
        days = [str(blind.until) for blind in self.forecasts]
        when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}, {len(days)} origins"
        ess = min(blind.ess for blind in self.forecasts)
        power = min(blind.power for blind in self.forecasts)
        told = f"{first.case.name}, known to {when}; {first.draws} draws, seed {first.seed}"
        failed = max(blind.failed for blind in self.forecasts)
        rest = f"effective draws {ess:.0f}, likelihood to the power {power:.2g}"
        if first.particles:
            rest = f"posterior by {first.particles} particles"
        return f"{told}\n{rest}" + (f"; {failed} draws failed" if failed else "")

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            **plain_fields(self, "rows", "by_variable", "counts"),
            "verdict": self.verdict(),
            "calibration": {
                row.model: [b.__dict__ for b in self.calibration(row.model)] for row in self.rows
            },
            "forecasts": plain(self.forecasts),
        }

    def to_pandas(self) -> Any:
        """Return the table (needs pandas)."""
        return data_frame([{"model": row.model, **row.mean} for row in self.rows])


def score_forecasts(forecasts: Sequence[BlindForecasts], rng: Seed = 0) -> ForecastScores:
    """Score blind forecasts on what followed.

    Parameters
    ----------
    forecasts : sequence of BlindForecasts
        As `detente.evidence.blind_forecasts` makes them.
    rng : int, numpy Generator or None
        Of the bootstrap.

    Raises
    ------
    AnalysisError
        When there is nothing to score.
    """
    forecasts = tuple(forecasts)
    pairs = [(blind, k) for blind in forecasts for k in range(len(blind.asked))]
    asked = [blind.asked[k] for blind, k in pairs]
    order = {
        option.full_name: option.ordered
        for actor in forecasts[0].case.actors
        for option in actor.options
    } | {condition.name: condition.ordered for condition in forecasts[0].case.conditions}
    models = {m: [blind.forecasts[m][k] for blind, k in pairs] for m in forecasts[0].forecasts}
    table = mean_scores(
        models,
        [q.outcome for q in asked],
        [order[q.variable] for q in asked],
        [(q.variable, blind.date(q).year) for (blind, _), q in zip(pairs, asked, strict=True)],
        POSTERIOR,
        rng,
    )
    names = list(dict.fromkeys(q.variable for q in asked))
    by_variable, counts = {}, {}
    for name in names:
        own = [n for n, q in enumerate(asked) if q.variable == name]
        counts[name] = len(own)
        by_variable[name] = {
            m: float(np.mean([brier(given[n], asked[n].outcome) for n in own]))
            for m, given in models.items()
        }
    return ForecastScores(forecasts, table, by_variable, counts)


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _range(ends: tuple[float, float]) -> str:
    return "" if math.isnan(ends[0]) else f"{ends[0]:.2f} to {ends[1]:.2f}"
