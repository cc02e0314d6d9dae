"""A branch that is steep, or folds again and again, is followed to its end.

Would catch: a step along the branch that turns round at a fold, a start from points that lie on a
branch of their own, folds that are not told.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dense_game import dense
from detente.conflict import Conflict
from detente.equilibrium._arclength_exact import SMALL, follow_from_zero
from detente.equilibrium._game import pack
from random_conflicts import Spec, random_conflict, random_spec


def costly(seed: int) -> Spec:
    """Return a random conflict in which moving one option costs twice what is at stake."""
    spec = random_spec(np.random.default_rng(seed), largest=24, actors=2, conditions=0)
    mover, own = next(iter(spec.costs.items()))
    name, cost = next(iter(own.items()))
    stake = 2.0 * float(np.ptp(spec.utility[mover]))
    raised = np.where(np.eye(len(cost), dtype=bool), 0.0, stake)
    return replace(
        spec,
        costs={**spec.costs, mover: {**own, name: raised}},
        precision={a: 4.0 / (float(np.ptp(u)) or 1.0) for a, u in spec.utility.items()},
    )


@pytest.mark.parametrize("seed", [2, 3, 10, 18, 21, 24])
def test_a_steep_or_folded_branch_ends_where_the_dense_game_does(seed: int) -> None:
    spec = costly(seed)
    found = spec.build().equilibrium()
    expected, folds = dense(spec).solve()
    scale = np.array([[float(np.ptp(spec.utility[a]))] for a in spec.actors])
    values = np.stack([found.value[a][spec.feasible] for a in spec.actors])
    assert "arc length" in found.slow
    assert np.abs((values - expected) / scale).max() <= 1e-7
    assert bool(found.folds) == bool(folds)


def test_a_branch_with_many_folds_is_followed_to_its_end() -> None:
    conflict = costly(98).build()
    values, _, _, folds = follow_from_zero(pack(conflict))
    found = conflict.equilibrium()
    assert len(folds) == 7
    assert np.abs(values.T - found.scaled).max() <= 1e-6
    certificate = replace(found.certificate(starts=0), folds=folds)
    assert "folds 7 times, first near" in certificate.slow


@pytest.mark.parametrize("seed", range(12))
def test_where_steps_in_precision_suffice_arc_length_ends_there_too(seed: int) -> None:
    conflict = random_conflict(seed, largest=36, sharpness=1.0)
    values, _, _, folds = follow_from_zero(pack(conflict))
    assert folds == ()
    assert np.abs(values.T - conflict.equilibrium().scaled).max() <= 1e-6


def test_a_game_that_is_not_small_is_left_to_iterative_solutions() -> None:
    options = {"a": {"o": 18}, "b": {"o": 18}}
    utility = {actor: np.zeros((18, 18)) for actor in options}
    assert SMALL < 2 * 18 * 18
    assert follow_from_zero(pack(Conflict.build(options, utility))) is None
