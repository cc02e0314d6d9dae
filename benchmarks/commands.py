"""What each command costs: its processor time on three built-in cases, and how that grows.

Run ``python benchmarks/commands.py`` (some minutes), with ``--quick`` for a tenth of the draws,
with ``--only run`` for some. It prints a table in Markdown and writes nothing that stays. Every
command is a process of its own in a folder that is thrown away, on one worker where it can say so;
seconds are of the processor, the command's own and the system's, with those of its child processes,
the least of ``--turns``: the first turn may have to compile. Each includes the start, which is
nearly all that ``check --quick`` takes. `simulate` is no command and runs as a script.

The cases: chicken has 4 states and 5 claims, sanctions 108 and 6, peninsula 3,072 and 46. The table
of bargaining is that of the case market; only peninsula has a record.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile

PATHS = """
import sys, detente
chain = detente.load(sys.argv[1]).conflict().equilibrium()
chain.simulate(int(sys.argv[2]), 10.0, rng=1, workers=1)
"""
CASES = ("chicken", "sanctions", "peninsula")
TODAY = {
    "chicken": "F[0, 1] row.wheel == swerve",
    "sanctions": "F[0, 5] target.programme == dismantled",
    "peninsula": "F[0, 5] china.enforcement >= level_2017",
}
AXES = {
    "chicken": ("nerve", "row.wheel"),
    "sanctions": ("worth", "trust"),
    "peninsula": ("china.relationship", "confidence"),
}
DEALS = {
    "sanctions": ("target.programme == dismantled", "sender", "target"),
    "peninsula": ("china.enforcement >= level_2017", "us", "china"),
}
DAY = "2021-03-15"


def works(quick: bool) -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return the commands: name, how the cost grows, and the arguments for each case."""

    def draws(number: int) -> str:
        return str(max(2, number // 10) if quick else number)

    some, few, particles = draws(100), draws(10), draws(200)
    one = ["--workers", "1"]
    record = "rows of the record x rate x years x transitions"
    return [
        ("check", "the text, and a solution with slopes for the warnings", _each([])),
        ("check --quick", "the text", _each(["--quick"])),
        ("stability", "concepts x actors x states x log(joint levels)", _each([])),
        ("forecast", "a solution + rate x years x transitions", _each([], TODAY)),
        ("slopes", "about three updates of the claims, whatever the parameters", _each([])),
        ("why", "a solution + slopes + one or two solutions a parameter", _each(one, TODAY)),
        (f"study -n {some}", "draws x worlds of the claims x a solution",
         _each(["-n", some, *one])),
        (f"run -n {some}", "a study, slopes, and the page",
         _each(["-n", some, *one])),
        ("explore", "points^2 (half where interpolated) x a world",
         {c: [c, "--x", x, "--y", y, "--show", TODAY[c]] for c, (x, y) in AXES.items()}),
        (f"placebo -n {few}", "kinds x placebos x an update of the claims",
         _each(["-n", few, *one])),
        (f"deals -n {few}", "some fifty solutions + draws x some solutions",
         {c: [c, "--want", w, "--payer", p, "--from", f, "-n", few, *one]
          for c, (w, p, f) in DEALS.items()}),
        (f"evidence fit --particles {particles}", f"particles x (a solution + {record})",
         {"peninsula": ["peninsula", "--until", DAY, "--particles", particles, "--claims", "0",
                        *one]}),
        ("evidence fit --best", "steps x three updates of the likelihood",
         {"peninsula": ["peninsula", "--until", DAY, "--best", *one]}),
        (f"evidence score -n {some}", f"draws x (a solution + {record})",
         {"peninsula": ["peninsula", "--until", DAY, "-n", some, *one]}),
        ("bargain", "issues x actors^2 x pairs of issues for exchanges", {"market": ["market"]}),
        (f"bargain -n {some}", "draws x the models",
         {"market": ["market", "-n", some, *one]}),
        ("oneshot", "actors x profiles; mixed: supports, up to its limit of time",
         _each(["--time-limit", "10", "--infeasible", "worst"], cases=CASES[:2])),
        (f"simulate, {draws(100_000)} paths of 10 years", "paths x changes + transitions",
         {c: [c, draws(100_000)] for c in CASES}),
    ]  # fmt: skip


def _each(
    options: list[str], queries: dict[str, str] | None = None, cases: tuple[str, ...] = CASES
) -> dict[str, list[str]]:
    return {c: [c, *([queries[c]] if queries else []), *options] for c in cases}


def seconds(name: str, arguments: list[str], turns: int) -> str:
    """Return the least processor time of a command, or why there is none."""
    words = [word for word in name.split() if word.isalpha()]
    start = ["-c", PATHS] if name.startswith("simulate") else ["-m", "detente", *words]
    best = float("inf")
    for _ in range(turns):
        with tempfile.TemporaryDirectory() as folder:
            before = os.times()
            done = subprocess.run(
                [sys.executable, *start, *arguments], cwd=folder, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            after = os.times()
        if done.returncode:
            print(f"{name} {arguments}: {done.stderr.strip()}", file=sys.stderr)
            return "failed"
        best = min(best, after.children_user + after.children_system
                   - before.children_user - before.children_system)  # fmt: skip
    return f"{best:.3g} s"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the draws")
    parser.add_argument("--only", nargs="*", help="commands that begin so")
    parser.add_argument("--turns", type=int, default=2)
    asked = parser.parse_args()
    print("| command | " + " | ".join(CASES) + " | grows as |\n|---|" + "---:|" * 3 + "---|")
    for name, grows, arguments in works(asked.quick):
        if asked.only and not name.startswith(tuple(asked.only)):
            continue
        found = {case: seconds(name, own, asked.turns) for case, own in arguments.items()}
        if set(found) & set(CASES):
            cells = [found.get(case, "") for case in CASES]
        else:
            cells = [f"{case} {time}".strip() for case, time in found.items()] + ["", ""]
        print(f"| {name} | " + " | ".join(cells) + f" | {grows} |", flush=True)


if __name__ == "__main__":
    main()
