"""Time and memory of solving the timed game, against value iteration in NumPy and a peer.

Run ``python benchmarks/equilibrium.py`` (or with ``--quick``); it prints a table and writes
nothing. Three actors with random utilities, precision times span 5, discount 0.1 a year, two moves
a year each and a cost of a tenth of the span a level step. Each cell is a fresh process, compiled
beforehand on a small conflict:

- ``one``: one solve, tolerance 1e-8; seconds, seconds a state and sweep, peak memory.
- ``batch``: seconds a solve of many draws on all cores, traced, and started from the base case.
- ``numpy``: plain value iteration of the same equations, costs included, over dense policies as
  arrays [state, joint move], from zero to the same tolerance. Its values must agree with ours.
- ``square``: the same over dense policies as matrices [state, state].

Seconds are by the clock; beside them stands the time all threads ran on a processor, which other
work on the machine disturbs less.
- ``sgamesolver``: installed into a temporary environment, where that works. It solves another class
  of games, in which all players move at once, and follows its branch to a far higher precision; the
  row shows random games of its own with like numbers of states and three players of two actions.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from math import prod
from pathlib import Path

import numpy as np

from detente.conflict import Conflict
from detente.equilibrium import solve, solve_batch
from stability import peak_memory

TOLERANCE = 1e-8
LONGEST = 900
SIZES = {
    64: ((4,), (4,), (4,)),
    216: ((2, 3), (2, 3), (2, 3)),
    343: ((7,), (7,), (7,)),
    3072: ((4, 4), (3, 4), (4, 4)),
    32768: ((4, 4, 2), (4, 4, 2), (4, 4, 2)),
    1048576: ((4, 4, 4), (4, 4, 4), (4, 4, 4, 4)),
}
MOST_NUMPY = 3072
MOST_SQUARE = 343
MOST_BATCH = 32768
PEER = """
import sys, time, numpy
numpy.NaN = numpy.nan  # a name that NumPy 2 dropped and the peer still uses
import sgamesolver
game = sgamesolver.SGame.random_game(int(sys.argv[1]), 3, 2, seed=1)
homotopy = sgamesolver.homotopy.QRE(game)
homotopy.solver_setup()
homotopy.solver.verbose = 0
start = time.perf_counter()
homotopy.solve()
print(time.perf_counter() - start)
"""


def random_conflict(size: int, draw: int = 0) -> Conflict:
    """Return a random conflict; draws of one size differ in utilities by a tenth."""
    levels = SIZES[size]
    shape = tuple(n for own in levels for n in own)
    assert prod(shape) == size
    rng, shift = np.random.default_rng(size), np.random.default_rng([size, draw])
    options = {f"a{k}": {f"o{i}": n for i, n in enumerate(own)} for k, own in enumerate(levels)}
    utility = {a: rng.random(shape) for a in options}
    if draw:
        utility = {a: u + 0.1 * shift.random(shape) for a, u in utility.items()}
    return Conflict.build(
        options,
        utility=utility,
        rates=dict.fromkeys(options, 2.0),
        precision={a: 5.0 / float(np.ptp(u)) for a, u in utility.items()},
        discount=dict.fromkeys(options, 0.1),
        costs={a: dict.fromkeys(own, 0.1) for a, own in options.items()},
    )


def moves(conflict: Conflict, actor: str) -> tuple[np.ndarray, np.ndarray]:
    """Return where an actor's joint moves lead from each state and what they cost."""
    own = list(conflict.space.of(actor))
    size = [conflict.shape[k] for k in own]
    states = np.arange(conflict.size).reshape(conflict.shape)
    lines = np.moveaxis(states, own, range(len(own))).reshape(prod(size), -1)
    to = np.empty((conflict.size, prod(size)), dtype=np.int64)
    for line in lines.T:
        to[line] = line
    place = np.indices(conflict.shape).reshape(len(conflict.shape), -1)
    levels = np.indices(size).reshape(len(own), -1)
    cost = sum(conflict.cost[k][place[k][:, None], levels[i]] for i, k in enumerate(own))
    return to, cost


def value_iteration(conflict: Conflict, square: bool) -> tuple[np.ndarray, int]:
    """Return the values, (actors, states), by iterating over dense policies; and the sweeps."""
    targets, costs = zip(*(moves(conflict, actor) for actor in conflict.actors), strict=True)
    if square:
        row = np.arange(conflict.size)[:, None]
        for j, (to, cost) in enumerate(zip(targets, costs, strict=True)):
            full = np.full((conflict.size, conflict.size), np.inf)
            full[row, to] = cost
            costs = (*costs[:j], full, *costs[j + 1 :])
    free = [np.where(np.isfinite(cost), cost, 0.0) for cost in costs]
    flow = np.stack([conflict.utility[a].reshape(-1) for a in conflict.actors])
    rate = [conflict.rates[a] for a in conflict.actors]
    precision = [conflict.precision[a] for a in conflict.actors]
    factor = np.array([conflict.discount[a] for a in conflict.actors])[:, None] + sum(rate)
    span = np.ptp(flow, axis=1)[:, None]
    values, sweeps = np.zeros_like(flow), 0
    while True:
        right = flow.copy()
        for j, cost in enumerate(costs):
            worth = precision[j] * ((values[j] if square else values[j][targets[j]]) - cost)
            policy = np.exp(worth - worth.max(axis=1, keepdims=True))
            policy /= policy.sum(axis=1, keepdims=True)
            if square:
                right += rate[j] * (values @ policy.T)
            else:
                for i in range(len(flow)):
                    right[i] += rate[j] * (policy * values[i][targets[j]]).sum(axis=1)
            right[j] -= rate[j] * (policy * free[j]).sum(axis=1)
        sweeps += 1
        imbalance = float((np.abs(right - factor * values) / span).max())
        values = right / factor
        if imbalance <= TOLERANCE:
            return values, sweeps


