"""How a fitted panel forecast the later conflicts, beside what knows no strategy.

Scores are those of `detente.evidence`: log, Brier and, where the classes stand in an order, ranked;
lower is better. A difference to the model has a 95 % interval by resampling conflicts, or groups
where the panel names them (2,000 times, percentiles), and a word by the log score: the model
*beats* a baseline where the whole interval is to its favour, *loses* where all of it is against it,
and is else *within chance*. Of a record the score is the negative log likelihood of what came after
its opening day. Cost: a solution for each conflict unlike all others; for ablations a fit each.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.engine import FAILURES, Progress, Seed, generator_of, reason_of
from detente.errors import InputError
from detente.evidence import CalibrationBin, brier, log_score, ranked_score
from detente.panel._ablations import ablated_panels
from detente.panel._baselines import BASE_RATES, baseline_forecasts
from detente.panel._likelihood import PanelSide, backend_for, panel_workers
from detente.panel._outcome import RecordOutcome
from detente.panel._panel import Panel
from detente.panel._record_baselines import record_baselines
from detente.panel._score_table import (
    PanelScore,
    Word,
    calibration_rows,
    score_heading,
    score_rows,
    score_table,
    score_verdict,
)
from detente.text import Result, quote, suggestion
from detente.values import Floats, Ints, data_frame, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing
    from detente.panel._fit import PanelFit

MODEL = "model"
AS_STATED = "model as stated"
_RESAMPLES = 2000
_BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True, eq=False)
class PanelScores(Result):
    """How a fitted panel forecast the later conflicts.

    Attributes
    ----------
    panel : Panel
    scores : tuple of PanelScore
        The model first.
    forecasts : mapping of str to ndarray, (conflicts, classes)
        By name; of records log likelihoods, (conflicts,).
    happened : ndarray of int
    calibration : tuple of CalibrationBin
        Of the model's forecasts of all classes; none of records.
    """

    panel: Panel = field(repr=False)
    scores: tuple[PanelScore, ...]
    forecasts: Mapping[str, Floats]
    happened: Ints
    calibration: tuple[CalibrationBin, ...] = ()

    def score(self, name: str) -> PanelScore:
        """Return one score by name."""
        for one in self.scores:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.scores)
        raise InputError(f"nothing was scored under the name {name!r}; choose from {known}")

    @property
    def heading(self) -> str:
        """How many conflicts were scored, and how to read the scores."""
        return score_heading(len(self.panel.test), len(self.panel.train))

    @property
    def rows(self) -> list[list[str]]:
        """A row for each way of forecasting, the heading first."""
        return score_rows(self.scores)

    @property
    def calibration_rows(self) -> list[list[str]]:
        """A row for each stretch of forecasts, the heading first."""
        return calibration_rows(self.calibration)

    def verdict(self) -> str:
        """Return what the model does to each other way of forecasting, in a sentence."""
        return score_verdict(self.scores)

    def plot(self) -> Drawing:
        """Draw the differences and the calibration; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, differences_figure, panel_calibration

        return Drawing(differences_figure(self), panel_calibration(self))

    def __str__(self) -> str:
        """Return a table, how forecasts stand to what came, and a verdict."""
        panel = self.panel
        told = score_table(
            panel.name, len(panel.test), len(panel.train), self.scores, self.calibration
        )
        return f"{told}\n{fill(self.verdict(), 80)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the scores, ready for JSON."""
        return {
            "panel": self.panel.name,
            "sha256": self.panel.sha256,
            "conflicts": len(self.panel.test),
            "scores": [one.to_dict() for one in self.scores],
            **plain_fields(self, "calibration"),
            "verdict": self.verdict(),
        }

    def to_pandas(self) -> Any:
        """Return a row for each way of forecasting (needs pandas)."""
        rows = [{**one.mean, "skill": one.skill, "verdict": one.verdict} for one in self.scores]
        return data_frame(rows, [one.name for one in self.scores], name="forecast")


