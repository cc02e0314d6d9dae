"""One-shot games against their definitions, written out slowly.

Would catch: an axis that belongs to another actor, a choice that no legal move leads to, a payoff
at the wrong profile, equilibria that are missed, made up, or not checked, and a branch of logit
equilibria that is no branch of fixed points.
"""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError
from detente.oneshot import OneShot
from random_conflicts import random_spec


def random_game(seed: int, shape: tuple[int, ...], ties: bool = False) -> OneShot:
    """Return a game of random payoffs, one option an actor."""
    rng = np.random.default_rng([seed, *shape])
    names = [f"a{k}" for k in range(len(shape))]
    payoff = {
        name: rng.integers(0, 4, shape) if ties else rng.normal(size=shape) * 10.0**k
        for k, name in enumerate(names)
    }
    options = {name: {"act": n} for name, n in zip(names, shape, strict=True)}
    return Conflict.build(options, payoff).one_shot()


@pytest.mark.parametrize("seed", range(40))
def test_the_game_is_what_the_conflict_says(seed: int) -> None:
    rng = np.random.default_rng([seed, 61])
    conflict = random_spec(rng, largest=48).build()
    space = conflict.space
    live = np.flatnonzero(conflict.feasible)
    start = int(rng.choice(live)) if seed % 2 else None
    costs = start is not None and seed % 4 == 1
    rule = "stay" if start is not None and seed % 3 else "worst"
    levels = {k: int(rng.integers(space.shape[k])) for k in space.conditions}
    conditions = {space.axes[k].name: level for k, level in levels.items()}
    own = [list(space.of(actor)) for actor in conflict.actors]
    here = None if start is None else space.position(start)

    def outcome(choice: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
        position = [0] * len(space.axes)
        for k, level in levels.items():
            position[k] = level
        for axes, chosen in zip(own, choice, strict=True):
            for k, level in zip(axes, chosen, strict=True):
                position[k] = level
        return tuple(position)

    def legal(axes: list[int], chosen: tuple[int, ...]) -> bool:
        return here is None or all(
            conflict.allowed[k][here[k], level] for k, level in zip(axes, chosen, strict=True)
        )

    everything = [
        [c for c in product(*(range(space.shape[k]) for k in axes)) if legal(axes, c)]
        for axes in own
    ]
    profiles = list(product(*everything))
    possible = {c: bool(conflict.feasible[outcome(c)]) for c in profiles}
    if not any(possible.values()):
        with pytest.raises(InputError, match="no choices lead to a feasible state"):
            conflict.one_shot(start, conditions, infeasible=rule, costs=costs)
        return
    game = conflict.one_shot(start, conditions, infeasible=rule, costs=costs)
    kept = [
        [c for c in choices if any(p for q, p in possible.items() if q[k] == c)]
        for k, choices in enumerate(everything)
    ]
    assert game.shape == tuple(map(len, kept))
    for k, (actor, axes) in enumerate(zip(conflict.actors, own, strict=True)):
        utility = conflict.utility[actor]
        pays = np.empty(game.shape)
        for cell, choice in zip(np.ndindex(game.shape), product(*kept), strict=True):
            due = 0.0
            if costs and here is not None:
                due = sum(
                    conflict.cost[a][here[a], level]
                    for a, level in zip(axes, choice[k], strict=True)
                )
            pays[cell] = utility[outcome(choice)] - due if possible[choice] else np.nan
        other = np.nanmin(pays) if rule == "worst" else utility[here]
        assert game.payoff[actor] == pytest.approx(np.where(np.isnan(pays), other, pays))
        assert [tuple(c.values()) for c in game.choices[actor]] == [
            tuple(space.axes[a].levels[level] for a, level in zip(axes, c, strict=True))
            for c in kept[k]
        ]
    json.dumps(game.to_dict(), allow_nan=False)
    assert str(game)


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 3, 2), (2, 2, 2, 2), (5,)])
@pytest.mark.parametrize("seed", range(12))
def test_pure_equilibria_by_their_definition(seed: int, shape: tuple[int, ...]) -> None:
    game = random_game(seed, shape, ties=seed % 2 == 0)
    expected, strict = [], []
    for cell in np.ndindex(shape):
        margins = []
        for k, actor in enumerate(game.actors):
            for other in range(shape[k]):
                if other != cell[k]:
                    there = (*cell[:k], other, *cell[k + 1 :])
                    margins.append(game.payoff[actor][cell] - game.payoff[actor][there])
        if min(margins, default=1.0) >= 0.0:
            expected.append(cell)
            strict.append(min(margins, default=1.0) > 0.0)
    found = game.pure()
    assert list(map(tuple, found.cells)) == expected
    assert found.strict.tolist() == strict
    assert all(profile.largest_regret == 0.0 for profile in found)
    assert len(found.states()) == len(found) == len(found.to_pandas())
    assert str(found).count("not strict") == strict.count(False)


