"""Whether a process may use the memory that a command needs to begin.

Numerical libraries answer a limit that is too low by spinning, or by errors of their own without
end, so it is looked at before they are imported. Cost: a system call.
"""

from __future__ import annotations

import sys

from detente.errors import AnalysisError

LEAST = 800_000_000
"""Bytes of address space with which a small case was seen to run, on two cores."""


def require_memory() -> None:
    """Refuse to begin where the limit on memory is too low.

    Raises
    ------
    AnalysisError
        With the limit and how to raise it.
    """
    if sys.platform == "win32":  # which has no such limits
        return
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < LEAST:
        raise AnalysisError(
            f"this process may use {limit // 1_000_000} MB of memory (ulimit -v), and detente "
            f"needs {LEAST // 1_000_000} MB to begin, more for large cases; raise the limit"
        )
