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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import detente
from detente.case import (
    Case,
    SealedQuestions,
    as_written,
    make_questions,
    read_case,
    read_questions,
)
from detente.engine import Progress, Seed, seed_of
from detente.errors import AnalysisError, CaseError, InputError
from detente.evidence._ledger import FIRST, append, read_ledger
from detente.evidence._sealed_entry import LARGEST_SEED, EntryFields, checked_entry
from detente.evidence._sealed_forecast import LedgerCheck, SealedForecast
from detente.evidence._sealed_questions import question_chances
from detente.evidence._sealed_statement import (
    SealedStatement,
    checked_statement,
    is_statement,
)
from detente.study import run_study
from detente.text import quote

DECIMALS = 6
MOST_DRAWS_AGAIN = 100_000
"""That a ledger may have run again unasked: whoever wrote it may claim any number."""
TOLERANCE = 5e-6
"""Largest difference of a number that is run again: rounding, and other machines."""


def seal_forecast(
    case: Case,
    ledger: Path | str,
    draws: int = 200,
    rng: Seed = 1,
    *,
    questions: Path | str | None = None,
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
    questions : path or str, optional
        A file of questions with their rubrics, to be forecast and sealed too; see
        `detente.case.read_questions`.
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
    asked = None if questions is None else read_questions(questions, case)
    if Path(ledger).exists():
        _refuse_repeated(asked, read_entries(ledger), str(ledger))
    elif not Path(ledger).parent.is_dir():
        raise InputError(f"{ledger}: there is no such folder; make it, or choose another")
    forecast = _forecast(case, draws, seed, workers, progress)
    chances = None if asked is None else _chances(asked, draws, seed, workers, progress)
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
    if asked is not None:
        said["questions"] = {"asked": as_written(asked), "chances": chances}
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
    entries = read_entries(ledger)
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
        case = case_of(entry, str(ledger))
        if not run:
            differences.append(math.nan)
            continue
        again = _forecast(case, entry.draws, entry.seed, workers, progress)
        sealed: dict[str, Any] = entry.forecast.model_dump()
        if entry.questions is not None:
            sealed["chances"] = entry.questions.chances
            asked = questions_of(entry, case, str(ledger))
            again["chances"] = _chances(asked, entry.draws, entry.seed, workers, progress)
        difference = _difference(sealed, again)
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


def _chances(
    asked: SealedQuestions, draws: int, seed: int, workers: int | None, progress: Progress | None
) -> dict[str, dict[str, float]]:
    found = question_chances(asked, draws, seed, workers, progress)
    return {
        question: {model: round(chance, DECIMALS) for model, chance in given.items()}
        for question, given in found.items()
    }


def questions_of(entry: EntryFields, case: Case, ledger: str) -> SealedQuestions:
    """Return the questions of an entry that has some."""
    assert entry.questions is not None
    asked = entry.questions.asked.model_dump(by_alias=True)
    try:
        found = make_questions(asked, case, f"entry {entry.number}")
    except InputError as error:
        raise AnalysisError(f"{ledger}: {error}; it was not made by `detente seal`") from None
    if {one["id"] for one in asked["questions"]} != set(entry.questions.chances):
        raise AnalysisError(
            f"{ledger}: entry {entry.number} forecasts other questions than it asks; it was not "
            "made by `detente seal`"
        )
    return found


def _refuse_repeated(
    asked: SealedQuestions | None, entries: Sequence[EntryFields | SealedStatement], ledger: str
) -> None:
    """Refuse a question whose name the ledger has: its outcome could not be told apart."""
    if asked is None:
        return
    before = {
        one.id: entry.number
        for entry in entries
        if isinstance(entry, EntryFields) and entry.questions is not None
        for one in entry.questions.asked.questions
    }
    for question in asked.fields.questions:
        if question.id in before:
            raise InputError(
                f"{ledger}: entry {before[question.id]} has a question {question.id} already; "
                "give this one another id"
            )


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


def read_entries(ledger: Path | str) -> tuple[EntryFields | SealedStatement, ...]:
    """Return the entries of a ledger: chain and fields checked, nothing run."""
    return tuple(
        checked_statement(entry, number, str(ledger))
        if is_statement(entry)
        else checked_entry(entry, number, str(ledger))
        for number, entry in enumerate(read_ledger(ledger), start=1)
    )


def case_of(entry: EntryFields, ledger: str) -> Case:
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
    fields = entry.model_dump(include=set(SealedForecast.__dataclass_fields__), by_alias=True)
    return SealedForecast(**fields)
