"""What a result file holds, as a side of a comparison: ``results.json`` of a run, a study file.

The results of a run name the case by its text, so that nothing but the file is needed. Cost: one
reading of the file and of the case in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from detente.case import read_case
from detente.comparison._side import Side, side_of_study
from detente.errors import InputError
from detente.study import Design, open_study

_SQLITE = b"SQLite format 3\x00"
_LARGEST = 2**28


def stored_side(path: Path | str) -> Side | None:
    """Return the side that a result file gives; None for what is no result file.

    Raises
    ------
    InputError
        For a file that looks like results and cannot be understood.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            head = stream.read(len(_SQLITE))
        if head == _SQLITE:
            return side_of_study(open_study(file))
        if file.suffix.lower() != ".json":
            return None
        size = file.stat().st_size
        if size > _LARGEST:
            raise InputError(f"{path}: the file has {size:,} bytes, more than 256 MiB")
        results = json.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: this is not JSON: {error}; give results.json of a run") from None
    try:
        return _side(results, str(path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path}: these are no results of `detente run` with the case in them; run it again"
        ) from None


def _side(results: Mapping[str, Any], path: str) -> Side:
    about, study = results["case"], results["study"]
    name = about["name"].partition(" (")[0]
    case = read_case(about["text"].encode("utf-8"), f"{name}.yaml")
    case = case.variant(*about["variants"]).set(about["settings"])
    names = tuple(study["parameters"])
    values = np.array([study["parameters"][name] for name in names], dtype=np.float64)
    count = int(study["draws"])
    levels = {v.name: tuple(level.name for level in v.levels) for v in case.variants if v.drawn}
    design = Design(
        names, values.reshape(len(names), count).T.copy(), int(study["seed"]), study["design"],
        levels={name: levels[name] for name in names if name in levels},
    )  # fmt: skip
    answers = {}
    for name, found in study["answers"].items():
        answers[name] = np.full(count, np.nan)
        answers[name][np.array(study["completed"], dtype=np.int64)] = np.array(
            found, dtype=np.float64
        )
    return Side(case, design, answers, {})
