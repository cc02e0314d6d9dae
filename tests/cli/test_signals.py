"""A command that is stopped at any instant loses nothing, says so, and goes on to the same bytes.

Catches: a traceback after Ctrl-C or a plain `kill`, another exit code than 130, a result half
written, a draft left behind, a study, fit or ledger that cannot be taken up again or that ends with
other numbers, two runs on one file that mix. `DETENTE_INSTANTS` gives at how many instants each
command is struck by each signal.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.study import run_study
from detente.study._export import to_csv

INSTANTS = int(os.environ.get("DETENTE_INSTANTS", "0"))
FERRY = str(Path(__file__).with_name("ferry.yaml"))
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]
DEAL = ["--want", "near.ferry == runs", "--payer", "far", "--from", "near"]
COMMANDS = {
    "run": ["run", FERRY, "-n", "12", "--workers", "1", "--output", "out"],
    "study": ["study", FERRY, "-n", "30", "--chunk", "3", "--workers", "1", "--output", "s.sqlite"],
    "study in processes": [
        "study", FERRY, "-n", "44", "--chunk", "4", "--workers", "2", "--output", "s.sqlite",
    ],
    "fit": [
        "evidence", "fit", FERRY, "--particles", "20", "--claims", "4", "--workers", "1",
        "--output", "f.sqlite",
    ],
    "deals": ["deals", FERRY, *DEAL, "-n", "6", "--workers", "1", "--output", "deals.html"],
    "seal": ["seal", FERRY, "-n", "12", "--workers", "1", "--ledger", "l.jsonl"],
}  # fmt: skip
# Each instant is a process that begins anew, for six commands and three signals: more than the
# suite has time for. Short tests here strike once; `make validate` asks for 30 instants, in parts
# that can be run one by one.
long = pytest.mark.skipif(not INSTANTS, reason="many processes; make validate asks for them")
PARTS = 6
RESUMED = {"study", "study in processes", "fit"}

BEGINNING = """
import os, runpy, signal, sys
import detente
# A suite run in the background of a shell inherits that interrupts are ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
os.write(1, b"begun\\n")
sys.argv[0] = "detente"
runpy.run_module("detente", run_name="__main__")
"""


def begin(words, folder):
    run = subprocess.Popen(
        [sys.executable, "-c", BEGINNING, *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
        start_new_session=True,
    )  # fmt: skip
    assert run.stdout.readline() == "begun\n"
    return run


def calmly(words, folder):
    """Run a command to its end; return what it printed and how long it took."""
    folder.mkdir(exist_ok=True)
    run, started = begin(words, folder), time.monotonic()
    told, said = run.communicate(timeout=240)
    assert run.returncode == 0, said
    return told, time.monotonic() - started


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def program():
    """Return when each module was changed last: a program that changes proves nothing."""
    return {one: one.stat().st_mtime_ns for one in Path(detente.__file__).parent.rglob("*.py")}


def made(folder):
    """Return what a command wrote, but for study and fit files, whose pages hang on the order."""
    found = {}
    for name in files(folder):
        data = (folder / name).read_bytes()
        if name.endswith(".jsonl"):
            found[name] = json.loads(data.splitlines()[-1])["forecast"]
        elif not name.endswith(".sqlite"):
            found[name] = data
    return found


def test_sigterm_ends_a_study_with_130_and_resume_goes_on(tmp_path):
    run = begin(COMMANDS["study"], tmp_path)
    while not (tmp_path / "s.sqlite").exists():
        assert run.poll() is None
        time.sleep(0.005)
    run.terminate()
    _, said = run.communicate(timeout=120)
    assert run.returncode == 130
    assert "the same command with --resume goes on" in said
    assert "Traceback" not in said
    case = detente.load(FERRY)
    found = run_study(case, 30, 1, 1, store=tmp_path / "s.sqlite", resume=True)
    assert to_csv(found) == to_csv(run_study(case, 30, 1, 1))


SWALLOWED = """
import signal, detente.cli
from detente.__main__ import start
signal.signal(signal.SIGINT, signal.default_int_handler)

