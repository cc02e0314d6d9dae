"""The limits of no and of much precision, for several actors at once.

Would catch: a precision that enters with the wrong power or unit, choices that do not even out as
precision falls or do not settle on the best reply as it grows, a cost that is weighed at zero
precision, and a best reply to anything but the values themselves.
"""

from __future__ import annotations

import numpy as np
import pytest

from dense_game import Dense, dense
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from random_conflicts import Spec, random_spec


def drawn(seed: int, precision: float, actors: int | None = None) -> Spec:
    """Return a random conflict in which every actor has this precision, per span of utility."""
    spec = random_spec(np.random.default_rng([seed, 51]), actors=actors, largest=36)
    spans = {a: float(np.ptp(u[spec.feasible])) or 1.0 for a, u in spec.utility.items()}
    return spec.__class__(
        **{**vars(spec), "precision": {a: precision / spans[a] for a in spec.actors}}
    )


def values_of(equilibrium: Equilibrium) -> np.ndarray:
    feasible = equilibrium.conflict.feasible
    return np.stack([equilibrium.value[a][feasible] for a in equilibrium.conflict.actors])


def even(game: Dense) -> np.ndarray:
    return np.asarray(game.can / game.can.sum(axis=2, keepdims=True))


@pytest.mark.parametrize("seed", range(25))
def test_choices_even_out_as_precision_falls(seed: int) -> None:
    """The distance from even choice falls in proportion to the precision, and is its first order.

    To first order the tilt is precision x (worth - mean worth) / moves at the values of even
    choice.
    """
    distance = []
    for precision in (1e-3, 1e-4):
        spec = drawn(seed, precision)
        game = dense(spec)
        rows = spec.build().equilibrium().generator().toarray()
        distance.append(rows - game.chain(even(game)))
    flat = even(game)
    tilted = flat.copy()
    for j in range(len(flat)):
        net = np.where(game.can[j], game.worth(flat, j)[None, :] - game.pay[j], 0.0)
        mean = (flat[j] * net).sum(axis=1, keepdims=True)
        tilted[j] += game.precision[j] * flat[j] * (net - mean)
    first_order = game.chain(tilted) - game.chain(flat)
    size = np.abs(first_order).max()
    np.testing.assert_allclose(distance[1], first_order, atol=0.05 * size + 1e-10)
    assert np.abs(distance[0]).max() == pytest.approx(10.0 * np.abs(distance[1]).max(), rel=0.2)


def test_choices_settle_on_the_best_reply_as_precision_grows() -> None:
    """Where the best move is better by a margin, the rest are taken with exp(-precision margin)."""
    solved = unique = 0
    for seed in range(40):
        spec = drawn(seed, 40.0)
        game = dense(spec)
        try:
            equilibrium = spec.build().equilibrium()
        except AnalysisError:
            continue
        solved += 1
        values, live = values_of(equilibrium), {s: k for k, s in enumerate(game.states)}
        for j, actor in enumerate(spec.actors):
            net = np.where(game.can[j], values[j][None, :] - game.pay[j], -np.inf)
            if net.shape[1] < 2:
                continue
            second, first = np.sort(net, axis=1)[:, -2:].T
            margin = game.precision[j] * (first - second)
            for s, state in enumerate(game.states):
                if not margin[s] > 15.0:
                    continue
                unique += 1
                change, share = equilibrium.policy(actor, state).moves[0]
                there = equilibrium.conflict.space.position(
                    {**equilibrium.conflict.label(state), **change}
                )
                assert live[there] == net[s].argmax(), (seed, actor, state)
                assert share >= 1.0 - len(game.states) * np.exp(-margin[s]), (seed, actor, state)
    assert solved >= 34
    assert unique > 200


def test_regret_vanishes_as_precision_grows() -> None:
    """What is lost is at most rate log(moves) / (precision discount): nothing in the limit."""
    shares = []
    for precision in (2.0, 20.0, 200.0):
        lost = []
        for seed in range(15):
            try:
                equilibrium = drawn(seed, precision, actors=1).build().equilibrium()
            except AnalysisError:
                continue
            (row,) = equilibrium.certificate(starts=0).regrets
            discount = equilibrium.conflict.discount["us"]
            rate = equilibrium.conflict.rates["us"]
            assert row.largest <= rate * row.slip_bound / discount + row.error, seed
            lost.append(row.share)
        assert len(lost) >= 13
        shares.append(float(np.mean(lost)))
    assert shares[0] > 5.0 * shares[1] > 25.0 * shares[2]
