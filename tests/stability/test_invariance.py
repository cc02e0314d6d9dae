"""What must not matter: names, order of actors and options, order of levels, scale of utility."""

from __future__ import annotations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.stability import CONCEPTS, Stability
from stability.oracle import random_conflict


def rebuilt(conflict, order, rename=str, permutations=None, change=None):
    """Return the conflict with other names, axes in another order, levels permuted."""
    space = conflict.space
    permutations = permutations or {}
    axes = [k for actor in order for k in space.of(actor)] + list(space.conditions)

    def turned(array):
        for k, permutation in permutations.items():
            array = np.take(array, permutation, axis=k)
        return array.transpose(axes)

    options, moves = {}, {}
    for actor in order:
        own = [(k, space.axes[k].option) for k in space.of(actor)]
        options[rename(actor)] = {option: conflict.shape[k] for k, option in own}
        moves[rename(actor)] = {}
        for k, option in own:
            p = permutations.get(k, np.arange(conflict.shape[k]))
            moves[rename(actor)][option] = conflict.allowed[k][np.ix_(p, p)]
    utility = {
        rename(actor): (change or (lambda u: u))(turned(conflict.rank[actor]).astype(float))
        for actor in order
    }
    conditions = {
        space.axes[k].name: {"levels": len(space.axes[k].levels), "rate": 0.0}
        for k in space.conditions
    }
    other = Conflict.build(
        options, utility, feasible=turned(conflict.feasible), moves=moves, conditions=conditions
    )
    return other, turned


def same_results(conflict, other, turned, rename=str):
    before, after = Stability(conflict), Stability(other)
    for concept in CONCEPTS:
        assert np.array_equal(turned(before.equilibria(concept)), after.equilibria(concept))
        for actor in conflict.actors:
            found = after.stable(concept, rename(actor))
            assert np.array_equal(turned(before.stable(concept, actor)), found)


@pytest.mark.parametrize("seed", range(200))
def test_names_orders_and_scales_change_nothing(seed):
    conflict = random_conflict(20_000 + seed, most=200)
    rng = np.random.default_rng(seed)
    order = [conflict.actors[k] for k in rng.permutation(len(conflict.actors))]
    permutations = {k: rng.permutation(n) for k, n in enumerate(conflict.shape)}

    def rename(actor):
        return f"actor_{actor}"

    same_results(conflict, *rebuilt(conflict, order, rename), rename)
    same_results(conflict, *rebuilt(conflict, conflict.actors, permutations=permutations))
    same_results(conflict, *rebuilt(conflict, conflict.actors, change=lambda u: np.exp(u / 9) - 5))
