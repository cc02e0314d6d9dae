"""Where a model did better than another way of forecasting, and where worse, by a column.

Conflicts are put in groups by the words of a column, or by cuts of a column of numbers; each group
has the mean difference of log scores, with a 95 % interval by resampling as in
`detente.panel.score_panel`. The scores are known by then, so groups describe and prove nothing.
Cost: a pass over conflicts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from detente.engine import Seed
from detente.errors import InputError
from detente.panel._baselines import BASE_RATES
from detente.panel._panel import Panel
from detente.panel._scores import MODEL, PanelScores, each_score, resamples
from detente.text import Result, precise, quote, show, show_range, suggestion, table
from detente.values import Bools, data_frame

_FEW, _MOST = 4, 12
"""Numbers of a column that are groups of their own, and groups at most."""


class GroupDifference(NamedTuple):
    """The model's mean log score less another's among some conflicts; below zero it is better.

    ``interval`` is nan where all of them belong together, as of one conflict.
    """

    group: str
    conflicts: int
    difference: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class ColumnDifferences(Result):
    """Differences of log scores by a column.

    Attributes
    ----------
    panel, column : str
    rival : str
        Whose score is taken off the model's.
    groups : tuple of GroupDifference
    """

    panel: str
    column: str
    rival: str
    groups: tuple[GroupDifference, ...]

    @property
    def note(self) -> str:
        """How far to trust them."""
        return "Groups chosen after the scores are known describe, and prove nothing."

    @property
    def rows(self) -> list[list[str]]:
        """A row for each group, the heading first."""
        rows = [[self.column, "conflicts", f"model less {self.rival}", "95 %"]]
        for one in self.groups:
            mean, span = show(one.difference, "signed"), show_range(*one.interval, "signed")
            rows.append([one.group, f"{one.conflicts:,}", mean, span])
        return rows

    def __str__(self) -> str:
        """Return a line for each group."""
        head = f"{self.panel}: where the model does better, by {self.column}; below zero it does"
        lines = [head, *table(self.rows, "< > > >", indent="  ")]
        return "\n".join([*lines, self.note])

    def to_dict(self) -> dict[str, Any]:
        """Return the groups, ready for JSON."""
        groups = [one._asdict() for one in self.groups]
        return {"column": self.column, "rival": self.rival, "groups": groups}

    def to_pandas(self) -> Any:
        """Return a row for each group (needs pandas)."""
        rows = [
            {"conflicts": one.conflicts, "difference": one.difference, "low": one.interval[0],
             "high": one.interval[1]}
            for one in self.groups
        ]  # fmt: skip
        return data_frame(rows, [one.group for one in self.groups], name=self.column)


def difference_by(
    scores: PanelScores,
    column: str,
    cuts: Sequence[float] | None = None,
    *,
    rival: str = BASE_RATES,
    rng: Seed = 1,
) -> ColumnDifferences:
    """Return where the model does better than a rival, by a column of the later side.

    Parameters
    ----------
    scores : PanelScores
    column : str
        Of the table of conflicts.
    cuts : sequence of float, optional
        Each starts a group; conflicts below the first and from the last on are groups too. By
        default each word of the column is a group, and numbers are cut into thirds of these
        conflicts.
    rival : str
    rng : int, numpy Generator or None

    Raises
    ------
    InputError
        When there is no such column or rival, or the column has more words than make groups.

    Examples
    --------
    >>> from detente.panel import load_panel
    >>> scores = load_panel("disputes").fit(intervals=False).score()
    >>> [one.conflicts for one in difference_by(scores, "ratio", [0.5]).groups]
    [18, 22]
    """
    panel = scores.panel
    rivals = [name for name in scores.forecasts if name != MODEL]
    if rival not in rivals:
        raise InputError(
            f"nothing was scored under the name {quote(rival)}; {suggestion(rival, rivals, 'name')}"
        )
    logs = [
        each_score(panel, scores.forecasts[name], scores.happened)["log"] for name in (MODEL, rival)
    ]
    apart = logs[0] - logs[1]
    draws = resamples(panel, rng)
    cells = panel.table.words(panel.group_column or panel.id_column)
    together = np.array([cells[row] for row in panel.test])
    found = []
    for group, own in groups_by(panel, column, cuts):
        weights = draws[:, own]
        weights = weights[weights.sum(axis=1) > 0.0]
        means = weights @ apart[own] / weights.sum(axis=1)
        span = np.quantile(means, [0.025, 0.975]).tolist()
        # What hangs together counts once, and of one there is nothing to resample.
        low, high = span if len(set(together[own])) > 1 else (math.nan, math.nan)
        mean = float(apart[own].mean())
        found.append(GroupDifference(group, int(own.sum()), mean, (low, high)))
    return ColumnDifferences(panel.name, column, rival, tuple(found))


def groups_by(
    panel: Panel, column: str, cuts: Sequence[float] | None = None
) -> list[tuple[str, Bools]]:
    """Return the groups of the later conflicts that are not empty, in words, and who is in each."""
    if cuts is None:
        cells = panel.table.words(column)
        words = np.array([cells[row] for row in panel.test])
        every = sorted(set(words.tolist()))
        numeric = _all_numbers(cells)
        if len(every) <= (_FEW if numeric else _MOST):
            every.sort(key=float if numeric else str)
            return [(word or "nothing", words == word) for word in every]
        if not numeric:
            raise InputError(
                f"{panel.table.file}: {column} has {len(every):,} words, {_MOST} make groups at "
                "most; take a column of fewer, or one of numbers"
            )
        cuts = np.quantile(panel.column(column, "test"), [1 / 3, 2 / 3], method="nearest").tolist()
    values = panel.column(column, "test")
    ends = [-np.inf, *sorted(set(cuts)), np.inf]
    found = [(_span(low, high), (values >= low) & (values < high)) for low, high in pairwise(ends)]
    return [(words, own) for words, own in found if own.any()]


def _all_numbers(cells: Sequence[str]) -> bool:
    try:
        return bool(np.isfinite([float(cell) for cell in cells]).all())
    except ValueError:
        return False


def _span(low: float, high: float) -> str:
    if np.isinf(low):
        return "all" if np.isinf(high) else f"below {precise(high)}"
    return f"from {precise(low)}" + ("" if np.isinf(high) else f" to below {precise(high)}")
