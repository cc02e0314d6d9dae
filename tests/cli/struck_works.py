"""Works that a test strikes with Ctrl-C: each makes what it needs, and gives what to do for ever.

As a program it takes the name of a work, makes it, and for each line that it reads begins it in a
process of its own (a fork, so that what was made and imported need not be made again). It tells the
process once the work has begun, and its exit code when it has ended. SIGUSR1 makes such a process
say where it is at: all threads, at once, even inside kernels.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

import detente
import detente.cli
from detente.__main__ import start
from detente.claims import claim_slopes
from detente.conflict import Conflict
from detente.stability import (
    least_rank_change,
    least_weight_change,
    strength_stability,
    uncertain_stability,
)

Work = Callable[[], object]
COMMAND = detente.cli.main
EVIDENCE = ["evidence", "fit", "peninsula", "--until", "2021-03-15"]


def conflict(*levels: tuple[int, ...]) -> Conflict:
    """Return a random conflict, given the levels of each actor's options."""
    rng, names = np.random.default_rng(1), "abcde"[: len(levels)]
    return Conflict.build(
        {a: {f"o{k}": n for k, n in enumerate(own)} for a, own in zip(names, levels, strict=True)},
        {a: rng.random(sum(levels, ())) for a in names},
        precision=dict.fromkeys(names, 3.0),
        discount=dict.fromkeys(names, 0.05),
    )


def case_file(folder: Path, bits: int) -> Path:
    """Write a case of three actors with so many yes-no options in all; return its path."""
    own = {a: [f"o{k}" for k in range(bits) if "abc"[k % 3] == a] for a in "abc"}
    every = [f"{a}.{o}" for a, names in own.items() for o in names]
    actors = "".join(
        f"  {a}:\n    precision: 2\n    rate: 2\n    options:\n"
        + "".join(f"      {o}: {{levels: [no, yes], cost: 0.1}}\n" for o in names)
        + f"    preferences: {{weights: {{mine: w{a}, both_{a}: 0.5, all: -1}}}}\n"
        for a, names in own.items()
    )
    numbers = "".join(
        f"  w{a}: {{value: {v}, range: [0.1, 3], reason: made up, source: judgement}}\n"
        for a, v in (("a", 0.5), ("b", 1.0), ("c", 1.5))
    )
    issues = "".join(
        f"  both_{a}: " + " + ".join(f"({x} == yes) * ({y} == no)" for x, y in zip(
            every, [*every[k + 1 :], *every[: k + 1]], strict=True)) + "\n"
        for k, a in enumerate("abc")
    )  # fmt: skip
    text = (
        "detente: 1\ntitle: Many options\nsources: {}\n"
        f"parameters:\n{numbers}actors:\n{actors}issues:\n{issues}"
        f"  all: {' + '.join(f'({name} == yes)' for name in every)}\n"
        f"  mine: {' + '.join(f'{k + 1} * ({name} == yes)' for k, name in enumerate(every))}\n"
        f"infeasible:\n  - {' and '.join(f'{name} == yes' for name in every)}\n"
        f"status_quo: {{{', '.join(f'{name}: no' for name in every)}}}\n"
    )
    path = folder / f"many-{bits}.yaml"
    path.write_text(text, "utf-8")
    return path


def command(folder: Path, *words: str) -> Work:
    """Return the command line with some words, ``{new}`` being a new folder each time."""

    def work() -> None:
        new = tempfile.mkdtemp(dir=folder)
        sys.argv = ["detente", *(word.format(new=new) for word in words)]
        code = COMMAND(prog_name="detente", standalone_mode=False)
        if code:
            raise SystemExit(code)

    return work


def game(choices: int) -> Conflict:
    """Return a game of two with random payoffs."""
    payoff = np.random.default_rng(choices).normal(size=(2, choices, choices))
    return Conflict.build(
        {"a": {"act": choices}, "b": {"act": choices}}, {"a": payoff[0], "b": payoff[1]}
    )


def solve(last: int) -> Work:
    """Solve many states (a million, where the last actor has four options)."""
    made = conflict((4,) * 3, (4,) * 3, (4,) * last)
    return lambda: made.equilibrium(1e-8)


def stability(concepts: tuple[str, ...], options: int) -> Work:
    """Find the equilibria of some concepts."""
    made = conflict((2,) * options, (2,) * options, (2,) * options)

    def work() -> None:
        found = made.stability()
        for concept in concepts:
            found.equilibria(concept)

    return work


