"""What actors expect against what will happen, by dense matrices and matrix exponentials.

Would catch: an actor that expects the true chain, others' beliefs taken for its own, a value that
is not what the actor gets in truth (its believed utility or costs, another's choices), a surprise
that is no distance, and rows out of order.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm

import detente
from dense_game import dense
from detente.equilibrium import intervene
from detente.errors import InputError
from random_conflicts import Spec, random_spec

YEARS = 1.7


def pair(seed: int) -> tuple[Spec, Spec]:
    """Return a conflict and the first actor's belief: other utilities, costs and jumps."""
    rng = np.random.default_rng([seed, 61])
    spec = random_spec(rng, actors=2, largest=36, sharpness=1.0)
    view = replace(
        spec,
        utility={a: u + rng.normal(size=u.shape) * np.ptp(u) for a, u in spec.utility.items()},
        costs={a: {o: 0.5 * c for o, c in own.items()} for a, own in spec.costs.items()},
        jumps={c: 2.0 * rate for c, rate in spec.jumps.items()},
        precision={a: 0.5 * p for a, p in spec.precision.items()},
    )
    return spec, view


@pytest.mark.parametrize("seed", range(12))
def test_expected_and_actual_are_those_of_the_dense_chains(seed: int) -> None:
    spec, view = pair(seed)
    equilibrium = replace(spec.build(), views={"us": view.build()}).equilibrium()
    game, own = dense(spec), dense(view)
    values, believed = game.solve()[0], own.solve()[0]
    truth, mind = game.choice(values), own.choice(believed)
    happens = truth.copy()
    happens[0] = mind[0]
    state = game.states[0]
    found = equilibrium.expectations(YEARS, state)
    after = {
        "us": expm(own.chain(mind) * YEARS)[0],
        "china": expm(game.chain(truth) * YEARS)[0],
    }
    actual = expm(game.chain(happens) * YEARS)[0]
    assert [row.surprise for row in found.rows] == sorted(
        (row.surprise for row in found.rows), reverse=True
    )
    for row in found.rows:
        axis = equilibrium.conflict.space.axis(row.variable)
        distance = 0.0
        for k, level in enumerate(row.expected):
            there = np.array([s[axis] == k for s in game.states])
            assert row.expected[level] == pytest.approx(after[row.actor][there].sum(), abs=1e-8)
            assert row.actual[level] == pytest.approx(actual[there].sum(), abs=1e-8)
            distance += abs(row.expected[level] - row.actual[level]) / 2.0
        assert row.surprise == pytest.approx(distance, abs=1e-12)
    for k, actor in enumerate(spec.actors):
        expected, gets = found.value[actor]
        allowance = 1e-6 * np.ptp(game.flow[k])
        assert expected == pytest.approx((believed if k == 0 else values)[k][0], abs=allowance)
        assert gets == pytest.approx(game.worth(happens, k)[0], abs=allowance)


def test_nothing_surprises_where_all_know_the_truth() -> None:
    spec, _ = pair(3)
    equilibrium = spec.build().equilibrium()
    state = np.argwhere(spec.feasible)[0].tolist()
    found = equilibrium.expectations(YEARS, state)
    assert max(row.surprise for row in found.rows) <= 1e-12
    for expected, actual in found.value.values():
        assert actual == pytest.approx(expected, rel=1e-7, abs=1e-7)


def test_who_has_not_heard_is_surprised() -> None:
    """A secret hold: what is held surprises everyone, by all the probability that would move."""
    before = detente.load("sanctions").conflict().equilibrium()
    deaf = intervene(before, {"target.programme": "running"}, announced=False)
    row = next(r for r in deaf.expectations(5.0).of("sender") if r.variable == "target.programme")
    moved = 1.0 - before.paths(5.0).shares["target.programme"][-1][0]
    assert row.surprise == pytest.approx(moved, abs=1e-9)
    assert row.actual["running"] == pytest.approx(1.0)
    heard = intervene(before, {"target.programme": "running"})
    assert max(r.surprise for r in heard.expectations(5.0).rows) <= 1e-12


def test_an_actor_to_whom_today_is_impossible_expects_nothing() -> None:
    spec, view = pair(4)
    state = np.argwhere(spec.feasible)[0].tolist()
    feasible = spec.feasible.copy()
    feasible[tuple(state)] = False
    narrow = replace(view, feasible=feasible)
    equilibrium = replace(spec.build(), views={"us": narrow.build()}).equilibrium()
    found = equilibrium.expectations(YEARS, state)
    assert found.lost == ("us",)
    assert found.of("us") == ()
    assert "us believes that the start cannot be" in str(found)


def test_issues_count_and_lines_fit() -> None:
    found = detente.load("peninsula").conflict().equilibrium().expectations(5.0)
    assert found.rows[0].actor == "china"
    assert found.rows[0].most == found.rows[0].variable == "exposure"
    assert max(map(len, str(found).splitlines())) <= 80
    assert len(found.to_dict()["rows"]) == len(found.rows)


@pytest.mark.parametrize("years", [0.0, -1.0, float("nan")])
def test_years_must_be_positive(years: float) -> None:
    with pytest.raises(InputError, match="years"):
        detente.load("chicken").conflict().equilibrium().expectations(years)
