"""Take a document apart in a child process that has an end: limits on time and on memory.

A file may be made so that the package that reads it never finishes, or fills the memory, and no
thread can be stopped. A process can. Cost: its start, with the package about 0.3 s; the bytes go
through a pipe.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from detente.errors import InputError

LONGEST = 120.0
"""Seconds that a document may take."""
MOST_MEMORY = 2 * 2**30
"""Bytes of address space that it may fill."""

_REMEDY = "give its text as a .txt file, or a part of it"


def take_apart_bounded(kind: str, raw: bytes, name: str) -> dict[str, Any]:
    """Return what `detente.reading._child.take_apart` finds in a file.

    Parameters
    ----------
    kind : str
        ``pdf``, ``word`` or ``html``.
    raw : bytes
        The file.
    name : str
        Its name, for errors.

    Raises
    ------
    InputError
        When the document is refused, takes too long or too much memory.
    """
    child = Path(__file__).with_name("_child.py")
    command = [sys.executable, str(child), kind, str(MOST_MEMORY)]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        raise InputError(f"{name}: it was not read in {LONGEST:.0f} seconds; {_REMEDY}") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise InputError(
            f"{name}: the process that read it died (exit code {done.returncode}); {_REMEDY}"
        ) from None
    if "refused" in answer:
        raise InputError(f"{name}: {answer['refused']}")
    return answer
