"""Tasks on the workers of a Dask cluster (extra ``cluster``).

The context goes to the cluster once, as the result of a task, so that Dask makes it again where
every worker that had it is gone; pieces of items go out a few for each core at a time, and Dask
does again what a lost worker had. A piece that it gives up (workers died at it again and again) is
cut into single items, and a single item that it gives up is lost. What a scheduler forgot, because
it was started anew, is sent again. While there is no worker a line on standard error says what is
waited for; a scheduler that stays away ends the run. Every worker needs the same version of
detente. Cost: a Dask task a piece.
"""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any

from detente import __version__
from detente.engine._backend import Backend, Run, Task
from detente.errors import AnalysisError, InputError
from detente.text import printable

DIED = "the cluster lost its workers again and again at this draw: killed, or out of memory"

_AHEAD = 3
"""Pieces handed out for each core, so that none waits for this process."""
_PATIENCE = 30.0
"""Seconds in which a scheduler must answer."""
_LOOK = 1.0
"""Seconds without an outcome after which it is looked why."""


@contextmanager
def on_cluster(
    task: Task, context: Any, backend: Backend, lost: Callable[[str], Any]
) -> Iterator[Run]:
    """Give what does a task for items on a cluster, see `detente.engine.run_tasks`."""
    try:
        import distributed
    except ImportError:
        raise InputError(
            "a cluster needs the package distributed; install detente with the extra `cluster`"
        ) from None
    dask: Any = distributed
    with _without_its_log():
        try:
            client = dask.Client(backend.address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(
                f"no Dask scheduler answers at {backend.address} ({error}); start one with `dask "
                "scheduler`"
            ) from None
        with client:
            yield _Work(dask, client, task, context, backend.address, lost).run


class _Work:
    """What is at the cluster, and what is to be sent there."""

    def __init__(
        self,
        dask: Any,
        client: Any,
        task: Task,
        context: Any,
        address: str,
        lost: Callable[[str], Any],
    ) -> None:
        self._dask = dask
        self._client = client
        self._job = task, context
        self._address = address
        self._lost = lost
        self._shared: Any = None
        self._said = ""

    def run(
        self, item: Callable[[int], Any], pieces: Sequence[range]
    ) -> Generator[tuple[int, Any]]:
        waiting = deque(pieces)
        flying: dict[str, tuple[Any, range]] = {}
        landed: SimpleQueue[Any] = SimpleQueue()
        while waiting or flying:
            self._hand_out(waiting, flying, landed, item)
            try:
                future = landed.get(timeout=_LOOK)
            except Empty:
                self._look()
                for future, _ in flying.values():
                    if future.cancelled():
                        landed.put(future)
                continue
            _, piece = flying.pop(future.key, (None, range(0)))
            try:
                yield from zip(piece, self._result(future) if piece else (), strict=True)
                self._said = ""
            except self._dask.client.CancelledError:
                waiting.appendleft(piece)
            except self._dask.KilledWorker:
                if len(piece) == 1:
                    yield piece[0], self._lost(DIED)
                else:
                    waiting.extendleft(range(number, number + 1) for number in reversed(piece))

    def _hand_out(
        self,
        waiting: deque[range],
        flying: dict[str, tuple[Any, range]],
        landed: SimpleQueue[Any],
        item: Callable[[int], Any],
    ) -> None:
        """Send pieces, as many as keep the workers busy; none while no scheduler answers."""
        if not waiting or self._client.status != "running":
            return
        task, context = self._job
        if self._shared is None or self._shared.status in {"cancelled", "error", "lost"}:
            self._shared = self._client.submit(hold, context, pure=False)
        while waiting and len(flying) < _AHEAD * max(1, self._cores()):
            piece = waiting.popleft()
            items = [item(number) for number in piece]
            future = self._client.submit(
                do_piece, task, self._shared, items, __version__, pure=False
            )
            flying[future.key] = future, piece
            future.add_done_callback(landed.put)

    def _result(self, future: Any) -> Any:
        """Return what came of a piece, which Dask may have to do again for it."""
        while True:
            try:
                return future.result(timeout=_LOOK)
            except TimeoutError:
                if future.status == "error":
                    raise
                self._look()

    def _cores(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except (OSError, RuntimeError, TimeoutError, AttributeError):  # it lost the scheduler
            return 0

    def _look(self) -> None:
        """Say what is waited for; end where it will not come.

        Raises
        ------
        AnalysisError
            When the scheduler is gone.
        """
        if self._client.status in {"closing", "closed"}:
            raise AnalysisError(
                f"the Dask scheduler at {self._address} is gone; start one and its workers, and go "
                "on from what is stored (--resume, resume=True)"
            )
        if self._client.status != "running":
            self._say(f"the Dask scheduler at {self._address} does not answer; waiting for it")
        elif not self._cores():
            self._say(f"the Dask scheduler at {self._address} has no worker; waiting for one")

    def _say(self, words: str) -> None:
        if words != self._said:
            self._said = words
            print(printable(words), file=sys.stderr, flush=True)


def hold(context: Any) -> Any:
    """Have the context on a worker."""
    return context


def do_piece(task: Task, context: Any, items: Sequence[Any], version: str) -> list[Any]:
    """Do a task for some items; what a worker of the cluster runs."""
    if version != __version__:
        raise AnalysisError(
            f"a worker has detente {__version__}, the study {version}; install the same"
        )
    return [task(context, item) for item in items]


@contextmanager
def _without_its_log() -> Iterator[None]:
    """Keep from the user what Dask writes about connections; errors are told in our words."""
    logs = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)
