"""The branch from zero precision is not left where another one passes close by.

Would catch: a step that is taken from points balanced too loosely, so that the next one lands on a
branch that begins at a fold of its own.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from detente.conflict import Conflict
from detente.equilibrium._game import pack
from detente.equilibrium._trace import correct, workspace

CASE = Path(__file__).parent / "two_near_branches.json"


def near_branches() -> Conflict:
    """Return a conflict of two actors whose branch bends sharply at 97 % of the precision."""
    data = json.loads(CASE.read_text("utf-8"))
    options = {
        f"p{k}": {f"o{j}": levels for j, levels in enumerate(own)}
        for k, own in enumerate(data["levels"])
    }
    return Conflict.build(
        options, data["u"], rates=data["lam"], precision=data["beta"], discount=data["rho"]
    )


def test_a_second_branch_close_by_is_not_taken() -> None:
    """Against a trace in 400 steps of precision, each balanced to 1e-11, none a leap."""
    conflict = near_branches()
    found = conflict.equilibrium()
    game = pack(conflict)
    states, actors = game.flow.shape
    values, work = np.zeros((actors, states)), workspace(actors, states)
    for share in np.linspace(0.0, 1.0, 401):
        before = values.copy()
        imbalance, _, _ = correct(game, share, values, 1e-11, 5000, work)
        assert imbalance <= 1e-11
        if share > 0.0:
            moved = np.ptp(values - before, axis=1) * game.precision
            assert moved.max() < 0.1
    assert np.abs(found.scaled.T - values).max() < 1e-8
    assert found.residual < 1e-10
    assert "traced again in smaller steps" in found.slow or "by arc length" in found.slow
