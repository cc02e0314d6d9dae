"""A space of 50,000 states and one of long axes, checked by somebody who lists joint moves.

Would catch: an axis taken for another where tiles of lines do not fill up or cross blocks, a level
left out where there are more than are summed at a time, values that satisfy the certificate but not
the equations, a residual that is too small to be true.
"""

from __future__ import annotations

import itertools

import numpy as np

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium, solve


def large(seed: int) -> Conflict:
    """Return a conflict of 52,920 states, one in twelve infeasible, with costs and a condition."""
    rng = np.random.default_rng(seed)
    options = {"a": {"x": 7, "y": 3}, "b": {"x": 5, "y": 4}, "c": {"x": 3, "y": 3, "z": 7}}
    shape = (7, 3, 5, 4, 3, 3, 7, 2)
    return Conflict.build(
        options=options,
        utility={a: rng.normal(size=shape) for a in options},
        feasible=rng.random(shape) < 11 / 12,
        moves={"b": {"y": "up"}},
        costs={a: {"x": 0.2} for a in options},
        rates={"a": 2.0, "b": 1.0, "c": 3.0},
        precision={"a": 1.5, "b": 1.0, "c": 2.0},
        conditions={"mood": {"levels": 2, "rate": [[0.0, 0.4], [0.3, 0.0]]}},
    )


def imbalance(solved: Equilibrium, state: tuple[int, ...]) -> np.ndarray:
    """Return both sides' difference in one state, in utility a year, from the definitions."""
    conflict = solved.conflict
    space = conflict.space
    value = {a: solved.value[a] for a in conflict.actors}
    right = {a: float(conflict.utility[a][state]) for a in conflict.actors}
    pressure = sum(conflict.rates[a] for a in conflict.actors)
    for k, jumps in enumerate(conflict.jumps):
        axis = space.conditions.start + k
        for to, rate in enumerate(jumps[state]):
            there = (*state[:axis], to, *state[axis + 1 :])
            pressure += rate
            for a in conflict.actors:
                right[a] += rate * value[a][there]
    for mover in conflict.actors:
        own = space.of(mover)
        places, prices = [], []
        for levels in itertools.product(*(range(space.shape[k]) for k in own)):
            there = list(state)
            price, possible = 0.0, True
            for k, level in zip(own, levels, strict=True):
                price += conflict.cost[k][state[k], level]
                possible &= bool(conflict.allowed[k][state[k], level])
                there[k] = level
            if possible and conflict.feasible[tuple(there)]:
                places.append(tuple(there))
                prices.append(price)
        worth = np.array([value[mover][p] for p in places]) - prices
        odds = np.exp(conflict.precision[mover] * (worth - worth.max()))
        chance = odds / odds.sum()
        for a in conflict.actors:
            right[a] += conflict.rates[mover] * float(chance @ [value[a][p] for p in places])
        right[mover] -= conflict.rates[mover] * float(chance @ prices)
    return np.array(
        [right[a] - (conflict.discount[a] + pressure) * value[a][state] for a in conflict.actors]
    )


def test_random_states_of_a_large_space_balance_as_certified() -> None:
    conflict = large(1)
    solved = solve(conflict, tolerance=1e-8)
    assert solved.residual <= 1e-8
    rng = np.random.default_rng(2)
    spans = np.array([np.ptp(conflict.utility[a][conflict.feasible]) for a in conflict.actors])
    for flat in rng.choice(np.flatnonzero(conflict.feasible), 150, replace=False):
        state = tuple(int(k) for k in np.unravel_index(flat, conflict.shape))
        assert (np.abs(imbalance(solved, state)) / spans).max() <= 1.1e-8


def test_every_state_balances_where_options_have_many_levels() -> None:
    options = {"a": {"x": 9}, "b": {"x": 6}, "c": {"x": 2, "y": 8}}
    shape = (9, 6, 2, 8)
    rng = np.random.default_rng(3)
    conflict = Conflict.build(
        options=options,
        utility={a: rng.random(shape) for a in options},
        costs={a: dict.fromkeys(own, 0.2) for a, own in options.items()},
        precision=dict.fromkeys(options, 4.0),
    )
    solved = solve(conflict, tolerance=1e-9)
    spans = np.array([np.ptp(conflict.utility[a]) for a in conflict.actors])
    for state in np.ndindex(shape):
        assert (np.abs(imbalance(solved, state)) / spans).max() <= 1.1e-9


def test_every_state_balances_where_runs_of_lines_and_jumps_cross_tiles_and_pieces() -> None:
    """The middle actor's 25 runs of 18 lines fill three tiles and begin a fourth."""
    options = {"a": {"x": 5, "y": 5}, "b": {"x": 7}, "c": {"x": 3}}
    shape = (5, 5, 7, 3, 3, 2)
    rng = np.random.default_rng(4)
    conflict = Conflict.build(
        options=options,
        utility={a: rng.random(shape) for a in options},
        feasible=rng.random(shape) < 0.9,
        costs={a: dict.fromkeys(own, 0.2) for a, own in options.items()},
        precision=dict.fromkeys(options, 4.0),
        conditions={
            "mood": {
                "levels": 3,
                "rate": rng.random((*shape, 3)) * (rng.random((*shape, 3)) < 0.7),
            },
            "sky": {"levels": 2, "rate": [[0.0, 0.4], [0.3, 0.0]]},
        },
    )
    solved = solve(conflict, tolerance=1e-9)
    spans = np.array([np.ptp(conflict.utility[a][conflict.feasible]) for a in conflict.actors])
    for state in zip(*np.nonzero(conflict.feasible), strict=True):
        here = tuple(int(k) for k in state)
        assert (np.abs(imbalance(solved, here)) / spans).max() <= 1.1e-9


def test_the_chain_is_not_built_unless_asked_for() -> None:
    solved = solve(large(1), tolerance=1e-4)
    assert "_generator" not in vars(solved)
