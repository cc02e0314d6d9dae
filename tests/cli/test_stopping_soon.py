"""Ctrl-C is answered at once, whatever the command is at: inside kernels, threads and libraries.

Would catch: a kernel that is not told that the process ends, a pass over many states that cannot be
left, a process that first takes apart what its libraries hold, an object that was left half made
and complains. `DETENTE_INSTANTS` gives at how many random instants each kind of work is struck; the
test then prints by the clock, and by the processor of the process, how long it took to end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import struck_works

INSTANTS = int(os.environ.get("DETENTE_INSTANTS", "0"))
SOON = 0.3
"""Seconds, on a machine that has nothing else to do."""
BUSY = 3.0
"""Seconds on one that has."""
SPANS = {"run": 25.0, "slopes of claims": 8.0, "evidence fit": 12.0, "evidence fit, best": 20.0}
"""Seconds within which works are struck, where these are not 4."""


class Answer(NamedTuple):
    """How long a process took to end, by the clock and of the processor, and what it said."""

    seconds: float
    worked: float
    said: str


@contextmanager
def struck(name: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a program that begins a work whenever it is sent a line."""
    program = [sys.executable, struck_works.__file__, name, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        (folder / "said").open("w") as said,
        subprocess.Popen(program, text=True, bufsize=1, stderr=said, **pipes) as program,
    ):
        yield program
        program.stdin.close()


def answered(program: subprocess.Popen[str], folder: Path, wait: float) -> Answer:
    """Strike a process at an instant."""
