"""Time sample paths against a plain Python loop and two Mesa models of the same process.

Run ``python benchmarks/simulation.py`` (or with ``--quick``); it prints a table and writes nothing.
The process is the chain of the built-in case *peninsula*. Mesa is installed into an environment of
its own, thrown away at the end; `mesa_process.py` holds the two models. All four are checked: the
share of paths that end with an option at a level must agree with the exact answer.

Agent steps are counted alike on both sides of a ratio. In the plain loop and in Mesa's ``paths`` a
step is a change of state. In Mesa's ``actors``, the way a Mesa user would write it, a step is an
actor's or nature's chance to change something; detente passes over the chances on which nothing
changes, so its steps there are the chances that the same years of paths hold.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import venv
from bisect import bisect
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

import detente

MESA = "mesa==3.3.1"
YEARS = 10.0


def process_of(equilibrium: Any, years: float) -> dict[str, Any]:
    """Return the chain as lists: all rates by state, and each mover's rate and choices."""
    conflict = equilibrium.conflict
    space, live = conflict.space, np.flatnonzero(conflict.feasible)
    chain = equilibrium.generator().tocoo()
    off = chain.row != chain.col
    row, column, rate = chain.row[off], chain.col[off], chain.data[off]

    def lists(kept: np.ndarray, scale: float) -> list[list[tuple[int, float]]]:
        rows: list[list[tuple[int, float]]] = [[] for _ in live]
        for i, j, r in zip(row[kept], column[kept], rate[kept] / scale, strict=True):
            rows[int(i)].append((int(j), float(r)))
        return rows

    here, there = live[row], live[column]
    movers, left = [], np.ones(row.size, dtype=bool)
    for actor in conflict.actors:
        _, own, after = space.block(actor)
        moved = (here // after) % own != (there // after) % own
        left &= ~moved
        chances = conflict.rates[actor]
        movers.append({"rate": chances, "choices": lists(moved, chances or 1.0)})
    highest = float(np.bincount(row[left], weights=rate[left], minlength=1).max(initial=0.0))
    movers.append({"rate": highest, "choices": lists(left, highest or 1.0)})
    return {
        "years": years,
        "start": int(np.searchsorted(live, conflict.index())),
        "rows": lists(np.ones(row.size, dtype=bool), 1.0),
        "movers": movers,
    }


def plain(process: dict[str, Any], paths: int) -> tuple[float, int, list[int]]:
    """Follow paths in a plain loop; return seconds, steps and where the paths end."""
    rows = [
        ([goal for goal, _ in row], list(accumulate(rate for _, rate in row)))
        for row in process["rows"]
    ]
    years, start, draw = process["years"], process["start"], random.Random(3)
    ends, steps = [0] * len(rows), 0
    begun = time.perf_counter()
    for _ in range(paths):
        here, now = start, 0.0
        while True:
            goals, sums = rows[here]
            total = sums[-1] if goals else 0.0
            if total == 0.0:
                break
            now += draw.expovariate(total)
            if now >= years:
                break
            here = goals[bisect(sums, draw.random() * total, 0, len(sums) - 1)]
            steps += 1
        ends[here] += 1
    return time.perf_counter() - begun, steps, ends


def mesa(process: dict[str, Any], paths: int, models: int) -> dict[str, Any]:
    """Run the Mesa models in an environment of their own."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        quiet = [str(python), "-m", "pip", "install", "--quiet", MESA]
        subprocess.run(quiet, check=True, stderr=subprocess.DEVNULL)
        file = Path(folder) / "process.json"
        file.write_text(json.dumps({**process, "paths": paths, "models": models}), "utf-8")
        script = Path(__file__).with_name("mesa_process.py")
        done = subprocess.run(
            [str(python), str(script), str(file)], check=True, capture_output=True, text=True
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def evenest(equilibrium: Any) -> tuple[str, str, float]:
    """Return the option and level nearest to even odds at the end, and their probability."""
    shares = equilibrium.paths(YEARS, points=2).shares
    space = equilibrium.conflict.space
    found = [
        (axis.name, level, float(share))
        for axis in space.axes
        for level, share in zip(axis.levels, shares[axis.name][-1], strict=True)
    ]
    return min(found, key=lambda entry: abs(entry[2] - 0.5))


def main(quick: bool = False) -> None:
    """Print the table."""
    equilibrium = detente.load("peninsula").conflict().equilibrium()
    process = process_of(equilibrium, YEARS)
    option, level, chance = evenest(equilibrium)
    live = np.flatnonzero(equilibrium.conflict.feasible)
    there = equilibrium.conflict.where(f"{option} == {level}").reshape(-1)
    held = there[live]

    paths = 20_000 if quick else 200_000
    equilibrium.simulate(10, 1.0, rng=1)
    best, steps = float("inf"), 0
    for _ in range(3 if quick else 7):
        start = time.perf_counter()
        simulation = equilibrium.simulate(paths, YEARS, rng=1)
        best = min(best, time.perf_counter() - start)
        steps = simulation.state.size - simulation.paths
    agreement = {"detente": (float(there[simulation.at(YEARS)].mean()), paths)}
    ours, years = steps / best, paths * YEARS / best

    loops = paths // 20
    seconds, loop_steps, ended = plain(process, loops)
    agreement["plain loop"] = (float(held @ ended) / loops, loops)
    rows = [("plain loop", loop_steps / seconds, ours)]
    found = mesa(process, loops, loops // 20)
    every_chance = sum(mover["rate"] for mover in process["movers"])
    for kind, mine, sample in (
        ("paths", ours, loops),
        ("actors", years * every_chance, loops // 20),
    ):
        one = found[kind]
        rows.append((f"Mesa, {kind}", one["steps"] / one["seconds"], mine))
        agreement[f"Mesa, {kind}"] = (float(held @ one["ends"]) / sample, sample)

    print(
        f"{live.size:,} states, {equilibrium.generator().nnz:,} transitions, {YEARS:g} years; "
        f"detente: {paths:,} paths in {best:.3f} s, every visit kept"
    )
    print(f"{'':14} {'steps a second':>16} {'detente':>16} {'times':>8}")
    for name, theirs, mine in rows:
        print(f"{name:14} {theirs:16,.0f} {mine:16,.0f} {mine / theirs:8,.0f}")
    print(f"share of paths that end with {option} == {level}, exactly {chance:.4f}:")
    for name, (share, sample) in agreement.items():
        error = (chance * (1 - chance) / sample) ** 0.5
        print(f"  {name:14} {share:.4f} ({(share - chance) / error:+.1f} standard errors)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small samples only, half a minute")
    main(parser.parse_args().quick)
    sys.exit()
