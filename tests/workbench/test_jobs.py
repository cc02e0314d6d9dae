"""Work in the background without a browser: records, processes, the queue, and who is touched."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from detente.case import CaseFolder
from detente.errors import InputError
from detente.workbench._bench import Bench
from detente.workbench._job_commands import job_command
from detente.workbench._job_routes import JobRoutes
from detente.workbench._jobs import Job, JobFolder, JobKeeper
from detente.workbench._solver import PageSolver
from workbench.conftest import run_async

FAKE = Path(__file__).with_name("fake_command.py")
PROGRAM = (sys.executable, str(FAKE))


def made(store: str = "count", total: int = 3, pause: float = 0.05) -> dict[str, Any]:
    return {
        "kind": "study", "title": "Count", "case": "c", "store": store, "opens": "",
        "command": [store, str(total), str(pause)],
    }  # fmt: skip


def until(keeper: JobKeeper, job: Job, state: str, seconds: float = 20.0) -> Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        keeper.refresh()
        found = keeper.folder.read(job.id)
        assert found is not None
        if found.state == state:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{found.state}: {keeper.folder.complaints(found)}")


def counting(keeper: JobKeeper, job: Job) -> None:
    end = time.monotonic() + 20.0
    while keeper.folder.progress(job) is None:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_job_runs_and_its_result_stays(tmp_path: Path) -> None:
    keeper = JobKeeper(tmp_path, PROGRAM)
    job = keeper.start(keeper.add({}, made()), made())
    done = until(keeper, job, "done")
    assert keeper.folder.printed(done) == "counted 3\n"
    assert keeper.folder.progress(done) == ("counting", 3, 3, 0)
    assert keeper.folder.complaints(done) == ""


def test_cancelled_it_saves_what_it_has_and_goes_on_from_there(tmp_path: Path) -> None:
    keeper = JobKeeper(tmp_path, PROGRAM)
    slow = made(total=1000, pause=0.05)
    job = keeper.start(keeper.add({}, slow), slow)
    counting(keeper, job)
    assert keeper.cancel(job).state == "stopping"
    stopped = until(keeper, job, "stopped")
    assert "stopped after" in keeper.folder.complaints(stopped)
    saved = int((tmp_path / "count").read_text())
    assert saved > 0
    rest = made(total=saved + 1)
    keeper.start(keeper.again(stopped, rest), rest)
    until(keeper, job, "done")


def test_two_run_and_the_third_waits(tmp_path: Path) -> None:
    keeper = JobKeeper(tmp_path, PROGRAM)
    jobs = [keeper.add({}, made(f"count{n}", 1000)) for n in range(3)]
    for job in keeper.startable():
        keeper.start(job, made(job.store, 1000))
    assert keeper.startable() == []
    states = {job.id: job.state for job in keeper.folder.jobs()}
    assert [states[job.id] for job in jobs] == ["running", "running", "waiting"]
    waiting = keeper.folder.read(jobs[2].id)
    assert waiting is not None
    assert keeper.cancel(waiting).state == "stopped"
    for job in jobs[:2]:
        running = keeper.folder.read(job.id)
        assert running is not None
        counting(keeper, running)
        keeper.cancel(running)
        until(keeper, job, "stopped")


def test_one_file_is_never_written_by_two(tmp_path: Path) -> None:
    keeper = JobKeeper(tmp_path, PROGRAM)
    keeper.add({}, made())
    with pytest.raises(InputError, match="already"):
        keeper.add({}, made())


def test_a_later_server_finds_what_an_earlier_one_started(tmp_path: Path) -> None:
    """Would catch: jobs that end with the server, and jobs that nobody knows of any more."""
    program = f"""
import sys
from pathlib import Path
from detente.workbench._jobs import JobKeeper
keeper = JobKeeper(Path({str(tmp_path)!r}), {PROGRAM!r})
made = {made(total=20, pause=0.1)!r}
keeper.start(keeper.add({{}}, made), made)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    later = JobKeeper(tmp_path, PROGRAM)
    (job,) = later.folder.jobs()
    assert job.state == "running"
    assert later.refresh()
    done = until(later, job, "done")
    assert later.folder.printed(done) == "counted 20\n"


