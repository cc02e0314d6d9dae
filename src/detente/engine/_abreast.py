"""Pieces of work of one solve, done at the same moment by threads of this process.

This is for one answer that somebody waits for; many draws keep all cores busy by themselves. The
numerical kernels release the interpreter, so two cores do two of them at once; what comes out does
not depend on it. Cost: about a tenth of a millisecond a piece done `side_by_side`; where work is
shared out again and again, a twentieth for all of it, by threads that stay.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from typing import TypeVar

from detente.engine._stopping import poll

Value = TypeVar("Value")

MOST_CORES = 8
"""Threads that share out one piece of work at most: the memory feeds no more."""


def side_by_side(works: Sequence[Callable[[], Value]], threads: bool) -> list[Value]:
    """Return what each piece of work gives, in order.

    Parameters
    ----------
    works : sequence of callable
        Called without arguments; see the context of the caller, and so stop when it stops.
    threads : bool
        Whether each gets a thread of its own; else they are done one after the other.

    Raises
    ------
    BaseException
        What the first of them in order raises, once all have ended.

    Examples
    --------
    >>> side_by_side([lambda: 1, lambda: 2], threads=True)
    [1, 2]
    """
    if not threads or len(works) < 2:
        return [work() for work in works]
    with ThreadPoolExecutor(len(works) - 1) as pool:
        others = [pool.submit(copy_context().run, work) for work in works[1:]]
        first = works[0]()
        return [first, *(other.result() for other in others)]


def share_out(work: Callable[[int], object], count: int) -> None:
    """Do numbered pieces of work, each once, on all cores.

    This thread takes pieces like the others, so that it is done even where they are busy, and
    leaves off between two of them where the work is pointless or interrupted.

    Parameters
    ----------
    work : callable
        Of a number from zero; what it does must not depend on the other pieces.
    count : int

    Examples
    --------
    >>> squares = [0] * 5
    >>> def work(k: int) -> None:
    ...     squares[k] = k * k
    >>> share_out(work, 5)
    >>> squares
    [0, 1, 4, 9, 16]
    """
    numbers = iter(range(count))

    def take() -> None:
        for number in numbers:
            work(number)

    others = min(cores(), count) - 1
    helpers = [_helpers().submit(take) for _ in range(others)]
    try:
        for number in numbers:
            poll()
            work(number)
    finally:
        deque(numbers, maxlen=0)  # nobody takes another piece
        for helper in helpers:
            if not helper.cancel():
                helper.result()


def cores() -> int:
    """Return how many cores this thread may use, `MOST_CORES` at most."""
    allowed = getattr(os, "sched_getaffinity", None)
    count = os.cpu_count() or 1 if allowed is None else len(allowed(0))
    return min(count, MOST_CORES)


@cache
def _helpers() -> ThreadPoolExecutor:
    """Return threads that wait for pieces of work."""
    return ThreadPoolExecutor(MOST_CORES - 1, "helper")


if hasattr(os, "register_at_fork"):  # threads do not live on in a forked process
    os.register_at_fork(after_in_child=_helpers.cache_clear)
