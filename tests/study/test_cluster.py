"""A study on a Dask cluster of two worker processes, one of which is killed in the middle.

Catches: draws lost with a worker, results other than in one process, a study that
hangs, an address at which nobody is.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import detente
from detente.errors import InputError
from detente.study import run_study
from detente.study._export import to_csv

pytest.importorskip("distributed")
SMALL = Path(__file__).parents[1] / "case" / "small.yaml"
CLUSTER = """
import sys, warnings
warnings.simplefilter("ignore")
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]
        print(cluster.scheduler_address, *pids, flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def cluster(tmp_path):
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER)
    run = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    address, *pids = run.stdout.readline().split()
    assert re.match(r"tcp://", address)
    yield address, [int(pid) for pid in pids]
    run.communicate("\n", timeout=60)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(cluster, tmp_path):
    address, pids = cluster
    case = detente.load(SMALL)
    killed = []

    def killing(done, total, failed):
        if done >= 6 and not killed:
            os.kill(pids[0], signal.SIGKILL)
            killed.append(done)

    study = run_study(
        case, 60, 7, progress=killing, store=tmp_path / "s.sqlite", chunk=3, cluster=address
    )
    assert killed
    assert to_csv(study) == to_csv(run_study(case, 60, 7))


@pytest.mark.filterwarnings("ignore")
def test_an_address_where_nobody_is_gets_a_clear_error(monkeypatch):
    from detente.engine import _cluster as cluster

    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    with pytest.raises(InputError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run_study(detente.load(SMALL), 2, 1, cluster="tcp://127.0.0.1:9")
