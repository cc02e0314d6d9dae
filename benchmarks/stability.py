"""Time and peak memory of every stability concept, against three yardsticks.

Run ``python benchmarks/stability.py`` (or with ``--quick``); it prints a table and writes nothing.
Each cell is a fresh process on a random conflict of yes-no options, one state in ten infeasible:
seconds for all actors' stable states and the peak resident memory of that process. Beside them:

- ``dense``: the same definitions by matrices of states by states, the method of Xu, Hipel & Kilgour
  (2009), written out below. Its matrices hold n squared numbers, so at 2^13 states a single one has
  256 MB and a product takes 10^12 operations; it is not run beyond.
- ``argsort``: one stable NumPy argsort of every rank tensor along its actor's joint moves.
- ``limit``: the bytes that must be touched at least (every rank read and every verdict written
  once) over the memory bandwidth measured by copying.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from detente.conflict import Conflict
from detente.stability import Stability

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq", "sim")
MOST_DENSE = 13
MOST_SIM = 16
LONGEST = 1800


def random_conflict(bits: int, actors: int) -> Conflict:
    """Return a random conflict of 2^bits states, the options dealt out evenly."""
    rng = np.random.default_rng(bits)
    shape = (2,) * bits
    options: dict[str, dict[str, int]] = {f"a{k}": {} for k in range(actors)}
    for k in range(bits):
        options[f"a{k % actors}"][f"o{k}"] = 2
    ranks = {a: rng.permutation(1 << bits).astype(np.int32).reshape(shape) for a in options}
    return Conflict.build(options, rank=ranks, feasible=rng.random(shape) < 0.9)


def dense(conflict: Conflict, concept: str) -> list[np.ndarray]:
    """Return each actor's stable states by matrices of states by states.

    Every own move is possible here, so actors' moves compose: what legal sequences of the others
    reach is the closure of their moves one after another, found by repeated products that remember
    who moved last.
    """
    n = conflict.size
    feasible = conflict.feasible.reshape(-1)
    index = np.indices(conflict.shape).reshape(len(conflict.shape), n)
    move, gain = {}, {}
    for actor in conflict.actors:
        own = set(conflict.space.of(actor))
        fixed = [k for k in range(len(conflict.shape)) if k not in own]
        code = np.ravel_multi_index(index[fixed], [conflict.shape[k] for k in fixed])
        same = (code[:, None] == code) & feasible[:, None] & feasible & ~np.eye(n, dtype=bool)
        rank = conflict.rank[actor].reshape(-1)
        move[actor] = same
        gain[actor] = rank > rank[:, None]
    return [_dense_stable(conflict, concept, actor, move, gain) for actor in conflict.actors]


def _dense_stable(conflict, concept, actor, move, gain):
    feasible = conflict.feasible.reshape(-1)
    better = move[actor] & gain[actor]
    if concept == "nash":
        return feasible & ~better.any(axis=1)
    improving = concept in ("seq", "sseq")
    steps = {a: move[a] & gain[a] if improving else move[a] for a in move if a != actor}
    last = {a: step.copy() for a, step in steps.items()}
    grew = True
    while grew:
        grew = False
        for a, step in steps.items():
            before = [reach for b, reach in last.items() if b != a]
            if before:
                more = last[a] | _product(np.logical_or.reduce(before), step)
                grew |= bool((more != last[a]).any())
                last[a] = more
    reached = np.logical_or.reduce(list(last.values()))
    sanction = ~gain[actor] & feasible
    if concept in ("smr", "sseq"):
        sanction &= ~_product(move[actor], gain[actor].T).T
    deterred = _product(reached, sanction.T).T
    return feasible & ~(better & ~deterred).any(axis=1)


def _product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a.astype(np.float32) @ b.astype(np.float32)) > 0


def argsort(conflict: Conflict) -> None:
    """Sort every rank tensor along its actor's joint moves."""
    for actor in conflict.actors:
        np.argsort(conflict.rank[actor].reshape(conflict.space.block(actor)), 1, kind="stable")


def bandwidth() -> float:
    """Return bytes a second read and written by a copy, the best of five."""
    source = np.ones(1 << 24)
    target = np.empty_like(source)
    best = 0.0
    for _ in range(5):
        start = time.perf_counter()
        np.copyto(target, source)
        best = max(best, 2 * source.nbytes / (time.perf_counter() - start))
    return best


def peak_memory() -> int:
    """Return the peak resident bytes of this process.

    Linux passes ``ru_maxrss`` on from the parent, so the process's own mark is read where there is
    one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(what: str, bits: int, actors: int) -> dict[str, float]:
    """Measure one cell in this process; compile on a small conflict first."""
    if what in CONCEPTS:
        Stability(random_conflict(6, actors)).equilibria(what)
    conflict = random_conflict(bits, actors)
    start = time.perf_counter()
    if what == "argsort":
        argsort(conflict)
    elif what.startswith("dense "):
        found = dense(conflict, what.removeprefix("dense "))
    else:
        Stability(conflict).equilibria(what)
    seconds = time.perf_counter() - start
    peak = peak_memory()
    if what.startswith("dense "):
        stability, concept = Stability(conflict), what.removeprefix("dense ")
        for actor, states in zip(conflict.actors, found, strict=True):
            assert np.array_equal(states, stability.stable(concept, actor).reshape(-1))
    return {"seconds": seconds, "peak": peak}


def cell(what: str, bits: int, actors: int) -> tuple[str, float]:
    """Measure one cell in its own process; return it as text, and the seconds."""
    command = [sys.executable, __file__, "--one", what, str(bits), str(actors)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return f">{LONGEST} s", float("inf")
    if done.returncode:
        return "failed", float("nan")
    found = json.loads(done.stdout)
    return f"{found['seconds']:.4f} s {found['peak'] / 2**20:.0f} MB", found["seconds"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes only, under a minute")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        what, bits, actors = options.one
        print(json.dumps(measure(what, int(bits), int(actors))))
        return
    speed = bandwidth()
    print(f"memory bandwidth {speed / 1e9:.1f} GB/s; seconds and peak memory, all actors")
    sizes = (8, 16) if options.quick else (8, 10, 12, 13, 14, 16, 18, 20, 22, 24)
    most_dense = 8 if options.quick else MOST_DENSE
    for actors in (3,) if options.quick else (2, 3, 4, 5):
        for bits in sizes:
            limit = (1 << bits) * 5 * actors / speed
            sort, _ = cell("argsort", bits, actors)
            print(f"\n{actors} actors, 2^{bits} states: argsort {sort}, limit {limit:.6f} s")
            for concept in CONCEPTS:
                if concept == "sim" and bits > (12 if options.quick else MOST_SIM):
                    print("  sim   not run: its definition is not linear in the states")
                    continue
                ours, seconds = cell(concept, bits, actors)
                line = f"  {concept:5} {ours}"
                if concept != "sim" and bits <= most_dense:
                    other, slow = cell(f"dense {concept}", bits, actors)
                    line += f"   dense {other} ({slow / seconds:,.0f} times)"
                print(line, flush=True)


if __name__ == "__main__":
    main()
