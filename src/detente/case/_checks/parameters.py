"""Parameters: value, range, distribution, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from detente.case._checks.findings import Path, Problems
from detente.case._model import Distribution, Parameter
from detente.case._schema import CaseFile, ParameterFile
from detente.text import suggestion

JUDGEMENT = "judgement"
"""The source of what nobody but the analyst vouches for."""


def read_parameters(file: CaseFile, findings: Problems) -> dict[str, Parameter]:
    """Check the parameters of a file and build them."""
    made = {}
    for name, body in file.parameters.items():
        path: Path = ("parameters", name)
        made[name] = _parameter(name, body, path, findings)
        _check_source(body, path, file.sources, findings)
    return made


def _parameter(name: str, body: ParameterFile, path: Path, findings: Problems) -> Parameter:
    distribution: Distribution = "fixed"
    low = high = body.value
    choices: tuple[float, ...] = ()
    if body.range is not None and body.choices is not None:
        findings.add((*path, "choices"), f"{name} has both a range and choices", "keep one of them")
    elif body.range is not None:
        distribution = body.distribution
        low, high = body.range
        _check_range(name, body, path, findings)
    elif body.choices is not None:
        distribution, choices = "choices", tuple(body.choices)
        low, high = min(choices), max(choices)
        if body.value not in choices:
            listed = ", ".join(f"{choice:g}" for choice in choices)
            message = f"{name} = {body.value:g} is not one of the choices"
            findings.add((*path, "value"), message, f"use one of {listed}")
        if any(a == b for a, b in pairwise(sorted(choices))):
            findings.add((*path, "choices"), f"{name} has a choice twice", "list each once")
    if body.range is None:
        for key in ("distribution", "mode", "sd"):
            if key in body.model_fields_set:
                findings.add(
                    (*path, key), f"{key} needs a range", "add one, or delete it", key=True
                )
    return Parameter(
        name,
        body.value,
        distribution,
        low,
        high,
        body.value if body.mode is None else body.mode,
        0.0 if body.sd is None else body.sd,
        choices,
        body.unit,
        body.reason,
        body.source,
    )


def _check_range(name: str, body: ParameterFile, path: Path, findings: Problems) -> None:
    low, high = body.range or (0.0, 0.0)
    where = (*path, "range")
    if low >= high:
        findings.add(
            where, f"the range [{low:g}, {high:g}] is empty", "write [low, high] with low < high"
        )
        return
    if not low <= body.value <= high:
        findings.add(
            (*path, "value"),
            f"{name} = {body.value:g} lies outside its range [{low:g}, {high:g}]",
            "move the value or widen the range",
        )
    if body.distribution == "loguniform" and low <= 0:
        findings.add(where, "loguniform needs a range above 0", "raise the lower end")
    if body.distribution == "normal":
        if body.sd is None and findings.maimed(path):
            return
        if body.sd is None or body.sd <= 0:
            findings.add((*path, "sd"), "normal needs an sd above 0", "add `sd: …`")
    elif body.sd is not None:
        findings.add((*path, "sd"), f"{body.distribution} takes no sd", "delete it", key=True)
    if body.mode is not None:
        if body.distribution not in {"normal", "triangular"}:
            findings.add(
                (*path, "mode"), f"{body.distribution} takes no mode", "delete it", key=True
            )
        elif not low <= body.mode <= high:
            findings.add(
                (*path, "mode"),
                f"the mode {body.mode:g} lies outside the range [{low:g}, {high:g}]",
                "move it inside",
            )


def _check_source(
    body: ParameterFile, path: Path, sources: Mapping[str, object], findings: Problems
) -> None:
    if body.range is not None or body.choices is not None:
        what = "range" if body.range is not None else "choices"
        whole = not findings.maimed(path)
        if not body.reason.strip() and whole:
            findings.add(path, f"{path[1]} has {what} but no reason", "add `reason: …`", key=True)
        if not body.source and whole:
            findings.add(
                path,
                f"{path[1]} has {what} but no source",
                f"add `source:` with the id of a source, or {JUDGEMENT}",
                key=True,
            )
    if body.source and body.source != JUDGEMENT:
        check_source_id(body.source, (*path, "source"), sources, findings, JUDGEMENT)


def check_source_id(
    source: str, path: Path, sources: Mapping[str, object], findings: Problems, *also: str
) -> None:
    """Complain about the id of a source that the file does not have."""
    if source not in sources and source not in findings.ghosts:
        known = [*sources, *also]
        findings.add(path, f"there is no source {source!r}", suggestion(source, known, "source"))
