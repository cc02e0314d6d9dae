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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import detente
from detente.case import Case, read_case
from detente.engine import Progress, Seed, seed_of
from detente.errors import AnalysisError, InputError
from detente.evidence._ledger import append, read_ledger
from detente.study import run_study
from detente.text import Result
from detente.values import plain_fields

DECIMALS = 6
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
    entries : tuple of SealedForecast
    differences : tuple of float
        For each entry, the largest difference of a number from what was sealed; nan where it was
        not run again.
    """

    entries: tuple[SealedForecast, ...]
    differences: tuple[float, ...]

    def __str__(self) -> str:
        """Return one paragraph per entry."""
        told = [
            f"{entry}\n  run again: {_told(difference)}"
            for entry, difference in zip(self.entries, self.differences, strict=True)
        ]
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
        When the case was changed after it was read, or the ledger cannot be written.
    AnalysisError
        When no draw can be solved, or the ledger is not intact.

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
    if read_case(case.text, case.path) != case:
        raise InputError(
            f"{case.name} was changed after it was read; a seal needs a case as a file has it"
        )
    if Path(ledger).exists():
        read_ledger(ledger)
    forecast = _forecast(case, draws, seed, workers, progress)
    when = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).isoformat(timespec="seconds")
    entry = append(
        ledger,
        lambda _: {
            "sealed": when,
            "case": case.name,
            "path": Path(case.path).name,
            "sha256": case.sha256,
            "text": case.text.decode("utf-8"),
            "version": detente.__version__,
            "draws": draws,
            "seed": seed,
            "forecast": forecast,
        },
    )
    return _sealed(entry, str(ledger))


def verify_ledger(
    ledger: Path | str,
    *,
    run: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LedgerCheck:
    """Check the chain of a ledger, run every forecast again, and compare.

    Parameters
    ----------
    ledger : path or str
    run : bool
        Whether to run again; without it only the chain is checked.
    workers : int, optional
    progress : callable, optional
        Called with (done, all, failed), anew for each entry.

    Raises
    ------
    InputError
        When there is no such ledger.
    AnalysisError
        When an entry was changed, is out of place or cut short, or when a forecast comes out
        differently; names the entry.
    """
    found, differences = [], []
    for entry in read_ledger(ledger):
        sealed = _sealed(entry, str(ledger))
        case = read_case(entry["text"].encode("utf-8"), entry["path"])
        if case.sha256 != sealed.sha256:
            raise AnalysisError(
                f"{ledger}: entry {sealed.number} names another case than it holds; it was not "
                "made by `detente seal`"
            )
        if run:
            again = _forecast(case, sealed.draws, sealed.seed, workers, progress)
            difference = _difference(sealed.forecast, again)
            if not difference <= TOLERANCE:
                other = (
                    f"; it was sealed by detente {sealed.version}, this is {detente.__version__}: "
                    "run it with that one"
                    if sealed.version != detente.__version__
                    else "; the forecast in it is not what the case gives"
                )
                raise AnalysisError(
                    f"{ledger}: entry {sealed.number} comes out differently, by up to "
                    f"{difference:.2g}{other}"
                )
            differences.append(difference)
        else:
            differences.append(math.nan)
        found.append(sealed)
    return LedgerCheck(tuple(found), tuple(differences))


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
        verdict.claim.id: None if math.isnan(verdict.median) else round(verdict.median, DECIMALS)
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


def _sealed(entry: Mapping[str, Any], name: str) -> SealedForecast:
    try:
        return SealedForecast(
            **{field: entry[field] for field in SealedForecast.__dataclass_fields__}
        )
    except KeyError as missing:
        raise AnalysisError(
            f"{name}: entry {entry.get('number')} lacks {missing}; it was not made by "
            "`detente seal`"
        ) from None


def _told(difference: float) -> str:
    if math.isnan(difference):
        return "not asked for"
    return "the same" if difference == 0.0 else f"the same within {difference:.1g}"
