"""Refuse a state space that the memory at hand cannot hold, before anything is allocated.

The need is estimated as bytes per state, some for each actor: of ranks that are given as whole
numbers; of the order alone, which is what a conflict holds and takes to rank; of the work arrays of
stability beside it; or of all that a solution in time needs, with utilities, values and the work
arrays of the solvers. A share of the
memory that is free now is the budget. Cost: none.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Literal

from detente.errors import SizeError

Use = Literal["ranks", "order", "stability", "time"]

_BYTES: dict[Use, tuple[int, int]] = {
    "ranks": (20, 6),
    "order": (48, 16),
    "stability": (32, 8),
    "time": (160, 96),
}
"""By what it is for: bytes a state, and for each actor besides."""

_SHARE: dict[Use, float] = {"ranks": 0.75, "order": 0.75, "stability": 0.75, "time": 0.5}
_MOST_AXES = 60
_ANYWHERE = 1 << 26
"""Bytes that are not worth asking the system about."""


def state_bytes(shape: Sequence[int], actors: int, use: Use = "time", further: int = 0) -> int:
    """Estimate the memory that a state space needs.

    Examples
    --------
    >>> state_bytes((2, 3), actors=2)
    2112
    """
    shared, own = _BYTES[use]
    return prod(shape) * (shared + own * actors + further)


def available_memory() -> int:
    """Return the bytes that are free for this process, as far as the system says.

    Examples
    --------
    >>> available_memory() > 2**20
    True
    """
    free = [_physical_memory()]
    free += [value for value in (_meminfo(), _cgroup()) if value is not None]
    return min(free)


def size_complaint(
    shape: Sequence[int],
    actors: int,
    budget: int | None = None,
    use: Use = "time",
    further: int = 0,
) -> tuple[str, str] | None:
    """Say what is wrong with the size of a state space, and the remedy; None when it fits.

    Parameters
    ----------
    shape : sequence of int
        Number of levels of each option and condition.
    budget : int, optional
        Bytes allowed; a share of the free memory when left out.
    use : {"ranks", "order", "stability", "time"}
        What the memory is for: the conflict itself, of whole numbers or of what is to be ranked,
        its stability, or all that is solved in time.
    further : int
        Bytes a state besides.

    Examples
    --------
    >>> size_complaint((2, 3), actors=2) is None
    True
    >>> size_complaint((10,) * 9, actors=2, budget=2**30)[0]
    'the state space has 1,000,000,000 states and needs about 327 GiB, of which 1 GiB is allowed'
    """
    free = available_memory() if budget is None else budget
    allowed = int(free * _SHARE[use]) if budget is None else budget
    need = state_bytes(shape, actors, use, further)
    if need <= allowed and len(shape) <= _MOST_AXES:
        return None
    states = f"{prod(shape):,}" if prod(shape) < 10**15 else f"about 10^{len(str(prod(shape))) - 1}"
    of_free = f" of the {_in_words(free)} that are free" if budget is None else ""
    return (
        f"the state space has {states} states and needs about {_in_words(need)}, "
        f"of which {_in_words(allowed)}{of_free} is allowed",
        "take out options, conditions or levels, or merge some",
    )


def check_size(shape: Sequence[int], actors: int, use: Use = "time", further: int = 0) -> None:
    """Raise `SizeError` when a state space is too large for the memory at hand.

    Parameters
    ----------
    shape, actors, use
        As for `size_complaint`.
    further : int
        Bytes a state besides: what a case says of its issues and conditions is evaluated first.

    Examples
    --------
    >>> check_size((2, 3), actors=2)
    """
    if len(shape) <= _MOST_AXES and state_bytes(shape, actors, use, further) <= _ANYWHERE:
        return
    complaint = size_complaint(shape, actors, use=use, further=further)
    if complaint:
        raise SizeError("; ".join(complaint))


def _in_words(count: int) -> str:
    for power, unit in ((40, "TiB"), (30, "GiB"), (20, "MiB")):
        if count >= 2**power:
            number = count // 2**power
            return f"{number:,} {unit}" if number < 10**9 else f"more than 10^9 {unit}"
    return f"{count:,} bytes"


def _physical_memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 4 * 2**30


def _meminfo() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return found[0] if found else None


def _cgroup() -> int | None:
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return max(int(limit) - int(used), 0) if limit.isdigit() and used.isdigit() else None
