"""Time rounds of exchanges beside the program Decide, in one run on one machine.

    python benchmarks/bargaining.py                 rounds of detente alone
    python benchmarks/bargaining.py --peer PYTHON   beside Decide, in an environment that has it
                                                    (package decide-exchange-model)

A round of Decide on the largest table takes minutes; `--patience` seconds are waited for it, and
what is printed is then a lower bound.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from detente.bargaining import BargainingTable, exchange, write_table

SIZES = ((10, 5), (15, 10), (40, 20))
DRAWS = 1000
PEER = """
import sys, time
from decide.data.reader import InputDataFile
from decide.data.modelfactory import ModelFactory
from decide.model.equalgain import EqualGainModel
data = InputDataFile.open(sys.argv[1])
start = time.perf_counter()
model = ModelFactory(data)(model_klass=EqualGainModel)
model.calc_nbs()
model.determine_positions()
model.calc_combinations()
model.determine_groups_and_calculate_exchanges()
model.exchanges = [one for one in model.exchanges if one.is_valid]
made = 0
while model.exchanges:
    best = model.highest_gain()
    model.remove_invalid_exchanges(best)
    made += 1
print(made, time.perf_counter() - start)
"""


def random_table(actors: int, issues: int, rng: np.random.Generator) -> BargainingTable:
    """Return a table without blanks."""
    shape = (actors, issues)
    return BargainingTable(
        tuple(f"actor{k}" for k in range(actors)),
        tuple(f"issue{k}" for k in range(issues)),
        rng.integers(0, 101, shape).astype(float),
        rng.uniform(0.05, 1, shape).round(2),
        np.repeat(rng.uniform(0.1, 1, (actors, 1)).round(2), issues, axis=1),
        np.full(issues, np.nan),
        np.tile([0.0, 100.0], (issues, 1)),
    )


def peer_time(python: Path, table: BargainingTable, patience: float) -> str:
    """Return the exchanges that Decide makes and its seconds, or that it took longer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write_table(table, path, "decide")
        command = [str(python), "-c", PEER, str(path)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=patience, check=True
            )
        except subprocess.TimeoutExpired:
            return f"- {patience:.0f}"
        return done.stdout.split("\n")[-2]


def main() -> None:
    """Print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", type=Path, help="an interpreter that has Decide")
    parser.add_argument("--patience", type=float, default=300.0, help="seconds to wait for it")
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    exchange(random_table(3, 2, rng))
    print("actors issues possible made seconds peer-made peer-seconds ratio")
    for actors, issues in SIZES:
        table = random_table(actors, issues, rng)
        start = time.perf_counter()
        found = exchange(table)
        seconds = time.perf_counter() - start
        line = f"{actors} {issues} {found.possible} {len(found.made)} {seconds:.4f}"
        if options.peer is not None:
            made, peer = peer_time(options.peer, table, options.patience).split()
            more = "at least " if made == "-" else ""
            line += f" {made} {float(peer):.2f} {more}{float(peer) / seconds:.0f}"
        print(line, flush=True)
    start = time.perf_counter()
    for _ in range(DRAWS):
        exchange(random_table(20, 10, rng))
    print(f"{DRAWS} draws of 20 actors on 10 issues: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
