"""The lines of the standard input, of bounded length, for a server that must end at any time.

A thread of its own reads the descriptor, so that the end of the server does not wait for a line. A
line that is too long is passed on as one that is no message. Cost: that of the lines.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from threading import Thread

LONGEST_LINE = 8 * 2**20
"""Bytes of a message: a case in it has at most 1 MiB, or six times as much in escapes."""
_PIECE = 65536
_AHEAD = 16
"""Lines that are read before those before them are taken."""
_NO_MESSAGE = "a line of this length is no message"


async def input_lines(descriptor: int = 0) -> AsyncIterator[str]:
    """Yield the lines that come in at a descriptor, by default the standard input."""
    loop, ready = asyncio.get_running_loop(), asyncio.Queue[str | None](_AHEAD)

    def read() -> None:
        with suppress(RuntimeError, OSError):  # the server has ended
            for line in lines_of(lambda: os.read(descriptor, _PIECE)):
                asyncio.run_coroutine_threadsafe(ready.put(line), loop).result()
        with suppress(RuntimeError):
            asyncio.run_coroutine_threadsafe(ready.put(None), loop)

    Thread(target=read, daemon=True).start()
    while (line := await ready.get()) is not None:
        yield line


def lines_of(read: Callable[[], bytes], longest: int = LONGEST_LINE) -> Iterator[str]:
    r"""Yield lines as they come in pieces; one that is too long is neither held nor passed on.

    Examples
    --------
    >>> pieces = iter([b"one\ntw", b"o\n", b"a long ", b"line\nlast", b""])
    >>> list(lines_of(lambda: next(pieces), longest=8))
    ['one', 'two', 'a line of this length is no message', 'last']
    """
    held, over = bytearray(), False
    while piece := read():
        for number, part in enumerate(piece.split(b"\n")):
            if number:
                yield _NO_MESSAGE if over else held.decode("utf-8", "replace")
                held, over = bytearray(), False
            over = over or len(held) + len(part) > longest
            held = bytearray() if over else held + part
    if held:
        yield held.decode("utf-8", "replace")
