"""Time and peak memory of every stability concept, against three yardsticks.

Run ``python benchmarks/stability.py`` (about 20 minutes) or with ``--quick`` (under a minute); it
prints a table in Markdown and writes nothing. Every size is a fresh process on a random conflict of
yes-no options, dealt out evenly, one state in ten infeasible. A cell is the seconds for all actors'
stable states (the best of five while that takes no second) and the peak memory of the process:

- ``five``: nash, gmr, smr, seq and sseq together, as one `Stability`; then each concept alone.
- ``argsort``: one stable NumPy argsort of every rank tensor along its actor's joint moves, in the
  same process, and ``five`` as a multiple of it.
- ``dense``: the same five definitions by matrices of states by states, the method of Xu, Hipel &
  Kilgour (2009), written out below; the verdicts are compared. It stops at 2^12 states: one with
  2^13 was given up after 20 minutes of computing.
- ``limit``: the bytes that must be touched at least (every rank read and every verdict of five
  concepts written once) over the memory bandwidth, measured by copying.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from detente.conflict import Conflict
from detente.stability import Stability

FIVE = ("nash", "gmr", "smr", "seq", "sseq")
MOST_SIM = 16
LONGEST = 3600


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


def reset_peak() -> None:
    """Let the peak start again at what is resident now, where the system can."""
    marks = Path("/proc/self/clear_refs")
    if marks.exists():
        marks.write_text("5", "ascii")


def timed(work: Callable[[], object]) -> tuple[float, int]:
    """Return the best seconds of a piece of work, and the peak resident bytes."""
    reset_peak()
    best, spent, runs = float("inf"), 0.0, 0
    while runs < 5 and spent < 1.0:
        start = time.perf_counter()
        work()
        seconds = time.perf_counter() - start
        best, spent, runs = min(best, seconds), spent + seconds, runs + 1
    return best, peak_memory()


def measure(bits: int, actors: int) -> dict[str, tuple[float, int]]:
    """Measure one size in this process; compile on a small conflict first."""
    together(random_conflict(6, actors), (*FIVE, "sim"))
    conflict = random_conflict(bits, actors)
    cells = {
        "argsort": timed(lambda: argsort(conflict)),
        "five": timed(lambda: together(conflict, FIVE)),
    }
    for concept in (*FIVE, "sim") if bits <= MOST_SIM else FIVE:
        cells[concept] = timed(lambda: together(conflict, (concept,)))  # noqa: B023
    return cells


def together(conflict: Conflict, concepts: Sequence[str]) -> Stability:
    """Work out some concepts for all actors."""
    stability = Stability(conflict)
    for concept in concepts:
        stability.equilibria(concept)
    return stability


def measure_dense(bits: int, actors: int) -> dict[str, tuple[float, int]]:
    """Measure the five concepts by matrices, and compare every verdict."""
    conflict = random_conflict(bits, actors)
    stability, cells, total = together(conflict, FIVE), {}, 0.0
    for concept in FIVE:
        reset_peak()
        start = time.perf_counter()
        found = dense(conflict, concept)
        cells[concept] = time.perf_counter() - start, peak_memory()
        total += cells[concept][0]
        for actor, states in zip(conflict.actors, found, strict=True):
            assert np.array_equal(states, stability.stable(concept, actor).reshape(-1))
    cells["five"] = total, max(peak for _, peak in cells.values())
    return cells


def apart(what: str, bits: int, actors: int) -> dict[str, list[float]]:
    """Measure in a process of its own; return seconds and peak by what was measured."""
    command = [sys.executable, __file__, "--one", what, str(bits), str(actors)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    if done.returncode:
        sys.exit(f"{actors} actors, 2^{bits} states, {what}:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def row(bits: int, actors: int, speed: float, *, with_dense: bool) -> str:
    """Measure one size and return its row of the table."""
    ours = apart("ours", bits, actors)
    five, sort = ours["five"][0], ours["argsort"][0]
    states = 1 << bits
    cells = [
        f"{actors}", f"2^{bits}", cell(ours["five"]), f"{five / states * 1e9:.0f}", cell(sort),
        f"{five / sort:.1f}", cell(states * (4 + len(FIVE)) * actors / speed),
    ]  # fmt: skip
    cells += [cell(ours[concept]) if concept in ours else "-" for concept in (*FIVE, "sim")]
    cells += ["-", "-"]
    if with_dense:
        slow = apart("dense", bits, actors)
        cells[-2:] = [cell(slow["five"]), f"{slow['five'][0] / five:,.0f}"]
    return "| " + " | ".join(cells) + " |"


def cell(found: float | Sequence[float]) -> str:
    """Return seconds to three digits, and the peak memory where it is known."""
    seconds, *peak = [found] if isinstance(found, float) else found
    words = f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"
    return f"{words}, {peak[0] / 2**20:.0f} MB" if peak else words


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes only, under a minute")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        what, bits, actors = options.one
        measured = (measure if what == "ours" else measure_dense)(int(bits), int(actors))
        print(json.dumps(measured))
        return
    speed = bandwidth()
    print(f"Memory bandwidth {speed / 1e9:.1f} GB/s; all actors' verdicts; time, peak memory\n")
    names = ["actors", "states", "five", "ns a state", "argsort", "five / argsort", "limit"]
    names += [*FIVE, "sim", "dense five", "dense / five"]
    print("| " + " | ".join(names) + " |\n|" + "---:|" * len(names), flush=True)
    sizes = (8, 12, 16) if options.quick else (8, 10, 12, 14, 16, 18, 20, 22, 24)
    fewer = () if options.quick else (8, 16, 18, 20, 24)
    most_dense = 8 if options.quick else 12
    for actors, chosen in ((3, sizes), (2, fewer), (4, fewer), (5, fewer)):
        for bits in chosen:
            print(row(bits, actors, speed, with_dense=bits <= most_dense), flush=True)


if __name__ == "__main__":
    main()
