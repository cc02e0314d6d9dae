"""Two disputes over rivers: the Euphrates (Syria and Iraq, 1975) and the Milk River (1900s-2000s).

Options, infeasible states, preferences and verdicts are those of the examples SyriaIraq.gmcr and
MilkRiver.gmcr of the open program gmcr-py and of its files test_data/*_narr.txt, which print a
verdict for each state, actor and concept (nash, gmr, smr, seq, sim): 60 and 720 of them. They could
be read and are as below; papers on these disputes could not. All verdicts equal ours: no reply of
several moves matters here.
"""

from __future__ import annotations

import pytest

from detente.stability import Stability
from published import option_form

CONCEPTS = ("nash", "gmr", "smr", "seq", "sim")

EUPHRATES = option_form.conflict(
    {"syria": ["release", "escalate"], "iraq": ["attack"]},
    ["1Y 2Y"],
    {
        "syria": ["1N 2N 3N", "2Y", "3N", "1N"],
        "iraq": ["1Y 2N 3N", "1N 2N 3Y", "1N 2Y 3Y", "1N 2N 3N", "1Y 2N 3Y"],
    },
)
MILK_RIVER = option_form.conflict(
    {
        "us": ["petition"],
        "canada": ["object"],
        "commission": ["reject", "task force"],
        "task force": ["favour us", "favour canada", "no agreement"],
    },
    ["5Y 6Y", "5Y 7Y", "6Y 7Y", "3Y 4Y", "2Y 6Y", "2Y 7Y"],
    {
        "us": ["5Y", "4Y 5Y"],
        "canada": ["1N 2N 3N 4N 5N 6N 7N", "1Y 6Y", "7N", "3Y"],
        "commission": ["1N 2N"],
        "task force": ["1N 2N"],
    },
)


@pytest.mark.parametrize(
    ("actor", "stable"),
    [
        ("syria", [{1, 6}, {1, 3, 6}, {1, 3, 6}, {1, 3, 6}, {1, 3, 6}]),
        ("iraq", [{2, 4, 6}, {1, 2, 4, 5, 6}, {2, 4, 6}, {2, 4, 5, 6}, {2, 4, 5, 6}]),
    ],
)
def test_euphrates(actor, stable):
    conflict, states = EUPHRATES
    stability = Stability(conflict)
    for concept, printed in zip(CONCEPTS, stable, strict=True):
        assert option_form.numbers(stability.stable(concept, actor), states) == printed, concept


def test_euphrates_ends_in_attack_after_escalation():
    conflict, states = EUPHRATES
    stability = Stability(conflict)
    for concept in CONCEPTS:
        expected = {1, 6} if concept == "gmr" else {6}
        assert option_form.numbers(stability.equilibria(concept), states) == expected


@pytest.mark.parametrize("concept", CONCEPTS)
def test_milk_river(concept):
    """Only Canada ever moves: it withdraws an objection made for nothing, in state 3."""
    conflict, states = MILK_RIVER
    stability = Stability(conflict)
    for actor in conflict.actors:
        leaves = {3} if actor == "canada" and concept in ("nash", "seq", "sim") else set()
        found = option_form.numbers(stability.stable(concept, actor), states)
        assert found == set(range(1, 37)) - leaves
