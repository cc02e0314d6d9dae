"""A study on a Dask cluster whose processes are killed in the middle.

Catches: draws lost with a worker or with all of them, results other than in one process, a study
that waits without a word or hangs, a traceback where the scheduler is gone, an address at which
nobody is.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

import detente
from detente.engine import _cluster as engine
from detente.errors import AnalysisError, InputError
from detente.study import open_study, run_study
from detente.study._export import to_csv

pytest.importorskip("distributed")
CASE = "chicken"
DRAWS, SEED = 30, 7
CLUSTER = """
import sys, warnings
warnings.simplefilter("ignore")
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=0, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        for line in sys.stdin:
            cluster.scale(int(line))
"""


@pytest.fixture
def cluster(tmp_path):
    """Give the address of a scheduler without workers, and its process, which scales by lines."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER)
    run = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    address = run.stdout.readline().strip()
    assert re.match(r"tcp://", address)
    yield address, run
    run.stdin.close()
    run.stdout.close()
    run.wait(timeout=60)


def scale(run, workers):
    run.stdin.write(f"{workers}\n")
    run.stdin.flush()


def kill_workers(address, most):
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        for pid in list(client.run(os.getpid).values())[:most]:
            os.kill(pid, signal.SIGKILL)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_its_workers_gives_the_same_bytes(cluster, tmp_path, monkeypatch):
    """First there is none, then one of two is killed, then both; nannies start others."""
    address, run = cluster
    said, killed = [], {3: 1, 9: 2}

    def say(words, file, flush):
        said.append(words)
        scale(run, 2)

    def killing(done, total, failed):
        if done in killed:
            kill_workers(address, killed.pop(done))

    monkeypatch.setattr(engine, "print", say, raising=False)
    study = run_study(
        detente.load(CASE), DRAWS, SEED, progress=killing, store=tmp_path / "s.sqlite", chunk=3,
        cluster=address,
    )  # fmt: skip
    assert not killed
    assert said[0] == f"the Dask scheduler at {address} has no worker; waiting for one"
    assert to_csv(study) == to_csv(run_study(detente.load(CASE), DRAWS, SEED))


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_is_killed_ends_the_study_and_resume_goes_on(
    cluster, tmp_path, monkeypatch, capfd
):
    address, run = cluster
    scale(run, 1)
    monkeypatch.setattr(engine, "_PATIENCE", 3.0)
    monkeypatch.setattr(engine, "_LOOK", 0.1)
    case, path = detente.load(CASE), tmp_path / "s.sqlite"

    def killing(done, total, failed):
        if done == 6:
            run.kill()

    with pytest.raises(AnalysisError, match=r"is gone; start one .* \(--resume, resume=True\)"):
        run_study(case, DRAWS, SEED, progress=killing, store=path, chunk=3, cluster=address)
    out, said = capfd.readouterr()
    assert "Traceback" not in said + out
    assert 0 < len(open_study(path).completed) < DRAWS
    found = run_study(case, DRAWS, SEED, store=path, resume=True)
    assert to_csv(found) == to_csv(run_study(case, DRAWS, SEED))


@pytest.mark.filterwarnings("ignore")
def test_an_address_where_nobody_is_gets_a_clear_error(monkeypatch):
    monkeypatch.setattr(engine, "_PATIENCE", 0.5)
    with pytest.raises(InputError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run_study(detente.load(CASE), 2, 1, cluster="tcp://127.0.0.1:9")
