"""What a result file holds, as a side of a comparison: ``results.json`` of a run, a study file.

The results of a run name the case by its text, so that nothing but the file is needed. Cost: one
reading of the file and of the case in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from detente.case import read_case
from detente.comparison._side import Side, side_of_study
from detente.engine import VisibleText
from detente.errors import InputError
from detente.study import Design, open_study

Numbers = list[float | None]
Index = Annotated[int, Field(ge=0, lt=2**128)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)


class _About(_Part):
    name: VisibleText
    text: str
    variants: list[VisibleText]
    settings: dict[VisibleText, float]


class _Failure(_Part):
    draw: Index
    claim: str


class _Draws(_Part):
    draws: Annotated[int, Field(ge=1)]
    seed: Index
    failures: list[_Failure]
    design: Literal["lhs", "sobol", "saltelli", "morris", "tornado", "given"]
    parameters: dict[VisibleText, list[float]]
    completed: list[Index]
    answers: dict[VisibleText, Numbers]


class _Results(_Part):
    case: _About
    study: _Draws


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
        if not file.is_file():  # a pipe would be waited for
            return None
        with file.open("rb") as stream:
            head = stream.read(len(_SQLITE))
        if head == _SQLITE:
            return side_of_study(open_study(file))
        if file.suffix.lower() != ".json":
            return None
        size = file.stat().st_size
        if size > _LARGEST:
            raise InputError(f"{path}: the file has {size:,} bytes, more than 256 MiB")
        content = file.read_bytes()
    except OSError:
        return None
    try:
        side = _side(_Results.model_validate_json(content))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise InputError(
                f"{path}: this is not JSON: {first['msg']}; give results.json of a run"
            ) from None
        side = None
    if side is None:
        raise InputError(
            f"{path}: these are no results of `detente run` with the case in them; run it again"
        )
    return side


def _side(results: _Results) -> Side | None:
    """Return the side that results give; None where they do not go together."""
    about, study = results.case, results.study
    name = about.name.partition(" (")[0]
    case = read_case(about.text.encode("utf-8"), f"{name}.yaml")
    case = case.variant(*about.variants).set(about.settings)
    levels = {v.name: tuple(level.name for level in v.levels) for v in case.variants if v.drawn}
    levels = {name: levels[name] for name in study.parameters if name in levels}
    names, count = tuple(study.parameters), study.draws
    known = {*case.parameters, *levels}
    asked = {claim.id for claim in case.claims if claim.ask is not None}
    failed = {failure.draw for failure in study.failures if not failure.claim}
    draws = sorted([*study.completed, *failed])
    if not (
        len(draws) == count
        and draws == list(range(count))
        and known >= set(names)
        and asked >= set(study.answers)
        and all(len(column) == count for column in study.parameters.values())
        and all(len(column) == len(study.completed) for column in study.answers.values())
        and all(
            value in range(len(own)) for name, own in levels.items()
            for value in study.parameters[name]
        )
    ):  # fmt: skip
        return None
    values = np.array([study.parameters[name] for name in names], dtype=np.float64)
    design = Design(
        names, values.reshape(len(names), count).T.copy(), study.seed, study.design, levels=levels
    )
    answers = {}
    for name, found in study.answers.items():
        answers[name] = np.full(count, np.nan)
        answers[name][study.completed] = np.array(found, dtype=np.float64)
    return Side(case, design, answers, {})
