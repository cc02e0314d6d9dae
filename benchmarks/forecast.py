"""Transient and reachability answers beside Storm's on the same chain; then simulation.

Run ``python benchmarks/forecast.py`` (or with ``--quick``); it prints a table and writes nothing
that it does not take away again. Storm (Hensel, Junges, Katoen, Quatmann & Volk 2022) is a model
checker in C++; its Python package ``stormpy`` is installed into an environment of its own for the
run, and is no part of detente. Another interpreter that has it can be named with ``--storm``.

The chains are those of our own equilibria: three actors with three yes-no options each (eight joint
moves), and as many yes-no conditions as bring the states to 2^10 ... 2^20. They are exported in
PRISM's format; each side reads or builds its model first, and only the answer is timed: the best of
three, ours and Storm's runs taking turns. Both answer for every state, to 1e-6. Storm runs with its
own defaults (sparse engine); its answer for the first state is compared with ours.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.expression import compile_query
from detente.forecast import Chain, chain_of, solve_queries
from detente.interop import write_prism

PRECISION = 1e-6
ROUNDS = 3
GOAL = (
    "us.offer == 1 and china.enforce == 1 and china.trade == 1 and dprk.test == 1 "
    "and dprk.trade == 1"
)
BAD = "us.press == 1 and china.host == 1 and dprk.talk == 0 and us.talk == 1"
QUESTIONS = {
    "happens within 5 years": (f"F[0, 5] {GOAL}", 'P=? [F<=5 "goal"]'),
    "holds after 5 years": (f"F[5, 5] {GOAL}", 'P=? [F[5,5] "goal"]'),
    "first within 5 years": (f"not ({BAD}) U[0, 5] ({GOAL})", 'P=? [!"bad" U<=5 "goal"]'),
    "first, without end": (f"not ({BAD}) U ({GOAL})", 'P=? [!"bad" U "goal"]'),
}

STORM = """
import json, sys, time
import stormpy
model = stormpy.build_model_from_explicit(sys.argv[1], sys.argv[2])
print(json.dumps(model.nr_states), flush=True)
for line in sys.stdin:
    asked = stormpy.parse_properties(json.loads(line))[0]
    start = time.perf_counter()
    found = stormpy.model_checking(model, asked, only_initial_states=False)
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, found.get_value(0)]), flush=True)
"""


def solved(bits: int) -> Equilibrium:
    """Return the equilibrium of a conflict of 2^bits states."""
    rng = np.random.default_rng(bits)
    options = {
        "us": {"offer": 2, "press": 2, "talk": 2},
        "china": {"enforce": 2, "trade": 2, "host": 2},
        "dprk": {"test": 2, "trade": 2, "talk": 2},
    }
    conditions = {
        f"world{k}": {"levels": 2, "rate": rng.uniform(0.1, 1.5, size=2)} for k in range(bits - 9)
    }
    conflict = Conflict.build(
        options,
        {actor: rng.normal(size=(2,) * bits) for actor in options},
        conditions=conditions,
        rates=dict.fromkeys(options, 2.0),
        precision=dict.fromkeys(options, 2.0),
        discount=dict.fromkeys(options, 0.1),
    )
    return conflict.equilibrium(tolerance=1e-8)


def export(equilibrium: Equilibrium, folder: Path) -> tuple[Path, Path]:
    """Write the chain in PRISM's format, and that in Storm's: another header and label file."""
    target = folder / "chain"
    _, rates, labels = write_prism(equilibrium, target, {"goal": GOAL, "bad": BAD}, start=0)
    ours, theirs = folder / "storm.tra", folder / "storm.lab"
    with rates.open("r") as source, ours.open("w") as out:
        next(source)
        out.write("ctmc\n")
        out.writelines(source)
    rates.unlink()
    with labels.open("r") as source, theirs.open("w") as out:
        names = [part.split('"')[1] for part in next(source).split()]
        wanted = {k: n for k, n in enumerate(names) if n in {"init", "goal", "bad"}}
        out.write(f"#DECLARATION\n{' '.join(wanted.values())}\n#END\n")
        for line in source:
            state, _, marks = line.partition(":")
            here = [wanted[int(mark)] for mark in marks.split() if int(mark) in wanted]
            if here:
                out.write(f"{state} {' '.join(here)}\n")
    return ours, theirs


def ours(chain: Chain, query: str) -> tuple[float, float, float]:
    """Return the seconds, the answer for the first state, and the largest stated error."""
    asked = compile_query(query, chain.conflict.namespace)
    start = time.perf_counter()
    found = solve_queries(chain, [(asked, None)], PRECISION / 4.0)[0]
    seconds = time.perf_counter() - start
    return seconds, float(found.value[0]), float(found.error.max())


def install(folder: Path) -> Path:
    """Install Storm into an environment of its own; return its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", "stormpy==2.0.0"]
    subprocess.run(command, check=True, timeout=900)
    return python


def compare(bits: int, storm: Path) -> None:
    """Print the rows of one size."""
    equilibrium = solved(bits)
    with tempfile.TemporaryDirectory() as place:
        files = export(equilibrium, Path(place))
        chain = chain_of(equilibrium)
        command = [str(storm), "-c", STORM, *map(str, files)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as peer:
            assert peer.stdin is not None
            assert peer.stdout is not None
            states = json.loads(peer.stdout.readline())
            assert states == chain.live.size
            print(f"\n{states:,} states, {chain.step.nnz:,} transitions")
            for name, (query, asked) in QUESTIONS.items():
                fast, slow = np.inf, np.inf
                for _ in range(ROUNDS):
                    seconds, value, error = ours(chain, query)
                    fast = min(fast, seconds)
                    peer.stdin.write(json.dumps(asked) + "\n")
                    peer.stdin.flush()
                    seconds, other = json.loads(peer.stdout.readline())
                    slow = min(slow, seconds)
                print(
                    f"  {name:24} ours {fast:9.4f} s  Storm {slow:9.4f} s  ratio {fast / slow:5.2f}"
                    f"  difference {abs(value - other):.1e}  (stated error {error:.0e})",
                    flush=True,
                )
            peer.stdin.close()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes only, a minute or two")
    parser.add_argument("--storm", type=Path, help="an interpreter that has stormpy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        try:
            storm = options.storm or install(Path(folder))
        except (subprocess.SubprocessError, OSError) as error:
            sys.exit(f"stormpy could not be installed ({error}); name an interpreter with --storm")
        # Compiles the kernels, so that no row pays for it.
        warm = chain_of(solved(10))
        for query, _ in QUESTIONS.values():
            ours(warm, query)
        for bits in (10, 12, 14) if options.quick else (10, 12, 14, 16, 18, 20):
            compare(bits, storm)
    from simulation import main as simulate

    simulate(options.quick)


if __name__ == "__main__":
    main()
