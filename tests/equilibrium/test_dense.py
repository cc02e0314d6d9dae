"""Values and choices against the dense oracle, on random conflicts.

Would catch: a wrong term in the equations (discount, jumps, another actor's costs, a reward for
errors of choice), a kernel that mixes up axes or the two sides of a one-way move, weight leaking
into infeasible states, another branch than the one from zero precision, a generator or a policy
that is not the equilibrium's own choices.
"""

from __future__ import annotations

import os
from functools import cache

import numpy as np
import pytest

from dense_game import Dense, dense
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from random_conflicts import Spec, random_spec

USUAL = 12
BATCHES = max(USUAL, int(os.environ.get("DETENTE_BATCHES", "12")))
IN_BATCH = 20


@cache
def case(seed: int) -> tuple[Spec, Dense, Equilibrium]:
    """Return a random conflict, its dense game and detente's solution; every other one is sharp."""
    rng = np.random.default_rng([seed, 1])
    spec = random_spec(rng, largest=36, sharpness=1.0 + seed % 2)
    return spec, dense(spec), spec.build().equilibrium()


def solved(batch: int) -> list[int]:
    """Return the seeds of a batch whose branch was not lost: in the usual batches, all."""
    seeds = []
    for seed in range(batch * IN_BATCH, (batch + 1) * IN_BATCH):
        try:
            case(seed)
        except AnalysisError:
            continue
        seeds.append(seed)
    assert len(seeds) >= IN_BATCH - (batch >= USUAL)
    return seeds


def values_of(equilibrium: Equilibrium) -> np.ndarray:
    """Return the values over the feasible states, (actors, states)."""
    conflict = equilibrium.conflict
    return np.stack([equilibrium.value[a][conflict.feasible] for a in conflict.actors])


def spans(game: Dense) -> np.ndarray:
    """Return each actor's span of utility, as a column."""
    found = np.ptp(game.flow, axis=1)
    return np.where(found == 0.0, 1.0, found)[:, None]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_values_are_those_of_the_dense_branch(batch: int) -> None:
    """Leaps to another equilibrium are rare and none is in the usual batches."""
    leaps = []
    for seed in solved(batch):
        _, game, equilibrium = case(seed)
        expected, _ = game.solve()
        error = np.abs(values_of(equilibrium) - expected) / spans(game)
        if error.max() > 1e-7:
            leaps.append(seed)
    assert len(leaps) <= (batch >= USUAL), leaps


@pytest.mark.parametrize("batch", range(BATCHES))
def test_values_balance_the_dense_equations_as_certified(batch: int) -> None:
    for seed in solved(batch):
        _, game, equilibrium = case(seed)
        worst = np.abs(game.imbalance(values_of(equilibrium)) / spans(game)).max()
        assert worst <= 1e-9, seed
        assert equilibrium.residual <= 1e-9, seed
        assert worst <= 2.0 * equilibrium.residual + 1e-12, seed


@pytest.mark.parametrize("batch", range(BATCHES))
def test_generator_holds_the_dense_choices(batch: int) -> None:
    for seed in solved(batch):
        _, game, equilibrium = case(seed)
        expected = game.chain(game.choice(values_of(equilibrium)))
        generator = equilibrium.generator()
        np.testing.assert_allclose(generator.toarray(), expected, atol=1e-10, err_msg=str(seed))
        assert (generator.data != 0.0).all(), seed


def test_policy_is_the_row_of_the_generator() -> None:
    for seed in range(0, 60, 2):
        spec, game, equilibrium = case(seed)
        chosen = game.choice(values_of(equilibrium))
        for number, state in enumerate(game.states):
            for j, actor in enumerate(spec.actors):
                policy = equilibrium.policy(actor, state)
                assert sum(p for _, p in policy.moves) == pytest.approx(1.0, abs=1e-12)
                shares = [p for _, p in policy.moves]
                assert shares == sorted(shares, reverse=True)
                for change, share in policy.moves:
                    there = equilibrium.conflict.space.position(
                        {**equilibrium.conflict.label(state), **change}
                    )
                    target = game.states.index(there)
                    assert share == pytest.approx(chosen[j, number, target], abs=1e-10)


def test_infeasible_states_have_no_value_and_no_way_in() -> None:
    seen = 0
    for seed in range(80):
        _, game, equilibrium = case(seed)
        infeasible = ~equilibrium.conflict.feasible
        seen += int(infeasible.sum())
        assert all((value[infeasible] == 0.0).all() for value in equilibrium.value.values())
        assert equilibrium.generator().shape == (len(game.states), len(game.states))
    assert seen > 50


def test_random_conflicts_cover_the_format() -> None:
    specs = [case(seed)[0] for seed in range(USUAL * IN_BATCH)]
    assert {len(spec.actors) for spec in specs} == {1, 2, 3}
    assert sum(not spec.feasible.all() for spec in specs) > 60
    assert sum(len(spec.conditions) > 0 for spec in specs) > 60
    assert sum(0.0 in spec.rates.values() for spec in specs) > 10
    one_way = [
        not (matrix == matrix.T).all()
        for spec in specs
        for own in spec.moves.values()
        for matrix in own.values()
    ]
    assert sum(one_way) > 100


@pytest.mark.parametrize(
    ("seed", "sharpness"),
    [(214, 1.0), (159, 1.0), (255, 1.0), (41, 2.0), (64, 2.0), (110, 2.0), (154, 2.0)],
)
def test_the_branch_is_followed_round_its_folds(seed: int, sharpness: float) -> None:
    """Where the branch turns back there are several equilibria: the branch's own is wanted."""
    spec = random_spec(np.random.default_rng(seed), sharpness=sharpness)
    game = dense(spec)
    expected, folds = game.solve()
    assert folds
    equilibrium = spec.build().equilibrium()
    assert np.abs((values_of(equilibrium) - expected) / spans(game)).max() <= 1e-7
    assert "branch" in str(equilibrium)
    assert "arc length" in equilibrium.slow
    assert "folds near" in equilibrium.certificate(starts=0).slow
