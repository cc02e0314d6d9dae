"""A statement in a ledger: what is held fixed before anybody looks, by the hashes of its files.

A forecast of one case is sealed whole and run again (`detente.evidence._seal`). What rests on data
that may not be passed on, such as the fit of a panel, is sealed as a statement instead: what it is
about, in words, the SHA-256 of every file that it rests on, and its numbers. It is checked for
being what was written, and in its place; running it again needs the data. Cost: linear in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

import detente
from detente.evidence._ledger import FIRST, append
from detente.evidence._sealed_entry import (
    EntryParts,
    Hash,
    Series,
    Words,
    checked_fields,
    printable_lines,
)
from detente.text import Result
from detente.values import plain_fields

Kind = Literal["rule", "scores", "forecasts"]
LONGEST_STATEMENT = 4000
_KINDS = {"rule": "rule of ", "scores": "scores of ", "forecasts": ""}


class StatementFields(EntryParts):
    """A statement, as `seal_statement` writes it."""

    kind: Kind
    about: Words
    says: Annotated[str, Field(max_length=LONGEST_STATEMENT), AfterValidator(printable_lines)]
    files: dict[Words, Hash]
    numbers: dict[Words, Series]


@dataclass(frozen=True)
class SealedStatement(Result):
    """A statement on record.

    Attributes
    ----------
    number : int
        Of the entry, from 1.
    hash : str
        Of the entry; whoever has it can tell whether it or anything before it was changed.
    sealed : str
        When, in UTC.
    version : str
    kind : {"rule", "scores", "forecasts"}
        What is held fixed, what came of it, or what somebody else forecasts.
    about, says : str
    files : mapping of str to str
        SHA-256 by name.
    numbers : mapping of str to list of float
    """

    number: int
    hash: str
    sealed: str
    version: str
    kind: str
    about: str
    says: str
    files: Mapping[str, str]
    numbers: Mapping[str, list[float]]

    def __str__(self) -> str:
        """Return a few lines."""
        return (
            f"entry {self.number}  {_KINDS[self.kind]}{self.about}, detente {self.version}, "
            f"{self.sealed}\n  files  {len(self.files)}\n  entry  {self.hash}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


def is_statement(entry: Mapping[str, Any]) -> bool:
    """Whether an entry says that it is a statement."""
    return "kind" in entry


def checked_statement(entry: Mapping[str, Any], number: int, ledger: str) -> SealedStatement:
    """Return a statement of which every field is what it should be; else raise `AnalysisError`."""
    fields = checked_fields(StatementFields, entry, number, ledger)
    return SealedStatement(**fields.model_dump(include=set(SealedStatement.__dataclass_fields__)))


def seal_statement(
    ledger: Path | str,
    kind: Kind,
    about: str,
    says: str,
    files: Mapping[str, str],
    numbers: Mapping[str, list[float]],
    *,
    now: dt.datetime | None = None,
) -> SealedStatement:
    """Put a statement on record.

    Parameters
    ----------
    ledger : path or str
        Made when it is not there.
    kind : {"rule", "scores", "forecasts"}
    about, says : str
    files : mapping of str to str
        SHA-256 by name.
    numbers : mapping of str to list of float
    now : datetime, optional
        The time to write down; the clock's by default.

    Raises
    ------
    AnalysisError
        When a field is not what may stand there, or the ledger is not intact or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ledger.jsonl"
    >>> seal_statement(path, "rule", "rain", "It rains on Monday.", {}, {"share": [0.7]}).number
    1
    """
    when = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).isoformat(timespec="seconds")
    said = {
        "sealed": when, "version": detente.__version__, "kind": kind, "about": about, "says": says,
        "files": dict(files), "numbers": {name: list(row) for name, row in numbers.items()},
    }  # fmt: skip
    checked_statement({**said, "number": 1, "previous": FIRST, "hash": FIRST}, 1, str(ledger))
    entry = append(ledger, lambda _: said)
    return checked_statement(entry, entry["number"], str(ledger))
