"""Outcomes over rounds, and a comparison of all models.

Would catch: a round that starts from other positions than the last one left, a model asked on the
wrong positions, a part of the comparison that is not of the same exchanges.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from bargaining.random_tables import random_table
from detente.bargaining import (
    bargaining_table,
    challenge,
    compare_models,
    compromise,
    exchange,
    nash_bargaining,
    plain_mean,
    procedural,
    third_parties,
    trade_map,
    trajectory,
)
from detente.errors import InputError

ROUNDS = 4


@pytest.mark.parametrize("seed", range(10))
def test_each_round_is_asked_on_its_own_positions(seed: int) -> None:
    table = random_table(np.random.default_rng(seed), 5, 3, lines=0.3)
    found = trajectory(table, ROUNDS, "a0")
    assert found.outcomes.shape == (ROUNDS + 1, len(found.models), 3)
    path = dict(zip(found.models, found.outcomes.swapaxes(0, 1), strict=True))
    fought = challenge(table)
    for t in range(ROUNDS + 1):
        made = exchange(table, t) if t else None
        position = table.position if made is None else made.positions
        stands = table.with_positions(position)
        if made is not None:
            assert path["exchange"][t] == pytest.approx(made.outcome.outcome)
        assert path["exchange"][t] == pytest.approx(compromise(stands).outcome)
        assert path["mean"][t] == pytest.approx(plain_mean(stands).outcome)
        assert path["Nash bargaining"][t] == pytest.approx(
            nash_bargaining(stands).outcome, abs=1e-6
        )
        assert path["procedural"][t] == pytest.approx(procedural(stands, "a0").outcome)
        own = fought.outcomes[min(t, len(fought.outcomes) - 1)]
        assert path["challenge"][t] == pytest.approx(own)
    assert max(map(len, str(found).split("\n"))) <= 80


def test_positions_go_on_from_round_to_round() -> None:
    for seed in range(20):
        table = random_table(np.random.default_rng(seed), 5, 4, lines=0.4)
        found = exchange(table, 3, "random", seed)
        by_round = found.positions_by_round
        np.testing.assert_allclose(by_round[-1], found.positions, atol=1e-9)
        assert len(by_round) == len(found.rounds) + 1
        low, high = table.room
        inside = (by_round >= low - 1e-9) & (by_round <= high + 1e-9)
        assert (inside | ~table.party).all()
        assert len(list(found.standings())) == len(found.made)


def test_a_comparison_is_of_the_same_exchanges() -> None:
    table = random_table(np.random.default_rng(4), 6, 4, lines=0.3)
    groups = {"west": ["a0", "a1"], "east": ["a2", "a3"]}
    found = compare_models(table, 2, "a0", rate="random", groups=groups, by_issue=True, rng=7)
    made = exchange(table, 2, "random", 7)
    whole = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert whole["exchanges"] == made.to_dict()
    assert whole["others"] == third_parties(made, groups).to_dict()
    assert whole["trades"] == trade_map(made).to_dict()
    assert found.challenges.to_dict() == challenge(table, by_issue=True).to_dict()
    assert {one["left"] >= 0 for one in whole["packages"]} == {True}
    last = dict(zip(found.trajectory.models, found.trajectory.outcomes[-1], strict=True))
    by_model = {one.model: one.outcome for one in found.outcomes}
    assert last["exchange"] == pytest.approx(by_model["exchange"])
    assert compare_models(table).trajectory is None
    words = found.words(exchanges=1, with_map=True)
    assert words.count(": gain") + words.count(":\n    gain") <= 1
    assert "gain with" in words
    assert "gain with" not in str(found)
    with pytest.raises(InputError, match="0 rounds"):
        trajectory(table, 0)


def test_a_model_that_is_not_reached_harms_no_other() -> None:
    """Would catch: one model without an outcome, and nothing at all is answered."""
    table = bargaining_table(
        {"cut": {"a": (100, 0.9, 1e9), "b": (0, 0.5, 1), "c": (30, 0.2, 1e-3)},
         "fund": {"a": (20, 0.3, 1e9), "b": (90, 1, 1), "c": (60, 0.9, 1e-3)}},
        {"cut": 37, "fund": 50},
    )  # fmt: skip
    found = compare_models(table)
    nash = next(one for one in found.outcomes if one.model == "Nash bargaining")
    assert np.isnan(nash.outcome).all()
    assert "differ by a factor of" in nash.note
    assert "compromise" in str(found)
