"""Exchanges at equal gain against their definition, and against published runs of Decide.

Would catch: an exchange that is not the largest, gains that differ, a partner whose outcome is
overshot, a move past a red line, third parties left out, a position that is given twice, a drawn
rate by which somebody loses or that stops short of what the two can share out.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from bargaining.random_tables import random_table
from beside import DATA, needs
from detente.bargaining import (
    BargainingTable,
    bargaining_table,
    decide_round,
    exchange,
    read_table,
)
from detente.errors import InputError

RUNS = DATA / "decide"


def outcome_of(table: BargainingTable, position: np.ndarray) -> np.ndarray:
    weight = table.weight
    return (weight * np.nan_to_num(position)).sum(axis=0) / weight.sum(axis=0)


def best_by_search(table: BargainingTable, position: np.ndarray, given: set) -> float:
    """Return the largest gain of any exchange, by a search over how far the first giver moves."""
    ideal = table.position
    o, best = outcome_of(table, position), 0.0
    total = table.weight.sum(axis=0)
    for p, q in permutations(range(len(table.issues)), 2):
        for i, j in permutations(range(len(table.actors)), 2):
            if (i, p) in given or (j, q) in given:
                continue
            if not table.party[[i, i, j, j], [p, q, p, q]].all():
                continue
            if any((ideal[i, k] <= o[k]) == (ideal[j, k] <= o[k]) for k in (p, q)):
                continue
            s = table.salience
            for share in np.linspace(0, 1, 41):
                move = share * (ideal[j, p] - position[i, p])
                a = abs(move) * table.weight[i, p] / total[p]
                b = a * (s[i, p] + s[j, p]) / (s[i, q] + s[j, q])
                back = b * total[q] / table.weight[j, q]
                if back > abs(ideal[i, q] - position[j, q]):
                    continue
                low, high = table.room[:, [i, j], [p, q]]
                ends = (
                    position[i, p] + move,
                    position[j, q] + np.sign(ideal[i, q] - position[j, q]) * back,
                )
                if (ends < low - 1e-9).any() or (ends > high + 1e-9).any():
                    continue
                if a > abs(ideal[j, p] - o[p]) or b > abs(ideal[i, q] - o[q]):
                    continue
                mine, yours = s[i, q] * b - s[i, p] * a, s[j, p] * a - s[j, q] * b
                assert mine == pytest.approx(yours, abs=1e-9)
                best = max(best, mine)
    return best


@pytest.mark.parametrize("lines", [0.0, 0.6])
@pytest.mark.parametrize("seed", range(25))
def test_each_exchange_is_the_largest_there_is(seed: int, lines: float) -> None:
    table = random_table(np.random.default_rng(seed), 4, 3, lines=lines)
    found = exchange(table)
    position, given = table.position.copy(), set()
    for number, one in enumerate(found.made):
        wanted = best_by_search(table, position, given)
        assert one.gain >= wanted - 1e-9
        assert outcome_of(table, position) == pytest.approx(found.outcomes[number])
        for giver, issue, before, after in zip(
            one.givers, one.issues, one.before, one.after, strict=True
        ):
            place = table.actors.index(giver), table.issues.index(issue)
            assert position[place] == pytest.approx(before)
            assert place not in given
            given.add(place)
            position[place] = after
        losses = [table.loss(found.outcomes[number + k]).sum(axis=1) for k in (0, 1)]
        change = dict(zip(table.actors, losses[0] - losses[1], strict=True))
        for giver in one.givers:
            assert change.pop(giver) == pytest.approx(one.gain, abs=1e-6)
        for actor, gain in one.others.items():
            assert change.pop(actor) == pytest.approx(gain, abs=1e-6)
        assert all(abs(rest) < 1e-9 for rest in change.values())
    assert best_by_search(table, position, given) < 1e-6
    assert position == pytest.approx(found.positions, nan_ok=True)


def test_a_scale_changes_nothing() -> None:
    rng = np.random.default_rng(5)
    for _ in range(10):
        table = random_table(rng, 5, 4, reference=False)
        found = exchange(table)
        stretched = replace(table, position=7 + 3 * table.position, scale=7 + 3 * table.scale)
        again = exchange(stretched)
        assert again.outcomes == pytest.approx(7 + 3 * found.outcomes)
        assert [one.gain for one in again.made] == pytest.approx([one.gain for one in found.made])


def test_at_a_random_rate_nobody_loses_and_all_is_shared_out() -> None:
    """Gains lie between equal gain and the two Pareto limits; one of two limits is always met."""
    met = 0
    for seed in range(40):
        table = random_table(np.random.default_rng(seed), 5, 4, lines=0.3)
        equal, found = exchange(table), exchange(table, rate="random", rng=seed)
        again = exchange(table, rate="random", rng=seed)
        assert [one.gains for one in found.made] == [one.gains for one in again.made]
        assert found.made == () or found.made[0].givers == equal.made[0].givers
        for one, before, after in zip(
            found.made, found.outcomes[:-1], found.outcomes[1:], strict=True
        ):
            change = (table.loss(before) - table.loss(after)).sum(axis=1)
            who = [table.actors.index(giver) for giver in one.givers]
            assert change[who] == pytest.approx(one.gains, abs=1e-6)
            assert min(one.gains) >= -1e-9
        for one, first in zip(found.made[:1], equal.made[:1], strict=True):
            assert max(one.gains) >= first.gain - 1e-9 >= min(one.gains) - 2e-9
            reached = []
            for side, other in ((0, 1), (1, 0)):
                giver, issue = (
                    table.actors.index(one.givers[side]),
                    table.issues.index(one.issues[side]),
                )
                goal = table.position[table.actors.index(one.givers[other]), issue]
                ends = (*table.room[:, giver, issue], goal)
                reached += [
                    np.isclose(one.after[side], ends).any(),
                    np.isclose(found.outcomes[1, issue], goal),
                ]
            assert any(reached)
            met += 1
    assert met > 30


def test_the_drawn_share_goes_from_equal_gain_to_the_pareto_limit() -> None:
    cells = {
        "cut": {"a": (100, 0.8, 1), "b": (0, 0.2, 1)},
        "fund": {"a": (100, 0.2, 1), "b": (0, 0.8, 1)},
    }
    table = bargaining_table(cells)
    gains = np.array(
        [exchange(table, rate="random", rng=seed).made[0].gains for seed in range(400)]
    )
    # Each can shift an outcome by 20 points: at equal gain 16 - 4; where the other gains nothing,
    # the favoured gives 5 points only and gains 16 - 1.
    best, worst = gains.max(axis=1), gains.min(axis=1)
    assert 12 - 1e-9 <= best.min() <= 12.1
    assert 14.9 <= best.max() <= 15 + 1e-9
    assert worst == pytest.approx(12 - 4 * (best - 12))
    assert best.mean() == pytest.approx(13.5, abs=0.15)
    assert (gains[:, 0] > gains[:, 1]).mean() == pytest.approx(0.5, abs=0.08)
    with pytest.raises(InputError, match="a rate 'fair'"):
        exchange(table, rate="fair")


@needs(RUNS)
def test_a_round_with_its_habits_gives_the_published_run() -> None:
    """Copenhagen and COP21, as published; COP21 to one order of its many ties."""
    small = decide_round(read_table(RUNS / "copenhagen.csv"))
    assert (small.potential, small.valid, len(small.made)) == (437, 420, 48)
    assert small.gain == pytest.approx(18.1734, abs=5e-5)
    table = read_table(RUNS / "cop21.csv")
    large = decide_round(table, np.random.default_rng(39))
    assert (large.potential, large.valid, len(large.made)) == (2094, 2051, 126)
    assert large.gain == pytest.approx(39.7569, abs=5e-5)
    assert large.made[0][:2] == ("USA", "China")
    assert large.made[0][3] == pytest.approx(2.19072, abs=5e-6)
    clean = exchange(table)
    assert clean.possible == 2051
    first = clean.made[0]
    assert dict(zip(first.givers, first.after, strict=True)) == pytest.approx(
        {"USA": 0, "China": 10.79}, abs=5e-3
    )
    assert first.gain == pytest.approx(2.19072, abs=5e-6)
