"""Tasks give the same whoever does them, and nobody is left behind when they are stopped.

Would catch: outcomes that depend on the backend, lost or repeated items, all items made at once,
workers that outlive a run that was stopped, workers started anew for each run, a crash that ends
the run.
"""

from __future__ import annotations

import time
from contextlib import closing
from multiprocessing import active_children

import numpy as np
import pytest

from detente.engine import (
    FAILURES,
    Backend,
    cut_pieces,
    map_tasks,
    reason_of,
    run_tasks,
    start_workers,
)
from detente.errors import AnalysisError, InputError, SizeError
from engine import tasks

BACKENDS = [Backend("threads", 1), Backend("threads", 3), Backend("processes", 2)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_item_is_done_once_and_told(backend):
    told = []
    pieces = [range(2, 5), range(7, 8), range(20, 30)]
    found = list(
        run_tasks(
            tasks.power, 2, lambda n: n + 1, pieces, backend,
            progress=lambda *counts: told.append(counts), failed=lambda x: x > 1000, done=6,
        )
    )  # fmt: skip
    assert sorted(found) == [(n, 2 ** (n + 1)) for piece in pieces for n in piece]
    assert [(done, total) for done, total, _ in told] == [(k, 20) for k in range(7, 21)]
    assert told[-1][2] == 10
    assert active_children() == []


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_to_do_is_done(backend):
    assert map_tasks(tasks.power, 2, [], backend) == []


@pytest.mark.parametrize("backend", BACKENDS)
def test_items_are_made_when_their_turn_comes(backend):
    made = []

    def item(number):
        made.append(number)
        return 1

    with closing(run_tasks(tasks.power, 2, item, cut_pieces(100_000, 5), backend)) as run:
        for _, _ in zip(range(20), run, strict=False):
            pass
    assert len(made) < 60


def test_outcomes_keep_the_order_of_items():
    items = list(range(40, 0, -1))
    for backend in BACKENDS:
        assert map_tasks(tasks.power, 3, items, backend, piece=7) == [3**n for n in items]


def test_a_stopped_run_leaves_no_process(tmp_path):
    run = run_tasks(
        tasks.sleep_long, tmp_path, range(4).__getitem__, cut_pieces(4, 2), Backend("processes", 2)
    )
    assert next(run) == (0, 0)
    began = time.monotonic()
    run.close()
    assert time.monotonic() - began < 5.0
    assert active_children() == []


def test_an_error_of_who_watches_ends_the_workers(tmp_path):
    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        map_tasks(
            tasks.sleep_long, tmp_path, range(6), Backend("processes", 2), piece=2,
            progress=interrupt,
        )  # fmt: skip
    assert active_children() == []


def test_workers_stay_from_run_to_run_and_outlive_a_stopped_one():
    with start_workers(tasks.name_worker, None, Backend("processes", 1)) as run:
        first = dict(run(int, [range(3)]))
        again = dict(run(int, [range(2), range(5, 6)]))
        assert len({*first.values(), *again.values()}) == 1
        stopped = run(int, [range(1000)])
        next(stopped)
        stopped.close()
        assert active_children() == []
        assert set(dict(run(int, [range(2)]))) == {0, 1}
    assert active_children() == []


def test_a_worker_that_dies_is_replaced(tmp_path):
    backend = Backend("processes", 2)
    assert map_tasks(tasks.die_once, tmp_path, range(9), backend, piece=3) == list(range(9))
    assert (tmp_path / "died").exists()


def test_an_item_at_which_workers_die_again_is_given_up():
    backend = Backend("processes", 2)
    found = map_tasks(tasks.die_at_three, "seven", range(6), backend, tasks.give_up, piece=6)
    assert found[:3] + found[4:] == [0, 1, 2, 4, 5]
    assert found[3].startswith("seven: the worker process died 2 times")
    with pytest.raises(AnalysisError, match="fewer workers"):
        map_tasks(tasks.die_at_three, "seven", range(6), backend)
    assert active_children() == []


def test_a_thread_lets_faults_of_the_program_through():
    for backend in BACKENDS[:2]:
        with pytest.raises(TypeError):
            map_tasks(tasks.power, "two", [1], backend)


def test_no_worker_is_no_backend():
    for kind in ("threads", "processes"):
        with pytest.raises(InputError, match="workers is 0; give one or more"):
            Backend(kind, 0)


def test_draws_fail_where_numbers_memory_or_models_do():
    for error in (MemoryError(), ZeroDivisionError(), np.linalg.LinAlgError(), SizeError("big")):
        assert isinstance(error, FAILURES)
    assert not isinstance(KeyError("fault"), FAILURES)
    assert reason_of(SizeError("big")) == "big"


@pytest.mark.parametrize("size", [1, 3, 100])
def test_pieces_are_what_is_not_done(size):
    done = [range(3), range(5, 6), range(6, 9), range(15, 20)]
    pieces = cut_pieces(23, size, done)
    assert [n for piece in pieces for n in piece] == [3, 4, *range(9, 15), 20, 21, 22]
    assert all(0 < len(piece) <= size for piece in pieces)
