"""Whether a process may use the memory that a command needs to begin.

Numerical libraries answer a limit that is too low by spinning, or by errors of their own without
end, so it is looked at before they are imported. Cost: a system call.
"""

from __future__ import annotations

from detente.errors import AnalysisError

try:
    import resource
except ImportError:  # pragma: no cover - only where there are no such limits
    resource = None  # type: ignore[assignment]

LEAST = 800_000_000
"""Bytes of address space with which a small case was seen to run, on two cores."""


def require_memory() -> None:
    """Refuse to begin where the limit on memory is too low.

    Raises
    ------
    AnalysisError
        With the limit and how to raise it.
    """
    if resource is None:
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < LEAST:
        raise AnalysisError(
            f"this process may use {limit // 1_000_000} MB of memory (ulimit -v), and detente "
            f"needs {LEAST // 1_000_000} MB to begin, more for large cases; raise the limit"
        )
