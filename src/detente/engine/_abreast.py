"""A few pieces of work of one solve, done at the same moment by threads of this process.

This is for one answer that somebody waits for; many draws keep all cores busy by themselves. The
numerical kernels release the interpreter, so two cores do two of them at once; what comes out does
not depend on it. Cost: about a tenth of a millisecond a piece.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Value = TypeVar("Value")


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
