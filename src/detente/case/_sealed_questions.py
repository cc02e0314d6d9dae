"""Questions to be put under seal: what is asked of a case, by when, and how it will be settled.

A file of questions is YAML beside the case::

    known: 2025-12-31              # the last day of the record that a forecast may know
    set: {russia_turn: 0.5}        # parameters set for these questions, if any
    questions:
      - id: Q1
        says: North Korea makes a nuclear test in 2027.
        query: F dprk.conduct == strategic
        from: 2027-01-01
        by: 2027-12-31
        rubric: {source: ..., wording: ..., ties: ...}

``query`` is F (happens), G (holds throughout), U (until) or a plain formula, which is about the day
``by``; it names no years, as the days do. The rubric is written before anybody knows: which source
counts, what in its words settles the question, who decides where that is open.
Cost: linear in the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from detente.case._case import Case
from detente.case._text_reading import FileTooLarge, decode, read_limited
from detente.case._yaml_reading import Node, parse
from detente.errors import InputError
from detente.expression import ExpressionError, Query, compile_query
from detente.text import fit_to_print, hidden_character, quote

MOST_QUESTIONS = 1_000
YEAR = 365.25


def _line(text: str) -> str:
    hidden = hidden_character(text)
    if hidden or "\n" in text or "\t" in text:
        raise ValueError(hidden[1] if hidden else "it is not one line")
    return str(text)


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("it is not a date; write it as 2027-12-31") from None


Line = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_line)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
Day = Annotated[str, AfterValidator(_day)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class RubricFields(_Fields):
    """How a question will be settled."""

    source: Line
    wording: Line
    ties: Line


class QuestionFields(_Fields):
    """A question, as a file has it."""

    id: Name
    says: Line
    query: Line
    first: Annotated[Day | None, Field(alias="from")] = None
    by: Day
    rubric: RubricFields


class QuestionFileFields(_Fields):
    """A file of questions."""

    known: Day | None = None
    settings: Annotated[dict[str, Number], Field(alias="set")] = {}
    questions: Annotated[list[QuestionFields], Field(min_length=1, max_length=MOST_QUESTIONS)]


@dataclass(frozen=True, slots=True)
class SealedQuestions:
    """Questions about one case, ready to be answered.

    Attributes
    ----------
    case : Case
        With the parameters set as the questions have it.
    known : datetime.date
        The last day of the record that a forecast may know.
    queries : tuple of Query
        One for each question, in years from the end of that day.
    fields : QuestionFileFields
        As written.
    """

    case: Case
    known: dt.date
    queries: tuple[Query, ...]
    fields: QuestionFileFields


def read_questions(path: Path | str, case: Case) -> SealedQuestions:
    """Read a file of questions about a case.

    Parameters
    ----------
    path : path or str
    case : Case
        With a history.

    Raises
    ------
    InputError
        With the place, for whatever is wrong.
    """
    name = Path(path).name
    wrong: list[str] = []

    def complain(line: int, column: int, what: str, remedy: str) -> None:
        wrong.append(f"{name}:{line}:{column}: {what}; {remedy}")

    try:
        text = decode(read_limited(Path(path)), complain)
    except FileTooLarge as error:
        raise InputError(f"{name}: {'; '.join(error.args)}") from None
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}; give a file of questions") from None
    node = None if text is None else parse(text, complain)
    if wrong or node is None:
        raise InputError("\n".join(wrong) or f"{name}: empty; write `questions:`")
    return make_questions(node.data(), case, name, node)


def make_questions(data: Any, case: Case, name: str, node: Node | None = None) -> SealedQuestions:
    """Return questions from plain data, all of it checked; see `read_questions`.

    Parameters
    ----------
    data : object
        As a file or a ledger has it.
    case : Case
    name : str
        Of the file, for messages.
    node : Node, optional
        Of the file, for lines in messages.
    """
    try:
        fields = QuestionFileFields.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        reason = found["msg"].removeprefix("Value error, ")
        place = tuple(found["loc"])
        said = ".".join(str(part) for part in place) or "the file"
        raise InputError(
            f"{name}{_at(node, place)}: {fit_to_print(said)}: {fit_to_print(reason)}"
        ) from None
    if not case.history:
        raise InputError(f"{case.name} has no history to forecast from; add rows under `history`")
    last = max(row.until or row.date for row in case.history)
    known = dt.date.fromisoformat(fields.known) if fields.known else last
    if known > last:
        raise InputError(f"{name}: known is {known}, and the record of {case.name} ends on {last}")
    seen: set[str] = set()
    queries = []
    for number, question in enumerate(fields.questions):
        place = ("questions", number)
        if question.id in seen:
            raise InputError(f"{name}{_at(node, place)}: {question.id} stands twice")
        seen.add(question.id)
        try:
            queries.append(_query(question, known, case))
        except InputError as error:
            raise InputError(f"{name}{_at(node, place)}: {question.id}: {error}") from None
    return SealedQuestions(case.set(fields.settings), known, tuple(queries), fields)


def _query(question: QuestionFields, known: dt.date, case: Case) -> Query:
    by = dt.date.fromisoformat(question.by)
    first = known if question.first is None else dt.date.fromisoformat(question.first)
    if not known <= first <= by or by == known:
        raise InputError(
            f"its days are {first} to {by}; they come after {known}, the last day known, in order"
        )
    try:
        query = compile_query(question.query, case.namespace)
    except ExpressionError as error:
        raise InputError(
            f"query {quote(question.query)}, column {error.start + 1}: {error}"
        ) from None
    end = (by - known).days / YEAR
    if query.operator == "":
        if question.first is not None:
            raise InputError("a plain formula is about the day `by` alone; leave out `from`")
        # What holds on a day has happened in the period that is that moment.
        return replace(query, operator="F", low=end, high=end)
    if query.low > 0.0 or query.high != float("inf"):
        raise InputError(f"query {quote(question.query)} names years; `from` and `by` say when")
    # Of the first day itself, the evening before is the beginning.
    before = 0 if first == known else 1
    return replace(query, low=((first - known).days - before) / YEAR, high=end)


def _at(node: Node | None, place: tuple[str | int, ...]) -> str:
    """Return the line of a place, as far as the file has it."""
    if node is None:
        return ""
    for part in place:
        if isinstance(part, int):
            if part >= len(node.items):
                break
            node = node.items[part]
        elif part in node.pairs:
            node = node.pairs[part][1]
        else:
            break
    return f":{node.line}"


def as_written(questions: SealedQuestions) -> Mapping[str, Any]:
    """Return questions as plain data, as `make_questions` takes them, with the day known."""
    data = questions.fields.model_dump(by_alias=True)
    return {**data, "known": questions.known.isoformat()}
