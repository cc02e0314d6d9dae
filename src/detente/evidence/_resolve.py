"""Sealed questions beside what came: outcomes from a table, scores, and a ranking when it may be.

Outcomes are entered in a CSV file with the columns ``question``, ``outcome`` (yes, no or void),
``date`` (the day that settled it) and ``source``. A question without a row is open. Scores are
those of `detente.evidence._scoring_rules`, over two levels, yes and no; what hangs together for the
bootstrap are questions about the same variables, and those due in one year. Few questions rank
nobody: below `FEWEST` resolved ones there is no ranking. Others whose forecasts are sealed too
(`detente.evidence.seal_outside`) stand beside the models, each on the questions that it answered
before they were settled. Cost: linear, and a bootstrap for each forecaster.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from detente.engine import Seed
from detente.errors import InputError
from detente.evidence._blind import POSTERIOR
from detente.evidence._csv_rows import csv_rows
from detente.evidence._outside_forecasts import OutsideScores
from detente.evidence._scoring_rules import ModelScores, mean_scores
from detente.evidence._seal import case_of, questions_of, read_entries
from detente.evidence._sealed_beside import Sealed, outside_chances
from detente.evidence._sealed_entry import EntryFields
from detente.text import (
    Result,
    hidden_character,
    listed,
    plural,
    quote,
    show,
    show_range,
    suggestion,
    table,
)
from detente.values import data_frame, plain, plain_fields

FEWEST = 10
"""Resolved questions from which on models are ranked."""
COLUMNS = ("question", "outcome", "date", "source")
OutcomeWord = Literal["yes", "no", "void", "open"]


@dataclass(frozen=True)
class ResolvedQuestion(Result):
    """A sealed question and what came of it.

    Attributes
    ----------
    id, says, case : str
    entry : int
        Of the ledger.
    by : datetime.date
    chances : mapping of str to float
        By model.
    outcome : {"yes", "no", "void", "open"}
    date : datetime.date or None
        The day that settled it.
    source : str
    """

    id: str
    says: str
    case: str
    entry: int
    by: dt.date
    chances: dict[str, float]
    outcome: OutcomeWord
    date: dt.date | None
    source: str

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.id} {self.outcome}: {self.says}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True)
class ResolvedQuestions(Result):
    """The questions of a ledger and what came of them.

    Attributes
    ----------
    rows : tuple of ResolvedQuestion
    ranking : tuple of ModelScores
        Best Brier score first; empty below `FEWEST` resolved questions.
    beside : tuple of OutsideScores
        Forecasters from outside with `FEWEST` answers or more to resolved questions, each with the
        models on those.
    """

    rows: tuple[ResolvedQuestion, ...]
    ranking: tuple[ModelScores, ...]
    beside: tuple[OutsideScores, ...] = ()

    def count(self, *outcomes: OutcomeWord) -> int:
        """Return how many questions came out so."""
        return sum(row.outcome in outcomes for row in self.rows)

    def standing(self) -> str:
        """Return how many are resolved, and how many a ranking wants."""
        resolved = self.count("yes", "no")
        said = (
            f"{resolved} of {plural(len(self.rows), 'question')} resolved, "
            f"{self.count('void')} void, {self.count('open')} open."
        )
        missing = FEWEST - resolved
        if missing > 0:
            said += f" A ranking appears from {FEWEST} resolved on: {missing} missing."
        return said

    def __str__(self) -> str:
        """Return the questions, and the ranking where there is one."""
        rows = [["", "by", "posterior", "prior", "outcome", ""]]
        rows += [
            [row.id, str(row.by), show(row.chances[POSTERIOR], "share"),
             show(row.chances["prior"], "share"), row.outcome, row.says[:32]]
            for row in self.rows
        ]  # fmt: skip
        lines = [*table(rows, "<6 <10 >9 >6 <7 <"), "", self.standing()]
        if self.ranking:
            scores = [["", "Brier", "95 %", "log"]]
            scores += [
                [row.model, show(row.mean["brier"], "fine"),
                 show_range(*row.interval["brier"], "fine"), show(row.mean["log"], "fine")]
                for row in self.ranking
            ]  # fmt: skip
            lines += ["", *table(scores, "<12 >7 >14 >7")]
        return "\n".join([*lines, *(f"\n{one}" for one in self.beside)])

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON; no ranking is null."""
        return {
            "questions": plain(self.rows),
            "standing": self.standing(),
            "ranking": plain(self.ranking) if self.ranking else None,
            "beside": plain(self.beside),
        }

    def to_pandas(self) -> Any:
        """Return a row for each question (needs pandas)."""
        return data_frame([row.to_dict() for row in self.rows])


