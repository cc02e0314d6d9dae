"""Answers that can be worked out by hand, and the limits of no and of perfect precision.

Would catch: costs entering as a log-sum-exp instead of in expectation, a bonus for having many
moves, staying counted as a move, uniform choice over moves that are not allowed, loss of accuracy
where weights under- or overflow, and a wrong optimum where an actor hardly errs.
"""

from __future__ import annotations

import numpy as np
import pytest

from dense_game import Dense, dense
from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError
from random_conflicts import random_spec


def test_costs_count_in_expectation() -> None:
    """At zero precision half of the chances cost c: V = -rate c / (2 discount)."""
    conflict = Conflict.build(
        {"us": {"offer": 2}},
        {"us": [0.0, 0.0]},
        rates={"us": 3.0},
        precision={"us": 0.0},
        discount={"us": 0.2},
        costs={"us": {"offer": 0.5}},
    )
    value = conflict.equilibrium().value["us"]
    np.testing.assert_allclose(value, -3.0 * 0.5 / (2.0 * 0.2), rtol=1e-9)


def test_a_cost_is_weighed_by_its_probability() -> None:
    """With equal values on both sides, a move of cost c has the odds exp(-precision c)."""
    conflict = Conflict.build(
        {"us": {"offer": 2}},
        {"us": [1.0, 1.0]},
        precision={"us": 2.0},
        costs={"us": {"offer": 0.7}},
    )
    odds = np.exp(-2.0 * 0.7)
    moving = odds / (1.0 + odds)
    equilibrium = conflict.equilibrium()
    np.testing.assert_allclose(equilibrium.value["us"], (1.0 - moving * 0.7) / 0.1, rtol=1e-9)
    np.testing.assert_allclose(equilibrium.generator().toarray()[0, 1], moving, rtol=1e-9)


def test_more_moves_are_no_reward() -> None:
    for levels in (2, 5, 9):
        conflict = Conflict.build(
            {"us": {"offer": levels}}, {"us": np.full(levels, 3.0)}, discount={"us": 0.5}
        )
        np.testing.assert_allclose(conflict.equilibrium().value["us"], 6.0, rtol=1e-10)


def test_costs_of_several_options_add_up() -> None:
    """All four joint moves are equally likely at zero precision: each option pays half its cost."""
    conflict = Conflict.build(
        {"us": {"offer": 2, "press": 2, "talk": 2}},
        {"us": np.zeros((2, 2, 2))},
        precision={"us": 0.0},
        discount={"us": 0.5},
        costs={"us": {"offer": 1.0, "press": 0.3, "talk": 0.05}},
    )
    np.testing.assert_allclose(conflict.equilibrium().value["us"], -0.5 * 1.35 / 0.5, rtol=1e-9)


def test_nothing_moves_at_zero_rates() -> None:
    utility = np.arange(6.0).reshape(2, 3)
    conflict = Conflict.build(
        {"us": {"offer": 2}, "china": {"enforce": 3}},
        {"us": utility, "china": -utility},
        rates={"us": 0.0, "china": 0.0},
        discount={"us": 0.1, "china": 0.5},
    )
    equilibrium = conflict.equilibrium()
    np.testing.assert_allclose(equilibrium.value["us"], utility / 0.1, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(equilibrium.value["china"], -utility / 0.5, rtol=1e-9, atol=1e-12)
    assert equilibrium.generator().nnz == 0


@pytest.mark.parametrize("seed", range(20))
def test_choices_are_even_at_zero_precision(seed: int) -> None:
    spec = random_spec(np.random.default_rng([seed, 2]), largest=36, sharpness=0.0)
    game = dense(spec)
    chosen = game.can / game.can.sum(axis=2, keepdims=True)
    generator = spec.build().equilibrium().generator().toarray()
    np.testing.assert_allclose(generator, game.chain(chosen), atol=1e-12)


def optimum(game: Dense) -> np.ndarray:
    """Return one actor's optimal values by policy iteration on the dense game."""
    n = game.flow.shape[1]
    lead = game.discount[0] + game.nature.sum(axis=1) + game.rate[0]
    goal = np.arange(n)
    for _ in range(1000):
        system = np.diag(lead) - game.nature
        system[np.arange(n), goal] -= game.rate[0]
        paid = game.rate[0] * game.pay[0][np.arange(n), goal]
        values = np.linalg.solve(system, game.flow[0] - paid)
        worth = np.where(game.can[0], values[None, :] - game.pay[0], -np.inf)
        better = worth.max(axis=1) > worth[np.arange(n), goal] + 1e-12
        if not better.any():
            return values
        goal = np.where(better, worth.argmax(axis=1), goal)
    raise RuntimeError("policy iteration did not end")


def test_a_lone_actor_who_hardly_errs_does_the_optimum() -> None:
    """At a precision of 10,000 spans the value is that of the optimal policy of the MDP."""
    reached = 0
    for seed in range(40):
        spec = random_spec(np.random.default_rng([seed, 3]), actors=1, largest=36)
        span = float(np.ptp(spec.utility["us"][spec.feasible]))
        conflict = spec.build(precision={"us": 1e4 / span})
        try:
            equilibrium = conflict.equilibrium()
        except AnalysisError:
            continue
        reached += 1
        found = equilibrium.value["us"][spec.feasible]
        np.testing.assert_allclose(found, optimum(dense(spec)), atol=2e-2 * span, err_msg=str(seed))
    assert reached >= 36


def test_a_sharp_actor_takes_the_better_side_for_sure() -> None:
    conflict = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 1.0]}, precision={"us": 1e6})
    generator = conflict.equilibrium().generator().toarray()
    np.testing.assert_allclose(generator, [[-1.0, 1.0], [0.0, 0.0]], atol=1e-12)


