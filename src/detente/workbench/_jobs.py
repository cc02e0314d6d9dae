"""Long work in the background: commands of detente as processes of their own, and their records.

A job is a file in ``.detente/jobs`` of the folder that is served, with the command, and beside it
what the command printed. It goes on when its page is closed and when the server ends; a server that
starts later finds it again. A process is only touched while it is the one that was started: its
number can be another's by then, so its start is compared. Nothing in a file is run as it stands:
before a job starts, or starts again, its command is made anew from what was asked.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from detente.errors import InputError
from detente.files import write_file

JobState = Literal["waiting", "running", "stopping", "done", "stopped", "failed"]

LIVE = ("waiting", "running", "stopping")
_ID = re.compile(r"[0-9a-f]{16}")
_PROGRESS = re.compile(r"(.*): (\d+) of (\d+)(?:, (\d+) failed)?")
_TAIL = 256 * 1024
"""Bytes of what a command printed that are shown."""
_WIDTH = "100"
_PROCESSES = Path("/proc")
_STOPPED = {130, -signal.SIGINT, -signal.SIGTERM, -signal.SIGKILL}


@dataclass(frozen=True)
class Job:
    """One job, as its file has it.

    Attributes
    ----------
    id : str
    asked : mapping
        What was filled in, and the address of the page: what its command is made from.
    kind, title, case : str
    command : tuple of str
        As after ``detente``; for reading.
    store, opens : str
        The file of a study or fit, and the page that a run writes, in the folder; or nothing.
    state : str
    pid : int
    identity : str
        When the process was started, as the system says it.
    server : str
        Number and identity of the server that sees to it.
    why : str
        Why it could not start.
    made, started, ended : float
        Seconds since 1970; 0 where it has not come to that.
    """

    id: str
    asked: Mapping[str, Any]
    kind: str = ""
    title: str = ""
    case: str = ""
    command: tuple[str, ...] = ()
    store: str = ""
    opens: str = ""
    state: JobState = "waiting"
    pid: int = 0
    identity: str = ""
    server: str = ""
    why: str = ""
    made: float = field(default_factory=time.time)
    started: float = 0.0
    ended: float = 0.0

    @property
    def live(self) -> bool:
        """Whether it runs or waits."""
        return self.state in LIVE


class JobFolder:
    """The records of the jobs of a folder, and what their commands printed.

    Parameters
    ----------
    root : Path
        The folder that is served.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def place(self) -> Path:
        """Where the records are.

        Raises
        ------
        InputError
            When a link leads it out of the folder.
        """
        place = self.root / ".detente" / "jobs"
        if not place.resolve().is_relative_to(self.root.resolve()):
            raise InputError(f"{place} leads out of the folder; take the link away")
        return place

    def jobs(self) -> tuple[Job, ...]:
        """Return all jobs, the newest first; files that are none are left alone."""
        found = [self.read(path.stem) for path in self.place.glob("*.json")]
        return tuple(sorted(filter(None, found), key=lambda job: (-job.made, job.id)))

    def read(self, name: str) -> Job | None:
        """Return one job, or None where there is none of this name."""
        if not _ID.fullmatch(name):
            return None
        try:
            values = json.loads((self.place / f"{name}.json").read_text("utf-8"))
            known = {one.name for one in fields(Job)}
            values = {key: value for key, value in values.items() if key in known}
            return Job(**{**values, "id": name, "command": tuple(values.get("command", ()))})
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def write(self, job: Job) -> Job:
        """Save a job, and return it."""
        self.place.mkdir(parents=True, exist_ok=True)
        path = self.place / f"{job.id}.json"
        write_file(path, json.dumps(asdict(job), ensure_ascii=False, indent=1))
        return job

    def forget(self, job: Job) -> None:
        """Drop the record of a job; its results stay."""
        for ending in ("json", "out", "err"):
            (self.place / f"{job.id}.{ending}").unlink(missing_ok=True)

    def printed(self, job: Job) -> str:
        """Return what the command printed: its result."""
        return self._tail(job, "out")

    def complaints(self, job: Job) -> str:
        """Return what the command printed on its error stream, but how far it was."""
        lines = self._tail(job, "err").splitlines()
        return "\n".join(line for line in lines if line and not _PROGRESS.fullmatch(line))

    def progress(self, job: Job) -> tuple[str, int, int, int] | None:
        """Return what is being done, how many are done, of how many, and how many failed."""
        for line in reversed(self._tail(job, "err").splitlines()):
            if found := _PROGRESS.fullmatch(line):
                words, done, total, failed = found.groups("0")
                return words, int(done), int(total), int(failed)
        return None

    def _tail(self, job: Job, ending: str) -> str:
        try:
            with (self.place / f"{job.id}.{ending}").open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(file.tell() - _TAIL, 0))
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""


