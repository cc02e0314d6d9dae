"""Certificates against the dense oracle: regrets by dense policy iteration, residuals anew.

Would catch: a best plan that is not best (a move forgotten, a cost counted twice or not at all, a
move into an infeasible state), rivals who do not choose as they do, a wrong unit, a state named
where the regret is not largest, an error bound that does not hold, a residual that is copied and
not measured, and a view certified in another actor's game.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from dense_game import Dense, dense
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from random_conflicts import Spec, random_spec

USUAL = 3
BATCHES = int(os.environ.get("DETENTE_BATCHES", "3"))
"""Of 50 conflicts each; `make validate` asks for more."""
IN_BATCH = 50


def solved(batch: int, every: int = 1) -> Iterator[tuple[int, Dense, Equilibrium]]:
    """Yield the conflicts of a batch; at most one may be refused, in the usual batches none."""
    refused = 0
    for seed in range(batch * IN_BATCH, (batch + 1) * IN_BATCH, every):
        spec = drawn(seed)
        try:
            equilibrium = spec.build().equilibrium()
        except AnalysisError:
            refused += 1
            continue
        yield seed, dense(spec), equilibrium
    assert refused <= (batch >= USUAL)


def drawn(seed: int) -> Spec:
    """Return a random conflict; every other one is sharp."""
    return random_spec(np.random.default_rng([seed, 31]), largest=36, sharpness=1.0 + seed % 2)


def values_of(equilibrium: Equilibrium) -> np.ndarray:
    feasible = equilibrium.conflict.feasible
    return np.stack([equilibrium.value[a][feasible] for a in equilibrium.conflict.actors])


def regrets(game: Dense, equilibrium: Equilibrium, actor: int) -> np.ndarray:
    """Return the dense regrets by state: best value less the value of what the actor does."""
    chosen = game.choice(values_of(equilibrium))
    return game.best(chosen, actor) - game.worth(chosen, actor)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_regrets_and_residuals_are_the_dense_ones(batch: int) -> None:
    for seed, game, equilibrium in solved(batch):
        found = equilibrium.certificate(starts=0)
        values, span = values_of(equilibrium), np.ptp(game.flow, axis=1)
        span = np.where(span == 0.0, 1.0, span)
        residual = np.abs(game.imbalance(values) / span[:, None]).max()
        assert found.residual <= 1e-9, seed
        assert residual <= 2.0 * found.residual + 1e-12, seed
        for k, row in enumerate(found.regrets):
            expected = regrets(game, equilibrium, k)
            rounding = 1e-10 * span[k] / game.discount[k]
            assert abs(row.largest - expected.max()) <= row.error + rounding, (seed, row)
            at = game.states.index(equilibrium.conflict.space.position(row.state))
            assert expected[at] >= expected.max() - 2.0 * (row.error + rounding), (seed, row)
            assert row.error <= 1e-7 * span[k] / game.discount[k], (seed, row)
            assert row.share == pytest.approx(row.largest * game.discount[k] / span[k], rel=1e-9)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_regret_is_the_price_of_imprecise_choice(batch: int) -> None:
    """A slip is what the dense choice loses, at most log(moves) / precision, and regrets add up."""
    for seed, game, equilibrium in solved(batch, every=3):
        values = values_of(equilibrium)
        chosen = game.choice(values)
        for k, row in enumerate(equilibrium.certificate(starts=0).regrets):
            net = values[k][None, :] - game.pay[k]
            slip = np.where(game.can[k], net, -np.inf).max(axis=1) - (chosen[k] * net).sum(axis=1)
            allowance = 1e-7 * max(np.ptp(game.flow[k]), 1e-9) / game.discount[k]
            if game.rate[k] > 0.0:
                assert row.slip == pytest.approx(slip.max(), abs=allowance), (seed, row)
            assert row.slip <= row.slip_bound + allowance, (seed, row)
            lost = game.rate[k] * row.slip / game.discount[k]
            assert row.largest <= lost + allowance, (seed, row)


def test_a_regret_worked_out_by_hand() -> None:
    """Two levels worth 0 and 1: in both states the loss is rate (1 - p) / (rho (rho + rate))."""
    rate, discount, precision = 3.0, 0.2, 2.5
    conflict = Conflict.build(
        {"us": {"offer": 2}}, {"us": [0.0, 1.0]}, rates={"us": rate}, discount={"us": discount},
        precision={"us": precision}, status_quo={"us.offer": 0},
    )  # fmt: skip
    missed = 1.0 / (1.0 + np.exp(precision / (discount + rate)))
    expected = rate * missed / (discount * (discount + rate))
    (row,) = conflict.equilibrium().certificate(starts=0).regrets
    assert row.largest == pytest.approx(expected, rel=1e-8)
    assert row.today == pytest.approx(expected, rel=1e-8)
    assert row.slip == pytest.approx(missed / (discount + rate), rel=1e-8)
    assert row.slip_bound == pytest.approx(np.log(2.0) / precision)


def test_values_that_are_wrong_are_found_out() -> None:
    """A solution that is off has a residual and regrets that say so, whatever it claims itself."""
    spec = drawn(8)
    equilibrium = spec.build().equilibrium()
    noise = np.random.default_rng(1).normal(size=equilibrium.scaled.shape)
    wrong = replace(equilibrium, scaled=equilibrium.scaled + 0.1 * noise)
    found, good = wrong.certificate(starts=0), equilibrium.certificate(starts=0)
    assert wrong.residual == equilibrium.residual
    assert good.residual < 1e-8
    assert found.residual > 1e-3
    assert max(row.inexact for row in found.regrets) > 1e-3


def test_an_actor_is_certified_in_the_game_it_believes_in() -> None:
    spec = random_spec(np.random.default_rng([3, 31]), actors=2, largest=36, sharpness=1.0)
    rng = np.random.default_rng(1)
    other = {a: u + np.ptp(u) * rng.normal(size=u.shape) for a, u in spec.utility.items()}
    view = replace(spec, utility=other, feasible=np.ones_like(spec.feasible))
    spec = replace(spec, feasible=view.feasible)
    equilibrium = replace(spec.build(), views={"us": view.build()}).equilibrium()
    us, china = equilibrium.certificate(starts=2).regrets
    own = regrets(dense(view), equilibrium.beliefs["us"], 0)
    true = regrets(dense(spec), spec.build().equilibrium(), 1)
    assert us.largest == pytest.approx(own.max(), rel=1e-6)
    assert abs(own.max() - regrets(dense(spec), spec.build().equilibrium(), 0).max()) > 1e-3
    assert china.largest == pytest.approx(true.max(), rel=1e-6)
    assert set(equilibrium.certificate(starts=2).starts) == {"", "us"}


def test_states_that_levels_were_left_out_of_are_named_rightly() -> None:
    """The solver drops levels that no state has; the certificate speaks of the conflict's own."""
    utility = np.arange(12.0).reshape(3, 4)
    feasible = np.ones((3, 4), dtype=bool)
    feasible[0], feasible[:, 1] = False, False
    conflict = Conflict.build(
        {"us": {"offer": 3}, "china": {"enforce": 4}},
        {"us": utility, "china": -utility},
        feasible=feasible,
    )
    for row in conflict.equilibrium().certificate(starts=1).regrets:
        assert feasible[conflict.space.position(row.state)]


