"""Time all slopes of a case's claims beside a full update, in turn in one process.

Run ``python benchmarks/slopes.py`` (``--case``, ``--turns``, ``--no-threads``): it prints the best
times by the clock and of the processor, all slopes by one full update (all answers from scratch),
and central differences, which take two updates a parameter, by all slopes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import detente
from detente.case import Case
from detente.claims import answer_claim, claim_slopes, claims_model


def update(case: Case, threads: bool) -> None:
    """Answer all claims from scratch."""
    model = claims_model(case, threads=threads)
    for claim in case.claims:
        if claim.ask is not None:
            answer_claim(claim, model)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return milliseconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return 1e3 * (time.perf_counter() - clock), 1e3 * (time.process_time() - processor)


def main() -> None:
    """Print the times and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", default="peninsula")
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--no-threads", action="store_true")
    asked = parser.parse_args()
    case, threads = detente.load(asked.case), not asked.no_threads
    works: tuple[Callable[[], object], ...] = (
        lambda: update(case, threads),
        lambda: claim_slopes(case, threads=threads),
    )
    turns = [[timed(work) for work in works] for _ in range(asked.turns + 1)][1:]
    updates, slopes = (
        [min(turn[k][kind] for turn in turns) for kind in (0, 1)] for k in range(len(works))
    )
    found = claim_slopes(case, threads=threads)
    print(f"{len(found.claims)} claims, {len(found.parameters)} parameters; best of {asked.turns}")
    for kind, word in enumerate(("by the clock", "of the processor")):
        ratio = slopes[kind] / updates[kind]
        print(
            f"{word}: update {updates[kind]:.0f} ms, all slopes {slopes[kind]:.0f} ms; "
            f"slopes / update {ratio:.2f}, "
            f"differences / slopes {2 * len(found.parameters) / ratio:.0f}"
        )


if __name__ == "__main__":
    main()
