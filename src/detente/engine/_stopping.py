"""Stopping work that nobody waits for any more.

Whoever starts work says with `stop_when` what would make it pointless; the work itself calls
`poll` at places where it can be left without harm. A kernel that runs for long looks at a
`stop_flag` instead: a thread that wakes now and then raises it, and the kernel returns early, so
that no kernel need be cut into pieces. Nothing is asked, and no thread runs, where nobody has said
what makes work pointless. When the whole process is to end, `stop_all` makes all of it leave off.
A library that cannot be told is given a thread of its own, with `do_apart`, and left behind in it.
Cost: a look at a context variable, and a call; in a kernel, a look at an array a sweep; apart, a
tenth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from threading import Event, Lock, Thread
from typing import TypeVar

import numpy as np

from detente.errors import Stopped
from detente.values import Bools

Value = TypeVar("Value")

_PAUSE = 0.02
"""Seconds between two looks at whether work is pointless."""
_ENDING = np.zeros(1, dtype=np.bool_)
"""Whether the process is to end: the flag of kernels that nobody watches."""


class _Watch:
    """One function that says whether work is pointless, and the flag for kernels."""

    def __init__(self, pointless: Callable[[], bool]) -> None:
        self.pointless = pointless
        self.over = Event()
        self._flag: Bools | None = None
        self._lock = Lock()

    def flag(self) -> Bools:
        with self._lock:
            if self._flag is None:
                self._flag = np.zeros(1, dtype=np.bool_)
                Thread(target=self._look, args=(self._flag,), daemon=True).start()
            return self._flag

    def stops(self) -> bool:
        return (self._flag is not None and bool(self._flag[0])) or self.pointless()

    def _look(self, flag: Bools) -> None:
        while not self.over.wait(_PAUSE):
            if _ENDING[0] or self.pointless():
                flag[0] = True
                return


_watch: ContextVar[_Watch | None] = ContextVar("_watch", default=None)


@contextmanager
def stop_when(pointless: Callable[[], bool]) -> Iterator[None]:
    """Stop what is done inside as soon as a function says so.

    Parameters
    ----------
    pointless : callable
        Called without arguments, often, and from other threads too; must be cheap.

    Examples
    --------
    >>> with stop_when(lambda: True):
    ...     poll()
    Traceback (most recent call last):
    detente.errors.Stopped: stopped, as nobody waits for the answer any more
    >>> poll()
    """
    watch = _Watch(pointless)
    token = _watch.set(watch)
    try:
        yield
    finally:
        watch.over.set()
        _watch.reset(token)


def poll() -> None:
    """Leave off here, by raising `detente.errors.Stopped`, where the work is pointless."""
    watch = _watch.get()
    if _ENDING[0] or (watch is not None and watch.stops()):
        raise Stopped


def stop_all() -> None:
    """Stop all work of this process, in whichever thread and kernel it is, for good."""
    _ENDING[0] = True


def stop_flag() -> Bools:
    """Return an array of one truth that a kernel looks at: once it holds, return, then `poll`.

    Examples
    --------
    >>> stop_flag().tolist()
    [False]
    """
    watch = _watch.get()
    return _ENDING if watch is None else watch.flag()


def do_apart(work: Callable[[], Value]) -> Value:
    """Return what work gives that nothing can stop; leave it behind once it is pointless.

    Parameters
    ----------
    work : callable
        Of a library that lets other threads of Python run meanwhile; changes nothing.

    Examples
    --------
    >>> do_apart(lambda: 1)
    1
    """
    found: Future[Value] = Future()

    def do() -> None:
        try:
            found.set_result(work())
        except BaseException as error:
            found.set_exception(error)

    Thread(target=copy_context().run, args=(do,), daemon=True).start()
    while not wait([found], _PAUSE).done:
        poll()
    return found.result()
