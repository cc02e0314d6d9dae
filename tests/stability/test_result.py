"""The result as an object: immutable, kept, printable; and conflicts of odd shapes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError
from detente.stability import CONCEPTS, Stability
from stability.oracle import Oracle, random_conflict


def large(bits=14):
    rng = np.random.default_rng(1)
    shape = (2,) * bits
    return Conflict.build(
        options={"a": {f"o{k}": 2 for k in range(bits - 2)}, "b": {"o": 2}, "c": {"o": 2}},
        rank={actor: rng.permutation(2**bits).reshape(shape) for actor in "abc"},
        moves={"a": {f"o{k}": ("any", "up", "down")[k % 3] for k in range(bits - 2)}},
    )


def test_arrays_are_kept_and_read_only():
    stability = Stability(random_conflict(3))
    for concept in CONCEPTS:
        stable = stability.stable(concept, "a")
        assert stable is stability.stable(concept, "a")
        assert stability.equilibria(concept) is stability.equilibria(concept)
        for array in (stable, stability.equilibria(concept)):
            assert array.dtype == bool
            assert not array.flags.writeable


def test_a_small_conflict_prints_all_concepts():
    stability = Stability(random_conflict(3))
    assert stability.concepts == CONCEPTS
    text = str(stability)
    assert all(concept in text for concept in CONCEPTS)
    assert max(map(len, text.splitlines())) < 120
    assert "conflict" in repr(stability).lower()


def test_a_large_conflict_prints_what_was_asked_for():
    stability = Stability(large())
    assert str(stability) == "Stability of 16,384 states; ask for equilibria by concept"
    stability.equilibria("seq")
    assert stability.concepts == ("seq",)
    assert "more" in str(stability)


def test_plain_values_agree_with_the_arrays():
    stability = Stability(random_conflict(3))
    plain = json.loads(json.dumps(stability.to_dict()))
    table = stability.to_pandas()
    assert len(table) == plain["states"] == stability.conflict.feasible.sum()
    for concept in CONCEPTS:
        assert plain["concepts"][concept]["equilibria"] == list(stability.states(concept))
        assert table[concept].sum() == stability.equilibria(concept).sum()


def test_what_does_not_exist_is_refused():
    stability = Stability(random_conflict(3))
    with pytest.raises(InputError, match="did you mean 'nash'"):
        stability.stable("nahs", "a")
    with pytest.raises(InputError, match="use a concept: nash, gmr"):
        stability.equilibria("zzz")
    with pytest.raises(InputError, match="no actor"):
        stability.stable("seq", "zzz")


def test_a_lone_actor_fears_nobody():
    conflict = Conflict.build({"a": {"x": 3}}, rank={"a": [0, 2, 1]})
    stability = Stability(conflict)
    for concept in CONCEPTS:
        assert stability.equilibria(concept).tolist() == [False, True, False]
    assert not stability.explain("a", [0], "sim").stable


def test_five_actors_agree_with_brute_force():
    rng = np.random.default_rng(5)
    for _ in range(10):
        conflict = Conflict.build(
            {actor: {"x": 2} for actor in "abcde"},
            rank={actor: rng.integers(6, size=(2,) * 5) for actor in "abcde"},
            feasible=rng.random((2,) * 5) < 0.8,
        )
        oracle, stability = Oracle(conflict), Stability(conflict)
        for concept in CONCEPTS:
            assert np.array_equal(stability.stable(concept, "c"), oracle.table(concept, "c"))


def test_long_lines_and_many_restricted_options():
    # Lines of 4,096 states in 4,096 / 3 classes and more; the plain definition on a sample.
    conflict = large()
    oracle, stability = Oracle(conflict), Stability(conflict)
    for state in oracle.states[:: len(oracle.states) // 25]:
        for concept in ("nash", "seq", "sseq"):
            for actor in ("b", "c"):
                expected = oracle.stable(concept, actor, state)
                assert stability.stable(concept, actor)[state] == expected


def test_lines_too_long_for_short_indices():
    shape = (2,) * 17
    rank = np.random.default_rng(0).permutation(2**17).reshape(shape)
    conflict = Conflict.build(
        {"a": {"x": 2}, "b": {f"y{k}": 2 for k in range(16)}},
        rank={"a": rank, "b": -(rank // 3)},
    )
    stable = Stability(conflict).stable("seq", "a").reshape(2, -1)
    a, b = (conflict.rank[actor].reshape(2, -1) for actor in "ab")
    for y in range(0, 2**16, 1_999):
        worst = a[1][b[1] > b[1, y]].min(initial=a[1, y])
        assert stable[0, y] == (a[1, y] <= a[0, y] or worst <= a[0, y])


def test_threads_agree():
    conflict = large(12)
    alone = Stability(conflict)
    jobs = [(concept, actor) for concept in CONCEPTS[:5] for actor in conflict.actors]
    with ThreadPoolExecutor(4) as pool:
        shared = Stability(conflict)
        found = list(pool.map(lambda job: shared.stable(*job), jobs))
    for job, stable in zip(jobs, found, strict=True):
        assert np.array_equal(stable, alone.stable(*job))
