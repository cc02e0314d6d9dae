"""The prisoner's dilemma, all four states under every concept.

Fang, Hipel & Kilgour (1993), Interactive Decision Making, for nash, gmr, smr and seq; sim as in
Fraser & Hipel (1984). From recall, and each verdict follows by hand: see docs/stability.md.
"""

from __future__ import annotations

import pytest

from detente.conflict import Conflict
from detente.stability import Stability

BOTH = ("nash", {"DD"}), *((c, {"CC", "DD"}) for c in ("gmr", "smr", "seq", "sseq", "sim"))
"""Equilibria by concept, row's act first."""


def dilemma():
    levels = ["cooperate", "defect"]
    return Conflict.build(
        options={"row": {"act": levels}, "col": {"act": levels}},
        rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    )


def named(where):
    return {"CD"[i] + "CD"[j] for i in (0, 1) for j in (0, 1) if where[i, j]}


@pytest.mark.parametrize(("concept", "equilibria"), BOTH)
def test_table(concept, equilibria):
    stability = Stability(dilemma())
    assert named(stability.equilibria(concept)) == equilibria
    for actor, alone in (("row", "DC"), ("col", "CD")):
        assert named(stability.stable(concept, actor)) == equilibria | {alone}, actor


def test_mutual_cooperation_holds_by_foresight():
    stability = Stability(dilemma())
    assert stability.states("nash") == ({"row.act": "defect", "col.act": "defect"},)
    assert {tuple(state.values()) for state in stability.states("seq")} == {
        ("cooperate", "cooperate"),
        ("defect", "defect"),
    }
