"""What answers cost where they used to be refused: CPU time and peak memory against size.

Run ``python benchmarks/limits.py`` (some minutes); ``--most 27`` takes the five concepts further,
at about 52 bytes a state. It prints a table in Markdown and writes nothing. Conflicts are those of
``benchmarks/stability.py``; seconds are of CPU time, so that a busy machine tells nearly the same.

- unknown, strong: 4 concepts by 4 extensions, 3 concepts by 2 degrees; a twentieth of the range.
- sim: all actors' verdicts.
- five: nash to sseq together, and the peak memory of the process.
- games: two players, normal payoffs, 20 seconds; how many equilibria, and whether these are all.
- rankings: the least change for a state, 10 seconds; the change found and the bound.
- weights: the same by weights of a case, 30 seconds; sums of changes as shares of their ranges.
- graph: explicit graphs, two moves a state for each of three actors: nash to sseq together.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

import detente
from detente.case import Case
from detente.conflict import Conflict
from detente.errors import AnalysisError
from detente.stability import (
    CONCEPTS,
    Stability,
    least_rank_change,
    least_weight_change,
    strength_stability,
    uncertain_stability,
)
from stability import FIVE, peak_memory, random_conflict, reset_peak, together


def show_row(what: str, size: str, began: float, said: str) -> None:
    """Print a row of the table."""
    seconds = time.process_time() - began
    print(f"| {what} | {size} | {seconds:.3g} s | {said} |", flush=True)


def graded(bits: int, actors: int) -> None:
    """Measure unknown and strong preferences."""
    conflict = random_conflict(bits, actors)
    margin = dict.fromkeys(conflict.actors, 0.05)
    for what, ask in (("unknown", uncertain_stability), ("strong", strength_stability)):
        began = time.process_time()
        result = ask(conflict, margin)
        counts = [int(result.equilibria("gmr", d).sum()) for d in result.degrees]
        for concept in result.concepts:
            for degree in result.degrees:
                result.equilibria(concept, degree)
        show_row(what, f"2^{bits}, {actors} actors", began, f"gmr equilibria {counts}")


def concepts(bits: int, actors: int, names: tuple[str, ...]) -> None:
    """Measure concepts together."""
    conflict = random_conflict(bits, actors)
    reset_peak()
    began = time.process_time()
    together(conflict, names)
    peak = peak_memory() / 2**20
    what = "five" if names == FIVE else names[0]
    show_row(what, f"2^{bits}, {actors} actors", began, f"peak {peak:,.0f} MB")


def game(choices: int, *, zero: bool) -> None:
    """Measure a one-shot game."""
    payoff = np.random.default_rng(choices).normal(size=(2, choices, choices))
    first, second = payoff if not zero else (payoff[0], -payoff[0])
    shot = Conflict.build(
        {"a": {"act": choices}, "b": {"act": choices}}, {"a": first, "b": second}
    ).one_shot()
    began = time.process_time()
    found = shot.mixed(time_limit=20.0)
    said = f"{len(found)} equilibria, {'all' if found.complete else 'perhaps not all'}"
    name = "game of constant sum" if zero else "game"
    show_row(name, f"{choices} x {choices}", began, said)


def rankings(bits: int, actors: int, concept: str) -> None:
    """Measure the least change of rankings."""
    conflict = random_conflict(bits, actors)
    lacking = np.flatnonzero(conflict.feasible & ~Stability(conflict).equilibria(concept))
    began = time.process_time()
    found = least_rank_change(conflict, int(lacking[0]), concept, time_limit=10.0)
    said = f"{found.changes:,} pairs, at least {found.at_least:,}"
    show_row(f"rankings, {concept}", f"2^{bits}, {actors} actors", began, said)


def weighted_case(bits: int, actors: int, issues: int = 6) -> Case:
    """Return a case of 2^bits states in which each actor cares about each issue, as it may."""
    rng = np.random.default_rng(bits)
    names = [f"a{k % actors}.o{k}" for k in range(bits)]
    text = "detente: 1\ntitle: Random\nparameters:\n"
    for k in range(actors * issues):
        value = f"value: {rng.uniform(-1, 1):.2f}, range: [-1, 1]"
        text += f"  w{k}: {{{value}, reason: none, source: judgement}}\n"
    text += "actors:\n"
    for i in range(actors):
        own = "".join(f"      o{k}: {{levels: [low, up]}}\n" for k in range(i, bits, actors))
        weights = ", ".join(f"i{j}: w{i * issues + j}" for j in range(issues))
        text += f"  a{i}:\n    title: A{i}\n    options:\n{own}"
        text += f"    preferences: {{weights: {{{weights}}}}}\n"
    text += "issues:\n"
    for j in range(issues):
        terms = []
        for _ in range(8):
            chosen = rng.choice(bits, size=int(rng.integers(1, 4)), replace=False)
            where = " and ".join(f"{names[k]} == {rng.choice(['low', 'up'])}" for k in chosen)
            terms.append(f"{rng.normal():.3f} * ({where})")
        text += f'  i{j}: "{" + ".join(terms).replace("+ -", "- ")}"\n'
    text += "status_quo: {" + ", ".join(f"{name}: low" for name in names) + "}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "random.yaml")
        path.write_text(text, "utf-8")
        return detente.load(path)


def weights(bits: int, actors: int) -> None:
    """Measure the least change of weights for three states a concept."""
    case = weighted_case(bits, actors)
    conflict, rng = case.conflict(), np.random.default_rng(0)
    for concept in CONCEPTS if bits < 20 else ("nash", "gmr", "smr"):
        lacking = np.flatnonzero(~Stability(conflict).equilibria(concept))
        began, said = time.process_time(), []
        for state in rng.choice(lacking, 3, replace=False).tolist():
            try:
                found = least_weight_change(case, state, concept, time_limit=30.0)
                apart = "" if found.at_least == found.distance else f" (least {found.at_least:.3f})"
                said.append(f"{found.distance:.3f}{apart}")
            except AnalysisError:
                said.append("not settled")
        show_row(f"weights, {concept}", f"2^{bits}, {actors} actors", began, ", ".join(said))


def graph(states: int, *, chain: bool) -> None:
    """Measure an explicit graph of random moves, or a chain that is walked in turn."""
    rng = np.random.default_rng(0)
    moves = {a: rng.integers(states, size=(2 * states, 2)) for a in "abc"}
    if chain:
        steps = np.column_stack([np.arange(states - 1), np.arange(1, states)])
        moves = {a: steps[k::3] for k, a in enumerate("abc")}
    conflict = Conflict.from_graph(states, moves, {a: rng.permutation(states) for a in "abc"})
    began = time.process_time()
    found = together(conflict, FIVE)
    counts = ", ".join(str(int(found.equilibria(concept).sum())) for concept in FIVE)
    name = "five, a chain" if chain else "five, a graph"
    show_row(name, f"{states:,} states", began, f"{counts} equilibria")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=22, help="five concepts up to 2^MOST states")
    most = parser.parse_args().most
    for actors in (2, 3):
        conflict = random_conflict(6, actors)
        together(conflict, (*FIVE, "sim"))
        str(uncertain_stability(conflict, dict.fromkeys(conflict.actors, 0.05)))
    print("| what | size | CPU time | found |\n|---|---|---:|---|")
    for bits, actors in ((10, 2), (10, 3), (20, 2), (20, 3)):
        graded(bits, actors)
    for bits, actors in ((16, 2), (20, 2), (16, 3), (18, 3), (20, 3), (20, 5)):
        concepts(bits, actors, ("sim",))
    for bits in sorted({22, most}):
        concepts(bits, 3, FIVE)
    for choices in (16, 40, 100):
        game(choices, zero=False)
        game(choices, zero=True)
    for bits, actors in ((4, 2), (6, 2), (6, 3), (10, 3), (16, 2), (16, 3), (20, 3)):
        for concept in ("seq", "sseq", "sim") if bits < 20 else ("seq", "sseq"):
            rankings(bits, actors, concept)
    for bits in (10, 14, 20):
        weights(bits, 3)
    for chain in (False, True):
        graph(1_000_000, chain=chain)


if __name__ == "__main__":
    main()