def test_one_state_is_solved() -> None:
    conflict = Conflict.build({"us": {"offer": 2}}, {"us": [4.0, 9.0]}, feasible=[True, False])
    equilibrium = conflict.equilibrium()
    np.testing.assert_allclose(equilibrium.value["us"], [40.0, 0.0], rtol=1e-12)
    assert equilibrium.generator().toarray().tolist() == [[0.0]]


@pytest.mark.parametrize("tolerance", [0.0, -1.0, float("nan")])
def test_a_tolerance_that_is_not_positive_is_refused(tolerance: float) -> None:
    conflict = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 1.0]})
    with pytest.raises(InputError, match="tolerance"):
        conflict.equilibrium(tolerance=tolerance)


def test_a_tolerance_out_of_reach_is_an_error_that_says_so() -> None:
    spec = random_spec(np.random.default_rng(4), actors=3, largest=48)
    with pytest.raises(AnalysisError, match=r"not reached.*precision"):
        spec.build().equilibrium(tolerance=1e-30)


@pytest.mark.parametrize("noise", [1e-16, 1e-14, 0.0])
def test_an_actor_who_hardly_cares_is_solved(noise: float) -> None:
    """Weighted sums that should be equal differ in the last digits: no span to divide by."""
    rng = np.random.default_rng(5)
    conflict = Conflict.build(
        {"us": {"offer": 3}, "china": {"enforce": 2}},
        {"us": 0.3 + noise * rng.random((3, 2)), "china": rng.random((3, 2))},
        costs={"us": {"offer": 0.2}},
        precision={"us": 3.0, "china": 3.0},
    )
    equilibrium = conflict.equilibrium()
    flat = Conflict.build(
        {"us": {"offer": 3}, "china": {"enforce": 2}},
        {"us": np.full((3, 2), 0.3), "china": conflict.utility["china"]},
        costs={"us": {"offer": 0.2}},
        precision={"us": 3.0, "china": 3.0},
    ).equilibrium()
    np.testing.assert_allclose(equilibrium.value["us"], flat.value["us"], rtol=1e-8)


@pytest.mark.parametrize("span", [1e-3, 1e-6, 1e-7, 1e-9, 1e-12])
def test_costs_may_dwarf_what_is_at_stake(span: float) -> None:
    """The unit of an actor's equations is not a span that its costs are a million times of."""
    rng = np.random.default_rng(6)
    stake = rng.random((3, 3))

    def solved(stakes: np.ndarray) -> np.ndarray:
        conflict = Conflict.build(
            {"us": {"offer": 3}, "china": {"enforce": 3}},
            {"us": stakes, "china": stake.T},
            costs={"us": {"offer": 1.0}},
            precision={"us": 3.0, "china": 3.0},
            rates={"us": 5.0},
        )
        return conflict.equilibrium().value["us"]

    np.testing.assert_allclose(solved(span * stake), solved(0.0 * stake), atol=100.0 * span)
