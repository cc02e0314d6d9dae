"""Ctrl-C is answered at once, whatever the command is at: inside kernels, threads and libraries.

Would catch: a kernel that is not told that the process ends, a pass over many states that cannot be
left, a process that first takes apart what its libraries hold. `DETENTE_INSTANTS` gives at how many
random instants each kind of work is struck; the test then prints median and maximum.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

INSTANTS = int(os.environ.get("DETENTE_INSTANTS", "0"))
SOON = 0.3
"""Seconds, on a machine that has nothing else to do."""
BUSY = 3.0
"""Seconds on one that has."""

BEGINNING = """
import os, signal, sys
import numpy as np
import detente.cli
from detente.__main__ import start
from detente.conflict import Conflict
signal.signal(signal.SIGINT, signal.default_int_handler)

def conflict(*levels):
    rng, names = np.random.default_rng(1), "abc"
    return Conflict.build(
        {a: {f"o{k}": n for k, n in enumerate(own)} for a, own in zip(names, levels)},
        {a: rng.random(sum(levels, ())) for a in names},
        precision=dict.fromkeys(names, 3.0),
        discount=dict.fromkeys(names, 0.05),
    )

def main(prog_name):
    work = make()
    os.write(1, b"begun\\n")
    while True:
        work()
"""
WORKS = {
    "solve": """
def make():
    made = conflict((4,) * 3, (4,) * 3, (4,) * LAST)
    return lambda: made.equilibrium(1e-8)
""",
    "stability": """
def make():
    made = conflict((2,) * TWOS, (2,) * TWOS, (2,) * TWOS)
    def work():
        stability = made.stability()
        for concept in ("nash", "gmr", "smr", "seq", "sseq"):
            stability.equilibria(concept)
    return work
""",
    "march": """
def make():
    solved = conflict((9,), (9,), (9,)).equilibrium()
    return lambda: solved.probability("F[0, 200000] a.o0 == 1 and b.o0 == 2 and c.o0 == 3", 0)
""",
    "run": """
def make():
    sys.argv = ["detente", "run", "peninsula", "-n", "40", "--output", FOLDER]
    return lambda: whole(prog_name="detente", standalone_mode=False)
""",
}


def answered(name: str, sizes: dict[str, object], wait: float) -> float:
    """Strike a process at an instant; return how long it took to end."""
    setting = "\n".join(f"{key} = {value!r}" for key, value in sizes.items())
    code = (
        f"{BEGINNING}\n{setting}\n{WORKS[name]}\nwhole = detente.cli.main\n"
        "detente.cli.main = main\nstart()\n"
    )
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], text=True, **pipes) as process:
        assert process.stdout.readline() == "begun\n"
        time.sleep(wait)
        began = time.perf_counter()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        took = time.perf_counter() - began
        said = process.stderr.read()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    return took


@pytest.mark.parametrize("name", ["solve", "march"])
def test_work_ends_soon_after_an_interrupt(name: str) -> None:
    assert answered(name, {"LAST": 3}, 0.3) < BUSY


# Each instant is a process that builds its conflict anew; `make validate` asks for them.
@pytest.mark.skipif(not INSTANTS, reason="many processes; make validate asks for them")
@pytest.mark.parametrize(
    ("name", "span"), [("solve", 6), ("stability", 4), ("march", 4), ("run", 25)]
)
def test_it_ends_soon_at_any_instant(name: str, span: float, tmp_path: object) -> None:
    rng = np.random.default_rng(7)
    sizes = {"LAST": 4, "TWOS": 7, "FOLDER": str(tmp_path)}  # a million states, two million
    took = [answered(name, sizes, span * rng.random()) for _ in range(INSTANTS)]
    print(f"{name}: median {np.median(took):.3f} s, at most {max(took):.3f} s", os.getloadavg())
    assert np.median(took) < SOON * (1.0 + os.getloadavg()[0])
