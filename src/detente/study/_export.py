"""A study as a table, one row per draw: CSV, or Parquet for other tools.

Rows are in order of draws and hold nothing that depends on how or when the work was done, so equal
studies give equal bytes. Numbers are written in full. Cost: linear in the table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from detente.errors import InputError
from detente.files import draft_for
from detente.study._result import Study
from detente.text import csv_cell

SUFFIXES = (".csv", ".parquet")


def columns(study: Study) -> list[str]:
    """Return the columns of a study's table.

    They are the draw's number, its inputs, the answers to the claims, the probability of every
    level at the end of the clock, the certificate, and the reason where the draw failed.
    """
    levels = [f"{name} == {level}" for name, own in study.variables.items() for level in own]
    answers = [claim.id for claim in study.asked]
    work = ["residual", "sweeps", "folds"]
    return ["draw", *study.design.names, *answers, *levels, *work, "failure"]


def rows(study: Study) -> Iterator[list[Any]]:
    """Yield a row for each draw that was done; missing numbers are None."""
    names, levels = study.design.names, study.design.levels
    answered = {number: place for place, number in enumerate(study.completed.tolist())}
    reasons = {f.draw: f.reason for f in study.failures if not f.claim}
    empty = [None] * (len(study.asked) + study.shares.shape[2] + 3)
    for number in sorted({*answered, *reasons}):
        inputs = [
            levels[name][int(value)] if name in levels else value
            for name, value in zip(names, study.design.values[number].tolist(), strict=True)
        ]
        if number not in answered:
            yield [number, *inputs, *empty, reasons[number]]
            continue
        place = answered[number]
        values = [None if np.isnan(x) else x for x in study.values[place].tolist()]
        residual, sweeps, folds = study.work[place].tolist()
        ends = study.shares[place, -1].astype(np.float64).round(7).tolist()
        yield [number, *inputs, *values, *ends, residual, int(sweeps), int(folds), ""]


def export(study: Study, path: Path | str) -> None:
    """Write a study's table to a file, whole or not at all.

    Parameters
    ----------
    study : Study
    path : path or str
        Ends in ``.csv``, or in ``.parquet`` (needs the extra ``pandas``).

    Raises
    ------
    InputError
        For another ending, or when packages are missing.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path}: an export must end in {' or '.join(SUFFIXES)}; rename it")
    with draft_for(path) as draft:
        if path.suffix == ".csv":
            with draft.open("w", encoding="utf-8", newline="") as stream:
                _write_csv(study, stream)
        else:
            _write_parquet(study, draft)


def to_csv(study: Study) -> str:
    """Return a study's table as CSV."""
    stream = io.StringIO(newline="")
    _write_csv(study, stream)
    return stream.getvalue()


def _write_csv(study: Study, stream: Any) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(map(csv_cell, columns(study)))
    writer.writerows(map(csv_cell, row) for row in rows(study))


def _write_parquet(study: Study, path: Path) -> None:
    try:
        import pandas as pd

        pd.DataFrame(rows(study), columns=columns(study)).to_parquet(path, index=False)
    except ImportError as error:
        raise InputError(
            f"Parquet needs pandas and pyarrow ({error}); install detente with the extra `pandas`"
        ) from None
