"""The groundwater contamination dispute of Elmira, Ontario, 1989-1991: three actors, nine states.

Fang, Hipel & Kilgour (1993), Interactive Decision Making. The rankings, permitted directions and
infeasible states are those of the example Elmira.gmcr of the open program gmcr-py, its states 5, 6,
11 and 12 made one. The Ministry (M) may modify its control order; the company (U) delays,
accepts or abandons; local government (L) may insist on the original order. All outcomes in which
the company abandons are one state, 9. Published equilibria: 5, 8 and 9 by every concept;
1 and 4 under general and symmetric metarationality only.

The moves follow from the options: modifying and abandoning cannot be undone, nor can delay be
resumed after acceptance. States 1-4 are without insistence, 5-8 with it; in each four the order is
delay, modify and delay, accept, modify and accept.
"""

from __future__ import annotations

import json

import pytest

from detente.conflict import Conflict
from detente.interop import read_gmcr
from detente.stability import Stability

BEST_FIRST = {
    "ministry": (7, 3, 4, 8, 5, 1, 2, 6, 9),
    "company": (1, 4, 8, 5, 9, 3, 7, 2, 6),
    "council": (7, 3, 5, 1, 8, 6, 4, 2, 9),
}
MOVES = {
    "ministry": [(1, 2), (3, 4), (5, 6), (7, 8)],
    "company": [(1, 3), (2, 4), (5, 7), (6, 8)] + [(k, 9) for k in range(1, 9)],
    "council": [pair for k in range(1, 5) for pair in ((k, k + 4), (k + 4, k))],
}
PUBLISHED = {
    "nash": {5, 8, 9},
    "gmr": {1, 4, 5, 8, 9},
    "smr": {1, 4, 5, 8, 9},
    "seq": {5, 8, 9},
}


def elmira():
    return Conflict.from_graph(
        states=[str(k) for k in range(1, 10)],
        moves={a: [(i - 1, j - 1) for i, j in moves] for a, moves in MOVES.items()},
        rank={a: [-order.index(k) for k in range(1, 10)] for a, order in BEST_FIRST.items()},
    )


@pytest.mark.parametrize("concept", PUBLISHED)
def test_equilibria_as_published(concept):
    found = Stability(elmira()).states(concept)
    assert {int(state["state"]) for state in found} == PUBLISHED[concept]


def test_the_four_outcomes_of_abandoning_need_not_be_one_state():
    """With options and infeasible states, state 9 is four states that everyone finds equal."""
    ranking = {
        actor: [[10, 11, 12, 9] if k == 9 else k for k in order]
        for actor, order in BEST_FIRST.items()
    }
    # Binary order puts abandoning (two states) before insisting: 1-4, then 9, 9, 5-8, 9, 9.
    number = {1: 1, 2: 2, 3: 3, 4: 4, 5: 7, 6: 8, 7: 9, 8: 10, 9: 5, 10: 6, 11: 11, 12: 12}
    coded = {
        actor: [[number[s] for s in k] if isinstance(k, list) else number[k] for k in order]
        for actor, order in ranking.items()
    }
    options = [("modify", "fwd"), ("delay", "back"), ("accept", "both")]
    options += [("abandon", "fwd"), ("insist", "both")]
    conflict = read_gmcr(
        json.dumps(
            {
                "options": [{"name": n, "permittedDirection": d} for n, d in options],
                "decisionMakers": [
                    {"name": a, "options": own, "preferences": [], "preferenceRanking": coded[a]}
                    for a, own in (("ministry", [0]), ("company", [1, 2, 3]), ("council", [4]))
                ],
                "infeasibles": [
                    [[1, "Y"], [2, "Y"]], [[1, "Y"], [3, "Y"]], [[2, "Y"], [3, "Y"]],
                    [[1, "N"], [2, "N"], [3, "N"]],
                ],
                "useManualPreferenceRanking": True,
            }
        )
    )  # fmt: skip
    stability = Stability(conflict)
    codes = [k for k, ok in enumerate(conflict.feasible.reshape(-1, order="F")) if ok]
    back = {codes[place - 1]: min(state, 9) for state, place in number.items()}
    for concept, expected in PUBLISHED.items():
        holds = stability.equilibria(concept).reshape(-1, order="F")
        assert {back[code] for code in codes if holds[code]} == expected
