"""The page of a panel: what was fitted, how it scored beside baselines, and what it cannot say.

Tables and sentences are those of the terminal, from the same code. Cost: that of the drawings.
"""

from __future__ import annotations

from collections.abc import Sequence

import detente
from detente.drawing import differences_figure, panel_calibration, placebo_figures
from detente.panel import (
    ColumnDifferences,
    PanelFit,
    PanelPlacebos,
    PanelScores,
    RecordOutcome,
    panel_limits,
)
from detente.report._page import fill

_MEANINGS = {
    "base rates": "how often each class came before",
    "logit": "a multinomial logit of the columns that the model reads",
    "calendar": "a logit of the year alone",
    "logit with the calendar": "a logit of these columns and the year",
    "persistence": "what the same group last came to, as often as it came again",
    "choices at random": "the same game, fitted again, in which nobody tells better from worse",
    "no time": "the same game, fitted again, looked at long after",
}
_OF_RECORDS = {
    "model as stated": "the coefficients as the panel file states them, not fitted",
    "base rates": "how often each level came before, among the acts of its variable",
    "persistence": "the last level again, as often as it came again before",
    "Markov chain": "how often each level followed the last one before",
    "no time": "the same game, fitted again, which knows the order of days alone",
}


def render_panel(
    fit: PanelFit,
    scores: PanelScores,
    placebos: PanelPlacebos | None = None,
    differences: Sequence[ColumnDifferences] = (),
) -> str:
    """Return the page of a panel as HTML.

    Parameters
    ----------
    fit : PanelFit
    scores : PanelScores
        Of that fit.
    placebos : PanelPlacebos, optional
        Of these scores.
    differences : sequence of ColumnDifferences
        Where the model did better, by a column each.

    Returns
    -------
    str
        A whole page; everything that comes from the panel's files is escaped.

    Examples
    --------
    >>> from detente.panel import load_panel
    >>> fit = load_panel("disputes").fit(intervals=False)
    >>> render_panel(fit, fit.score())[:15]
    '<!DOCTYPE html>'
    """
    figures = [] if placebos is None else placebo_figures(placebos)
    return fill(
        "panel.html.j2",
        panel=fit.panel,
        fit=fit,
        scores=scores,
        records=isinstance(fit.panel.outcome, RecordOutcome),
        meanings=_meanings(scores),
        apart=differences_figure(scores),
        calibration=panel_calibration(scores),
        placebos=placebos,
        dealt=[] if placebos is None else list(zip(placebos.tables, figures, strict=True)),
        differences=differences,
        limits=panel_limits(fit, scores),
        version=detente.__version__,
    )


def _meanings(scores: PanelScores) -> list[tuple[str, str]]:
    """Return what each way of forecasting is, where it is one of detente's own."""
    records = isinstance(scores.panel.outcome, RecordOutcome)
    known = {**_MEANINGS, **(_OF_RECORDS if records else {})}
    for actor in scores.panel.template.actors:
        known[f"{actor.name} blind"] = (
            f"the same game, fitted again, in which {actor.name} acts as if every conflict were "
            "like the template"
        )
    return [(one.name, known[one.name]) for one in scores.scores if one.name in known]
