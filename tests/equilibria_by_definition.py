"""Extreme Nash equilibria of two players straight from their definition, slowly, in fractions.

A corner of a best-reply polyhedron solves as many independent equalities as it has unknowns, so
every set of that many is tried; two corners are an equilibrium where every choice is unused or a
best reply. Cost: binomial in the number of choices; nothing is shared with the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

Matrix = Sequence[Sequence[int]]
Mix = tuple[Fraction, ...]


def extreme_equilibria(first: Matrix, second: Matrix) -> set[tuple[Mix, Mix]]:
    """Return all pairs of mixes that are equilibria and corners."""
    rows, columns = len(first), len(first[0])
    ours = _corners(second)
    theirs = _corners([list(column) for column in zip(*first, strict=True)])
    found = set()
    for row, bound in ours.items():
        for column, other in theirs.items():
            crossed = {k + rows if k < columns else k - columns for k in other}
            if len(bound | crossed) == rows + columns:
                found.add((row, column))
    return found


def _corners(payoff: Matrix) -> dict[Mix, set[int]]:
    """Return each corner with its equalities: choices unused, then the other's best replies."""
    own, others = len(payoff), len(payoff[0])
    equalities = [[int(i == k) for i in range(own)] + [0] for k in range(own)]
    equalities += [[-row[j] for row in payoff] + [1] for j in range(others)]
    found = {}
    for chosen in combinations(equalities, own):
        line = _line(chosen, own + 1)
        total = sum(line[:own]) if line else 0
        if total == 0:
            continue
        point = [x / total for x in line]
        slack = [sum(a * x for a, x in zip(e, point, strict=True)) for e in equalities]
        if min(slack) >= 0:
            found[tuple(point[:own])] = {k for k, s in enumerate(slack) if s == 0}
    return found


def _line(equations: Sequence[Sequence[int]], unknowns: int) -> list[Fraction]:
    """Return a solution of homogeneous equations, if all solutions lie on one line."""
    system = [[Fraction(value) for value in row] for row in equations]
    solved: list[int] = []
    for column in range(unknowns):
        rank = len(solved)
        pivot = next((k for k in range(rank, len(system)) if system[k][column]), None)
        if pivot is None:
            continue
        system[rank], system[pivot] = system[pivot], system[rank]
        head = [value / system[rank][column] for value in system[rank]]
        system = [
            head if k == rank else [v - row[column] * h for v, h in zip(row, head, strict=True)]
            for k, row in enumerate(system)
        ]
        solved.append(column)
    if len(solved) != unknowns - 1:
        return []
    free = next(k for k in range(unknowns) if k not in solved)
    line = [Fraction(int(k == free)) for k in range(unknowns)]
    for row, column in zip(system, solved, strict=False):
        line[column] = -row[free]
    return line
