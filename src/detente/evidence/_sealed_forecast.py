"""What sealing a forecast gives, and what running a ledger again gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.evidence._blind import POSTERIOR
from detente.evidence._sealed_statement import SealedStatement
from detente.text import Result, show
from detente.values import plain_fields


@dataclass(frozen=True)
class SealedForecast(Result):
    """One entry of a ledger.

    Attributes
    ----------
    number : int
    hash : str
        SHA-256 of the entry, and through the chain of all before it.
    sealed : str
        When, in Universal Time.
    case, sha256, version : str
        Name and hash of the case, version of detente.
    draws, seed : int
    forecast : mapping
        ``times`` (years), ``shares`` (by variable, then level, one per time), ``claims`` (median
        answers, None without one).
    questions : mapping or None
        ``asked``, as a file of questions has them, and ``chances`` by question, then model.
    """

    number: int
    hash: str
    sealed: str
    case: str
    sha256: str
    version: str
    draws: int
    seed: int
    forecast: Mapping[str, Any]
    questions: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        """Return a few lines."""
        lines = []
        if self.questions is not None:
            for one in self.questions["asked"]["questions"]:
                chance = show(self.questions["chances"][one["id"]][POSTERIOR], "share")
                lines.append(f"  {one['id']:<6} {chance:>5}  by {one['by']}  {one['says']}")
        head = (
            f"entry {self.number}  {self.case}, {self.draws} draws, seed {self.seed}, "
            f"detente {self.version}, {self.sealed}\n  case   {self.sha256}\n  entry  {self.hash}"
        )
        return "\n".join([head, *lines])

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True)
class LedgerCheck(Result):
    """What running the entries of a ledger again gave.

    Attributes
    ----------
    entries : tuple of SealedForecast or SealedStatement
    differences : tuple of float
        For each entry, the largest difference of a number from what was sealed; nan where it was
        not run again.
    vouched : int or None
        The number of the entry whose hash was handed out and given; None where none was.
    """

    entries: tuple[SealedForecast | SealedStatement, ...]
    differences: tuple[float, ...]
    vouched: int | None = None

    def __str__(self) -> str:
        """Return one paragraph per entry."""
        told = [
            f"{entry}\n  run again: {_told(difference)}"
            if isinstance(entry, SealedForecast)
            else str(entry)
            for entry, difference in zip(self.entries, self.differences, strict=True)
        ]
        if self.vouched is not None:
            after = len(self.entries) - self.vouched
            rest = f"; {after:,} more after it" if after else ", the last"
            told.append(f"entry {self.vouched} has the hash that was handed out{rest}")
        return "\n".join(told)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


def _told(difference: float) -> str:
    if math.isnan(difference):
        return "not asked for"
    return "the same" if difference == 0.0 else f"the same within {difference:.1g}"
