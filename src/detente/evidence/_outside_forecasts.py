r"""Forecasts by somebody else on the questions of blind forecasts: read from a table, and scored.

The table is a CSV file with a row for each level of a question: ``forecaster``, ``date``,
``variable``, ``level`` and ``probability``, in any order, and ``until``, the last day known, where
there are questions from several. Who answers a question gives every level of it; chances that sum
to one within rounding are scaled to do so. Questions may be left out: a forecaster is compared with
the models on those that it answered, all scored alike, and the others are named.
Cost: linear in the rows, and a bootstrap for each forecaster.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any, NoReturn

import numpy as np

from detente.errors import InputError
from detente.evidence._baselines import BASELINES
from detente.evidence._blind import POSTERIOR, PRIOR, BlindForecasts
from detente.evidence._csv_rows import csv_rows
from detente.evidence._scoring_rules import ModelScores
from detente.text import Result, listed, quote, show, show_range, suggestion, table
from detente.values import Floats, data_frame, plain, plain_fields

COLUMNS = ("forecaster", "date", "variable", "level", "probability")
ORIGIN = "until"
ROUNDING = 0.0151
"""How far chances may be from a sum of one: three levels with two decimals each, say."""
_LONGEST_NAME = 60
_MOST_NAMED = 6

Place = tuple[int, int]
"""An origin and a question of it, by number."""


@dataclass(frozen=True)
class OutsideScores(Result):
    """An outside forecaster beside the models, all on the questions that it answered.

    Attributes
    ----------
    forecaster : str
    answered : int
    missing : tuple of str
        Questions that it did not answer: variable and day, and the last day known where there are
        several.
    rows : tuple of ModelScores
        The forecaster and all models, best Brier score first; ``against`` has each model's mean
        less the forecaster's, above zero where the forecaster is better.
    """

    forecaster: str
    answered: int
    missing: tuple[str, ...]
    rows: tuple[ModelScores, ...]

    def __str__(self) -> str:
        """Return a table, at most 80 columns wide."""
        total = self.answered + len(self.missing)
        own = next(row for row in self.rows if row.model == self.forecaster)
        rows = [["", "Brier", "log", "ranked", "Brier above", "95 %"]]
        for row in self.rows:
            scores = [_score(row.mean[rule]) for rule in ("brier", "log", "ranked")]
            apart = []
            if row.against:
                apart = [
                    show(row.mean["brier"] - own.mean["brier"], "signed"),
                    _interval(row.against["brier"]),
                ]
            rows.append([row.model[:28], *scores, *apart])
        said = f"{self.forecaster}, on {self.answered} of {total} questions; Brier above is the "
        lines = [
            *fill(f"{said}model's less the forecaster's, on the same questions.", 80).split("\n"),
            *table(rows, "<12 >7 >7 >7 >12 >17", " "),
        ]
        if self.missing:
            rest = len(self.missing) - _MOST_NAMED
            named = [*self.missing[:_MOST_NAMED], *([f"{rest:,} more"] if rest > 0 else [])]
            lines += fill(f"Not answered: {listed(named)}.", 80).split("\n")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)

    def to_pandas(self) -> Any:
        """Return a row for each model (needs pandas)."""
        return data_frame([{"model": row.model, **plain(row.mean)} for row in self.rows])


def read_outside(
    path: Path | str, forecasts: Sequence[BlindForecasts]
) -> dict[str, dict[Place, Floats]]:
    """Return by forecaster what a table of outside forecasts says to the questions asked.

    Parameters
    ----------
    path : Path or str
    forecasts : sequence of BlindForecasts
        With the questions; `detente.evidence.blind_questions` has them before anything is solved.

    Raises
    ------
    InputError
        For whatever is wrong, with row and column.
    """
    table_read = _Table(Path(path), forecasts)
    found: dict[str, dict[Place, dict[int, float]]] = {}
    rows: dict[tuple[str, Place], int] = {}
    for number, cells in table_read.rows():
        forecaster = table_read.forecaster(number, cells)
        place = table_read.question(number, cells)
        level = table_read.level(number, cells, place)
        chances = found.setdefault(forecaster, {}).setdefault(place, {})
        if level in chances:
            table_read.refuse(number, "level", f"{cells['level']} stands twice; give it once")
        chances[level] = table_read.probability(number, cells)
        rows.setdefault((forecaster, place), number)
    if not found:
        raise InputError(f"{table_read.name}: no forecast in it; give a row for each level")
    return {
        forecaster: {
            place: table_read.distribution(rows[forecaster, place], place, chances)
            for place, chances in answers.items()
        }
        for forecaster, answers in found.items()
    }


def question_sheet(forecasts: Sequence[BlindForecasts]) -> str:
    r"""Return the questions as a table to fill in: no outcome, no chance, nobody's name.

    Examples
    --------
    >>> question_sheet([])
    'forecaster,until,date,variable,level,probability\n'
    """
    lines = [",".join(("forecaster", ORIGIN, *COLUMNS[1:]))]
    lines += [
        f",{row['until']},{row['date']},{row['variable']},{row['level']},"
        for blind in forecasts
        for row in blind.rows()
    ]
    return "\n".join([*lines, ""])


class _Table:
    """A table of outside forecasts, with the questions that it may speak of."""

    def __init__(self, path: Path, forecasts: Sequence[BlindForecasts]) -> None:
        self.name, self._path, self._forecasts = path.name, path, forecasts
        self._places = {
            (str(blind.until), str(blind.date(question)), question.variable): (origin, number)
            for origin, blind in enumerate(forecasts)
            for number, question in enumerate(blind.asked)
        }
        self._origins = list(dict.fromkeys(str(blind.until) for blind in forecasts))

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        return csv_rows(self._path, "forecasts", COLUMNS, (ORIGIN,))

    def refuse(self, row: int, column: str, words: str) -> NoReturn:
        raise InputError(f"{self.name}, row {row}, column {column}: {words}")

    def forecaster(self, row: int, cells: dict[str, str]) -> str:
        name = cells["forecaster"]
        if wrong := wrong_name(name, (PRIOR, POSTERIOR, *BASELINES)):
            self.refuse(row, "forecaster", wrong)
        return name

    def question(self, row: int, cells: dict[str, str]) -> Place:
        until = cells.get(ORIGIN) or (self._origins[0] if len(self._origins) == 1 else "")
        if until not in self._origins:
            self.refuse(
                row, ORIGIN, f"{quote(until)} is no day asked from; give {listed(self._origins)}"
            )
        variable, date = cells["variable"], cells["date"]
        asked = {key[2] for key in self._places if key[0] == until}
        if variable not in asked:
            hint = suggestion(variable, asked, "variable") if asked else "nothing is"
            self.refuse(row, "variable", f"{quote(variable)} is not asked about; {hint}")
        place = self._places.get((until, date, variable))
        if place is None:
            days = sorted(key[1] for key in self._places if key[::2] == (until, variable))
            self.refuse(
                row, "date",
                f"{variable} is not asked about on {quote(date)}; it is on {listed(days)}",
            )  # fmt: skip
        return place

    def _levels(self, place: Place) -> tuple[str, ...]:
        blind = self._forecasts[place[0]]
        return blind.known.tracks[blind.asked[place[1]].axis].levels

    def level(self, row: int, cells: dict[str, str], place: Place) -> int:
        levels, level = self._levels(place), cells["level"]
        if level not in levels:
            hint = suggestion(level, levels, "level")
            self.refuse(row, "level", f"{cells['variable']} has no level {quote(level)}; {hint}")
        return levels.index(level)

    def probability(self, row: int, cells: dict[str, str]) -> float:
        chance = stated_chance(cells["probability"])
        if chance is None:
            said = quote(cells["probability"])
            self.refuse(row, "probability", f"{said} is no chance; give one from 0 to 1")
        return chance

    def distribution(self, row: int, place: Place, chances: dict[int, float]) -> Floats:
        levels = self._levels(place)
        lacking = [name for k, name in enumerate(levels) if k not in chances]
        if lacking:
            self.refuse(row, "level", f"the question lacks {listed(lacking)}; give every level")
        given = np.array([chances[k] for k in range(len(levels))])
        total = float(given.sum())
        if abs(total - 1.0) > ROUNDING:
            self.refuse(
                row, "probability",
                f"the chances of this question sum to {show(total, 'fine')}; make them sum to 1",
            )  # fmt: skip
        return np.asarray(given / total, dtype=np.float64)


def wrong_name(name: str, models: Collection[str]) -> str:
    """Return why a forecaster may not be called so; nothing where it may."""
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        return f"{quote(name)} is no name; give one, in one line"
    return f"{name} is the name of a model here; choose another" if name in models else ""


def stated_chance(cell: str) -> float | None:
    """Return the chance that a cell states, if it is one."""
    try:
        chance = float(cell)
    except ValueError:
        return None
    return chance if 0.0 <= chance <= 1.0 else None


def _score(value: float) -> str:
    return "-" if np.isnan(value) else show(value, "fine")


def _interval(ends: tuple[float, float]) -> str:
    return "" if np.isnan(ends[0]) else show_range(*ends, "signed")
