"""Tasks on the workers of a Dask cluster (extra ``cluster``).

The context is sent to every worker once; pieces of items go out a few for each core at a time, and
Dask does again what a lost worker had. A piece that it gives up (workers died at it again and
again) is cut into single items, and a single item that it gives up is lost. Every worker needs the
same version of detente. Cost: a Dask task a piece.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from detente import __version__
from detente.engine._backend import Backend, Run, Task
from detente.errors import AnalysisError, InputError

DIED = "the cluster lost its workers again and again at this draw: killed, or out of memory"

_AHEAD = 3
"""Pieces handed out for each core, so that none waits for this process."""
_PATIENCE = 30.0


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
    try:
        client = dask.Client(backend.address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"no Dask scheduler answers at {backend.address} ({error}); start one with `dask "
            "scheduler`"
        ) from None

    def run(item: Callable[[int], Any], pieces: Sequence[range]) -> Generator[tuple[int, Any]]:
        waiting = deque(pieces)
        flying: dict[Any, range] = {}
        results = dask.as_completed(loop=client.loop)

        def hand_out() -> None:
            cores = max(1, sum(client.nthreads().values()))
            while waiting and len(flying) < _AHEAD * cores:
                piece = waiting.popleft()
                items = [item(number) for number in piece]
                future = client.submit(do_piece, task, shared, items, __version__, pure=False)
                flying[future.key] = piece
                results.add(future)

        hand_out()
        for future in results:
            piece = flying.pop(future.key)
            try:
                yield from zip(piece, future.result(), strict=True)
            except dask.KilledWorker:
                if len(piece) == 1:
                    yield piece[0], lost(DIED)
                else:
                    waiting.extendleft(range(number, number + 1) for number in reversed(piece))
            hand_out()

    with client:
        shared = client.scatter(context, broadcast=True)
        yield run


def do_piece(task: Task, context: Any, items: Sequence[Any], version: str) -> list[Any]:
    """Do a task for some items; what a worker of the cluster runs."""
    if version != __version__:
        raise AnalysisError(
            f"a worker has detente {__version__}, the study {version}; install the same"
        )
    return [task(context, item) for item in items]
