"""The largest package of a pair against a linear program, and against the exchanges it bounds.

Would catch: a package that somebody loses by, one that is not the largest, an exchange between two
actors that brings more than the bound, a package past a red line.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from bargaining.random_tables import random_table
from detente.bargaining import exchange, pair_packages
from detente.bargaining._package import best_package


@pytest.mark.parametrize("seed", range(100))
def test_the_package_is_that_of_the_linear_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    issues = int(rng.integers(1, 7))
    s_i, s_j = (rng.choice([0.0, 0.3, 0.7, 1.0], issues) + rng.random(issues) for _ in "ij")
    most_i, most_j = (rng.random(issues) * (rng.random(issues) < 0.8) for _ in "ij")
    gain, gives_i, gives_j = best_package(s_i, s_j, most_i, most_j)
    own = [s_i @ (gives_j - gives_i), s_j @ (gives_i - gives_j)]
    assert own == pytest.approx([gain, gain], abs=1e-9) or gain == pytest.approx(min(own))
    cost = np.append(np.zeros(2 * issues), -1.0)
    lines = [[*s_i, *-s_i, 1.0], [*-s_j, *s_j, 1.0]]
    bounds = [(0, top) for top in (*most_i, *most_j)] + [(None, None)]
    best = linprog(cost, lines, [0.0, 0.0], bounds=bounds, method="highs")
    assert gain == pytest.approx(-best.fun, abs=1e-8)


@pytest.mark.parametrize("lines", [0.0, 0.6])
def test_no_first_exchange_brings_more_than_the_package(lines: float) -> None:
    for seed in range(30):
        table = random_table(np.random.default_rng(seed), 5, 4, reference=False, lines=lines)
        found = {frozenset(one.actors): one for one in pair_packages(table).packages}
        made = exchange(table).made
        if made:
            pair = frozenset(made[0].givers)
            assert made[0].gain <= found[pair].gain + 1e-9
            assert found[pair].exchanged >= made[0].gain - 1e-9


def test_no_package_goes_past_a_red_line() -> None:
    for seed in range(30):
        table = random_table(np.random.default_rng(seed), 5, 4, lines=0.6)
        reach = table.weight / table.weight.sum(axis=0)
        for one in pair_packages(table).packages:
            for actor, gives in zip(one.actors, one.gives, strict=True):
                for issue, shift in gives.items():
                    place = table.actors.index(actor), table.issues.index(issue)
                    line = table.red_line[place]
                    moved = shift / reach[place]
                    partner = table.actors.index(one.actors[actor == one.actors[0]])
                    towards = table.position[partner, place[1]] - table.position[place]
                    if (line - table.position[place]) * towards >= 0:
                        assert moved <= abs(line - table.position[place]) + 1e-9