class Interrupted:
    def __set_name__(self, owner, name):
        signal.raise_signal(signal.{name})

def main(prog_name):
    type("Made", (), {{"one": Interrupted()}})

detente.cli.main = main
start()
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_that_python_turns_into_another_error_is_one(name):
    """Python before 3.12 gives a RuntimeError where one strikes while a class is made."""
    code = SWALLOWED.format(name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "stopped\n")


LOST = """
import ctypes, signal, time, detente.__main__, detente.cli
from detente.__main__ import start
detente.__main__._AGAIN = 0.0  # it comes again while the thread that sends it is being started
signal.signal(signal.SIGINT, {ignored})
callback = ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.{name}))

def main(prog_name):
    for _ in range(3):
        callback()
    time.sleep(60)

detente.cli.main = main
start()
"""


@pytest.mark.parametrize(
    ("name", "ignored"), [("SIGINT", "signal.default_int_handler"), ("SIGTERM", "signal.SIG_IGN")]
)
def test_an_interrupt_that_is_lost_in_a_callback_comes_again(name, ignored):
    """Python prints what a callback of a library raises, and goes on as if nothing had happened."""
    code = LOST.format(name=name, ignored=ignored)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=50
    )
    assert (done.returncode, done.stderr) == (130, "stopped\n")


HALF_MADE = """
import signal, detente.cli
from detente.__main__ import start
signal.signal(signal.SIGINT, signal.default_int_handler)

class Module:
    def __init__(self):
        signal.raise_signal(signal.SIGINT)
        self.handle = 1

    def __del__(self):
        self.handle

detente.cli.main = lambda prog_name: Module()
start()
"""


def test_what_an_interrupt_leaves_half_made_does_not_complain():
    """A compiler's objects complain of what they lack when they are taken apart."""
    done = subprocess.run(
        [sys.executable, "-c", HALF_MADE], capture_output=True, text=True, check=False, timeout=50
    )
    assert (done.returncode, done.stderr) == (130, "stopped\n")


@long
@pytest.mark.parametrize("sent", SIGNALS, ids=lambda sent: sent.name)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", COMMANDS)
def test_stopped_at_any_instant_it_loses_nothing(name, part, sent, tmp_path):
    words, before = COMMANDS[name], program()
    calmly(words, tmp_path / "first")  # kernels may have to be compiled
    told, lasted = calmly(words, tmp_path / "calm")
    wanted, rng = made(tmp_path / "calm"), np.random.default_rng([5, part])
    stopped = 0
    for number in range(part, INSTANTS, PARTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        run = begin(words, folder)
        time.sleep(lasted * (number + rng.random()) / INSTANTS)
        if sent == signal.SIGINT:
            os.killpg(run.pid, sent)  # a terminal strikes the workers too
        else:
            run.send_signal(sent)
        _, said = run.communicate(timeout=240)
        assert run.returncode in {0, -sent if sent == signal.SIGKILL else 130}, said
        assert "Traceback" not in said
        stopped += run.returncode != 0
        if sent != signal.SIGKILL:
            assert [one for one in files(folder) if one.startswith(".") or "/." in one] == []
        again, _ = calmly([*words, "--resume"] if name in RESUMED else words, folder)
        assert program() == before, "somebody changed the program while it was tested"
        assert name == "seal" or again == told
        assert {one: made(folder)[one] for one in wanted} == wanted
    assert stopped


@long
@pytest.mark.parametrize("name", ["study", "fit", "seal"])
def test_two_at_once_on_one_file_do_not_mix(name, tmp_path):
    words = [*COMMANDS[name], "--resume"] if name in RESUMED else COMMANDS[name]
    told, _ = calmly(words, tmp_path / "calm")
    for number in range(INSTANTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        both = [begin(words, folder), begin(words, folder)]
        ended = [run.communicate(timeout=240)[1] for run in both]
        assert {run.returncode for run in both} <= {0, 1}, ended
        assert "Traceback" not in "".join(ended)
        if name == "seal":
            assert "2 entries, intact" in calmly(["verify", "l.jsonl", "--chain"], folder)[0]
        else:
            assert calmly(words, folder)[0] == told
