"""Work that tells how far it is, told in a stream while it goes on in a thread beside."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from queue import SimpleQueue
from time import monotonic
from typing import TypeVar

from detente.engine import poll
from detente.workbench._request import Fragment, say

_EVERY = 0.25
"""Seconds between two words on how far the work is."""

Result = TypeVar("Result")


class CountedWork:
    """Takes progress from work, and gives it as fragments; the work is left where it is pointless.

    Examples
    --------
    >>> counted = CountedWork()
    >>> list(counted.run(lambda: counted.tell(1, 2, 0), "solving"))
    [{'say': 'solving: 1 of 2'}]
    """

    def __init__(self) -> None:
        self._told: SimpleQueue[tuple[int, int] | None] = SimpleQueue()

    def tell(self, done: int, total: int, failed: int) -> None:
        """Take how many are done, as `detente.engine.Progress`."""
        poll()
        self._told.put((done, total))

    def run(self, work: Callable[[], Result], words: str) -> Generator[Fragment, None, Result]:
        """Do work, and give words on how far it is."""
        last = -_EVERY
        with ThreadPoolExecutor(1) as pool:
            doing = pool.submit(copy_context().run, work)
            doing.add_done_callback(lambda _: self._told.put(None))
            while (at := self._told.get()) is not None:
                if monotonic() - last >= _EVERY:
                    last = monotonic()
                    yield say(f"{words}: {at[0]} of {at[1]}")
        return doing.result()