def score_panel(
    fit: PanelFit,
    *,
    ablations: bool | Collection[str] = False,
    beside: Mapping[str, Floats] | None = None,
    most: int = 60,
    rng: Seed = 1,
    workers: int | None = None,
    cluster: str = "",
    progress: Progress | None = None,
) -> PanelScores:
    """Score a fitted panel on its later side, beside baselines.

    Parameters
    ----------
    fit : PanelFit
    ablations : bool or collection of str
        Whether to fit and score the same game without strategy, with one side blind, and without
        time too; or which of these, by name.
    beside : mapping of str to ndarray, (conflicts, classes), optional
        Forecasts of the later side from elsewhere by name, scored like the baselines.
    most : int
        Steps of the search at most, for each ablation.
    rng : int, numpy Generator or None
        Of the resampling.
    workers, cluster
        See `fit_panel`.
    progress : callable, optional
        Called with (ways of forecasting done, all, failed).

    Raises
    ------
    InputError
        When no conflict is on the later side, what stands beside is no forecast of it, or there is
        no such ablation.

    Examples
    --------
    >>> from detente.panel import load_panel
    >>> panel = load_panel("disputes")
    >>> scores = score_panel(panel.fit(intervals=False))
    >>> scores.score("base rates").verdict
    'within chance'
    """
    panel = fit.panel
    if not panel.test:
        raise InputError(
            f"{panel.name}: no conflict is left to score; say in `split: {{test: ...}}` which are"
        )
    rivals = _chosen(panel, ablations)
    total, failed = 1 + len(rivals), 0
    stated = np.array([one.value for one in panel.coefficients])
    ways: dict[str, Floats] = {MODEL: forecast_side(panel, fit.at, workers, cluster)}
    notes: dict[str, str] = {}
    if isinstance(panel.outcome, RecordOutcome):
        ways[AS_STATED] = forecast_side(panel, stated, workers, cluster)
        ways |= record_baselines(panel.template, panel.outcome, panel.train, panel.test)
    else:
        ways |= baseline_forecasts(panel)
    for name, given in (beside or {}).items():
        ways[name] = _checked(panel, name, given, {*ways, *rivals})
    for done, (name, other) in enumerate(rivals.items(), start=1):
        if progress is not None:
            progress(done, total, failed)
        try:
            again = other.fit(most=most, workers=workers, cluster=cluster, intervals=False)
            ways[name] = forecast_side(other, again.at, workers, cluster)
        except FAILURES as error:
            notes[name], failed = f"could not be fitted: {reason_of(error)}", failed + 1
    if progress is not None:
        progress(total, total, failed)
    return _scored(panel, ways, notes, rng)


def forecast_side(
    panel: Panel, at: Floats, workers: int | None = None, cluster: str = ""
) -> Floats:
    """Return chances of classes on the later side; of records, log likelihoods, (conflicts,).

    A record's opening day is given: the likelihood is that of what came after.
    """
    side: PanelSide = panel.side("test")
    backend = backend_for(side.task, len(side.points(at)[0]), workers, cluster)
    with panel_workers(side.task, backend) as run:
        if not isinstance(panel.outcome, RecordOutcome):
            return side.forecasts(at, run)
        every = side.likelihoods(at, run).value
    opening = replace(panel, outcome=panel.outcome.opening()).side("test")
    with panel_workers(opening.task, backend) as run:
        return every - opening.likelihoods(at, run).value


def _chosen(panel: Panel, ablations: bool | Collection[str]) -> dict[str, Panel]:
    if not ablations:
        return {}
    found = ablated_panels(panel)
    names = found if ablations is True else ablations
    for name in names:
        if name not in found:
            raise InputError(
                f"there is no ablation {quote(name)}; {suggestion(name, found, 'ablation')}"
            )
    return {name: found[name] for name in found if name in names}


