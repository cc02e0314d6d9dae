"""Cases whose weights may move, and the least change of them with every inequality written down.

The reference shares nothing with the package but HiGHS: moves and sequences are those of the
oracle, each answer has a number of its own, and the programme is solved once.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

import detente
from stability.oracle import Oracle

HEAD = "detente: 1\ntitle: Random\nparameters:\n"


def weighted_case(folder, bits, actors, seed, issues=3):
    """Write and read a case of yes-no options, a few of them one-way, some states infeasible."""
    rng = np.random.default_rng(seed)
    names = [f"a{k % actors}.o{k}" for k in range(bits)]

    def somewhere(most):
        chosen = rng.choice(bits, size=int(rng.integers(1, most)), replace=False)
        return " and ".join(f"{names[k]} == {rng.choice(['low', 'up'])}" for k in chosen)

    text, who = HEAD, range(actors)
    for i in who:
        for j in range(issues):
            value = round(float(rng.uniform(-1, 1)), 2)
            ends = f"[{value - 0.4:.2f}, {value + 0.6:.2f}]" if seed % 2 else "[-1, 1]"
            text += f"  w{i}{j}: {{value: {value}, range: {ends}, reason: w, source: judgement}}\n"
    text += "actors:\n"
    for i in who:
        text += f"  a{i}:\n    title: A{i}\n    options:\n"
        for k in range(i, bits, actors):
            moves = rng.choice(["any", "any", "any", "up", "down"])
            text += f"      o{k}: {{levels: [low, up], moves: {moves}}}\n"
        weights = ", ".join(f"i{j}: w{i}{j}" for j in range(issues))
        text += f"    preferences: {{weights: {{{weights}}}}}\n"
    text += "issues:\n"
    for j in range(issues):
        terms = (f"{rng.uniform(-1, 1):.3f} * ({somewhere(4)})" for _ in range(6))
        text += f'  i{j}: "{" + ".join(terms).replace("+ -", "- ")}"\n'
    text += f"infeasible:\n  - {{when: {somewhere(2)} and {names[0]} == up, reason: w}}\n"
    text += "status_quo: {" + ", ".join(f"{name}: low" for name in names) + "}\n"
    path = folder / f"random{seed}.yaml"
    path.write_text(text, "utf-8")
    return detente.load(path)


def least_by_listing(case, state, concept):
    """Return the least sum of changes as shares of ranges, infinite where none does it."""
    conflict, names = case.conflict(), list(case.parameters)
    oracle = Oracle(conflict)
    here = tuple(map(int, np.unravel_index(state, conflict.shape)))
    low, high, value = (
        np.array([getattr(case.parameters[n], k) for n in names]) for k in ("low", "high", "value")
    )
    nought = case.conflict(dict.fromkeys(names, 0.0)).utility
    steep = {
        a: np.array([case.conflict({**dict.fromkeys(names, 0.0), n: 1.0}).utility[a] - nought[a]
                     for n in names]) * (high - low).reshape(-1, *[1] * len(conflict.shape))
        for a in conflict.actors
    }  # fmt: skip
    rows, tops, count, size = [], [], len(names), 2 * len(names)
    top = np.concatenate([(high - value), (value - low)]) / np.tile(high - low, 2)

    def hold(actor, z, only_if):
        a = steep[actor][(slice(None), *z)] - steep[actor][(slice(None), *here)]
        row = dict(enumerate(np.concatenate([a, -a]).tolist()))
        limit = conflict.utility[actor][here] - conflict.utility[actor][z]
        if only_if is not None:
            row[only_if] = slack = max(0.0, np.maximum([*row.values()], 0) @ top - limit)
            limit += slack
        rows.append(row)
        tops.append(limit)

    for actor in conflict.actors:
        for t in oracle.moves(actor, here):
            if concept == "nash":
                hold(actor, t, None)
                continue
            ways = [size]
            hold(actor, t, size)
            size += 1
            for z in oracle.reach(actor, t, False):
                for x in {z} | (oracle.moves(actor, z) if concept == "smr" else set()):
                    hold(actor, x, size)
                ways.append(size)
                size += 1
            rows.append(dict.fromkeys(ways, -1.0))
            tops.append(-1.0)
    if not rows:
        return 0.0
    matrix = np.zeros((len(rows), size))
    for r, row in enumerate(rows):
        matrix[r, list(row)] = list(row.values())
    cost = (np.arange(size) < 2 * count).astype(float)
    found = milp(
        cost,
        integrality=1 - cost,
        bounds=Bounds(0.0, np.concatenate([top, np.ones(size - 2 * count)])),
        constraints=LinearConstraint(matrix, -np.inf, np.array(tops)),
        options={"mip_rel_gap": 0.0},
    )
    return np.inf if found.x is None else float(found.fun)
