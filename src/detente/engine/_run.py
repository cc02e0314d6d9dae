"""Many tasks of one kind, done by threads, processes or a cluster.

Numbered items are cut into pieces and handed out a few at a time, so that memory does not grow with
their number. What comes of an item depends on the context and the item only, and it comes with its
number, so results are the same however the work was shared.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TypeVar

from detente.engine._backend import Backend, Run
from detente.engine._cluster import on_cluster
from detente.engine._processes import in_processes
from detente.engine._stopping import poll
from detente.engine._threads import in_threads
from detente.errors import AnalysisError

Progress = Callable[[int, int, int], None]
"""Told how many are done, of how many, and how many failed."""

Context = TypeVar("Context")
Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


@contextmanager
def start_workers(
    task: Callable[[Context, Item], Outcome],
    context: Context,
    backend: Backend,
    lost: Callable[[Context, str], Outcome] | None = None,
) -> Iterator[Run]:
    """Give what runs items again and again with the same workers; see `run_tasks`."""

    def give_up(why: str) -> Outcome:
        if lost is None:
            raise AnalysisError(f"{why}; with fewer workers less memory is used")
        return lost(context, why)

    if backend.kind == "threads":
        workers = in_threads(task, context, backend)
    elif backend.kind == "processes":
        workers = in_processes(task, context, backend, give_up)
    else:
        workers = on_cluster(task, context, backend, give_up)
    with workers as run:
        yield run


def run_tasks(
    task: Callable[[Context, Item], Outcome],
    context: Context,
    item: Callable[[int], Item],
    pieces: Sequence[range],
    backend: Backend,
    lost: Callable[[Context, str], Outcome] | None = None,
    *,
    progress: Progress | None = None,
    failed: Callable[[Outcome], bool] = lambda _: False,
    done: int = 0,
) -> Generator[tuple[int, Outcome]]:
    """Do a task for every item, and yield outcomes as they are done.

    Closing the generator ends the workers.

    Parameters
    ----------
    task : callable
        A function of a module, of the context and an item.
    context : object
        What all items share; sent to each worker once.
    item : callable
        Gives the item of a number, when its turn comes.
    pieces : sequence of range
        Numbers of the items; a piece goes to one worker.
    backend : Backend
    lost : callable, optional
        Gives what stands for an item at which workers died again and again, of the context and the
        reason; an error by default.
    progress : callable, optional
        Told (done, all, failed) after each item.
    failed : callable, optional
        Whether an outcome counts as failed.
    done : int
        Items that were done before.

    Yields
    ------
    int, object
        An item's number and outcome, in no particular order.

    Raises
    ------
    InputError
        When a cluster does not answer.
    AnalysisError
        When workers cannot be started.

    Examples
    --------
    >>> found = run_tasks(pow, 2, range(10).__getitem__, [range(2), range(5, 7)], Backend())
    >>> sorted(found)
    [(0, 1), (1, 2), (5, 32), (6, 64)]
    """
    total, failures = done + sum(map(len, pieces)), 0
    with (
        start_workers(task, context, backend, lost) as run,
        closing(run(item, pieces)) as outcomes,
    ):
        for number, outcome in outcomes:
            poll()
            done += 1
            failures += failed(outcome)
            if progress is not None:
                progress(done, total, failures)
            yield number, outcome


def map_tasks(
    task: Callable[[Context, Item], Outcome],
    context: Context,
    items: Sequence[Item],
    backend: Backend,
    lost: Callable[[Context, str], Outcome] | None = None,
    *,
    piece: int = 1,
    progress: Progress | None = None,
    failed: Callable[[Outcome], bool] = lambda _: False,
) -> list[Outcome]:
    """Return what a task gives for every item, in their order; see `run_tasks`.

    Examples
    --------
    >>> map_tasks(pow, 2, [3, 1, 2], Backend("threads", 2))
    [8, 2, 4]
    """
    pieces = cut_pieces(len(items), piece)
    found: dict[int, Outcome] = {}
    run = run_tasks(
        task, context, items.__getitem__, pieces, backend, lost, progress=progress, failed=failed
    )
    with closing(run):
        found.update(run)
    return [found[number] for number in range(len(items))]


def cut_pieces(count: int, size: int, done: Sequence[range] = ()) -> list[range]:
    """Return the numbers below a count that are not done, in pieces of a size at most.

    Parameters
    ----------
    count, size : int
    done : sequence of range
        In order.

    Examples
    --------
    >>> cut_pieces(10, 3, [range(2, 4)])
    [range(0, 2), range(4, 7), range(7, 10)]
    """
    starts = [0, *(piece.stop for piece in done)]
    ends = [*(piece.start for piece in done), count]
    gaps = map(range, starts, ends)
    return [gap[k : k + size] for gap in gaps for k in range(0, len(gap), size)]
