"""Outcomes against their definitions.

Would catch: a blank that counts as 0, a median on the wrong side, a Nash solution that is none, a
proposal that would not pass or is not the setter's best, outcomes that depend on names or scales.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bargaining.random_tables import random_table
from detente.bargaining import (
    BargainingTable,
    bargaining_table,
    compromise,
    exchange,
    most_weight,
    nash_bargaining,
    plain_mean,
    procedural,
    weighted_median,
)
from detente.errors import InputError

AVERAGES = (compromise, plain_mean, weighted_median, most_weight)


@pytest.mark.parametrize("seed", range(50))
def test_averages_are_what_they_say(seed: int) -> None:
    table = random_table(np.random.default_rng(seed), 6, 3)
    found = {model: model(table).outcome for model in AVERAGES}
    for k in range(3):
        cells = [
            (table.position[i, k], table.capability[i, k] * table.salience[i, k])
            for i in range(6)
            if not np.isnan(table.position[i, k])
        ]
        total = sum(w for _, w in cells)
        assert found[compromise][k] == pytest.approx(sum(x * w for x, w in cells) / total)
        assert found[plain_mean][k] == pytest.approx(sum(x for x, _ in cells) / len(cells))
        middle = found[weighted_median][k]
        assert sum(w for x, w in cells if x < middle - 1e-9) <= total / 2 + 1e-9
        assert sum(w for x, w in cells if x > middle + 1e-9) <= total / 2 + 1e-9
        behind = {x: sum(w for y, w in cells if y == x) for x, _ in cells}
        assert behind[found[most_weight][k]] == pytest.approx(max(behind.values()))


def gains(table: BargainingTable, outcome: np.ndarray) -> np.ndarray:
    before, after = table.loss(table.reference), table.loss(outcome)
    return (before - after).sum(axis=1)


def log_product(table: BargainingTable, outcome: np.ndarray, capability: np.ndarray) -> float:
    gain = gains(table, outcome)
    return float(capability @ np.log(gain)) if (gain > 0).all() else -np.inf


@pytest.mark.parametrize("batch", range(20))
def test_the_nash_solution_meets_its_conditions(batch: int) -> None:
    """No random step, and no step along one issue, makes the product larger."""
    for seed in range(50 * batch, 50 * batch + 50):
        check_nash(np.random.default_rng(seed))


def check_nash(rng: np.random.Generator) -> None:
    table = random_table(rng, int(rng.integers(2, 8)), int(rng.integers(1, 5)))
    found = nash_bargaining(table)
    capability = table.capability[:, 0]
    there = table.party.any(axis=1)
    if found.note:
        corners = rng.uniform(0, 100, (400, len(table.issues)))
        assert all(gains(table, corner)[there].min() <= 1e-6 for corner in corners)
        assert np.array_equal(found.outcome, table.reference)
        return
    if not there.all():
        return
    best = log_product(table, found.outcome, capability)
    steps = rng.normal(0, 1, (30, len(table.issues))) * rng.choice([0.01, 1, 20], (30, 1))
    steps[:10] *= np.eye(len(table.issues))[rng.integers(len(table.issues), size=10)]
    for step in steps:
        near = np.clip(found.outcome + step, 0, 100)
        assert log_product(table, near, capability) <= best + 1e-7


def test_nash_keeps_its_axioms() -> None:
    """Symmetric actors get the same; a scale of one's own salience, or of capabilities, is idle."""
    rng = np.random.default_rng(7)
    for _ in range(20):
        table = random_table(rng, 5, 3, blank=0.0)
        found = nash_bargaining(table)
        salience = table.salience * np.array([0.5, 1, 0.7, 1, 0.2])[:, None]
        for other in (
            replace(table, salience=salience),
            replace(table, capability=3 * table.capability),
        ):
            assert nash_bargaining(other).outcome == pytest.approx(found.outcome, abs=1e-3)
    mirror = bargaining_table(
        {"x": {"a": (10, 1, 1), "b": (90, 1, 1)}, "y": {"a": (80, 0.5, 1), "b": (20, 0.5, 1)}},
        reference={"x": 0, "y": 0},
    )
    assert nash_bargaining(mirror).outcome[0] <= 90


@pytest.mark.parametrize("model", [*AVERAGES, nash_bargaining])
def test_names_order_and_scale_change_nothing(model) -> None:
    rng = np.random.default_rng(3)
    for _ in range(10):
        table = random_table(rng, 6, 3)
        found = model(table).outcome
        order = rng.permutation(6)
        shuffled = replace(
            table,
            actors=tuple(table.actors[k] for k in order),
            position=table.position[order],
            salience=table.salience[order],
            capability=table.capability[order],
        )
        assert model(shuffled).outcome == pytest.approx(found, abs=1e-4)
        stretched = replace(
            table,
            position=-5 + 2 * table.position,
            reference=-5 + 2 * table.reference,
            scale=-5 + 2 * table.scale,
        )
        assert model(stretched).outcome == pytest.approx(-5 + 2 * found, abs=2e-4)


