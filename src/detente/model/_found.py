"""Things that are found once each, whoever asks first; who asks meanwhile waits for the same.

A failure is remembered as its words, so that ten questions about a world that cannot be solved do
not each try. Work that was stopped is forgotten: the next who asks begins anew. Cost: a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from threading import RLock
from typing import Any, TypeVar

from detente.errors import AnalysisError

Value = TypeVar("Value")


class Found:
    """What was found, by what it is.

    Examples
    --------
    >>> found = Found()
    >>> found.get("answer", lambda: 42), found.get("answer", lambda: 43)
    (42, 42)
    """

    def __init__(self) -> None:
        self._values: dict[Hashable, Any] = {}
        self._failed: dict[Hashable, str] = {}
        self._locks: dict[Hashable, RLock] = {}

    def get(self, what: Hashable, find: Callable[[], Value]) -> Value:
        """Return a thing, found by calling a function where it is not there yet."""
        if what in self._values:
            return self._values[what]  # type: ignore[no-any-return]
        with self._locks.setdefault(what, RLock()):
            if what in self._failed:
                raise AnalysisError(self._failed[what])
            if what not in self._values:
                try:
                    self._values[what] = find()
                except AnalysisError as error:
                    self._failed[what] = str(error)
                    raise
            return self._values[what]  # type: ignore[no-any-return]

    def drop(self, what: Hashable) -> None:
        """Forget a thing."""
        self._values.pop(what, None)
        self._failed.pop(what, None)

    def __contains__(self, what: Hashable) -> bool:
        """Return whether a thing is there."""
        return what in self._values

    def __iter__(self) -> Iterator[Hashable]:
        """Return what is there, in the order in which it was found."""
        return iter(tuple(self._values))
