"""What an entry of a ledger must hold before anything of it is believed, printed or run.

A ledger is a file that people send each other, and hashes are no proof of who wrote it: anyone can
make good ones. So every field is checked for its type, length and characters, strictly, before it
is used; what is wrong is said with the number of the entry and the name of the field.
Cost: linear in the entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from detente.case import QuestionFileFields
from detente.errors import AnalysisError
from detente.text import fit_to_print, hidden_character, quote

MOST_DRAWS = 10_000_000
LARGEST_SEED = 2**128
MOST_TIMES = 1_000
LONGEST_CASE = 2**20
"""Bytes of the case in an entry, as long as that of a file may be."""
_LONGEST_NAME = 255


def _printable(text: str) -> str:
    hidden = hidden_character(text)
    if hidden or "\n" in text or "\t" in text:
        raise ValueError(hidden[1] if hidden else "it is not one line")
    return text


def printable_lines(text: str) -> str:
    """Refuse a text with characters that no reader sees."""
    hidden = hidden_character(text)
    if hidden:
        raise ValueError(hidden[1])
    return text


def _file_name(text: str) -> str:
    if "/" in text or "\\" in text or text in {".", ".."}:
        raise ValueError("it leads to a folder")
    return text


def _utf8(text: str) -> str:
    hidden = hidden_character(text)
    if hidden:
        raise ValueError(hidden[1])
    if len(text.encode()) > LONGEST_CASE:
        raise ValueError("it is longer than a case may be")
    return text


def _moment(text: str) -> str:
    if dt.datetime.fromisoformat(text).utcoffset() != dt.timedelta():
        raise ValueError("it is not in Universal Time")
    return text


Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME), AfterValidator(_printable)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Chance = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Series = Annotated[list[Number], Field(max_length=MOST_TIMES)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Fields = TypeVar("Fields", bound=_Strict)


class ForecastFields(_Strict):
    """What was forecast: numbers only, by names of the case."""

    times: Series
    shares: dict[Words, dict[Words, Series]]
    claims: dict[Words, Number | None]


class QuestionsFields(_Strict):
    """Questions as they were asked, and by question the chance that each model gives."""

    asked: QuestionFileFields
    chances: dict[Words, dict[Words, Chance]]


class EntryParts(_Strict):
    """What every entry has."""

    number: Annotated[int, Field(ge=1)]
    previous: Hash
    hash: Hash
    sealed: Annotated[Words, AfterValidator(_moment)]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+!-]{1,60}$")]


class EntryFields(EntryParts):
    """An entry, as `detente seal` writes it."""

    case: Words
    path: Annotated[Words, AfterValidator(_file_name)]
    sha256: Hash
    text: Annotated[str, AfterValidator(_utf8)]
    draws: Annotated[int, Field(ge=1, le=MOST_DRAWS)]
    seed: Annotated[int, Field(ge=0, lt=LARGEST_SEED)]
    forecast: ForecastFields
    questions: QuestionsFields | None = None


def checked_entry(entry: Mapping[str, Any], number: int, ledger: str) -> EntryFields:
    """Return an entry of which every field is what it should be.

    Parameters
    ----------
    entry : mapping
        As JSON has it.
    number : int
        Its place in the ledger, for messages.
    ledger : str
        The name of the ledger, for messages.

    Raises
    ------
    AnalysisError
        At the first field that is not; names the entry and the field.

    Examples
    --------
    >>> checked_entry({"number": 1, "case": "dam"}, 1, "l.jsonl")
    Traceback (most recent call last):
    detente.errors.AnalysisError: l.jsonl: entry 1 lacks 'previous'; it was not made by ...
    """
    return checked_fields(EntryFields, entry, number, ledger)


def checked_fields(
    fields: type[Fields], entry: Mapping[str, Any], number: int, ledger: str
) -> Fields:
    """Return an entry of a kind of which every field is what it should be; see `checked_entry`."""
    try:
        return fields.model_validate(entry)
    except ValidationError as error:
        wrong = _in_words(error)
    raise AnalysisError(
        f"{ledger}: entry {number} {wrong}; it was not made by `detente seal`, leave it out"
    )


def _in_words(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[0]
    place = quote(".".join(str(part) for part in found["loc"]) or "a field")
    match found["type"]:
        case "missing":
            return f"lacks {place}"
        case "extra_forbidden":
            return f"has {place}, which no entry has"
        case "string_pattern_mismatch":
            return f"has a wrong {place}: it is not written as it should be"
    reason = found["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return f"has a wrong {place}: {fit_to_print(reason)}"
