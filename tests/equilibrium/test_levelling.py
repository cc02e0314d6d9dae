"""What no choice feels is balanced at every point, and slow conditions cost no sweeps.

Would catch: a jump that leads to the wrong setting, a state that counts though it is infeasible,
a setting without states that spoils the others, an imbalance that is not that of the equations,
conditions beyond the number that is told apart, sweeps that grow as conditions get slower.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.equilibrium import pack
from detente.equilibrium._levelling import answer_unfelt, level
from detente.equilibrium._moves import kernels
from detente.equilibrium._sweep import sweep


def weather(levels: tuple[int, ...], pace: float = 1.0, seed: int = 3) -> Conflict:
    """Return a conflict of two actors with conditions of random rates that depend on the state."""
    rng = np.random.default_rng(seed)
    shape = (3, 2, *levels)
    feasible = rng.random(shape) < 0.9
    feasible.reshape(6, -1)[:, 0] = False
    return Conflict.build(
        {"us": {"offer": 3}, "them": {"press": 2}},
        {actor: rng.random(shape) for actor in ("us", "them")},
        feasible=feasible,
        precision={"us": 3.0, "them": 2.0},
        discount={"us": 0.02, "them": 0.1},
        conditions={
            f"c{k}": {"levels": size, "rate": pace * rng.random((*shape, size))}
            for k, size in enumerate(levels)
        },
    )


@pytest.mark.parametrize("levels", [(3,), (2, 3), (5, 4, 4), (70,)])
def test_imbalances_are_zero_on_average_in_every_setting(levels: tuple[int, ...]) -> None:
    game = pack(weather(levels))
    unfelt = answer_unfelt(game)
    settings = unfelt.shape[1]
    assert settings == {(3,): 3, (2, 3): 6, (5, 4, 4): 16, (70,): 1}[levels]
    kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
    values = np.random.default_rng(1).random(game.flow.shape[::-1]) * game.feasible
    before, image, again = values.copy(), np.empty_like(values), np.empty_like(values)
    worst = level(game, game.precision, kernel, priced, values, image, unfelt)
    assert sweep(game, game.precision, kernel, priced, values, again) == pytest.approx(worst)
    np.testing.assert_allclose(image, again, atol=1e-12)
    factor = game.discount[:, None] + game.rate.sum() + game.leave
    gap = ((image - values) * factor * game.feasible).reshape(2, -1, settings).sum(axis=1)
    assert np.abs(gap).max() < 1e-10
    moved = (values - before)[:, game.feasible]
    setting = (np.arange(game.feasible.size) % settings)[game.feasible]
    for one in range(settings):
        if (setting == one).any():
            assert np.ptp(moved[:, setting == one], axis=1).max() < 1e-12


def test_slow_conditions_cost_no_sweeps() -> None:
    quick, slow = (weather((2, 2, 2), pace).equilibrium() for pace in (3.0, 0.003))
    assert max(quick.residual, slow.residual) < 1e-10
    assert slow.sweeps < 1.5 * quick.sweeps < 100


def test_values_that_are_no_numbers_are_found_out() -> None:
    game = pack(weather((2,)))
    kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
    values = np.zeros(game.flow.shape[::-1])
    values[0, np.flatnonzero(game.feasible)[0]] = np.nan
    image = np.empty_like(values)
    found = level(game, game.precision, kernel, priced, values, image, answer_unfelt(game))
    assert found == np.inf