def test_a_process_of_somebody_else_is_never_touched(tmp_path: Path) -> None:
    """Would catch: ending whatever now has the number of a job that is long gone."""
    keeper = JobKeeper(tmp_path)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        job = keeper.folder.write(
            Job(id="0" * 16, asked={}, state="running", pid=other.pid, identity="another")
        )
        keeper.cancel(job)
        assert not keeper.refresh()
        assert other.poll() is None
        gone = keeper.folder.read(job.id)
        assert gone is not None
        assert gone.state == "failed"
    finally:
        other.kill()
        other.wait()


def test_files_that_are_no_jobs_are_left_alone(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    folder.place.mkdir(parents=True)
    for name, text in (("0" * 16, "[1]"), ("1" * 16, "{"), ("x", "{}"), ("2" * 16, "{}")):
        (folder.place / f"{name}.json").write_text(text)
    assert folder.jobs() == ()
    assert folder.read("../../secret") is None


def test_records_stay_in_the_folder(tmp_path: Path) -> None:
    served, elsewhere = tmp_path / "served", tmp_path / "elsewhere"
    served.mkdir()
    elsewhere.mkdir()
    (served / ".detente").symlink_to(elsewhere)
    with pytest.raises(InputError, match="leads out"):
        JobKeeper(served).add({}, made())


class FakeDesk:
    """Makes a command as the solver would."""

    def __init__(self, **wrong: str) -> None:
        self.wrong = wrong
        self.bodies: list[Mapping[str, Any]] = []

    async def ask(self, question: Mapping[str, Any]) -> AsyncGenerator[Mapping[str, Any]]:
        self.bodies.append(question["body"])
        if self.wrong:
            yield {"end": "failed", **self.wrong}
            return
        yield made(total=int(question["body"]["words"]["draws"]))
        yield {"end": "done"}


Client = Callable[..., Any]


def served(keeper: JobKeeper, desk: FakeDesk, *asks: tuple[str, Any]) -> list[httpx.Response]:
    async def work() -> list[httpx.Response]:
        jobs = JobRoutes(desk, keeper)  # type: ignore[arg-type]
        app = Starlette(routes=jobs.routes)
        transport = httpx.ASGITransport(app=app)
        found = []
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            for path, body in asks:
                if body is None:
                    found.append(await client.get(path))
                else:
                    found.append(await client.post(path, json=body))
            for _ in range(200):
                await asyncio.sleep(0.05)
                if not any(job.live for job in keeper.folder.jobs()):
                    break
        return found

    return run_async(work())


def test_what_is_started_by_the_page_ends_by_itself(tmp_path: Path) -> None:
    keeper, desk = JobKeeper(tmp_path, PROGRAM), FakeDesk()
    start = {"address": "?case=c", "words": {"draws": 2}}
    (answer,) = served(keeper, desk, ("/jobs/start", start))
    assert answer.status_code == 200
    (job,) = keeper.folder.jobs()
    assert job.state == "done"
    # Asked twice: when it was added, and anew when it started, for the same file.
    assert [body.get("store") for body in desk.bodies] == ["", "count"]


def test_refusals_are_words(tmp_path: Path) -> None:
    keeper = JobKeeper(tmp_path, PROGRAM)
    start = {"address": "?case=c", "words": {}}
    found = served(
        keeper, FakeDesk(error="there is no such case"), ("/jobs/start", start),
        ("/jobs/start", {}), ("/jobs/cancel", {"id": "../x"}), ("/jobs/start", ["x"]),
    )  # fmt: skip
    assert [one.status_code for one in found] == [422, 400, 422, 400]
    assert found[0].json() == {"error": "there is no such case"}


def test_pages_of_results_may_run_nothing_and_lie_below_results(tmp_path: Path) -> None:
    """Would catch: a page that a job wrote, or a file beside it, served with the page's rights."""
    results = tmp_path / "results"
    (results / "c").mkdir(parents=True)
    (results / "c" / "report.html").write_text("<script>alert(1)</script>")
    (results / "c" / "study.sqlite").write_text("x")
    (tmp_path / "own.html").write_text("own")
    (results / "link.html").symlink_to(tmp_path / "own.html")
    paths = (
        "/results/c/report.html", "/results/c/study.sqlite", "/results/%2e%2e/own.html",
        "/results/link.html", "/results/c",
    )  # fmt: skip
    found = served(JobKeeper(tmp_path), FakeDesk(), *((path, None) for path in paths))
    assert [one.status_code for one in found] == [200, 404, 404, 404, 404]
    policy = found[0].headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script" not in policy


def test_an_empty_list_says_what_to_do(bench: Bench) -> None:
    ask = {"kind": "stream", "view": "jobs", "query": "case=chicken"}
    found = {one.get("put"): one for one in PageSolver(bench.folder.root).answer(ask)}
    assert "press Start" in found["jobs"]["html"]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(CaseFolder(tmp_path))


def command(bench: Bench, address: str, **words: Any) -> dict[str, Any]:
    (line,) = job_command(bench, {"address": address, "words": words})
    return dict(line)


def test_the_command_has_the_setting(bench: Bench) -> None:
    found = command(bench, "?case=sanctions&set.pain=1.2&do.tension=low", kind="study", draws="50")
    assert found["command"] == [
        "study", "sanctions", "--draws", "50", "--design", "lhs", "--output",
        "results/sanctions-pain=1.2/study.sqlite", "--seed", "1", "--workers", "1",
        "--set", "pain=1.2",
    ]  # fmt: skip
    assert found["left_out"]
    report = command(bench, "?case=chicken", kind="run", draws="20")
    assert report["opens"] == "results/chicken/report.html"


@pytest.mark.parametrize(
    ("address", "words", "says"),
    [
        ("?case=sanctions", {"kind": "study", "draws": "-1"}, "draws"),
        ("?case=sanctions", {"kind": "study", "draws": "1; rm"}, "draws"),
        ("?case=sanctions", {"kind": "study", "design": "--output"}, "design"),
        ("?case=sanctions", {"kind": "fit"}, "no record"),
        ("?case=peninsula", {"kind": "score", "until": "soon"}, "not a day"),
        ("?case=../../etc/passwd", {"kind": "study"}, "no file of the folder"),
        ("?case=sanctions", {"kind": "shell"}, "shell"),
    ],
)
def test_only_commands_of_the_form_are_made(
    bench: Bench, address: str, words: dict[str, str], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        command(bench, address, **words)


def test_a_file_outside_of_the_results_is_refused(bench: Bench) -> None:
    """Would catch: a record, written by somebody else, that makes a command write elsewhere."""
    for store in ("../x.sqlite", "own.sqlite", "results/../own.sqlite", "results/x.yaml"):
        body = {"address": "?case=chicken", "words": {"kind": "study"}, "store": store}
        with pytest.raises(InputError):
            list(job_command(bench, body))


def test_progress_comes_as_lines_when_asked(tmp_path: Path) -> None:
    """Would catch: a command that no longer says how far it is, and one that says it unasked."""
    running = {
        mode: subprocess.Popen(
            [sys.executable, "-m", "detente", "study", "chicken", "--draws", "4", "--workers", "1",
             "--output", str(tmp_path / f"study{mode}.sqlite")],
            env={**os.environ, "DETENTE_PROGRESS": mode}, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for mode in ("", "lines")
    }  # fmt: skip
    told = {mode: process.communicate(timeout=120)[1] for mode, process in running.items()}
    assert [process.returncode for process in running.values()] == [0, 0]
    assert told[""] == ""
    assert "solving draws: 4 of 4, 0 failed" in told["lines"]


def test_a_record_is_plain_json(tmp_path: Path) -> None:
    keeper = JobKeeper(tmp_path)
    job = keeper.add({"address": "?case=c"}, made())
    text = (keeper.folder.place / f"{job.id}.json").read_text("utf-8")
    assert json.loads(text)["asked"] == {"address": "?case=c"}
    assert keeper.folder.read(job.id) == job
