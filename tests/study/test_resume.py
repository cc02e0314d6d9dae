"""A study killed at any instant and resumed ends with the same bytes as one left in peace.

Catches: a draw lost, done twice or taken from another seed after a kill, a chunk half written,
results that depend on workers or chunks, a dead worker that stops the study, a script without a
``__main__`` guard that starts itself again and again. `DETENTE_BATCHES` gives the number of kills.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

import detente
import lethal_worker
from detente.engine._processes import DIED
from detente.study import open_study, run_study
from detente.study._export import to_csv

SMALL = Path(__file__).parent / "small.yaml"
DRAWS = 40
KILLS = int(os.environ.get("DETENTE_BATCHES", "3"))

SCRIPT = """
import sys, detente
from detente.study import run_study
store, workers, chunk, processes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
case = detente.load({case!r})
print("loaded", flush=True)
run_study(case, {draws}, 7, workers, store=store, resume=True, chunk=chunk,
          processes=processes == "True", progress=lambda *c: print(*c, flush=True))
"""


@pytest.fixture(scope="module")
def case():
    return detente.load(SMALL)


@pytest.fixture(scope="module")
def undisturbed(case):
    return to_csv(run_study(case, DRAWS, 7))


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("script") / "unscoped.py"
    path.write_text(SCRIPT.format(case=str(SMALL), draws=DRAWS))
    return path


def start(script, store, workers, chunk, processes):
    words = [sys.executable, str(script), str(store), str(workers), str(chunk), str(processes)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_killed_at_random_instants_and_resumed_it_ends_with_the_same_bytes(
    script, undisturbed, tmp_path
):
    rng = np.random.default_rng(11)
    killed, round_number = 0, 0
    while killed < KILLS:
        store = tmp_path / f"{round_number}.sqlite"
        round_number += 1
        while True:
            workers, chunk = int(rng.integers(1, 3)), int(rng.integers(1, 8))
            run = start(script, store, workers, chunk, bool(rng.integers(2)))
            if killed < KILLS:
                run.stdout.readline()
                for _ in range(int(rng.integers(10))):
                    run.stdout.readline()
                time.sleep(rng.random() * 0.03)
                run.kill()
                killed += run.wait() == -signal.SIGKILL
                run.stdout.close()
                continue
            run.communicate()
            assert run.returncode == 0
            break
        assert to_csv(open_study(store)) == undisturbed


@pytest.mark.parametrize(("workers", "chunk"), [(1, 1), (2, 5), (2, 40)])
def test_workers_and_chunks_change_nothing(case, undisturbed, tmp_path, workers, chunk):
    store = tmp_path / "s.sqlite"
    run_study(case, DRAWS, 7, workers, store=store, chunk=chunk)
    assert to_csv(open_study(store)) == undisturbed


def test_a_script_without_a_guard_may_use_processes(script, undisturbed, tmp_path):
    run = start(script, tmp_path / "s.sqlite", 2, 6, True)
    told, _ = run.communicate(timeout=120)
    assert run.returncode == 0
    assert told.count("loaded") == 1
    assert to_csv(open_study(tmp_path / "s.sqlite")) == undisturbed


def test_a_dead_worker_is_replaced_and_its_piece_done_again(case, undisturbed):
    def killing(done, total, failed):
        if done == 3:
            active_children()[0].kill()

    study = run_study(case, DRAWS, 7, 2, killing, processes=True)
    assert to_csv(study) == undisturbed


def test_a_draw_at_which_workers_die_twice_is_recorded_as_failed(case, monkeypatch):
    monkeypatch.setattr("detente.study._run.solve_draw", lethal_worker.die_at_one_draw)
    study = run_study(case, lethal_worker.DRAWS, lethal_worker.SEED, 1, processes=True)
    assert study.completed.tolist() == [0, 1, 3]
    assert [(f.draw, f.reason) for f in study.failures] == [(lethal_worker.DEADLY, DIED)]


def test_ctrl_c_keeps_finished_chunks_and_leaves_no_worker(script, case, undisturbed, tmp_path):
    store = tmp_path / "s.sqlite"
    run = start(script, store, 2, 2, True)
    for _ in range(8):
        run.stdout.readline()
    run.send_signal(signal.SIGINT)
    run.stdout.close()
    assert run.wait(timeout=30) != 0
    assert 0 < len(open_study(store).completed) < DRAWS
    assert to_csv(run_study(case, DRAWS, 7, store=store, resume=True)) == undisturbed
