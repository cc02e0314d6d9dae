"""Work in the background: what runs, how far it is, and what came of it.

The list is of the whole folder. A study opens as its table of verdicts, in the words of
``detente study show``; a fit, a score and a report open as what their commands printed.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from detente.claims import Verdict, kind_of, show_beside, starred
from detente.drawing import mark
from detente.engine import FAILURES, reason_of
from detente.errors import InputError
from detente.report import agreeing_words, study_words
from detente.study import open_study
from detente.text import show_range
from detente.workbench._bench import Bench
from detente.workbench._fitted import fitted_setting
from detente.workbench._job_commands import DESIGNS, JOBS, job_command
from detente.workbench._jobs import Job, JobFolder
from detente.workbench._links import link
from detente.workbench._request import FIRST, Fragment, PageView, Request, put
from detente.workbench._templates import render

_STATES = {
    "waiting": "waits for its turn",
    "running": "running",
    "stopping": "stopping; it saves what it has",
    "done": "done",
    "stopped": "stopped",
    "failed": "failed",
}


@dataclass(frozen=True)
class JobProgress:
    """How far a job is: in words, and as numbers where there are any."""

    job: Job
    state: str
    words: str = ""
    done: int = 0
    total: int = 0
    why: str = ""

    @property
    def command(self) -> str:
        """The command, to copy."""
        return shlex.join(["detente", *self.job.command])


def _frame(request: Request) -> str:
    return render(
        "jobs_view.html.j2",
        scene=request.scene,
        kinds=JOBS,
        designs=DESIGNS,
        plain="plain" in request.words,
        opened=bool(request.words.get("job")),
        until="" if request.scene.base.end is None else request.scene.base.end.isoformat(),
    )


def _answer(request: Request) -> Iterator[Fragment]:
    folder = JobFolder(request.bench.folder.root)
    jobs = [_progress(folder, job) for job in folder.jobs()]
    address = request.scene.setting.address()
    yield put("jobs", render("jobs_list.html.j2", jobs=jobs, address=address))
    for one in jobs:
        yield put(f"job-{one.job.id}-state", render("job_state.html.j2", one=one))
        yield put(
            f"job-{one.job.id}-actions",
            render("job_actions.html.j2", one=one, address=address, words=request.words),
        )
    yield FIRST
    if request.words.get("job"):
        yield put("job-result", _result(request.bench, folder, request.words["job"]))


def _progress(folder: JobFolder, job: Job) -> JobProgress:
    words, done, total = "", 0, 0
    found = folder.progress(job) if job.state in {"running", "stopping"} else None
    if found is not None:
        words, done, total, failed = found
        words = f"{words}: {done:,} of {total:,}" + (f", {failed:,} failed" if failed else "")
    why = job.why or (folder.complaints(job) if job.state in {"failed", "stopped"} else "")
    return JobProgress(job, _STATES[job.state], words, done, total, why)


def _result(bench: Bench, folder: JobFolder, name: str) -> str:
    job = folder.read(name)
    if job is None:
        return render("card_failed.html.j2", why="There is no such job any more.")
    try:
        if job.kind == "study":
            return _study(bench, job)
    except FAILURES as error:
        return render("card_failed.html.j2", why=reason_of(error))
    fitted, why = "", ""
    if job.kind == "fit" and job.state == "done":
        try:
            fitted = link("claims", fitted_setting(bench, job))
        except FAILURES as error:
            why = reason_of(error)
    printed = folder.printed(job)
    return render("job_printed.html.j2", job=job, printed=printed, fitted=fitted, why=why)


def _study(bench: Bench, job: Job) -> str:
    path = bench.folder.inside(job.store)
    if not path.is_relative_to(bench.folder.inside("results")):
        raise InputError(f"{job.store} is no result of this folder")
    study = open_study(path)
    before, after = study_words(study)
    return render(
        "job_study.html.j2",
        job=job,
        study=study,
        before=before,
        after=after,
        rows=[_row(found) for found in study.verdicts()] if study.design.is_sample else [],
        dependence=() if study.design.is_sample else study.dependence.items(),
    )


def _row(found: Verdict) -> Mapping[str, Any]:
    kind, (low, high) = kind_of(found.claim), found.most
    return {
        "claim": found.claim,
        "median": show_beside(found.claim, found.median),
        "most": f"all {found.draws} alike" if found.same else show_range(low, high, kind),
        "agrees": agreeing_words(found),
        "mark": mark(found.word),
        "verdict": starred(found),
    }


VIEW = PageView("jobs", "Jobs", _frame, _answer, "jobs.js", "jobs.css")

ACTIONS: Mapping[str, Callable[[Bench, Mapping[str, Any]], Iterable[Fragment]]] = {
    "job-command": job_command,
}
