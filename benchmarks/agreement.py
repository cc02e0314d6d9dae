"""Answers beside Gambit's and Storm's: mixed and logit equilibria, and chains that were exported.

Run ``python benchmarks/agreement.py`` (fewer games with ``--games``): it prints counts, and exits
with 1 where an answer differs. Gambit (Savani & Turocy 2025) and Storm (Hensel, Junges, Katoen,
Quatmann & Volk 2022) are installed into an environment of their own for the run, and are no part of
detente. Another interpreter that has ``pygambit`` and ``stormpy`` can be named with ``--peers``.

- Random games of two actors, two to five choices a side, most of them degenerate: their extreme
  equilibria are the set that Gambit's ``enummixed`` gives in rational arithmetic.
- Random games of payoffs that do not tie: the logit equilibrium is Gambit's, traced in small steps.
- Chains of random conflicts: Storm loads the ``.drn`` file and the program in PRISM's language, and
  answers a question as detente does. PRISM itself is not asked: the program is written by its
  manual, and Storm reads it in its mode for PRISM's programs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from detente.conflict import Conflict
from detente.errors import AnalysisError
from detente.interop import write_nfg, write_prism_program, write_storm

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from random_conflicts import random_spec

PEERS = ("pygambit==17.0.0b2", "stormpy==2.0.0", "lxml", "numpy", "pandas", "scipy")
CLOSE = 1e-6
GAMBIT = """
import io, json, sys
import pygambit
for line in sys.stdin:
    asked = json.loads(line)
    game = pygambit.read_nfg(io.StringIO(asked["nfg"]))
    if asked["precision"] is None:
        listed = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    else:
        listed = [pygambit.qre.logit_solve_lambda(
            game, [asked["precision"]], first_step=0.003, max_accel=1.01)[0].profile]
    print(json.dumps([[[str(found[player][strategy]) for strategy in game.get_strategies(player)]
                       for player in game.players] for found in listed]), flush=True)
"""
STORM = """
import json, os, sys
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Storm's warnings go to standard output
import stormpy
for line in sys.stdin:
    path, question = json.loads(line)
    if path.endswith(".drn"):
        model, (asked,) = stormpy.build_model_from_drn(path), stormpy.parse_properties(question)
    else:
        program = stormpy.parse_prism_program(path, prism_compatibility=True)
        (asked,) = stormpy.parse_properties(question, program)
        model = stormpy.build_model(program, [asked])
    found = stormpy.model_checking(model, asked, only_initial_states=True)
    print(json.dumps(found.get_value(model.initial_states[0])), file=answers, flush=True)
"""


@contextmanager
def peer(python: Path, script: str) -> Iterator[Any]:
    """Yield a function that sends a question to another program and returns its answer."""
    with subprocess.Popen(
        [str(python), "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        into, out = program.stdin, program.stdout

        def ask(question: object) -> Any:
            into.write(json.dumps(question) + "\n")
            into.flush()
            return json.loads(out.readline())

        yield ask
        into.close()


def game_of(first: Any, second: Any) -> Conflict:
    """Return a conflict of two actors with an option each."""
    rows, columns = np.shape(first)
    return Conflict.build(
        {"a": {"act": rows}, "b": {"act": columns}}, {"a": first, "b": second}
    )  # fmt: skip


def mixed(ask: Any, games: int) -> int:
    """Return how many games have other extreme equilibria than Gambit says."""
    rng = np.random.default_rng(7)
    wrong = degenerate = 0
    for _ in range(games):
        most = int(rng.choice([2, 3, 5, 1000]))
        conflict = game_of(*rng.integers(0, most, (2, *rng.integers(2, 6, 2))).astype(float))
        found = conflict.one_shot().mixed()
        theirs = ask({"nfg": write_nfg(conflict), "precision": None})
        expected = {tuple(tuple(map(Fraction, mix)) for mix in pair) for pair in theirs}
        degenerate += found.degenerate
        wrong += {tuple(pair.values()) for pair in found.exact} != expected
    print(f"mixed: {games} games, {degenerate} degenerate: {wrong} differ from Gambit", flush=True)
    return wrong


def logit(ask: Any, games: int) -> int:
    """Return in how many games the logit equilibrium is another than Gambit's."""
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(games):
        conflict = game_of(*rng.normal(size=(2, *rng.integers(2, 5, 2))))
        precision = float(rng.choice([1.0, 3.0, 6.0]))
        found = conflict.one_shot().qre(precision).mix.values()
        (theirs,) = ask({"nfg": write_nfg(conflict), "precision": precision})
        apart = [
            np.abs(mix - np.array(other, dtype=float)).max()
            for mix, other in zip(found, theirs, strict=True)
        ]
        wrong += max(apart) > CLOSE
    print(f"logit: {games} games: {wrong} differ from Gambit", flush=True)
    return wrong


def chains(ask: Any, count: int) -> int:
    """Return for how many chains Storm's answer is another; what is not solved is passed over."""
    wrong = read = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(count):
            spec = random_spec(np.random.default_rng([seed, 9]), largest=40, sharpness=1.0)
            try:
                equilibrium = spec.build().equilibrium()
            except AnalysisError:
                continue
            read += 1
            axis = equilibrium.conflict.space.axes[0]
            first, last = np.flatnonzero(equilibrium.conflict.feasible)[[0, -1]].tolist()
            goal = equilibrium.conflict.space.position(last)[0]
            label = f"{axis.name.replace('.', '_')}_{goal}"
            ours = equilibrium.probability(f"F[0, 2] {axis.name} == {goal}", first).value
            for write in (write_storm, write_prism_program):
                path = write(equilibrium, Path(folder) / "chain", start=first)
                theirs = ask([str(path), f'P=? [F<=2 "{label}"]'])
                wrong += abs(theirs - ours) > CLOSE
    print(f"chains: {read} loaded by Storm in both forms: {wrong} answers differ", flush=True)
    return wrong


def install(folder: Path) -> Path:
    """Install both into an environment of their own; return its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", "--prefer-binary", *PEERS]
    subprocess.run(command, check=True, timeout=900)
    return python


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--games", type=int, default=2000, help="how many random games (2000)")
    parser.add_argument("--peers", type=Path, help="an interpreter that has pygambit and stormpy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        try:
            python = options.peers or install(Path(folder))
        except (subprocess.SubprocessError, OSError) as error:
            sys.exit(f"the peers could not be installed ({error}); name an interpreter by --peers")
        with peer(python, GAMBIT) as ask:
            wrong = mixed(ask, options.games) + logit(ask, options.games // 10)
        with peer(python, STORM) as ask:
            wrong += chains(ask, max(1, options.games // 20))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
