"""``detente serve`` as a program: what it says, what it refuses, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from workbench.conftest import Server

BROKEN = "detente: 1\ntitle: Broken\nactors: [unclosed\n"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "detente", "serve", "--no-browser", *arguments],
        cwd=cwd, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def solver_of(server: Server) -> int:
    """Return the process id of the solver, once there is one."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    if not children.exists():
        # Other systems have no such list without another package; the server is the same there.
        pytest.skip("needs the list of children that Linux gives")

    def solvers() -> list[int]:
        found = map(int, children.read_text().split())
        return [pid for pid in found if runs(pid) and "workbench._solver" in command_of(pid)]

    await_that(lambda: bool(solvers()))
    return solvers()[0]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]
    except OSError:
        return False


def await_that(found: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Return what starts servers, which do not outlive the test."""
    servers: list[Server] = []

    def start(folder: Path, *arguments: str) -> Server:
        servers.append(Server(folder, "--port", "0", *arguments))
        return servers[-1]

    yield start
    for server in servers:
        server.process.kill()
        server.process.communicate(timeout=30)


@pytest.fixture
def started(tmp_path: Path, serve: Callable[..., Server]) -> Server:
    return serve(tmp_path)


@contextmanager
def inside(server: Server) -> Iterator[httpx.Client]:
    """Give a client that the first address has let in."""
    with httpx.Client(base_url=server.origin, timeout=60, follow_redirects=True) as client:
        client.get(server.first)
        yield client


def test_ctrl_c_ends_at_once_and_leaves_nothing(started: Server) -> None:
    """Would catch: a traceback, a solver left behind, and an end that waits for an answer."""
    solver = solver_of(started)
    with (
        inside(started) as client,
        client.stream("GET", "/stream/claims?case=peninsula") as answer,
    ):
        assert answer.status_code == 200
        start = time.monotonic()
        log = started.end()
        assert time.monotonic() - start < 5
    assert started.process.returncode == 130
    assert log.splitlines()[-1:] == ["stopped"], log
    assert "server was stopped" not in log
    assert "Traceback" not in log
    assert "Error" not in log
    await_that(lambda: not runs(solver))


def test_no_solver_outlives_a_killed_server(started: Server) -> None:
    """Would catch: a solve that goes on for nobody, as its process cannot know."""
    solver = solver_of(started)
    with inside(started) as client:
        client.get("/claims?case=chicken")
    started.process.send_signal(signal.SIGKILL)
    started.process.wait(30)
    await_that(lambda: not runs(solver))


def test_ctrl_c_in_a_terminal_reaches_the_solver_in_silence(started: Server) -> None:
    """A terminal sends the signal to all that run in it."""
    solver = solver_of(started)
    with inside(started) as client:
        client.get("/claims?case=chicken")
        os.kill(solver, signal.SIGINT)
        assert client.get("/claims?case=chicken").status_code == 200
    assert "Traceback" not in started.end()


def test_a_killed_solver_is_replaced(started: Server) -> None:
    solver = solver_of(started)
    with inside(started) as client:
        assert client.get("/today?case=chicken&plain=1").status_code == 200
        os.kill(solver, signal.SIGKILL)
        assert client.get("/today?case=chicken&plain=1").status_code == 200
    assert "Traceback" not in started.end()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = run(str(tmp_path), "--port", str(port), cwd=tmp_path)
    assert found.returncode == 2
    assert f"port {port}" in found.stderr
    assert "--port" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.yaml"], "there is no such file"),
        ([".", "--host", "192.0.2.77"], "no address of this machine"),
        ([".", "--host", "no such host"], "there is no such host"),
        ([".", "--port", "70000"], "70000"),
    ],
)
def test_what_cannot_be_served_is_said(tmp_path: Path, arguments: list[str], words: str) -> None:
    found = run(*arguments, cwd=tmp_path)
    assert found.returncode == 2
    assert words in found.stderr
    assert "Traceback" not in found.stderr


def test_a_broken_case_opens_with_its_problems(
    tmp_path: Path, serve: Callable[..., Server]
) -> None:
    """Would catch: a server that ends where the page could have mended the file."""
    (tmp_path / "broken.yaml").write_text(BROKEN)
    server = serve(tmp_path / "broken.yaml")
    with inside(server) as client:
        found = client.get("/claims?case=broken.yaml&set.x=3")
        assert found.status_code == 422
        assert "Line 4, column 1" in found.text
        assert "broken.yaml" in client.get("/").text
        assert client.get("/nowhere").status_code == 404
        assert "<h1>" in client.get("/nowhere/at/all").text
        assert client.get("/claims?case=../broken.yaml").status_code == 422
    assert "Traceback" not in server.end()


def test_another_host_is_warned_of_and_works(tmp_path: Path, serve: Callable[..., Server]) -> None:
    """Would catch: a server for others that refuses them, or that says nothing about it."""
    server = serve(tmp_path, "--host", "0.0.0.0")
    port = server.origin.rpartition(":")[2]
    with inside(server) as client:
        assert client.get("/").status_code == 200
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 403
        wrong = httpx.get(f"http://127.0.0.1:{port}/", headers={"host": f"evil.example:{port}"})
        assert wrong.status_code == 421
    assert "others on the network can reach this page" in server.end()
