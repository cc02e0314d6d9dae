"""What a job runs: the command line of a study, fit, score or report at the page's setting.

Variants and parameters of the setting go into the command; what is held and today's state do not,
as these commands answer the case's own questions. Results go below ``results`` in the folder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.case import Case
from detente.engine import names_beside
from detente.errors import InputError
from detente.study import study_place
from detente.text import plural, suggestion
from detente.workbench._bench import Bench
from detente.workbench._jobs import JobFolder
from detente.workbench._request import Fragment
from detente.workbench._setting import Setting

JOBS = {
    "study": "Study: every claim over many draws",
    "fit": "Fit: learn the parameters from the record",
    "score": "Score: forecast blindly, then compare with what happened",
    "run": "Report: everything, as a page",
}
DESIGNS = ("lhs", "sobol", "saltelli", "morris", "tornado")
_NAMES = {"study": "Study", "fit": "Fit", "score": "Score", "run": "Report"}


@dataclass(frozen=True)
class _Words:
    """The fields of the form, checked."""

    values: Mapping[str, Any]

    def number(self, name: str, default: int, least: int, most: int) -> str:
        text = str(self.values.get(name) or default).strip()
        if not text.isdecimal() or not least <= int(text) <= most:
            raise InputError(f"{name}: {text!r}; give a number from {least} to {most:,}")
        return str(int(text))

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        text = str(self.values.get(name) or known[0])
        if text not in known:
            raise InputError(f"{name}: {text!r}; {suggestion(text, known, name)}")
        return text

    def day(self, name: str) -> str:
        text = str(self.values.get(name) or "")
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            raise InputError(f"{name}: {text!r} is not a day; write it as 2021-03-15") from None


def job_command(bench: Bench, body: Mapping[str, Any]) -> Iterator[Fragment]:
    """Say which command does what was filled in, and which files it writes."""
    setting, _ = Setting.parse(str(body.get("address", "")).lstrip("?"))
    scene = bench.scene(setting)
    case = scene.base.variant(*setting.variants).set(setting.parameters)
    words = _Words(dict(body.get("words", {})))
    kind = words.one_of("kind", tuple(JOBS))
    folder = "/".join(("results", "-".join([Path(case.path).stem, *case.changes])))
    place = bench.folder.inside(folder)
    name = f"./{setting.case}" if setting.case.startswith("-") else setting.case
    seed, workers = words.number("seed", 1, 0, 2**31), words.number("workers", 1, 1, 1024)
    shared = ["--seed", seed, "--workers", workers, *_changes(setting)]
    store, opens, details = "", "", list[str]()
    match kind:
        case "study":
            draws, design = (
                words.number("draws", 400, 1, 1_000_000),
                words.one_of("design", DESIGNS),
            )
            own = _begun(bench, body) or study_place(case, int(draws), int(seed), design, place)[0]
            store = _below(bench, own)
            path = bench.folder.inside(store)
            command = ["study", name, "--draws", draws, "--design", design, "--output", store]
            command += ["--resume"] if path.exists() else []
            details = [plural(int(draws), "draw"), *([design] if design != DESIGNS[0] else [])]
        case "fit":
            _with_record(case)
            particles = words.number("draws", 400, 20, 1_000_000)
            path = _begun(bench, body) or _free(bench, place / "fit.sqlite")
            store = _below(bench, path)
            command = ["evidence", "fit", name, "--particles", particles, "--output", store]
            command += ["--resume"] if path.exists() else []
            details = [plural(int(particles), "particle")]
        case "score":
            _with_record(case)
            draws = words.number("draws", 400, 2, 1_000_000)
            until = words.day("until")
            command = ["evidence", "score", name, "--until", until, "--draws", draws]
            details = [f"known until {until}", plural(int(draws), "draw")]
        case _:
            draws = words.number("draws", 400, 1, 1_000_000)
            opens = f"{folder}/report.html"
            command = ["run", name, "--draws", draws, "--output", folder]
            details = [plural(int(draws), "draw")]
    yield {
        "kind": kind,
        "title": ", ".join([f"{_NAMES[kind]} of {case.title}", *details, *case.changes]),
        "case": setting.case,
        "command": [*command, *shared],
        "store": store,
        "opens": opens,
        "left_out": bool(setting.held or setting.today),
    }


def _changes(setting: Setting) -> list[str]:
    values = setting.parameters.items()
    words = [word for name, value in values for word in ("--set", f"{name}={value!r}")]
    return words + [word for name in setting.variants for word in ("--variant", name)]


def _with_record(case: Case) -> None:
    if not case.history:
        raise InputError(f"{case.name} has no record to learn from; add history to the case first")


def _begun(bench: Bench, body: Mapping[str, Any]) -> Path | None:
    """Return the file of a job that was begun, which must be below the results."""
    store = str(body.get("store") or "")
    if not store:
        return None
    path = bench.folder.inside(store)
    if path.suffix != ".sqlite" or not path.is_relative_to(bench.folder.inside("results")):
        raise InputError(f"{store} is no result of this folder; start the job anew")
    return path


def _free(bench: Bench, path: Path) -> Path:
    """Return the first name that no file and no job has."""
    taken = {job.store for job in JobFolder(bench.folder.root).jobs()}
    free = (one for one in names_beside(path) if not one.exists())
    return next(one for one in free if _below(bench, one) not in taken)


def _below(bench: Bench, path: Path) -> str:
    return path.relative_to(bench.folder.root.resolve()).as_posix()
