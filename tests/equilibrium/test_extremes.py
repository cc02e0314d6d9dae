"""Numbers far apart: an answer is that of the dense branch, or there is none and the reason.

Would catch: a step that leaps to another equilibrium where precision is high, digits lost where
utilities, rates or discounting are of very different size, a residual that hides them, and a
refusal that does not say what to do.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from dense_game import Dense, dense
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from extreme_conflicts import extreme_spec

IN_BATCH = 25
BATCHES = max(1, 2 * int(os.environ.get("DETENTE_BATCHES", "0")))
"""`make validate` asks for 80: 2,000 conflicts."""
STEPS = 5


def in_spans(game: Dense, equilibrium: Equilibrium) -> tuple[Dense, np.ndarray]:
    """Return the dense game in spans of each actor's utility about its mean, and values in it.

    In other units the digits that choices turn on could drown in a mean, or in other actors'.
    """
    own, live = equilibrium.game, equilibrium.conflict.feasible.reshape(-1)
    span, centre = own.span[:, None], own.centre[:, None]
    scaled = replace(
        game,
        flow=(game.flow - centre) / span,
        pay=game.pay / span[:, :, None],
        precision=game.precision * own.span,
    )
    return scaled, equilibrium.scaled[live].T


def settled(game: Dense, values: np.ndarray) -> np.ndarray:
    """Return where Newton's method on the dense equations goes from values."""
    for _ in range(STEPS):
        step = np.linalg.solve(game.slope(values, 1.0), -game.imbalance(values).reshape(-1))
        values = values + step.reshape(values.shape)
    return values


def verdict(seed: int) -> str:
    """Return how a conflict ended: equal, refused, or what is wrong."""
    _, spec = extreme_spec(seed)
    try:
        equilibrium = spec.build().equilibrium()
    except AnalysisError as error:
        words = str(error)
        named = any(f"worst for {actor} at" in words for actor in spec.actors)
        return "refused" if named and "lower" in words else f"refused without reason: {words}"
    game, values = in_spans(dense(spec), equilibrium)
    wrong = np.abs(game.imbalance(values))
    if not (wrong <= 2.0 * equilibrium.residual + 10.0 * game.rounding(values)).all():
        return f"out of balance by {wrong.max():.0e}"
    expected, _ = game.solve(stride=0.05)
    nearby = settled(game, values)
    scale = np.maximum(np.ptp(expected, axis=1, keepdims=True), 1.0)
    if not np.abs(game.choice(expected) - game.choice(values)).max() <= 1e-5:
        return "choices of another equilibrium"
    if not (np.abs(expected - nearby) <= 1e-6 * scale).all():
        return "values of another equilibrium"
    moved = np.abs(nearby - values) / scale
    return "equal" if moved.max() <= 1e-5 else f"values off by {moved.max():.0e} of their range"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_an_answer_is_right_or_refused(batch: int) -> None:
    found = {seed: verdict(seed) for seed in range(batch * IN_BATCH, (batch + 1) * IN_BATCH)}
    counts = Counter(found.values())
    assert not {s: v for s, v in found.items() if v not in ("equal", "refused")}
    assert counts["refused"] <= IN_BATCH // 4


def test_a_level_that_is_never_there_sets_no_unit() -> None:
    """Its cost is the dearest, and where costs set the unit choices were made in another one."""
    cost = np.array([[0.0, 0.2, 9.0], [0.4, 0.0, 9.0], [9.0, 9.0, 0.0]])
    conflict = Conflict.build(
        {"us": {"offer": 3}},
        {"us": np.zeros(3)},
        feasible=[True, True, False],
        costs={"us": {"offer": cost}},
        rates={"us": 1.0},
        precision={"us": 2.0},
    )
    there, back = 1.0 / (1.0 + np.exp(2.0 * np.array([0.2, 0.4]) - 2.0 * apart(conflict)))
    rates = conflict.equilibrium().generator().toarray()
    np.testing.assert_allclose(rates, [[-there, there], [back, -back]], rtol=1e-9)


def apart(conflict: Conflict) -> np.ndarray:
    """Return what either level is worth more than the other."""
    first, second = conflict.equilibrium().value["us"][:2]
    return np.array([second - first, first - second])


def test_where_digits_run_out_the_rates_are_named() -> None:
    """The branch arrives, and no precision would be low enough."""
    names, spec = extreme_spec(77)
    assert names == ("rates 1e-6 to 1e4",)
    with pytest.raises(AnalysisError, match=r"balanced to 1e-10 .* lower the rates or raise the"):
        spec.build().equilibrium()
