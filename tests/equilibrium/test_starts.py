"""Other starts: what they find is an equilibrium, is another one, and is found again by its seed.

Would catch: a point that does not balance the equations passed off as an equilibrium, the traced
one counted as another, one counted twice, another missed where there must be one.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from dense_game import dense
from detente.conflict import Conflict
from detente.equilibrium._starts import from_elsewhere
from random_conflicts import random_spec

FOLDED = [(214, 1.0), (41, 2.0), (64, 2.0)]


@pytest.mark.parametrize(("seed", "sharpness"), FOLDED)
def test_where_the_branch_folds_others_are_found_and_balance(seed: int, sharpness: float) -> None:
    spec = random_spec(np.random.default_rng(seed), sharpness=sharpness)
    game, equilibrium = dense(spec), spec.build().equilibrium()
    found = from_elsewhere(equilibrium, 20, rng=1)
    assert found.others
    assert found.again <= found.converged <= found.tried == 20
    span = np.ptp(game.flow, axis=1)[:, None]
    all_of = []
    for one in (equilibrium, *found.others):
        values = np.stack([one.value[a][spec.feasible] for a in spec.actors])
        assert np.abs(game.imbalance(values) / span).max() <= 1e-9
        all_of.append(values / span)
    for one, other in itertools.combinations(all_of, 2):
        assert np.abs(one - other).max() > 1e-4
    rates = np.array([spec.discount[a] for a in spec.actors])[:, None]
    for other, distance in zip(all_of[1:], found.distance, strict=True):
        assert distance == pytest.approx((np.abs(other - all_of[0]) * rates).max(), rel=1e-6)


def test_little_precision_leaves_one_equilibrium_only() -> None:
    for seed in range(15):
        spec = random_spec(np.random.default_rng([seed, 41]), largest=36, sharpness=0.1)
        found = from_elsewhere(spec.build().equilibrium(), 8, rng=seed)
        assert (found.converged, found.again, found.others) == (8, 8, ()), seed


def test_either_driver_may_be_the_one_who_swerves() -> None:
    """Chicken with drivers who hardly err: two mirror images besides the even, traced one."""
    conflict = Conflict.build(
        options={"row": {"act": 2}, "col": {"act": 2}},
        utility={"row": [[3, 2], [4, 1]], "col": [[3, 4], [2, 1]]},
        precision={"row": 6.0, "col": 6.0},
    )
    equilibrium = conflict.equilibrium()
    found = from_elsewhere(equilibrium, 30, rng=1)
    np.testing.assert_allclose(equilibrium.value["row"], equilibrium.value["col"].T, atol=1e-6)
    uneven = [o for o in found.others if abs(o.value["row"][1, 0] - o.value["col"][0, 1]) > 1e-3]
    mirrored = [
        (a, b)
        for a, b in itertools.permutations(uneven, 2)
        if np.allclose(a.value["row"], b.value["col"].T, atol=1e-5)
    ]
    assert mirrored
    assert "others found" in str(found)


def test_the_same_seed_finds_the_same() -> None:
    spec = random_spec(np.random.default_rng(64), sharpness=2.0)
    equilibrium = spec.build().equilibrium()
    first, second = (from_elsewhere(equilibrium, 6, rng=7).to_dict() for _ in range(2))
    assert first == second


def test_a_start_that_does_not_settle_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Points that never balance the equations do not count, wherever they end."""
    monkeypatch.setattr("detente.equilibrium._starts._solve_from", lambda game, values: (1e-6, 9))
    spec = random_spec(np.random.default_rng(64), sharpness=2.0)
    found = from_elsewhere(spec.build().equilibrium(), 5)
    assert (found.tried, found.converged, found.again, found.others) == (5, 0, 0, ())


def test_what_is_found_can_be_asked() -> None:
    spec = random_spec(np.random.default_rng(64), sharpness=2.0)
    for other in from_elsewhere(spec.build().equilibrium(), 10).others:
        rows = other.generator().toarray()
        np.testing.assert_allclose(rows.sum(axis=1), 0.0, atol=1e-9)