def test_a_certificate_prints_and_can_be_kept() -> None:
    found = drawn(5).build().equilibrium().certificate(starts=3)
    text = str(found)
    assert max(map(len, text.splitlines())) <= 80
    assert "residual" in text
    assert "3 other starts" in text
    kept = found.to_dict()
    assert [row["actor"] for row in kept["regrets"]] == [row.actor for row in found.regrets]
    assert kept["starts"]["true"]["tried"] == 3


def test_slow_convergence_has_its_reason() -> None:
    """Patience, folds and strong reactions are told apart."""
    patient = Conflict.build(
        {"us": {"offer": 2}, "china": {"enforce": 2}},
        {"us": [[0, 1], [2, 3]], "china": [[0, 1], [0, 1]]},
        discount={"us": 1e-3, "china": 1e-3},
    )
    found = patient.equilibrium().certificate(starts=0)
    assert found.pace == pytest.approx(found.pace_alone, abs=1e-3)
    assert "patient" in replace(found, sweeps=1000).slow
    assert replace(found, sweeps=20).slow == ""
    assert replace(found, sweeps=20, branch="it bends").slow == "it bends"
    assert "run away" in replace(found, pace=1.2).slow
    assert "strongly" in replace(found, sweeps=1000, pace=0.99, pace_alone=0.9).slow
    assert "folds near 40\u202f%" in replace(found, folds=(0.4,)).slow


def test_a_negative_number_of_starts_is_refused() -> None:
    with pytest.raises(InputError, match="starts is -1"):
        drawn(5).build().equilibrium().certificate(starts=-1)
