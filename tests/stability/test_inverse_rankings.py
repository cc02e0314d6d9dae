"""The smallest change of rankings against every profile of rankings there is."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product
from math import prod

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError
from detente.stability import CONCEPTS, Stability, least_rank_change
from detente.stability._inverse import programme, rank_search
from stability.oracle import Oracle, random_conflict, random_moves


@cache
def weak_orders(count):
    """Every ranking with ties of so many states: ranks that leave out no number."""
    return [r for r in product(range(count), repeat=count) if set(r) == set(range(max(r) + 1))]


def distance(one, other):
    pairs = combinations(range(len(one)), 2)
    return sum(np.sign(one[x] - one[y]) != np.sign(other[x] - other[y]) for x, y in pairs)


def small(seed, shape, states):
    """Return a conflict with one option an actor and so many feasible states."""
    rng = np.random.default_rng(seed)
    feasible = np.zeros(shape, dtype=bool)
    feasible.flat[rng.choice(feasible.size, states, replace=False)] = True
    actors = "abc"[: len(shape)]
    return Conflict.build(
        {actor: {"o": n} for actor, n in zip(actors, shape, strict=True)},
        rank={actor: rng.integers(0, 6, size=shape) for actor in actors},
        feasible=feasible,
        moves={actor: {"o": random_moves(rng, n)} for actor, n in zip(actors, shape, strict=True)}
        if seed % 2
        else None,
    )


def fewest(conflict, concept, state, free):
    """Return the fewest changes over every profile of rankings of the free actors."""
    oracle = Oracle(conflict)
    choices = []
    for actor in conflict.actors:
        now = tuple(oracle.rank[actor][s] for s in oracle.states)
        others = weak_orders(len(now)) if actor in free else [now]
        choices.append(sorted((distance(now, new), new) for new in others))
    best = None
    for profile in product(*choices):
        total = sum(cost for cost, _ in profile)
        if best is not None and total >= best:
            continue
        for actor, (_, new) in zip(conflict.actors, profile, strict=True):
            oracle.rank[actor] = dict(zip(oracle.states, new, strict=True))
        oracle.improvements.cache_clear()
        oracle.reach.cache_clear()
        if all(oracle.stable(concept, actor, state) for actor in conflict.actors):
            best = total
    return best


def check(conflict, concept, wanted, expected, free=None):
    found = least_rank_change(conflict, wanted, concept, free)
    assert found.possible == (expected is not None)
    settings = prod(len(levels) for levels in conflict.conditions.values())
    if expected is not None:
        assert found.changes == found.at_least == expected == len(found.swaps)
        changed = found.apply()
        assert Stability(changed).equilibria(concept).flat[found.state]
        for actor in conflict.actors:
            states = conflict.feasible.copy()
            states.flat[np.arange(states.size) % settings != found.state % settings] = False
            old, new = conflict.rank[actor][states], changed.rank[actor][states]
            own = sum(swap.actor == actor for swap in found.swaps)
            assert distance(old.tolist(), new.tolist()) == own
    return found


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize(
    ("shape", "states", "count"),
    [((2, 2), 3, 12), ((2, 2), 4, 1), ((3, 2), 4, 1), ((2, 2, 2), 3, 4)],
)
def test_no_smaller_change_exists(concept, shape, states, count):
    for seed in range(count):
        conflict = small(seed + 10 * states, shape, states)
        state = tuple(map(int, np.argwhere(conflict.feasible)[seed % states]))
        check(conflict, concept, state, fewest(conflict, concept, state, conflict.actors))


@pytest.mark.parametrize("concept", CONCEPTS)
def test_no_smaller_change_of_some_actors_exists(concept):
    impossible = 0
    for seed in range(60):
        conflict = small(seed, (2, 2, 2), 4)
        state = tuple(map(int, np.argwhere(conflict.feasible)[seed % 4]))
        expected = fewest(conflict, concept, state, ("b",))
        impossible += expected is None
        check(conflict, concept, state, expected, ("b",))
    assert impossible


@pytest.mark.parametrize("concept", ["nash", "gmr", "smr"])
def test_a_formula_takes_the_cheapest_of_its_states(concept):
    for seed in range(40):
        conflict = random_conflict(seed)
        where = conflict.where("a.o0 == 0 or a.o0 == 1")
        states = np.flatnonzero(where).tolist()
        if states:
            costs = [least_rank_change(conflict, state, concept).changes for state in states]
            check(conflict, concept, "a.o0 == 0 or a.o0 == 1", min(costs))


def test_the_bound_of_a_lift_holds_for_one_actor_of_five_states():
    conflict = Conflict.build(
        {"a": {"o": 5}, "b": {"o": 2}},
        rank={"a": [[0, 9]] * 2 + [[1, 9], [1, 9], [3, 9]], "b": np.zeros((5, 2))},
        feasible=[[True, False]] * 5,
    )
    check(conflict, "nash", (0, 0), fewest(conflict, "nash", (0, 0), ("a",)), ("a",))
    assert least_rank_change(conflict, (0, 0)).changes == 4


def test_what_cannot_be_is_said():
    conflict = small(3, (2, 2), 4)
    nowhere = least_rank_change(conflict, "a.o == 0 and a.o == 1")
    assert not nowhere.possible
    assert "no feasible state" in str(nowhere)
    with pytest.raises(InputError, match="no change to apply"):
        nowhere.apply()
    with pytest.raises(InputError, match="no actor"):
        least_rank_change(conflict, (0, 0), actors=["z"])


def permuted(seed, shape):
    """Return a conflict of strict rankings, one option an actor."""
    rng = np.random.default_rng(seed)
    actors = "abc"[: len(shape)]
    return Conflict.build(
        {actor: {"o": n} for actor, n in zip(actors, shape, strict=True)},
        rank={actor: rng.permutation(int(np.prod(shape))).reshape(shape) for actor in actors},
    )


@pytest.mark.parametrize("concept", ["seq", "sseq", "sim"])
def test_what_the_programme_finds_are_rankings_that_do_it(concept):
    """More states than can be tried.

    Would catch: numbers that form no ranking or do not do it, a way left out that the least takes.
    """
    programmed = 0
    for seed, shape in product(range(4), [(4, 4), (2, 2, 3)]):
        conflict = permuted(seed, shape)
        lacking = np.flatnonzero(~conflict.stability().equilibria(concept))[:2].tolist()
        for state in lacking:
            found = least_rank_change(conflict, state, concept)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(rank_search, "_WAYS", 1000)
                assert least_rank_change(conflict, state, concept).changes == found.changes
            assert found.changes == found.at_least == len(found.swaps) > 0
            assert Stability(found.apply()).equilibria(concept).flat[state]
            programmed += found.among.size > 1
    assert programmed


@pytest.mark.parametrize("concept", ["seq", "sseq", "sim"])
def test_beyond_reach_a_change_that_does_it_and_a_bound_are_said(concept, monkeypatch):
    """Too much to write down, or no time: the bounds hold what the programme finds between them."""
    conflict = permuted(1, (4, 4))
    lacking = np.flatnonzero(~conflict.stability().equilibria(concept)).tolist()
    least = [least_rank_change(conflict, state, concept).changes for state in lacking]
    apart = 0
    for named, limit in ((4, 60.0), (500, 1e-9)):
        monkeypatch.setattr(programme, "MOST_NAMED", named)
        for state, exactly in zip(lacking, least, strict=True):
            found = least_rank_change(conflict, state, concept, time_limit=limit)
            assert found.at_least <= exactly <= found.changes
            assert Stability(found.apply()).equilibria(concept).flat[state]
            if found.at_least < found.changes:
                apart += 1
                assert f"; at least {found.at_least} must be, and fewer" in str(found)
                assert found.to_dict()["at_least"] == found.at_least
    assert apart
    stays = np.flatnonzero(~conflict.stability().stable("nash", "b"))
    stays = np.intersect1d(stays, np.flatnonzero(conflict.stability().stable("gmr", "b")))
    hard = int(np.intersect1d(stays, lacking)[0])
    if concept == "sim":
        with pytest.raises(AnalysisError, match="was not settled: it takes"):
            least_rank_change(conflict, hard, concept, ("a",), time_limit=1e-9)
    with pytest.raises(InputError, match="the time limit is 0 seconds"):
        least_rank_change(conflict, lacking[0], concept, time_limit=0)


@pytest.mark.parametrize("concept", ["seq", "sseq", "sim"])
def test_six_states_of_one_ranking_that_may_change(concept):
    """Every ranking of six states: would catch states put together that must be apart."""
    elsewhere = 0
    for seed in range(14, 30):
        conflict = small(seed, (3, 2), 6)
        state = tuple(map(int, np.argwhere(conflict.feasible)[seed % 6]))
        for free in "ab":
            expected = fewest(conflict, concept, state, (free,))
            found = check(conflict, concept, state, expected, (free,))
            elsewhere += any(found.state not in (s.first, s.second) for s in found.swaps)
    assert elsewhere


def random_options(bits, actors, seed):
    rng, shape = np.random.default_rng(seed), (2,) * bits
    own = {a: range(n, bits, actors) for n, a in enumerate("abc"[:actors])}
    options = {a: {f"o{k}": 2 for k in mine} for a, mine in own.items()}
    rank = {a: rng.integers(0, 1 << bits, shape) for a in options}
    return Conflict.build(options, rank=rank, feasible=rng.random(shape) < 0.9)


def test_thousands_of_states_are_settled_and_agree_with_each_other():
    """No brute force reaches here, but concepts imply each other, and a renaming changes nothing.

    Would catch: a bound above the least, pairs left out that a smaller change needs, blocks that
    are not undone, and a change that does not do it.
    """
    settled = 0
    for seed in range(2):
        conflict = random_options(11, 3, seed)
        holds = {c: conflict.stability().equilibria(c) for c in ("seq", "sim")}
        lacking = np.flatnonzero(conflict.feasible & ~holds["seq"] & ~holds["sim"])[:2].tolist()
        turned = Conflict.build(
            {a: {"o0": 2, **{f"p{k}": 2 for k in range(len(own) - 1)}}
             for a, own in (("c", "xxx"), ("a", "xxxx"), ("b", "xxxx"))},
            rank={a: np.moveaxis(r, (8, 9, 10), (0, 1, 2)) for a, r in conflict.rank.items()},
            feasible=np.moveaxis(conflict.feasible, (8, 9, 10), (0, 1, 2)),
        )  # fmt: skip
        for state in lacking:
            found = {c: least_rank_change(conflict, state, c, time_limit=2.0) for c in CONCEPTS}
            for concept, one in found.items():
                assert Stability(one.apply()).equilibria(concept).flat[state]
                assert one.changes == len(one.swaps)
            for weak, strong in (
                ("gmr", "seq"), ("seq", "sseq"), ("smr", "sseq"), ("sseq", "nash"), ("sim", "nash"),
            ):  # fmt: skip
                assert found[weak].at_least <= found[strong].changes
            where = np.unravel_index(state, conflict.shape)
            other = int(np.ravel_multi_index((*where[8:], *where[:8]), turned.shape))
            for concept in ("seq", "sim"):
                again = least_rank_change(turned, other, concept, time_limit=2.0)
                assert again.at_least <= found[concept].changes
                assert found[concept].at_least <= again.changes
                settled += found[concept].at_least == found[concept].changes > 0
    assert settled > 4


def test_many_states_have_bounds_at_once():
    big = Conflict.build(
        {"a": {"o": 300}, "b": {"o": 300}},
        rank={k: np.random.default_rng(3).permutation(90_000).reshape(300, 300) for k in "ab"},
    )
    state = int(np.flatnonzero(~big.stability().equilibria("seq"))[0])
    found = least_rank_change(big, state, "seq", time_limit=2.0)
    assert 0 < found.at_least <= found.changes
    assert found.apply().stability().equilibria("seq").flat[state]


@pytest.mark.parametrize("concept", CONCEPTS)
def test_conditions_that_nobody_controls_do_not_count(concept):
    """A conflict with a condition asks for what each of its settings asks for alone.

    Would catch: pairs of states that differ in a condition, or a search among all settings at once.
    """
    for seed in range(12):
        rng = np.random.default_rng(seed)
        rank = {actor: rng.integers(0, 6, size=(2, 2, 2)) for actor in "ab"}
        options = {actor: {"o": 2} for actor in "ab"}
        rain = {"rain": {"levels": 2, "rate": np.zeros((2, 2))}}
        both = Conflict.build(options, rank=rank, conditions=rain)
        for wet in range(2):
            alone = Conflict.build(options, rank={a: r[..., wet] for a, r in rank.items()})
            state = tuple(map(int, rng.integers(0, 2, size=2)))
            expected = least_rank_change(alone, state, concept)
            found = check(both, concept, (*state, wet), expected.changes)
            assert all(swap.first % 2 == swap.second % 2 == wet for swap in found.swaps)
