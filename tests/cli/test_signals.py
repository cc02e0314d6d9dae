"""A command that is stopped at any instant loses nothing, says so, and goes on to the same bytes.

Catches: a traceback after Ctrl-C or a plain `kill`, another exit code than 130, a result half
written, a draft left behind, a study, fit or ledger that cannot be taken up again or that ends
with other numbers, two runs on one file that mix. `DETENTE_INSTANTS` gives how many instants of
each command are tried with each signal, in processes of their own; without it a few are, in copies
of a process that has everything loaded.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

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
    )  # fmt: skip
    assert run.stdout.readline() == "begun\n"
    return run


def made(folder):
    """Return what files hold that no clock changes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".sqlite":
            found[path.name] = (path, path.stat().st_size)
        elif path.suffix == ".jsonl":
            entries = [json.loads(line) for line in path.read_text().splitlines()]
            found[path.name] = [entry["forecast"] for entry in entries]
        elif path.is_file():
            found[path.name] = path.read_bytes()
    return found


@pytest.mark.skipif(not INSTANTS, reason="minutes; make validate asks for it")
@pytest.mark.parametrize("name", COMMANDS)
def test_stopped_at_any_instant(name, tmp_path):
    words = COMMANDS[name]
    calm = tmp_path / "calm"
    calm.mkdir()
    for _ in range(2):
        shutil.rmtree(calm); calm.mkdir()
        started = time.monotonic()
        told, said = begin(words, calm).communicate()
        lasted = time.monotonic() - started
    bad = []
    rng = np.random.default_rng(5)
    for number in range(INSTANTS):
        for sent in SIGNALS:
            folder = tmp_path / f"{number}{sent}"
            folder.mkdir()
            run = begin(words, folder)
            after = lasted * (number + rng.random()) / INSTANTS
            time.sleep(after)
            run.send_signal(sent)
            out, err = run.communicate(timeout=60)
            left = [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()]
            code = run.returncode
            bad.append((sent.name, round(after, 2), code, err[-300:] if code not in (130,0,-9) or "Trace" in err else err[-100:], left))
            again = begin(words + ["--resume"] * (name in RESUMED), folder)
            out, err = again.communicate()
            if again.returncode or (out != told):
                bad.append(("AGAIN", again.returncode, err[-400:], out[-200:] ))
            a, b = made(folder), made(calm)
            if name not in RESUMED and a != b:
                bad.append(("DIFFERENT", a.keys(), b.keys()))
    for line in bad: print(line)
