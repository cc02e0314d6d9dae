"""The branch from zero precision is not left where another one passes close by.

Would catch: a step that is taken from points balanced too loosely, so that the next one lands on a
branch that begins at a fold of its own.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.equilibrium._game import pack
from detente.equilibrium._trace import change_of_odds, correct, workspace
from detente.values import Floats

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


def bending(seed: int) -> Conflict:
    """Return a random conflict at a precision so high that its branch bends, or even folds."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 4))
    sizes = [
        [int(rng.integers(2, 5)) for _ in range(int(rng.integers(1, 3)))] for _ in range(count)
    ]
    actors = [f"p{k}" for k in range(count)]
    options = {
        actor: {f"o{j}": [str(level) for level in range(size)] for j, size in enumerate(own)}
        for actor, own in zip(actors, sizes, strict=True)
    }
    utility = {actor: rng.normal(size=[n for own in sizes for n in own]) for actor in actors}
    return Conflict.build(
        options,
        utility,
        rates={actor: float(rng.uniform(0.5, 3.0)) for actor in actors},
        precision={
            actor: float(np.exp(rng.uniform(2.0, 5.0)) / np.ptp(utility[actor])) for actor in actors
        },
        discount={actor: float(np.exp(rng.uniform(-3.0, -0.5))) for actor in actors},
    )


def in_many_steps(conflict: Conflict, steps: int, most: float) -> Floats:
    """Return the end of the branch, followed in small steps none of which corrects odds by much."""
    game = pack(conflict)
    states, actors = game.flow.shape
    values, work = np.zeros((actors, states)), workspace(game)
    before = values
    for step in range(steps + 1):
        predicted = 2.0 * values - before if step > 1 else values
        before, values = values, predicted.copy()
        imbalance, _, _ = correct(game, step / steps, values, 1e-11, 5000, work)
        assert imbalance <= 1e-10
        if step > 0:
            assert change_of_odds(game, values, predicted) < most
    return values


def test_a_second_branch_close_by_is_not_taken() -> None:
    """Against a trace in 400 steps of precision, each balanced to 1e-11, none a leap."""
    found = near_branches().equilibrium()
    values = in_many_steps(near_branches(), 400, 0.1)
    assert np.abs(found.scaled.T - values).max() < 1e-8
    assert found.residual < 1e-10
    assert "traced again in smaller steps" in found.slow or "by arc length" in found.slow


@pytest.mark.parametrize("seed", [165, 1, 2])
def test_a_sharp_bend_is_followed(seed: int) -> None:
    """Would catch: points left too loose, from which even the smallest step seems a leap.

    The first of these was taken for a fold at 86 % of the precision, and the way round it led to
    another branch.
    """
    conflict = bending(seed)
    found = conflict.equilibrium()
    values = in_many_steps(conflict, 1500, 0.1)
    assert np.abs(found.scaled.T - values).max() < 1e-7


def test_odds_between_states_that_no_choice_lies_between_do_not_matter() -> None:
    """Would catch: steps refused because the worth of a condition for all states was corrected."""
    game = pack(near_branches())
    states, actors = game.flow.shape
    nothing, moved = np.zeros((actors, states)), np.zeros((actors, states))
    last = game.layout.size[-1]
    moved[0] = np.arange(states) % last
    assert change_of_odds(game, moved, nothing) == 0.0
    moved[1] = np.arange(states) % last
    assert change_of_odds(game, moved, nothing) == game.precision[1] * (last - 1)