@pytest.mark.parametrize("seed", range(25))
def test_pure_equilibria_are_the_nash_states_of_the_graph_model(seed: int) -> None:
    """With every move legal, no conditions and all feasible, both mean the same states."""
    spec = random_spec(np.random.default_rng([seed, 62]), largest=48, conditions=0)
    conflict = spec.build(moves={}, feasible=None)
    found = np.zeros(conflict.size, dtype=bool)
    game = conflict.one_shot()
    found[game.state[tuple(game.pure().cells.T)]] = True
    assert np.array_equal(found.reshape(conflict.shape), conflict.stability().equilibria("nash"))


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 5), (4, 4)])
@pytest.mark.parametrize("seed", range(6))
def test_mixed_equilibria_leave_no_regret_and_are_odd_in_number(
    seed: int, shape: tuple[int, int]
) -> None:
    """A random game is not degenerate, and such a game has an odd number (Wilson 1971)."""
    game = random_game(seed, shape)
    found = game.mixed()
    assert found.complete
    assert not found.degenerate
    assert len(found) % 2 == 1
    assert found.note == ""
    first, second = (game.payoff[actor] for actor in game.actors)
    for profile in found:
        row, column = profile.mix.values()
        assert (first @ column).max() - row @ first @ column <= 1e-7 * np.ptp(first)
        assert (row @ second).max() - row @ second @ column <= 1e-7 * np.ptp(second)
    pure = {tuple(map(int, cell)) for cell in game.pure().cells}
    assert pure == {
        tuple(int(m.argmax()) for m in p.mix.values())
        for p in found
        if all(m.max() > 1 - 1e-9 for m in p.mix.values())
    }


@pytest.mark.parametrize("seed", range(10))
def test_two_by_two_mixed_equilibria_by_formula(seed: int) -> None:
    game = random_game(seed, (2, 2))
    (a, b), (c, d) = game.payoff["a0"]
    (e, f), (g, h) = game.payoff["a1"]
    column, row = (d - b) / (a - b - c + d), (h - g) / (e - f - g + h)
    inside = [p for p in game.mixed() if p.mix["a0"].max() < 1 - 1e-9]
    if 0 < column < 1 and 0 < row < 1:
        (only,) = inside
        assert only.mix["a0"][0] == pytest.approx(row)
        assert only.mix["a1"][0] == pytest.approx(column)
    else:
        assert inside == []


def test_dominated_choices_do_not_stand_in_the_way() -> None:
    """Twenty choices a side are too many supports, but nearly all are dominated."""
    rng = np.random.default_rng(63)
    first, second = rng.normal(size=(20, 20)), rng.normal(size=(20, 20))
    first[2:] -= 20.0
    second[:, 2:] -= 20.0
    game = Conflict.build(
        {"a": {"act": 20}, "b": {"act": 20}}, {"a": first, "b": second}
    ).one_shot()  # fmt: skip
    assert game.mixed().complete


def test_degenerate_games_say_so() -> None:
    game = Conflict.build(
        {"a": {"act": 2}, "b": {"act": 2}}, {"a": [[1, 1], [1, 0]], "b": [[1, 0], [1, 2]]}
    ).one_shot()
    found = game.mixed()
    assert found.degenerate
    assert found.component == (0, 0)
    assert "corners of 1 connected set" in str(found)
    assert all(profile.largest_regret <= 1e-8 for profile in found)


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 3, 2), (2, 2, 2, 2), (4,)])
@pytest.mark.parametrize("seed", range(5))
def test_logit_equilibria_are_fixed_points(seed: int, shape: tuple[int, ...]) -> None:
    game = random_game(seed, shape)
    precision = {a: 3.0 / game.span(a) * (1 + k) for k, a in enumerate(game.actors)}
    found = game.qre(precision)
    letters = "abcdef"[: len(shape)]
    for k, actor in enumerate(game.actors):
        others = [found.mix[a] for j, a in enumerate(game.actors) if j != k]
        terms = ",".join([letters, *(letters[j] for j in range(len(shape)) if j != k)])
        pays = np.einsum(f"{terms}->{letters[k]}", game.payoff[actor], *others)
        reply = np.exp(precision[actor] * (pays - pays.max()))
        assert np.abs(reply / reply.sum() - found.mix[actor]).max() < 1e-8
    assert found.residual < 1e-9
    for actor in game.actors:
        assert found.branch[actor][0] == pytest.approx(1.0 / len(game.choices[actor]))
    assert (np.abs(np.diff(found.shares)) < 0.6).all()


@pytest.mark.parametrize("seed", range(8))
def test_a_high_precision_ends_near_a_nash_equilibrium(seed: int) -> None:
    game = random_game(seed, (3, 3))
    found = game.qre({a: 1e4 / game.span(a) for a in game.actors})
    near = min(
        max(np.abs(p.mix[a] - found.mix[a]).max() for a in game.actors) for p in game.mixed()
    )
    assert near < 0.01
    # No logit reply gives up more than the logarithm of the number of choices over the precision.
    assert found.profile.largest_regret <= np.log(3) / 1e4 + 1e-9


