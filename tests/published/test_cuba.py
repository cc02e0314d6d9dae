"""The Cuban missile crisis as in Fraser & Hipel (1984), Conflict Analysis, chapter 1.

The United States may strike from the air (1) and blockade (2); the Soviet Union may withdraw (4) or
escalate (8), not both. An outcome's number is the sum of the options taken. Published: under
sequential stability the equilibria are 4 (withdrawal without pressure) and 6 (blockade, then
withdrawal). The preferences are also those that the example Cuban.gmcr of the open program
gmcr-py states as conditions; there an air strike cannot be undone, here it can.

No outcome is a nash equilibrium here, which the reader may check by hand: the United States can
always choose between its four combinations, so it is rational only at its best reply to what the
other does - 4 to withdrawal, 2 to neither, 11 to escalation - and there the Soviet Union would
rather have 0 than 4, 6 than 2, and 7 than 11.
"""

from __future__ import annotations

import numpy as np

from detente.conflict import Conflict
from detente.stability import Stability

BEST_FIRST = {
    "us": (4, 6, 5, 7, 2, 1, 3, 0, 11, 9, 10, 8),
    "ussr": (0, 4, 6, 2, 5, 1, 7, 3, 11, 9, 10, 8),
}


def cuba():
    feasible = np.ones((2, 2, 2, 2), dtype=bool)
    feasible[:, :, 1, 1] = False
    rank = {}
    for actor, order in BEST_FIRST.items():
        values = np.full(16, -99.0)
        values[list(order)] = -np.arange(12.0)
        rank[actor] = values.reshape(feasible.shape, order="F")
    return Conflict.build(
        {"us": {"strike": 2, "blockade": 2}, "ussr": {"withdraw": 2, "escalate": 2}},
        rank=rank,
        feasible=feasible,
    )


def numbers(array):
    return set(np.flatnonzero(array.reshape(-1, order="F")).tolist())


def test_sequential_equilibria_as_published():
    assert numbers(Stability(cuba()).equilibria("seq")) == {4, 6}


def test_rational_outcomes_by_hand():
    stability = Stability(cuba())
    assert numbers(stability.stable("nash", "us")) == {4, 2, 11}
    assert numbers(stability.stable("nash", "ussr")) == {0, 5, 6, 7}
    assert numbers(stability.equilibria("nash")) == set()
