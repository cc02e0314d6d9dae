"""What a panel's scores cannot say: what the model does not read, and what was not asked.

Sentences for the terminal and the page, each of them true of the panel at hand. Cost: a pass over
the outcomes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.panel._ablations import ablated_panels
from detente.panel._fit import UNSETTLED
from detente.panel._outcome import FinalOutcome
from detente.panel._scores import PanelScores
from detente.text import listed, plural

if TYPE_CHECKING:
    from detente.panel._fit import PanelFit
    from detente.panel._panel import Panel

_FEW = 20
"""Below so many conflicts or groups, resampling gives intervals that are too narrow."""


def panel_limits(fit: PanelFit, scores: PanelScores) -> tuple[str, ...]:
    """Return what these scores cannot say, a sentence each.

    Parameters
    ----------
    fit : PanelFit
    scores : PanelScores
        Of that fit.

    Examples
    --------
    >>> from detente.panel import load_panel
    >>> fit = load_panel("disputes").fit(intervals=False)
    >>> print(panel_limits(fit, fit.score())[0])
    Of a conflict the model knows ratio and nothing else.
    """
    return (*_of_panel(fit.panel), *_of_fit(fit), *_of_scores(scores))


def _of_panel(panel: Panel) -> list[str]:
    read = list(panel.covariates)
    said = [
        f"Of a conflict the model knows {listed(read)} and nothing else."
        if read
        else "The formulas read no column: the model cannot tell one conflict from another.",
        "All conflicts share one game and one set of coefficients: what changes with the times, or "
        "from one conflict to the next beyond these columns, it cannot know.",
    ]
    left = len(panel.table) - len(panel.train) - len(panel.test)
    if left:
        verb = "is" if left == 1 else "are"
        said.append(f"{plural(left, 'conflict')} {verb} on no side of the split, and not used.")
    if isinstance(panel.outcome, FinalOutcome):
        size = len(panel.classes)
        seen = np.bincount(panel.happened("train"), minlength=size)
        unseen = [name for name, count in zip(panel.classes, seen, strict=True) if not count]
        if unseen:
            said.append(f"No earlier conflict ended in {listed(unseen)}: nothing was fitted to it.")
        if not panel.year_column:
            said.append(
                "No year is named (year: COLUMN): whether the calendar alone does as well is not "
                "known."
            )
    if not panel.group_column:
        said.append(
            "No group is named (group: COLUMN): where conflicts hang together, such as those of "
            "one pair, the intervals are too narrow."
        )
    return said


def _of_fit(fit: PanelFit) -> list[str]:
    said = [] if fit.settled else [f"The fit {UNSETTLED.removeprefix('it ')}."]
    if not fit.intervals:
        return said
    ends = {name: fit.interval_words(name) for name in fit.intervals}
    edge = [name for name, words in ends.items() if words == "at an end"]
    if edge:
        said.append(
            f"At an end of its range: {listed(edge)}. The best value may lie beyond it, and there "
            "is no interval."
        )
    none = [name for name, words in ends.items() if words == "none"]
    if none:
        said.append(f"The curvature gave no interval of {listed(none)}: do not read the estimates.")
    return said


def _of_scores(scores: PanelScores) -> list[str]:
    panel = scores.panel
    rows = panel.table.words(panel.group_column or panel.id_column)
    apart = len({rows[row] for row in panel.test})
    said = []
    if apart < _FEW:
        what = "group" if panel.group_column else "later conflict"
        said.append(f"Intervals of differences rest on {plural(apart, what)}, too few to trust.")
    names = {one.name: one.note for one in scores.scores}
    absent = [name for name in ablated_panels(panel) if name not in names]
    if absent:
        said.append(
            f"Whether it is strategy that helps is not known without {listed(absent)} "
            "(--ablations)."
        )
    failed = [name for name, note in names.items() if note]
    if failed:
        said.append(f"Not scored, as it could not be fitted: {listed(failed)}.")
    said.append(
        "Whoever changes the model after seeing these scores needs conflicts that nobody has "
        "looked at to score it again."
    )
    return said
