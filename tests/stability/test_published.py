"""The two-by-two games that every text works through, with their stability tables.

Fang, Hipel & Kilgour (1993), Interactive Decision Making: prisoner's dilemma and chicken, all four
states under Nash, general and symmetric metarationality, and sequential stability;
simultaneous stability as in Fraser & Hipel (1984).
"""

from __future__ import annotations

import pytest

from detente.conflict import Conflict
from detente.stability import Stability


def two_by_two(row, col):
    levels = ["cooperate", "defect"]
    return Stability(
        Conflict.build(
            options={"row": {"act": levels}, "col": {"act": levels}},
            rank={"row": row, "col": col},
        )
    )


# Each state: C or D of row, then of column. For row, then column: the states that are stable.
DILEMMA = {
    "nash": ("DC DD", "CD DD"),
    "gmr": ("CC DC DD", "CC CD DD"),
    "smr": ("CC DC DD", "CC CD DD"),
    "seq": ("CC DC DD", "CC CD DD"),
    "sseq": ("CC DC DD", "CC CD DD"),
    "sim": ("CC DC DD", "CC CD DD"),
}
CHICKEN = {
    "nash": ("CD DC", "CD DC"),
    "gmr": ("CC CD DC", "CC CD DC"),
    "smr": ("CC CD DC", "CC CD DC"),
    "seq": ("CD DC", "CD DC"),
    "sseq": ("CD DC", "CD DC"),
    "sim": ("CC CD DC", "CC CD DC"),
}


@pytest.mark.parametrize(
    ("row", "table"), [([[3, 1], [4, 2]], DILEMMA), ([[3, 2], [4, 1]], CHICKEN)]
)
def test_table(row, table):
    stability = two_by_two(row, [list(column) for column in zip(*row, strict=True)])
    for concept, expected in table.items():
        for actor, states in zip(("row", "col"), expected, strict=True):
            stable = stability.stable(concept, actor)
            found = ["CD"[i] + "CD"[j] for i in (0, 1) for j in (0, 1) if stable[i, j]]
            assert " ".join(found) == states, (concept, actor)


def test_mutual_cooperation_holds_by_foresight_in_the_dilemma():
    stability = two_by_two([[3, 1], [4, 2]], [[3, 4], [1, 2]])
    assert stability.states("nash") == ({"row.act": "defect", "col.act": "defect"},)
    assert {tuple(state.values()) for state in stability.states("seq")} == {
        ("cooperate", "cooperate"),
        ("defect", "defect"),
    }


def test_escape_separates_the_symmetric_concepts():
    # The worked example of docs/stability.md: a party that may cheat and an inspector.
    stability = Stability(
        Conflict.build(
            options={
                "party": {"conduct": ["comply", "cheat"]},
                "inspector": {"visit": ["stay", "search"]},
            },
            rank={"party": [[2, 3], [4, 1]], "inspector": [[4, 1], [2, 3]]},
        )
    )
    holds = {
        concept
        for concept in ("nash", "gmr", "smr", "seq", "sseq", "sim")
        if stability.stable(concept, "party")[0, 0]
    }
    assert holds == {"gmr", "seq"}