class JobKeeper:
    """Starts, watches and stops the jobs of a folder.

    Parameters
    ----------
    root : Path
    program : sequence of str, optional
        What runs a command; detente itself by default.
    at_once : int
        Jobs that run at the same time; others wait.
    """

    def __init__(self, root: Path, program: Sequence[str] | None = None, at_once: int = 2) -> None:
        self.folder = JobFolder(root)
        self.at_once = at_once
        self._program = tuple(program or (sys.executable, "-m", "detente"))
        self._own: dict[str, subprocess.Popen[bytes]] = {}
        self._name = f"{os.getpid()} {identity_of(os.getpid())}"

    def add(self, asked: Mapping[str, Any], made: Mapping[str, Any]) -> Job:
        """Add a job that waits; see `Job` for the parts of what was made of the question.

        Raises
        ------
        InputError
            When a job is at the same file.
        """
        for other in self.folder.jobs():
            if other.live and made["store"] and other.store == made["store"]:
                raise InputError(f"a job is at {made['store']} already; wait for it, or cancel it")
        job = Job(id=secrets.token_hex(8), asked=dict(asked), server=self._name)
        return self.folder.write(_with_command(job, made))

    def again(self, job: Job, made: Mapping[str, Any]) -> Job:
        """Let a job that was stopped, or failed, wait to go on."""
        waiting = replace(
            job, state="waiting", server=self._name, pid=0, why="", started=0.0, ended=0.0
        )
        return self.folder.write(_with_command(waiting, made))

    def startable(self) -> list[Job]:
        """Return the jobs whose turn it is, the oldest first."""
        jobs = self.folder.jobs()
        free = self.at_once - sum(job.state in {"running", "stopping"} for job in jobs)
        waiting = [job for job in jobs[::-1] if job.state == "waiting" and self._mine(job)]
        return waiting[: max(free, 0)]

    def start(self, job: Job, made: Mapping[str, Any]) -> Job:
        """Start the process of a job."""
        job = _with_command(job, made)
        environment = {**os.environ, "DETENTE_PROGRESS": "lines", "COLUMNS": _WIDTH}
        with self._log(job, "out") as out, self._log(job, "err") as err:
            process = subprocess.Popen(
                [*self._program, *job.command],
                cwd=self.folder.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        self._own[job.id] = process
        return self.folder.write(
            replace(
                job, state="running", pid=process.pid, identity=identity_of(process.pid),
                server=self._name, started=time.time(),
            )
        )  # fmt: skip

    def refuse(self, job: Job, why: str) -> Job:
        """Save that a job cannot start."""
        return self.folder.write(replace(job, state="failed", why=why, ended=time.time()))

    def refresh(self) -> bool:
        """See which jobs have ended; return whether any runs or waits."""
        live = False
        for job in self.folder.jobs():
            if job.live and self._mine(job):
                live |= self._refreshed(job).live
        return live

    def cancel(self, job: Job) -> Job:
        """Stop a job: it saves what it has; asked twice, its processes are ended at once."""
        if job.state == "waiting":
            return self.folder.write(replace(job, state="stopped", ended=time.time()))
        if job.state not in {"running", "stopping"} or not self._runs(job):
            return job
        with suppress(ProcessLookupError, PermissionError):
            if job.state == "running":
                os.kill(job.pid, signal.SIGINT)
            else:
                os.killpg(job.pid, signal.SIGKILL)
        return self.folder.write(replace(job, state="stopping"))

    def _refreshed(self, job: Job) -> Job:
        if job.state == "waiting":
            return job
        process = self._own.get(job.id)
        code = None if process is None else process.poll()
        if code is None and (process is not None or self._runs(job)):
            return job
        self._own.pop(job.id, None)
        state: JobState = "failed"
        if code == 0 or (code is None and self.folder.printed(job)):
            state = "done"
        elif code in _STOPPED or (code is None and _was_stopped(self.folder.complaints(job))):
            state = "stopped"
        return self.folder.write(replace(job, state=state, ended=time.time()))

    def _runs(self, job: Job) -> bool:
        return bool(job.identity) and identity_of(job.pid) == job.identity

    def _mine(self, job: Job) -> bool:
        """Whether this server sees to a job: it began it, or who did is gone."""
        number, _, identity = job.server.partition(" ")
        gone = not number.isdecimal() or identity_of(int(number)) != identity
        return job.server == self._name or gone

    def _log(self, job: Job, ending: str) -> Any:
        path = self.folder.place / f"{job.id}.{ending}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        return os.fdopen(os.open(path, flags, 0o600), "wb")


def _with_command(job: Job, made: Mapping[str, Any]) -> Job:
    return replace(
        job, kind=made["kind"], title=made["title"], case=made["case"],
        command=tuple(made["command"]), store=made["store"], opens=made["opens"],
    )  # fmt: skip


def _was_stopped(complaints: str) -> bool:
    return any(line.startswith("stopped") for line in complaints.splitlines())


def identity_of(pid: int) -> str:
    """Return when a process was started, or nothing where it does not run.

    Examples
    --------
    >>> identity_of(os.getpid()) == identity_of(os.getpid()) != ""
    True
    """
    if _PROCESSES.joinpath("self").exists():
        try:
            boot = _PROCESSES.joinpath("sys/kernel/random/boot_id").read_text("utf-8").strip()
            line = _PROCESSES.joinpath(str(pid), "stat").read_text("utf-8", "replace")
        except OSError:
            return ""
        # What follows the name in brackets begins with the third field; the start is the 22nd.
        fields_after = line.rpartition(")")[2].split()
        return "" if fields_after[0] == "Z" else f"{boot} {fields_after[19]}"
    told = ["ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(told, capture_output=True, text=True, check=False).stdout.strip()