def resolve_questions(ledger: Path | str, outcomes: Path | str, rng: Seed = 0) -> ResolvedQuestions:
    """Score the sealed questions of a ledger on what came.

    Parameters
    ----------
    ledger : path or str
    outcomes : path or str
        A table of outcomes.
    rng : int, numpy Generator or None
        Of the bootstrap.

    Raises
    ------
    InputError
        When the table is wrong, with row and column, or the ledger has no questions.
    AnalysisError
        When the ledger is not intact.
    """
    rows, about = [], list[tuple[Hashable, Hashable]]()
    sealed: dict[str, tuple[dt.date, dt.date]] = {}
    entries = read_entries(ledger)
    for entry in entries:
        if not isinstance(entry, EntryFields) or entry.questions is None:
            continue
        asked = questions_of(entry, case_of(entry, str(ledger)), str(ledger))
        when = dt.datetime.fromisoformat(entry.sealed).date()
        for question, query in zip(asked.fields.questions, asked.queries, strict=True):
            by = dt.date.fromisoformat(question.by)
            used = query.right.uses | (query.left.uses if query.left else frozenset())
            about.append((" ".join(sorted(used)), by.year))
            sealed[question.id] = when, by
            rows.append(
                ResolvedQuestion(
                    question.id, question.says, entry.case, entry.number, by,
                    entry.questions.chances[question.id], "open", None, "",
                )
            )  # fmt: skip
    if not rows:
        raise InputError(
            f"{ledger}: no question is sealed in it; seal some with `detente seal --questions`"
        )
    told = _outcomes(Path(outcomes), sealed)
    rows = [_with(row, told.get(row.id)) for row in rows]
    settled = [k for k, row in enumerate(rows) if row.outcome in {"yes", "no"}]

    def scored(
        numbers: Sequence[int], other: str = "", chances: Sequence[float] = ()
    ) -> tuple[ModelScores, ...]:
        given = {m: [rows[k].chances[m] for k in numbers] for m in rows[numbers[0]].chances}
        given |= {other: list(chances)} if other else {}
        return mean_scores(
            {m: [np.array([p, 1 - p]) for p in answers] for m, answers in given.items()},
            [np.array([1.0, 0.0] if rows[k].outcome == "yes" else [0.0, 1.0]) for k in numbers],
            [True] * len(numbers), [about[k] for k in numbers], other or POSTERIOR, rng,
        )  # fmt: skip

    beside = []
    for name, sealed_by in outside_chances(entries, str(ledger)).items():
        answered = [k for k in settled if _in_time(rows[k], sealed_by)]
        if len(answered) >= FEWEST:
            missing = tuple(rows[k].id for k in settled if k not in answered)
            scores = scored(answered, name, [sealed_by[rows[k].id][0] for k in answered])
            beside.append(OutsideScores(name, len(answered), missing, scores))
    ranking = scored(settled) if len(settled) >= FEWEST else ()
    return ResolvedQuestions(tuple(rows), ranking, tuple(beside))


def _in_time(row: ResolvedQuestion, sealed: Mapping[str, Sealed]) -> bool:
    """Whether a forecaster answered a question, before the day that settled it."""
    return row.date is not None and row.id in sealed and sealed[row.id][1] < row.date


Outcome = tuple[OutcomeWord, dt.date, str]


def _with(row: ResolvedQuestion, told: Outcome | None) -> ResolvedQuestion:
    if told is None:
        return row
    return ResolvedQuestion(row.id, row.says, row.case, row.entry, row.by, row.chances, *told)


def _outcomes(path: Path, sealed: dict[str, tuple[dt.date, dt.date]]) -> dict[str, Outcome]:
    """Return what a table of outcomes says, all of it checked."""
    found: dict[str, Outcome] = {}
    for number, row in csv_rows(path, "outcomes", COLUMNS):
        _take(row, f"{path.name}, row {number}, column", sealed, found)
    return found


def _take(
    row: dict[str, str],
    place: str,
    sealed: dict[str, tuple[dt.date, dt.date]],
    found: dict[str, Outcome],
) -> None:
    name, outcome, source = row["question"], row["outcome"].lower(), row["source"]
    if name not in sealed:
        hint = suggestion(name, sealed, "question")
        raise InputError(f"{place} question: {quote(name)} is not sealed here; {hint}")
    if name in found:
        raise InputError(f"{place} question: {name} stands twice; give one outcome")
    if outcome not in {"yes", "no", "void"}:
        raise InputError(f"{place} outcome: {quote(outcome)}; give {listed(['yes', 'no', 'void'])}")
    try:
        day = dt.date.fromisoformat(row["date"])
    except ValueError:
        raise InputError(
            f"{place} date: {quote(row['date'])} is not a date; write it as 2027-03-15"
        ) from None
    when, by = sealed[name]
    if outcome != "void" and day < when:
        raise InputError(f"{place} date: {name} was sealed on {when}, after {day}; enter void")
    if outcome == "yes" and day > by:
        raise InputError(f"{place} date: {name} asks by {by}, and {day} is later; enter no")
    if not source or hidden_character(source) or "\n" in source:
        raise InputError(f"{place} source: name the source that settles it, in one line")
    found[name] = cast(OutcomeWord, outcome), day, source
