"""What chance alone makes of a panel's scores: outcomes dealt out anew, beside each difference.

=================== ==========================================================================
outcomes dealt out  all forecasts stay, and the later conflicts exchange what they came to (of
                    records, the levels of their acts): what is left is how bold the forecasts
                    are, not whether they know which conflict is which
fitted again        outcomes are dealt out on both sides of the split, and fit, baselines and
                    scores made anew: what fitting gives where there is nothing to learn
=================== ==========================================================================

The chance that a placebo does as well is (1 + placebos that do) / (1 + placebos), as for those of
a case (`detente.evidence.placebo`); one that could not be fitted counts as one that does. Conflicts
are exchanged one by one, those of a group too. Cost: of the first kind nothing is solved for
classes, and a filter for each later record and way; of the second a fit each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.engine import FAILURES, Progress, Seed, generator_of
from detente.errors import InputError
from detente.evidence import RARE, PlaceboTest, placebo_test
from detente.panel._outcome import RecordOutcome
from detente.panel._record_baselines import record_baselines
from detente.panel._scores import AS_STATED, MODEL, PanelScores, each_score, forecast_side
from detente.text import Result, listed, plural, show, show_range, table
from detente.values import Floats, plain

if TYPE_CHECKING:
    from detente.drawing import Drawing
    from detente.panel._fit import PanelFit

DEALT, AGAIN = "outcomes dealt out", "fitted again"
_WAYS, _RECORD_WAYS = 1000, 20
_ROUNDING = 1e-12

Differences = Mapping[str, Sequence[float]]
"""By way of forecasting, of each placebo: the model's mean log score less this one's."""


@dataclass(frozen=True)
class PanelPlacebos(Result):
    """Differences of scores beside those of placebos.

    Attributes
    ----------
    panel : str
    tests : tuple of PlaceboTest
        ``what`` is the way of forecasting, ``kind`` how outcomes were dealt out, ``stated`` the
        model's log score less this one's; below zero the model is better.
    failed : int
        Placebos that could not be fitted.
    """

    panel: str
    tests: tuple[PlaceboTest, ...]
    failed: int = 0

    def verdict(self) -> str:
        """Return which differences are rare among placebos, in a few sentences."""
        if not self.tests:
            return "No placebo could be fitted: there is nothing to compare."
        said = []
        for kind, own in self.kinds.items():
            if own[0].ways < 1 / RARE - 1:
                said.append(f"{kind}: too few ways to tell.")
                continue
            rare = [test.what for test in own if test.p <= RARE]
            often = [test.what for test in own if test.p > RARE]
            parts = [
                *([f"rare against {listed(rare)}"] if rare else []),
                *([f"not rare against {listed(often)}"] if often else []),
            ]
            said.append(f"{kind}: as good a difference is {'; '.join(parts)}.")
        return " ".join([*said, "Rare: one placebo in twenty or less does as well."])

    def __str__(self) -> str:
        """Return a table for each kind, at most 80 columns wide, and a verdict."""
        lines = [f"{self.panel}: placebos; {self.measure}"]
        for head, *tests in self.tables:
            rows = [head, *([f"  {name}", *cells] for name, *cells in tests)]
            lines += table(rows, "<32 >8 >8 >18 >6", " ", indent="  ")
        if self.failed:
            lines.append(f"{plural(self.failed, 'placebo')} could not be fitted.")
        return "\n".join([*lines, *fill(self.verdict(), 80).split("\n")])

    @property
    def measure(self) -> str:
        """What the numbers are."""
        return "the model's log score less this one's"

    @property
    def kinds(self) -> dict[str, list[PlaceboTest]]:
        """The tests, by how outcomes were dealt out."""
        found: dict[str, list[PlaceboTest]] = {}
        for test in self.tests:
            found.setdefault(test.kind, []).append(test)
        return found

    @property
    def tables(self) -> list[list[list[str]]]:
        """A table for each kind: rows of cells, the heading first."""
        found = []
        for kind, own in self.kinds.items():
            head = [f"{kind}, {plural(own[0].ways, 'way')}", "as it is", "placebo", "90 %", "p"]
            rows = [
                [test.what, show(test.stated, "signed"), show(test.mean, "signed"),
                 show_range(*test.most, "signed"), f"{test.p:.3f}"]
                for test in own
            ]  # fmt: skip
            found.append([head, *rows])
        return found

    def plot(self) -> Drawing:
        """Draw each difference beside its placebos; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, placebo_figures

        return Drawing(*placebo_figures(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the tests, ready for JSON."""
        return {
            "tests": [plain(test.__dict__) for test in self.tests],
            "failed": self.failed,
            "verdict": self.verdict(),
        }


def panel_placebos(
    fit: PanelFit,
    scores: PanelScores,
    ways: int | None = None,
    refits: int = 0,
    *,
    rng: Seed = 1,
    workers: int | None = None,
    cluster: str = "",
    progress: Progress | None = None,
) -> PanelPlacebos:
    """Set the differences of a panel's scores beside those of placebos.

    Parameters
    ----------
    fit : PanelFit
    scores : PanelScores
        Of that fit.
    ways : int, optional
        Placebos in which outcomes are dealt out and forecasts stay; by default 1,000, or 20 where
        conflicts have records.
    refits : int
        Placebos that are fitted again.
    rng : int, numpy Generator or None
    workers, cluster
        See `detente.panel.fit_panel`.
    progress : callable, optional
        Called with (placebos done, all, failed).

    Examples
    --------
    >>> from detente.panel import load_panel
    >>> fit = load_panel("disputes").fit(intervals=False)
    >>> found = panel_placebos(fit, fit.score(), 200)
    >>> [test.what for test in found.tests][:2], found.tests[0].ways
    (['base rates', 'logit'], 200)
    """
    panel = fit.panel
    records = isinstance(panel.outcome, RecordOutcome)
    ways = (_RECORD_WAYS if records else _WAYS) if ways is None else ways
    if ways < 0 or refits < 0 or not ways + refits:
        raise InputError(f"{ways} and {refits} placebos are asked for; give one or more")
    random, total = generator_of(rng), ways + refits

    def step(done: int, failed: int = 0) -> None:
        if progress is not None:
            progress(done, total, failed)

    dealt: Differences = {}
    if not records:
        dealt = _exchanged(scores, ways, random)
        step(ways)
    elif ways:
        found = []
        for done in range(ways):
            found.append(_dealt_records(fit, random, workers, cluster))
            step(done + 1)
        dealt = {name: [one[name] for one in found] for name in found[0]}
    again: dict[str, list[float]] = {one.name: [] for one in scores.scores}
    failed = 0
    for done in range(refits):
        try:
            other = panel.shuffled(random).fit(workers=workers, cluster=cluster, intervals=False)
            later = other.score(workers=workers, cluster=cluster)
            made = {one.name: one.difference for one in later.scores}
        except FAILURES:
            made, failed = {}, failed + 1
        for name, values in again.items():
            values.append(made.get(name, math.nan))
        step(ways + done + 1, failed)
    tests = _tests(scores, DEALT, dealt if ways else {}) + _tests(scores, AGAIN, again)
    return PanelPlacebos(panel.name, tests, failed)


def _exchanged(scores: PanelScores, ways: int, random: np.random.Generator) -> Differences:
    """Return differences where the later conflicts exchange their outcomes."""
    size, classes = scores.forecasts[MODEL].shape
    by_class = {
        name: np.stack(
            [each_score(scores.panel, given, np.full(size, k))["log"] for k in range(classes)], 1
        )
        for name, given in scores.forecasts.items()
    }
    place = np.arange(size)
    dealt = [random.permutation(scores.happened) for _ in range(ways)]
    return {
        name: [float((by_class[MODEL] - own)[place, came].mean()) for came in dealt]
        for name, own in by_class.items()
        if name != MODEL
    }


def _dealt_records(
    fit: PanelFit, random: np.random.Generator, workers: int | None, cluster: str
) -> dict[str, float]:
    """Return differences where the levels of the later records' acts are dealt out anew."""
    panel = fit.panel
    assert isinstance(panel.outcome, RecordOutcome)
    other = replace(panel, outcome=panel.outcome.dealt(panel.test, random))
    assert isinstance(other.outcome, RecordOutcome)
    stated = np.array([one.value for one in panel.coefficients])
    ways: dict[str, Floats] = {AS_STATED: forecast_side(other, stated, workers, cluster)}
    ways |= record_baselines(other.template, other.outcome, other.train, other.test)
    model = forecast_side(other, fit.at, workers, cluster)
    return {name: float((given - model).mean()) for name, given in ways.items()}


def _tests(scores: PanelScores, kind: str, found: Differences) -> tuple[PlaceboTest, ...]:
    made = []
    for one in scores.scores[1:]:
        values = np.asarray(found.get(one.name, ()), dtype=np.float64)
        # Ablations are not fitted to placebos.
        if not (math.isnan(one.difference) or np.isnan(values).all()):
            as_good = ~(values > one.difference + _ROUNDING)
            made.append(placebo_test(one.name, kind, one.difference, values, as_good))
    return tuple(made)
