"""Many draws at once, warm starts, and acceleration that takes no step for the worse.

Would catch: results that depend on order, company or the number of workers; a warm start that ends
on another branch; an accelerated step that was taken though it made the imbalance worse; a fast
exponential that is not one; a failure that names neither actor nor state.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium, pack, solve, solve_batch
from detente.equilibrium._anderson import settle, workspace
from detente.equilibrium._exponential import exponential
from detente.equilibrium._moves import kernels
from detente.errors import AnalysisError, InputError
from random_conflicts import random_conflict

TOLERANCE = 1e-9
BATCHES = int(os.environ.get("DETENTE_BATCHES", "3"))


def draws(seed: int, count: int, size: float) -> tuple[Conflict, list[Conflict]]:
    """Return a random conflict and draws of it, utilities and precisions off by a share."""
    base = random_conflict(seed, largest=40, sharpness=1.0 + seed % 2)
    rng = np.random.default_rng([seed, 5])
    drawn = [
        replace(
            base,
            utility={
                a: u * rng.uniform(1.0 - size, 1.0 + size) + size * np.ptp(u) * rng.random(u.shape)
                for a, u in base.utility.items()
            },
            precision={
                a: p * rng.uniform(1.0 - size, 1.0 + size) for a, p in base.precision.items()
            },
        )
        for _ in range(count)
    ]
    return base, drawn


def same_bits(one: Equilibrium, other: Equilibrium) -> bool:
    """Return whether two solutions agree in every bit."""
    return one.scaled.tobytes() == other.scaled.tobytes() and one.residual == other.residual


def test_results_depend_on_neither_order_nor_company_nor_workers() -> None:
    base, drawn = draws(2, 12, 0.1)
    start = solve(base, TOLERANCE, trail=True)
    for warm in (None, start):
        together = solve_batch(drawn, TOLERANCE, workers=1, start=warm)
        reverse = solve_batch(drawn[::-1], TOLERANCE, workers=3, start=warm)[::-1]
        alone = [solve_batch([c], TOLERANCE, workers=2, start=warm)[0] for c in drawn]
        for one, two, three in zip(together, reverse, alone, strict=True):
            assert same_bits(one, two)
            assert same_bits(one, three)


def test_a_start_shows_the_way_to_the_end_of_the_same_branch() -> None:
    """Steps of up to 40 % included; would catch a trail that leads over to another branch."""
    steps = fewer = saved = spent = 0
    for seed in range(20 * BATCHES):
        base, drawn = draws(seed, 3, (0.4, 0.03, 0.05)[seed % 3])
        start = solve(base, TOLERANCE, trail=True)
        warm = solve_batch(drawn, TOLERANCE, workers=1, start=start)
        cold = solve_batch(drawn, TOLERANCE, workers=1)
        for one, other in zip(warm, cold, strict=True):
            assert isinstance(other, Equilibrium)
            assert isinstance(one, Equilibrium)
            assert one.residual <= TOLERANCE
            assert np.abs(one.scaled - other.scaled).max() <= 1e-6, seed
            steps, fewer = steps + 1, fewer + (one.sweeps < other.sweeps)
            saved, spent = saved + other.sweeps - one.sweeps, spent + other.sweeps
    assert fewer > 0.7 * steps
    assert saved > 0.05 * spent


def test_a_start_without_a_trail_changes_nothing() -> None:
    base, drawn = draws(4, 2, 0.02)
    for conflict in drawn:
        assert same_bits(solve(conflict, start=solve(base)), solve(conflict))


def test_a_start_of_another_shape_is_refused() -> None:
    one, other = random_conflict(3, actors=1), random_conflict(4, actors=3)
    with pytest.raises(InputError, match="shape"):
        solve(one, start=solve(other))
    with pytest.raises(InputError, match="workers"):
        solve_batch([one], workers=0)


def coordination(precision: float) -> Conflict:
    """Return a game of meeting, where the sharper the choices the harder the branch."""
    return Conflict.build(
        options={"ann": {"go": ["left", "right"]}, "bob": {"go": ["left", "right"]}},
        utility={"ann": [[2.0, 0.0], [0.0, 1.0]], "bob": [[1.0, 0.0], [0.0, 2.0]]},
        precision={"ann": precision, "bob": precision},
        discount={"ann": 0.001, "bob": 0.001},
    )


def test_one_failure_is_kept_in_its_place_and_names_actor_state_and_precision() -> None:
    with pytest.raises(AnalysisError) as failed:
        solve(coordination(1.0), tolerance=1e-300)
    for word in ("ann.go", "bob.go", "precision", "for ann", "discount", "1e-300"):
        assert word in str(failed.value) or word.replace("ann", "bob") in str(failed.value)
    found = solve_batch([coordination(1.0)] * 2, tolerance=1e-300, workers=2)
    assert [str(error) for error in found] == [str(failed.value)] * 2
    assert all(isinstance(error, AnalysisError) for error in found)


def test_no_accelerated_step_makes_the_imbalance_worse() -> None:
    """The imbalance after n sweeps rises only where plain sweeps alone would, after a failure."""
    refused = 0
    for seed in range(16):
        game = pack(random_conflict(seed, sharpness=2.5))
        kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
        shape = game.flow.shape[::-1]
        last = np.inf
        for limit in range(3, 30):
            values = np.zeros(shape)
            out, sweeps, rejected = settle(
                game, game.precision, kernel, priced, values, 1e-12, limit, workspace(game)
            )
            if rejected == 0 and sweeps == limit:
                assert out <= last * (1.0 + 1e-12), (seed, limit)
            last = out
            refused += rejected > 0
    assert refused > 0


def test_the_fast_exponential_is_the_exponential() -> None:
    x = -np.concatenate([[0.0], np.geomspace(1e-17, 699.0, 4000)])
    found = np.array([exponential(v) for v in x])
    assert np.abs(found / np.exp(x) - 1.0).max() < 4e-16 * 2
    assert exponential(-701.0) == exponential(-np.inf) == 0.0
    assert exponential(0.0) == 1.0
