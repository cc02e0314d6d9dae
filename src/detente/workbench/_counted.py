"""Work that tells how far it is, told in a stream while it goes on in a thread beside."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from queue import SimpleQueue
from time import monotonic
from typing import TypeVar

from detente.engine import poll
from detente.text import plural
from detente.workbench._request import Fragment, put_all, say
from detente.workbench._templates import render

_EVERY = 0.25
"""Seconds between two words on how far the work is."""

Result = TypeVar("Result")


class CountedWork:
    """Takes progress from work, and gives it as fragments; the work is left where it is pointless.

    Examples
    --------
    >>> counted = CountedWork()
    >>> list(counted.run(lambda: counted.tell(1, 2, 0), "solving"))
    [{'say': 'solving'}, {'say': 'solving: 1 of 2'}]
    """

    def __init__(self) -> None:
        self._told: SimpleQueue[str | None] = SimpleQueue()
        self._before = 0

    def tell(self, done: int, total: int, failed: int) -> None:
        """Take how many are done, as `detente.engine.Progress`."""
        poll()
        self._told.put(f"{done} of {total}")

    def add(self, done: int, total: int, failed: int) -> None:
        """Take the same of one batch after another, where nobody knows how many there will be."""
        poll()
        self._told.put(f"{plural(self._before + done, 'model')} solved")
        self._before += total if done == total else 0

    def run(
        self, work: Callable[[], Result], words: str, *places: str
    ) -> Generator[Fragment, None, Result]:
        """Do work, and give words on how far it is, to the places of the page that wait for it."""
        last, self._before = -_EVERY, 0
        yield from how_far(words, *places)
        with ThreadPoolExecutor(1) as pool:
            doing = pool.submit(copy_context().run, work)
            doing.add_done_callback(lambda _: self._told.put(None))
            while (at := self._told.get()) is not None:
                if monotonic() - last >= _EVERY:
                    last = monotonic()
                    yield from how_far(f"{words}: {at}", *places)
        if places:
            yield put_all(dict.fromkeys(places, ""))
        return doing.result()


def how_far(words: str, *places: str) -> Iterator[Fragment]:
    """Say how far the work is, at the top and in the places that wait for it."""
    yield say(words)
    if places:
        yield put_all(dict.fromkeys(places, render("how_far.html.j2", words=words)))
