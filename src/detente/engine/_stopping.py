"""Stopping work that nobody waits for any more.

Whoever starts work says with `stop_when` what would make it pointless; the work itself calls
`poll` at places where it can be left without harm. Nothing is asked where nobody has said so. Cost:
a look at a context variable, and a call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from detente.errors import Stopped

_pointless: ContextVar[Callable[[], bool] | None] = ContextVar("_pointless", default=None)


@contextmanager
def stop_when(pointless: Callable[[], bool]) -> Iterator[None]:
    """Stop what is done inside as soon as a function says so.

    Parameters
    ----------
    pointless : callable
        Called without arguments, often; must be cheap.

    Examples
    --------
    >>> with stop_when(lambda: True):
    ...     poll()
    Traceback (most recent call last):
    detente.errors.Stopped: stopped, as nobody waits for the answer any more
    >>> poll()
    """
    token = _pointless.set(pointless)
    try:
        yield
    finally:
        _pointless.reset(token)


def poll() -> None:
    """Leave off here, by raising `detente.errors.Stopped`, where the work is pointless."""
    pointless = _pointless.get()
    if pointless is not None and pointless():
        raise Stopped
