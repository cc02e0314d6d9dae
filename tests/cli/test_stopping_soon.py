"""Ctrl-C is answered at once, whatever the command is at: inside kernels, threads and libraries.

Would catch: a kernel that is not told that the process ends, a pass over many states that cannot be
left, a process that first takes apart what its libraries hold, an object that is left half made and
complains. `DETENTE_INSTANTS` gives at how many random instants each kind of work is struck; the
test then prints median and maximum, and where those stood that had not ended in time.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from cli.struck_works import WORKS

INSTANTS = int(os.environ.get("DETENTE_INSTANTS", "0"))
SOON = 0.3
"""Seconds, on a machine that has nothing else to do."""
BUSY = 3.0
"""Seconds on one that has."""
SPANS = {"run": 25.0, "slopes of claims": 8.0, "evidence fit": 12.0, "evidence fit, best": 20.0}
"""Seconds within which a work is struck, where these are not 4."""


@contextmanager
def struck(name: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a program that begins a work whenever it is sent a line; see that it said no more."""
    program = Path(__file__).with_name("struck_works.py")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        (folder / "said").open("w+") as said,
        subprocess.Popen(
            [sys.executable, program, name, folder], text=True, bufsize=1, stderr=said, **pipes
        ) as process,
    ):
        yield process
        process.stdin.close()
        said.seek(0)
        words = said.read()
        assert "Traceback" not in words
        print(words)


def answered(process: subprocess.Popen[str], wait: float) -> float:
    """Strike a work at an instant; return how long it took to end."""
    print(file=process.stdin)
    number = int(process.stdout.readline())
    time.sleep(wait)
    began = time.perf_counter()
    os.kill(number, signal.SIGINT)
    if not select.select([process.stdout], [], [], SOON)[0]:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGUSR1)
    assert process.stdout.readline() == "130\n"
    return time.perf_counter() - began


@pytest.mark.parametrize("name", ["solve, small", "march"])
def test_work_ends_soon_after_an_interrupt(name: str, tmp_path: Path) -> None:
    with struck(name, tmp_path) as process:
        assert answered(process, 0.3) < BUSY


# Each instant is a process of its own, for twenty kinds of work: more than the suite has time for.
@pytest.mark.skipif(not INSTANTS, reason="takes minutes; make validate asks for it")
@pytest.mark.parametrize("name", WORKS)
def test_it_ends_soon_at_any_instant(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    with struck(name, tmp_path) as process:
        waits = SPANS.get(name, 4.0) * rng.random(INSTANTS)
        took = [answered(process, wait) for wait in waits]
    print(f"{name}: median {np.median(took):.3f} s, at most {max(took):.3f} s", os.getloadavg())
    assert np.median(took) < SOON * (1.0 + os.getloadavg()[0])
