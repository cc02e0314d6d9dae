"""Outcomes over rounds: what each model makes of the positions after each round of exchanges.

Round by round actors exchange positions; models that read positions are asked again on those that
hold after each round, while weights and reference points stay. The compromise of these is what the
exchange model says. The challenge model goes its own rounds from the first positions, and stays
where it comes to rest. Cost: that of the models for each round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.bargaining._challenge import Challenges, challenge
from detente.bargaining._compromise import compromise
from detente.bargaining._equal_gain import PositionExchanges, exchange
from detente.bargaining._mean import plain_mean
from detente.bargaining._median import weighted_median
from detente.bargaining._mode import most_weight
from detente.bargaining._nash import nash_bargaining, nash_outcome
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._procedural import procedural
from detente.bargaining._table import BargainingTable
from detente.errors import AnalysisError, InputError
from detente.text import Result, plural, show
from detente.text import table as in_columns
from detente.values import Floats, data_frame

_MOST_LINES, _WIDTH = 10, 80


@dataclass(frozen=True, eq=False)
class BargainingTrajectory(Result):
    """Outcomes of each model, round by round.

    Attributes
    ----------
    table : BargainingTable
        Before the first round.
    models : tuple of str
    outcomes : ndarray, (rounds + 1, models, issues)
        Before the first round and after each, on the scales of the issues.
    """

    table: BargainingTable
    models: tuple[str, ...]
    outcomes: Floats

    @property
    def tables(self) -> list[list[list[str]]]:
        """By issue, in words: a row a round, a column a model, the heading first."""
        last = len(self.outcomes) - 1
        rounds = [*range(min(last, _MOST_LINES)), last]
        found = []
        for k, issue in enumerate(self.table.issues):
            rows = [
                [f"round {t}" if t else "before", *(show(float(o), "fine") for o in part)]
                for t, part in zip(rounds, self.outcomes[rounds, :, k], strict=True)
            ]
            found.append([[issue, *self.models], *rows])
        return found

    def __str__(self) -> str:
        """Return, for each issue, a row a round and a column a model."""
        return "\n\n".join("\n".join(within_width(rows)) for rows in self.tables)

    def to_dict(self) -> dict[str, Any]:
        """Return, by model and issue, the outcomes round by round."""
        return {
            "outcomes": {
                model: dict(zip(self.table.issues, part.T.tolist(), strict=True))
                for model, part in zip(self.models, self.outcomes.swapaxes(0, 1), strict=True)
            }
        }

    def to_pandas(self) -> Any:
        """Return a row a round and issue, a column a model."""
        return data_frame([
            {"round": t, "issue": issue, **dict(zip(self.models, part[:, k], strict=True))}
            for t, part in enumerate(self.outcomes)
            for k, issue in enumerate(self.table.issues)
        ])  # fmt: skip


def within_width(rows: list[list[str]]) -> list[str]:
    """Return the lines of a table, one part below the other where it is too wide."""
    lines = in_columns(rows, "< >")
    columns = len(rows[0])
    if columns < 3 or max(map(len, lines)) <= _WIDTH:
        return lines
    half = (columns + 1) // 2
    rest = [[row[0], *row[half:]] for row in rows]
    return [*within_width([row[:half] for row in rows]), "", *within_width(rest)]


def models_of_positions(
    table: BargainingTable, setter: str | None, threshold: float, veto: Sequence[str]
) -> tuple[list[BargainingOutcome], list[str]]:
    """Return the outcomes of models that read positions once, and what is left out and why."""
    outcomes = [model(table) for model in (compromise, plain_mean, weighted_median, most_weight)]
    left_out = []
    unknown = [issue for issue, r in zip(table.issues, table.reference, strict=True) if np.isnan(r)]
    if unknown:
        left_out.append(f"Nash bargaining: left out, as {unknown[0]} has no reference point.")
    else:
        outcomes.append(_nash_or_none(table))
    if setter is None:
        left_out.append("procedural: left out, as nobody is named who proposes.")
    elif unknown and {setter, *veto} <= set(table.actors):
        left_out.append(f"procedural: left out, as {unknown[0]} has no reference point.")
    else:
        outcomes.append(procedural(table, setter, threshold, veto))
    return outcomes, left_out


def _nash_or_none(table: BargainingTable) -> BargainingOutcome:
    """Return the Nash solution, or no outcome and why there is none; the others are unharmed."""
    try:
        return nash_bargaining(table)
    except AnalysisError as error:
        return nash_outcome(table, np.full(len(table.issues), np.nan), f"no outcome: {error}.")


def trajectory(
    table: BargainingTable,
    rounds: int = 10,
    setter: str | None = None,
    threshold: float = 0.5,
    veto: Sequence[str] = (),
    exchanges: PositionExchanges | None = None,
    challenges: Challenges | None = None,
) -> BargainingTrajectory:
    """Return what every model says after each round.

    Parameters
    ----------
    table : BargainingTable
    rounds : int
        Where no exchange is left before the last, all stays as it is from there on.
    setter, threshold, veto
        As of `procedural`, which is left out without a setter.
    exchanges, challenges : optional
        Those of the table; made where left out.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1)},
    ...     "fund": {"a": (100, 0.2, 1), "b": (0, 0.9, 1)},
    ... }
    >>> found = trajectory(bargaining_table(cells), rounds=1)
    >>> found.models, found.outcomes[:, 0, 0].round(1).tolist()
    (('exchange', 'mean', 'median', 'mode', 'challenge'), [81.8, 100.0])
    """
    if rounds < 1:
        raise InputError(f"{plural(rounds, 'round')} of a trajectory; give one or more")
    made = exchange(table, rounds) if exchanges is None else exchanges
    fought = challenge(table) if challenges is None else challenges
    steps = []
    for position in made.positions_by_round[: rounds + 1]:
        found, _ = models_of_positions(table.with_positions(position), setter, threshold, veto)
        steps.append([one.outcome for one in found])
    steps += steps[-1:] * (rounds + 1 - len(steps))
    own = [fought.outcomes[min(t, len(fought.outcomes) - 1)] for t in range(rounds + 1)]
    names = ("exchange", *(one.model for one in found[1:]), "challenge")
    return BargainingTrajectory(
        table, names, np.concatenate([np.array(steps), np.array(own)[:, None]], axis=1)
    )
