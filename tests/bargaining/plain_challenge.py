"""The challenge model in plain loops, written from its definition for tables without blanks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from detente.bargaining import BargainingTable

Row = list[float]


def vote(rule: str, gap: float) -> float:
    step = max(-1.0, min(1.0, gap / 1e-8))
    return {
        "proportional": gap,
        "binary": step,
        "cubic": gap**3,
        "proportional and binary": 0.8 * gap + 0.2 * step,
        "proportional and cubic": (gap + gap**3) / 2,
        "losses first": 2 * gap / 3 if gap > 0 else gap,
    }[rule]


def condorcet(capability: Row, utility: Sequence[Row], rule: str) -> Row:
    """Return the chance of each option; ``utility[k][m]`` is what option m is worth to k."""
    options = range(len(utility[0]))
    trace = 1e-10 * sum(capability)

    def strength(m: int, other: int) -> float:
        votes = [
            c * vote(rule, row[m] - row[other]) for c, row in zip(capability, utility, strict=True)
        ]
        return trace + sum(v for v in votes if v > 0)

    products = [
        math.prod(strength(m, n) / (strength(m, n) + strength(n, m)) for n in options)
        for m in options
    ]
    return [product / sum(products) for product in products]


class PlainRound:
    """One round, actor by actor."""

    def __init__(self, table: BargainingTable, position: np.ndarray, rule: str) -> None:
        self.x = [list(map(float, row)) for row in position]
        self.actors = range(len(self.x))
        sums = [float(sum(row)) for row in table.salience]
        self.s = [[float(s) / max(1.0, *sums) for s in row] for row in table.salience]
        self.care = [sum(row) for row in self.s]
        self.c = [float(sum(row) / len(row)) for row in table.capability]
        self.rule = rule
        neutral = [[1 - self.away(k, self.x[j]) for j in self.actors] for k in self.actors]
        self.chance = condorcet(self.c, neutral, rule)
        low, high = min(self.chance), max(self.chance)
        self.risk = [
            (3 * p - high - 2 * low) / (2 * (high - low)) if high - low > 1e-12 else 0.0
            for p in self.chance
        ]

    def away(self, k: int, place: Row) -> float:
        top = sum((s * (a - b)) ** 2 for s, a, b in zip(self.s[k], self.x[k], place, strict=True))
        return math.sqrt(top / sum(s**2 for s in self.s[k]))

    def worth(self, k: int, place: Row, risk: float) -> float:
        d = self.away(k, place)
        return (1 - d) * (1 + risk * d)

    def seen_by(self, h: int) -> Callable[[int, int], float]:
        return lambda k, j: self.worth(k, self.x[j], (2 * self.risk[h] + self.risk[k]) / 3)

    def contest(self, h: int, i: int, j: int) -> float:
        """Return i's chance against j as h sees it."""
        u, trace = (
            self.seen_by(h),
            1e-10 * sum(c * s for c, s in zip(self.c, self.care, strict=True)),
        )
        weight = [c * s for c, s in zip(self.c, self.care, strict=True)]
        sides = [trace, trace]
        for k in (i, j):
            v = weight[k] * vote(self.rule, u(k, i) - u(k, j))
            sides[0 if v > 0 else 1] += abs(v)
        whole = list(sides)
        for k in self.actors:
            if k in (i, j):
                continue
            v = weight[k] * vote(self.rule, u(k, i) - u(k, j))
            p = (sides[0] + max(v, 0)) / (sum(sides) + abs(v))
            with_i = p * (2 * u(k, i) + u(k, k)) + (1 - p) * 3 * u(k, j)
            with_j = p * 3 * u(k, i) + (1 - p) * (2 * u(k, j) + u(k, k))
            v = weight[k] * vote(self.rule, with_i - with_j)
            whole[0 if v > 0 else 1] += abs(v)
        return whole[0] / sum(whole)

    def gain(self, h: int, k: int, i: int, j: int) -> float:
        """Return k's gain where i challenges j, as h sees it."""
        u, p, s = self.seen_by(h), self.contest(h, i, j), self.care[j]
        after = (1 - s) * 2 * u(k, i) + s * (p * 2 * u(k, i) + (1 - p) * 2 * u(k, j))
        return after - u(k, i) - u(k, j)

    def challenges(self) -> list[tuple[int, int]]:
        found = []
        for i in self.actors:
            gains = {j: self.gain(i, i, i, j) for j in self.actors if j != i}
            j = min(gains, key=lambda other: (-round(gains[other], 8), other))
            if gains[j] > 1e-5:
                found.append((i, j))
        return found

    def bargain(self, i: int, j: int) -> Row:
        p = self.contest(i, i, j)
        meet = []
        for a, b, s, t in zip(self.x[i], self.x[j], self.s[i], self.s[j], strict=True):
            w, v = (s * p) ** 2, (t * (1 - p)) ** 2
            meet.append((w * a + v * b) / (w + v))
        return meet

    def after(self) -> list[Row]:
        """Return where all stand after the round."""
        pairs = self.challenges()
        new = [list(row) for row in self.x]
        for k in self.actors:
            queue = [pair for pair in pairs if pair[0] == k]
            queue += [pair for pair in pairs if pair[1] == k]
            states = [self.x]
            for i, j in queue:
                state = [list(row) for row in self.x]
                state[i] = state[j] = self.bargain(i, j)
                states.append(state)
            utility = [
                [
                    sum(self.worth(a, place, self.risk[a]) for place in state) / len(self.x)
                    for state in states
                ]
                for a in self.actors
            ]
            chance = condorcet(self.c, utility, self.rule)
            best = min(range(len(states)), key=lambda m: (-round(chance[m], 8), m))
            if best:
                new[k] = self.bargain(*queue[best - 1])
        return new
