"""Time studies against EMA Workbench 2.5.3 (Kwakkel 2017), on one model function and a trivial one.

Run ``python benchmarks/study.py`` (about 10 minutes on two cores) or with ``--quick``; it builds a
temporary environment with detente and EMA Workbench from the package registry, runs every side in
it in one go, prints a table in Markdown and writes nothing.

- ``peninsula``: all claims of the flagship at drawn parameter values. Every side calls the same
  function, `detente.study._solve.solve_draw`: EMA Workbench once an experiment through its
  sequential and its multiprocessing evaluator, detente through its worker processes, into a study
  file. Solving is nearly all of the time on every side, so the ratio tells what scheduling and
  storing cost, not which solver is faster.
- ``trivial``: y = a b + c. EMA Workbench calls a Python function an experiment; detente calls one
  an array of draws (`study_function`), which is how it is meant to be used.

``overhead`` is the share of the workers' time that was not spent in solving draws.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

EMA = "ema_workbench==2.5.3"
WORKERS = 2


def main() -> None:
    """Build the environment, run every side, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few draws only")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        measure(120 if given.quick else 400, 2_000 if given.quick else 20_000)
        return
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, EMA, str(root)], check=True)
        more = ["--quick"] if given.quick else []
        subprocess.run([python, __file__, "--inside", *more], check=True, cwd=folder)


def measure(draws: int, trivial: int) -> None:
    """Run every side and print rows."""
    print("| model | side | draws | seconds | draws a second | detente against it |")
    print("|---|---|---:|---:|---:|---:|")
    for model, count in (("peninsula", draws), ("trivial", trivial)):
        seconds, told = detente_side(model, count)
        rows = [("detente", seconds)]
        rows += [(f"EMA {how}", ema_side(model, count, how)) for how in ("sequential", "processes")]
        for side, spent in rows:
            ratio = f"{spent / seconds:.1f}"
            print(f"| {model} | {side} | {count} | {spent:.2f} | {count / spent:.1f} | {ratio} |")
        if told:
            print(f"\n{told}\n")
        sys.stdout.flush()


def detente_side(model: str, draws: int) -> tuple[float, str]:
    """Return the seconds detente takes, and its overhead."""
    import detente
    from detente.study import open_store, run_study, study_function

    if model == "trivial":
        ranges = dict.fromkeys("abc", (0.0, 1.0))
        study_function(trivial_arrays, ranges, 10, 1)
        start = time.perf_counter()
        study_function(trivial_arrays, ranges, draws, 1)
        return time.perf_counter() - start, ""
    case = detente.load(model)
    run_study(case, 2, 1)
    path = Path("study.sqlite")
    start = time.perf_counter()
    run_study(case, draws, 1, WORKERS, store=path, processes=True)
    spent = time.perf_counter() - start
    with open_store(path) as store:
        solving = sum(float(chunk.columns["seconds"].sum()) for chunk in store.chunks())
    path.unlink()
    return spent, f"overhead of detente: {1.0 - solving / (WORKERS * spent):.1%}"


def trivial_arrays(x: dict) -> dict:
    """Return the trivial model of arrays."""
    return {"y": x["a"] * x["b"] + x["c"]}


def trivial_numbers(a: float = 0.0, b: float = 0.0, c: float = 0.0) -> dict:
    """Return the trivial model of numbers."""
    return {"y": a * b + c}


_CASE: list = []


def peninsula(**parameters: float) -> dict:
    """Answer every claim at given parameter values."""
    import detente
    from detente.study._solve import asked_claims, solve_draw

    if not _CASE:
        _CASE.append(detente.load("peninsula"))
    names = {name.replace(".", "_"): name for name in _CASE[0].parameters}
    found = solve_draw(_CASE[0], ({names[key]: v for key, v in parameters.items()}, ()))
    ids = [claim.id for claim in asked_claims(_CASE[0])]
    return dict(zip(ids, found.answers.tolist(), strict=True))


def ema_side(model: str, draws: int, how: str) -> float:
    """Return the seconds EMA Workbench takes."""
    import ema_workbench as ema

    if model == "trivial":
        inner = ema.Model("trivial", function=trivial_numbers)
        inner.uncertainties = [ema.RealParameter(name, 0.0, 1.0) for name in "abc"]
        inner.outcomes = [ema.ScalarOutcome("y")]
    else:
        import detente
        from detente.study import latin_hypercube
        from detente.study._solve import asked_claims

        case = detente.load(model)
        inner = ema.Model("peninsula", function=peninsula)
        drawn = [case.parameters[name] for name in latin_hypercube(case, 2, 1).names]
        inner.uncertainties = [
            ema.RealParameter(p.name.replace(".", "_"), p.low, p.high) for p in drawn
        ]
        inner.outcomes = [ema.ScalarOutcome(claim.id) for claim in asked_claims(case)]
    if how == "sequential":
        evaluator = ema.SequentialEvaluator(inner)
    else:
        evaluator = ema.MultiprocessingEvaluator(inner, n_processes=WORKERS)
    start = time.perf_counter()
    with evaluator:
        evaluator.perform_experiments(scenarios=draws)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
