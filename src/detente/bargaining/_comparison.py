"""All models side by side on one table: outcomes by issue, losses by actor, and the exchanges.

Models that need a reference point, or an agenda setter, are left out where there is none, and it
is said. Cost: that of the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.bargaining._challenge import Challenges, challenge
from detente.bargaining._compromise import compromise
from detente.bargaining._equal_gain import PositionExchanges, exchange
from detente.bargaining._mean import plain_mean
from detente.bargaining._median import weighted_median
from detente.bargaining._mode import most_weight
from detente.bargaining._nash import nash_bargaining
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._procedural import procedural
from detente.bargaining._table import BargainingTable
from detente.errors import AnalysisError
from detente.text import Result, show
from detente.text import table as in_columns
from detente.values import data_frame

if TYPE_CHECKING:
    from detente.drawing import Drawing

_WIDTH = 80


@dataclass(frozen=True, eq=False)
class BargainingComparison(Result):
    """What a table comes to under each model.

    Attributes
    ----------
    table : BargainingTable
    outcomes : tuple of BargainingOutcome
    exchanges : PositionExchanges
    challenges : Challenges
    left_out : tuple of str
        Models that could not be asked, and why.
    """

    table: BargainingTable
    outcomes: tuple[BargainingOutcome, ...]
    exchanges: PositionExchanges
    challenges: Challenges
    left_out: tuple[str, ...]

    def plot(self) -> Drawing:
        """Draw positions and outcomes, and who trades; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, chord_figure, positions_figure

        return Drawing(positions_figure(self.table, self.outcomes), chord_figure(self.exchanges))

    @property
    def outcome_rows(self) -> list[list[str]]:
        """The outcomes in words: a row an issue, a column a model, the heading first."""
        rows = [
            [issue, *(show(float(found.outcome[k]), "fine") for found in self.outcomes)]
            for k, issue in enumerate(self.table.issues)
        ]
        return [["outcome", *(found.model for found in self.outcomes)], *rows]

    @property
    def loss_rows(self) -> list[list[str]]:
        """What each actor loses, in words: a row an actor, a column a model, the heading first."""
        losses = [self.table.loss(found.outcome).sum(axis=1) for found in self.outcomes]
        rows = [
            [actor, *(show(float(loss[i]), "fine") for loss in losses)]
            for i, actor in enumerate(self.table.actors)
        ]
        return [["loss", *(found.model for found in self.outcomes)], *rows]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of an outcome, and which models were left out and why."""
        said = (f"{one.model}: {one.note}" for one in self.outcomes if one.note)
        return (*said, *self.left_out)

    def __str__(self) -> str:
        """Return outcomes, losses and exchanges."""
        lines = [
            *_within_width(self.outcome_rows),
            "",
            *_within_width(self.loss_rows),
            "",
            str(self.exchanges),
            self.challenges.summary,
        ]
        return "\n".join([*lines, *(fill(note, 78) for note in self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        return {
            "table": self.table.to_dict(),
            "outcomes": [found.to_dict() for found in self.outcomes],
            "exchanges": self.exchanges.to_dict(),
            "challenges": self.challenges.to_dict(),
            "left_out": list(self.left_out),
        }

    def to_pandas(self) -> Any:
        """Return a row an issue, a column a model."""
        columns = {found.model: found.outcome for found in self.outcomes}
        return data_frame(columns, list(self.table.issues), name="issue")


def _within_width(rows: list[list[str]]) -> list[str]:
    """Return the lines of a table, one part below the other where it is too wide."""
    lines = in_columns(rows, "< >")
    columns = len(rows[0])
    if columns < 3 or max(map(len, lines)) <= _WIDTH:
        return lines
    half = (columns + 1) // 2
    rest = [[row[0], *row[half:]] for row in rows]
    return [*_within_width([row[:half] for row in rows]), "", *_within_width(rest)]


def compare_models(
    table: BargainingTable,
    rounds: int = 1,
    setter: str | None = None,
    threshold: float = 0.5,
    veto: Sequence[str] = (),
) -> BargainingComparison:
    """Ask every model what a table comes to.

    Parameters
    ----------
    table : BargainingTable
    rounds : int
        Of exchanges.
    setter, threshold, veto
        As of `procedural`, which is left out without a setter.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> found = compare_models(bargaining_table({"cut": {"a": (100, 1, 2), "b": (0, 1, 1)}}))
    >>> [one.model for one in found.outcomes], len(found.left_out)
    (['compromise', 'mean', 'median', 'mode', 'exchange', 'challenge'], 2)
    """
    exchanges = exchange(table, rounds)
    outcomes = [model(table) for model in (compromise, plain_mean, weighted_median, most_weight)]
    challenges = challenge(table)
    outcomes += [exchanges.outcome, challenges.outcome]
    left_out = []
    unknown = [issue for issue, r in zip(table.issues, table.reference, strict=True) if np.isnan(r)]
    if unknown:
        left_out.append(f"Nash bargaining: left out, as {unknown[0]} has no reference point.")
    else:
        try:
            outcomes.append(nash_bargaining(table))
        except AnalysisError as error:
            left_out.append(f"Nash bargaining: left out. {error}.")
    if setter is None:
        left_out.append("procedural: left out, as nobody is named who proposes.")
    elif unknown and setter in table.actors:
        left_out.append(f"procedural: left out, as {unknown[0]} has no reference point.")
    else:
        outcomes.append(procedural(table, setter, threshold, veto))
    return BargainingComparison(table, tuple(outcomes), exchanges, challenges, tuple(left_out))