def test_the_branch_turns_where_a_game_has_two_answers() -> None:
    """A stag hunt whose branch must leave the risky corner it first leans to."""
    game = Conflict.build(
        {"a": {"act": 2}, "b": {"act": 3}},
        {"a": [[0.0, 1.0, 1.0], [1.0, 0.0, 0.2]], "b": [[0.0, 1.0, 0.2], [1.2, 0.0, 0.3]]},
    ).one_shot()
    for precision in (1.0, 10.0, 100.0):
        assert game.qre(precision).residual < 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_a_symmetric_game_has_a_symmetric_branch(seed: int) -> None:
    rng = np.random.default_rng([seed, 65])
    pays = rng.normal(size=(3, 3))
    game = Conflict.build({"a": {"act": 3}, "b": {"act": 3}}, {"a": pays, "b": pays.T}).one_shot()
    mix = game.qre(4.0).mix
    assert mix["a"] == pytest.approx(mix["b"], abs=1e-8)


def test_units_and_constants_do_not_matter() -> None:
    one = random_game(66, (2, 3, 2))
    payoff = {a: 7.0 * one.payoff[a] - 1000.0 for a in one.actors}
    options = {a: {"act": n} for a, n in zip(one.actors, one.shape, strict=True)}
    other = Conflict.build(options, payoff).one_shot()
    a, b = one.qre(0.7), other.qre(0.1)
    for actor in one.actors:
        assert a.mix[actor] == pytest.approx(b.mix[actor], abs=1e-8)


def test_the_conflicts_own_precision_is_the_default() -> None:
    conflict = Conflict.build(
        {"a": {"act": 2}}, {"a": [0.0, 1.0]}, precision={"a": 2.0}
    )  # fmt: skip
    found = conflict.one_shot().qre()
    assert found.mix["a"][1] == pytest.approx(1.0 / (1.0 + np.exp(-2.0)))
    assert conflict.one_shot().qre(0.0).mix["a"].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "needs a level of rain"),
        ({"conditions": {"rain": 0, "snow": 1}}, "no condition 'snow'; use a condition: rain"),
        ({"conditions": {"rain": 5}}, "rain has no level 5"),
        ({"conditions": {"rain": 0}}, "1 infeasible states, such as us.offer 1, them.offer 1"),
        ({"conditions": {"rain": 1}}, "no choices lead to a feasible state at rain 1"),
        ({"conditions": {"rain": 0}, "costs": True}, "costs of change need a state"),
        ({"conditions": {"rain": 0}, "infeasible": "stay"}, "staying need a state"),
        ({"conditions": {"rain": 0}, "infeasible": "maybe"}, "use refuse, worst or stay"),
        ({"state": [1, 1, 0]}, "is infeasible"),
    ],
)
def test_what_is_no_game_is_refused(arguments: dict[str, object], message: str) -> None:
    feasible = np.ones((2, 2, 2), dtype=bool)
    feasible[1, 1, 0] = False
    feasible[..., 1] = False
    conflict = Conflict.build(
        {"us": {"offer": 2}, "them": {"offer": 2}},
        {"us": np.zeros((2, 2, 2)), "them": np.zeros((2, 2, 2))},
        feasible=feasible,
        conditions={"rain": {"levels": 2, "rate": np.zeros(2)}},
    )
    with pytest.raises(InputError, match=message):
        conflict.one_shot(**arguments)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda g: g.mixed(), "for two actors, not 3"),
        (lambda g: g.qre(-1.0), "precision of a0 is -1.0"),
        (lambda g: g.qre(float("nan")), "precision of a0"),
        (lambda g: g.qre("high"), "precision of a0 is 'high'"),
        (lambda g: g.qre({"us": 1.0}), "no actor 'us'"),
        (lambda g: g.profile({"a0": 0}), "what each of a0, a1, a2 chooses"),
        (lambda g: g.profile({"a0": 0, "a1": 2, "a2": 0}), "a1 has no choice 2"),
        (lambda g: g.profile({"a0": [1.0], "a1": 0, "a2": 0}), "a0 has 2 choices"),
        (lambda g: g.profile({"a0": [0.7, 0.7], "a1": 0, "a2": 0}), "sum to one"),
    ],
)
def test_wrong_questions_are_refused(ask, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(random_game(1, (2, 2, 2)))


def test_a_branch_that_is_lost_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.oneshot._quantal._MOST_POINTS", 3)
    with pytest.raises(AnalysisError, match="of the stated precision; lower the precision"):
        random_game(1, (3, 3)).qre(1e6)


def test_results_print_and_convert() -> None:
    game = random_game(2, (2, 3))
    for result in (game, game.pure(), game.mixed(), game.qre(1.0), game.qre(1.0).profile):
        assert "nan" not in str(result)
        json.dumps(result.to_dict(), allow_nan=False)
        assert len(result.to_pandas()) > 0
    assert "regret" in game.qre(1.0).to_dict()
