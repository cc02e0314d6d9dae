"""Memory and time of a long study of a small case: 100,000 draws of 300 states by default.

Run ``python benchmarks/study_memory.py`` (about 15 minutes on two cores) or with ``--draws 2000``.
The study runs as its users run it, ``detente study`` into a file on all cores; the resident memory
of the command and all its workers is added up twice a second. It prints one line and writes
nothing but a temporary folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASE = """
detente: 1
title: Three actors, three hundred states
parameters:
  worth: {value: 1.0, range: [0.4, 2.0], reason: restraint to the sender, source: judgement}
  price: {value: 0.6, range: [0.2, 1.2], reason: price of an offer, source: judgement}
  gain: {value: 0.8, range: [0.2, 1.6], reason: what an offer brings the broker, source: judgement}
  burden: {value: 0.5, range: [0.1, 1.0], reason: burden of strictness, source: judgement}
  bite: {value: 0.7, range: [0.2, 1.5], reason: harm of strictness, source: judgement}
  pride: {value: 0.6, range: [0.1, 1.4], reason: worth of a stand, source: judgement}
  keen: {value: 2.0, range: [1.0, 3.0], reason: sharpness of choice, source: judgement}
actors:
  sender:
    rate: 2
    precision: keen
    options:
      offer: {levels: [none, words, aid, trade, treaty], cost: 0.1}
      tone: {levels: [harsh, plain, warm], cost: 0.05}
    preferences: {weights: {calm: worth, given: -price, insult: -0.2}}
  broker:
    rate: 1.5
    precision: keen
    options: {strictness: {levels: [lax, slight, partial, tight, full], cost: 0.1}}
    preferences: {weights: {paid: gain, strict: -burden, calm: 0.4}}
  target:
    rate: 2
    precision: keen
    options: {conduct: {levels: [talks, freeze, tests, launches], cost: 0.1}}
    preferences: {weights: {strict: -bite, stand: pride, insult: -0.3}}
issues:
  given: 0.25 * ((sender.offer >= words) + (sender.offer >= aid) + 2 * (sender.offer >= trade))
  strict: 0.5 * (broker.strictness >= partial) + 0.5 * (broker.strictness >= tight)
  paid: given * (broker.strictness >= partial)
  stand: 0.5 * (target.conduct >= freeze) + (0.5 - strict) * (target.conduct >= tests)
  calm: 1 - 0.5 * (target.conduct >= tests) - 0.5 * (target.conduct >= launches)
  insult: (sender.tone == harsh) * (target.conduct < tests)
status_quo:
  {sender.offer: none, sender.tone: plain, broker.strictness: slight, target.conduct: freeze}
claims:
  - {id: T1, says: The broker becomes tight., words: likely, expect: words,
     ask: {probability: "F[0, 5] broker.strictness >= tight"}}
  - {id: T2, says: Nothing is launched., words: unlikely, expect: words,
     ask: {probability: "G[0, 5] target.conduct < launches"}}
  - {id: T3, says: An offer makes the broker stricter., expect: "> 0",
     ask: {average: strict, over: 5, do: {sender.offer: trade}}, versus: {do: {sender.offer: none}}}
  - {id: T4, says: It is calm in the end., words: likely, expect: words,
     ask: {expected: target.conduct <= freeze, at: 5}}
"""


def main() -> None:
    """Run the study, watch it, print a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000)
    draws = parser.parse_args().draws
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "three.yaml"
        case.write_text(CASE, "utf-8")
        command = [sys.executable, "-m", "detente", "study", str(case), "-n", str(draws)]
        start = time.perf_counter()
        with subprocess.Popen(
            [*command, "--output", str(Path(folder) / "study.sqlite")], stdout=subprocess.DEVNULL
        ) as study:
            peak = 0
            while study.poll() is None:
                peak = max(peak, resident(study.pid))
                time.sleep(0.5)
        spent = time.perf_counter() - start
        if study.returncode:
            sys.exit("the study failed")
        print(f"{draws:,} draws of 300 states: {spent:.0f} s, at most {peak / 1e9:.2f} GB resident")


def resident(root: int) -> int:
    """Return the resident bytes of a process and all that it started (Linux)."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _read(entry / "stat").rpartition(")")[2].split()
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    family = [root]
    for process in family:
        family += children.get(process, [])
    total = 0
    for process in family:
        for line in _read(Path(f"/proc/{process}/status")).splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) * 1024
    return total


def _read(path: Path) -> str:
    """Return a file of the process table; nothing where the process has ended."""
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""


if __name__ == "__main__":
    main()
