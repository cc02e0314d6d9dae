"""Forecasts by somebody else of the questions under seal: read from a table, and sealed too.

The table is a CSV file with the columns ``forecaster``, ``question`` and ``probability`` (of yes).
Its numbers stand in an entry of the ledger, with the hash of the file, so that nobody can change
them later. They count for questions that were settled after the day of that entry: who knew the
outcome made no forecast. Nobody's forecast of a question is sealed twice.
Cost: linear in the ledger and the table.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from detente.errors import AnalysisError, InputError
from detente.evidence._blind import POSTERIOR, PRIOR
from detente.evidence._csv_rows import csv_rows
from detente.evidence._outside_forecasts import stated_chance, wrong_name
from detente.evidence._seal import read_entries
from detente.evidence._sealed_entry import EntryFields
from detente.evidence._sealed_questions import EVEN
from detente.evidence._sealed_statement import SealedStatement, seal_statement
from detente.text import listed, plural, quote, suggestion

COLUMNS = ("forecaster", "question", "probability")
_BETWEEN = ": "
"""Between a forecaster and a question, neither of which has it."""

Sealed = tuple[float, dt.date]
"""The chance of yes, and the day of its seal."""


def seal_outside(
    ledger: Path | str, forecasts: Path | str, *, now: dt.datetime | None = None
) -> SealedStatement:
    """Put somebody else's forecasts of a ledger's questions on record.

    Parameters
    ----------
    ledger : path or str
        With questions; see `detente.evidence.seal_forecast`.
    forecasts : path or str
        A table of forecasts.
    now : datetime, optional
        The time to write down; the clock's by default.

    Raises
    ------
    InputError
        When the table is wrong, with row and column, or the ledger has no questions.
    AnalysisError
        When the ledger is not intact or cannot be written.

    See Also
    --------
    detente.evidence.resolve_questions : Scores them beside the models.
    """
    path, entries = Path(forecasts), read_entries(ledger)
    numbers = _read(path, entries, str(ledger))
    names = list(dict.fromkeys(name.rpartition(_BETWEEN)[0] for name in numbers))
    return seal_statement(
        ledger,
        "forecasts",
        f"forecasts by {listed(names)}" if len(names) < 4 else plural(len(names), "forecaster"),
        "Chances of yes, by forecaster and question.",
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest()},
        numbers,
        now=now,
    )


def outside_chances(
    entries: Sequence[EntryFields | SealedStatement], ledger: str
) -> dict[str, dict[str, Sealed]]:
    """Return by forecaster and question what is sealed in a ledger beside the models."""
    found: dict[str, dict[str, Sealed]] = {}
    for entry in entries:
        if not isinstance(entry, SealedStatement) or entry.kind != "forecasts":
            continue
        day = dt.datetime.fromisoformat(entry.sealed).date()
        for name, chance in entry.numbers.items():
            forecaster, _, question = name.rpartition(_BETWEEN)
            if wrong_name(forecaster, _MODELS) or len(chance) != 1 or not 0.0 <= chance[0] <= 1.0:
                raise AnalysisError(
                    f"{ledger}: entry {entry.number}, numbers, {quote(name)}: no chance of a "
                    "forecaster; it was not made by `detente evidence beside`"
                )
            found.setdefault(forecaster, {}).setdefault(question, (chance[0], day))
    return found


_MODELS = (PRIOR, POSTERIOR, EVEN)
"""Names that no forecaster may take: those of a ledger's own models."""


def _read(
    path: Path, entries: Sequence[EntryFields | SealedStatement], ledger: str
) -> dict[str, list[float]]:
    asked = [
        one.id
        for entry in entries
        if isinstance(entry, EntryFields) and entry.questions is not None
        for one in entry.questions.asked.questions
    ]
    if not asked:
        raise InputError(
            f"{ledger}: no question is sealed in it; seal some with `detente seal --questions`"
        )
    before = outside_chances(entries, ledger)
    found: dict[str, list[float]] = {}
    for number, cells in csv_rows(path, "forecasts", COLUMNS):

        def refuse(column: str, words: str, row: int = number) -> NoReturn:
            raise InputError(f"{path.name}, row {row}, column {column}: {words}")

        forecaster, question = cells["forecaster"], cells["question"]
        if wrong := wrong_name(forecaster, _MODELS):
            refuse("forecaster", wrong)
        if _BETWEEN in forecaster:
            refuse("forecaster", f"{quote(forecaster)} has a colon; leave it out")
        if question not in asked:
            hint = suggestion(question, asked, "question")
            refuse("question", f"{quote(question)} is not sealed here; {hint}")
        name = f"{forecaster}{_BETWEEN}{question}"
        if name in found or question in before.get(forecaster, {}):
            refuse("question", f"{question} stands twice for {forecaster}; the first one counts")
        chance = stated_chance(cells["probability"])
        if chance is None:
            said = quote(cells["probability"])
            refuse("probability", f"{said} is no chance; give one from 0 to 1")
        found[name] = [chance]
    if not found:
        raise InputError(f"{path.name}: no forecast in it; give a row for each")
    return found