def march() -> Work:
    """Follow a chain for long."""
    solved = conflict((9,), (9,), (9,)).equilibrium()
    return lambda: solved.probability("F[0, 200000] a.o0 == 1 and b.o0 == 2 and c.o0 == 3", 0)


def compiled(path: Path) -> Work:
    """Read a case of two million states."""
    return lambda: detente.load(path).conflict()


def paths(count: int, years: float) -> Work:
    """Draw sample paths."""
    solved = conflict((9,), (9,), (9,)).equilibrium()
    return lambda: solved.simulate(count, years, 0, rng=1).order("a.o0 == 1", "b.o0 == 2")


def endless() -> Work:
    """Ask without an end: when, and what in the long run."""
    solved = conflict((2,) * 5, (2,) * 5, (2,) * 5).equilibrium(1e-6)

    def work() -> None:
        solved.expected_time("a.o0 == 1 and b.o0 == 1 and c.o0 == 1 and a.o1 == 1", 0)
        solved.long_run(0)

    return work


def unsure(options: int) -> Work:
    """Ask for stability under unknown and strong preferences."""
    made = conflict((2,) * options, (2,) * options, (2,) * options)
    margin = dict.fromkeys(made.actors, 0.05)

    def work() -> None:
        str(uncertain_stability(made, margin))
        str(strength_stability(made, margin))

    return work


def least_weights(path: Path) -> Work:
    """Ask what weights would do."""
    case = detente.load(path)
    return lambda: least_weight_change(case, "mine <= 7", "nash")


def least_ranks() -> Work:
    """Ask what rankings would do."""
    made = conflict((2,) * 2, (2,) * 2, (2,) * 2)
    return lambda: least_rank_change(made, 24, "sseq", time_limit=30.0)


def slopes(path: Path) -> Work:
    """Ask for slopes of a larger case."""
    case = detente.load(path)
    queries = ["F[0, 2] a.o0 == yes", "average 3: mine", "long run: all"]
    return lambda: claim_slopes(case, queries=queries)


WORKS: dict[str, Callable[[Path], Work]] = {
    "solve": lambda _: solve(4),
    "solve, small": lambda _: solve(3),
    "stability": lambda _: stability(("nash", "gmr", "smr", "seq", "sseq"), 7),
    "march": lambda _: march(),
    "run": lambda f: command(f, "run", "peninsula", "-n", "40", "--output", "{new}"),
    "file to conflict": lambda f: compiled(case_file(f, 21)),
    "sim": lambda _: stability(("sim",), 6),
    "paths": lambda _: paths(20000, 300.0),
    "long paths": lambda _: paths(4000, 5000.0),
    "time to an event, long run": lambda _: endless(),
    "corners of a game": lambda _: game(16).one_shot().mixed,
    "paths of a game": lambda _: partial(game(100).one_shot().mixed, time_limit=20.0),
    "unknown and strong": lambda _: unsure(6),
    "least weights": lambda f: least_weights(case_file(f, 10)),
    "least ranks": lambda _: least_ranks(),
    "slopes": lambda f: slopes(case_file(f, 13)),
    "slopes of claims": lambda f: command(f, "slopes", "peninsula"),
    "evidence fit": lambda f: command(
        f, *EVIDENCE, "--output", "{new}/f.sqlite", "--workers", "2"
    ),
    "evidence fit, best": lambda f: command(f, *EVIDENCE, "--best"),
    "panel fit": lambda f: command(
        f, "panel", "fit", "disputes", "--output", "{new}/f.json", "--workers", "2"
    ),
}  # fmt: skip


def main(name: str, folder: str) -> None:
    """Begin a work again and again, each time in a process of its own."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faulthandler.register(signal.SIGUSR1)
    work = WORKS[name](Path(folder))
    # What a command prints must not come between the answers.
    answers = os.dup(1)
    os.dup2(2, 1)

    def begin(prog_name: str) -> None:
        os.write(answers, f"{os.getpid()}\n".encode())
        while True:
            work()

    detente.cli.main = begin
    for _ in iter(sys.stdin.readline, ""):
        process = os.fork()
        if process == 0:
            start()
        _, status = os.waitpid(process, 0)
        os.write(answers, f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