def measure(what: str, size: int) -> dict[str, float]:
    """Measure one cell in this process."""
    small = random_conflict(64)
    solve_batch([small], TOLERANCE, start=solve(small, TOLERANCE, trail=True))
    base = random_conflict(size)
    if what in ("numpy", "square"):
        start, busy = time.perf_counter(), time.process_time()
        values, sweeps = value_iteration(base, what == "square")
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
        ours = solve(base, TOLERANCE)
        apart = max(
            float(np.abs(values[k] - ours.value[a].reshape(-1)).max())
            for k, a in enumerate(base.actors)
        )
        assert apart < 1e-4, f"the values are {apart} apart"
    elif what == "one":
        start, busy = time.perf_counter(), time.process_time()
        sweeps = solve(base, TOLERANCE).sweeps
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
    else:
        count = int(np.clip(200_000 // size, 4, 400))
        drawn = [random_conflict(size, draw) for draw in range(1, count + 1)]
        known = solve(base, TOLERANCE, trail=True) if what == "warm" else None
        start, busy = time.perf_counter(), time.process_time()
        found = solve_batch(drawn, TOLERANCE, start=known)
        seconds = (time.perf_counter() - start) / count
        busy = (time.process_time() - busy) / count
        sweeps = float(np.mean([e.sweeps for e in found]))
    return {"seconds": seconds, "busy": busy, "sweeps": sweeps, "peak": peak_memory()}


def cell(what: str, size: int) -> dict[str, float] | None:
    """Measure one cell in its own process; None when it fails or takes too long."""
    command = [sys.executable, __file__, "--one", what, str(size)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        print(done.stderr.splitlines()[-1], file=sys.stderr)
        return None
    return dict(json.loads(done.stdout))


def told(found: dict[str, float] | None, size: int) -> str:
    """Return a cell as text."""
    if found is None:
        return f"failed or over {LONGEST} s"
    each = 1e9 * found["seconds"] / found["sweeps"] / size
    return (
        f"{found['seconds']:9.5f} s ({found['busy']:9.5f} busy)  {found['sweeps']:5.0f} sweeps  "
        f"{each:7.1f} ns a state and sweep  {found['peak'] / 2**20:5.0f} MB"
    )


def peer(sizes: tuple[int, ...], longest: int) -> None:
    """Print how long sgamesolver takes on random games of its own class."""
    print("\nsgamesolver (another class of games: all move at once; 3 players, 2 actions each)")
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        pip = [python, "-m", "pip", "install", "-q"]
        for extra in (["numpy", "scipy", "cython", "setuptools", "wheel"], ["sgamesolver"]):
            flags = ["--no-build-isolation"] if extra == ["sgamesolver"] else []
            try:
                subprocess.run([*pip, *flags, *extra], check=True, capture_output=True, timeout=600)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                print(f"  could not be installed here ({extra[0]} failed); not measured")
                return
        for size in sizes:
            command = [python, "-c", PEER, str(size)]
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=longest, check=False
                )
            except subprocess.TimeoutExpired:
                print(f"  {size:>9,} states  over {longest} s")
                continue
            said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
            print(f"  {size:>9,} states  {said[-1] if said else 'failed'}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes only, no peer")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one[0], int(options.one[1]))))
        return
    for size in (64, 343, 3072) if options.quick else SIZES:
        print(f"\n{size:,} states, 3 actors", flush=True)
        slow = cell("numpy", size) if size <= MOST_NUMPY else None
        square = cell("square", size) if size <= MOST_SQUARE else None
        for name, found in (("numpy", slow), ("square", square)):
            if found is not None:
                print(f"  {name:6} {told(found, size)}", flush=True)
        for what in ("one", "batch", "warm") if size <= MOST_BATCH else ("one",):
            found = cell(what, size)
            ratio = ""
            if found is not None and slow is not None:
                ratio = f"  numpy / {what} {slow['seconds'] / found['seconds']:6,.0f}"
            print(f"  {what:6} {told(found, size)}{ratio}", flush=True)
    if not options.quick:
        peer((8, 64, 256), 300)


if __name__ == "__main__":
    main()
