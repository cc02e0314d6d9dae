"""All models side by side on one table: outcomes, losses, exchanges and what they do to whom.

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
from detente.bargaining._equal_gain import PositionExchanges, Rate, exchange
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._package import PairPackages, pair_packages
from detente.bargaining._slips import likely_slips
from detente.bargaining._table import BargainingTable
from detente.bargaining._third_parties import Groups, ThirdParties, third_parties
from detente.bargaining._trade_map import TradeMap, trade_map
from detente.bargaining._trajectory import (
    BargainingTrajectory,
    models_of_positions,
    trajectory,
    within_width,
)
from detente.engine import Seed
from detente.text import Result, show
from detente.values import data_frame

if TYPE_CHECKING:
    from detente.drawing import Drawing


@dataclass(frozen=True, eq=False)
class BargainingComparison(Result):
    """What a table comes to under each model.

    Attributes
    ----------
    table : BargainingTable
    outcomes : tuple of BargainingOutcome
    exchanges : PositionExchanges
    others : ThirdParties
        What the exchanges do to those who are no party to them.
    trades : TradeMap
    packages : PairPackages
    challenges : Challenges
    trajectory : BargainingTrajectory, optional
        None where there is one round.
    left_out : tuple of str
        Models that could not be asked, and why.
    """

    table: BargainingTable
    outcomes: tuple[BargainingOutcome, ...]
    exchanges: PositionExchanges
    others: ThirdParties
    trades: TradeMap
    packages: PairPackages
    challenges: Challenges
    trajectory: BargainingTrajectory | None
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
        losses = [found.losses for found in self.outcomes]
        rows = [
            [actor, *(show(float(loss[i]), "fine") for loss in losses)]
            for i, actor in enumerate(self.table.actors)
        ]
        return [["loss", *(found.model for found in self.outcomes)], *rows]

    @property
    def red_line_rows(self) -> list[list[str]]:
        """Outcomes past a red line in words: a row a line, a column a model, the heading first.

        Blank where a model stays within it; no column where it stays within all, no rows where all
        models do.
        """
        table = self.table
        outcomes = np.array([found.outcome for found in self.outcomes])
        past = np.array([table.beyond(outcome) for outcome in outcomes])
        models = np.flatnonzero(past.any(axis=(1, 2)))
        rows = [
            [
                f"{table.actors[i]} on {table.issues[k]} ({show(table.red_line[i, k], 'fine')})",
                *(show(outcomes[m, k], "fine") if past[m, i, k] else "" for m in models),
            ]
            for k in range(len(table.issues))
            for i in np.flatnonzero(past[:, :, k].any(axis=0))
        ]
        heading = ["past the red line of", *(self.outcomes[m].model for m in models)]
        return [heading, *rows] if rows else []

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know: of the table, of outcomes, and which models were left out.

        Without the red lines that outcomes lie past, which are in `red_line_rows`.
        """
        notes = (
            (one.model, one.note.removesuffix(self.table.past_red_lines(one.outcome)).rstrip())
            for one in self.outcomes
        )
        said = (f"{model}: {note}" for model, note in notes if note)
        return (*likely_slips(self.table), *said, *self.left_out)

    def __str__(self) -> str:
        """Return outcomes, losses and exchanges."""
        return self.words()

    def words(self, exchanges: int = 5, with_map: bool = False) -> str:
        """Return all of it, with so many exchanges and offers, and the map of trades if wanted."""
        lines = [
            *within_width(self.outcome_rows),
            "",
            *self._past_red_lines(),
            "losses and gains in points of a scale of 100, weighted by salience:",
            *within_width(self.loss_rows),
            "",
            *self.exchanges.largest(exchanges),
            self.others.words(exchanges),
            "",
            *self.packages.largest(max(exchanges, 5)),
            "",
            *([str(self.trades), ""] if with_map else []),
            *([str(self.trajectory), ""] if self.trajectory is not None else []),
            self.challenges.summary,
        ]
        return "\n".join([*lines, *(fill(note, 78) for note in self.notes)])

    def _past_red_lines(self) -> list[str]:
        rows = self.red_line_rows
        return [*within_width(rows), ""] if rows else []

    def to_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        return {
            "table": self.table.to_dict(),
            "outcomes": [found.to_dict() for found in self.outcomes],
            "exchanges": self.exchanges.to_dict(),
            "others": self.others.to_dict(),
            "trades": self.trades.to_dict(),
            **self.packages.to_dict(),
            "challenges": self.challenges.to_dict(),
            "trajectory": None if self.trajectory is None else self.trajectory.to_dict(),
            "left_out": list(self.left_out),
        }

    def to_pandas(self) -> Any:
        """Return a row an issue, a column a model."""
        columns = {found.model: found.outcome for found in self.outcomes}
        return data_frame(columns, list(self.table.issues), name="issue")


def compare_models(
    table: BargainingTable,
    rounds: int = 1,
    setter: str | None = None,
    threshold: float = 0.5,
    veto: Sequence[str] = (),
    rate: Rate = "equal",
    groups: Groups | None = None,
    by_issue: bool = False,
    rng: Seed = None,
) -> BargainingComparison:
    """Ask every model what a table comes to.

    Parameters
    ----------
    table : BargainingTable
    rounds : int
        Of exchanges; with more than one, models are followed over them (`trajectory`).
    setter, threshold, veto
        As of `procedural`, which is left out without a setter.
    rate, rng
        As of `exchange`.
    groups
        As of `third_parties`.
    by_issue
        As of `challenge`.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> found = compare_models(bargaining_table({"cut": {"a": (100, 1, 2), "b": (0, 1, 1)}}))
    >>> [one.model for one in found.outcomes], len(found.left_out)
    (['compromise', 'mean', 'median', 'mode', 'exchange', 'challenge'], 2)
    """
    exchanges = exchange(table, rounds, rate, rng)
    outcomes, left_out = models_of_positions(table, setter, threshold, veto)
    challenges = challenge(table, by_issue=by_issue)
    outcomes[4:4] = [exchanges.outcome, challenges.outcome]
    path = None
    if rounds > 1:
        path = trajectory(table, rounds, setter, threshold, veto, exchanges, challenges)
    return BargainingComparison(
        table,
        tuple(outcomes),
        exchanges,
        third_parties(exchanges, groups),
        trade_map(exchanges),
        pair_packages(table, exchanges),
        challenges,
        path,
        tuple(left_out),
    )
