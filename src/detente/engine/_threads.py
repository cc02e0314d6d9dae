"""Tasks in threads of this process; numerical kernels release the interpreter and share the cores.

A few items are handed out for each thread: enough that none waits, few enough for any memory. One
worker is this thread itself.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import copy_context
from itertools import chain, islice
from typing import Any

from detente.engine._backend import Backend, Run, Task

_AHEAD = 4


@contextmanager
def in_threads(task: Task, context: Any, backend: Backend) -> Iterator[Run]:
    """Give what does a task for items in threads, see `detente.engine.run_tasks`."""

    def run(item: Callable[[int], Any], pieces: Sequence[range]) -> Generator[tuple[int, Any]]:
        numbers = chain.from_iterable(pieces)
        if backend.count == 1:
            yield from ((number, task(context, item(number))) for number in numbers)
            return
        flying: dict[Future[Any], int] = {}
        with ThreadPoolExecutor(backend.count) as pool:
            try:
                while True:
                    for number in islice(numbers, _AHEAD * backend.count - len(flying)):
                        own = copy_context()
                        flying[pool.submit(own.run, task, context, item(number))] = number
                    if not flying:
                        return
                    for done in wait(flying, return_when=FIRST_COMPLETED).done:
                        yield flying.pop(done), done.result()
            finally:
                pool.shutdown(cancel_futures=True)

    yield run
