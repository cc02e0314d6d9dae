"""Who is worked for next: some questions at once, and the tabs take turns.

A tab that asks much waits behind itself, not before the others. Cost: nothing to speak of.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

AT_ONCE = 4
"""Questions that are worked on at the same time."""
MOST_WAITING = 100
"""Questions that may wait; more are refused."""

Begin = Callable[[], None]


class Turns:
    """Lets so many begin at once, one of each tab in turn.

    Parameters
    ----------
    most : int

    Examples
    --------
    >>> turns = Turns(1)
    >>> for tab, what in ("a", 1), ("a", 2), ("a", 3), ("b", 4):
    ...     _ = turns.join(tab, lambda what=what: print(what))
    1
    >>> for _ in range(3):
    ...     turns.leave()
    2
    4
    3
    """

    def __init__(self, most: int = AT_ONCE) -> None:
        self._free = most
        self._waiting: dict[str, deque[Begin]] = {}

    def join(self, tab: str, begin: Begin) -> bool:
        """Begin as soon as it is this tab's turn; False where too many wait already."""
        if sum(map(len, self._waiting.values())) >= MOST_WAITING:
            return False
        self._waiting.setdefault(tab, deque()).append(begin)
        self._next()
        return True

    def give_up(self, tab: str, begin: Begin) -> None:
        """Take out what has not begun."""
        line = self._waiting.get(tab, deque())
        if begin in line:
            line.remove(begin)
        if not line:
            self._waiting.pop(tab, None)

    def leave(self) -> None:
        """Say that one that has begun is over."""
        self._free += 1
        self._next()

    def _next(self) -> None:
        while self._free and self._waiting:
            tab = next(iter(self._waiting))
            line = self._waiting.pop(tab)  # and to the end of the round
            begin = line.popleft()
            if line:
                self._waiting[tab] = line
            self._free -= 1
            begin()
