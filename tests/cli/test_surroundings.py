"""Commands where the machine gives less than usual: no home, no room, no colours, no memory.

Catches: a traceback, another exit code than 0, 1 or 2, a message without place or remedy.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import detente

SOURCE = Path(detente.__file__).parents[1]
"""Set by make validate; compiling every kernel anew takes a minute or more."""
FERRY = str(Path(__file__).with_name("ferry.yaml"))
RUN = ["run", FERRY, "-n", "2", "--workers", "1"]
POOR = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24


def obey_permissions():
    """Take from root, as whom tests may run, the right to write where nobody may."""
    if os.geteuid() == 0:
        import ctypes

        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, DAC_OVERRIDE, 0, 0, 0)


def command(words, folder, before=obey_permissions, source=SOURCE, out=subprocess.PIPE, **changes):
    changes = {"PYTHONPATH": str(source), **changes}
    env = {name: value for name, value in {**os.environ, **changes}.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-m", "detente", *words], stdout=out, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", cwd=folder, env=env, preexec_fn=before, check=False, timeout=240,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def sealed_folder(tmp_path):
    """Give a folder in which nothing can be written."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


def test_a_run_without_a_home_in_20_columns_of_the_locale_c_ends_well(tmp_path):
    done = command(RUN, tmp_path, HOME=None, COLUMNS="20", **POOR)
    assert done.returncode == 0
    assert {path.name for path in (tmp_path / "results" / "ferry").iterdir()} == {
        "report.html",
        "results.json",
    }
    assert r"\u2013" in done.stdout  # the dash of a range, by its code point


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (RUN, "results"),
        (["seal", "chicken", "-n", "2", "--workers", "1", "--ledger", "l.jsonl"], "l.jsonl"),
        (["convert", "chicken", "c.nfg"], "c.nfg"),
    ],
)
def test_a_folder_that_cannot_be_written_is_named(words, named, sealed_folder):
    done = command(words, sealed_folder)
    assert done.returncode == 1
    assert done.stderr == f"{named}: Permission denied; make room or choose another place\n"


def test_a_full_screen_is_said_and_an_error_keeps_its_code(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = command(["--version"], tmp_path, out=full)
    assert done.returncode == 1
    assert "No space left on device; make room" in done.stderr
    words = [sys.executable, "-m", "detente", "check", "nowhere.yaml"]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with Path("/dev/full").open("w") as full:
        assert subprocess.run(words, stderr=full, env=env, check=False).returncode == 2


def test_a_closed_pipe_ends_quietly(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    done = command(["cases"], tmp_path, out=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_too_little_memory_is_refused_before_anything_begins(tmp_path):
    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))

    done = command(RUN, tmp_path, limited)
    assert done.returncode == 1
    assert "may use 500 MB of memory (ulimit -v), and detente needs 800 MB" in done.stderr


def test_a_full_disk_is_said(tmp_path):
    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))

    done = command([*RUN, "--output", "out"], tmp_path, limited)
    assert done.returncode == 1
    assert "make room or choose another place" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_a_read_only_installation_without_a_cache_works(sealed_folder, tmp_path):
    copy = tmp_path / "installed"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [copy, *copy.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    home, words = str(sealed_folder), ["oneshot", "chicken"]
    done = command(words, tmp_path, source=copy, HOME=home, XDG_CACHE_HOME=None,
                   NUMBA_CACHE_DIR=None, TMPDIR=str(temporary))  # fmt: skip
    for path in [copy, *copy.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)
    assert done.returncode == 0, done.stderr
    assert "3 Nash equilibria" in done.stdout
    assert list(temporary.iterdir()) == []


def test_without_a_place_for_kernels_one_of_the_process_is_used(sealed_folder, tmp_path):
    copy = tmp_path / "installed"
    (copy / "detente").mkdir(parents=True)
    shutil.copy(SOURCE / "detente" / "__init__.py", copy / "detente")
    (copy / "detente").chmod(0o555)
    code = "import detente, os; print(os.environ['NUMBA_CACHE_DIR'])"
    env = {**os.environ, "PYTHONPATH": str(copy), "HOME": str(sealed_folder),
           "XDG_CACHE_HOME": "", "NUMBA_CACHE_DIR": str(sealed_folder / "cache")}  # fmt: skip
    done = subprocess.run([sys.executable, "-B", "-c", code], env=env, capture_output=True,
                          text=True, preexec_fn=obey_permissions, check=False)  # fmt: skip
    (copy / "detente").chmod(0o755)
    made = Path(done.stdout.strip())
    assert made.name.startswith("detente-kernels-")
    assert not made.exists()
