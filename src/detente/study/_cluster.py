"""Draws solved by the workers of a Dask cluster (extra ``cluster``).

Pieces of consecutive draws go out as tasks, a few for each core at a time; Dask does again what a
lost worker had. A piece that it gives up (workers died at it again and again) is cut into single
draws, and a single draw given up is recorded as failed. Every worker needs the same version of
detente. Cost: a task a piece.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Mapping, Sequence
from typing import Any

import detente
from detente.case import Case
from detente.errors import AnalysisError, InputError
from detente.study._design import Design
from detente.study._solve import DrawOutcome, failed, solve_draw

DIED = "the cluster lost its workers again and again at this draw: killed, or out of memory"

_AHEAD = 3
"""Pieces handed out for each core, so that none waits for this process."""
_PATIENCE = 30.0


def solve_on_cluster(
    case: Case, design: Design, pieces: Sequence[range], address: str
) -> Generator[DrawOutcome]:
    """Solve pieces of a design on a Dask cluster, in no particular order of draws.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Yields
    ------
    DrawOutcome

    Raises
    ------
    InputError
        When nobody answers at the address, or `distributed` is missing.
    AnalysisError
        When a worker has another version of detente.
    """
    try:
        import distributed
    except ImportError:
        raise InputError(
            "a cluster needs the package distributed; install detente with the extra `cluster`"
        ) from None
    dask: Any = distributed
    try:
        client = dask.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address} ({error}); start one with `dask scheduler`"
        ) from None
    with client:
        told = client.scatter(case, broadcast=True)
        waiting = deque(list(piece) for piece in pieces)
        flying: dict[Any, list[int]] = {}
        results = dask.as_completed(loop=client.loop)

        def hand_out() -> None:
            cores = max(1, sum(client.nthreads().values()))
            while waiting and len(flying) < _AHEAD * cores:
                numbers = waiting.popleft()
                rows = [(n, design.draw(n), design.variant(n)) for n in numbers]
                task = client.submit(solve_piece, told, rows, detente.__version__, pure=False)
                flying[task.key] = numbers
                results.add(task)

        hand_out()
        for task in results:
            numbers = flying.pop(task.key)
            try:
                yield from task.result()
            except dask.KilledWorker:
                if len(numbers) == 1:
                    yield failed(case, numbers[0], DIED)
                else:
                    waiting.extendleft([number] for number in reversed(numbers))
            hand_out()


def solve_piece(
    case: Case, rows: Sequence[tuple[int, Mapping[str, float], Sequence[str]]], version: str
) -> list[Any]:
    """Solve some draws; what a worker of the cluster runs."""
    if version != detente.__version__:
        raise AnalysisError(
            f"a worker has detente {detente.__version__}, the study {version}; install the same"
        )
    return [solve_draw(case, *row) for row in rows]
