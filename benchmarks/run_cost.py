"""Time ``detente run`` on a built-in case against another checkout, in turn.

Run ``python benchmarks/run_cost.py --other PATH``, PATH being a checkout of another version, in an
environment that has what detente depends on. Each round runs one checkout after the other as a
program of its own, so that both meet the same load, and counts the processor time of all its
processes. The first round, in which kernels are compiled, does not count. Prints the medians as a
table in Markdown and the verdicts that differ; writes nothing outside a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median


def main() -> None:
    """Run both checkouts in turn, print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--other", type=Path, required=True, help="the other checkout")
    parser.add_argument("--case", default="peninsula")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    checkouts = {"other": given.other, "this": Path(__file__).resolve().parent.parent}
    spent: dict[str, list[float]] = {name: [] for name in checkouts}
    verdicts = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.rounds + 1):
            for name, root in checkouts.items():
                output = Path(folder) / f"{name}{number}"
                seconds = run(root, given.case, output)
                if number > 0:
                    spent[name].append(seconds)
                verdicts[name] = verdicts_in(output)
    print("| checkout | processor seconds, median | least | most | against the other |")
    print("|---|---:|---:|---:|---:|")
    against = median(spent["other"])
    for name, seen in spent.items():
        middle = median(seen)
        ratio = f"{middle / against:.2f}"
        print(f"| {name} | {middle:.1f} | {min(seen):.1f} | {max(seen):.1f} | {ratio} |")
    other, this = verdicts["other"], verdicts["this"]
    differ = [claim for claim in {**other, **this} if other.get(claim) != this.get(claim)]
    print("\nverdicts", "DIFFER" if differ else "agree")
    for claim in differ:
        print(f"  {claim}: {other.get(claim)} in the other, {this.get(claim)} in this")


def run(root: Path, case: str, output: Path) -> float:
    """Run one checkout's program; return the processor time it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "detente", "run", case, "--output", str(output)]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def verdicts_in(output: Path) -> dict[str, str]:
    """Return the verdict on each claim that a run wrote down."""
    study = json.loads((output / "results.json").read_text("utf-8"))["study"]
    return {row["claim"]: row["word"] for row in study["verdicts"]}


if __name__ == "__main__":
    main()