@pytest.mark.parametrize("seed", range(60))
def test_the_proposal_is_the_best_that_passes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, 5, 2, blank=0.2)
    threshold = float(rng.choice([0.5, 0.62, 1.0]))
    found = procedural(table, "a0", threshold).outcome
    for k in range(2):
        party = table.party[:, k]
        position, votes = table.position[party, k], table.capability[party, k]
        reference = table.reference[k]
        if not party[0]:
            assert found[k] == reference
            continue

        def passes(o: float, position=position, votes=votes, reference=reference, k=k) -> bool:
            accepts = np.abs(position - o) <= np.abs(position - reference) + 1e-7
            own = abs(table.position[0, k] - o) <= abs(table.position[0, k] - reference) + 1e-7
            return own and votes[accepts].sum() >= threshold * votes.sum() - 1e-9

        assert passes(found[k])
        wanted = table.position[0, k]
        better = [o for o in np.linspace(0, 100, 2001) if abs(o - wanted) < abs(found[k] - wanted)]
        assert not any(
            passes(o) for o in better if abs(abs(o - wanted) - abs(found[k] - wanted)) > 1e-6
        )


@pytest.mark.parametrize(
    ("cells", "more", "words"),
    [
        ({"x": {"a": (1, 1, 1)}}, {}, "takes two actors"),
        ({"x": {"a": (1, 1, 1), "b": (101, 1, 1)}}, {}, "b on x: position 101 is off the scale"),
        (
            {"x": {"a": (1, 1, 1), "b": (1, 1, 1e300)}},
            {},
            "b on x: capability 1e.300; give a number",
        ),
        ({"x": {"a": (1, 1, 1), "b": (1, 2, 1)}}, {}, "b on x: salience 2"),
        ({"x": {"a": (1, 1, 1), "b": (1, 1, -1)}}, {}, "b on x: capability"),
        ({"x": {"a": (1, 0, 1), "b": (1, 0, 1)}}, {}, "'x': nobody has"),
        ({"x": {"a": (1, 1), "b": (1, 1, 1)}}, {}, "a on x: 2 numbers"),
        ({"x": {"a": (1, 1, 1), "b": (1, 1, 1)}}, {"scale": {"x": (5, 5)}}, "the scale runs"),
        ({"x": {"a": (1, 1, 1), "b": (1, 1, 1)}}, {"reference": {"x": -1}}, "reference point"),
        (
            {"x": {"a": (1, 1, 1), "b": (1, 1, 1)}},
            {"red_line": {"x": {"a": -1}}},
            "a on x: the red",
        ),
        ({"x": {"a": (1, 1, 1), "b": (1, 1, 1)}}, {"red_line": {"x": {"c": 1}}}, "no actor 'c'"),
        ({"x": {"a": (1, 1, 1), "b": (1, 1, 1)}}, {"red_line": {"y": {"a": 1}}}, "no issue 'y'"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(cells, more, words) -> None:
    with pytest.raises(InputError, match=words):
        bargaining_table(cells, **more)


def test_an_outcome_past_a_red_line_is_named() -> None:
    """Lines to either side of a position, on it, and on the outcome, which is not past it."""
    cells = {q: {"a": (100, 1, 1), "b": (0, 1, 1), "c": (50, 1, 1)} for q in "xyz"}
    lines = {"x": {"a": 60, "b": 40}, "y": {"a": 50, "b": 50}, "z": {"c": 50, "b": 0}}
    found = compromise(bargaining_table(cells, red_line=lines))
    assert found.outcome.tolist() == [50, 50, 50]
    assert found.note == "Past the red lines of a on x (60), b on x (40) and b on z (0)."
    assert replace(found, model="again").note == found.note
    turned = bargaining_table({"x": {"a": (100, 1, 1), "b": (0, 1, 1)}}, red_line={"x": {"a": 100}})
    assert plain_mean(turned).note == "Past the red line of a on x (100)."
    assert "100, never past 100 (1 x 1)" in str(turned)
    assert exchange(turned).outcome.note


def test_what_a_model_needs_is_asked_for() -> None:
    table = random_table(np.random.default_rng(0), 4, 2, reference=False)
    for model in (nash_bargaining, lambda t: procedural(t, "a0")):
        with pytest.raises(InputError, match="has no reference point"):
            model(table)
    with pytest.raises(InputError, match="there is no actor"):
        procedural(table, "zz")
    with pytest.raises(InputError, match="rounds"):
        exchange(table, 0)
