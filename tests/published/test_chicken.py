"""Chicken, all four states under every concept.

Fang, Hipel & Kilgour (1993), Interactive Decision Making, for nash, gmr, smr and seq; sim as in
Fraser & Hipel (1984). From recall, and each verdict follows by hand: see docs/stability.md.
"""

from __future__ import annotations

import pytest

from detente.conflict import Conflict
from detente.stability import Stability

GIVING_WAY = {"CD", "DC"}
"""Row's act first."""


@pytest.mark.parametrize("concept", ["nash", "gmr", "smr", "seq", "sseq", "sim"])
def test_table(concept):
    levels = ["swerve", "drive on"]
    stability = Stability(
        Conflict.build(
            options={"row": {"act": levels}, "col": {"act": levels}},
            rank={"row": [[3, 2], [4, 1]], "col": [[3, 4], [2, 1]]},
        )
    )
    # Both may swerve for fear of a crash, but not of one that the other would want.
    expected = GIVING_WAY | ({"CC"} if concept in ("gmr", "smr", "sim") else set())
    for where in (stability.equilibria(concept), *(stability.stable(concept, a) for a in
                  ("row", "col"))):  # fmt: skip
        assert {"CD"[i] + "CD"[j] for i in (0, 1) for j in (0, 1) if where[i, j]} == expected