def _checked(panel: Panel, name: str, given: Floats, taken: Collection[str]) -> Floats:
    """Return forecasts from elsewhere, or refuse what is none."""
    place, asked = f"the forecasts {quote(name)}", (len(panel.test), len(panel.classes))
    if name in taken:
        raise InputError(f"{place}: something else is scored under this name; choose another")
    if not panel.classes:
        raise InputError(f"{place}: of records none can stand beside; leave them out")
    found = np.asarray(given, dtype=np.float64)
    if found.shape != asked:
        raise InputError(
            f"{place}: {found.shape} numbers; give one for each of the {asked[0]:,} later "
            f"conflicts and each of the {asked[1]} classes"
        )
    if not ((found >= 0.0).all() and np.allclose(found.sum(axis=1), 1.0, atol=1e-6)):
        raise InputError(
            f"{place}: the chances of a conflict are not shares that sum to 1; divide them by "
            "their sum"
        )
    return found


def _scored(
    panel: Panel, ways: Mapping[str, Floats], notes: Mapping[str, str], rng: Seed
) -> PanelScores:
    happened = panel.happened("test")
    each = {name: each_score(panel, given, happened) for name, given in ways.items()}
    draws = resamples(panel, rng)
    model = each[MODEL]["log"]
    reference = each[BASE_RATES]["log"].mean()
    scores = []
    for name, own in each.items():
        mean = {rule: float(values.mean()) for rule, values in own.items()}
        skill = 1.0 - mean["log"] / reference if reference > 0.0 else math.nan
        if name == MODEL:
            scores.append(PanelScore(name, mean, skill))
            continue
        apart = model - own["log"]
        low, high = np.quantile(draws @ apart / draws.sum(axis=1), [0.025, 0.975]).tolist()
        word: Word = "beats" if high < 0.0 else "loses" if low > 0.0 else "within chance"
        scores.append(PanelScore(name, mean, skill, float(apart.mean()), (low, high), word))
    scores += [PanelScore(name, {}, note=why) for name, why in notes.items()]
    calibration = () if isinstance(panel.outcome, RecordOutcome) else _bins(ways[MODEL], happened)
    return PanelScores(panel, tuple(scores), dict(ways), happened, calibration)


def each_score(panel: Panel, given: Floats, happened: Ints) -> dict[str, Floats]:
    """Return scores of each conflict, by rule."""
    if isinstance(panel.outcome, RecordOutcome):
        return {"log": -given}
    outcomes = np.eye(given.shape[1])[happened]
    rules = {"log": log_score, "brier": brier}
    if panel.outcome.ordered:
        rules["ranked"] = ranked_score
    return {
        name: np.array([rule(p, o) for p, o in zip(given, outcomes, strict=True)])
        for name, rule in rules.items()
    }


def resamples(panel: Panel, rng: Seed) -> Floats:
    """Return how often each conflict counts, (resamples, conflicts): groups go together."""
    count, random = len(panel.test), generator_of(rng)
    cells = panel.table.words(panel.group_column or panel.id_column)
    _, group = np.unique([cells[row] for row in panel.test], return_inverse=True)
    groups = int(group.max()) + 1
    counts = random.multinomial(groups, np.full(groups, 1.0 / groups), size=_RESAMPLES)
    found = np.asarray(counts[:, group], dtype=np.float64)
    return found if found.sum(axis=1).all() else np.ones((1, count))


def _bins(forecasts: Floats, happened: Ints) -> tuple[CalibrationBin, ...]:
    came = np.eye(forecasts.shape[1])[happened].ravel()
    given = forecasts.ravel()
    place = np.clip(np.searchsorted(_BINS, given, side="right") - 1, 0, len(_BINS) - 2)
    found = []
    for k, (low, high) in enumerate(pairwise(_BINS)):
        here = place == k
        if here.any():
            means = float(given[here].mean()), float(came[here].mean())
            found.append(CalibrationBin(low, high, int(here.sum()), *means))
    return tuple(found)
