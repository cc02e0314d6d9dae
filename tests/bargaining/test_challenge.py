"""The challenge model against plain loops and published runs.

Would catch: a vote for the wrong side, a third party that counts twice, a bargain at the wrong
mean, a position that moves where its actor is no party, results that depend on names, order or
units, a table without conflict that does not end.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bargaining.plain_challenge import PlainRound
from bargaining.random_tables import random_table
from beside import DATA, needs
from detente.bargaining import (
    BargainingTable,
    Challenges,
    bargaining_table,
    challenge,
    read_table,
)
from detente.bargaining._condorcet import VOTING, chances_to_beat, log_chances
from detente.errors import InputError

RUNS = DATA / "ktab"

# From the runs of KTAB of 30 May 2017 (MIT licence, King Abdullah Petroleum Studies and Research
# Center, 2015): states; attitudes to risk and chances before the first round; of the last state,
# chances and positions, actor by actor; by challenge of the first round, in the order of actors:
# target, chance and gain to the challenger, chance and gain to the target.
PUBLISHED = {
    "SOE-Pol-Comp.csv": (
        28,
        "1 -.498 -.452 .362 -.5 -.5 -.497 -.499 -.452 .643 -.383 -.196 -.5",
        ".0618 .0156 .0117 .4340 .0028 0 .0020 .0013 .0117 .2481 .1533 .0689 .0005",
        ".2299 .2299 .1104 .1104 .1104 .2202 .2063 .2063 .2063 .2330 .2330 .2330 .0002",
        "43.2 43.3 43.2 43.3 38.7 28.8 38.6 28.8 38.7 28.8 38.6 29.5 38.7 29 38.7 29 38.7 28.9 "
        "38.8 30.7 38.8 30.8 38.8 30.8 15 60",
        "10 .7676 .0456 .8775 -.2565 5 .8974 .4826 .8974 -.4920 10 .7913 .2639 .7909 -.2261 "
        "8 .9361 .1977 .9432 -.2683 5 .8682 .4920 .8682 -.4865 8 .1164 .0359 .1151 -.0394 "
        "5 .9768 .0714 .9768 -.0716 6 .8965 .4244 .8965 -.4273 5 .8849 .1520 .8836 -.1374 "
        "5 .7667 .1157 .8229 -.3132 8 .9113 .3400 .9115 -.3151 5 .9322 .1448 .9305 -.1895 "
        "8 .9602 .4215 .9602 -.3570",
    ),
    "dummyData_3Dim.csv": (
        11,
        "-.5 -.459 -.499 -.274 1 -.232 -.430",
        ".0047 .0302 .0054 .1492 .6001 .1447 .0656",
        ".3340 .3340 .0183 .0957 .1512 .4009 .1512",
        "78.6 31.8 74.1 78.6 31.8 74.1 82.5 90.9 .1 67.1 50.1 63.7 78.6 31.6 74.1 79.9 34.4 75.2 "
        "78.6 31.6 74.1",
        "6 .7643 .0947 .7660 -.1514 0 .7964 .2810 .7952 -.0925 6 .8334 .4711 .8331 -.4874 "
        "0 .8056 .2839 .8008 -.1243 0 .5836 .0116 .7586 -.0621 1 .8510 .2986 .8518 -.2433 "
        "1 .3970 .0286 .3981 -.0276",
    ),
}


def numbers(text: str) -> np.ndarray:
    return np.array(text.split(), dtype=float)


@needs(RUNS)
@pytest.mark.parametrize("name", PUBLISHED)
def test_rounded_as_ktab_the_published_runs_come_out(name: str) -> None:
    states, attitudes, before, after, positions, made = PUBLISHED[name]
    table = read_table(RUNS / name)
    found = challenge(table, rounded=True)
    assert len(found.positions) == states
    assert found.settled
    assert found.attitudes[0, :, 0] == pytest.approx(numbers(attitudes), abs=5.1e-4)
    assert found.chances[0, :, 0] == pytest.approx(numbers(before), abs=5.1e-5)
    assert found.chances[-1, :, 0] == pytest.approx(numbers(after), abs=5.1e-5)
    assert found.positions[-1].ravel() == pytest.approx(numbers(positions), abs=0.0501)
    first = [
        [table.actors.index(one.target), one.chance, one.gain, *one.seen_by_target]
        for one in found.rounds[0]
    ]
    assert [one.challenger for one in found.rounds[0]] == list(table.actors)
    assert np.array(first) == pytest.approx(numbers(made).reshape(-1, 5), abs=5.1e-5)
    exact = challenge(table, rounds=1)
    assert exact.positions[1] == pytest.approx(found.positions[1], abs=0.01)


@pytest.mark.parametrize("seed", range(24))
def test_rounds_are_those_of_plain_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rule = list(VOTING)[seed % len(VOTING)]
    table = random_table(rng, int(rng.integers(2, 7)), int(rng.integers(1, 4)), blank=0.0)
    found = challenge(table, rounds=2, voting=rule)
    for number, made in enumerate(found.rounds):
        plain = PlainRound(table, found.positions[number] / 100, rule)
        assert found.attitudes[number, :, 0] == pytest.approx(plain.risk, abs=1e-6)
        pairs = [
            (table.actors.index(one.challenger), table.actors.index(one.target)) for one in made
        ]
        assert pairs == plain.challenges()
        for one, (i, j) in zip(made, pairs, strict=True):
            assert one.chance == pytest.approx(plain.contest(i, i, j), abs=1e-6)
            assert one.gain == pytest.approx(plain.gain(i, i, i, j), abs=1e-6)
            seen = plain.contest(j, i, j), plain.gain(j, j, i, j)
            assert one.seen_by_target == pytest.approx(seen, abs=1e-6)
            meet = 100 * np.array(plain.bargain(i, j))
            assert list(one.bargain.values()) == pytest.approx(meet, abs=1e-6)
        after = 100 * np.array(plain.after())
        assert found.positions[number + 1] == pytest.approx(after, abs=1e-5)


def same(found: Challenges, other: Challenges, order: np.ndarray) -> None:
    assert other.outcomes == pytest.approx(found.outcomes, abs=1e-4)
    assert other.positions == pytest.approx(found.positions[:, order], abs=1e-4, nan_ok=True)
    assert other.chances == pytest.approx(found.chances[:, order], abs=1e-5, nan_ok=True)


@pytest.mark.parametrize("by_issue", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_names_order_and_units_change_nothing(seed: int, by_issue: bool) -> None:
    """Five rounds: in many, the last digit of a sum can decide between near equals."""
    rng = np.random.default_rng(seed)
    table = random_table(rng, 6, 3, reference=False)
    found = challenge(table, 5, by_issue=by_issue)
    order = rng.permutation(6)
    shuffled = BargainingTable(
        tuple(f"n{k}" for k in range(6)),
        ("x", "y", "z"),
        table.position[order],
        table.salience[order],
        table.capability[order],
        table.reference,
        table.scale,
    )
    same(found, challenge(shuffled, 5, by_issue=by_issue), order)
    stronger = replace(table, capability=1000 * table.capability)
    same(found, challenge(stronger, 5, by_issue=by_issue), np.arange(6))
    longer = replace(table, position=table.position / 10, scale=table.scale / 10)
    shorter = challenge(longer, 5, by_issue=by_issue)
    assert 10 * shorter.outcomes == pytest.approx(found.outcomes, abs=1e-4)


def test_by_issue_is_each_issue_alone() -> None:
    table = random_table(np.random.default_rng(4), 6, 3, blank=0.3)
    found = challenge(table, by_issue=True)
    for k, issue in enumerate(table.issues):
        there = table.party[:, k]
        cells = {
            name: (table.position[i, k], table.salience[i, k], table.capability[i, k])
            for i, name in enumerate(table.actors)
            if there[i]
        }
        alone = challenge(bargaining_table({issue: cells}))
        last = len(alone.rounds)
        assert found.outcomes[: last + 1, k] == pytest.approx(alone.outcomes[:, 0])
        assert found.positions[-1, there, k] == pytest.approx(alone.positions[-1, :, 0])


def test_nobody_moves_where_it_is_no_party() -> None:
    table = random_table(np.random.default_rng(8), 7, 3, blank=0.4)
    found = challenge(table)
    assert np.array_equal(np.isnan(found.positions[-1]), ~table.party)
    for one in (one for row in found.rounds for one in row):
        both = table.party[[table.actors.index(one.challenger), table.actors.index(one.target)]]
        shared = np.flatnonzero(both.all(axis=0))
        assert list(one.bargain) == [table.issues[k] for k in shared]


@pytest.mark.parametrize("by_issue", [False, True])
@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ({"x": {"a": (30, 1, 1), "b": (30, 0.2, 4), "c": (30, 0.5, 1)}}, 30),
        ({"x": {"a": (0, 1, 1), "b": (100, 1, 1)}}, 50),
        ({"x": {"a": (0, 0.5, 2), "b": (0, 0.5, 2), "c": (80, 0.5, 2), "d": (80, 0.5, 2)}}, 40),
        ({"x": {"a": (20, 1, 1), "b": (90, 0, 1), "c": (90, 1, 0)}}, 20),
        ({"x": {"a": (20, 1, 1)}, "y": {"b": (70, 1, 1)}}, 20),
    ],
    ids=["all agree", "two equals", "equal groups", "one with a voice", "nothing in common"],
)
def test_tables_without_a_contest_end(cells, outcome, by_issue) -> None:
    with np.errstate(all="raise"):
        found = challenge(bargaining_table(cells), by_issue=by_issue)
    assert found.settled
    assert len(found.rounds) == 2
    assert found.outcome.outcome[0] == pytest.approx(outcome)


def test_an_actor_that_cares_for_nothing_takes_no_part() -> None:
    cells = {"x": {"a": (0, 0.8, 2), "b": (100, 0.6, 1), "c": (50, 0, 9)}}
    found = challenge(bargaining_table(cells))
    assert "c" not in {
        name for row in found.rounds for one in row for name in (one.challenger, one.target)
    }
    assert np.isnan(found.chances[:, 2]).all()
    assert (found.positions[:, 2, 0] == 50).all()


def test_the_chance_of_an_option_is_its_share_of_beating_all_others() -> None:
    vote = VOTING["proportional"]
    weight = np.array([2.0, 1.0, 1.0])
    utility = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
    beats = chances_to_beat(weight, utility, vote)
    assert beats[0, 1] == pytest.approx(2 / 3)
    assert np.diag(beats) == pytest.approx([0.5] * 3)
    parts = np.array([4 / 9, 1 / 6, 1 / 6])
    assert np.exp(log_chances(beats)) == pytest.approx(parts / parts.sum())
    alike = chances_to_beat(weight, np.ones((3, 4)), vote)
    assert np.exp(log_chances(alike)) == pytest.approx([0.25] * 4)


def test_draws_repeat_with_their_seed_and_results_cannot_be_changed() -> None:
    table = random_table(np.random.default_rng(2), 6, 2)
    one, two = (challenge(table, 4, rng=5) for _ in range(2))
    assert np.array_equal(one.positions, two.positions, equal_nan=True)
    others = [challenge(table, 4, rng=k).outcomes[-1, 0] for k in range(8)]
    assert len({round(float(value), 6) for value in others}) > 1
    with pytest.raises(ValueError, match="read-only"):
        one.positions[0, 0, 0] = 1.0
    assert max(map(len, str(one).splitlines())) <= 80
    assert len(one.to_pandas()) == sum(map(len, one.rounds))
    assert one.to_dict()["settled"] is one.settled


def test_limits_and_rules_that_are_wrong_are_named() -> None:
    table = random_table(np.random.default_rng(0), 4, 2)
    with pytest.raises(InputError, match="0 rounds of challenges"):
        challenge(table, 0)
    with pytest.raises(InputError, match="did you mean 'proportional'"):
        challenge(table, voting="proportinal")
    short = challenge(table, 1)
    assert not short.settled
    assert short.outcome.note == "Not at rest after 1 round."
