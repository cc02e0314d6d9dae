"""Forecasts put on record before the event: sealed in a ledger, and run again to be believed.

A sealed forecast is what a study makes of a case: the mean over draws of the chance of each level
of each option and condition, at 21 times over the case's clock, and the median answer to each
claim. Its entry holds the case itself, the number of draws and the seed, so that anyone with the
ledger alone can run it again. Numbers are kept to six decimals, beyond which machines may differ.
Cost: one study to seal, one for each entry to verify.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import detente
from detente.case import Case, read_case
from detente.engine import Progress, Seed, seed_of
from detente.errors import AnalysisError, CaseError, InputError
from detente.evidence._ledger import FIRST, append, read_ledger
from detente.evidence._sealed_entry import LARGEST_SEED, EntryFields, checked_entry
from detente.evidence._sealed_statement import (
    SealedStatement,
    checked_statement,
    is_statement,
)
from detente.study import run_study
from detente.text import Result, quote
from detente.values import plain_fields

DECIMALS = 6
MOST_DRAWS_AGAIN = 100_000
"""That a ledger may have run again unasked: whoever wrote it may claim any number."""
TOLERANCE = 5e-6
"""Largest difference of a number that is run again: rounding, and other machines."""


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

    def __str__(self) -> str:
        """Return a few lines."""
        return (
            f"entry {self.number}  {self.case}, {self.draws} draws, seed {self.seed}, "
            f"detente {self.version}, {self.sealed}\n  case   {self.sha256}\n  entry  {self.hash}"
        )

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


def seal_forecast(
    case: Case,
    ledger: Path | str,
    draws: int = 200,
    rng: Seed = 1,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    now: dt.datetime | None = None,
) -> SealedForecast:
    """Make a forecast and put it on record.

    Parameters
    ----------
    case : Case
    ledger : path or str
        Made when it is not there; see `detente.evidence._ledger`.
    draws : int
    rng : int, numpy Generator or None
        Seed or generator; the seed is part of the entry.
    workers : int, optional
        Threads; all cores by default. They change nothing of what is sealed.
    progress : callable, optional
        Called with (done, all, failed).
    now : datetime, optional
        The time to write down; the clock's by default.

    Raises
    ------
    InputError
        When the case was changed after it was read, or the file is no ledger.
    AnalysisError
        When no draw can be solved, or the ledger is not intact or cannot be written.

    Examples
    --------
    >>> import detente, tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ledger.jsonl"
    >>> seal_forecast(detente.load("chicken"), path, draws=5).number
    1
    >>> verify_ledger(path).differences[0] < TOLERANCE
    True

    See Also
    --------
    verify : Check a ledger and run its forecasts again.
    """
    seed = seed_of(rng)
    if seed >= LARGEST_SEED:
        raise InputError(f"the seed {str(seed)[:9]}… is too large; give one below 2 ** 128")
    if read_case(case.text, case.path) != case:
        raise InputError(
            f"{case.name} was changed after it was read; a seal needs a case as a file has it"
        )
    if Path(ledger).exists():
        _read_entries(ledger)
    elif not Path(ledger).parent.is_dir():
        raise InputError(f"{ledger}: there is no such folder; make it, or choose another")
    forecast = _forecast(case, draws, seed, workers, progress)
    when = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).isoformat(timespec="seconds")
    said = {
        "sealed": when,
        "case": case.name,
        "path": Path(case.path).name,
        "sha256": case.sha256,
        "text": case.text.decode("utf-8"),
        "version": detente.__version__,
        "draws": draws,
        "seed": seed,
        "forecast": forecast,
    }
    checked_entry({**said, "number": 1, "previous": FIRST, "hash": FIRST}, 1, str(ledger))
    entry = append(ledger, lambda _: said)
    return _sealed(checked_entry(entry, entry["number"], str(ledger)))


def verify_ledger(
    ledger: Path | str,
    *,
    run: bool = True,
    last: str | None = None,
    draws: int = MOST_DRAWS_AGAIN,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LedgerCheck:
    """Check the chain of a ledger, run every forecast again, and compare.

    Parameters
    ----------
    ledger : path or str
    run : bool
        Whether to run again; without it only the chain and the entries are checked.
    last : str, optional
        The hash of an entry, as it was handed out: it vouches for all entries up to that one.
    draws : int
        The most draws to run again, of all entries together.
    workers : int, optional
    progress : callable, optional
        Called with (done, all, failed), anew for each entry.

    Raises
    ------
    InputError
        When there is no such ledger, ``last`` is no hash, or the entries claim more draws than
        ``draws``.
    AnalysisError
        When an entry was changed, is out of place, cut short or not what a seal writes, when no
        entry has the hash ``last``, or a forecast comes out differently; names the entry.
    """
    entries = _read_entries(ledger)
    vouched = None if last is None else _vouched(last, entries, str(ledger))
    claimed = sum(entry.draws for entry in entries if isinstance(entry, EntryFields))
    if run and claimed > draws:
        raise InputError(
            f"{ledger}: its entries claim {claimed:,} draws, more than the {draws:,} to run again; "
            f"allow them with --draws {claimed} (draws={claimed}), or check the hashes alone with "
            "--chain (run=False)"
        )
    differences = []
    for entry in entries:
        if isinstance(entry, SealedStatement):
            differences.append(math.nan)
            continue
        case = _case_of(entry, str(ledger))
        if not run:
            differences.append(math.nan)
            continue
        again = _forecast(case, entry.draws, entry.seed, workers, progress)
        difference = _difference(entry.forecast.model_dump(), again)
        if not difference <= TOLERANCE:
            other = (
                f"it was sealed by detente {entry.version}, this is {detente.__version__}: "
                "run it with that one"
                if entry.version != detente.__version__
                else "the forecast in it is not what the case gives"
            )
            by = "in kind" if math.isinf(difference) else f"by up to {difference:.2g}"
            raise AnalysisError(
                f"{ledger}: entry {entry.number} comes out differently, {by}; {other}"
            )
        differences.append(difference)
    found = tuple(one if isinstance(one, SealedStatement) else _sealed(one) for one in entries)
    return LedgerCheck(found, tuple(differences), vouched)


def _vouched(last: str, entries: Sequence[EntryFields | SealedStatement], ledger: str) -> int:
    """Return the number of the entry that has a hash which was handed out."""
    wanted = last.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", wanted):
        raise InputError(
            f"{quote(last)} is no hash of an entry; give the 64 hex digits that "
            "`detente seal` printed"
        )
    for entry in entries:
        if entry.hash == wanted:
            return entry.number
    raise AnalysisError(
        f"{ledger}: no entry has the hash {wanted}; since it was handed out, entries were changed "
        "or taken off the end, or it belongs to another ledger"
    )


def _forecast(
    case: Case, draws: int, seed: int, workers: int | None, progress: Progress | None
) -> dict[str, Any]:
    study = run_study(case, draws, seed, workers, progress)
    shares = {
        name: {
            level: _rounded(study.share(name)[:, :, k].astype(np.float64).mean(axis=0))
            for k, level in enumerate(levels)
        }
        for name, levels in study.variables.items()
    }
    claims = {
        verdict.claim.id: round(verdict.median, DECIMALS) if math.isfinite(verdict.median) else None
        for verdict in study.verdicts()
    }
    return {"times": _rounded(study.times), "shares": shares, "claims": claims}


def _rounded(values: Any) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]


def _difference(one: Any, other: Any) -> float:
    """Return the largest difference of a number; infinite where the forecasts differ in kind."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return math.inf
        return max((_difference(one[key], other[key]) for key in one), default=0.0)
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return math.inf
        return max((_difference(a, b) for a, b in zip(one, other, strict=True)), default=0.0)
    if one is None or other is None:
        return 0.0 if one is other else math.inf
    return float(abs(one - other) / max(1.0, abs(one)))


def _read_entries(ledger: Path | str) -> tuple[EntryFields | SealedStatement, ...]:
    """Return the entries of a ledger: chain and fields checked, nothing run."""
    return tuple(
        checked_statement(entry, number, str(ledger))
        if is_statement(entry)
        else checked_entry(entry, number, str(ledger))
        for number, entry in enumerate(read_ledger(ledger), start=1)
    )


def _case_of(entry: EntryFields, ledger: str) -> Case:
    try:
        case = read_case(entry.text.encode("utf-8"), entry.path)
    except CaseError as error:
        raise AnalysisError(
            f"{ledger}: entry {entry.number} holds a case that cannot be read, {error.problems[0]}"
        ) from None
    if case.sha256 != entry.sha256 or case.name != entry.case:
        raise AnalysisError(
            f"{ledger}: entry {entry.number} names another case than it holds; it was not "
            "made by `detente seal`"
        )
    return case


def _sealed(entry: EntryFields) -> SealedForecast:
    fields = entry.model_dump(include=set(SealedForecast.__dataclass_fields__))
    return SealedForecast(**fields)


def _told(difference: float) -> str:
    if math.isnan(difference):
        return "not asked for"
    return "the same" if difference == 0.0 else f"the same within {difference:.1g}"
